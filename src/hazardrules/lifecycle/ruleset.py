"""A chart as the rules that durable-rules is to match, as plain data; what it cannot take is refused by name.

A rule is a conjunction of comparisons with what is asked; or it compares what is remembered with it,
by one comparison that stands alone. There is no “or” and no negation: what else the library offers
it gets wrong somewhere (tests/test_lifecycle_durable.py shows where).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import HazardRulesError, Problem
from ..texts import Text
from .charts import NEW, Chart, Correlation, Guard, Transition
from .comparisons import Alternatives, Comparison, NotPlainError, Numbers
from .courses import Track
from .engine import Signal
from .events import Event

RULES = 511  # with more in one place the library fails or hangs
MATCHES = 60  # of one message; above 64 it fails, and some of them are ours
NUMBERS = 240  # in one message; it takes 254

# what a rule can say of what the engine was told
HEARD, TAKEN, OVER, COUNTS, ENOUGH, OUT, AGAIN, NEXT, FIRST = (
    "heard", "taken", "over", "counts", "enough", "out", "again", "next", "first",
)  # fmt: skip

_SPELLING = {"known": "$ex", "ne": "$neq", "lt": "$lt", "le": "$lte", "gt": "$gt", "ge": "$gte"}
_ALWAYS: Alternatives = ((),)


@dataclass(frozen=True, slots=True)
class Rule:
    """The messages that must have been told, and what the rule then says: a word, and of which number.

    The second message is one that is remembered; then it is said of that one's own number `n`.
    """

    messages: tuple[dict[str, Any], ...]
    says: str
    of: int = 0
    last: bool = False


class Ruleset:
    """The rules of a chart by name, and how its words are numbered in what is asked.

    Raises `HazardRulesError` with every part of the chart that cannot be put in such rules.
    """

    def __init__(self, chart: Chart) -> None:
        self.parts = _parts(chart)
        self.states = _numbered([NEW, *chart.states])
        kinds = [kind for correlation in chart.correlations for kind in correlation.kinds]
        self.kinds = _numbered([*chart.events, *kinds])
        marks = {mark for t in chart.transitions for mark in t.marked | t.unmarked}
        self.marks = {mark: f"m{n}" for n, mark in enumerate(sorted(marks))}
        self.numbers = Numbers(chart.vocabulary)
        self.anew = any(t.begins and t.guard for t in chart.transitions)  # guards that see a new round's facts
        self.rules: dict[str, Rule] = {}
        self.matches: Counter[str] = Counter()  # how many rules one message can fire at the most, by its place
        self.problems: list[Problem] = []
        self._write(chart)
        self._check_limits()
        if self.problems:
            raise HazardRulesError(self.problems)

    def is_of(self, chart: Chart) -> bool:
        """Return whether these are the rules of *chart*; what its parameters are set to is not their business."""
        return all(mine is its for mine, its in zip(self.parts, _parts(chart), strict=True))

    def event(self, track: Track, event: Event) -> dict[str, Any]:
        """Return what is asked about a hazard when *event* comes: kind, state, marks, and the facts with it."""
        marks = track.marks
        asked = {"what": "event", "on": self.kinds[event.kind], "state": self.states[track.state]}
        asked |= {name: int(mark in marks) for mark, name in self.marks.items()}
        asked |= self.numbers.of(track.with_event(event), "f")
        return asked | (self.numbers.of(track.with_event(event, begins=True), "b") if self.anew else {})

    def signal(self, n: int, correlation: Correlation, signal: Signal) -> dict[str, Any]:
        """Return what is asked about a signal for the *n*-th correlation; of a count, `alike` is to be added."""
        asked = {"what": correlation.form, "correlation": n, "kind": self.kinds[signal.kind]}
        return asked | {"day": signal.at.date().toordinal()} | self.numbers.of(signal.facts, "f")

    # ----------------------------------------------------------------------------- the rules

    def _write(self, chart: Chart) -> None:
        # at everything asked, after all the others: nothing is without a rule, and all are known to have fired
        self.rules["heard"] = Rule(({"asked": {"$ex": {"what": 1}}},), HEARD, last=True)
        for n, transition in enumerate(chart.transitions):
            self._transition(n, transition)
        self._remembered(OVER, "clock", {"$lte": {"moment": {"asked": "now"}}})
        self._remembered(OUT, "count", {"$lt": {"last": {"asked": "day"}}})
        self._remembered(AGAIN, "count", {"like": {"asked": "alike"}})
        self._remembered(NEXT, "sequence", {"expects": {"asked": "kind"}})
        for n, correlation in enumerate(chart.correlations):
            self._correlation(n, correlation)

    def _transition(self, n: int, transition: Transition) -> None:
        name = f"transitions[{n}]"
        marks = {self.marks[mark]: 1 for mark in sorted(transition.marked)}
        marks |= {self.marks[mark]: 0 for mark in sorted(transition.unmarked)}
        alternatives = self._alternatives(f"{name}.when", transition.guard, "b" if transition.begins else "f")
        for state in sorted(transition.source & self.states.keys()):
            about = {"what": "event", "on": self.kinds[transition.on], "state": self.states[state], **marks}
            for i, comparisons in enumerate(alternatives):
                self._rule(f"{name} {state} {i}", TAKEN, n, about, comparisons)
            self.matches[f"transitions[{transition.on}, {state}]"] += len(alternatives)

    def _correlation(self, n: int, correlation: Correlation) -> None:
        name, about = f"correlations[{correlation.id}]", {"what": correlation.form, "correlation": n}
        if correlation.form == "count":
            for key, guard, word in (("where", correlation.where, COUNTS), ("when", correlation.when, ENOUGH)):
                alternatives = self._alternatives(f"{name}.{key}", guard)
                for i, comparisons in enumerate(alternatives):
                    self._rule(f"{name} {key} {i}", word, n, about, comparisons)
                self.matches[name] += len(alternatives)
        elif correlation.form == "sequence":
            self._rule(f"{name} first", FIRST, n, {**about, "kind": self.kinds[correlation.kinds[0]]})

    def _alternatives(self, where: str, guard: Guard | None, prefix: str = "f") -> Alternatives:
        try:
            return _ALWAYS if guard is None else self.numbers.alternatives(guard.condition, prefix)
        except NotPlainError as error:
            self._refuse(where, error.message)
            return ()

    def _rule(
        self, name: str, word: str, of: int, about: Mapping[str, Any], comparisons: Iterable[Comparison] = ()
    ) -> None:
        parts = [*({key: value} for key, value in about.items()), *map(_spelled, comparisons)]
        self.rules[name] = Rule(({"asked": {"$and": parts}},), word, of)

    def _remembered(self, word: str, what: str, compared: dict[str, Any]) -> None:
        """Write the rule that compares what is remembered, known by the name of that number, with what is asked."""
        self.rules[word] = Rule(({"asked": {"what": what}}, {"remembered": compared}), word)

    # ----------------------------------------------------------------------------- the limits

    def _check_limits(self) -> None:
        if len(self.rules) > RULES:
            message = Text(
                f"写成规则有 {len(self.rules)} 条，最多 {RULES} 条",
                f"written as rules it comes to {len(self.rules)}, and {RULES} are the most",
            )
            self._refuse("transitions", message)
        for where, n in self.matches.items():
            if n > MATCHES:
                message = Text(
                    f"同一个事件要比 {n} 种情形，最多 {MATCHES} 种",
                    f"one event has {n} cases to be compared with, and {MATCHES} are the most",
                )
                self._refuse(where, message)
        numbers = len(self.marks) + len(self.numbers) * (2 if self.anew else 1)
        if numbers > NUMBERS:
            message = Text(
                f"条件一共要看 {numbers} 个数，最多 {NUMBERS} 个",
                f"the guards read {numbers} numbers in all, and {NUMBERS} are the most",
            )
            self._refuse("transitions", message)

    def _refuse(self, where: str, why: Text) -> None:
        message = Text(
            f"durable-rules 做不到：{why.zh}；用引擎 python",
            f"durable-rules cannot do this: {why.en}; use the engine “python”",
        )
        self.problems.append(Problem(where, message))


def _parts(chart: Chart) -> tuple[object, ...]:
    """Return all that the rules of *chart* are made of."""
    return chart.vocabulary, chart.events, chart.states, chart.transitions, chart.correlations


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: n for n, name in enumerate(dict.fromkeys(names))}


def _spelled(comparison: Comparison) -> dict[str, Any]:
    right: Any = {"$m": comparison.right} if isinstance(comparison.right, str) else comparison.right
    compared = {comparison.left: right}
    return compared if comparison.op == "eq" else {_SPELLING[comparison.op]: compared}
