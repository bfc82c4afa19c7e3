"""A record in the making: subjects not yet written down, each with what is still wanted of it.

A `Slot` is one subject: its facts as they come, the parts in its lists, and the comparisons that shall
come out in a wanted way. A `Draft` holds them all and finds a place for a subject of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..expr import Expr
from ..facts import ENTERPRISE, INSPECTION, FactSpec, Kind, Scope, Vocabulary
from .pools import Pick

Data = dict[str, Any]


def name_of(place: int) -> str:
    """Return the id of the subject that stands at *place* of its list, from “a” on; after “z” comes “a1”."""
    round_, letter = divmod(place, 26)
    return f"{chr(ord('a') + letter)}{round_ or ''}"


@dataclass(frozen=True, slots=True)
class Want:
    """A comparison, in full names, that shall come out as *truth* for the subject that asks it."""

    atom: Expr
    truth: bool
    view: Slot


@dataclass
class Parts:
    """The subjects of one kind in a list."""

    slots: list[Slot] = field(default_factory=list)
    each: list[tuple[Expr, Scope, bool]] = field(default_factory=list)  # what shall come out so for every part
    closed: bool = False  # it is wanted as it is: nothing is added, and nobody saw only a part
    whole: bool = True  # these are all; else there may be more


@dataclass(eq=False, repr=False)
class Slot:
    """One subject that is being made up."""

    kind: Kind
    up: Slot | None
    within: str = ""  # the list that holds it: a fact of what contains it, or its kind
    id: str = ""
    kept: bool = False  # it must be there whatever else falls out
    values: Data = field(default_factory=dict)  # normalised, by fact
    lists: dict[str, Parts] = field(default_factory=dict)  # by list fact
    wants: dict[str, list[Want]] = field(default_factory=dict)  # by own fact
    stated: dict[str, bool] = field(default_factory=dict)  # of a defined fact: stated, or left to follow
    quiet: set[str] = field(default_factory=set)  # facts better left out: what follows from them is stated

    def __repr__(self) -> str:
        return f"<{self.path}>"

    @property
    def path(self) -> str:
        """Where the record has it: "mine[a].levels[b]"."""
        if self.kind.one:
            return self.kind.id
        place = f"{self.within}[{self.id}]"
        inside = self.up is not None and self.within in self.up.kind.facts
        return f"{self.up.path}.{place}" if self.up and inside else place

    def around(self, kind: str) -> Slot | None:
        """Return itself or the nearest subject around it of *kind*, None where there is none."""
        here: Slot | None = self
        while here is not None and here.kind.id != kind:
            here = here.up
        return here

    def parts(self, fact: str) -> Parts:
        """Return the parts in its list *fact*, none yet where nothing was said of it."""
        return self.lists.setdefault(fact, Parts())


class Draft:
    """A record in the making."""

    def __init__(self, vocabulary: Vocabulary, day: date, pick: Pick, rule: str = "") -> None:
        """Begin a record of *day*, with choices of *pick*, drawn for *rule* first of all."""
        self.vocabulary, self.day, self.pick, self.rule = vocabulary, day, pick, rule
        self.inspection = Slot(vocabulary.kinds[INSPECTION], None)
        self.enterprise = Slot(vocabulary.kinds[ENTERPRISE], self.inspection)
        self.inspection.values["date"] = day
        self.tops: dict[str, Parts] = {}

    # ----------------------------------------------------------------------------------- subjects

    def place(self, subject: str) -> Slot:
        """Return a new subject (a kind, or `container.kind`), with what contains it."""
        container, _, name = subject.rpartition(".")
        kind = self.vocabulary.kinds[name]
        if kind.one:
            return self.enterprise if name == ENTERPRISE else self.inspection
        around = container or self.pick(kind.within)
        if around == ENTERPRISE and name in self.vocabulary.top:
            return self.add(kind, self.enterprise, name, self.tops.setdefault(name, Parts()))
        up = self._holder(around)
        spec = self.pick([spec for spec in up.kind.lists if spec.of == name])
        return self.part(up, spec)

    def keep(self, kind: str) -> None:
        """See to it that the record has a subject of *kind*, whatever falls out of it."""
        there = next((slot for slot in self.slots() if slot.kind.id == kind), None)
        here: Slot | None = there or self.place(kind)
        while here is not None:
            here.kept, here = True, here.up

    def _holder(self, kind: str) -> Slot:
        """Return a subject of *kind* to hold a part: one that is there already, or a new one."""
        if self.vocabulary.kinds[kind].one:
            return self.place(kind)
        there = [slot for slot in self.slots() if slot.kind.id == kind]
        return self.pick([*there, None]) or self.place(kind)

    def part(self, up: Slot, spec: FactSpec) -> Slot:
        """Return a new part in the list *spec* of *up*."""
        assert spec.of is not None
        return self.add(self.vocabulary.kinds[spec.of], up, spec.id, up.parts(spec.id))

    def add(self, kind: Kind, up: Slot, within: str, to: Parts) -> Slot:
        """Return a new subject of *kind* in the list *within*, which holds *to*."""
        made = Slot(kind, up, within, name_of(len(to.slots)))
        to.slots.append(made)
        return made

    def slots(self) -> Iterator[Slot]:
        """Yield every subject there is, containers before their parts."""
        queue = [self.inspection, self.enterprise, *(slot for parts in self.tops.values() for slot in parts.slots)]
        for slot in queue:
            yield slot
            queue += [part for parts in slot.lists.values() for part in parts.slots]
