"""`hazardrules fmt`: which files, in which style, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from ..files import shown
from ..places import adds, here, located, real
from ..reading import STANDARD_LIMIT, ReadingError, read_text
from ..texts import Text
from . import editors, schemas
from .style import styled
from .writing import write_whole

Echo = Callable[[str], None]


def fmt(paths: Sequence[str], check: bool, lang: str, echo: Echo) -> int:
    """Put the files at *paths* in style, or with *check* only name those that are not.

    Prints each file concerned and returns the exit code: 1 where *check* finds one, 2 where a file
    cannot be read (the others are still done). Raises `HazardRulesError` for a path that is none.
    """
    done, changed, unread = 0, 0, 0
    for file, root in _files(paths):
        name = shown(file)
        try:
            text = read_text(file, STANDARD_LIMIT)
            made = in_style(text, name, file.relative_to(root), addition=adds(root))
        except ReadingError as error:
            unread += 1
            echo(error.say(lang))
            continue
        done += 1
        if file.read_bytes() == made.encode():
            continue
        changed += 1
        if check:
            echo(
                Text(f"{name}：写法不合，用 hazardrules fmt 整理", f"{name}: not in style; run hazardrules fmt").say(
                    lang
                )
            )
        else:
            write_whole(file, made)
            echo(Text(f"{name}：已整理", f"{name}: formatted").say(lang))
    told = Text(f"{done} 个文件，{changed} 个不合写法", f"{done} files, {changed} not in style")
    if not check:
        told = Text(f"{done} 个文件，整理了 {changed} 个", f"{done} files, {changed} formatted")
    echo(told.say(lang))
    return 2 if unread else int(check and changed > 0)


def in_style(text: str, name: str, path: PurePath, *, addition: bool) -> str:
    """Return the *text* of the file *name* at *path* of a standards folder in style, with its editors' line.

    *addition*: the folder adds to the shipped standards. Raises `ReadingError`.
    """
    sort = schemas.sort_of(path, adds=addition)
    if sort is None:
        return text
    return styled(text, name, schemas.SORTS[sort], modeline(path, sort))


def modeline(path: PurePath, sort: str) -> str:
    """Return the comment by which an editor finds the schema of the file at *path* of a standards folder."""
    up = "../" * (len(path.parts) - 1)
    return f"# yaml-language-server: $schema={up}{editors.PLACE}/{sort}.json"


def _files(paths: Sequence[str]) -> Iterator[tuple[Path, Path]]:
    """Yield the standards files at *paths* (none: of the working folder), each once, with its root."""
    seen: set[Path] = set()
    for name in paths or [here()]:
        path, root = located(name)
        found = [path] if path.is_file() else sorted((*path.rglob("*.yaml"), *path.rglob("*.yml")))
        for file in map(real, found):
            if file not in seen and schemas.sort_of(file.relative_to(root)):
                seen.add(file)
                yield file, root
