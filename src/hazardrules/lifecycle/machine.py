"""The pure-Python engine: the reference, at hand everywhere.

A hazard's events are told one after another; before each, the deadlines that had gone by by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from .charts import Chart, Correlation, Transition, gone_by
from .courses import Course, Track
from .engine import Alert, Signal, by_key
from .events import Event


class Machine:
    """The pure-Python engine."""

    name = "python"

    def follow(self, chart: Chart, events: Sequence[Event], until: datetime) -> Course:
        """Return what became of one hazard; see `Engine`."""
        track = Track(chart, events[0].hazard or "", events[0].enterprise)
        for event in events:
            _lapse(track, event.at)
            transition = _chosen(track, event)
            if transition is None:
                track.refuse(event)
            else:
                track.take(transition, event)
        _lapse(track, until)
        return track.course()

    def correlate(self, chart: Chart, signals: Sequence[Signal], until: datetime) -> tuple[Alert, ...]:
        """Return the patterns in the signals of one enterprise; see `Engine`."""
        forms = {"count": _counted, "sequence": _in_sequence, "absence": _absent}
        found: list[Alert] = []
        for correlation in chart.correlations:
            for key, several in by_key(correlation, signals):
                for at, events in forms[correlation.form](chart, correlation, several, until):
                    found.append(Alert(at, correlation.id, key, events))
        return tuple(sorted(found))


def _chosen(track: Track, event: Event) -> Transition | None:
    """Return the first transition that state, marks and guard allow."""
    for transition in track.chart.by_event.get(event.kind, ()):
        if not transition.ready(track.state, track.marks):
            continue
        guard = transition.guard
        if guard is None or guard.lets_through(track.chart.row(track.with_event(event, begins=transition.begins))):
            return transition
    return None


def _lapse(track: Track, until: datetime) -> None:
    """Write the deadlines that have gone by, at or before *until*, earliest first."""
    while due := [(moment, deadline.id, deadline) for moment, deadline in track.waiting() if moment <= until]:
        moment, _, deadline = min(due, key=lambda item: item[:2])
        track.lapse(deadline, moment)


Found = Iterator[tuple[datetime, tuple[str, ...]]]


def _counted(chart: Chart, correlation: Correlation, signals: Sequence[Signal], _until: datetime) -> Found:
    window: list[Signal] = []
    for signal in signals:
        row = chart.row(signal.facts)
        if correlation.where is not None and not correlation.where.lets_through(row):
            continue
        stretch = chart.stretch(correlation, signal.at)
        window = [other for other in window if stretch is None or signal.at.date() <= stretch.last(other.at.date())]
        if any(_alike(signal, other, correlation.distinct) for other in window):
            continue
        window.append(signal)
        if len(window) >= correlation.at_least and (correlation.when is None or correlation.when.lets_through(row)):
            yield signal.at, tuple(other.event for other in window[-correlation.at_least :])


def _alike(signal: Signal, other: Signal, distinct: str | None) -> bool:
    """Return whether both are one occurrence: the same inspection found the clause at two places."""
    return distinct is not None and signal.facts.get(distinct) == other.facts.get(distinct)


def _in_sequence(chart: Chart, correlation: Correlation, signals: Sequence[Signal], _until: datetime) -> Found:
    kinds, so_far = correlation.kinds, list[Signal]()
    for signal in signals:
        if signal.kind == kinds[len(so_far)]:
            so_far.append(signal)
        elif so_far and signal.kind == kinds[len(so_far) - 1]:
            so_far[-1] = signal  # told twice, by two people perhaps
        else:
            so_far = [signal] if signal.kind == kinds[0] else []
        if len(so_far) == len(kinds):
            stretch = chart.stretch(correlation, signal.at)
            if stretch is None or signal.at.date() <= stretch.last(so_far[0].at.date()):
                yield signal.at, tuple(other.event for other in so_far)
            so_far = [signal] if signal.kind == kinds[0] else []


def _absent(chart: Chart, correlation: Correlation, signals: Sequence[Signal], until: datetime) -> Found:
    for n, signal in enumerate(signals):
        if signal.kind not in correlation.kinds:
            continue
        stretch = chart.stretch(correlation, signal.at)
        assert stretch is not None
        end = gone_by(stretch.last(signal.at.date()))
        silent = not any(
            other.at < end
            and other.kind not in chart.lapses
            and (correlation.without is None or other.kind in correlation.without)
            for other in signals[n + 1 :]
        )
        if silent and end <= until:
            yield end, (signal.event,)
