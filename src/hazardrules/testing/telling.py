"""What a broken law tells: in words, with the record that shows it, ready to be judged again."""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Iterator, Mapping
from typing import Any

from ..texts import Text

_PLAIN = re.compile(r"[^\W\d_][\w（）()／/+～-]*")  # what YAML reads as the text that it is
_LONG = 10_000  # bits
_WORDS = {"yes", "no", "true", "false", "null", "on", "off", "y", "n", "none"}


class BrokenLawError(AssertionError):
    """A law that does not hold: `message` says which in both languages, `record` is the record that shows it."""

    def __init__(self, message: Text, record: Any = None, more: str = "") -> None:
        self.message, self.record = message, record
        shown = "" if record is None else f"\n\n{as_yaml(record)}"
        super().__init__(f"{message.zh}\n{message.en}{shown}" + (f"\n\n{more}" if more else ""))


def shown(data: Any) -> str:
    """Return *data* as Python, where Python can write it."""
    try:
        return repr(data)
    except ValueError:  # a number of more than 4,300 digits
        return f"<{as_yaml(data)}>"


def as_yaml(record: Any) -> str:
    """Return *record* as YAML that reads back as the same facts; what a file cannot hold is written as Python."""
    try:
        return "\n".join(_lines(record)) if isinstance(record, Mapping) and record else _inline(record)
    except RecursionError:  # a list in itself
        return reprlib.repr(record)


def _lines(data: Mapping[Any, Any]) -> Iterator[str]:
    for key, value in data.items():
        name = _inline(key)
        if isinstance(value, Mapping) and value:
            yield f"{name}:"
            yield from (f"  {line}" for line in _lines(value))
        elif isinstance(value, list) and any(isinstance(item, Mapping) and item for item in value):
            yield f"{name}:"
            for item in value:
                lines = list(_lines(item)) if isinstance(item, Mapping) and item else [_inline(item)]
                yield from (f"{'    ' if n else '  - '}{line}" for n, line in enumerate(lines))
        else:
            yield f"{name}: {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_inline(key)}: {_inline(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, int) and value.bit_length() > _LONG:
        return hex(value)  # Python refuses to write so many decimal digits
    return "null" if value is None else str(value)
