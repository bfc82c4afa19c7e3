"""Mutants that never reach the cases: the reader of the files or lint refuses them."""

from __future__ import annotations

from typing import Any

from ... import condition
from ...expr import ALWAYS, NEVER, Expr
from ...facts import Scope
from ...reading import Source
from ...rules import Rule, Rulebook
from ...texts import Text
from ..lint import conditions, devices, unguarded
from ..lint.book import Book, Placed, Spot
from .killing import Place

_CHECKS = (*unguarded.CHECKS, *devices.CHECKS, *conditions.CHECKS)  # those that look at one rule


def refusal(rulebook: Rulebook, place: Place, mutant: Rule) -> str:
    """Return why *mutant*, in place of the rule at *place*, would be refused; nothing where it would not be."""
    problems = _unreadable(rulebook, mutant)
    if problems:
        return problems[0].zh
    known = set(_found(rulebook, place, place[2]))
    return next((f"lint {code}" for code in _found(rulebook, place, mutant) if code not in known), "")


def _unreadable(rulebook: Rulebook, rule: Rule) -> list[Text]:
    """Return what the reader complains of when the conditions of *rule* are written and read again."""
    problems: list[Text] = []
    reader = condition.Reader(rulebook.lists, lambda _path, _offset, message: problems.append(message))
    for subject in rule.subjects:
        scope = rulebook.vocabulary.scope(subject)
        for expr in rule.conditions():
            if expr not in (ALWAYS, NEVER):
                reader.read(condition.write(expr, scope), (), scope)
    return problems


def _found(rulebook: Rulebook, place: Place, rule: Rule) -> list[str]:
    """Return the codes of what lint finds in *rule*."""
    standard, clause, _ = place
    scope = rulebook.vocabulary.scope(rule.subjects[0])
    spot = Spot(Source({"rules": [_data(rule, scope)]}, clause.path), ("rules", 0))
    book = _Alone(rulebook, Placed(standard, clause, rule, spot))
    return [check.code for check in _CHECKS for _ in check.run(book)]


def _data(rule: Rule, scope: Scope) -> dict[str, Any]:
    def written(expr: Expr) -> Any:
        return None if expr in (ALWAYS, NEVER) else condition.write(expr, scope)

    return {
        "id": rule.id,
        "applies": written(rule.applies),
        "when": written(rule.when),
        "unless": [{"when": written(exclusion.when)} for exclusion in rule.unless],
        "disputed": [{"when": written(reading.when)} for reading in rule.disputed],
    }


class _Alone(Book):
    """A book with one rule in it."""

    def __init__(self, rulebook: Rulebook, placed: Placed) -> None:
        self.rulebook, self.problems, self.undecided, self._spaces = rulebook, (), [], {}
        self.__dict__ |= {"rules": (placed,), "standards": (), "facts": (), "kinds": ()}
