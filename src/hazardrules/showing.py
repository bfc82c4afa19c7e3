"""The standards themselves, shown: a catalogue of what is held, and one clause in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .errors import HazardRulesError, Problem
from .explain import Line, as_text, describe
from .expr import ALWAYS, NEVER, Expr
from .facts import nearest
from .rules import Clause, Exclusion, Rule, Rulebook, Standard
from .texts import Text


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a rule as it is shown: what it does there, why, by what authority, and itself in words."""

    kind: Literal["premise", "applies", "when", "exception", "deferral", "wider"]
    title: Text
    condition: Line
    why: Text | None = None
    basis: str | None = None
    doubt: str | None = None  # why an exception is disputed


def catalogue(rulebook: Rulebook) -> list[dict[str, Any]]:
    """Return every document with its clauses and rules as plain data, as `standards --json` prints it."""
    return [
        {
            "id": standard.id,
            "number": standard.number,
            "title": standard.title,
            "issuer": standard.issuer,
            "in_force": {
                "from": None if standard.states_no_date else str(standard.in_force.since),
                "until": str(standard.in_force.until) if standard.in_force.until else None,
            },
            "clauses": [
                {
                    "clause": clause.label,
                    "encoded": bool(clause.rules),
                    "why": clause.why,
                    "rules": [
                        {
                            "id": rule.id,
                            "level": rule.level.value,
                            "subject": rule.subjects[0] if len(rule.subjects) == 1 else list(rule.subjects),
                            "disputed": bool(rule.disputed) or any(e.soft for e in rule.unless),
                            "unverified": rule.unverified or standard.unverified,
                        }
                        for rule in clause.rules
                    ],
                }
                for clause in standard.clauses
            ],
        }
        for standard in rulebook.standards
    ]


def describe_clause(rulebook: Rulebook, name: str, lang: str = "zh") -> str:
    """Return the rule or clause *name* in words. Raises `HazardRulesError` where there is none."""
    every = [(standard, clause) for standard in rulebook.standards for clause in standard.clauses]
    found = [pair for pair in every if _is_named(name, *pair)]
    found = found or [pair for pair in every if pair[1].label.startswith(name)]  # a chapter: all its items
    if not found:
        names = [rule.id for _, _, rule in rulebook.rules()] + [clause.label for _, clause in every]
        near = nearest(name, [n for n in names if n[:1] == name[:1]])
        raise HazardRulesError(
            [
                Problem(
                    "",
                    Text(
                        f"没有规则或条款“{name}”"
                        + (f"，是不是“{near}”？" if near else "；hazardrules standards 列出全部"),
                        f"there is no rule or clause “{name}”"
                        + (f"; did you mean “{near}”?" if near else "; hazardrules standards lists them"),
                    ),
                )
            ]
        )
    lines: list[str] = []
    for standard, clause in found:
        rules = [rule for rule in clause.rules if rule.id == name] or list(clause.rules)
        lines += [f"《{standard.title}》（{standard.number}）{clause.label}"]
        if clause.why:
            lines.append(Text(f"未编入：{clause.why}", f"not encoded: {clause.why}").say(lang))
        for rule in rules:
            lines += ["", *_rule(standard, clause, rule, rulebook, lang)]
        lines.append("")
    return "\n".join(lines).rstrip()


def _is_named(name: str, standard: Standard, clause: Clause) -> bool:
    if name in (clause.label, f"{standard.id}-{clause.stem}", f"{standard.number} {clause.label}"):
        return True
    return any(rule.id == name for rule in clause.rules)


def parts(standard: Standard, clause: Clause, rule: Rule, rulebook: Rulebook) -> Iterator[Part]:
    """Yield the conditions of *rule* as they are shown: premises, scope, situation, what narrows and what widens it."""

    def told(condition: Expr) -> Line:
        return describe(condition, rule.subjects[0], rulebook.vocabulary, rulebook.lists)

    for label, gate in standard.gate(clause):
        tail = f" {label}" if label else ""
        yield Part("premise", Text(f"前提{tail}", f"premise{tail}"), told(gate))
    if rule.applies != ALWAYS:
        yield Part("applies", Text("适用于", "applies to"), told(rule.applies))
    if rule.when != NEVER:
        yield Part("when", Text("情形", "situation"), told(rule.when))
    for exclusion in rule.unless:
        kind: Literal["exception", "deferral"] = "deferral" if exclusion.defers_to else "exception"
        condition = told(exclusion.when)
        yield Part(kind, _excluded(exclusion), condition, exclusion.why, exclusion.basis, exclusion.disputed)
    for reading in rule.disputed:
        yield Part("wider", Text("较宽的理解", "wider reading"), told(reading.when), reading.why)


def _excluded(exclusion: Exclusion) -> Text:
    """Return what an exclusion is called: an exception or a deferral, and whether there is a doubt about it."""
    word = Text("除外", "exception")
    if exclusion.defers_to:
        word = Text(f"按{exclusion.defers_to}判定", f"judged under {exclusion.defers_to}")
    doubt = Text("（有争议或未核实）", " (disputed or unverified)") if exclusion.soft else Text("", "")
    return Text(word.zh + doubt.zh, word.en + doubt.en)


def subjects(rule: Rule, rulebook: Rulebook) -> Text:
    """Return what *rule* is judged on: the titles of its kinds of subject."""
    titles = [rulebook.vocabulary.kinds[subject.rpartition(".")[2]].title for subject in rule.subjects]
    return Text("、".join(title.zh for title in titles), "、".join(title.en for title in titles))


def _rule(standard: Standard, clause: Clause, rule: Rule, rulebook: Rulebook, lang: str) -> Iterator[str]:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(lang)

    yield f"{rule.id}  [{rule.level.value}]  {rule.summary.say(lang)}"
    yield f"  {say('对象', 'subject')}：{subjects(rule, rulebook).say(lang)}"
    for part in parts(standard, clause, rule, rulebook):
        why = f"：{part.why.say(lang)}" if part.why else ""
        basis = f"〔{part.basis}〕" if part.basis else ""
        yield f"  {part.title.say(lang)}{why}{basis}"
        yield as_text(part.condition, lang, 2)
    if rule.reading:
        yield f"  {say('理解', 'reading')}：{rule.reading}"
    if rule.remedy:
        yield f"  {say('整改', 'remedy')}：{rule.remedy.say(lang)}"
    if rule.unverified or standard.unverified:
        yield f"  {say('尚未与原文核实', 'not yet verified against the wording')}"
