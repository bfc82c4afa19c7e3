"""The law as data: documents, their clauses, the rules that encode them, and the cases that show it.

Everything here is frozen. `Rulebook.edition` answers what is in force on a day; nothing else in
the library looks at a document's dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any

from .expr import ALWAYS, NEVER, Call, Const, Expr, walk
from .expr import replace as rewrite
from .facts import ENTERPRISE, Vocabulary, facts_in
from .texts import Text


class Level(Enum):
    """How grave: nothing found, an ordinary hazard, a major accident hazard, or not determined.

    Levels are ordered in this way; the value is the word that stands in JSON.
    """

    NONE = "none"
    ORDINARY = "ordinary"
    MAJOR = "major"
    UNDETERMINED = "undetermined"

    def __init__(self, _word: str) -> None:
        self.rank = len(self.__class__.__members__)  # the place in the order, from 0

    def __lt__(self, other: Level) -> bool:
        return self.rank < other.rank


@dataclass(frozen=True, slots=True)
class InForce:
    """A span of days: `since` is its first day, `until` the first day after it; None is open."""

    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        """Return whether *day* lies in the span."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A recognised exception (`unless`); a soft one never clears a hit, a deferral hands it over."""

    when: Expr
    why: Text
    basis: str | None = None
    disputed: str | None = None
    unverified: bool = False
    defers_to: str | None = None

    @property
    def soft(self) -> bool:
        """Whether it is disputed or rests on memory."""
        return self.disputed is not None or self.unverified


@dataclass(frozen=True, slots=True)
class Reading:
    """A wider reading of the clause that some hold: beyond the sure core, argued."""

    when: Expr
    why: Text


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule must say of some facts; `given` is as written: own facts bare, others dotted."""

    given: Mapping[str, Any]
    expect: str
    missing: tuple[str, ...] | None = None
    exception: bool | None = None
    also: str | None = None
    note: str | None = None
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the law, judged against one subject."""

    id: str
    subjects: tuple[str, ...]
    level: Level
    summary: Text
    applies: Expr = ALWAYS
    when: Expr = NEVER
    unless: tuple[Exclusion, ...] = ()
    disputed: tuple[Reading, ...] = ()
    remedy: Text | None = None
    reading: str | None = None
    near: tuple[str, ...] = ()
    unverified: bool = False
    in_force: InForce = InForce()
    note: str | None = None
    cases: tuple[Case, ...] = ()
    where: str = ""  # file:line:column of its id

    def conditions(self) -> Iterator[Expr]:
        """Yield applies, when, the exceptions and the wider readings, in this order."""
        yield self.applies
        yield self.when
        yield from (exclusion.when for exclusion in self.unless)
        yield from (reading.when for reading in self.disputed)

    def rewritten(self, change: Any) -> Rule:
        """Return the rule with `change` applied to every node of every condition."""
        return replace(
            self,
            applies=rewrite(self.applies, change),
            when=rewrite(self.when, change),
            unless=tuple(replace(e, when=rewrite(e.when, change)) for e in self.unless),
            disputed=tuple(replace(r, when=rewrite(r.when, change)) for r in self.disputed),
        )


@dataclass(frozen=True, slots=True)
class Clause:
    """An article or item of a document, with its rules, or with why it is not encoded."""

    label: str
    stem: str  # the file's name, "11-06"; its first part is the chapter
    rules: tuple[Rule, ...] = ()
    why: str | None = None  # why there are no rules
    topic: str | None = None
    note: str | None = None
    path: str = ""  # the file
    where: str = ""  # file:line:column of its label

    @property
    def chapter(self) -> str:
        """The part of the file's name before the first hyphen."""
        return self.stem.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What holds for every clause of a chapter: its chapeau, with its own citation."""

    clause: str
    title: str
    applies: Expr = ALWAYS


@dataclass(frozen=True, slots=True)
class Yield:
    """A matter that the document leaves to another one."""

    when: Expr
    to: str


@dataclass(frozen=True)
class Standard:
    """A promulgated document."""

    id: str
    number: str
    title: str
    title_en: str | None
    issuer: str
    issued: date | None
    in_force: InForce
    clauses: tuple[Clause, ...]
    scope: Expr = ALWAYS
    scope_clause: str | None = None
    chapters: Mapping[str, Chapter] = field(default_factory=dict)
    yields: tuple[Yield, ...] = ()
    failed_device: str | None = None
    succeeds: str | None = None
    official: str | None = None
    closed: bool = False
    bounds: str | None = None
    unverified: bool = False
    note: str | None = None
    states_no_date: bool = False  # it gives no day of coming into force: judged from `issued`

    @cached_property
    def judges_majors(self) -> bool:
        """Whether it is a judgment standard: it lists major hazards, encoded or not yet."""
        return any(c.why or any(rule.level is Level.MAJOR for rule in c.rules) for c in self.clauses)

    def gate(self, clause: Clause) -> tuple[tuple[str | None, Expr], ...]:
        """Return what must hold before *clause* speaks at all, each with its citation."""
        gates = [(self.scope_clause, self.scope)]
        if chapter := self.chapters.get(clause.chapter):
            gates.append((chapter.clause, chapter.applies))
        return tuple((label, gate) for label, gate in gates if gate != ALWAYS)


@dataclass(frozen=True, slots=True)
class WordList:
    """A dated list of words, such as the catalogue of special operations."""

    id: str
    title: str
    editions: tuple[WordEdition, ...]

    def on(self, day: date) -> WordEdition | None:
        """Return the edition in force on *day*."""
        return next((edition for edition in self.editions if edition.in_force.on(day)), None)


@dataclass(frozen=True, slots=True)
class WordEdition:
    """The words of a list in one span of time, and the document that gives them."""

    words: frozenset[str]
    in_force: InForce
    citation: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Industry:
    """What a user calls a field of work: which clauses (by chapter, None: all) of which documents."""

    id: str
    title: Text
    documents: Mapping[str, tuple[str, ...] | None]

    def takes(self, standard: str, clause: Clause) -> bool:
        """Return whether *clause* of the document *standard* belongs to the industry."""
        if standard not in self.documents:
            return False
        chapters = self.documents[standard]
        return chapters is None or clause.chapter in chapters


@dataclass(frozen=True)
class Rulebook:
    """All standards of a corpus with the vocabulary that they share."""

    vocabulary: Vocabulary
    standards: tuple[Standard, ...]
    lists: Mapping[str, WordList]
    industries: Mapping[str, Industry]
    fingerprint: str = ""
    version: str = ""  # of the standards, which have one of their own

    @cached_property
    def turning_days(self) -> tuple[date, ...]:
        """Every day on which something comes into or goes out of force, in order."""
        spans = [s.in_force for s in self.standards]
        spans += [rule.in_force for _, _, rule in self.rules()]
        spans += [edition.in_force for words in self.lists.values() for edition in words.editions]
        return tuple(sorted({day for span in spans for day in (span.since, span.until) if day}))

    def rules(self) -> Iterator[tuple[Standard, Clause, Rule]]:
        """Yield every rule with its document and clause, in the order of the documents."""
        for standard in self.standards:
            for clause in standard.clauses:
                for rule in clause.rules:
                    yield standard, clause, rule

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each rule: by document, clause and rule."""
        return {rule.id: n for n, (_, _, rule) in enumerate(self.rules())}

    def find(self, rule_id: str) -> tuple[Standard, Clause, Rule] | None:
        """Return the rule *rule_id* with its document and clause, or None."""
        return next((found for found in self.rules() if found[2].id == rule_id), None)

    def edition(self, day: date, industries: tuple[Industry, ...] = ()) -> Edition:
        """Return what is in force on *day*, dated word lists resolved: all of it, or what belongs to *industries*."""
        entries = tuple(
            self._resolved(standard, clause, rule, day)
            for standard, clause, rule in self.rules()
            if standard.in_force.on(day)
            and rule.in_force.on(day)
            and (not industries or any(industry.takes(standard.id, clause) for industry in industries))
        )
        documents = tuple(
            standard
            for standard in self.standards
            if standard.in_force.on(day)
            and (not industries or any(standard.id in industry.documents for industry in industries))
        )
        return Edition(self, documents, entries)

    def _resolved(self, standard: Standard, clause: Clause, rule: Rule, day: date) -> Entry:
        unverified = rule.unverified or standard.unverified

        def change(expr: Expr) -> Expr:
            nonlocal unverified
            if isinstance(expr, Call) and expr.op == "listed":
                name = expr.args[1]
                assert isinstance(name, Const)
                edition = self.lists[name.value].on(day)
                unverified = unverified or bool(edition and edition.unverified)
                return Call("in", (expr.args[0], Const(edition.words if edition else None)))
            return expr

        dated = any(isinstance(n, Call) and n.op == "listed" for c in rule.conditions() for n in walk(c))
        resolved = rule.rewritten(change) if dated else rule
        return Entry(standard, clause, resolved, standard.gate(clause), unverified)


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it stands on a day: with its document, clause, gates, and whether unverified."""

    standard: Standard
    clause: Clause
    rule: Rule
    gates: tuple[tuple[str | None, Expr], ...]
    unverified: bool


@dataclass(frozen=True)
class Edition:
    """The documents and rules in force on a day."""

    rulebook: Rulebook
    documents: tuple[Standard, ...]
    entries: tuple[Entry, ...]

    @cached_property
    def judged_by(self) -> Mapping[str, Standard]:
        """The documents that have rules in it, by id."""
        return {entry.standard.id: entry.standard for entry in self.entries}

    @cached_property
    def gates(self) -> Mapping[tuple[str, str | None, Expr], Standard]:
        """The conditions on the enterprise alone, each with its document's id and citation → the document."""
        return {
            (entry.standard.id, label, gate): entry.standard
            for entry in self.entries
            for label, gate in entry.gates
            if on_enterprise(gate)
        }

    @cached_property
    def has_ordinary(self) -> bool:
        """Whether ordinary duties are encoded in it."""
        return any(entry.rule.level is Level.ORDINARY for entry in self.entries)


def on_enterprise(gate: Expr) -> bool:
    """Return whether *gate* is a condition on the enterprise alone, which `industry=` asserts."""
    names = facts_in(gate)
    return bool(names) and all(name.startswith(f"{ENTERPRISE}.") for name in names)
