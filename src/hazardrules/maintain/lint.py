"""The checks on standards, one small function each; `docs/lint.md` has a paragraph on every one.

Structure, names, words and units are checked while the files are read (`files`); here stands what
can only be seen of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ..classify import Corpus
from ..errors import Problem, StandardsError
from ..expr import ALWAYS, Call, Const, Expr, Fact, walk
from ..facts import ENTERPRISE, INSPECTION
from ..files import load
from ..rules import Clause, Rule, Standard, on_enterprise
from ..texts import Text

Check = Callable[[Corpus], Iterator[Problem]]


def lint(folder: Path | None = None) -> list[Problem]:
    """Return every problem of the standards in *folder* (None: those shipped), files' own first."""
    try:
        corpus = Corpus(load(folder))
    except StandardsError as error:
        return list(error.problems)
    return [problem for check in CHECKS for problem in check(corpus)]


def _problem(clause: Clause, rule: Rule, code: str, zh: str, en: str) -> Problem:
    return Problem(rule.where or clause.path, Text(f"{rule.id}: {zh}", f"{rule.id}: {en}"), code)


def _gated(standard: Standard, clause: Clause, rule: Rule) -> bool:
    """Return whether the rule has a gate that facts of its subject can close."""
    return rule.applies != ALWAYS or any(not on_enterprise(gate) for _, gate in standard.gate(clause))


def missing_cases(corpus: Corpus) -> Iterator[Problem]:
    """Every rule has hit, clear and unknown cases, and not_applicable ones where it has a gate."""
    for standard, clause, rule in corpus.rulebook.rules():
        present = {case.expect for case in rule.cases}
        wanted = {"unknown"} | ({"hit"} if rule.when != Call("any", ()) else {"disputed"})
        if not _always_met(rule):
            wanted.add("clear")
        if _gated(standard, clause, rule):
            wanted.add("not_applicable")
        if rule.disputed or any(e.soft and not e.defers_to for e in rule.unless):
            wanted.add("disputed")
        if any(e.defers_to for e in rule.unless):
            wanted.add("deferred")
        for outcome in sorted(wanted - present):
            yield _problem(
                clause, rule, "missing-case", f"缺 expect: {outcome} 的用例", f"no case with expect: {outcome}"
            )
        firm = [e for e in rule.unless if not e.soft and not e.defers_to]
        cleared = sum(bool(case.exception) for case in rule.cases)
        if cleared < len(firm):
            yield _problem(
                clause,
                rule,
                "missing-case",
                f"{len(firm)} 条除外只有 {cleared} 个 exception 用例",
                f"{len(firm)} exceptions, {cleared} cases",
            )


def _always_met(rule: Rule) -> bool:
    return rule.when == ALWAYS


def boundary_cases(corpus: Corpus) -> Iterator[Problem]:
    """Demand a case exactly at each number in a condition."""
    for _, clause, rule in corpus.rulebook.rules():
        for condition in rule.conditions():
            for node in walk(condition):
                match node:
                    case Call(op, (Fact(name), Const(value))) if op in ("lt", "le", "gt", "ge", "eq", "ne"):
                        if not isinstance(value, (str, bool)) and not _has_case_at(corpus, rule, name, value):
                            yield _problem(
                                clause,
                                rule,
                                "no-boundary-case",
                                f"“{name}”在界限上的用例没有写",
                                f"no case at the boundary of “{name}”",
                            )


def _has_case_at(corpus: Corpus, rule: Rule, name: str, value: object) -> bool:
    from .. import values

    spec = corpus.vocabulary.scope(rule.subjects[0]).find(name)
    if spec is None:  # a fact of a part: its cases stand inside the part
        return True
    for case in rule.cases:
        try:
            if name in case.given and values.parse(spec, case.given[name]) == value:
                return True
        except values.FactValueError:
            continue
    return False


def failed_devices(corpus: Corpus) -> Iterator[Problem]:
    """Under an article on failed devices `== 未设置` is an error; without one `!= 正常` needs a reading."""
    for standard, clause, rule in corpus.rulebook.rules():
        scope = corpus.vocabulary.scope(rule.subjects[0])
        for node in (node for condition in (rule.when,) for node in walk(condition)):
            match node:
                case Call(op, (Fact(name), Const(word))) if (spec := scope.find(name)) and spec.type == "device":
                    if standard.failed_device and op == "eq" and word == "未设置":
                        yield _problem(
                            clause, rule, "failed-device",
                            f"本文件{standard.failed_device}把失效等同未设置，“{name} == 未设置”应写成“{name} != 正常”",
                            f"a failed device counts as absent here: write “{name} != 正常”",
                        )  # fmt: skip
                    if not standard.failed_device and op == "ne" and word == "正常" and not rule.reading:
                        yield _problem(
                            clause, rule, "failed-device",
                            f"本文件没有失效视同未设置的条款，“{name} != 正常”要用 reading 说明理由",
                            f"no article on failed devices here: “{name} != 正常” needs a reading",
                        )  # fmt: skip


def unused_facts(corpus: Corpus) -> Iterator[Problem]:
    """Every declared fact is read by a rule or a definition, is evidence, or describes the subject."""
    vocabulary = corpus.vocabulary
    used: set[tuple[str, str]] = set()

    def note(condition: Expr, subject: str) -> None:
        used.update(vocabulary.reads(condition, subject))

    for standard, clause, rule in corpus.rulebook.rules():
        for subject in rule.subjects:
            for condition in (*rule.conditions(), *(gate for _, gate in standard.gate(clause))):
                note(condition, subject)
    for standard in corpus.rulebook.standards:
        for item in (
            standard.scope,
            *(y.when for y in standard.yields),
            *(c.applies for c in standard.chapters.values() if on_enterprise(c.applies)),
        ):
            note(item, ENTERPRISE)
    for (owner, _), definition in vocabulary.definitions.items():
        for condition in definition.conditions:
            note(condition, owner)
        if definition.count:
            used.add((owner, definition.count))
        used.update(definition.reads)
    for (owner, _), needs in vocabulary.needs.items():
        note(needs, owner)
    used.update(
        (spec.of, fact) for kind in vocabulary.kinds.values() for spec in kind.lists if spec.of for fact in spec.roster
    )
    for kind in vocabulary.kinds.values():
        if kind.id == INSPECTION:
            continue
        evidence = {name for spec in kind.facts.values() for name in spec.evidence}
        for spec in kind.facts.values():
            if (kind.id, spec.id) in used or spec.id in evidence or spec.type in ("text", "list"):
                continue
            yield Problem(
                spec.where,
                Text(f"没有规则或定义用到“{spec.id}”", f"no rule or definition uses “{spec.id}”"),
                "unused-fact",
            )


def questions(corpus: Corpus) -> Iterator[Problem]:
    """Every fact that is asked of a person has a question."""
    for kind in corpus.vocabulary.kinds.values():
        for spec in kind.facts.values():
            if spec.question is None and spec.type != "list":
                yield Problem(
                    spec.where,
                    Text(f"“{spec.id}”没有 question", f"“{spec.id}” has no question"),
                    "no-question",
                )


def titles(corpus: Corpus) -> Iterator[Problem]:
    """Titles tell kinds, and the facts of a kind, apart."""
    seen: dict[str, str] = {}
    for kind in corpus.vocabulary.kinds.values():
        if kind.title.zh in seen:
            yield Problem(
                kind.where,
                Text(f"名称“{kind.title.zh}”与 {seen[kind.title.zh]} 相同", f"title as {seen[kind.title.zh]}"),
                "same-title",
            )
        seen[kind.title.zh] = kind.id
        own: dict[str, str] = {}
        for spec in kind.facts.values():
            if spec.title.zh in own:
                yield Problem(
                    spec.where,
                    Text(
                        f"“{spec.id}”的名称“{spec.title.zh}”与 {own[spec.title.zh]} 相同",
                        f"“{spec.id}” has the title of {own[spec.title.zh]}",
                    ),
                    "same-title",
                )
            own[spec.title.zh] = spec.id


def same_rule(corpus: Corpus) -> Iterator[Problem]:
    """Demand that a rule id stands once."""
    seen: dict[str, str] = {}
    for _, clause, rule in corpus.rulebook.rules():
        if rule.id in seen:
            yield _problem(clause, rule, "same-id", f"编号与 {seen[rule.id]} 里的重复", f"id also in {seen[rule.id]}")
        seen[rule.id] = rule.where


def same_clause(corpus: Corpus) -> Iterator[Problem]:
    """Demand that a clause of a document stands once."""
    for standard in corpus.rulebook.standards:
        seen: dict[str, str] = {}
        for clause in standard.clauses:
            if clause.label in seen:
                yield Problem(
                    clause.where,
                    Text(f"{clause.label}已在 {seen[clause.label]}", f"{clause.label} is also in {seen[clause.label]}"),
                    "same-clause",
                )
            seen[clause.label] = clause.where


CHECKS: tuple[Check, ...] = (
    same_rule, same_clause, missing_cases, boundary_cases, failed_devices, unused_facts, questions, titles,
)  # fmt: skip


def unverified(corpus: Corpus) -> int:
    """Return how many rules rest on memory: their own status, their clause's or their document's."""
    return sum(rule.unverified or standard.unverified for standard, _, rule in corpus.rulebook.rules())
