"""Subjects with their recorded facts, as typed rows: one attribute a fact, None where not known.

A row sees what contains it: part → container → enterprise → inspection. Facts have ids that begin
with a letter; what a row knows of itself begins with an underscore.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .facts import Kind

#: what a record may say beside a value: who judged it, when, and on what evidence
JUDGED = ("by", "at", "evidence")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as the record states it: the raw value, and who judged it when on what evidence."""

    raw: Any
    by: str | None = None
    at: str | None = None
    evidence: str | None = None


class Row:
    """One subject. Besides an attribute for each fact it knows where it stands in the record."""

    _kind: str
    _id: str | None  # as recorded; None where only its place in the list tells it
    _list: str  # the list that holds it, or itself where there is only one: "dust_system", "mine[1].levels"
    _list_steps: tuple[Any, ...]
    _n: Any  # its place in the list: a number, or a mapping with the facts that name it
    _up: Row | None  # what contains it
    _stated: dict[str, Any]  # what the record says, by fact: a value, or {value, by, at, evidence}
    _phantom: bool  # stands for subjects that nobody looked at
    _observed_on: date | None  # judged by the law of this day instead of the inspection's

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # a fact's value

    @cached_property
    def _path(self) -> str:
        """Where the record has it: "dust_system[3号]"."""
        return self._list if self._n is None else f"{self._list}[{self._n if self._id is None else self._id}]"

    @cached_property
    def _steps(self) -> tuple[Any, ...]:
        """The keys and places that lead to it in the record's data."""
        return self._list_steps if self._n is None else (*self._list_steps, self._n)


def blank(kind: Kind, path: str, steps: tuple[Any, ...], up: Row | None, *, phantom: bool = False) -> dict[str, Any]:
    """Return what every row of *kind* in the list at *path* begins with: its attributes, nothing known yet."""
    return {
        **kind.nothing,
        "_kind": kind.id,
        "_id": None,
        "_list": path,
        "_list_steps": steps,
        "_n": None,
        "_up": up,
        "_phantom": phantom,
        "_observed_on": up._observed_on if up is not None else None,
    }


def row_of(attributes: dict[str, Any]) -> Row:
    """Return the row that has *attributes* (of `blank`), and no fact stated yet."""
    row = Row()
    row.__dict__ = attributes
    row._stated = {}
    return row


def new_row(
    kind: Kind,
    path: str,
    up: Row | None,
    *,
    id: str | None = None,  # noqa: A002 - the record's own word
    steps: tuple[Any, ...] = (),
    phantom: bool = False,
) -> Row:
    """Return a row of *kind* at *path*, of which nothing is known yet."""
    row = row_of(blank(kind, path, steps, up, phantom=phantom))
    row._id = id
    return row


def stated(row: Row, fact: str) -> Stated | None:
    """Return what the record states of the *fact* of *row*, None where it says nothing."""
    raw = row._stated.get(fact)
    if isinstance(raw, Mapping):
        return Stated(raw["value"], *(None if raw.get(key) is None else str(raw[key]) for key in JUDGED))
    return None if raw is None else Stated(raw)


@dataclass(frozen=True, slots=True)
class Parts:
    """The value of a list fact: the parts recorded, and whether they are all there are."""

    rows: tuple[Row, ...]
    complete: bool = True


def container(row: Row, kind: str) -> Row | None:
    """Return *row* itself or the nearest row around it of *kind*, or None."""
    around: Row | None = row
    while around is not None and around._kind != kind:
        around = around._up
    return around


def look(row: Row, name: str) -> Any:
    """Return the value of the fact *name*, bare or dotted, as *row* sees it; None: not known."""
    kind, _, fact = name.rpartition(".")
    owner = container(row, kind) if kind else row
    return None if owner is None else getattr(owner, fact)


def path_of(row: Row, name: str) -> str:
    """Return where the record has the fact *name* of *row*: "dust_system[3号].airlock"."""
    kind, _, fact = name.rpartition(".")
    owner = container(row, kind) if kind else row
    return f"{(owner or row)._path}.{fact}"
