"""The grade of a recorded unit: its row with the substances in it, read for `gb18218`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..facts import INSPECTION, Vocabulary
from ..rows import Parts, Row, container
from ..texts import Text
from . import gb18218_words as words
from .gb18218 import Assessment, assess
from .gb18218_identity import Substance
from .gb18218_tables import Tables, symbol, tables

_GRAMS = 1_000_000  # in a tonne; quantities are kept in grams


def grader(vocabulary: Vocabulary) -> Callable[[Row], str | None]:
    """Return the function that gives a unit's grade, None while it is not certain.

    Where the grade stated is one that is excluded, those that are not are given, to contradict it.
    """
    figures = tables(vocabulary)

    def grade(row: Any) -> str | None:
        if row.substances is None or not _in_force(row, figures):
            return None
        found = assess_row(row, figures)
        if found.grade:
            return found.grade
        stated = row.hazard_source_grade
        return None if stated is None or stated in found.possible else "或".join(found.possible)

    return grade


def working(row: Any, vocabulary: Vocabulary) -> tuple[Text, ...]:
    """Return the working of the unit's grade in words, nothing where nobody looked at its substances."""
    figures = tables(vocabulary)
    if row.substances is None:
        return ()
    if not _in_force(row, figures):
        return (words.not_yet(figures.since),)
    return words.working(assess_row(row, figures))


def _in_force(row: Row, figures: Tables) -> bool:
    """Return whether the standard was in force on the day by whose law *row* is judged."""
    inspection: Any = container(row, INSPECTION)
    day = row._observed_on or (inspection and inspection.date)
    return day is None or day >= figures.since


def assess_row(row: Any, figures: Tables) -> Assessment:
    """Return what the substances recorded of a unit come to; where nobody looked, there may be any."""
    parts = row.substances if isinstance(row.substances, Parts) else Parts((), complete=False)
    population = None if row.exposed_population is None else int(row.exposed_population)
    return assess(map(substance, parts.rows), population, figures, complete=parts.complete)


def substance(row: Any) -> Substance:
    """Return the substance that *row* (a `stored_substance`) records."""
    classes, quantity = row.hazard_classes, row.design_quantity
    return Substance(
        label=row._id or row.name or row.cas or row._path,
        name=row.name,
        cas=row.cas,
        classes=None if classes is None else frozenset(map(symbol, classes)),
        quantity=None if quantity is None else Fraction(quantity) / _GRAMS,
        mixture=row.mixture,
    )
