"""Real published cases, judged again from our own records of them.

`standards/published/` holds one case a file: enforcement, accidents, worked examples and quiz items, with what
their source decided; `hazardrules test` runs them. A case that cannot be recorded, or that our reading of the law
decides otherwise, stands in `docs/published-cases.md` with the reason; where it can be recorded at all, its file
says `as_decided: false` and pins what we say instead.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import hazardrules as hr
from hazardrules import forms
from hazardrules.files.folder import Folder
from hazardrules.maintain import published
from hazardrules.maintain.published import Published
from hazardrules.reading import read_file

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "standards" / "published"
DOCUMENT = ROOT / "docs" / "published-cases.md"
INDEX = Path(__file__).parent / "published" / "index.yaml"
WORDS = {"hit": "命中", "disputed": "有争议", "unknown": "待定", "clear": "未命中", "not_applicable": "不适用"}

PLACE = Folder(ROOT / "standards")
CASES = {case.model.id: case for case in published.read(PLACE)}
CORPUS = hr.default()
CLAUSE_OF = {rule.id: (standard.number, clause.label) for standard, clause, rule in CORPUS.rulebook.rules()}
FIRST_DAYS = {
    standard.number: day
    for standard in CORPUS.rulebook.standards
    if (day := standard.in_force.since or standard.issued) is not None
}


def case_ids(wanted: Any) -> list[str]:
    """Return the ids of the cases for which the function *wanted* is true."""
    return [name for name, case in CASES.items() if wanted(case.model)]


@cache
def form(industry: str | None) -> jsonschema.Draft202012Validator:
    """Return what checks records against the form that `hazardrules facts --industry` hands out."""
    asked = forms.asked(CORPUS.rulebook, CORPUS.chosen(industry))
    return jsonschema.Draft202012Validator(forms.as_schema(CORPUS.vocabulary, asked))


# ------------------------------------------------------------------------------------ as was decided


def test_the_cases_are_read() -> None:
    assert [str(problem) for problem in PLACE.problems] == []
    assert len(CASES) > 60
    assert len(CASES) == len(list(FOLDER.glob("*.yaml")))


@pytest.mark.parametrize("name", CASES)
def test_case_comes_out_as_it_should(name: str) -> None:
    outcomes = list(published.run(CORPUS, CASES[name]))
    assert len(outcomes) == len(CASES[name].records)
    for outcome in outcomes:
        assert outcome.problem is None, f"{outcome.problem}\n{outcome.explanation}"


@pytest.mark.parametrize("name", case_ids(lambda c: c.as_decided and c.decided.level == "major" and not c.decided.contested))
def test_major_cases_have_the_findings(name: str) -> None:
    """By the classification that a caller gets, not by the runner's own count."""
    case = CASES[name]
    for record in case.records:
        result = CORPUS.classify(record, industry=case.model.industry, on=case.model.on)
        found = {(f.citation.number, f.citation.clause) for f in result.findings if f.verdict is hr.Verdict.HIT and f.level is hr.Level.MAJOR}
        assert case.decided <= found
        assert result.level is hr.Level.MAJOR


# ------------------------------------------------------------------------- the runner notices what is wrong


def changed(case: Published, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """Return what the runner says of *case* with its data changed."""
    data = copy.deepcopy(case.source.data)
    change(data)
    other = Published(type(case.model).model_validate(data), case.source)
    outcomes = published.run(CORPUS, other)
    return [text for outcome in outcomes if outcome.problem for text in outcome.problem.zh.split("；")]


def test_a_clause_that_is_not_hit_fails_with_the_reasoning() -> None:
    major = CASES["chem-003"]
    assert changed(major, lambda data: data["decided"].update(clauses=["四"])) == ["应命中安监总管三〔2017〕121号 四，没有命中"]
    assert changed(major, lambda data: data["record"]["process_unit"]["seen"][0].update(external_distance_ok="是")) == []
    record = {"process_unit": [{"id": "甲", "two_key_one_major": "是", "external_distance_ok": "是"}]}
    told = changed(major, lambda data: data.update(record=record))
    assert told[0] == "应命中安监总管三〔2017〕121号 三，没有命中"
    data = {**major.source.data, "record": record}
    other = Published(type(major.model).model_validate(data), major.source)
    first = next(published.run(CORPUS, other))
    assert "✗" in first.explanation.zh
    assert "外部安全防护距离" in first.explanation.zh
    assert "external safety distance" in first.explanation.en
    assert first.where == major.source.where(("record",))


def test_an_ordinary_case_that_is_hit_fails() -> None:
    told = changed(CASES["chem-003"], lambda data: data.update(decided={**data["decided"], "level": "ordinary"}, verdicts={"chemicals-2017-03-a": "hit"}))
    assert "不应判为重大，却命中安监总管三〔2017〕121号 三" in told


def test_a_verdict_that_is_pinned_and_not_given_fails() -> None:
    name = next(iter(case_ids(lambda c: c.verdicts)))
    rule = next(iter(CASES[name].model.verdicts))
    told = changed(CASES[name], lambda data: data["verdicts"].update({rule: "deferred"}))
    assert any(text.startswith(f"{rule} 应为 deferred，实为 ") for text in told)
    told = changed(CASES[name], lambda data: data["verdicts"].update({"no-such-rule": "hit"}))
    assert "no-such-rule 应为 hit，实为 没有判" in told


def test_a_clause_without_support_that_is_hit_fails() -> None:
    case = CASES["chem-003"]
    told = changed(case, lambda data: data.update(unsupported=[{"clause": "三", "why": "没有写"}]))
    assert told == ["不应命中安监总管三〔2017〕121号 三"]


def test_a_case_decided_otherwise_that_is_hit_after_all_fails() -> None:
    told = changed(CASES["chem-003"], lambda data: data.update(as_decided=False, verdicts={"chemicals-2017-03-a": "hit"}))
    assert told[0] == "已经命中安监总管三〔2017〕121号 三，可以去掉 as_decided"
    assert any("级别应为 undetermined" in text for text in told)


def test_a_record_that_cannot_be_read_fails() -> None:
    told = changed(CASES["chem-003"], lambda data: data.update(record={"process_unti": []}))
    assert "process_unti" in told[0]
    told = changed(CASES["chem-003"], lambda data: data.update(industry="chemcials"))
    assert "chemcials" in told[0]


# --------------------------------------------------------------------------------- the files themselves


@pytest.mark.parametrize("name", CASES)
def test_file_is_in_order(name: str) -> None:
    case = CASES[name]
    decided, source = case.model.decided, case.model.source
    assert decided.document in FIRST_DAYS
    assert case.decided <= set(CLAUSE_OF.values())
    assert case.unsupported <= set(CLAUSE_OF.values())
    assert all((source.authority, source.place, source.date, case.model.told))
    assert "http" not in (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    if not case.model.as_decided:
        assert decided.level == "major"
        assert not decided.contested
        assert {CLAUSE_OF[rule] for rule in case.model.verdicts} == case.decided


@pytest.mark.parametrize("name", CASES)
def test_day_is_that_of_the_inspection_or_the_first_in_force(name: str) -> None:
    case = CASES[name].model
    first = FIRST_DAYS[case.decided.document]
    dated = re.match(r"\d{4}-\d{2}", case.source.date)
    assert case.retrospective == (not dated or case.source.date < first.isoformat())
    assert case.on == first if case.retrospective else case.on.isoformat().startswith(dated[0] if dated else "?")


@pytest.mark.parametrize("name", CASES)
def test_record_is_written_with_the_form(name: str) -> None:
    """A record holds only what the form of its industry asks."""
    for record in CASES[name].records:
        form(CASES[name].model.industry).validate(record)


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
    known = [name for names in read_file(INDEX).data.values() for name in names]
    judged = case_ids(lambda c: c.as_decided)
    explained = ids_under("判得与源文不同，或者记不下来") + ids_under("本库没有收录的领域")
    assert len(known) == len(set(known))
    assert sorted(known) == sorted([*judged, *explained])
    assert set(case_ids(lambda c: not c.as_decided)) <= set(explained)


@pytest.mark.parametrize("name", case_ids(lambda c: not c.as_decided))
def test_document_says_what_we_say(name: str) -> None:
    case = CASES[name].model
    row = next(row for row in document_rows()["判得与源文不同，或者记不下来"] if row.startswith(f"| {name} |"))
    _, _, decided, ours, why, _ = (cell.strip() for cell in row.split("|"))
    assert why
    assert all(clause in decided for clause in case.decided.clauses)
    assert {word for word in WORDS.values() if word in ours} == {WORDS[verdict] for verdict in case.verdicts.values()}


def test_document_lists_what_was_left_out_and_added() -> None:
    assert ids_under("只有一部分条款有源文支持") == case_ids(lambda c: c.unsupported)
    assert ids_under("记录里补的前提") == case_ids(lambda c: c.assumed)
    for row in document_rows()["只有一部分条款有源文支持"]:
        case = CASES[row.split("|")[1].strip()].model
        assert all(item.clause in row and item.why in row for item in case.unsupported)
    for row in document_rows()["记录里补的前提"]:
        assert str(CASES[row.split("|")[1].strip()].model.assumed) in row
