"""The other engine: durable-rules matches the rules of the chart (`pip install 'hazardrules[durable]'`).

The library matches and does nothing else: it runs no threads and no timers, is asked one question at
a time, and keeps nothing afterwards. What its answers mean is decided here; what it does wrong when
used plainly is kept away here and in `ruleset` (docs/lifecycle.md names it all).
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from threading import Lock
from typing import Any

from ..errors import HazardRulesError, Problem
from ..texts import Text
from . import ruleset
from .charts import Chart, Correlation, Within, gone_by
from .comparisons import instant
from .courses import Course, Track
from .engine import Alert, Signal, by_key
from .events import Event

try:
    import durable.engine
    import durable_rules_engine
except ImportError as error:
    _MISSING = Text(
        "引擎 durable 要安装：pip install 'hazardrules[durable]'（Python 3.12 或更早，有 C 编译器）；"
        "不装就用引擎 python，结果一样",
        "the engine “durable” needs pip install 'hazardrules[durable]' (Python 3.12 or earlier, a C compiler); "
        "the engine “python” needs nothing and gives the same results",
    )
    raise HazardRulesError([Problem("--engine", _MISSING)]) from error

CONTEXT = "0"  # one at a time: of two whose names have the same hash the library makes one

Said = Mapping[str, set[int]]  # what the rules said, and of which numbers
Found = Iterator[tuple[datetime, tuple[str, ...]]]


class Durable:
    """The engine that asks durable-rules."""

    name = "durable"

    def __init__(self) -> None:
        self._lock = Lock()
        self._library: _Library | None = None

    def follow(self, chart: Chart, events: Sequence[Event], until: datetime) -> Course:
        """Return what became of one hazard; see `Engine`. Raises `HazardRulesError`."""
        track = Track(chart, events[0].hazard or "", events[0].enterprise)
        with self._asking(chart) as library:
            for event in events:
                _lapse(library, track, event.at)
                taken = library.ask(library.rules.event(track, event))[ruleset.TAKEN]
                if taken:
                    track.take(chart.transitions[min(taken)], event)
                else:
                    track.refuse(event)
            _lapse(library, track, until)
        return track.course()

    def correlate(self, chart: Chart, signals: Sequence[Signal], until: datetime) -> tuple[Alert, ...]:
        """Return the patterns in the signals of one enterprise; see `Engine`. Raises `HazardRulesError`."""
        forms = {"count": _Pattern.count, "sequence": _Pattern.sequence, "absence": _Pattern.absence}
        found: list[Alert] = []
        for n, correlation in enumerate(chart.correlations):
            with self._asking(chart) as library:
                pattern = _Pattern(library, chart, n, correlation)
                for key, several in by_key(correlation, signals):
                    for at, events in forms[correlation.form](pattern, several, until):
                        found.append(Alert(at, correlation.id, key, events))
        return tuple(sorted(found))

    @contextmanager
    def _asking(self, chart: Chart) -> Iterator[_Library]:
        """Give the library with the rules of *chart*, to one thread at a time."""
        with self._lock:
            if self._library is None or not self._library.rules.is_of(chart):
                self._library = _Library(ruleset.Ruleset(chart))
            try:
                yield self._library
            except BaseException:
                self._library = None  # what it was left with is not known
                raise


class _Library:
    """durable-rules with the rules of one chart."""

    def __init__(self, rules: ruleset.Ruleset) -> None:
        self.rules = rules
        self.said: defaultdict[str, set[int]] = defaultdict(set)
        # without the library's host, which starts two threads and takes a name but once
        definition = {name: self._defined(rule) for name, rule in rules.rules.items()}
        self.library = durable.engine.Ruleset("chart", None, definition)
        weakref.finalize(self, durable_rules_engine.delete_ruleset, self.library._handle).atexit = False

    def ask(self, message: Mapping[str, Any], remembered: Iterable[Mapping[str, int]] = ()) -> Said:
        """Return what the rules say of *message*, with what is *remembered*; the library keeps neither.

        Raises `HazardRulesError` where the library failed, or did not let every rule speak.
        """
        self.said = defaultdict(set)
        wrong: list[Any] = []

        def done(error: Any, state: Mapping[str, Any] | None) -> None:
            wrong.extend(filter(None, (error, (state or {}).get("exception"))))  # it swallows what an action raises

        try:
            # facts: an event would be used up by the first rule that it fires
            for n, one in enumerate(remembered):
                self.library.assert_fact({**one, "id": f"r{n}", "sid": CONTEXT})
            self.library.do_actions(self.library.assert_fact({**message, "id": "asked", "sid": CONTEXT}), done)
            if wrong or not self.said[ruleset.HEARD]:
                raise RuntimeError(wrong[0] if wrong else "the last rule was not heard")  # noqa: TRY301
            # facts taken back one by one, and a context in which nothing fired: with both it errs in its memory
            self.library.delete_state(CONTEXT)
        except Exception as error:
            raise _failed(error) from error
        return self.said

    def _defined(self, rule: ruleset.Rule) -> dict[str, Any]:
        """Return *rule* as the library reads it; all that its action does is to note it down."""

        def of_itself(_: Any) -> None:
            self.said[rule.says].add(rule.of)

        def of_remembered(matched: Any) -> None:
            self.said[rule.says].add(matched.remembered.n)

        action = of_itself if len(rule.messages) == 1 else of_remembered
        return {"all": list(rule.messages), "run": action} | ({"pri": 1} if rule.last else {})


def _lapse(library: _Library, track: Track, until: datetime) -> None:
    """Write the deadlines that have gone by, at or before *until*, earliest first."""
    waiting = list(track.waiting())
    if waiting:
        remembered = [{"n": n, "moment": instant(moment)} for n, (moment, _) in enumerate(waiting)]
        over = library.ask({"what": "clock", "now": instant(until)}, remembered)[ruleset.OVER]
        for moment, deadline in sorted((waiting[n] for n in over), key=lambda wait: (wait[0], wait[1].id)):
            track.lapse(deadline, moment)


class _Pattern:
    """One correlation, asked about the signals that share a key."""

    def __init__(self, library: _Library, chart: Chart, n: int, correlation: Correlation) -> None:
        self.library, self.chart, self.n, self.correlation = library, chart, n, correlation

    def count(self, signals: Sequence[Signal], _until: datetime) -> Found:
        """Yield when there were enough of them; those that still count are remembered."""
        correlation = self.correlation
        members: list[int] = []
        alike: dict[Any, int] = {}
        like = [alike.setdefault(s.facts.get(correlation.distinct or ""), len(alike)) for s in signals]
        for n, signal in enumerate(signals):
            stretch = self.chart.stretch(correlation, signal.at)
            remembered = [self._member(m, signals[m], like[m], stretch) for m in members]
            said = self._ask(signal, remembered, alike=like[n])
            if not said[ruleset.COUNTS]:
                continue
            members = [m for m in members if m not in said[ruleset.OUT]]
            if not said[ruleset.AGAIN].isdisjoint(members):
                continue
            members.append(n)
            if len(members) >= correlation.at_least and said[ruleset.ENOUGH]:
                yield signal.at, tuple(signals[m].event for m in members[-correlation.at_least :])

    def sequence(self, signals: Sequence[Signal], _until: datetime) -> Found:
        """Yield when they came one after another; what came last and what is expected next is remembered."""
        kinds, so_far = self.correlation.kinds, list[Signal]()
        for signal in signals:
            here = len(so_far)
            numbers = self.library.rules.kinds
            expected = [{"n": n, "expects": numbers[kinds[n]]} for n in (here - 1, here) if n >= 0]
            said = self._ask(signal, expected)
            afresh = [signal] if said[ruleset.FIRST] else []
            if here in said[ruleset.NEXT]:
                so_far = [*so_far, signal]
            elif said[ruleset.NEXT]:
                so_far = [*so_far[:-1], signal]  # told twice
            else:
                so_far = afresh
            if len(so_far) == len(kinds):
                stretch = self.chart.stretch(self.correlation, signal.at)
                if stretch is None or signal.at.date() <= stretch.last(so_far[0].at.date()):
                    yield signal.at, tuple(other.event for other in so_far)
                so_far = afresh

    def absence(self, signals: Sequence[Signal], until: datetime) -> Found:
        """Yield when nothing followed for too long; what waits for a follow-up is remembered with its end."""
        correlation = self.correlation
        waits: dict[int, datetime] = {}
        for n, signal in enumerate(signals):
            yield from self._over(signals, waits, signal.at)
            if signal.kind not in self.chart.lapses and (
                correlation.without is None or signal.kind in correlation.without
            ):
                waits.clear()
            if signal.kind in correlation.kinds:
                stretch = self.chart.stretch(correlation, signal.at)
                assert stretch is not None
                waits[n] = gone_by(stretch.last(signal.at.date()))
        yield from self._over(signals, waits, until)

    def _ask(self, signal: Signal, remembered: Iterable[Mapping[str, int]], **numbers: int) -> Said:
        asked = self.library.rules.signal(self.n, self.correlation, signal)
        return self.library.ask(asked | numbers, remembered)

    def _member(self, n: int, signal: Signal, like: int, stretch: Within | None) -> dict[str, int]:
        """Return what is remembered of a signal that counts: its last day, and what it is like."""
        last = date.max if stretch is None else stretch.last(signal.at.date())
        member = {"n": n, "last": last.toordinal()}
        return member if self.correlation.distinct is None else {**member, "like": like}

    def _over(self, signals: Sequence[Signal], waits: dict[int, datetime], until: datetime) -> Found:
        """Yield the waits that have gone by, at or before *until*, and end them."""
        if waits:
            remembered = [{"n": n, "moment": instant(end)} for n, end in waits.items()]
            for n in self.library.ask({"what": "clock", "now": instant(until)}, remembered)[ruleset.OVER]:
                yield waits.pop(n), (signals[n].event,)


def _failed(what: object) -> HazardRulesError:
    message = Text(
        f"durable-rules 没有做完（{what}）；再试一次，或者用引擎 python",
        f"durable-rules did not finish ({what}); try again, or use the engine “python”",
    )
    return HazardRulesError([Problem("--engine", message)])
