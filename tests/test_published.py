"""Real published cases, judged again from our own records of them.

`tests/published/` holds one case a file: enforcement, accidents, worked examples and quiz items, with what
their source decided. A case that is major there must hit the clauses named; one that is ordinary or no hazard
must hit nothing; a contested one must never come out confidently wrong. A case that cannot be recorded, or
that our reading of the law decides otherwise, stands in `docs/published-cases.md` with the reason; where it
can be recorded at all, its file says `as_decided: false` and pins what we say instead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import hazardrules as hr
from hazardrules import forms
from hazardrules.reading import read_file

FOLDER = Path(__file__).parent / "published"
DOCUMENT = Path(__file__).parents[1] / "docs" / "published-cases.md"
KINDS = {"enforcement", "accident", "worked example", "quiz"}
BASES = {"stated", "inferred"}
WORDS = {"hit": "命中", "disputed": "有争议", "unknown": "待定", "clear": "未命中", "not_applicable": "不适用"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Who published the case, where and when it happened, and what sort of text it is."""

    authority: str
    place: str
    date: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What the source decided, or what follows from the wording where it named no clause (`basis: inferred`)."""

    level: str
    document: str
    clauses: tuple[str, ...]
    basis: str
    contested: bool


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as its file gives it.

    `record` has one record, or several where the source names alternatives. `verdicts` pins what our rules say
    of the subjects recorded; `unsupported` lists clauses that others inferred and the source does not bear
    out; `assumed` says what the record adds to the source so that it can be judged at all.
    """

    id: str
    source: Source
    told: str
    on: str
    record: tuple[Mapping[str, Any], ...]
    decided: Decided
    industry: str | None = None
    retrospective: bool = False
    as_decided: bool = True
    verdicts: Mapping[str, str] = field(default_factory=dict)
    unsupported: tuple[Mapping[str, str], ...] = ()
    assumed: str | None = None


@cache
def read_case(path: Path) -> Case:
    """Return the case in the file *path*; a key that `Case` does not know is a TypeError."""
    data = dict(read_file(path).data)
    record, decided = data["record"], dict(data["decided"])
    data["record"] = tuple(record) if isinstance(record, list) else (record,)
    data["source"] = Source(**{key: str(value) for key, value in data["source"].items()})
    data["decided"] = Decided(**{**decided, "clauses": tuple(decided["clauses"])})
    data["unsupported"] = tuple(data.get("unsupported", ()))
    return Case(**data)


CASES = {path.stem: read_case(path) for path in sorted(FOLDER.glob("*-*.yaml"))}
CORPUS = hr.default()
CLAUSE_OF = {rule.id: (standard.number, clause.label) for standard, clause, rule in CORPUS.rulebook.rules()}
FIRST_DAYS = {
    standard.number: day
    for standard in CORPUS.rulebook.standards
    if (day := standard.in_force.since or standard.issued) is not None
}


def case_ids(wanted: Any) -> list[str]:
    """Return the ids of the cases for which the function *wanted* is true."""
    return [name for name, case in CASES.items() if wanted(case)]


def classified(case: Case) -> list[hr.Classification]:
    """Return what comes of each record of *case*."""
    return [CORPUS.classify(record, industry=case.industry, on=case.on) for record in case.record]


def said(case: Case) -> list[dict[str, set[str]]]:
    """Return, for each record of *case*, the verdicts of every rule on the subjects recorded."""
    answers = []
    for record in case.record:
        found: dict[str, set[str]] = defaultdict(set)
        for (rule, _), verdict in CORPUS.verdicts(record, industry=case.industry, on=case.on).items():
            found[rule].add(verdict.value)
        answers.append(found)
    return answers


def hits(result: hr.Classification) -> set[tuple[str, str]]:
    """Return document number and clause of every established major finding of *result*."""
    return {
        (finding.citation.number, finding.citation.clause)
        for finding in result.findings
        if finding.verdict is hr.Verdict.HIT and finding.level is hr.Level.MAJOR
    }


@cache
def form(industry: str | None) -> jsonschema.Draft202012Validator:
    """Return what checks records against the form that `hazardrules facts --industry` hands out."""
    asked = forms.asked(CORPUS.rulebook, CORPUS.chosen(industry))
    return jsonschema.Draft202012Validator(forms.as_schema(CORPUS.vocabulary, asked))


# ------------------------------------------------------------------------------------ as was decided


@pytest.mark.parametrize("name", case_ids(lambda c: c.as_decided and c.decided.level == "major"))
def test_major_cases_hit_the_clauses_decided(name: str) -> None:
    case = CASES[name]
    for result in classified(case):
        if case.decided.contested:
            assert result.established is hr.Level.MAJOR or not result.conclusive, str(result)
            continue
        expected = {(case.decided.document, clause) for clause in case.decided.clauses}
        assert expected, "没有写条款"
        assert expected <= hits(result), str(result)
        assert result.level is hr.Level.MAJOR


@pytest.mark.parametrize("name", case_ids(lambda c: c.decided.level != "major"))
def test_other_cases_hit_nothing(name: str) -> None:
    for result in classified(CASES[name]):
        assert hits(result) == set(), str(result)
        assert result.established is not hr.Level.MAJOR


@pytest.mark.parametrize("name", case_ids(lambda c: c.verdicts))
def test_rules_nearest_to_the_case_say_what_is_written(name: str) -> None:
    """What was not hit was judged all the same: the rule looked at a subject of the record."""
    case = CASES[name]
    for found in said(case):
        assert {rule: found[rule] for rule in case.verdicts} == {
            rule: {verdict} for rule, verdict in case.verdicts.items()
        }


@pytest.mark.parametrize("name", case_ids(lambda c: c.unsupported))
def test_what_the_source_does_not_bear_out_is_not_hit(name: str) -> None:
    case = CASES[name]
    unsupported = {(item.get("document", case.decided.document), item["clause"]) for item in case.unsupported}
    assert unsupported <= set(CLAUSE_OF.values()), "没有这样的条款"
    for result in classified(case):
        assert not unsupported & hits(result)


@pytest.mark.parametrize("name", case_ids(lambda c: not c.as_decided))
def test_cases_decided_otherwise_are_open_and_not_denied(name: str) -> None:
    """Where the source says major and we do not, we must still not say that there is nothing."""
    case = CASES[name]
    assert case.decided.level == "major" and not case.decided.contested
    named = {CLAUSE_OF[rule] for rule in case.verdicts}
    assert named == {(case.decided.document, clause) for clause in case.decided.clauses}
    for result in classified(case):
        assert not named & hits(result), "已经命中，可以从文档里移出来"
        assert result.possible is hr.Level.MAJOR
        assert result.level is hr.Level.UNDETERMINED


# --------------------------------------------------------------------------------- the files themselves


@pytest.mark.parametrize("name", CASES)
def test_file_is_in_order(name: str) -> None:
    case = CASES[name]
    decided = case.decided
    assert case.id == name
    assert case.source.kind in KINDS
    assert decided.basis in BASES
    assert isinstance(decided.contested, bool)
    assert decided.level in {"major", "ordinary", "none"}
    assert decided.document in FIRST_DAYS
    assert {(decided.document, clause) for clause in decided.clauses} <= set(CLAUSE_OF.values())
    assert all((case.source.authority, case.source.place, case.source.date, case.told))
    assert "http" not in (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    if decided.level != "major" or decided.contested or not case.as_decided:
        assert case.verdicts, "没有写相近的规则怎么说，这份记录什么也试不出来"


@pytest.mark.parametrize("name", CASES)
def test_day_is_that_of_the_inspection_or_the_first_in_force(name: str) -> None:
    case = CASES[name]
    day, first = date.fromisoformat(case.on), FIRST_DAYS[case.decided.document]
    dated = re.match(r"\d{4}-\d{2}", case.source.date)
    assert case.retrospective == (not dated or case.source.date < first.isoformat())
    assert day == first if case.retrospective else case.on.startswith(dated[0] if dated else "?")


@pytest.mark.parametrize("name", CASES)
def test_record_is_written_with_the_form(name: str) -> None:
    """A record holds only what the form of its industry asks."""
    for record in CASES[name].record:
        form(CASES[name].industry).validate(record)


# ------------------------------------------------------------------------------------- all accounted for


def document_rows() -> dict[str, list[str]]:
    """Return, for each heading of the document, the rows of its table; a row begins with the id of a case."""
    rows: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
        elif re.match(r"\| [a-z]+-\d+ \|", line):
            rows[heading].append(line)
    return rows


def ids_under(heading: str) -> list[str]:
    """Return the ids of the cases under *heading* of the document, in their order."""
    return [row.split("|")[1].strip() for row in document_rows()[heading]]


def test_every_case_is_judged_as_decided_or_explained() -> None:
    known = [name for names in read_file(FOLDER / "index.yaml").data.values() for name in names]
    judged = case_ids(lambda c: c.as_decided)
    explained = ids_under("判得与源文不同，或者记不下来") + ids_under("本库没有收录的领域")
    assert len(known) == len(set(known))
    assert sorted(known) == sorted([*judged, *explained])
    assert set(case_ids(lambda c: not c.as_decided)) <= set(explained)


@pytest.mark.parametrize("name", case_ids(lambda c: not c.as_decided))
def test_document_says_what_we_say(name: str) -> None:
    case = CASES[name]
    row = next(row for row in document_rows()["判得与源文不同，或者记不下来"] if row.startswith(f"| {name} |"))
    _, _, decided, ours, why, _ = (cell.strip() for cell in row.split("|"))
    assert why
    assert all(clause in decided for clause in case.decided.clauses)
    assert {word for word in WORDS.values() if word in ours} == {WORDS[verdict] for verdict in case.verdicts.values()}


def test_document_lists_what_was_left_out_and_added() -> None:
    assert ids_under("只有一部分条款有源文支持") == case_ids(lambda c: c.unsupported)
    assert ids_under("记录里补的前提") == case_ids(lambda c: c.assumed)
    for row in document_rows()["只有一部分条款有源文支持"]:
        case = CASES[row.split("|")[1].strip()]
        assert all(item["clause"] in row and item["why"] in row for item in case.unsupported)
    for row in document_rows()["记录里补的前提"]:
        assert str(CASES[row.split("|")[1].strip()].assumed) in row
