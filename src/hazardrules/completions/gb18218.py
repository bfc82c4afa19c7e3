"""GB 18218-2018: what a unit's substances come to: S, R and the grade of the major hazard source.

    S = Σ q/Q        R = α · Σ β·q/Q        graded only where S ≥ 1

What is not known widens a number to a range, so a grade is certain as soon as every number that is
still possible gives it. "不构成" is said only where S is known exactly and everything is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..texts import Text
from .gb18218_identity import OTHER_CLASS, SAME_CLASS, Identity, Substance, identify
from .gb18218_tables import Listed, Tables, cas_numbers, plain_name

NO_SOURCE = "不构成"


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
class Way:
    """One way in which a substance may count: as a row of table 1, or by its class."""

    limit: Fraction | None  # Q in t; None: it does not count
    betas: tuple[Fraction, ...]  # each β that is possible, the least first
    row: Listed | None = None
    symbol: str | None = None  # the class that gives Q
    beta_from: tuple[str, ...] = ()  # the gas of table 3, or the classes of table 4, that give β


@dataclass(frozen=True, slots=True)
class Term:
    """What one substance contributes."""

    substance: Substance
    ways: tuple[Way, ...]
    share: Range  # q/Q
    weighted: Range  # β·q/Q
    sure: bool  # nothing else than one of `ways` is possible
    open: tuple[Text, ...]  # what to ask
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result with its working; `grade` is None as long as it is not certain."""

    terms: tuple[Term, ...]
    complete: bool  # these are all the substances that there are
    population: int | None
    alpha: Range
    s: Range
    weighted: Range  # Σ β·q/Q
    r: Range
    possible: tuple[str, ...]  # every grade that is not excluded, the highest first
    grade: str | None
    bounds: tuple[Fraction | None, Fraction | None]  # R of the grade: from, below

    @property
    def is_source(self) -> bool | None:
        """Whether it is a major hazard source, of whatever grade; None as long as that is open."""
        if self.s.least >= 1:
            return True
        return False if self.grade == NO_SOURCE else None


def assess(
    substances: Iterable[Substance], population: int | None, tables: Tables, *, complete: bool = True
) -> Assessment:
    """Return what *substances* and the residents within 500 m come to; not *complete*: there may be more."""
    terms = tuple(_term(substance, tables) for substance in substances)
    rest = NOTHING if complete else ANYTHING
    s = sum((term.share for term in terms), rest)
    weighted = sum((term.weighted for term in terms), rest)
    alphas = [alpha for _, alpha in tables.alphas] if population is None else [tables.alpha(population)]
    alpha = Range(min(alphas), max(alphas))
    r = alpha * weighted
    possible = tuple(_possible(s, r, tables))
    known = s.exact is not None and all(term.sure for term in terms)
    certain = len(possible) == 1 and (possible[0] != NO_SOURCE or known)
    grade = possible[0] if certain else None
    return Assessment(terms, complete, population, alpha, s, weighted, r, possible, grade, _bounds(grade, tables))


def _possible(s: Range, r: Range, tables: Tables) -> Iterator[str]:
    below: Fraction | None = None  # R of the grade lies below this
    for grade, least in tables.grades:
        reached = least is None or r.most is None or r.most >= least
        if (s.most is None or s.most >= 1) and reached and (below is None or r.least < below):
            yield grade
        below = least
    if s.least < 1:
        yield NO_SOURCE


def _bounds(grade: str | None, tables: Tables) -> tuple[Fraction | None, Fraction | None]:
    below: Fraction | None = None
    for name, least in tables.grades:
        if name == grade:
            return least, below
        below = least
    return None, None


# ---------------------------------------------------------------------------------- one substance


def _term(substance: Substance, tables: Tables) -> Term:
    identity = identify(substance, tables)
    ways = [_as_listed(row, substance, tables) for row in identity.rows]
    if identity.by_class and substance.classes is not None:
        ways.append(_by_class(substance.classes, tables))
    bounded = bool(ways) and not (identity.by_class and substance.classes is None)
    share, weighted = _amounts(substance.quantity, ways) if bounded else (ANYTHING, ANYTHING)
    if substance.quantity == 0:
        share = weighted = NOTHING
    return Term(
        substance,
        tuple(ways),
        share,
        weighted,
        identity.sure,
        tuple(_open(substance, identity, ways)),
        (*identity.notes, *_readings(substance, ways, tables)),
    )


def _as_listed(row: Listed, substance: Substance, tables: Tables) -> Way:
    """Count as a row of table 1: table 3 gives β by name; else table 4 by class, all of it where unknown."""
    cas = cas_numbers(substance.cas or "") or frozenset()
    if gas := tables.gas(plain_name(substance.name or ""), cas, row):
        return Way(row.limit, (gas.beta,), row, None, (gas.name,))
    if not substance.classes:
        return Way(row.limit, tables.betas, row)
    betas, symbols = _betas(substance.classes, tables)
    return Way(row.limit, betas, row, None, symbols)


def _by_class(classes: frozenset[str], tables: Tables) -> Way:
    """Count by class: the lowest Q of several; without any class it does not count."""
    if not classes:
        return Way(None, ())
    lowest = min((tables.hazards[symbol] for symbol in classes), key=lambda hazard: (hazard.limit, hazard.symbol))
    betas, symbols = _betas(classes, tables)
    return Way(lowest.limit, betas, symbol=lowest.symbol, beta_from=symbols)


def _betas(classes: frozenset[str], tables: Tables) -> tuple[tuple[Fraction, ...], tuple[str, ...]]:
    """Return each β of *classes*, and the classes in the order of the table."""
    symbols = tuple(symbol for symbol in tables.hazards if symbol in classes)
    return tuple(sorted({tables.hazards[symbol].beta for symbol in symbols})), symbols


def _amounts(quantity: Fraction | None, ways: list[Way]) -> tuple[Range, Range]:
    """Return q/Q and β·q/Q over all *ways*."""
    counting = [way for way in ways if way.limit is not None]
    if not counting:
        return NOTHING, NOTHING
    if quantity is None:
        return ANYTHING, ANYTHING
    none = [Fraction(0)] * (len(counting) < len(ways))
    shares = none + [quantity / way.limit for way in counting if way.limit is not None]
    weighted = none + [beta * quantity / way.limit for way in counting if way.limit is not None for beta in way.betas]
    return Range(min(shares), max(shares)), Range(min(weighted), max(weighted))


def _open(substance: Substance, identity: Identity, ways: list[Way]) -> Iterator[Text]:
    yield from identity.open
    counts = any(way.limit is not None for way in ways)
    listed_without_beta = any(way.row and not way.beta_from for way in ways)
    if substance.classes is None and identity.by_class:
        yield Text("缺危险性类别，临界量定不了", "the hazard classes are missing, so there is no Q")
    elif substance.classes is None and listed_without_beta:
        yield Text("缺危险性类别，校正系数β定不了", "the hazard classes are missing, so there is no β")
    elif listed_without_beta:
        yield Text("表3、表4都没有它的校正系数β", "tables 3 and 4 give no β for it")
    elif any(len(way.betas) > 1 for way in ways):
        yield Text(
            "几个类别的校正系数β不同，标准没有写明取哪一个，都算作可能",
            "its classes have different β and the standard does not say which counts; each is taken as possible",
        )
    if substance.quantity is None and (counts or not ways):
        yield Text("缺设计最大量", "the greatest quantity by design is missing")


def _readings(substance: Substance, ways: list[Way], tables: Tables) -> Iterator[Text]:
    """Yield the readings of the standard that the count rests on."""
    if len(substance.classes or ()) > 1 and any(way.symbol for way in ways):
        yield _reading("several_classes", tables)
    if substance.mixture in (SAME_CLASS, OTHER_CLASS):
        yield _reading("mixture", tables)


def _reading(name: str, tables: Tables) -> Text:
    clause, reading, unverified = tables.readings[name]
    doubt = Text("（未与原文核实）", " (not verified against the wording)") if unverified else Text("", "")
    return Text(f"{clause} 条：{reading.zh}{doubt.zh}", f"clause {clause}: {reading.en}{doubt.en}")
