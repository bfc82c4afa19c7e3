"""A major hazard source (重大危险源) by itself: S, R and the grade of a unit under GB 18218-2018."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .classify import Corpus, default
from .completions import gb18218_words as words
from .completions.gb18218 import Assessment, Range, Term, Way
from .completions.gb18218_tables import tables
from .completions.gb18218_unit import assess_row
from .errors import FactsError, Problem
from .facts import nearest
from .record import read
from .texts import Text
from .units import Number, plain

STANDARD = "GB 18218-2018"


@dataclass(frozen=True)
class MajorHazardSource:
    """What a unit's substances come to; every number is exact, None as long as it is not certain."""

    assessment: Assessment
    stated: str | None = None
    lang: str = "zh"

    @property
    def grade(self) -> str | None:
        """一级, 二级, 三级, 四级, 不构成; None where what is known leaves several possible."""
        return self.assessment.grade

    @property
    def possible(self) -> tuple[str, ...]:
        """Every grade that is not excluded, the highest first."""
        return self.assessment.possible

    @property
    def is_source(self) -> bool | None:
        """Whether S reaches 1; that may be certain before the grade is."""
        return self.assessment.is_source

    @property
    def S(self) -> Number | None:  # noqa: N802 - the standard's own symbol
        """Σ q/Q."""
        return _exact(self.assessment.s)

    @property
    def R(self) -> Number | None:  # noqa: N802 - the standard's own symbol
        """α · Σ β·q/Q."""
        return _exact(self.assessment.r)

    @property
    def alpha(self) -> Number | None:
        """α of table 5."""
        return _exact(self.assessment.alpha)

    @property
    def terms(self) -> tuple[Term, ...]:
        """What each substance contributes, in the order given."""
        return self.assessment.terms

    @property
    def agrees(self) -> bool | None:
        """Whether the stated grade is the computed one; None where none is stated or both are possible."""
        if self.stated is None:
            return None
        if self.stated not in self.possible:
            return False
        return True if self.grade else None

    @property
    def questions(self) -> tuple[str, ...]:
        """What would have to be known, or checked, to make the result certain."""
        return tuple(text.say(self.lang) for text in words.questions(self.assessment))

    def working(self, lang: str | None = None) -> tuple[str, ...]:
        """Return the working in *lang*, a line each: the result, S, α, R, then every substance."""
        return tuple(text.say(lang or self.lang) for text in words.working(self.assessment))

    def to_dict(self) -> dict[str, Any]:
        """Return result and working as plain data."""
        found = self.assessment
        return {
            "standard": STANDARD,
            "grade": self.grade,
            "possible": list(self.possible),
            "is_source": self.is_source,
            "S": _json(found.s.exact),
            "S_range": _json_range(found.s),
            "R": _json(found.r.exact),
            "R_range": _json_range(found.r),
            "alpha": _json(found.alpha.exact),
            "population": found.population,
            "complete": found.complete,
            "substances": [_term_data(term, self.lang) for term in found.terms],
            "stated": self.stated,
            "agrees": self.agrees,
            "questions": list(self.questions),
            "working": list(self.working()),
        }

    def to_json(self) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        lines = list(self.working())
        if self.stated is not None:
            lines.insert(1, self._compared().say(self.lang))
        if self.questions:
            lines.append(Text("还要查清：", "still to find out:").say(self.lang))
            lines += [f"- {text}" for text in self.questions]
        return "\n".join(lines)

    def _compared(self) -> Text:
        how = {
            True: Text("与计算一致", "as computed"),
            False: Text("与计算矛盾，请核对", "which contradicts the computation; please check"),
            None: Text("计算还不能证实", "not yet confirmed by the computation"),
        }[self.agrees]
        stated = self.stated or ""
        return Text(f"填报级别：{stated}，{how.zh}", f"stated grade: {words.GRADES[stated]}, {how.en}")


def major_hazard_source(
    substances: Any,
    population: Any = None,
    *,
    stated: str | None = None,
    lang: str = "zh",
    corpus: Corpus | None = None,
) -> MajorHazardSource:
    """Return S, R and the grade of one unit with these *substances*.

    *substances* is a list of mappings with `name` and/or `cas`, `hazard_classes` (W5.3 will do),
    `design_quantity` (t) and, for mixtures, `mixture`; or {"seen": [...]} where there may be more.
    *population* is how many live within 500 m outside the boundary, *stated* a grade to compare.
    Raises `FactsError` with every problem.
    """
    corpus = corpus or default()
    kind = _kinds(corpus)[0]
    unit = {"id": 0, "substances": substances, "exposed_population": population, "hazard_source_grade": stated}
    try:
        record = read({kind: [unit]}, corpus.vocabulary)
    except FactsError as error:
        inside = f"{kind}[0]."
        raise FactsError(Problem(p.where.removeprefix(inside), p.message, p.code) for p in error.problems) from None
    return _result(record.rows[kind][0], corpus, lang)


def of_file(data: Any, *, lang: str = "zh", corpus: Corpus | None = None) -> list[tuple[str, MajorHazardSource]]:
    """Return the results in the *data* of a file, each with the path of its unit ("" for a single one).

    *data* is one unit (`substances`, `exposed_population`, `hazard_source_grade`) or an inspection
    record, of which every unit with substances counts. Raises `FactsError` with every problem.
    """
    corpus = corpus or default()
    if isinstance(data, Mapping) and "substances" in data:
        if unknown := [_unknown(str(key)) for key in data if key not in _UNIT]:
            raise FactsError(unknown)
        population, stated = data.get("exposed_population"), data.get("hazard_source_grade")
        return [("", major_hazard_source(data["substances"], population, stated=stated, lang=lang, corpus=corpus))]
    record = read(data, corpus.vocabulary)
    rows = [row for kind in _kinds(corpus) for row in record.rows.get(kind, ()) if _substances(row) is not None]
    if not rows:
        raise FactsError([Problem("substances", Text("没有列出危险化学品（substances）", "no substances are listed"))])
    return [(row._path, _result(row, corpus, lang)) for row in rows]


_UNIT = ("substances", "exposed_population", "hazard_source_grade", "id", "note")


def _unknown(key: str) -> Problem:
    near = nearest(key, _UNIT)
    return Problem(
        key,
        Text(
            f"这里没有“{key}”这一项" + (f"，是不是“{near}”？" if near else f"（可写：{'、'.join(_UNIT)}）"),
            f"unknown key “{key}”" + (f"; did you mean “{near}”?" if near else f" (one of: {', '.join(_UNIT)})"),
        ),
    )


def _kinds(corpus: Corpus) -> list[str]:
    """Return the kinds of subject whose grade is computed."""
    return [kind for (kind, _), definition in corpus.vocabulary.definitions.items() if definition.python == "gb18218"]


def _substances(row: Any) -> Any:
    return row.substances


def _result(row: Any, corpus: Corpus, lang: str) -> MajorHazardSource:
    return MajorHazardSource(assess_row(row, tables(corpus.vocabulary)), row.hazard_source_grade, lang)


# ----------------------------------------------------------------------------------------- as data


def _exact(number: Range) -> Number | None:
    """Return the number where it is certain: a Decimal, or a Fraction where it has no end."""
    if number.exact is None:
        return None
    text = plain(number.exact)
    return number.exact if "/" in text else Decimal(text)


def _json(number: Fraction | None) -> int | float | None:
    if number is None:
        return None
    return number.numerator if number.denominator == 1 else float(number)


def _json_range(number: Range) -> list[int | float | None]:
    return [_json(number.least), _json(number.most)]


def _term_data(term: Term, lang: str) -> dict[str, Any]:
    return {
        "label": term.substance.label,
        "name": term.substance.name,
        "cas": term.substance.cas,
        "q": _json(term.substance.quantity),
        "counted_as": [_way_data(way) for way in term.ways],
        "q/Q": _json(term.share.exact),
        "q/Q_range": _json_range(term.share),
        "β·q/Q": _json(term.weighted.exact),
        "β·q/Q_range": _json_range(term.weighted),
        "open": [text.say(lang) for text in term.open],
        "notes": [text.say(lang) for text in term.notes],
    }


def _way_data(way: Way) -> dict[str, Any]:
    return {
        "Q": _json(way.limit),
        "β": [_json(beta) for beta in way.betas],
        "table1": way.row.no if way.row else None,
        "table2": way.symbol,
        "β_from": list(way.beta_from),
    }
