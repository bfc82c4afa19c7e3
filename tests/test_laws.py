"""Laws that hold for every condition, rule and record: the engines agree, and knowing more never overturns.

Conditions, rules and records are drawn at random (see `strategies`); a part runs on the shipped
standards, with records drawn from their own vocabulary.
"""

from __future__ import annotations

import copy
import random
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from hazardrules import Classification, Corpus, Level, Verdict, default, units
from hazardrules.compiled import truth_of
from hazardrules.completions import Completer
from hazardrules.expr import Call, Const, Each, Expr, Fact, negate
from hazardrules.facts import Scope, Vocabulary
from hazardrules.judge import judge, judge_rule
from hazardrules.lower import possibly, surely
from hazardrules.ops import OPS
from hazardrules.record import Record, read
from hazardrules.rows import Row, look
from hazardrules.rules import Exclusion, Rule, Rulebook
from hazardrules.testing import Sketch, consistent, histories, laws, reordered, respelled, subjects_in
from hazardrules.testing.ground import Ground
from hazardrules.testing.laws import by_reference, rows_of
from hazardrules.truth import NO, UNKNOWN, YES
from strategies import BARE, DAY, SUBJECTS, VOCABULARY, asked, examples, rulebooks, sketches

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


LAYERS = {
    "plant": [
        {
            "guarded": False,
            "method": "干式",
            "vessels": [
                {"guarded": True, "covered": True, "nozzles": [{"guarded": False, "method": "湿式"}]},
                {"guarded": False, "covered": False, "sensors": [{"live": "失效"}], "nozzles": []},
            ],
            "sensors": [{"live": "正常"}],
        },
        {"guarded": True, "vessels": [{"guarded": False, "nozzles": [{"guarded": True}, {"guarded": True}]}]},
    ],
    "enterprise": {"certified": False, "depots": [{"locked": True}]},
}


@pytest.mark.parametrize("subject", sorted(set(SUBJECTS)))
def test_a_part_sees_itself_and_what_contains_it(subject: str) -> None:
    """Every plain fact, read from every depth of parts of parts, is read from the same place by both engines."""
    record = completed(LAYERS)

    def within(scope: Scope, depth: int) -> Iterator[Expr]:
        for name in scope.names():
            spec = scope.find(name)
            if spec is not None and spec.type == "yes_no":
                yield Fact(name)
            elif spec is not None and spec.is_word:
                yield Call("eq", (Fact(name), Const(next(iter(spec.values)))))
            elif spec is not None and spec.type == "list" and depth:
                yield from (Each(name, where, 1) for where in within(scope.inside(name), depth - 1))

    for condition in within(VOCABULARY.scope(subject), 3 if subject in ("enterprise", "plant") else 2):
        compiled = truth_of(condition, VOCABULARY, subject)
        for row in rows_of(record, subject):
            assert compiled(row) is judge(condition, row, VOCABULARY).truth, condition


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
            return sum(holds(arg, row) for arg in args) >= int(n)
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
    return (
        st.decimals(least, most, places=4)
        .flatmap(
            lambda number: st.sampled_from(
                [n for n in (number, round(number, 1), round(number)) if n >= Decimal(least)]
            )
        )
        .map(Decimal)
    )




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
    row: Any = read({"plant": [{"slope": f"1:{run}"}]}, VOCABULARY).rows["plant"][0]
    assert row.slope == slope
    for op, answer in (("gt", step < 0), ("ge", step <= 0), ("eq", step == 0)):
        condition = Call(op, (Fact("slope"), Call("times", (Const(k), Fact("slope_design")))))
        row.slope_design = design
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
    sketch = draw(sketches(subject, asked))
    how = draw(st.sampled_from(("as drawn", "applies", "meets", "meets")))
    rows = rows_of(Corpus(rulebook).inspect(sketch.whole, on=DAY).record, subject)
    as_drawn = how == "as drawn" or not rows
    return subject, rulebook if as_drawn else turned(rulebook, rows[0], met=how == "meets"), sketch


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


@given(ruled(), st.sampled_from((None, "trade")))
@examples(250)
def test_compiled_verdicts_are_the_reference(drawn: tuple[str, Rulebook, Sketch], industry: str | None) -> None:
    _, rulebook, sketch = drawn
    corpus = Corpus(rulebook)
    for raw in (sketch.early, sketch.whole):
        laws.engines_agree(corpus, raw, industry=industry, on=DAY)
        for verdict in by_reference(corpus, raw, industry=industry, on=DAY).values():
            event(verdict.value)


@given(ruled())
@examples(200)
def test_verdicts_are_never_overturned(drawn: tuple[str, Rulebook, Sketch]) -> None:
    """Narrow YES, wide YES and wide NO stay when unknown facts are filled in without contradiction."""
    subject, rulebook, sketch = drawn
    corpus = Corpus(rulebook)
    sketch = consistent(corpus, sketch, on=DAY)
    (entry, *_) = rulebook.edition(DAY).entries
    later = {row._path: row for row in rows_of(corpus.inspect(sketch.whole, on=DAY).record, subject)}
    for row in rows_of(corpus.inspect(sketch.early, on=DAY).record, subject):
        before = judge_rule(entry.rule, row, VOCABULARY, entry.gates)
        after = judge_rule(entry.rule, later[row._path], VOCABULARY, entry.gates)
        event(f"{before.verdict.value} then {after.verdict.value}")
        assert before.narrow is not YES or after.narrow is YES
        assert before.wide is UNKNOWN or after.wide is before.wide
        assert after.verdict in laws.SETTLED[before.verdict]


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


# --------------------------------------------------------- the shipped standards, on records of their own

INDUSTRIES = ("dust_explosion", "confined_space")
ON = date(2026, 3, 1)


@cache
def histories_of(industry: str) -> SearchStrategy[Sketch]:
    """Draw records of *industry* with gaps, and with some of them filled in."""
    return histories(industry=industry, on=ON)


either = st.sampled_from(INDUSTRIES).flatmap(lambda industry: st.tuples(st.just(industry), histories_of(industry)))


@given(either, st.booleans())
@examples(60)
def test_corpus_verdicts_are_the_reference(drawn: tuple[str, Sketch], asserted: bool) -> None:
    industry, sketch = (drawn[0] if asserted else None), drawn[1]
    laws.engines_agree(default(), sketch.early, industry=industry, on=ON)
    for verdict in by_reference(default(), sketch.early, industry=industry, on=ON).values():
        event(verdict.value)


def test_every_rule_is_in_force_some_day() -> None:
    assert list(Ground(default()).days) == [rule.id for _, _, rule in default().rulebook.rules()]


@given(st.deferred(histories))
@examples(150)
def test_every_document_is_judged_as_the_reference_does(sketch: Sketch) -> None:
    for raw in (sketch.early, sketch.whole):
        laws.engines_agree(default(), raw)


def asserted_or_none(industry: str, sketch: Sketch) -> str | None:
    """Return *industry* unless the facts contradict it: then it asserts what later proves wrong."""
    told = default().classify(sketch.whole, industry=industry, on=ON).notices
    return None if any(notice.code == "industry_contradicted" for notice in told) else industry


@given(either)
@examples(80)
def test_more_knowledge_never_overturns(drawn: tuple[str, Sketch]) -> None:
    """Established is never lowered and possible never raised, and no verdict is overturned."""
    named, sketch = drawn
    laws.knowledge_keeps(default(), sketch, industry=asserted_or_none(named, sketch), on=ON)


@given(either)
@examples(80)
def test_a_settled_record_stays_settled(drawn: tuple[str, Sketch]) -> None:
    """A record on which nothing is open and nothing found: no fact still unknown can change that."""
    named, sketch = drawn
    corpus = default()
    sketch = settled(corpus, sketch, named)
    industry = asserted_or_none(named, sketch)
    before, after = (corpus.classify(raw, industry=industry, on=ON) for raw in (sketch.early, sketch.whole))
    event(f"{before.level.value} then {after.level.value}")
    event(f"subjects: {sum(1 for _ in subjects_in(sketch.early, corpus.vocabulary)) - 2}")
    assert after.possible.rank <= before.possible.rank
    assert after.established.rank >= before.established.rank


def settled(corpus: Corpus, sketch: Sketch, industry: str) -> Sketch:
    """Return *sketch* with all its lists looked at, and without the subjects on which anything is found or open."""
    sketch = copy.deepcopy(sketch)
    kinds = {subject.rpartition(".")[2] for e in corpus.rulebook.edition(ON).entries for subject in e.rule.subjects}
    for raw in (sketch.early, sketch.whole):
        raw["inspection"]["other_regimes"] = []
        for kind in corpus.vocabulary.top:
            if kind in kinds or kind in raw:
                raw.setdefault(kind, [])
        for _, kind, facts in list(subjects_in(raw, corpus.vocabulary)):
            for spec in corpus.vocabulary.kinds[kind].lists:
                facts.setdefault(spec.id, [])
    for _ in range(3):
        verdicts = corpus.verdicts(sketch.early, industry=industry, on=ON)
        bad = {
            path
            for (_, path), verdict in verdicts.items()
            if verdict in (Verdict.HIT, Verdict.DISPUTED, Verdict.UNKNOWN)
        }
        for raw in (sketch.early, sketch.whole):
            keep(raw, bad, sketch.early)
    return sketch


def keep(raw: dict[str, Any], bad: set[str], early: dict[str, Any]) -> None:
    """Leave out of *raw* the subjects on a path in *bad*, and those that are not in *early*; lists become complete."""
    known = {path for path, _, _ in subjects_in(early, default().vocabulary)} - bad

    def kept(table: Any, path: str) -> list[dict[str, Any]]:
        items = table["seen"] if isinstance(table, dict) else table
        found = [item for item in items if f"{path}[{item['id']}]" in known]
        for item in found:
            inside(item, f"{path}[{item['id']}]")
        return found

    def inside(facts: dict[str, Any], path: str) -> None:
        for key, value in facts.items():
            if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
                facts[key] = kept(value, f"{path}.{key}")

    for key, value in raw.items():
        if key in ("inspection", "enterprise"):
            inside(value, key)
        else:
            raw[key] = kept(value, key)


@given(either, st.randoms(use_true_random=False))
@examples(60)
def test_same_facts_in_another_order_same_bytes(drawn: tuple[str, Sketch], chance: random.Random) -> None:
    industry, sketch = drawn
    laws.order_is_free(default(), sketch.early, reordered(sketch.early, chance.choice), industry=industry)


@given(either)
@examples(60)
def test_the_fingerprint_covers_the_facts(drawn: tuple[str, Sketch]) -> None:
    industry, sketch = drawn
    one = default().classify(sketch.early, industry=industry, on=ON)
    again = default().classify(copy.deepcopy(sketch.early), industry=industry, on=ON)
    other = default().classify(sketch.whole, industry=industry, on=ON)
    assert again.to_json() == one.to_json()
    assert (other.fingerprint == one.fingerprint) is (sketch.early == sketch.whole)
    assert default().classify(sketch.early, industry=industry, on=ON + timedelta(days=1)).fingerprint != one.fingerprint
    assert default().classify(sketch.early, on=ON).fingerprint != one.fingerprint


@given(either, st.randoms(use_true_random=False))
@examples(60)
def test_spelling_does_not_matter(drawn: tuple[str, Sketch], chance: random.Random) -> None:
    """Words or their English labels, other units, dates as text or as dates: the verdicts are the same."""
    industry, sketch = drawn
    other = respelled(sketch.whole, default().vocabulary, chance.choice)
    laws.spelling_is_free(default(), sketch.whole, other, industry=industry)


@given(asked(), st.randoms(use_true_random=False))
@examples(100)
def test_spelling_does_not_matter_to_a_condition(drawn: tuple[str, Expr, Sketch], chance: random.Random) -> None:
    subject, condition, sketch = drawn
    one = [judge(condition, row, BARE).truth for row in rows_of(read(sketch.whole, BARE), subject)]
    other = read(respelled(sketch.whole, BARE, chance.choice), BARE)
    assert [judge(condition, row, BARE).truth for row in rows_of(other, subject)] == one


@given(either, st.randoms(use_true_random=False), st.sampled_from(("its own", "its own", "both", "none")))
@examples(80)
def test_classify_never_raises(drawn: tuple[str, Sketch], chance: random.Random, asserted: str) -> None:
    """Any valid record gives a sound result: on any day, with ids or without, in any spelling."""
    industry, sketch = drawn
    raw = respelled(sketch.whole, default().vocabulary, chance.choice)
    mixed_days = chance.random() < 0.3
    for path, _, facts in list(subjects_in(raw, default().vocabulary)):
        if path in ("inspection", "enterprise"):
            continue
        if mixed_days:
            facts["observed_on"] = chance.choice((ON, "2023-05-14", "2017年11月20日", "2010-01-01", None))
        if chance.random() < 0.2:
            facts["note"] = "备注"
    for kind in default().vocabulary.top:
        unnamed(raw.get(kind), chance)
    day = chance.choice((ON, ON, ON, date(2023, 5, 14), date(2023, 5, 15), date(2010, 1, 1), date(2030, 1, 1), None))
    industries = {"its own": industry, "both": INDUSTRIES, "none": None}[asserted]
    result = default().classify(raw, industry=industries, on=day, lang=chance.choice(("zh", "en")))
    event(f"level {result.level.value}")
    event(f"cites a second article: {any(finding.citation.also for finding in result.findings)}")
    laws.is_sound(result)


def unnamed(table: Any, chance: random.Random) -> None:
    """Take the ids of a list of subjects away, or make them numbers, now and then."""
    items = table.get("seen") if isinstance(table, dict) else table
    how = chance.choice(("named", "unnamed", "numbered"))
    for n, item in enumerate(items or ()):
        if how == "unnamed":
            del item["id"]
        elif how == "numbered":
            item["id"] = 100 + n


def shown(result: Classification) -> list[Any]:
    """Return the findings and the open rules of *result*, a few of them."""
    return [*result.findings[:5], *result.open[:5]]


@given(either, st.randoms(use_true_random=False))
@examples(40)
def test_a_question_is_asked_until_it_is_answered(drawn: tuple[str, Sketch], chance: random.Random) -> None:
    """An answer that `Question.put` writes is a valid fact at the place that was asked for."""
    industry, sketch = drawn
    answer = laws.answering(ground_of(industry), chance.choice)
    result = default().classify(sketch.early, industry=industry, on=ON)
    before = copy.deepcopy(sketch.early)
    for question in result.questions()[:5]:
        told = default().classify(question.put(sketch.early, answer(question)), industry=industry, on=ON)
        if not any(notice.code == "contradiction" for notice in told.notices):
            assert question.path not in [other.path for other in told.questions()]
        assert told.fingerprint != result.fingerprint
    assert sketch.early == before


@cache
def ground_of(industry: str) -> Ground:
    """Return what answers are drawn from."""
    return Ground(default(), industry=industry, on=ON)


@given(st.lists(either, min_size=6, max_size=6))
@examples(3)
def test_eight_threads_share_a_corpus(drawn: list[tuple[str, Sketch]]) -> None:
    tasks = [(industry, raw) for industry, sketch in drawn for raw in (sketch.early, sketch.whole)]

    def answers(corpus: Corpus) -> list[Any]:
        found = []
        for industry, raw in tasks:
            result = corpus.classify(raw, industry=industry, on=ON)
            found.append((result.to_json(), [q.path for q in result.questions()], [x.explain() for x in shown(result)]))
        return found

    expected = answers(Corpus(default().rulebook))
    shared = Corpus(default().rulebook)  # not yet compiled: all eight compile it at once
    start = threading.Barrier(8)

    def work(_: int) -> list[Any]:
        start.wait()
        return answers(shared)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as threads:
            assert all(found == expected for found in threads.map(work, range(8)))
    finally:
        sys.setswitchinterval(interval)


@given(either, st.booleans())
@examples(15)
def test_no_law_no_confident_answer(drawn: tuple[str, Sketch], whole_record: bool) -> None:
    """What was seen before the first edition held is never judged “none”, nor silently by a later one."""
    industry, sketch = drawn
    raw, before = copy.deepcopy(sketch.whole), date(2010, 1, 1)
    places = [facts for path, _, facts in subjects_in(raw, default().vocabulary) if "." not in path and "[" in path]
    assume(whole_record or places)
    if not whole_record:
        places[0]["observed_on"] = before
    result = default().classify(raw, industry=industry, on=before if whole_record else ON)
    assert result.possible is Level.MAJOR
    assert any(notice.code == "no_edition" for notice in result.notices)
    assert not result.complete
    assert not (whole_record and result.findings)


@given(either)
@examples(20)
def test_a_corpus_does_not_change_what_it_is_given(drawn: tuple[str, Sketch]) -> None:
    industry, sketch = drawn
    raw = copy.deepcopy(sketch.early)
    default().classify(raw, industry=industry, on=ON)
    assert raw == sketch.early
