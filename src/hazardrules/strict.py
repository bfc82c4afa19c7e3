"""What `reading` is strict about, for YAML and JSON alike: problems, their places, and scalars.

A scalar is null, a boolean, an int, an exact Decimal, or text; numbers are bounded. Nothing else is
guessed: dates, 12:30, 010 and yes stay text.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Any, NamedTuple, NoReturn

from .errors import HazardRulesError, Problem
from .texts import SYNTAX, Text

MAX_DEPTH, MAX_DIGITS, MAX_PROBLEMS = 64, 18, 50

Place = tuple[int, int]  # line and column, from 1
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NUMBER_START = frozenset("+-.0123456789")
_NO_TRAPS = Context(traps=[])
# Controls, lone surrogates, line breaks only YAML sees, and marks that make equal words unequal.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_FULL_WIDTH = re.compile(
    r"^[ \t-]*[^:\n]{0,40}\uff1a|:[ \t]*[\u3000\u201c\u2018]|[\uff3b\uff3d\uff5b\uff5d]", re.MULTILINE
)
_OUT_OF_RANGE = Text(
    "数{}超出范围：最多 18 位有效数字，指数在 ±18 以内；若是编号，加引号",
    "the number {} is out of range: at most 18 significant digits, exponent within ±18; if it is a name, quote it",
)
_NOT_FINITE = Text(
    "{}不是有限的数；写出数值，不知道就不写，若是文字则加引号",
    "{} is not a finite number; state the number, leave it out if unknown, quote it if it is text",
)


class ReadingError(HazardRulesError):
    """Text that cannot be read; `problems` holds each problem with its place."""


class Refused(NamedTuple):
    """Stands for a value that is refused, until its place is known."""

    template: Text
    text: str = ""

    @property
    def why(self) -> Text:
        """The message, made only when it is shown: a bad file may hold millions."""
        return Text(*(words.format(near(self.text)) for words in self.template))


class Problems:
    """Collects the problems of the text *name*; gives up when there are too many."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Problem] = []

    def add(self, message: Text, place: Place | None = None) -> None:
        """Note a problem; raises `ReadingError` at the fiftieth."""
        where = f"{self.name}:{place[0]}:{place[1]}" if place else self.name
        self.found.append(Problem(where, message))
        if len(self.found) == MAX_PROBLEMS:
            self.fail(
                Text("问题太多，以下不再列出；改好后再读", "too many problems, no more are listed; mend these first")
            )

    def check(self) -> None:
        """Raise `ReadingError` with what was noted, if anything was."""
        if self.found:
            raise ReadingError(self.found)

    def fail(self, message: Text, place: Place | None = None) -> NoReturn:
        """Raise `ReadingError` with what was noted and this."""
        where = f"{self.name}:{place[0]}:{place[1]}" if place else self.name
        raise ReadingError([*self.found, Problem(where, message)])


def place_of(text: str, index: int) -> Place:
    """Return line and column of the character at *index*."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def near(text: str, index: int = 0) -> str:
    """Return the rest of the line at *index*, quoted and cut, to be shown in a message."""
    line = text[index : index + 100].split("\n", 1)[0].strip()
    return f"“{line[:30]}…”" if len(line) > 30 else f"“{line}”"


def shown(text: str) -> str:
    """Return *text* with control characters made visible."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def syntax(text: str, index: int, problem: str, context: str = "") -> Text:
    """Say what a parser found wrong at *index*, what stands there and, in Chinese, what to do."""
    rest = text[index:]
    if rest.strip() == "":
        zh, en = "文件末尾", "the end of the file"
    elif rest.split("\n", 1)[0].strip() == "":
        zh, en = "行尾", "the end of the line"
    else:
        zh = en = near(text, index)
    zh, en = f"语法错误，{zh}：{SYNTAX.get(problem, '写法有误')}", f"syntax error near {en}: {context}{problem}"
    start = max(text.rfind("\n", 0, index), 0)
    start = max(text.rfind("\n", 0, start), 0)
    if match := _FULL_WIDTH.search(text, start, text.find("\n", index) + 1 or len(text)):
        zh = f"{zh}；附近有全角的“{match[0][-1]}”，冒号、引号、括号、空格要用半角"
        en = f"{en}; a full-width “{match[0][-1]}” is near: colons, quotes, brackets and spaces are half-width"
    return Text(zh, en)


def unseen(text: str) -> list[tuple[int, Text]]:
    """Return index and message of the first control characters in *text*."""
    return [
        (
            match.start(),
            Text(
                f"有看不见的控制字符 U+{ord(match[0]):04X}；删去它",
                f"an invisible control character U+{ord(match[0]):04X}; delete it",
            ),
        )
        for match, _ in zip(_UNSEEN.finditer(text), range(MAX_PROBLEMS), strict=False)
    ]


# ------------------------------------------------------------------------------------ scalars


def not_finite(text: str) -> Refused:
    """Refuse a NaN or an infinity."""
    return Refused(_NOT_FINITE, text)


#: what unquoted words mean: YAML 1.2's null and booleans, and what is refused as no number
_WORDS: dict[str, bool | Refused | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{word: not_finite(word) for word in (".nan", ".NaN", ".NAN", "NaN")},
    **{
        sign + word: not_finite(sign + word) for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF", "Infinity")
    },
}


def plain(text: str) -> Any:
    """Return what unquoted text means in YAML 1.2: null, a boolean, a number, else itself."""
    if text in _WORDS:
        return _WORDS[text]
    return number(text) if text[0] in _NUMBER_START and _NUMBER.fullmatch(text) else text


def number(text: str) -> int | Decimal | Refused:
    """Return the number *text* exactly, or refuse one longer or larger than a fact can be."""
    if len(text) < MAX_DIGITS:  # too short to be out of range, but for an exponent
        if text.isdigit():
            return int(text)
        if "." in text and "e" not in text and "E" not in text:
            return Decimal(text)
    value = Decimal(text if len(text) <= 64 else "NaN", _NO_TRAPS)
    _, digits, exponent = value.as_tuple()
    if isinstance(exponent, str) or len(digits) > MAX_DIGITS or exponent < -18 or value.adjusted() > 18:
        return Refused(_OUT_OF_RANGE, text)
    return value if {".", "e", "E"} & set(text) else int(text)


def empty() -> Text:
    """Say that nothing was written."""
    return Text("文件是空的；至少要写一个“键: 值”", "the file is empty; at least one “key: value” is wanted")


def too_deep() -> Text:
    """Say that the nesting is deeper than any data of ours."""
    return Text(
        f"嵌套超过 {MAX_DEPTH} 层；检查括号和缩进",
        f"nested over {MAX_DEPTH} levels deep; check brackets and indentation",
    )
