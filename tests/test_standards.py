"""The standards that are shipped: every inline case of every rule, by both engines, and lint."""

from __future__ import annotations

from functools import cache

import pytest

import hazardrules
from hazardrules.files import load
from hazardrules.maintain import cases, lint

CORPUS = hazardrules.Corpus(load())  # with the cases, which only the files hold
FOUND = {rule.id: (standard, clause, rule) for standard, clause, rule in CORPUS.rulebook.rules()}
CASES = [
    pytest.param(rule_id, number, id=f"{rule_id}-{number}-{case.expect}")
    for rule_id, (_, _, rule) in FOUND.items()
    for number, case in enumerate(rule.cases, 1)
]


@cache
def outcomes(rule_id: str) -> tuple[cases.Outcome, ...]:
    """Return how the inline cases of a rule come out, on each kind of subject that it is on."""
    standard, clause, rule = FOUND[rule_id]
    return tuple(cases.run(CORPUS, rule, standard, clause))


@pytest.mark.parametrize(("rule_id", "number"), CASES)
def test_case(rule_id: str, number: int) -> None:
    own = [outcome for outcome in outcomes(rule_id) if outcome.number == number]
    assert len(own) == len(FOUND[rule_id][2].subjects)
    for outcome in own:
        assert outcome.problem is None, f"{outcome.where}: {outcome.problem}\n{outcome.explanation}"


@pytest.mark.parametrize("document", [standard.id for standard in CORPUS.rulebook.standards])
def test_every_rule_has_cases(document: str) -> None:
    assert [rule_id for rule_id, (standard, _, rule) in FOUND.items() if standard.id == document and not rule.cases] == []


def test_lint_finds_nothing() -> None:
    assert [str(problem) for problem in lint.lint()] == []


def test_there_is_law_to_test() -> None:
    """The parametrised tests above are empty where nothing is read."""
    documents = {standard.id for standard, _, _ in FOUND.values()}
    assert {"gongmao-2023", "chemicals-2017", "noncoal-2022"} <= documents
    assert len(CASES) > 2000
