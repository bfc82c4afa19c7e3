"""What became of one hazard: its state, marks and facts, and every step that led there.

`Track` is the pen with which an engine writes a `Course`: the engine says which transition is taken,
that an event is refused, or that a deadline has gone by; facts, rounds, marks and dates follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from .charts import NEW, Chart, Deadline, Transition, gone_by
from .events import Event


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a hazard, or was tried: `taken` is None for what was refused."""

    at: datetime
    event: Event | None  # None for a deadline gone by
    before: str
    after: str
    marks: frozenset[str]  # once it was done
    taken: Transition | None = None
    lapsed: str | None = None  # the deadline that went by

    @property
    def refused(self) -> bool:
        """Whether the event was of no effect."""
        return self.event is not None and self.taken is None


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline that runs: its last day, and whether that has gone by."""

    deadline: str
    last: date
    lapsed: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What became of one hazard."""

    hazard: str
    enterprise: str
    state: str
    since: datetime | None  # when it came into this state
    rounds: int  # how often it was found anew
    marks: frozenset[str]
    facts: Mapping[str, Any]
    running: tuple[Running, ...]
    steps: tuple[Step, ...]


class Track:
    """The course of a hazard while it is being written."""

    def __init__(self, chart: Chart, hazard: str, enterprise: str) -> None:
        self.chart, self.hazard, self.enterprise = chart, hazard, enterprise
        self.state, self.rounds = NEW, 0
        self.since: datetime | None = None
        self.facts: dict[str, Any] = {}
        self.lasting: frozenset[str] = frozenset()  # marks that events set
        self.entered: dict[str, datetime] = {}  # deadlines that run, and since when
        self.last: dict[str, date] = {}  # those of them that have a last day
        self.lapsed: set[str] = set()  # those of them that have gone by
        self.steps: list[Step] = []

    @property
    def marks(self) -> frozenset[str]:
        """The marks that events set, and those of the deadlines gone by."""
        if not self.lapsed:
            return self.lasting
        return self.lasting | {d.mark for d in self.chart.deadlines if d.id in self.lapsed}

    def with_event(self, event: Event, *, begins: bool = False) -> dict[str, Any]:
        """Return the facts as *event* would leave them: what guards are asked about."""
        return {**(self.chart.blank if begins else self.facts), **event.facts}

    def take(self, transition: Transition, event: Event) -> None:
        """Write that *event* took effect by *transition*."""
        before = self.state
        kept = {name: self.facts[name] for name in transition.keep & self.facts.keys()}
        stamped = dict.fromkeys(transition.stamp, event.at.date())
        self.facts = {**self.with_event(event, begins=transition.begins), **kept, **transition.set, **stamped}
        if transition.begins:
            self.rounds += 1
            self.enterprise = event.enterprise
            self.lasting = frozenset()
            self.entered.clear()
            self.last.clear()
            self.lapsed.clear()
        if transition.to is not None and (transition.to != before or transition.begins):
            self.state, self.since = transition.to, event.at
        self.lasting = (self.lasting - transition.unmark) | transition.mark
        self._run_deadlines(event.at)
        self.steps.append(Step(event.at, event, before, self.state, self.marks, transition))

    def refuse(self, event: Event) -> None:
        """Write that *event* was of no effect."""
        self.steps.append(Step(event.at, event, self.state, self.state, self.marks))

    def waiting(self) -> Iterator[tuple[datetime, Deadline]]:
        """Yield the deadlines that run and have not gone by, with the moment at which they will."""
        for deadline in self.chart.deadlines:
            if deadline.id in self.last and deadline.id not in self.lapsed:
                yield gone_by(self.last[deadline.id]), deadline

    def lapse(self, deadline: Deadline, moment: datetime) -> None:
        """Write that *deadline* has gone by; at once where it was over when it began to run."""
        self.lapsed.add(deadline.id)
        at = max([moment, *(step.at for step in self.steps[-1:])])
        self.steps.append(Step(at, None, self.state, self.state, self.marks, lapsed=deadline.id))

    def course(self) -> Course:
        """Return what was written."""
        running = (
            Running(d.id, self.last[d.id], d.id in self.lapsed) for d in self.chart.deadlines if d.id in self.last
        )
        return Course(
            self.hazard,
            self.enterprise,
            self.state,
            self.since,
            self.rounds,
            self.marks,
            MappingProxyType(self.facts),
            tuple(running),
            tuple(self.steps),
        )

    def _run_deadlines(self, at: datetime) -> None:
        """Start, stop and reopen deadlines after what happened *at* this moment."""
        row = self.chart.row(self.facts)
        for deadline in self.chart.deadlines:
            name = deadline.id
            self.last.pop(name, None)
            if not deadline.runs(self.state, row):
                self.entered.pop(name, None)
                self.lapsed.discard(name)
                continue
            last = self.chart.last_day(deadline, self.facts, self.entered.setdefault(name, at))
            if last is not None:
                self.last[name] = last
            if name in self.lapsed and (last is None or gone_by(last) > at):
                self.lapsed.discard(name)  # extended
