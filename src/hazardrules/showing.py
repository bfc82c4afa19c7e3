"""The standards themselves, shown: a catalogue of what is held, and one clause in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .errors import HazardRulesError, Problem
from .explain import as_text, describe
from .expr import ALWAYS, NEVER
from .facts import Vocabulary, nearest
from .rules import Clause, Rule, Rulebook, Standard
from .texts import Text


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
            lines += ["", *_rule(standard, clause, rule, rulebook.vocabulary, lang)]
        lines.append("")
    return "\n".join(lines).rstrip()


def _is_named(name: str, standard: Standard, clause: Clause) -> bool:
    if name in (clause.label, f"{standard.id}-{clause.stem}", f"{standard.number} {clause.label}"):
        return True
    return any(rule.id == name for rule in clause.rules)


def _rule(standard: Standard, clause: Clause, rule: Rule, vocabulary: Vocabulary, lang: str) -> Iterator[str]:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(lang)

    subject = rule.subjects[0]
    yield f"{rule.id}  [{rule.level.value}]  {rule.summary.say(lang)}"
    kinds = "、".join(vocabulary.kinds[s.rpartition(".")[2]].title.say(lang) for s in rule.subjects)
    yield f"  {say('对象', 'subject')}：{kinds}"
    for label, gate in standard.gate(clause):
        yield f"  {say('前提', 'premise')}{f' {label}' if label else ''}"
        yield as_text(describe(gate, subject, vocabulary), lang, 2)
    parts = [(say("适用于", "applies to"), rule.applies)] if rule.applies != ALWAYS else []
    parts += [(say("情形", "situation"), rule.when)] if rule.when != NEVER else []
    for exclusion in rule.unless:
        word = (
            f"{say('按', 'judged under ')}{exclusion.defers_to}{say('判定', '')}"
            if exclusion.defers_to
            else say("除外", "exception")
        )
        doubt = say("（有争议或未核实）", " (disputed or unverified)") if exclusion.soft else ""
        basis = f"〔{exclusion.basis}〕" if exclusion.basis else ""
        parts.append((f"{word}{doubt}：{exclusion.why.say(lang)}{basis}", exclusion.when))
    parts += [
        (f"{say('较宽的理解', 'wider reading')}：{reading.why.say(lang)}", reading.when) for reading in rule.disputed
    ]
    for title, condition in parts:
        yield f"  {title}"
        yield as_text(describe(condition, subject, vocabulary), lang, 2)
    if rule.reading:
        yield f"  {say('理解', 'reading')}：{rule.reading}"
    if rule.remedy:
        yield f"  {say('整改', 'remedy')}：{rule.remedy.say(lang)}"
    if rule.unverified or standard.unverified:
        yield f"  {say('尚未与原文核实', 'not yet verified against the wording')}"
