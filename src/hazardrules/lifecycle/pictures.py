"""The whole ledger at a moment: every hazard's course and every pattern over time, by either engine.

A hazard's course follows from its own events, and an enterprise's patterns from what took effect
there, so both are worked out piece by piece; what is shared between the engines stands here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ..facts import ENTERPRISE
from .charts import HAZARD, Chart
from .courses import Course
from .engine import Alert, Engine, Signal
from .events import LEDGER, Event, in_order
from .progress import WORKING_OUT, Progress, telling

MAJOR = "重大"


@dataclass(frozen=True, slots=True)
class Picture:
    """What the events say as of a moment."""

    until: datetime
    courses: Mapping[str, Course]  # by hazard
    alerts: tuple[Alert, ...]


def picture(
    chart: Chart,
    events: Iterable[Event],
    engine: Engine,
    until: datetime | None = None,
    progress: Progress | None = None,
) -> Picture:
    """Return what *events*, in whatever order and however often, say as of *until*.

    Without *until* it is the moment of the latest event. Events after *until* are left out.
    *progress* is told now and then how far it is.
    """
    ordered = in_order(chart, events)
    if until is None:
        until = ordered[-1].at if ordered else datetime.min
    ordered = [event for event in ordered if event.at <= until]
    chart = settled(chart, ordered)
    by_hazard: defaultdict[str, list[Event]] = defaultdict(list)
    by_enterprise: defaultdict[str, list[Event]] = defaultdict(list)
    for event in ordered:
        about = chart.events[event.kind].about
        if about == HAZARD:
            by_hazard[event.hazard or ""].append(event)
        elif about == ENTERPRISE:
            by_enterprise[event.enterprise].append(event)
    courses = {}
    for hazard, several in telling(sorted(by_hazard.items()), WORKING_OUT, progress):
        courses[hazard] = engine.follow(chart, several, until)
    at: defaultdict[str, list[Course]] = defaultdict(list)
    for course in courses.values():
        at[course.enterprise].append(course)
    alerts = [
        alert
        for enterprise in sorted({*at, *by_enterprise})
        for alert in engine.correlate(chart, signals(chart, at[enterprise], by_enterprise[enterprise]), until)
    ]
    return Picture(until, MappingProxyType(courses), tuple(sorted(alerts)))


def settled(chart: Chart, ordered: Iterable[Event]) -> Chart:
    """Return *chart* with the parameters that the ledger's own events set."""
    made = [e for e in ordered if chart.events[e.kind].about == LEDGER]
    return chart.with_settings((e.at, e.facts["parameter"], int(e.facts["value"])) for e in made) if made else chart


def signals(chart: Chart, courses: Sequence[Course], events: Sequence[Event]) -> list[Signal]:
    """Return what took effect at one enterprise, in order: steps of its hazards, and events of its own."""
    found = [signal for course in courses for signal in _of_course(chart, course)]
    spans = [span for course in courses for span in _major_open(chart, course)]
    for event in events:
        open_then = any(start <= event.at and (end is None or event.at <= end) for start, end in spans)
        facts = {**event.facts, "major_open": open_then}
        found.append(Signal(event.at, event.id, event.kind, event.enterprise, None, facts))
    ranks = {kind.id: kind.rank for kind in chart.events.values()}
    ranks |= {transition.signal: ranks[transition.on] for transition in chart.transitions}
    # what a deadline's passing at midnight is, comes before what was done at that moment
    return sorted(found, key=lambda s: (s.at, ranks.get(s.kind, -1), s.event))


def _of_course(chart: Chart, course: Course) -> Iterator[Signal]:
    facts: dict[str, Any] = {}
    for step, void in zip(course.steps, _void(chart, course), strict=True):
        if step.event is not None and step.taken is not None:
            facts = {**({} if step.taken.begins else facts), **step.event.facts, "void": void}
            yield Signal(step.at, step.event.id, step.taken.signal, course.enterprise, course.hazard, facts)
        elif step.lapsed is not None:
            name = f"{course.hazard}:{step.lapsed}"
            yield Signal(step.at, name, step.lapsed, course.enterprise, course.hazard, facts)


def _void(chart: Chart, course: Course) -> list[bool]:
    """Return of each step whether the round to which it belongs ended as one that was found wrongly."""
    found, void = list[bool](), False
    last = True  # whether the step is the last of its round
    for step in reversed(course.steps):
        if last:
            void = step.after in chart.states and chart.states[step.after].void
        found.append(void)
        last = step.taken is not None and step.taken.begins
    return found[::-1]


def _major_open(chart: Chart, course: Course) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield from when to when the hazard was a major one not done with (None: still)."""
    start, level = None, None
    for step in course.steps:
        if step.event is not None and step.taken is not None and "level" not in step.taken.keep:
            level = step.event.facts.get("level", level)
        is_open = level == MAJOR and step.after in chart.states and chart.states[step.after].open
        if is_open and start is None:
            start = step.at
        elif not is_open and start is not None:
            yield start, step.at
            start = None
    if start is not None:
        yield start, None
