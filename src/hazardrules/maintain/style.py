"""The one style of a standards file: order of keys, indentation, short lists on one line, no needless quotes.

Comments stay with what they are about. Keys of the files' own making come in the order in which `models`
declares them (as standards/README.md lists them); names that authors give (facts, words, chapters) stay
in theirs. The result is read again and must hold the same data, else it is not used.
"""

from __future__ import annotations

import re
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel

from ..errors import Problem
from ..reading import ReadingError, read_yaml
from ..strict import plain
from ..texts import Text
from . import commented
from .commented import Block, Entry, Scalar

WIDTH = 120  # characters of a line up to which a list stands on one
_CONDITION = ("all", "any", "not", "some", "every", "at_least", "where")
_ALWAYS_BLOCK = ("all", "any")  # conditions: one a line, which is a line of the explanation
_MODELINE = re.compile(r"# yaml-language-server: ")
_PRINTABLE = re.compile(r"[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def styled(text: str, name: str, model: Any = None, modeline: str | None = None) -> str:
    """Return the standards file *text*, called *name*, in style.

    *model* is what the file holds (a model, or a mapping of names to one; None: the order of keys is left);
    *modeline* is the comment that tells editors its schema. Raises `ReadingError` for what cannot be read.
    """
    data = read_yaml(text, name).data
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    whole = commented.read(text)
    if model is not None:
        _arrange(whole.value, model)
    whole.above = [line for line in whole.above if not _MODELINE.match(line)]
    lines = [modeline] if modeline else []
    lines += _comments(whole.above, "", first=True)
    while lines and not lines[-1]:
        lines.pop()
    lines += _value_lines(whole, "")
    made = "\n".join(lines) + "\n"
    if read_yaml(made, name).data != data:  # never met; rather left as it is than a rule changed
        message = Text(
            "整理会改动内容，没有改它；请报告这个文件", "left as it is: its content would change; please report it"
        )
        raise ReadingError([Problem(name, message)])
    return made


# -------------------------------------------------------------------------------------- the order


def _arrange(value: Scalar | Block, model: Any) -> None:
    """Put the keys of *value* and all below it in the order of *model*."""
    if isinstance(value, Scalar):
        return
    if model is Any:
        _arrange_condition(value)
        return
    for part in _parts(model):
        if isinstance(part, type) and issubclass(part, BaseModel) and value.is_map:
            fields = _fields(part)
            _sort(value, fields)
            for entry in value.entries:
                _arrange(entry.value, fields.get(_name(entry)))
        elif get_origin(part) is (dict if value.is_map else list):
            for entry in value.entries:
                _arrange(entry.value, get_args(part)[-1])


def _arrange_condition(value: Scalar | Block) -> None:
    if isinstance(value, Block):
        if value.is_map:
            _sort(value, _CONDITION)
        for entry in value.entries:
            _arrange_condition(entry.value)


def _sort(block: Block, names: Any) -> None:
    """Put the entries whose keys are among *names* in that order; unknown ones come after, in theirs."""
    order = {name: n for n, name in enumerate(names)}
    block.entries.sort(key=lambda entry: order.get(_name(entry), len(order)))


def _name(entry: Entry) -> str:
    assert entry.key is not None
    return entry.key.text


def _parts(annotation: Any) -> tuple[Any, ...]:
    """Return the sides of a union, without None and without what only checks."""
    if get_origin(annotation) is not None and hasattr(annotation, "__metadata__"):
        return _parts(get_args(annotation)[0])
    if get_origin(annotation) in (dict, list) or isinstance(annotation, type):
        return (annotation,)
    return tuple(inner for part in get_args(annotation) if part is not NoneType for inner in _parts(part))


@cache
def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


# ------------------------------------------------------------------------------------ the writing


def _comments(lines: list[str], pad: str, *, first: bool = False) -> list[str]:
    """Return comment *lines* indented by *pad*: at most one blank line between them, none before the *first*."""
    made: list[str] = []
    for line in lines:
        if line:
            made.append(pad + line)
        elif (made and made[-1]) or (not made and not first):
            made.append("")
    return made


def _value_lines(entry: Entry, pad: str) -> list[str]:
    """Return the lines of a value that stands on lines of its own."""
    value = entry.value
    if isinstance(value, Scalar):
        return [_with_comment(_scalar(value, flow=False), entry)]
    if not value.entries:
        return [_with_comment("{}" if value.is_map else "[]", entry), *value.below]
    lines: list[str] = []
    for n, inner in enumerate(value.entries):
        lines += _map_entry(inner, pad, first=n == 0) if value.is_map else _item(inner, pad, first=n == 0)
    return lines + _comments(value.below, pad)


def _map_entry(entry: Entry, pad: str, *, first: bool) -> list[str]:
    assert entry.key is not None
    above = _comments(entry.above, pad, first=first)
    head = f"{pad}{_scalar(entry.key, flow=False)}:"
    if (one := _one_line(entry, len(head) + 1)) is not None:
        return [*above, _with_comment(f"{head} {one}" if one else head, entry)]
    if isinstance(entry.value, Scalar):
        return [*above, *_text_block(entry.value.text, head, pad, entry)]
    return [*above, _with_comment(head, entry), *_value_lines(entry, f"{pad}  ")]


def _item(entry: Entry, pad: str, *, first: bool) -> list[str]:
    above = list(entry.above)
    value = entry.value
    if isinstance(value, Block) and value.entries:  # a comment before the first key stands before the dash
        above += [line for line in value.entries[0].above if line]
        value.entries[0].above = []
    comments = _comments(above, pad, first=first)
    if (one := _one_line(entry, len(pad) + 2)) is not None:
        return [*comments, _with_comment(f"{pad}- {one}".rstrip(" "), entry)]
    if isinstance(value, Scalar):
        return [*comments, *_text_block(value.text, f"{pad}-", pad, entry)]
    inner = _value_lines(entry, f"{pad}  ")
    while not inner[0].strip(" ") or inner[0].lstrip(" ").startswith("#"):  # of a list in a list
        comments.append(pad + inner.pop(0).strip())
    return [*comments, f"{pad}- {inner[0][len(pad) + 2 :]}", *inner[1:]]


def _with_comment(line: str, entry: Entry) -> str:
    return f"{line}  {entry.beside}" if entry.beside else line


def _one_line(entry: Entry, column: int) -> str | None:
    """Return the value as it stands on the line of its key at *column*, None where it takes lines of its own."""
    value = entry.value
    if isinstance(value, Scalar):
        return None if _is_block_text(value.text) else _scalar(value, flow=False)
    if not value.entries:
        return "{}" if value.is_map else "[]"
    if value.is_map or value.below or (entry.key and entry.key.text in _ALWAYS_BLOCK):
        return None
    scalars = [inner.value for inner in value.entries if isinstance(inner.value, Scalar)]
    if len(scalars) < len(value.entries) or any(any(inner.above) or inner.beside for inner in value.entries):
        return None
    line = f"[{', '.join(_scalar(scalar, flow=True) for scalar in scalars)}]"
    return line if column + len(line) <= WIDTH else None


def _is_block_text(text: str) -> bool:
    """Return whether *text* is best written as lines under a `|`."""
    plain_end = not text.endswith("\n\n")
    return "\n" in text and plain_end and text[0] not in " \t\n" and _PRINTABLE.fullmatch(text) is not None


def _text_block(text: str, head: str, pad: str, entry: Entry) -> list[str]:
    """Return *text* as it stands under a `|`."""
    sign = "|" if text.endswith("\n") else "|-"
    lines = text.removesuffix("\n").split("\n")
    return [_with_comment(f"{head} {sign}", entry), *(f"{pad}  {line}" if line else "" for line in lines)]


def _scalar(scalar: Scalar, *, flow: bool) -> str:
    """Return *scalar* as written on one line: plain where that reads the same, else in quotes."""
    text = scalar.text
    if scalar.style == "" and not (flow and re.search(r"[,\[\]{}]", text)):
        return text or ("null" if flow else "")
    is_text = scalar.style == "" or (_is_text(text) and isinstance(plain(text), str))
    if text and is_text and _reads_plain(text, flow=flow):
        return text
    simple = _PRINTABLE.fullmatch(text) and "\n" not in text
    if simple and ("'" not in text or '"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return yaml.dump(text, default_style='"', allow_unicode=True, width=float("inf")).rstrip("\n")


_RESOLVER = yaml.resolver.Resolver()
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")  # of YAML 1.2


def _is_text(text: str) -> bool:
    """Return whether every reader of YAML, be it of 1.1 or 1.2, takes *text* without quotes for text."""
    found = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(found == "tag:yaml.org,2002:str" and text != "=" and not _NUMBER.fullmatch(text))


def _reads_plain(text: str, *, flow: bool) -> bool:
    """Return whether *text* without quotes is read as it is."""
    try:
        data = read_yaml(f"key: [{text}, x]\n" if flow else f"key: {text}\n", "").data
    except ReadingError:
        return False
    return bool(data == {"key": [text, "x"] if flow else text})
