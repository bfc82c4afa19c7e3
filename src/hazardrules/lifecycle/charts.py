"""A chart: states, what each event does in them, deadlines, and patterns over time, each with its basis.

Guards are conditions over the hazard's recorded facts, written and judged like those of the rules:
an unknown never lets anything through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any

from .. import dates
from ..expr import Expr
from ..facts import FactSpec, Kind, Vocabulary
from ..results import Citation
from ..rows import Row, new_row
from ..texts import Text
from ..truth import YES, Truth

HAZARD = "hazard"  # the kind of subject whose facts a chart speaks of
NEW = "new"  # the state before the first event


@dataclass(frozen=True, slots=True)
class Basis:
    """The article that something rests on, and how it was read."""

    citation: Citation
    reading: str | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its name in both languages and what it rests on."""

    id: str
    title: Text
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter(Named):
    """A number of days that the law leaves open."""

    value: int = 0


@dataclass(frozen=True, slots=True)
class EventKind(Named):
    """A kind of event: what it is about, the facts it must state (`any_of`: one of them), and may."""

    about: str = HAZARD  # or "enterprise", "ledger"
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    rank: int = 0  # its place among events of the same moment
    past: tuple[str, ...] = ()  # days that cannot lie after the event

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that it can state."""
        return tuple(dict.fromkeys((*self.needs, *self.any_of, *self.may)))


@dataclass(frozen=True, slots=True)
class State(Named):
    """A state; `open` ones are not done with, and what ends in a `void` one was found wrongly."""

    open: bool = True
    void: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition over the facts of a hazard, and the same compiled."""

    condition: Expr
    truth: Callable[[Row], Truth] = field(repr=False, compare=False)

    def lets_through(self, row: Row) -> bool:
        """Return whether the condition surely holds; an unknown is not enough."""
        return self.truth(row) is YES


@dataclass(frozen=True, slots=True)
class Transition:
    """What an event does: in one of `source`, with the marks and the guard met."""

    index: int  # its place in the file, by which engines name it
    on: str
    source: frozenset[str]
    to: str | None  # None: the state stays
    guard: Guard | None = None  # `applies` and `when` together
    applies: Guard | None = None  # to which hazards it applies
    when: Guard | None = None  # what they must have reached
    marked: frozenset[str] = frozenset()
    unmarked: frozenset[str] = frozenset()
    mark: frozenset[str] = frozenset()
    unmark: frozenset[str] = frozenset()
    set: Mapping[str, Any] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()  # facts that the event does not change
    stamp: frozenset[str] = frozenset()  # facts that become the day of the event
    begins: bool = False  # a new round: the facts start from the chart's blank ones
    signal: str = ""  # what correlations see; the event's kind if nothing else is said
    basis: tuple[Basis, ...] = ()

    def ready(self, state: str, marks: frozenset[str]) -> bool:
        """Return whether state and marks allow it; the guard is asked apart."""
        return state in self.source and self.marked <= marks and not self.unmarked & marks


@dataclass(frozen=True, slots=True)
class Deadline(Named):
    """A deadline that runs in the states `within` while `guard` holds.

    It runs until the date fact `until`; where there is none, for `days`.
    """

    within: frozenset[str] = frozenset()
    guard: Guard | None = None
    until: str | None = None
    days: str | None = None  # a parameter
    mark: str = ""

    def runs(self, state: str, row: Row) -> bool:
        """Return whether it runs for a hazard in *state* with the facts of *row*."""
        return state in self.within and (self.guard is None or self.guard.lets_through(row))


@dataclass(frozen=True, slots=True)
class Within:
    """A stretch of time, counted like the law counts: the first day does not, the last day does."""

    count: int
    period: str = "days"

    def last(self, first: date) -> date:
        """Return the last day of the stretch that begins on *first*."""
        return dates.later(first, self.count, self.period)


@dataclass(frozen=True, slots=True)
class Correlation(Named):
    """A pattern over the signals that share `by`: a count, a sequence, or an absence.

    *count*: `at_least` signals of `kinds` meeting `where`, within the stretch, no two alike in
    `distinct`, and `when` met by the last. *sequence*: signals of `kinds` one after another, where one
    that is like the last takes its place and another of those kinds starts it anew. *absence*: after
    one of `kinds`, no event (or none of `without`) until the stretch has gone by.
    """

    form: str = "count"  # or "sequence", "absence"
    kinds: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    where: Guard | None = None
    when: Guard | None = None
    distinct: str | None = None
    at_least: int = 2
    within: Within | str | None = None  # a stretch, or the parameter that gives its days
    without: frozenset[str] | None = None  # None: anything


@dataclass(frozen=True)
class Chart:
    """All of it. `settings` are the parameters that the ledger itself sets, in order of time."""

    id: str
    title: Text
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    events: Mapping[str, EventKind]
    states: Mapping[str, State]
    marks: Mapping[str, Named]
    transitions: tuple[Transition, ...]
    deadlines: tuple[Deadline, ...]
    correlations: tuple[Correlation, ...]
    blank: Mapping[str, Any]
    digest: str = ""
    settings: tuple[tuple[datetime, str, int], ...] = ()

    @property
    def kind(self) -> Kind:
        """The facts of a hazard."""
        return self.vocabulary.kinds[HAZARD]

    @property
    def facts(self) -> Mapping[str, FactSpec]:
        """The facts of a hazard, by id."""
        return self.kind.facts

    @cached_property
    def by_event(self) -> Mapping[str, tuple[Transition, ...]]:
        """The transitions of each kind of event, in the order in which they are tried."""
        found: dict[str, list[Transition]] = {}
        for transition in self.transitions:
            found.setdefault(transition.on, []).append(transition)
        return MappingProxyType({kind: tuple(several) for kind, several in found.items()})

    @cached_property
    def lapses(self) -> frozenset[str]:
        """The kinds of signal that no event gives: deadlines gone by. They are no follow-up of anything."""
        return frozenset(deadline.id for deadline in self.deadlines)

    def row(self, facts: Mapping[str, Any]) -> Row:
        """Return *facts* as a row on which guards can be asked."""
        row = new_row(self.kind, HAZARD, None)
        row.__dict__.update(facts)
        return row

    def with_settings(self, settings: Iterable[tuple[datetime, str, int]]) -> Chart:
        """Return the chart with parameters as set at the times given, in order."""
        return replace(self, settings=tuple(settings))

    def value(self, parameter: str, at: datetime) -> int:
        """Return the value that *parameter* had at the time *at*."""
        value = self.parameters[parameter].value
        for since, name, number in self.settings:
            if name == parameter and since <= at:
                value = number
        return value

    def stretch(self, correlation: Correlation, at: datetime) -> Within | None:
        """Return the stretch of a correlation as it was at the time *at*; None: without end."""
        within = correlation.within
        return Within(self.value(within, at)) if isinstance(within, str) else within

    def last_day(self, deadline: Deadline, facts: Mapping[str, Any], since: datetime) -> date | None:
        """Return the last day of a *deadline* that runs *since*; None where no date was set."""
        found: date | None = facts.get(deadline.until or "")
        if found is not None or deadline.days is None:
            return found
        return dates.later(since.date(), self.value(deadline.days, since), "days")


def gone_by(last: date) -> datetime:
    """Return the moment at which the day *last* has gone by."""
    return datetime.combine(last + timedelta(days=1), time.min) if last < date.max else datetime.max
