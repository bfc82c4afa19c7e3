"""Records as nobody should write them: wrong types, wrong words, odd units, duplicates, hostile text.

Each is a sound record with one to three things spoiled, so that the checks behind the first are met too.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..facts import FactSpec, Vocabulary
from .otherwise import subjects_in
from .pools import Pick
from .slots import Data

_ENDLESS: list[Any] = []
_ENDLESS.append(_ENDLESS)


def _nested(depth: int) -> Any:
    made: Any = []
    for _ in range(depth):
        made = [made]
    return made


#: text that something on its way may take for more than text
TEXTS = (
    "", " ", "　", "\x00", "a\nb", "\t", "\u202e\u0627", "\u200b正常", "\ud800", "\ufeff是", "正常。", "'; drop --",
    "<script>", "{0}", "%s", "${x}", "../..", "a.b[c]", "[1]", "=1+1", "null", "~", "!!python/object", "&a", "*a", "#",
    "是否", "Yes!", "不是", "x" * 10_001, "9" * 5_000, "¾", "٣",
)  # fmt: skip
_NUMBERS = (
    -1, 0, 10**30, 10**5_000, -0.0, 1e308, float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"),
    Decimal("-Infinity"), Decimal("1E+999999"), Decimal("0." + "1" * 30), True, "1e999999999", "1,5", "1，5", "1 000",
    "3 ft", "3 m m", "3 m²/s", "1:0", "1:", ":1", "1:1:1", "５ m", "-5 m", "5m5", "0x10", "1_000", "１：３",
    "5 %%", "> 5", "5..6", "约5",
)  # fmt: skip
_MOMENTS = (
    "2026-02-30", "0000-01-01", "10000-01-01", "2026-13-01", "1899-12-31", "2026-03-01T25:00", "2026-03-01 08:30+99:00",
    "昨天", "2026年3月", "03/01/2026", date.min, date.max, datetime.min, datetime.max, 20260301, 0,
)  # fmt: skip
_SHAPES: tuple[Any, ...] = (
    None, [], {}, (), [None], [[]], [{}], {"value": None}, {"value": {"value": 1}}, {"by": "张工"}, {"seen": []},
    {"seen": None}, {"seen": {}}, {"seen": [], "more": 1}, {1: 2}, {None: None}, b"bytes", {"a"}, frozenset(), range(3),
    object, lambda: 0, _nested(40), _nested(300), _ENDLESS,
)  # fmt: skip
_KEYS: tuple[Any, ...] = (
    "",
    " ",
    "id",
    "seen",
    "value",
    "no_such",
    "dust_systm",
    "__class__",
    "事实",
    "\ud800",
    1,
    None,
    True,
    ("a",),
)
ANYTHING = (*_SHAPES, *TEXTS, *_NUMBERS, *_MOMENTS)


def values(spec: FactSpec) -> tuple[Any, ...]:
    """Return what nobody should write for the fact *spec*; some of it is understood all the same."""
    return (*_odd(spec), *ANYTHING)


def _odd(spec: FactSpec) -> tuple[Any, ...]:
    """Return what comes near to a value of the fact *spec*."""
    if spec.type == "number":
        return _NUMBERS
    if spec.type in ("date", "time"):
        return _MOMENTS
    words = [*spec.values, *(label for label in spec.values.values() if label)]
    near = [odd for word in words for odd in (word[:-1], f"{word}？", word * 2, [word], {word: word}, f"{word}\n")]
    doubled = [[word, word] for word in words] + [[*words, "不在其中"], [words]]
    return (*near, *(doubled if spec.type == "choices" else ())) or TEXTS


def spoiled(record: Data, vocabulary: Vocabulary, pick: Pick) -> Any:
    """Return a copy of *record* with one to three things spoiled, or something that is no record at all."""
    made = copy.deepcopy(record)
    for _ in range(pick((1, 2, 3))):
        places = list(_places(made, vocabulary))
        how = pick(("value", "value", "id", "key", "duplicate", "subject", "list", "top", "all"))
        if how == "all":
            return pick(ANYTHING)
        if how == "top":
            made[pick((*_KEYS, *vocabulary.kinds))] = pick(ANYTHING)
            continue
        if not places:
            return made
        kind, facts = pick(places)
        specs = list(vocabulary.kinds[kind].facts.values())
        match how:
            case "value":
                spec = pick(specs)
                facts[spec.id] = pick(pick((_odd(spec), ANYTHING)))
            case "id":
                facts[pick(("id", "observed_on", "note"))] = pick(ANYTHING)
            case "key":
                facts[pick(_KEYS)] = pick(ANYTHING)
            case "duplicate" | "subject" | "list":
                _spoil_a_list(made, kind, vocabulary, pick, how)
    return made


def _places(record: Data, vocabulary: Vocabulary) -> Iterator[tuple[str, Data]]:
    """Yield the kind and the facts of every subject that is still whole."""
    with suppress(AttributeError, TypeError, KeyError):
        yield from ((kind, facts) for _, kind, facts in subjects_in(record, vocabulary) if isinstance(facts, dict))


def _spoil_a_list(record: Data, kind: str, vocabulary: Vocabulary, pick: Pick, how: str) -> None:
    """Spoil a list of subjects at the top of *record*: a subject twice, something else among them or in its place."""
    name = kind if kind in vocabulary.top else pick(vocabulary.top)
    table = record.get(name)
    if how == "list" or not isinstance(table, list) or not table:
        record[name] = pick(ANYTHING)
    elif how == "duplicate":
        table.append(copy.deepcopy(pick(table)))
    else:
        table.append(pick(ANYTHING))
