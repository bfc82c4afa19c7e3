"""A rulebook as plain data and back: what the cache keeps.

Data only: lists, text and numbers that JSON can hold; each object is a list that begins with the
mark of its type. What only the maintainers of standards need, the cases and the places in files,
stays with the files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from .expr import Call, Const, Each, Fact
from .facts import Definition, FactSpec, Kind, Table, Vocabulary
from .rules import (
    Chapter,
    Clause,
    Exclusion,
    Industry,
    InForce,
    Level,
    Reading,
    Rule,
    Rulebook,
    Standard,
    WordEdition,
    WordList,
    Yield,
)
from .texts import Text

_CLASSES: tuple[type[Any], ...] = (
    Rulebook, Vocabulary, Kind, FactSpec, Definition, Table, Standard, Chapter, Clause, Rule, Exclusion, Reading, Yield,
    InForce, WordList, WordEdition, Industry, Fact, Const, Call, Each, Text,
)  # fmt: skip
_LEFT_OUT = {"where", "path", "cases"}  # of clauses, rules, kinds and facts: the maintainers' business
_LEFT_IN = {(Each, "where"), (Reading, "where")}  # a condition, not a place
_MARKS = {kind: kind.__name__ for kind in _CLASSES}


def _kept(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields of *kind* that are kept, in order."""
    names = kind._fields if kind is Text else tuple(field.name for field in fields(kind))
    return tuple(name for name in names if name not in _LEFT_OUT or (kind, name) in _LEFT_IN)


_FIELDS = {kind: _kept(kind) for kind in _CLASSES}


def to_data(value: Any) -> Any:
    """Return *value*, a `Rulebook` or a part of one, as data for JSON. Raises `TypeError` for what it does not know."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if mark := _MARKS.get(type(value)):
        return [mark, *(to_data(getattr(value, name)) for name in _FIELDS[type(value)])]
    match value:
        case Level():
            return ["level", value.value]
        case tuple():
            return ["tuple", *map(to_data, value)]
        case frozenset():
            return ["set", *sorted(map(to_data, value))]
        case Mapping():
            return ["map", *(part for key, inner in value.items() for part in (to_data(key), to_data(inner)))]
        case Decimal():
            return ["number", str(value)]
        case Fraction():
            return ["ratio", str(value)]
        case datetime():
            return ["time", value.isoformat()]
        case date():
            return ["date", value.isoformat()]
    raise TypeError(f"no data for {type(value).__name__}")


def from_data(data: Any) -> Any:
    """Return what `to_data` was given. Raises `KeyError` where *data* is nothing of ours."""
    if type(data) is not list:
        return data
    return _BUILDERS[data[0]](data)


def _builder(kind: type[Any]) -> Callable[[list[Any]], Any]:
    names = _FIELDS[kind]
    if len(names) == len(fields(kind) if kind is not Text else names):  # nothing left out: by place

        def by_place(data: list[Any]) -> Any:
            return kind(*[part if type(part) is not list else _BUILDERS[part[0]](part) for part in data[1:]])

        return by_place

    def by_name(data: list[Any]) -> Any:
        return kind(**dict(zip(names, map(from_data, data[1:]), strict=True)))

    return by_name


def _mapping(data: list[Any]) -> Mapping[Any, Any]:
    parts = [from_data(part) for part in data[1:]]
    return MappingProxyType(dict(zip(parts[::2], parts[1::2], strict=True)))


_BUILDERS: dict[str, Callable[[list[Any]], Any]] = {
    **{kind.__name__: _builder(kind) for kind in _CLASSES},
    "level": lambda data: Level(data[1]),
    "tuple": lambda data: tuple([part if type(part) is not list else from_data(part) for part in data[1:]]),
    "set": lambda data: frozenset(map(from_data, data[1:])),
    "map": _mapping,
    "number": lambda data: Decimal(data[1]),
    "ratio": lambda data: Fraction(data[1]),
    "time": lambda data: datetime.fromisoformat(data[1]),
    "date": lambda data: date.fromisoformat(data[1]),
}
