"""The same record, written otherwise: in another order, in other words, other units, other forms of a date."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from .. import dates, units
from ..facts import ENTERPRISE, INSPECTION, FactSpec, Vocabulary
from .pools import Pick
from .slots import Data

_SEEDS = 1 << 16
_OFTEN = 0.5
_NOW_AND_THEN = (False, False, False, True)
_JUDGED = {"by": "张工", "at": "2026-03-01", "evidence": "照片"}
_UNKNOWN = (None, "不清楚", "unknown", "?", "", {"value": None, "by": "张工"})
_ALIASES = {"m": "米", "cm": "厘米", "t": "吨", "m3": "m³", "℃": "°C", "%": "％", "kg": "公斤"}


def subjects_in(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[tuple[str, str, Data]]:
    """Yield (path, kind, facts) of every subject in the raw *record*; what it holds may be changed."""
    for kind in (INSPECTION, ENTERPRISE):
        if kind in record:
            yield from _below(kind, kind, record[kind], vocabulary)
    for kind in vocabulary.top:
        if kind in record:
            yield from _inside(kind, kind, record[kind], vocabulary)


def _below(path: str, kind: str, facts: Data, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Data]]:
    yield path, kind, facts
    for spec in vocabulary.kinds[kind].lists:
        if spec.id in facts:
            assert spec.of is not None
            yield from _inside(f"{path}.{spec.id}", spec.of, facts[spec.id], vocabulary)


def _inside(path: str, kind: str, table: Any, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Data]]:
    items = table["seen"] if isinstance(table, dict) else table
    for n, facts in enumerate(items or ()):
        name = facts.get("id")
        yield from _below(f"{path}[{n if name is None else name}]", kind, facts, vocabulary)


def reordered(data: Any, pick: Pick) -> Any:
    """Return the raw record *data* with its facts, its named subjects and its chosen words in another order."""
    return _reordered(data, pick(range(_SEEDS)))


def _reordered(data: Any, seed: int) -> Any:
    if isinstance(data, dict):
        return {key: _reordered(data[key], seed) for key in sorted(data, key=lambda key: _chance(seed, key).random())}
    if isinstance(data, list):
        if not any(isinstance(item, dict) and item.get("id") is None for item in data):  # told by their place
            data = sorted(data, key=lambda item: _chance(seed, _name(item)).random())
        return [_reordered(item, seed) for item in data]
    return data


def _name(item: Any) -> Any:
    return item["id"] if isinstance(item, dict) else item


def _chance(seed: int, *what: Any) -> random.Random:
    """Return chances of its own for each thing: what is chosen for one changes nothing for another."""
    return random.Random(f"{seed} {what}")  # noqa: S311 - nothing is secret


def respelled(record: Mapping[str, Any], vocabulary: Vocabulary, pick: Pick) -> Data:
    """Return *record* with facts written in other ways that mean the same, and perhaps some gaps named as such."""
    changed = copy.deepcopy(dict(record))
    seed, tells_who, names_gaps = pick(range(_SEEDS)), pick(_NOW_AND_THEN), pick(_NOW_AND_THEN)
    for _, kind, facts in list(subjects_in(changed, vocabulary)):
        for spec in vocabulary.kinds[kind].facts.values():
            chance = _chance(seed, kind, spec.id)
            if spec.type == "list":
                continue
            if spec.id in facts:
                value = chance.choice(spellings(spec, facts[spec.id]))
                facts[spec.id] = {"value": value, **_JUDGED} if tells_who and chance.random() < _OFTEN else value
            elif names_gaps and chance.random() < _OFTEN:
                facts[spec.id] = chance.choice(_UNKNOWN)
    return changed


def spellings(spec: FactSpec, value: Any) -> list[Any]:
    """Return ways to write the recorded *value* of *spec*, itself first."""
    match spec.type:
        case "yes_no":
            return [True, "是", "yes", " 有", "True"] if value else [False, "否", "no", "没有", "FALSE"]
        case "choices":
            labels = [spec.values[word] or word for word in value]
            none = [] if value or "没有" in spec.values else ["没有", "无"]
            return [value, tuple(value), frozenset(value), value[::-1], labels, *none]
        case "number":
            return _numbers(spec, value)
        case "date" | "time":
            return _moments(spec, value)
        case "text":
            return [value]
    label = spec.values[value] or value
    return [value, f" {value} ", label, label.upper(), label.replace(" ", "_")]


def _numbers(spec: FactSpec, value: Any) -> list[Any]:
    if isinstance(value, str):  # a gradient as 1:3, or a number that its own unit cannot say
        return [value, f" {value}", value.replace(":", "：")]
    number = Decimal(value)
    found = [value, str(value), f" {value} ", f"{number:e}", number]
    if Decimal(repr(float(number))) == number:
        found.append(float(number))
    if spec.unit:
        base, kind = units.to_base(number, spec.unit), units.kind_of(spec.unit)
        others = [units.from_base(base, unit) for unit in units.KINDS[kind]]
        found += [text for text in others if "/" not in text.partition(" ")[0]]
        found += [f"{value}{_ALIASES.get(spec.unit, spec.unit)}", f"{number:e} {spec.unit}"]
    return found


def _moments(spec: FactSpec, value: str) -> list[Any]:
    if value == dates.NEVER_WORDS[0]:
        return [value, " never", "NEVER"]
    if spec.type == "date":
        day = date.fromisoformat(value)
        return [value, day, f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}"]
    moment = datetime.fromisoformat(value)
    there = moment.replace(tzinfo=dates.SHANGHAI)
    return [value, moment, there, there.astimezone(UTC), value.replace(" ", "T"), f"{moment:%Y年%m月%d日 %H：%M}"]
