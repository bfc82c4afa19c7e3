"""Frames for the tests of `backends`: the subjects of a drawn record as rows, in columns of drawn types."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from hazardrules import dates, units, values
from hazardrules.facts import ENTERPRISE, INSPECTION, FactSpec, Vocabulary
from strategies import Wanted, pool, raw

Facts = dict[str, Any]


def standing(record: Mapping[str, Any], subject: str, vocabulary: Vocabulary) -> Iterator[list[Facts]]:
    """Yield each *subject* in the raw *record*, followed by what contains it up to the inspection."""
    chain = vocabulary.chain(subject)

    def below(kind: str, facts: Facts, around: list[Facts]) -> Iterator[list[Facts]]:
        here = [facts, *around]
        if len(here) == len(chain) and kind == chain[0]:
            yield here
        for spec in vocabulary.kinds[kind].lists:
            if len(here) < len(chain) and spec.of == chain[len(chain) - len(here) - 1]:
                rest = {key: value for key, value in facts.items() if key != spec.id}
                for part in listed(facts.get(spec.id)):
                    yield from below(str(spec.of), part, [rest, *around])

    inspection, enterprise = record.get(INSPECTION, {}), record.get(ENTERPRISE, {})
    yield from below(ENTERPRISE, enterprise, [inspection])
    for kind in vocabulary.top:
        for facts in listed(record.get(kind)):
            yield from below(kind, facts, [enterprise, inspection])


def listed(table: Any) -> list[Facts]:
    """Return the subjects in what a record says of a list."""
    return (table["seen"] if isinstance(table, dict) else table) or []


def flat(chain: Sequence[str], around: Sequence[Facts]) -> Facts:
    """Return one row: the subject's facts bare, those of what contains it by dotted name."""
    row: Facts = {}
    for place, (kind, facts) in enumerate(zip(chain, around, strict=True)):
        for key, value in facts.items():
            name = key if place == 0 else f"{kind}.{key}"
            seen = isinstance(value, dict)
            row[f"{name}.seen" if seen else name] = value["seen"] if seen else value
    return row


class Framer:
    """Makes frames of rows, each fact in a column of a type drawn by *chance*."""

    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        self.vocabulary, self.chance = vocabulary, chance

    def frame(self, subject: str, rows: Sequence[Facts]) -> pl.DataFrame:
        """Return *rows* (see `flat`) of *subject* as a frame."""
        chain = self.vocabulary.chain(subject)
        fields = self._fields(chain, rows)
        made = [{name: write(row[name]) for name, (_, write) in fields.items() if row.get(name) is not None} for row in rows]
        schema = {name: dtype for name, (dtype, _) in fields.items()}
        frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in made], schema=schema)
        return self._one_column_a_word(frame, chain)

    def _fields(self, chain: Sequence[str], rows: Sequence[Facts]) -> dict[str, tuple[Any, Any]]:
        """Return, for each name in *rows*, the type of its column and how a value is written in it."""
        found = {}
        for name in dict.fromkeys(name for row in rows for name in row):
            if name == "id":
                found[name] = pl.String, str
                continue
            plain = name.removesuffix(".seen")
            kind, _, fact = plain.rpartition(".")
            if fact == "id":
                found[name] = pl.String, str
                continue
            spec = self.vocabulary.kinds[kind or chain[0]].facts[fact]
            if spec.type == "list":
                both = [row.get(n) or [] for row in rows for n in (plain, f"{plain}.seen")]
                inner = {part for n, part in found.items() if n in (plain, f"{plain}.seen")}
                found[name] = next(iter(inner), None) or self._list(str(spec.of), [p for parts in both for p in parts])
            else:
                found[name] = self._plain(spec, [row[name] for row in rows if row.get(name) is not None])
        return found

    def _list(self, kind: str, parts: Sequence[Facts]) -> tuple[Any, Any]:
        flatted = [flat((kind,), (part,)) for part in parts]
        fields = self._fields((kind,), flatted)
        dtype = pl.List(pl.Struct({name: dtype for name, (dtype, _) in fields.items()}) if fields else pl.Null)

        def write(value: Sequence[Facts]) -> list[Any]:
            rows = [flat((kind,), (part,)) for part in value]
            return [{n: None if row.get(n) is None else put(row[n]) for n, (_, put) in fields.items()} for row in rows]

        return dtype, write

    def _plain(self, spec: FactSpec, known: Sequence[Any]) -> tuple[Any, Any]:
        if spec.type == "yes_no":
            return self.chance.choice([(pl.Boolean, bool), (pl.String, lambda v: "是" if v else "no")])
        if spec.type == "choices":
            cell = (pl.String, lambda v: "、".join(v) if v else "[]")
            return self.chance.choice([(pl.List(pl.String), list), cell, (pl.List(pl.Enum(list(spec.values))), list)])
        if spec.is_word:
            return self.chance.choice([(pl.String, str), (pl.Enum(list(spec.values)), str), (pl.Categorical, str)])
        if spec.type == "number":
            return self._number(spec, known)
        if spec.type in ("date", "time") and not any(value == "从未" for value in known) and self.chance.random() < 0.5:
            return (pl.Date, dates.parse_day) if spec.type == "date" else (pl.Datetime("us"), dates.parse_time)
        return pl.String, str

    def _number(self, spec: FactSpec, known: Sequence[Any]) -> tuple[Any, Any]:
        """Return a column in the declared unit where every value can be said in it, else of text."""
        text = pl.String, str
        exact = [in_unit(spec, value) for value in known]
        if spec.unit == "1:m" or any(value is None for value in exact):
            return text
        forms = [text, (pl.String, lambda v: units.plain(in_unit(spec, v))), (pl.Decimal(30, 9), lambda v: in_unit(spec, v))]
        if all(len(units.plain(v).replace(".", "")) <= 15 for v in exact if v is not None):
            forms.append((pl.Float64, lambda v: float(in_unit(spec, v))))
        if all(value == int(value) for value in exact if value is not None):
            forms.append((pl.Int64, lambda v: int(in_unit(spec, v))))
        return self.chance.choice(forms)

    def _one_column_a_word(self, frame: pl.DataFrame, chain: Sequence[str]) -> pl.DataFrame:
        """Replace a column of several words by one for each word, now and then."""
        for name in frame.columns:
            kind, _, fact = name.rpartition(".")
            spec = self.vocabulary.kinds[kind or chain[0]].facts.get(fact) if (kind or chain[0]) in chain else None
            if spec and spec.type == "choices" and frame[name].dtype == pl.List(pl.String) and self.chance.random() < 0.5:
                words = [pl.col(name).list.contains(word).alias(f"{name}.{word}") for word in spec.values]
                frame = frame.with_columns(words).drop(name)
        return frame


def in_unit(spec: FactSpec, raw: Any) -> Decimal | None:
    """Return the number *raw* in the declared unit, None where it has no end as a decimal."""
    base = Fraction(values.parse(spec, raw))
    factor = 1 if spec.unit is None else units.KINDS[units.kind_of(spec.unit)][spec.unit]
    exact = base / factor
    text = units.plain(exact)
    return None if "/" in text or len(text.partition(".")[2]) > 9 else Decimal(text)


class Drawer:
    """Draws rows by *chance*: the facts *wanted*, in values near the constants *near*, with gaps."""

    def __init__(self, vocabulary: Vocabulary, wanted: Wanted, near: Mapping[Any, Any], chance: random.Random) -> None:
        self.vocabulary, self.wanted, self.near, self.chance = vocabulary, wanted, near, chance
        self.lists = {kind for kind, fact in wanted if vocabulary.kinds[kind].facts[fact].type == "list"}

    def row(self, subject: str, gaps: float) -> Facts:
        """Return a row of *subject*, see `flat`, in which a share *gaps* of the facts is not known."""
        chain = self.vocabulary.chain(subject)
        around = [self.facts(kind, gaps) for kind in chain]
        for place in range(1, len(chain)):  # the list in which the row hangs says nothing more
            for spec in self.vocabulary.kinds[chain[place]].lists:
                if spec.of == chain[place - 1]:
                    around[place].pop(spec.id, None)
        return {"id": str(self.chance.randrange(10**6))} | flat(chain, around)

    def facts(self, kind: str, gaps: float) -> Facts:
        """Return what is recorded of one subject of *kind*."""
        found: Facts = {}
        for name, spec in self.vocabulary.kinds[kind].facts.items():
            if (kind, name) in self.wanted and self.chance.random() >= gaps:
                found[name] = self.parts(str(spec.of), gaps) if spec.type == "list" else self.value(kind, spec)
        return found

    def parts(self, kind: str, gaps: float) -> Any:
        """Return what is recorded of a list."""
        listed = [{"id": str(n)} | self.facts(kind, gaps) for n in range(self.chance.randrange(4))]
        return {"seen": listed} if self.chance.random() < 0.3 else listed

    def value(self, kind: str, spec: FactSpec) -> Any:
        """Return a value of a fact as a record states it."""
        if spec.type == "text":
            return self.chance.choice(("甲醇", "随便写的"))
        if spec.type == "choices":
            return [word for word in spec.values if self.chance.random() < 0.3]
        near = sorted(self.near.get((kind, spec.id), ()), key=str)
        return raw(spec, self.chance.choice(pool(spec, near)))
