"""The small interface that both engines implement, and what goes in and comes out.

An engine decides two things and nothing else: which transition an event takes and when a deadline
has gone by (`follow`, one hazard at a time), and which patterns the signals of one enterprise make
(`correlate`). Ordering, repeated events, facts, dates and words are shared and stand elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from .charts import Chart, Correlation
from .courses import Course
from .events import Event


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that took effect, as correlations see it: an event, or a deadline gone by."""

    at: datetime
    event: str  # the event's id; of a lapse the hazard's and the deadline's
    kind: str  # of the event, or the id of the deadline
    enterprise: str
    hazard: str | None
    facts: Mapping[str, Any]  # those of the event; of a hazard's, those of the hazard then

    def key(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Return what stands under *names*; None where one of them is not known."""
        found = tuple(
            getattr(self, name) if name in ("enterprise", "hazard") else self.facts.get(name) for name in names
        )
        return None if None in found else tuple(map(str, found))


@dataclass(frozen=True, slots=True, order=True)
class Alert:
    """A pattern that came about: which, over what, when, and by which events."""

    at: datetime
    correlation: str
    key: tuple[str, ...]
    events: tuple[str, ...]


def by_key(correlation: Correlation, signals: Sequence[Signal]) -> Iterator[tuple[tuple[str, ...], list[Signal]]]:
    """Yield the *signals* that concern *correlation*, those that share a key together, in their order."""
    found: defaultdict[tuple[str, ...], list[Signal]] = defaultdict(list)
    others = correlation.form == "absence"  # where any event counts
    for signal in signals:
        key = signal.key(correlation.by) if others or signal.kind in correlation.kinds else None
        if key is not None:
            found[key].append(signal)
    yield from found.items()


class Engine(Protocol):
    """What both engines can do. They hold nothing between two calls."""

    name: str

    def follow(self, chart: Chart, events: Sequence[Event], until: datetime) -> Course:
        """Return what became of one hazard: its *events* in order, each id once, none after *until*.

        Deadlines gone by at or before *until* have lapsed.
        """
        ...

    def correlate(self, chart: Chart, signals: Sequence[Signal], until: datetime) -> tuple[Alert, ...]:
        """Return the patterns in the *signals* of one enterprise, which come in order; sorted."""
        ...
