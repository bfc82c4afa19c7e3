"""What the columns of a frame mean: one row is one subject, and stands for the record that holds only it.

`method` is a fact of the subject, `enterprise.sectors` one of what contains it, `dusts.木质粉尘` one
word of several, `links` the list of all its parts and `links.seen` of some. `Layout.record` makes the
record of a row: by definition a frame says of the row what `classify` says of that record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from .. import values
from ..facts import INSPECTION, FactSpec, Vocabulary
from ..texts import Text
from . import cells

#: names of columns; under a list of parts the names of their fields
Names = Mapping[str, "Names | None"]

OWN = ("id", "observed_on", "note")  # of every subject, beside its facts
SEEN = ".seen"
_ALL_DIGITS = Context(prec=200)
NAMELESS = "1"  # the id of a subject that has none
CHOSEN = FactSpec("chosen", "yes_no", Text("选中", "chosen"))


@dataclass(frozen=True)
class Column:
    """What one column records: `key` (a fact or one of `OWN`) of the kind at `place` in the chain."""

    name: str
    place: int
    key: str
    spec: FactSpec | None = None
    word: str | None = None  # it tells whether this word is among those of the fact
    seen: bool = False  # its parts may not be all
    parts: Layout | None = None

    @property
    def fact(self) -> str:
        """The name by which conditions read it, apart from the word."""
        name = self.name.removesuffix(SEEN) if self.seen else self.name
        return name[: -len(self.word) - 1] if self.word else name

    def is_blank(self, cell: Any) -> bool:
        """Return whether *cell* says nothing, in a column of which a record could not say so."""
        return (self.key == "observed_on" or self.parts is not None) and values.is_unknown(cell)


@dataclass(frozen=True)
class Layout:
    """The columns of a frame of subjects, or of the parts in a list."""

    vocabulary: Vocabulary
    chain: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def recorded(self) -> dict[str, list[Column]]:
        """The columns of each recorded fact, by its name in conditions."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            if column.spec is not None:
                found.setdefault(column.fact, []).append(column)
        return found

    @cached_property
    def days(self) -> list[Column]:
        """The columns that tell by the law of which day a row is judged, the first that is known."""
        one = {place for place, kind in enumerate(self.chain) if self.vocabulary.kinds[kind].one}
        found = [c for c in self.columns if c.key == "observed_on" and c.place not in one]
        found += [c for c in self.columns if c.fact == f"{INSPECTION}.date"]
        return sorted(found, key=lambda column: column.place)

    def hanging(self, place: int) -> str | None:
        """Return the list fact of the container at *place* in which what it contains is listed, if one."""
        of = self.chain[place - 1]
        return next((spec.id for spec in self.vocabulary.kinds[self.chain[place]].lists if spec.of == of), None)

    def record(
        self, row: Mapping[str, Any], *, raw: bool = False, others: Mapping[str, Any] = MappingProxyType({})
    ) -> dict[str, Any]:
        """Return the record that *row* (a value for each column) stands for.

        *raw*: its values are as in a record, none is a cell. What stands in *others* is recorded of the subject too.
        """
        items = self._items(row, raw=raw)
        items[0].update(others)
        items[0].setdefault("id", NAMELESS)
        record: dict[str, Any] = {}
        for place, kind in enumerate(self.chain):
            if self.vocabulary.kinds[kind].one:
                record[kind] = items[place]
            elif name := self.hanging(place + 1):
                items[place + 1][name] = {"seen": [items[place]]}
            else:
                record[kind] = {"seen": [items[place]]}
        return record

    def path(self, row: Mapping[str, Any]) -> str:
        """Return where the record of *row* has its subject: "underground_mine[一号].exits[2]"."""
        items, path = self._items(row, raw=True), ""
        items[0].setdefault("id", NAMELESS)
        for place in reversed(range(len(self.chain))):
            kind = self.chain[place]
            if self.vocabulary.kinds[kind].one:
                path = kind
                continue
            name = self.hanging(place + 1)
            path = f"{path}.{name}" if name else kind
            path = f"{path}[{items[place].get('id', 0)}]"
        return path

    def _items(self, row: Mapping[str, Any], *, raw: bool = False) -> list[dict[str, Any]]:
        """Return what *row* records, of each kind in the chain."""
        items: list[dict[str, Any]] = [{} for _ in self.chain]
        words: dict[tuple[int, str], dict[str, Any]] = {}
        for column in self.columns:
            value = row[column.name]
            if column.word is not None:
                words.setdefault((column.place, column.key), {})[column.word] = value
            elif value is not None and (raw or not column.is_blank(value)):
                item = items[column.place]
                if not raw:
                    value = _recorded(column, value)
                if column.parts is not None and (column.seen or column.key in item):
                    value = {"seen": value}
                    if column.key in item:  # both forms at once, which is no list
                        value["all"] = item[column.key]
                item[column.key] = value
        for (place, key), answers in words.items():
            chosen = {word: _chosen(answer) for word, answer in answers.items()}
            wrong = next((word for word, answer in chosen.items() if isinstance(answer, str)), None)
            if wrong is not None:
                items[place][key] = f"{wrong}: {chosen[wrong]}"  # no list: the reader of records tells
            elif None not in chosen.values():
                items[place][key] = [word for word, answer in chosen.items() if answer]
        return items

    def part(self, part: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Return what is recorded of one part in a list."""
        return None if part is None else self._items(part)[0]


def _recorded(column: Column, cell: Any) -> Any:
    """Return what a cell says, as a record would say it."""
    if column.spec is not None and isinstance(cell, str):
        return cells.value(column.spec, cell)
    if isinstance(cell, Decimal):
        return cell.normalize(_ALL_DIGITS)  # zeros that only fill the column's places are no digits
    return cell if column.parts is None else [column.parts.part(part) for part in cell]


def _chosen(answer: Any) -> bool | str | None:
    """Return whether a word is chosen; the text of an answer that is none."""
    try:
        return bool(answer) if (answer := values.parse(CHOSEN, answer)) is not None else None
    except values.FactValueError:
        return str(answer)
