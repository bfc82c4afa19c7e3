"""Kleene's logic as order on a chain: the laws of `truth`, tried on every answer there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules import truth
from hazardrules.truth import NO, UNKNOWN, YES, Truth
from strategies import examples

ANSWERS = (NO, UNKNOWN, YES)
PAIRS = tuple(product(ANSWERS, repeat=2))
TRIPLES = tuple(product(ANSWERS, repeat=3))
SEVERAL = tuple(values for length in range(5) for values in product(ANSWERS, repeat=length))

answers = st.lists(st.sampled_from(ANSWERS), max_size=8)


def could_be(value: Truth) -> tuple[Truth, ...]:
    """Return what *value* may turn out to be once everything is known."""
    return (NO, YES) if value is UNKNOWN else (value,)


def no_less_known(before: Truth, after: Truth) -> bool:
    """Return whether *after* is what *before* was, or settles it."""
    return before is UNKNOWN or after is before


def test_the_chain() -> None:
    assert NO < UNKNOWN < YES
    assert sorted(Truth) == [NO, UNKNOWN, YES]


def test_recorded_values() -> None:
    assert [truth.of(value) for value in (False, None, True)] == [NO, UNKNOWN, YES]


def test_nothing_to_ask() -> None:
    assert truth.all_of([]) is YES
    assert truth.any_of([]) is NO
    assert truth.at_least(1, []) is NO


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_table(a: Truth, b: Truth) -> None:
    """What all, any and not say of two answers, from Kleene's own table."""
    both = YES if a is b is YES else NO if NO in (a, b) else UNKNOWN
    either = NO if a is b is NO else YES if YES in (a, b) else UNKNOWN
    assert truth.all_of([a, b]) is both
    assert truth.any_of([a, b]) is either
    assert truth.negate(a) is {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[a]


@pytest.mark.parametrize("join", [truth.all_of, truth.any_of])
def test_joins(join: Callable[[Iterable[Truth]], Truth]) -> None:
    for a, b, c in TRIPLES:
        assert all(join(order) is join([a, b, c]) for order in permutations([a, b, c]))  # commutes
        assert join([a, join([b, c])]) is join([join([a, b]), c]) is join([a, b, c])  # associates
        assert join([a, a]) is a
        assert join([a]) is a


def test_absorbs_and_distributes() -> None:
    for a, b, c in TRIPLES:
        assert truth.all_of([a, truth.any_of([a, b])]) is a
        assert truth.any_of([a, truth.all_of([a, b])]) is a
        assert truth.all_of([a, truth.any_of([b, c])]) is truth.any_of([truth.all_of([a, b]), truth.all_of([a, c])])
        assert truth.any_of([a, truth.all_of([b, c])]) is truth.all_of([truth.any_of([a, b]), truth.any_of([a, c])])


def test_de_morgan() -> None:
    for values in SEVERAL:
        turned = [truth.negate(value) for value in values]
        assert truth.negate(truth.all_of(values)) is truth.any_of(turned)
        assert truth.negate(truth.any_of(values)) is truth.all_of(turned)
    assert all(truth.negate(truth.negate(value)) is value for value in ANSWERS)


def test_unknown_is_neither() -> None:
    """An unknown is not excluded by itself: no excluded middle, no contradiction settled."""
    assert truth.any_of([UNKNOWN, truth.negate(UNKNOWN)]) is UNKNOWN
    assert truth.all_of([UNKNOWN, truth.negate(UNKNOWN)]) is UNKNOWN


@given(answers, st.integers(1, 9))
@examples(200)
def test_at_least_is_the_nth_greatest(values: list[Truth], n: int) -> None:
    greatest_first = sorted(values, reverse=True)
    expected = greatest_first[n - 1] if n <= len(values) else NO
    assert truth.at_least(n, values) is expected
    assert (truth.at_least(n, values) is YES) is (values.count(YES) >= n)
    assert (truth.at_least(n, values) is NO) is (len(values) - values.count(NO) < n)


def test_at_least_between_any_and_all() -> None:
    for values in SEVERAL:
        ladder = [truth.at_least(n, values) for n in range(1, len(values) + 2)]
        assert ladder == sorted(ladder, reverse=True)  # more demanded is never more surely met
        assert ladder[0] is truth.any_of(values)
        assert ladder[-1] is NO
        if values:
            assert ladder[-2] is truth.all_of(values)
        for n in range(1, len(values) + 1):  # "not n of k" is "k-n+1 of them not"
            turned = [truth.negate(value) for value in values]
            assert truth.negate(truth.at_least(n, values)) is truth.at_least(len(values) - n + 1, turned)


def test_unknown_covers_what_it_may_turn_out_to_be() -> None:
    """An answer is settled only where every way to fill in the unknowns gives it."""
    for values in SEVERAL:
        ends = list(product(*map(could_be, values)))
        for n in range(1, len(values) + 1):
            outcomes = {truth.at_least(n, end) for end in ends}
            expected = next(iter(outcomes)) if len(outcomes) == 1 else UNKNOWN
            assert truth.at_least(n, values) is expected


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from((NO, YES)), st.booleans()), max_size=6))
@examples(200)
def test_more_knowledge_never_overturns(drawn: list[tuple[Truth, Truth, bool]]) -> None:
    before = [value for value, _, _ in drawn]
    after = [end if value is UNKNOWN and told else value for value, end, told in drawn]
    assert no_less_known(truth.all_of(before), truth.all_of(after))
    assert no_less_known(truth.any_of(before), truth.any_of(after))
    for n in range(1, len(drawn) + 1):
        assert no_less_known(truth.at_least(n, before), truth.at_least(n, after))


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), max_size=6))
@examples(200)
def test_monotone_on_the_chain(pairs: list[tuple[Truth, Truth]]) -> None:
    low, high = [min(pair) for pair in pairs], [max(pair) for pair in pairs]
    assert truth.all_of(low) <= truth.all_of(high)
    assert truth.any_of(low) <= truth.any_of(high)
    for n in range(1, len(pairs) + 1):
        assert truth.at_least(n, low) <= truth.at_least(n, high)
    for a, b in pairs:
        assert (a <= b) == (truth.negate(b) <= truth.negate(a))
