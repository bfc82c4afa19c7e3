"""GB 18218-2018: what a unit's substances come to: S, R and the grade of the major hazard source.

    S = Σ q/Q        R = α · Σ β·q/Q        graded only where S ≥ 1

What is not known widens a number to a range, so a grade is certain as soon as every number that is
still possible gives it. "不构成" is said only where S is known exactly and all of it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..texts import Text
from .gb18218_tables import Hazard, Listed, Tables

NOT_ONE = "不构成"
GRAM = 1_000_000  # a quantity is kept in grams
PURE, SAME_CLASS, OTHER_CLASS = "纯物质", "同类混合物", "异类混合物"


@dataclass(frozen=True, slots=True)
class Range:
    """What a number may be: from `least` to `most`, or beyond all bounds where that is None."""

    least: Fraction
    most: Fraction | None

    @property
    def exact(self) -> Fraction | None:
        """The number, where only one is possible."""
        return self.least if self.least == self.most else None

    def __add__(self, other: Range) -> Range:
        most = None if self.most is None or other.most is None else self.most + other.most
        return Range(self.least + other.least, most)

    def __mul__(self, other: Range) -> Range:
        most = None if self.most is None or other.most is None else self.most * other.most
        return Range(self.least * other.least, most)


NOTHING, ANYTHING = Range(Fraction(0), Fraction(0)), Range(Fraction(0), None)


@dataclass(frozen=True, slots=True)
class Substance:
    """A hazardous chemical of a unit as recorded; None where not known."""

    label: str
    name: str | None
    cas: str | None
    classes: frozenset[str] | None  # symbols: W5.3
    quantity: Fraction | None  # greatest quantity by design, in t
    mixture: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a substance may count: by a row of table 1, or by its class."""

    limit: Fraction | None  # Q in t; None: it does not count
    betas: tuple[Fraction, ...]
    row: Listed | None = None
    hazard: Hazard | None = None  # the class that gives Q
    gas: str | None = None  # the gas of table 3 that gives β
    beta_classes: tuple[str, ...] = ()  # the classes that give β


@dataclass(frozen=True, slots=True)
class Term:
    """What one substance contributes; no `ways`: anything is possible."""

    substance: Substance
    ways: tuple[Way, ...]
    share: Range  # q/Q
    weighted: Range  # β·q/Q
    firm: bool  # counted as what it surely is, so that the unit may come out as no hazard source
    open: tuple[Text, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result, with the working; `grade` is None as long as it is not certain."""

    terms: tuple[Term, ...]
    complete: bool  # these are all the substances that there are
    population: int | None
    alpha: Range
    s: Range
    weighted: Range  # Σ β·q/Q
    r: Range
    possible: tuple[str, ...]  # every grade that is not excluded
    grade: str | None

    @property
    def is_source(self) -> bool | None:
        """Whether it is a major hazard source, of whatever grade; None as long as that is open."""
        if self.s.least >= 1:
            return True
        return False if self.grade == NOT_ONE else None


def assess(
    substances: Iterable[Substance], population: int | None, tables: Tables, *, complete: bool = True
) -> Assessment:
    """Return what *substances* and the *population* within 500 m come to; not *complete*: there may be more."""
    terms = tuple(_term(substance, tables) for substance in substances)
    rest = NOTHING if complete else ANYTHING
    s = sum((term.share for term in terms), rest)
    weighted = sum((term.weighted for term in terms), rest)
    alphas = [alpha for _, alpha in tables.alphas] if population is None else [tables.alpha(population)]
    alpha = Range(min(alphas), max(alphas))
    r = alpha * weighted
    possible = tuple(_possible(s, r, tables))
    known = s.exact is not None and all(term.firm for term in terms)
    certain = len(possible) == 1 and (possible[0] != NOT_ONE or known)
    return Assessment(terms, complete, population, alpha, s, weighted, r, possible, possible[0] if certain else None)


def _possible(s: Range, r: Range, tables: Tables) -> Iterable[str]:
    below: Fraction | None = None  # R of this grade lies below it
    for grade, least in tables.grades:
        if s.most is None or s.most >= 1:
            reached = least is None or r.most is None or r.most >= least
            if reached and (below is None or r.least < below):
                yield grade
        below = least
    if s.least < 1:
        yield NOT_ONE


# ---------------------------------------------------------------------------------- one substance


def _term(substance: Substance, tables: Tables) -> Term:
    rows, by_class, firm, says, notes = _identify(substance, tables)
    if substance.mixture == OTHER_CLASS and not substance.classes:
        says = (
            [
                *says,
                Text(
                    "混合物按自己的危险性类别计算，类别没有填", "a mixture counts by its own class, which is not stated"
                ),
            ]
            if substance.classes is None
            else says
        )
    ways = [_listed_way(row, substance, tables) for row in rows]
    unbounded = not rows and not by_class
    if by_class:
        way = _class_way(substance, tables)
        unbounded = unbounded or way is None
        ways += [way] if way else []
        says = says if way else [*says, Text("缺危险性类别，临界量定不了", "no hazard class, so no Q")]
    opens = [*says, *_beta_open(ways, substance)]
    if len(substance.classes or ()) > 1 and any(way.hazard for way in ways):
        notes = [*notes, _reading("several_classes", tables)]
    if substance.mixture in (SAME_CLASS, OTHER_CLASS):
        notes = [*notes, _reading("mixture", tables)]
    if substance.quantity is None:
        opens.append(Text("缺设计最大量", "no greatest quantity by design"))
    share, weighted = _amounts(substance.quantity, () if unbounded else tuple(ways))
    return Term(substance, tuple(ways), share, weighted, firm, tuple(opens), tuple(notes))
