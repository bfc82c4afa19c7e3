"""Files that look as if they held standards and that nothing reads: what they say is missing in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...files import shown
from ...files.additions import ADDITIONS
from ...places import CORPUS
from ...reading import Source
from ...texts import Text
from .book import Book, Check, Finding, Spot

_ENDINGS = (".yaml", ".yml")
_FOLDERS = ("facts", ADDITIONS, "lists", "tables", "lifecycle", "published")
_AT_THE_TOP = (("industries.yaml",), (CORPUS,))
_KEYS = re.compile(r"^(?:clause|facts|editions|number):", re.MULTILINE)  # by which one of ours is known


def strays(book: Book) -> Iterator[Finding]:
    """Yield the files with YAML in their name that lie, or are named, so that they are not read."""
    root = Path(str(book.folder.root))
    for file in sorted(root.rglob("*")):
        place = file.relative_to(root).parts
        aside = any(part.startswith((".", "_")) for part in place[:-1]) or place[-1].startswith(".")
        if aside or not any(ending in file.name.lower() for ending in _ENDINGS) or not file.is_file():
            continue
        if why := _why(file, place):
            zh, en = (
                f"这个文件没有读，里面的内容不起作用：{why.zh}",
                f"this file is not read, what it says is lost: {why.en}",
            )
            yield Finding(Spot(Source(None, shown(file))), Text(zh, en))


def _why(file: Path, place: tuple[str, ...]) -> Text | None:
    """Return why *file*, at *place* in the standards folder, is not read though it should be; None where all is well.

    At the top and in folders that hold no standards, what else a project keeps there is left alone.
    """
    if place in _AT_THE_TOP or (
        len(place) == 1 and not _KEYS.search(file.read_text(encoding="utf-8", errors="replace"))
    ):
        return None
    home = file.parents[len(place) - 2] if len(place) > 1 else None
    if home is not None and home.name not in _FOLDERS and not (home / "standard.yaml").is_file():
        return None
    if not file.name.endswith(_ENDINGS):
        return Text("只读名字以 .yaml 结尾的文件；改名", "only files named .yaml are read; rename it")
    if len(place) > 2:
        return Text("文件夹里面的文件夹不读；移到上一级", "folders inside folders are not read; move it up")
    if home is None:
        return Text("条款、事实、词表不放在最上一层；移到它的文件夹里", "move it into the folder that it belongs to")
    return None


CHECKS = (Check("stray-file", Text("没有读到的文件", "a file that nothing reads"), strays),)
