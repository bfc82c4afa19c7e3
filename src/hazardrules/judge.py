"""The reference: an expression judged on a row gives a trace, a rule on a row a judgement.

The trace is the evaluation, kept; its value is the answer, and the explanation is nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from . import truth
from .expr import Call, Const, Each, Expr, Fact
from .facts import Vocabulary
from .ops import OPS
from .rows import Parts, Row, container, look, path_of
from .rules import Exclusion, Reading, Rule
from .truth import NO, UNKNOWN, YES, Truth


class Verdict(Enum):
    """What became of a rule on a subject; `code` is its number in compiled results and frames."""

    HIT = "hit"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    DEFERRED = "deferred"
    CLEAR = "clear"

    @property
    def code(self) -> int:
        """0 clear, 1 hit, -1 unknown, -2 not applicable, -3 deferred, -4 disputed."""
        return _CODES[self]


_CODES = {
    Verdict.CLEAR: 0, Verdict.HIT: 1, Verdict.UNKNOWN: -1,
    Verdict.NOT_APPLICABLE: -2, Verdict.DEFERRED: -3, Verdict.DISPUTED: -4,
}  # fmt: skip
VERDICTS = {code: verdict for verdict, code in _CODES.items()}


@dataclass(frozen=True, slots=True)
class Trace:
    """How one node came out: `value` is a `Truth` for a condition, else the operand's value."""

    expr: Expr
    value: Any
    row: Row
    parts: tuple[Trace, ...] = ()

    @property
    def truth(self) -> Truth:
        """The answer of a condition."""
        assert isinstance(self.value, Truth)
        return self.value

    def unknown_leaves(self) -> Iterator[tuple[Row, str]]:
        """Yield the facts that leave this open: (row, name) of the unknown leaves below it."""
        if not (self.value is None or self.value is UNKNOWN):
            return
        open_parts = [part for part in self.parts if part.value is None or part.value is UNKNOWN]
        if open_parts:
            for part in open_parts:
                yield from part.unknown_leaves()
        elif isinstance(self.expr, Fact):
            yield self.row, self.expr.name
        elif isinstance(self.expr, Each):
            yield self.row, self.expr.items


def judge(expr: Expr, row: Row, vocabulary: Vocabulary) -> Trace:
    """Return how the condition *expr* comes out on *row*."""
    match expr:
        case Const(value):
            return Trace(expr, value, row)
        case Fact(name):
            return _fact(expr, name, row, vocabulary)
        case Each(items, where, least):
            return _each(expr, items, where, least, row, vocabulary)
        case Call("at_least", (Const(n), *conditions)):
            parts = tuple(judge(arg, row, vocabulary) for arg in conditions)
            return Trace(expr, truth.at_least(n, [part.truth for part in parts]), row, parts)
        case Call(op, args):
            parts = tuple(judge(arg, row, vocabulary) for arg in args)
            return Trace(expr, _apply(op, parts), row, parts)


def _apply(op: str, parts: tuple[Trace, ...]) -> Any:
    match op:
        case "all":
            return truth.all_of(part.truth for part in parts)
        case "any":
            return truth.any_of(part.truth for part in parts)
        case "not":
            return truth.negate(parts[0].truth)
    return _strict(op, [part.value for part in parts])


def _strict(op: str, operands: list[Any]) -> Any:
    """Apply a strict operator: unknown as soon as one operand is."""
    is_value = op in ("times", "plus", "minus", "later")
    if any(operand is None for operand in operands):
        return None if is_value else UNKNOWN
    result = OPS[op].meaning(*operands)
    return result if is_value else (YES if result else NO)


def _fact(expr: Fact, name: str, row: Row, vocabulary: Vocabulary) -> Trace:
    kind, _, fact = name.rpartition(".")
    owner = container(row, kind) if kind else row
    value = look(row, name)
    if owner is None:
        return Trace(expr, value, row)
    spec = vocabulary.kinds[owner._kind].facts[fact]
    if spec.type == "yes_no":
        value = truth.of(value)
    definition = vocabulary.definitions.get((owner._kind, fact))
    parts: tuple[Trace, ...] = ()
    known = value is not None and value is not UNKNOWN
    if definition and fact not in owner._stated and (known or definition.whole):
        parts = tuple(judge(condition, owner, vocabulary) for condition in definition.conditions)
    return Trace(expr, value, row, parts)


def _each(expr: Each, items: str, where: Expr, least: int | None, row: Row, vocabulary: Vocabulary) -> Trace:
    parts = look(row, items)
    if parts is None:
        return Trace(expr, UNKNOWN, row)
    assert isinstance(parts, Parts)
    traces = tuple(judge(where, part, vocabulary) for part in parts.rows)
    values = [trace.truth for trace in traces]
    if least is None:
        value = truth.all_of(values if parts.complete else [*values, UNKNOWN])
    else:
        value = truth.at_least(least, values if parts.complete else [*values, *[UNKNOWN] * least])
    return Trace(expr, value, row, traces)


# ------------------------------------------------------------------------------------------ rules


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rule judged on a row: the verdict, and the trace of each of its conditions."""

    rule: Rule
    row: Row
    verdict: Verdict
    gates: tuple[tuple[str | None, Trace, bool], ...]  # citation, trace, asserted by `industry=`
    applies: Trace
    when: Trace
    unless: tuple[tuple[Exclusion, Trace], ...]
    disputed: tuple[tuple[Reading, Trace], ...]
    narrow: Truth
    wide: Truth

    @property
    def cleared_by(self) -> Exclusion | None:
        """The exception that cleared what would else have been a hit."""
        if self.verdict is not Verdict.CLEAR:
            return None
        met = max([self.when.truth, *(trace.truth for _, trace in self.disputed)]) > NO
        firm = (e for e, trace in self.unless if trace.truth is YES and not e.soft and not e.defers_to)
        return next(firm, None) if met else None

    def missing(self) -> list[tuple[Row, str]]:
        """Return the facts that leave the rule open, those of its gates and `applies` first."""
        traces = [trace for _, trace, asserted in self.gates if not asserted]
        traces += [self.applies, self.when]
        traces += [trace for _, trace in self.unless]
        if self.when.truth is not YES:  # a wider reading decides nothing beside the sure core
            traces += [trace for _, trace in self.disputed]
        leaves: dict[str, tuple[Row, str]] = {}
        for trace in traces:
            for row, name in trace.unknown_leaves():
                leaves.setdefault(path_of(row, name), (row, name))
        return list(leaves.values())


def judge_rule(
    rule: Rule,
    row: Row,
    vocabulary: Vocabulary,
    gates: tuple[tuple[str | None, Expr], ...] = (),
    asserted: frozenset[Expr] = frozenset(),
) -> Judgement:
    """Return how *rule* comes out on *row*.

    *gates* are the conditions of its document and chapter, each with its citation; one that is
    *asserted* counts as YES while it is not known. With A = gates and applies, W = when, E firm
    and Es soft exceptions, D wider readings, Y deferrals: narrow = all(A, W, not E, not Es, not Y)
    is what everyone accepts, wide = all(A, any(W, D), not E, not Y) what someone accepts.
    """
    gate_traces = tuple((label, judge(gate, row, vocabulary), gate in asserted) for label, gate in gates)
    applies, when = judge(rule.applies, row, vocabulary), judge(rule.when, row, vocabulary)
    unless = tuple((e, judge(e.when, row, vocabulary)) for e in rule.unless)
    disputed = tuple((r, judge(r.when, row, vocabulary)) for r in rule.disputed)

    gate_truths = [YES if taken and t.truth is UNKNOWN else t.truth for _, t, taken in gate_traces]
    a = truth.all_of([*gate_truths, applies.truth])
    met = truth.any_of([when.truth, *(t.truth for _, t in disputed)])
    firm = truth.any_of(t.truth for e, t in unless if not e.soft and not e.defers_to)
    soft = truth.any_of(t.truth for e, t in unless if e.soft and not e.defers_to)
    deferral = truth.any_of(t.truth for e, t in unless if e.defers_to)
    outside = truth.negate(truth.any_of([firm, deferral]))
    narrow = truth.all_of([a, when.truth, truth.negate(soft), outside])
    wide = truth.all_of([a, met, outside])

    if narrow is YES:
        verdict = Verdict.HIT
    elif wide is YES:
        verdict = Verdict.DISPUTED
    elif wide is UNKNOWN:
        verdict = Verdict.UNKNOWN
    elif a is NO:
        verdict = Verdict.NOT_APPLICABLE
    elif deferral is YES and met > NO and firm < YES:
        verdict = Verdict.DEFERRED
    else:
        verdict = Verdict.CLEAR
    return Judgement(rule, row, verdict, gate_traces, applies, when, unless, disputed, narrow, wide)
