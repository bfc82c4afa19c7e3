"""Laws that hold for every condition, rule and record: the engines agree, and knowing more never overturns.

Conditions, rules and records are drawn at random (see `strategies`); a part runs on the shipped
standards, with records drawn from their own vocabulary.
"""

from __future__ import annotations

import copy
import json
import pickle
import random
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from strategies import (
    BARE,
    DAY,
    SCALE,
    SUBJECTS,
    VOCABULARY,
    Records,
    Sketch,
    asked,
    conditions,
    constants,
    everything,
    examples,
    must_have,
    read_by,
    rows_of,
    rulebooks,
    subjects_in,
)

from hazardrules import Classification, Corpus, Level, Verdict, default, units
from hazardrules.compiled import truth_of
from hazardrules.completions import Completer
from hazardrules.expr import Call, Const, Each, Expr, Fact, negate
from hazardrules.facts import FactSpec, Vocabulary
from hazardrules.judge import judge, judge_rule
from hazardrules.lower import possibly, surely
from hazardrules.ops import OPS
from hazardrules.record import Record, read
from hazardrules.results import Explanation
from hazardrules.rows import Row, look
from hazardrules.rules import Exclusion, Rule, Rulebook, on_enterprise
from hazardrules.truth import NO, UNKNOWN, YES, Truth

# ------------------------------------------------------------- conditions: the engines say the same


def completed(raw: Mapping[str, Any], vocabulary: Vocabulary = VOCABULARY) -> Record:
    """Return the record *raw* read, with everything filled in that follows."""
    record = read(raw, vocabulary)
    Completer(vocabulary).complete(record.rows)
    return record


@given(asked())
@examples(250)
def test_compiled_is_the_judge(drawn: tuple[str, Expr, Sketch]) -> None:
    subject, condition, sketch = drawn
    compiled = truth_of(condition, VOCABULARY, subject)
    for raw in (sketch.early, sketch.whole):
        for row in rows_of(completed(raw), subject):
            expected = judge(condition, row, VOCABULARY).truth
            event(f"answer {expected.name}")
            assert compiled(row) is expected


def holds(question: Expr, row: Row) -> bool:
    """Answer a two-valued *question*, as `lower` makes them, on *row*: a third engine, the plainest."""
    match question:
        case Call("all", args):
            return all(holds(arg, row) for arg in args)
        case Call("any", args):
            return any(holds(arg, row) for arg in args)
        case Call("not", (arg,)):
            return not holds(arg, row)
        case Call("at_least", (Const(n), *args)):
            return sum(holds(arg, row) for arg in args) >= n
        case Each(items, where, least):
            answers = [holds(where, part) for part in look(row, items).rows]
            return all(answers) if least is None else sum(answers) >= least
        case Call(op, args):
            return bool(OPS[op].meaning(*(operand(arg, row) for arg in args)))
    raise TypeError(question)


def operand(expr: Expr, row: Row) -> Any:
    """Return the value of an operand on *row*."""
    match expr:
        case Fact(name):
            return look(row, name)
        case Const(value):
            return value
        case Call(op, args):
            return OPS[op].meaning(*(operand(arg, row) for arg in args))
    raise TypeError(expr)


@given(asked())
@examples(200)
def test_the_two_rails_are_exclusive_and_exact(drawn: tuple[str, Expr, Sketch]) -> None:
    subject, condition, sketch = drawn
    opposite = Call("not", (condition,))
    for row in rows_of(completed(sketch.early), subject):
        answer = judge(condition, row, VOCABULARY).truth
        assert holds(surely(condition), row) is (answer is YES)
        assert holds(possibly(condition), row) is (answer is not NO)
        assert holds(surely(opposite), row) is (answer is NO)
        assert holds(possibly(opposite), row) is (answer is not YES)
        assert not (holds(surely(condition), row) and holds(surely(opposite), row))


@given(asked())
@examples(200)
def test_an_answer_is_never_overturned(drawn: tuple[str, Expr, Sketch]) -> None:
    subject, condition, sketch = drawn
    later = {row._path: row for row in rows_of(read(sketch.whole, BARE), subject)}
    for row in rows_of(read(sketch.early, BARE), subject):
        before = judge(condition, row, BARE).truth
        after = judge(condition, later[row._path], BARE).truth
        event(f"{before.name} then {after.name}")
        assert before is UNKNOWN or after is before


@given(asked(depth=2), st.randoms(use_true_random=False))
@examples(100)
def test_order_of_operands_does_not_matter(drawn: tuple[str, Expr, Sketch], chance: random.Random) -> None:
    subject, condition, sketch = drawn

    def shuffled(expr: Expr) -> Expr:
        match expr:
            case Call("all" | "any" as op, args):
                return Call(op, tuple(chance.sample([shuffled(arg) for arg in args], len(args))))
            case Call("at_least", (count, *args)):
                return Call("at_least", (count, *chance.sample([shuffled(arg) for arg in args], len(args))))
            case Call("not", (arg,)):
                return Call("not", (shuffled(arg),))
        return expr

    other = shuffled(condition)
    for row in rows_of(completed(sketch.early), subject):
        assert truth_of(other, VOCABULARY, subject)(row) is judge(condition, row, VOCABULARY).truth


@given(asked(depth=2))
@examples(150)
def test_only_the_unknown_leaves_can_settle(drawn: tuple[str, Expr, Sketch]) -> None:
    """An open question stays open whatever is learnt of facts that are not among its unknown leaves."""
    subject, condition, sketch = drawn
    record, later = read(sketch.early, BARE), read(sketch.whole, BARE)
    told = {row._path: row for rows in later.rows.values() for row in rows}
    for row in rows_of(record, subject):
        trace = judge(condition, row, BARE)
        if trace.truth is not UNKNOWN:
            continue
        leaves = {owner_path(at, name) for at, name in trace.unknown_leaves()}
        assert leaves
        for other in (other for rows in record.rows.values() for other in rows):
            for spec in BARE.kinds[other._kind].facts.values():
                if spec.type != "list" and f"{other._path}.{spec.id}" not in leaves:
                    setattr(other, spec.id, getattr(told[other._path], spec.id))
        assert judge(condition, row, BARE).truth is UNKNOWN
        return


def owner_path(row: Row, name: str) -> str:
    """Return the path of the fact *name* that *row* sees, found without the engine's own help."""
    kind, _, fact = name.rpartition(".")
    while kind and row._kind != kind:
        assert row._up is not None
        row = row._up
    return f"{row._path}.{fact}"


# ---------------------------------------------------------------------------------- numbers are exact


def decimals(least: str, most: str) -> SearchStrategy[Decimal]:
    """Draw numbers of up to four places."""
    return st.decimals(least, most, places=4).flatmap(
        lambda number: st.sampled_from([n for n in (number, round(number, 1), round(number)) if n >= Decimal(least)])
    ).map(Decimal)


LENGTHS = (("m", "height", 1000), ("cm", "height_design", 10))


@given(decimals("0.0001", "9.9999"), decimals("0.0001", "9999.9999"), st.sampled_from((-1, 0, 1)), st.booleans())
@examples(200)
def test_at_k_times_design(k: Decimal, design: Decimal, step: int, as_float: bool) -> None:
    """A value exactly at k × design, and one ten-thousandth of a millimetre beside it, in both engines."""
    exact = Fraction(k) * Fraction(design) * 10  # design is in cm, the base is mm
    height = exact + Fraction(step, 10_000)
    stated = units.plain(height / 1000)
    number = float(stated) if as_float and len(stated.replace(".", "").lstrip("0")) <= 15 else Decimal(stated)
    record = read({"plant": [{"height": number, "height_design": str(design)}]}, VOCABULARY)
    (row,) = record.rows["plant"]
    limit = Call("times", (Const(k), Fact("height_design")))
    expected = {"lt": step < 0, "le": step <= 0, "eq": step == 0, "ne": step != 0, "ge": step >= 0, "gt": step > 0}
    for op, answer in expected.items():
        condition = Call(op, (Fact("height"), limit))
        truth = YES if answer else NO
        assert judge(condition, row, VOCABULARY).truth is truth, op
        assert truth_of(condition, VOCABULARY, "plant")(row) is truth, op


@given(decimals("0", "99.9999"), decimals("0", "99.9999"), st.sampled_from((-1, 0, 1)))
@examples(100)
def test_at_a_sum_or_difference(a: Decimal, b: Decimal, step: int) -> None:
    """A height at depth ± a difference, in other units and beside it by one ten-thousandth."""
    for op, total in (("plus", Fraction(a) + Fraction(b)), ("minus", Fraction(a) - Fraction(b))):
        height = total + Fraction(step, 10_000)
        record = read({"plant": [{"height": f"{units.plain(height)} m", "height_design": f"{a * 100} cm"}]}, VOCABULARY)
        (row,) = record.rows["plant"]
        shifted = Call(op, (Fact("height_design"), Const(b * 1000)))
        for comparison, answer in (("ge", step >= 0), ("gt", step > 0), ("eq", step == 0)):
            condition = Call(comparison, (Fact("height"), shifted))
            truth = YES if answer else NO
            assert judge(condition, row, VOCABULARY).truth is truth
            assert truth_of(condition, VOCABULARY, "plant")(row) is truth


@given(decimals("0.1", "99.9999"), decimals("0.1", "9.9999"), st.sampled_from((-1, 0, 1)))
@examples(100)
def test_at_a_gradient(run: Decimal, k: Decimal, step: int) -> None:
    """`slope` recorded as 1:run against k × a design in %, where thirds are exact too."""
    slope = Fraction(1000) / Fraction(run)
    design = slope / Fraction(k) + Fraction(step, 10**9)
    record = read({"plant": [{"slope": f"1:{run}"}]}, VOCABULARY)
    (row,) = record.rows["plant"]
    assert row.slope == slope  # type: ignore[attr-defined]
    for op, answer in (("gt", step < 0), ("ge", step <= 0), ("eq", step == 0)):
        condition = Call(op, (Fact("slope"), Call("times", (Const(k), Fact("slope_design")))))
        row.slope_design = design  # type: ignore[attr-defined]
        truth = YES if answer else NO
        assert judge(condition, row, VOCABULARY).truth is truth
        assert truth_of(condition, VOCABULARY, "plant")(row) is truth


# ---------------------------------------------------------------------------- rules: verdicts agree


@st.composite
def ruled(draw: DrawFn) -> tuple[str, Rulebook, Sketch]:
    """Draw a subject, a document with rules on it, and a record that has such a subject."""
    subject = draw(st.sampled_from(SUBJECTS))
    rulebook = draw(rulebooks(subject))
    asked = [condition for _, _, rule in rulebook.rules() for condition in rule.conditions()]
    for standard in rulebook.standards:
        asked += [standard.scope, *(chapter.applies for chapter in standard.chapters.values())]
    wanted = read_by(VOCABULARY, subject, asked) - {("inspection", "date")}
    sketch = draw(Records(VOCABULARY, wanted).sketches(must_have(subject)))
    how = draw(st.sampled_from(("as drawn", "applies", "meets", "meets")))
    rows = rows_of(Corpus(rulebook).inspect(sketch.whole, on=DAY).record, subject)
    return subject, rulebook if how == "as drawn" else turned(rulebook, rows[0], met=how == "meets"), sketch


def turned(rulebook: Rulebook, row: Row, *, met: bool) -> Rulebook:
    """Return *rulebook* with conditions turned round so that its rules apply to *row*, and are *met* by it.

    Soft exceptions and deferrals stay as drawn. Without this most random rules do not apply.
    """

    def true(condition: Expr) -> Expr:
        return negate(condition) if judge(condition, row, VOCABULARY).truth is NO else condition

    def untrue(exclusion: Exclusion) -> Exclusion:
        firm = not exclusion.soft and not exclusion.defers_to
        hinders = firm and judge(exclusion.when, row, VOCABULARY).truth is YES
        return replace(exclusion, when=negate(exclusion.when)) if hinders else exclusion

    def rule(drawn: Rule) -> Rule:
        applying = replace(drawn, applies=true(drawn.applies))
        if not met:
            return applying
        return replace(applying, when=true(drawn.when), unless=tuple(map(untrue, drawn.unless)))

    (standard,) = rulebook.standards
    chapters = {name: replace(chapter, applies=true(chapter.applies)) for name, chapter in standard.chapters.items()}
    clauses = tuple(replace(clause, rules=tuple(map(rule, clause.rules))) for clause in standard.clauses)
    standard = replace(standard, scope=true(standard.scope), chapters=chapters, clauses=clauses)
    return replace(rulebook, standards=(standard,))


def by_reference(corpus: Corpus, raw: Mapping[str, Any], industry: str | None, day: date) -> dict[Any, Verdict]:
    """Return the verdicts that the reference gives, by (rule, path): one `judge_rule` each."""
    inspection = corpus.inspect(raw, industry=industry, on=day)
    found = {}
    for entry in corpus.rulebook.edition(day).of(corpus.chosen(industry)).entries:
        asserted = frozenset(gate for _, gate in entry.gates if on_enterprise(gate)) if industry else frozenset()
        for subject in entry.rule.subjects:
            for row in rows_of(inspection.record, subject):
                made = judge_rule(entry.rule, row, corpus.vocabulary, entry.gates, asserted)
                found[entry.rule.id, row._path] = made.verdict
    return found


@given(ruled(), st.sampled_from((None, "trade")))
@examples(250)
def test_compiled_verdicts_are_the_reference(drawn: tuple[str, Rulebook, Sketch], industry: str | None) -> None:
    _, rulebook, sketch = drawn
    corpus = Corpus(rulebook)
    for raw in (sketch.early, sketch.whole):
        expected = by_reference(corpus, raw, industry, DAY)
        for verdict in expected.values():
            event(verdict.value)
        assert corpus.verdicts(raw, industry=industry, on=DAY) == expected


#: narrow YES and wide YES/NO of a verdict, which more knowledge must keep
SETTLED = {
    Verdict.HIT: {Verdict.HIT},
    Verdict.DISPUTED: {Verdict.DISPUTED, Verdict.HIT},
    Verdict.CLEAR: {Verdict.CLEAR, Verdict.NOT_APPLICABLE, Verdict.DEFERRED},
    Verdict.NOT_APPLICABLE: {Verdict.NOT_APPLICABLE},
    Verdict.DEFERRED: {Verdict.DEFERRED, Verdict.CLEAR, Verdict.NOT_APPLICABLE},
    Verdict.UNKNOWN: set(Verdict),
}


@given(ruled())
@examples(200)
def test_verdicts_are_never_overturned(drawn: tuple[str, Rulebook, Sketch]) -> None:
    """Narrow YES, wide YES and wide NO stay when unknown facts are filled in without contradiction."""
    subject, rulebook, sketch = drawn
    corpus = Corpus(rulebook)
    sketch = consistent(corpus, sketch)
    (entry, *_) = rulebook.edition(DAY).entries
    later = {row._path: row for row in rows_of(corpus.inspect(sketch.whole, on=DAY).record, subject)}
    for row in rows_of(corpus.inspect(sketch.early, on=DAY).record, subject):
        before = judge_rule(entry.rule, row, VOCABULARY, entry.gates)
        after = judge_rule(entry.rule, later[row._path], VOCABULARY, entry.gates)
        event(f"{before.verdict.value} then {after.verdict.value}")
        assert before.narrow is not YES or after.narrow is YES
        assert before.wide is UNKNOWN or after.wide is before.wide
        assert after.verdict in SETTLED[before.verdict]


@given(ruled())
@examples(150)
def test_the_order_of_verdicts(drawn: tuple[str, Rulebook, Sketch]) -> None:
    """A verdict follows from narrow, wide, A and the deferrals, in the order that the design gives."""
    subject, rulebook, sketch = drawn
    corpus = Corpus(rulebook)
    for row in rows_of(corpus.inspect(sketch.early, on=DAY).record, subject):
        for entry in rulebook.edition(DAY).entries:
            made = judge_rule(entry.rule, row, VOCABULARY, entry.gates)
            assert made.verdict is verdict_by_hand(entry.rule, row, entry.gates)
            assert made.narrow is not YES or made.wide is YES


def verdict_by_hand(rule: Any, row: Row, gates: tuple[tuple[str | None, Expr], ...]) -> Verdict:
    """Return the verdict from the definitions alone, spelled out with min and max."""

    def ask(condition: Expr) -> int:
        return int(judge(condition, row, VOCABULARY).truth)

    a = min([ask(rule.applies), *(ask(gate) for _, gate in gates)])
    w, d = ask(rule.when), [ask(reading.when) for reading in rule.disputed]
    y = max([0, *(ask(e.when) for e in rule.unless if e.defers_to is not None)])
    others = [e for e in rule.unless if e.defers_to is None]
    firm = max([0, *(ask(e.when) for e in others if e.disputed is None and not e.unverified)])
    soft = max([0, *(ask(e.when) for e in others if e.disputed is not None or e.unverified)])
    narrow, wide = min(a, w, 2 - firm, 2 - soft, 2 - y), min(a, max([w, *d]), 2 - firm, 2 - y)
    if narrow == 2:
        return Verdict.HIT
    if wide == 2:
        return Verdict.DISPUTED
    if wide == 1:
        return Verdict.UNKNOWN
    if a == 0:
        return Verdict.NOT_APPLICABLE
    if y == 2 and max([w, *d]) > 0 and firm < 2:
        return Verdict.DEFERRED
    return Verdict.CLEAR


def consistent(corpus: Corpus, sketch: Sketch, **options: Any) -> Sketch:
    """Return *sketch* without the stated facts that contradict what follows from the others."""
    sketch = copy.deepcopy(sketch)
    for _ in range(20):
        found = corpus.inspect(sketch.whole, **{"on": DAY, **options}).contradictions
        if not found:
            return sketch
        for contradiction in found:
            path, _, fact = contradiction.path.rpartition(".")
            for raw in (sketch.early, sketch.whole):
                for at, _, facts in subjects_in(raw, corpus.vocabulary):
                    if at == path:
                        facts.pop(fact, None)
    assume(False)
    raise AssertionError
