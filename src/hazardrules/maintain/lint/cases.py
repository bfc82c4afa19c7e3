"""What the cases of a rule leave untested: verdicts, thresholds, empty lists; and what in them cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ... import record, values
from ...errors import FactsError, Problem
from ...expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact, walk
from ...ops import ORDERED
from ...rules import Rule, on_enterprise
from ...texts import Text
from ..cases import as_record
from ..cells import atoms_of
from .book import Book, Check, Finding, Placed, Spot


def missing_cases(book: Book) -> Iterator[Finding]:
    """Yield the verdicts that a rule can give and no case of it shows."""
    for placed in book.rules:
        rule, present = placed.rule, {case.expect for case in placed.rule.cases}
        for outcome in sorted(_outcomes(placed) - present):
            yield placed.finding(f"缺 expect: {outcome} 的用例", f"no case with expect: {outcome}")
        firm = [e for e in rule.unless if not e.soft and not e.defers_to]
        cleared = sum(bool(case.exception) for case in rule.cases)
        if cleared < len(firm):
            yield placed.finding(
                f"{len(firm)} 条除外只有 {cleared} 个写着 exception 的用例", f"{len(firm)} exceptions, {cleared} cases"
            )


def _outcomes(placed: Placed) -> set[str]:
    rule = placed.rule
    wanted = {"unknown", "hit" if rule.when != NEVER else "disputed"}
    if rule.when != ALWAYS:
        wanted.add("clear")
    if rule.applies != ALWAYS or any(not on_enterprise(gate) for _, gate in placed.standard.gate(placed.clause)):
        wanted.add("not_applicable")
    if rule.disputed or any(e.soft and not e.defers_to for e in rule.unless):
        wanted.add("disputed")
    if any(e.defers_to for e in rule.unless):
        wanted.add("deferred")
    return wanted


def boundary_cases(book: Book) -> Iterator[Finding]:
    """Yield the numbers in conditions at which no case stands exactly."""
    for placed in book.rules:
        for condition in placed.rule.conditions():
            for node in walk(condition):
                match node:
                    case Call(op, (Fact(name), Const(value))) if op in (*ORDERED, "eq", "ne"):
                        if not isinstance(value, (str, bool)) and not _stands_at(book, placed.rule, name, value):
                            yield placed.finding(
                                f"“{name}”在界限上的用例没有写", f"no case at the boundary of “{name}”"
                            )


def _stands_at(book: Book, rule: Rule, name: str, value: object) -> bool:
    spec = book.vocabulary.scope(rule.subjects[0]).find(name)
    if spec is None:  # a fact of a part: its cases stand inside the part
        return True
    for case in rule.cases:
        try:
            if name in case.given and values.parse(spec, case.given[name]) == value:
                return True
        except values.FactValueError:
            continue
    return False


def empty_list_cases(book: Book) -> Iterator[Finding]:
    """Yield what asks for *every* part of a list without a case in which there is none: then it holds."""
    for placed in book.rules:
        for condition in placed.rule.conditions():
            for name in _every(condition):
                if not any(_is_empty(case.given.get(name)) for case in placed.rule.cases):
                    yield placed.finding(
                        f"every: {name} 在清单为空时也成立；写一个 {name}: [] 的用例，看结论对不对",
                        f"every: {name} holds of an empty list, too; add a case with {name}: []",
                    )
    for kind, spec, spot in book.facts:
        definition = book.vocabulary.definitions.get((kind.id, spec.id))
        for condition in definition.conditions if definition else ():
            for name in _every(condition):
                if not _tried(book, (kind.id, spec.id), kind.id, name):
                    yield Finding(
                        spot,
                        Text(
                            f"“{spec.id}”用了 every: {name}，它在清单为空时也成立；"
                            f"在用到它的规则里写一个 {name}: [] 的用例",
                            f"“{spec.id}” asks for every: {name}, which holds of an empty list, too; "
                            f"add a case with {name}: [] to a rule that reads it",
                        ),
                    )


def unreadable_cases(book: Book) -> Iterator[Finding]:
    """Yield the facts in cases, inline and published, that no record can hold: misspelt, or of a wrong value."""
    if not book.knows_facts:
        return
    for placed in book.rules:
        for n, case in enumerate(placed.rule.cases):
            for subject in placed.rule.subjects:
                for problem in _problems(book, as_record(case.given, subject, book.vocabulary)):
                    steps = (step.partition("[")[0] for step in reversed(problem.where.split(".")))
                    names = (name for step in steps for name in case.given if name.rpartition(".")[2] == step)
                    name = next(names, None)
                    given = () if name is None else ("given", name)
                    yield placed.finding(*problem.message, "cases", n, *given)
    for published in book.published:
        alone = not isinstance(published.model.record, list)
        for n, data in enumerate(published.records):
            spot = Spot(published.source, ("record",) if alone else ("record", n))
            for problem in _problems(book, data):
                yield Finding(spot, Text(problem.say("zh"), problem.say("en")))


def _problems(book: Book, data: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        record.read(data, book.vocabulary)
    except FactsError as error:
        return error.problems
    return ()


def _every(condition: Expr) -> list[str]:
    """Return the lists of the subject of which *condition* asks every part."""
    return [atom.items for atom in atoms_of(condition) if isinstance(atom, Each) and atom.least is None]


def _is_empty(value: object) -> bool:
    return value == []


def _tried(book: Book, fact: tuple[str, str], kind: str, items: str) -> bool:
    names = (items, f"{kind}.{items}") if "." not in items else (items,)
    return any(
        _is_empty(case.given.get(name))
        for _, _, rule in book.rulebook.rules()
        for case in rule.cases
        if any(name in case.given for name in names)
        for name in names
        if any(
            fact in set(book.reads(condition, subject)) for condition in rule.conditions() for subject in rule.subjects
        )
    )


CHECKS = (
    Check("missing-case", Text("规则缺用例", "a rule without a case of some verdict"), missing_cases),
    Check("unreadable-case", Text("用例写的事实记不进去", "a case whose facts no record can hold"), unreadable_cases),
    Check("no-boundary-case", Text("界限上没有用例", "no case exactly at a threshold"), boundary_cases),
    Check(
        "no-empty-list-case", Text("every 没有空清单的用例", "every without a case of the empty list"), empty_list_cases
    ),
)
