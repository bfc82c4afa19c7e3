"""The kernel under lint and mutation: every case there is, counted, and nothing that cannot be.

Whatever the reference says of a drawn record is among the assignments of the space, and where a space is
exact the reference says of its examples what the space says.
"""

from __future__ import annotations

from dataclasses import replace as replace_spec
from time import process_time
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from hazardrules.completions import Completer
from hazardrules.expr import Call, Const, Expr, Fact, replace
from hazardrules.facts import Vocabulary
from hazardrules.judge import judge
from hazardrules.maintain.cases import as_record
from hazardrules.maintain.cells import Space, TooManyError
from hazardrules.record import read
from hazardrules.testing.laws import rows_of
from hazardrules.truth import NO, UNKNOWN, YES, Truth
from strategies import BARE, DAY, LISTS, SUBJECTS, VOCABULARY, Sketch, conditions, examples, reader, sketches


@st.composite
def pairs(draw: DrawFn) -> tuple[str, Expr, Expr, Sketch]:
    """Draw a subject, two conditions on it, and a record that has such a subject."""
    subject = draw(st.sampled_from(SUBJECTS))
    first, second = (draw(conditions(subject, depth=2, listed=True)) for _ in range(2))
    return subject, first, second, draw(sketches(subject, [replace(each, looked_up) for each in (first, second)]))


def looked_up(expr: Expr) -> Expr:
    """Return a question of a dated list as it stands on a day on which the list is in force."""
    match expr:
        case Call("listed", (fact, Const(name))):
            return Call("in", (fact, Const(LISTS[name])))
    return expr


def sets(space: Space, condition: Expr) -> dict[Truth, int]:
    """Return the assignments of each answer of *condition*."""
    bits = space.bits(condition)
    assert not bits.yes & bits.no
    return {YES: bits.yes, NO: bits.no, UNKNOWN: space.possible & ~(bits.yes | bits.no)}


@given(pairs())
@examples(250)
def test_whatever_the_judge_says_is_among_the_assignments(drawn: tuple[str, Expr, Expr, Sketch]) -> None:
    """No case is missed, of one condition or of two together: what is proved is proved."""
    subject, first, second, sketch = drawn
    try:
        space = Space(VOCABULARY, subject, [first, second], unknown=True)
    except TooManyError:
        assume(False)
    one, two = sets(space, first), sets(space, second)
    for raw in (sketch.early, sketch.whole):
        record = read(raw, VOCABULARY)
        record.inspection.date = record.inspection.date or DAY
        assume(not Completer(VOCABULARY).complete(record.rows))
        for row in rows_of(record, subject):
            told = tuple(judge(replace(each, looked_up), row, VOCABULARY).truth for each in (first, second))
            event(f"told {told[0].name} {told[1].name}")
            assert one[told[0]] & two[told[1]]


@given(st.sampled_from(SUBJECTS).flatmap(lambda s: st.tuples(st.just(s), conditions(s, depth=2))), st.booleans())
@examples(250)
def test_examples_are_judged_as_the_space_says(drawn: tuple[str, Expr], unknown: bool) -> None:
    """What an exact space gives as an example is one: with gaps and without."""
    subject, condition = drawn
    try:
        space = Space(BARE, subject, [condition], unknown=unknown)
    except TooManyError:
        assume(False)
    event(f"exact {space.exact}")
    assume(space.exact)
    for truth, members in sets(space, condition).items():
        if not members:
            continue
        event(f"{truth.name}")
        record = read(as_record(space.example(members), subject, BARE), BARE)
        (row,) = rows_of(record, subject)[:1]
        assert judge(condition, row, BARE).truth is truth


# ------------------------------------------------------------------------------------------- by hand


def read_(data: Any, subject: str = "plant") -> Expr:
    return reader(LISTS).read(data, (), BARE.scope(subject))


def space_of(*conditions: Any, subject: str = "plant", unknown: bool = False, definitions: bool = False) -> tuple[Space, list[Expr]]:
    read_all = [read_(condition, subject) for condition in conditions]
    return Space(VOCABULARY if definitions else BARE, subject, read_all, unknown=unknown), read_all


@pytest.mark.parametrize(("condition", "cells"), [
    ("guarded", 2),
    ("method == 干式", 2),  # 湿式 and 不用 are alike
    ({"any": ["method == 干式", "method == 湿式"]}, 3),
    ("dusts has [木粉, 铝粉]", 2),
    ({"any": ["dusts has [木粉]", "dusts has [铝粉]"]}, 4),
    ("height > 3 m", 2),  # at it and below it are alike
    ({"any": ["height > 3 m", "height >= 3 m"]}, 3),
    ({"any": ["workers > 2", "workers < 3"]}, 2),  # no one between 2 and 3
    ({"any": ["height > 3 m", "height < 5 m"]}, 3),
    ("height <= height_design", 2),
    ({"all": ["height <= height_design", "height > 1 m", "height_design < 1 m"]}, 6),
    ("updated + 3 months < checked", 2),
    ({"some": "vessels", "where": "covered"}, 2),
    ({"some": "vessels", "at_least": 2, "where": "covered"}, 2),
    ({"any": [{"some": "vessels", "where": "covered"}, {"every": "vessels", "where": "covered"}]}, 4),  # none; all; some; no
])  # fmt: skip
def test_cells_are_as_few_as_they_can_be(condition: Any, cells: int) -> None:
    assert space_of(condition)[0].size == cells


@pytest.mark.parametrize(("condition", "holds"), [
    ({"all": ["height > 5 m", "height < 3 m"]}, (False, True)),
    ({"any": ["height > 3 m", "height < 5 m"]}, (True, False)),
    ({"all": ["workers > 2", "workers < 3"]}, (False, True)),
    ({"all": ["height > 2 m", "height < 3 m"]}, (True, True)),
    ({"all": ["height > height_design", "height < 0.9 * height_design"]}, (True, True)),  # where both are below nothing
    ({"all": ["height > height_design", "height_design > 1 m", "height < 100 cm"]}, (False, True)),
    ({"all": ["height > height_design + 2 m", "height < height_design + 1 m"]}, (False, True)),
    ({"all": ["updated + 6 months < checked", "updated + 3 months >= checked"]}, (False, True)),
    ({"all": ["updated + 3 months < checked", "updated + 6 months >= checked"]}, (True, True)),
    ({"all": ["updated > 2024-02-28", "updated < 2024-03-01"]}, (True, True)),  # a leap day
    ({"all": ["updated > 2023-02-28", "updated < 2023-03-01"]}, (False, True)),
    ({"all": ["dusts has [木粉]", "dusts not has [木粉, 铝粉]"]}, (False, True)),
    ({"any": ["method in [干式, 湿式]", "method == 不用"]}, (True, False)),
    ({"all": ["method == method_design", "method == 干式", "method_design == 湿式"]}, (False, True)),
    ({"all": [{"every": "vessels", "where": "covered"}, {"some": "vessels", "where": "not covered"}]}, (False, True)),
    ({"all": [{"every": "vessels", "where": "covered"}, {"every": "vessels", "where": "not covered"}]}, (True, True)),  # none
    ({"all": [{"some": "vessels", "at_least": 2, "where": "covered"}, {"not": {"some": "vessels", "where": "covered"}}]}, (False, True)),
    ({"any": ["guarded", "permitted", "method == 干式"], "at_least": 3}, (True, True)),
    ({"any": ["guarded", {"not": "guarded"}, "permitted"], "at_least": 3}, (False, True)),
])  # fmt: skip
def test_what_can_hold_and_what_can_fail(condition: Any, holds: tuple[bool, bool]) -> None:
    space, (expr,) = space_of(condition)
    bits = space.bits(expr)
    assert (bool(bits.yes), bool(bits.no)) == holds
    assert bits.yes | bits.no == space.possible


def test_definitions_tie_facts_together() -> None:
    """`within_design` is `height <= height_design`: with both read, only what agrees is possible."""
    space, (said, compared) = space_of("within_design", "height > height_design", definitions=True)
    assert not space.bits(said).yes & space.bits(compared).yes
    assert space.bits(said).yes == space.bits(compared).no
    free, (said, compared) = space_of("within_design", "height > height_design")
    assert free.bits(said).yes & free.bits(compared).yes


def test_a_definition_is_left_out_where_it_ties_nothing() -> None:
    assert space_of("within_design", definitions=True)[0].size == 2


def test_a_table_is_a_definition() -> None:
    space, (high, dry) = space_of("grade == 高", "method == 干式", definitions=True)
    assert not space.bits(high).yes & space.bits(dry).no
    assert space.bits(high).yes & space.bits(dry).yes


def test_a_count_cannot_be_written_as_conditions() -> None:
    assert not space_of("vessel_count > 2", {"some": "vessels", "where": "covered"}, definitions=True)[0].exact
    assert space_of("vessel_count > 2", definitions=True)[0].exact


def test_what_is_not_known() -> None:
    space, (expr,) = space_of({"any": ["guarded", "not guarded"]}, unknown=True)
    bits = space.bits(expr)
    assert bits.no == 0
    assert bits.yes != space.possible
    assert space.example(space.possible & ~bits.yes) == {}


def test_the_day_of_the_inspection_is_always_known() -> None:
    space, (expr,) = space_of("inspection.date > 2024-01-01", unknown=True)
    bits = space.bits(expr)
    assert bits.yes | bits.no == space.possible


def test_an_example_is_plain() -> None:
    """As few facts as can be, in words that a case may hold."""
    space, (expr,) = space_of({"all": ["height > 3 m", {"any": ["guarded", "method == 干式"]}]}, unknown=True)
    found = space.example(space.bits(expr).yes)
    assert found in ({"height": "6 m", "guarded": "是"}, {"height": "6 m", "method": "干式"})
    assert set(space.example(space.bits(expr).no)) == {"height"}


def test_the_values_of_a_number_stand_in_order() -> None:
    space, (low, high) = space_of("height < 3 m", "height > 3 m")
    line = space.line("height")
    assert [value for value, _ in line] == sorted(value for value, _ in line)
    assert [bool(space.bits(low).yes & cases) for _, cases in line] == [True, False, False]
    assert [bool(space.bits(high).yes & cases) for _, cases in line] == [False, False, True]
    assert space.any_value("height", space.bits(low).yes) == space.possible
    assert space_of("height < height_design")[0].line("height") == []


def test_beyond_the_limit_there_is_no_answer() -> None:
    conditions = [f"{name} == 正常" for name in ("valve",)] + ["guarded", "permitted", "method == 干式"]
    read_all = [read_(condition) for condition in conditions]
    assert Space(BARE, "plant", read_all, limit=16).size == 16
    with pytest.raises(TooManyError):
        Space(BARE, "plant", read_all, limit=15)


def test_more_facts_than_can_be_listed_end_soon() -> None:
    """Sixty yes/no facts and more: refused at once, not after the machine's memory."""
    kind = next(kind for kind in VOCABULARY.kinds.values() if kind.id == "plant")
    facts = {f"f{n}": replace_spec(kind.facts["guarded"], id=f"f{n}") for n in range(80)}
    wide = Vocabulary({**VOCABULARY.kinds, "plant": replace_spec(kind, facts=facts)})
    start = process_time()
    with pytest.raises(TooManyError):
        Space(wide, "plant", [Call("any", tuple(Fact(name) for name in facts))])
    assert process_time() - start < 5
