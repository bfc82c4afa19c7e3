"""Subjects with their recorded facts, as typed rows: one attribute a fact, None where not known.

A row sees what contains it: part → container → enterprise → inspection. Facts have ids that begin
with a letter; what a row knows of itself begins with an underscore.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from .facts import Kind


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
    _path: str  # "dust_system[3号]": where the record has it
    _steps: tuple[Any, ...]  # the keys and places that lead to it in the record's data
    _up: Row | None  # what contains it
    _stated: dict[str, Stated]  # what the record says, by fact
    _phantom: bool  # stands for subjects that nobody looked at
    _observed_on: date | None  # judged by the law of this day instead of the inspection's

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # a fact's value


def new_row(
    kind: Kind,
    path: str,
    up: Row | None,
    *,
    id: str | None = None,  # noqa: A002 - the record's own word
    steps: tuple[Any, ...] = (),
    phantom: bool = False,
) -> Row:
    """Return a row of *kind* of which nothing is known yet."""
    row = Row()
    row.__dict__.update(kind.nothing)
    row._kind, row._id, row._path, row._up = kind.id, id, path, up
    row._stated, row._phantom, row._steps = {}, phantom, steps
    row._observed_on = up._observed_on if up is not None else None
    return row


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
