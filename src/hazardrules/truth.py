"""Three-valued truth: a chain NO < UNKNOWN < YES.

*all* is the least, *any* the greatest, *at least n* the n-th greatest, *not* turns the chain
round (strong Kleene logic). Nothing else in the library decides what an unknown does.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """An answer: surely not, not known, surely so."""

    NO = 0
    UNKNOWN = 1
    YES = 2


NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES


def of(value: bool | None) -> Truth:
    """Return the truth of a recorded yes/no value; None means not known."""
    if value is None:
        return UNKNOWN
    return YES if value else NO


def all_of(values: Iterable[Truth]) -> Truth:
    """Return the least of *values*; YES when there are none."""
    return min(values, default=YES)


def any_of(values: Iterable[Truth]) -> Truth:
    """Return the greatest of *values*; NO when there are none."""
    return max(values, default=NO)


def at_least(n: int, values: Iterable[Truth]) -> Truth:
    """Return whether at least *n* (1 or more) of *values* hold: the n-th greatest of them."""
    ranked = sorted(values, reverse=True)
    return ranked[n - 1] if len(ranked) >= n else NO


def negate(value: Truth) -> Truth:
    """Return the opposite; UNKNOWN stays UNKNOWN."""
    return Truth(2 - value)
