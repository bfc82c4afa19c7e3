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

from .charts import Chart
from .courses import Course
from .engine import Alert, Engine, Signal
from .events import LEDGER, Event, in_order, is_finding
from .progress import WORKING_OUT, Progress, Teller

MAJOR = "重大"


@dataclass(frozen=True, slots=True)
class Part:
    """What the events say of one enterprise."""

    enterprise: str
    courses: Mapping[str, Course]  # by hazard
    alerts: tuple[Alert, ...]


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
    chart, owner, working = settled(chart, ordered), owners(ordered), Teller(WORKING_OUT, progress)
    by_enterprise: defaultdict[str, list[Event]] = defaultdict(list)
    for event in ordered:
        if chart.events[event.kind].about != LEDGER:
            by_enterprise[owner.get(event.hazard or "", event.enterprise)].append(event)
    return joined(until, (part(chart, name, by_enterprise[name], engine, until, working) for name in by_enterprise))


def part(
    chart: Chart, enterprise: str, events: Sequence[Event], engine: Engine, until: datetime, working: Teller
) -> Part:
    """Return what the *events* of one enterprise, in order and none after *until*, say by a settled *chart*."""
    by_hazard: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.hazard is not None:
            by_hazard[event.hazard].append(event)
    courses = {hazard: engine.follow(chart, own, until) for hazard, own in working.each(sorted(by_hazard.items()))}
    of_its_own = [event for event in events if event.hazard is None]
    alerts = engine.correlate(chart, signals(chart, list(courses.values()), of_its_own), until)
    return Part(enterprise, MappingProxyType(courses), alerts)


def joined(until: datetime, parts: Iterable[Part]) -> Picture:
    """Return the picture that *parts* make."""
    courses, alerts = dict[str, Course](), list[Alert]()
    for one in parts:
        courses |= one.courses
        alerts += one.alerts
    return Picture(until, MappingProxyType(dict(sorted(courses.items()))), tuple(sorted(alerts)))


def owners(ordered: Iterable[Event]) -> dict[str, str]:
    """Return the enterprise of each hazard: that of its finding, else of its first event."""
    found, first = dict[str, str](), dict[str, str]()
    for event in ordered:
        if event.hazard is not None:
            first.setdefault(event.hazard, event.enterprise)
            if is_finding(event):
                found.setdefault(event.hazard, event.enterprise)
    return {**first, **found}


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
