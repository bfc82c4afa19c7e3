"""JSON with the same strictness and the same values as YAML; its problems name their path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .strict import MAX_DEPTH, Problems, Refused, empty, not_finite, number, shown, syntax, too_deep, unseen
from .texts import Text

_TWICE = Refused(Text("键重复；合并或删去一处", "a duplicate key; merge them or delete one"))
_NAMELESS = Refused(Text("键是空的；写出键名", "the key is empty; write a name"))


def build(text: str, name: str) -> Any:
    """Return the data of the JSON *text*; raises `ReadingError` with every problem, a syntax error alone."""
    problems = Problems(name)
    if not text.strip():
        problems.fail(empty())
    try:
        data = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        problems.fail(syntax(text, error.pos, error.msg), (error.lineno, error.colno))
    except RecursionError:
        problems.fail(too_deep())
    _check(data, problems)
    problems.check()
    if data is None:
        problems.fail(empty())
    return data


def quick(data: bytes) -> tuple[Any, int] | None:
    """Return the data of the JSON text *data* and the number of its keys, where it is surely sound.

    None where anything is unusual: `build` then tells what, or reads it. The values are those of
    `build`, but that a number with a point is a float, whose shortest text is the one written. A key
    that stands twice shows in that fewer keys come out than were counted.
    """
    if b"\\" in data or any(sign in data for sign in _HIDDEN_COLONS) or _LONG_NUMBER in data.translate(_DIGITS):
        return None  # escapes hide characters; the count needs each colon at its key; a float holds 15 digits
    if any(first in data for first in _UNSEEN_FIRST) and _UNSEEN_BYTES.search(data):
        return None
    import orjson  # what only a reader of JSON messages wants

    try:
        return orjson.loads(data), data.count(b'":')
    except orjson.JSONDecodeError:
        return None


#: bytes → 0 for what a number is written with, else a space
_DIGITS = bytes(ord("0" if chr(byte) in "0123456789." else " ") for byte in range(256))
_LONG_NUMBER = b"0" * 16
_HIDDEN_COLONS = (b" :", b"\n:", b"\t:", b"\r:")
#: `strict.unseen` in UTF-8, and what it begins with
_UNSEEN_BYTES = re.compile(
    rb"\x7f|\xc2[\x80-\x9f]|\xe2(?:\x80[\x8b\x8e\x8f\xa8-\xae]|\x81[\xa0-\xa9])|\xef(?:\xbb\xbf|\xbf[\xbe\xbf])"
)
_UNSEEN_FIRST = (b"\x7f", b"\xc2", b"\xe2", b"\xef")


def parses(text: str) -> bool:
    """Say whether *text* is meant as JSON: an object or list of sound syntax."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        _DECODER.decode(text)
    except json.JSONDecodeError:
        return False
    except RecursionError:  # sound so far
        return True
    return True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of *pairs*; a key that is empty or stands twice is marked as refused."""
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            data[key] = _TWICE
        elif key:
            data[key] = value
        else:
            data[key] = _NAMELESS
    return data


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=number, parse_float=number, parse_constant=not_finite)


def _check(data: Any, problems: Problems) -> None:
    """Note what was refused, at its path, and control characters written as escapes."""
    path: list[str | int] = []
    walks = [_parts([data])]  # a stack of our own: no recursion
    while walks:
        for step, value in walks[-1]:
            if type(value) is Refused:
                problems.add(_at([*path, step], value.why))
            for text in (step, value):
                if isinstance(text, str) and (found := unseen(text)):
                    problems.add(_at([*path, step], found[0][1]))
            if isinstance(value, dict | list):
                if len(walks) > MAX_DEPTH:
                    Problems(problems.name).fail(too_deep())
                path.append(step)
                walks.append(_parts(value))
                break
        else:
            walks.pop()
            del path[-1:]


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str | int, Any]]:
    return iter(value.items()) if isinstance(value, dict) else enumerate(value)


def _at(path: list[str | int], message: Text) -> Text:
    """Return *message* after *path*, whose first step is the whole, as in dust_system[0].power."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in path[1:])
    place = "".join(steps).removeprefix(".")
    return Text(f"{place}：{message.zh}", f"{place}: {message.en}") if place else message
