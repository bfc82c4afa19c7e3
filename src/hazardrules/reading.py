"""The one strict way by which text enters: standards and inspection records, as YAML or JSON.

Nothing is guessed and nothing is lost in silence (see `strict` and `strict_yaml`); size, depth and
numbers have limits, and all problems of a file come at once, each with its place.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from . import strict_json
from .errors import Problem
from .strict import Place, Problems, ReadingError, place_of, unseen
from .texts import Text

__all__ = ["Problem", "ReadingError", "Source", "read_file", "read_json", "read_message", "read_text", "read_yaml"]

RECORD_LIMIT, STANDARD_LIMIT = 20_000_000, 2_000_000  # bytes
_SIGNATURES = {b"PK\x03\x04": "Excel/Word/zip", b"\xd0\xcf\x11\xe0": "Excel/Word 97-2003", b"%PDF": "PDF"}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Data as read from *name*, and where in the text each part of it stands."""

    data: Any
    name: str
    #: libyaml's marks, [mark of the whole]; a container's is (mark, marks of its parts), a mapping's
    #: parts being key, value, key, value … in the order of the data. Empty for JSON.
    marks: Sequence[Any] = field(default=(), repr=False)

    def place(self, path: Iterable[str | int] = (), *, key: bool = False) -> Place | None:
        """Return line and column (from 1) of what is at *path*, or of its nearest known ancestor.

        A scalar's place is its own; that of a mapping or list under a key, and with *key* that of
        any value under a key, is the key's. None when the text has no marks (JSON).
        """
        if not self.marks:
            return None
        data, spot, label = self.data, self.marks[0], None
        for step in path:
            if isinstance(data, dict) and step in data:
                at = 2 * list(data).index(step)
                label, spot = spot[1][at], spot[1][at + 1]
            elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
                label, spot = None, spot[1][step]
            else:
                break
            data = data[step]
        inside = isinstance(spot, tuple)
        mark = label if label and (key or inside) else spot[0] if inside else spot
        return mark.line + 1, mark.column + 1

    def where(self, path: Iterable[str | int] = (), *, key: bool = False) -> str:
        """Return "file:line:column" of `place`, or the name alone when there is none."""
        place = self.place(path, key=key)
        return f"{self.name}:{place[0]}:{place[1]}" if place else self.name


def read_file(path: Path | str, limit: int = RECORD_LIMIT) -> Source:
    """Return the data of the file *path* ("-": standard input) of at most *limit* bytes.

    A name in `.json` is JSON, anything else YAML; standard input is JSON if it parses as JSON.
    Raises `ReadingError` with every problem.
    """
    text, name = read_text(path, limit), _shown(path)
    is_json = strict_json.parses(text) if str(path) == "-" else name.lower().endswith(".json")
    return read_json(text, name) if is_json else read_yaml(text, name)


def read_text(path: Path | str, limit: int = RECORD_LIMIT) -> str:
    """Return the UTF-8 text of the file *path* ("-": standard input), its line ends as line feeds.

    Raises `ReadingError` when it cannot be read, has over *limit* bytes, is in another encoding or
    holds control characters.
    """
    problems = Problems(_shown(path))
    data = _bytes(path, limit, problems)
    return _clean(_decoded(data, problems), problems)


def read_yaml(text: str, name: str) -> Source:
    """Return the data of the YAML *text* called *name*, with the place of each part.

    Mappings are dicts with text as keys, sequences lists, scalars None, bool, int, Decimal or str.
    Raises `ReadingError` with every problem; a syntax error alone.
    """
    from . import strict_yaml  # PyYAML, which only a reader of YAML wants

    data, marks = strict_yaml.build(_clean(text, Problems(name)), name)
    return Source(data, name, marks)


def read_json(text: str, name: str) -> Source:
    """Return the data of the JSON *text* called *name*: the same values as of YAML, without places.

    Raises `ReadingError` with every problem (each names its path); a syntax error alone.
    """
    return Source(strict_json.build(_clean(text, Problems(name)), name), name)


def read_message(data: bytes, limit: int = RECORD_LIMIT) -> Source:
    """Return the data of JSON that came as a message and not as a file. Raises `ReadingError` as `read_json`."""
    name = "<JSON>"
    if len(data) > limit:
        Problems(name).fail(_too_large(limit))
    return read_json(_decoded(data, Problems(name)), name)


# ------------------------------------------------------------------------------------ files


def _bytes(path: Path | str, limit: int, problems: Problems) -> bytes:
    size, data = 0, b""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            info = Path(path).stat()
            size = info.st_size
            if S_ISDIR(info.st_mode):  # opening it, Windows would speak of permission
                problems.fail(Text("这是文件夹；写出其中的文件名", "this is a folder; name a file in it"))
            if size <= limit:
                with Path(path).open("rb") as file:
                    data = file.read(limit + 1)  # a pipe or a growing file has no true size
    except FileNotFoundError:
        problems.fail(Text("没有这个文件；检查路径", "there is no such file; check the path"))
    except PermissionError:
        problems.fail(
            Text(
                "没有权限读这个文件；改权限或换一个文件",
                "not permitted to read it; change its mode or name another file",
            )
        )
    except (OSError, ValueError) as error:
        problems.fail(Text(f"读不了这个文件（{error}）", f"cannot be read ({error})"))
    if max(size, len(data)) > limit:
        problems.fail(_too_large(limit))
    return data


def _decoded(data: bytes, problems: Problems) -> str:
    """Return *data* as text, or fail saying what it is instead."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        problems.fail(_encoding(data), place_of(before, len(before)))
    if "\0" in text:
        problems.fail(_encoding(data), place_of(text, text.index("\0")))
    return text


def _too_large(limit: int) -> Text:
    return Text(f"文件超过 {limit / 1e6:g} MB；拆成几个文件", f"over {limit / 1e6:g} MB; split it into several files")


def _encoding(data: bytes) -> Text:
    """Say what *data*, which is no UTF-8 text, is likely to be."""
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return Text(
                f"这是 {kind} 文件，不是文字；要的是 YAML 或 JSON", f"a {kind} file, not text; YAML or JSON is wanted"
            )
    return not_utf8(data)


def not_utf8(data: bytes) -> Text:
    """Say in what encoding *data*, which is no UTF-8 text, is likely to be, and what to do."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:1000].count(0) * 20 > len(data[:1000]):
        return Text("不是 UTF-8 编码，像是 UTF-16；另存为 UTF-8", "not UTF-8, it looks like UTF-16; save it as UTF-8")
    if b"\0" in data:
        return Text("有 NUL 字符 U+0000，不是文字文件；删去它", "a NUL character U+0000: no text file; delete it")
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return Text("不是 UTF-8 编码；另存为 UTF-8", "not UTF-8; save it as UTF-8")
    return Text("不是 UTF-8 编码，像是 GBK；另存为 UTF-8", "not UTF-8, it looks like GBK; save it as UTF-8")


def _clean(text: str, problems: Problems) -> str:
    """Return *text* without byte order mark and with line feeds only; refuse control characters."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for index, message in unseen(text):
        problems.add(message, place_of(text, index))
    problems.check()
    return text


def _shown(path: Path | str) -> str:
    name = str(path).encode("utf-8", "replace").decode()  # a name that is not UTF-8 can still be shown
    return "<stdin>" if name == "-" else name
