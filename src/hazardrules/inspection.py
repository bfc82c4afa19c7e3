"""A record under judgment, and the verdicts that came of it: what classify's helpers share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from . import truth
from .compiled import Block, Codes, Conditions
from .completions import Contradiction
from .expr import Expr
from .judge import Verdict
from .record import Record
from .rows import Row
from .rules import Entry, Industry
from .truth import UNKNOWN, YES, Truth


class Judged(NamedTuple):
    """The verdict codes of a block's rules on one row."""

    block: Block
    row: Row
    codes: Codes


class Outcome(NamedTuple):  # thousands are made for one record: a tuple is the quickest to make
    """One verdict that is shown: of which rule, on which row."""

    entry: Entry
    row: Row
    verdict: Verdict


@dataclass(frozen=True)
class Inspection:
    """A record under judgment: what was read, what follows, and by which law it is judged."""

    record: Record
    contradictions: tuple[Contradiction, ...]
    day: date
    day_assumed: bool
    industries: tuple[Industry, ...]
    conditions: Conditions

    @property
    def days(self) -> tuple[date, ...]:
        """The days whose law is asked: the inspection's, then those on which a subject was observed."""
        rows = (row for rows in self.record.rows.values() for row in rows)
        return tuple(dict.fromkeys((self.day, *sorted({row._observed_on for row in rows if row._observed_on}))))

    def holds(self, condition: Expr) -> Truth:
        """Return whether the *condition* on the enterprise holds."""
        return self.conditions(condition, self.record.enterprise)

    def gate(self, gates: Iterable[Expr]) -> Truth:
        """Return whether all *gates* on the enterprise hold; a chosen industry asserts them."""
        answers = (self.holds(gate) for gate in gates)
        return truth.all_of(YES if answer is UNKNOWN and self.industries else answer for answer in answers)
