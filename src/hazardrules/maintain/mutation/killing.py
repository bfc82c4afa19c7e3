"""A rule with its cases read once, to be asked of many mutants: which case notices the mistake.

Only the rule itself is set up, with the definitions that it can meet. The mutant is judged by the
reference; that both engines agree is held by the tests of the engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ...classify import Corpus
from ...expr import Each, Expr, Fact, children
from ...facts import Definition, Scope, Vocabulary
from ...findings import failed_device
from ...inspection import Inspection
from ...judge import Judgement, Verdict
from ...rows import Row
from ...rules import Case, Clause, Entry, Rule, Rulebook, Standard
from ..cases import NOT_IN_FORCE, as_record, case_day, differs, own_name, placed

Key = tuple[str, str]  # kind, fact
Definitions = Mapping[Key, Definition]
Place = tuple[Standard, Clause, Rule]


@dataclass(frozen=True)
class Placed:
    """A case of a rule, read and completed: on one of the kinds of subject that the rule is on."""

    number: int
    case: Case
    day: date
    row: Row
    inspection: Inspection


@dataclass(frozen=True)
class Observed:
    """All that a case can state of a judgement; None where the rule is not in force."""

    verdict: Verdict
    missing: frozenset[str] = frozenset()  # of a rule that is open or disputed
    exception: bool = False
    also: str | None = None


class Bench:
    """One rule, alone in its document, with the definitions of the facts that it can meet."""

    def __init__(self, rulebook: Rulebook, standard: Standard, clause: Clause, rule: Rule) -> None:
        self.rulebook, self.standard, self.clause, self.rule = rulebook, standard, clause, rule
        self.corpus = Corpus(self._alone())
        self._cases: tuple[Placed, ...] | None = None

    @classmethod
    def of(cls, rulebook: Rulebook, standard: Standard, clause: Clause, rule: Rule) -> Bench:
        """Return the bench of a rule of *rulebook*."""
        return cls(replace(rulebook, vocabulary=narrowed(rulebook.vocabulary, standard, clause, rule)),
                   standard, clause, rule)  # fmt: skip

    def changed(
        self, *, rulebook: Rulebook | None = None, standard: Standard | None = None, rule: Rule | None = None
    ) -> Bench:
        """Return the same with another rule, document or corpus in its place."""
        return Bench(rulebook or self.rulebook, standard or self.standard, self.clause, rule or self.rule)

    def defined(self, definitions: Definitions) -> Bench:
        """Return the same with other definitions."""
        vocabulary = self.rulebook.vocabulary
        changed = vocabulary.with_conditions({**vocabulary.definitions, **definitions}, vocabulary.needs)
        return Bench(replace(self.rulebook, vocabulary=changed), self.standard, self.clause, self.rule)

    def _alone(self) -> Rulebook:
        clause = replace(self.clause, rules=(self.rule,))
        return replace(self.rulebook, standards=(replace(self.standard, clauses=(clause,)),))

    def entry(self, day: date) -> Entry | None:
        """Return the rule as it stands on *day*; None where it is not in force."""
        entries = self.corpus.rulebook.edition(day).entries
        return entries[0] if entries else None

    @property
    def first_day(self) -> date:
        """The day of a case that states none: the first on which the rule is in force."""
        return case_day(Case({}, "clear"), self.standard, self.rule)

    @property
    def turning_days(self) -> tuple[date, ...]:
        """Every day on which the rule, its document or a word list comes into or goes out of force."""
        return self.corpus.rulebook.turning_days

    # ---------------------------------------------------------------------------------- its cases

    @property
    def cases(self) -> tuple[Placed, ...]:
        """The cases of the rule, each on every kind of subject that the rule is on."""
        if self._cases is None:
            self._cases = tuple(self._placed())
        return self._cases

    def _placed(self) -> Iterator[Placed]:
        for number, case in enumerate(self.rule.cases, 1):
            for subject in self.rule.subjects:
                row, inspection, day = self._place(case, subject)
                yield Placed(number, case, day, row, inspection)

    def _place(self, case: Case, subject: str) -> tuple[Row, Inspection, date]:
        day = case_day(case, self.standard, self.rule)
        data = as_record(case.given, subject, self.corpus.vocabulary)
        return *placed(self.corpus, data, day, subject), day

    def killer(self, mutant: Bench | None = None) -> int | None:
        """Return the number of the first case that fails on *mutant* (None: on the rule itself), None where all pass.

        The mutant may have another rule, gates or word lists, but the same definitions.
        """
        entries: dict[date, Entry | None] = {}
        for one in self.cases:
            if one.day not in entries:
                entries[one.day] = (mutant or self).entry(one.day)
            if self._fails(one, entries[one.day], (mutant or self).standard):
                return one.number
        return None

    def _fails(self, one: Placed, entry: Entry | None, standard: Standard) -> bool:
        if entry is None:
            return one.case.expect != NOT_IN_FORCE
        made = self.corpus.judgement(entry, one.row, one.inspection)
        return differs(one.case, made, standard, self.corpus) is not None

    # ------------------------------------------------------------------------------- other records

    def observed(self, given: Mapping[str, Any], subject: str) -> Observed | None:
        """Return how the rule comes out on what a case gives; None where it is not in force.

        Raises `FactsError` where the record cannot be read.
        """
        row, inspection, day = self._place(Case(MappingProxyType(given), "clear"), subject)
        entry = self.entry(day)
        return None if entry is None else observed(self.corpus.judgement(entry, row, inspection), self)


def observed(made: Judgement, bench: Bench) -> Observed:
    """Return what a case can state of *made* and a user of the library can see."""
    waits = made.verdict in (Verdict.UNKNOWN, Verdict.DISPUTED)
    return Observed(
        made.verdict,
        frozenset(own_name(row, name, made.row) for row, name in made.missing()) if waits else frozenset(),
        made.cleared_by is not None,
        failed_device(bench.standard, made, bench.corpus.vocabulary),
    )


# ------------------------------------------------------------------------------------ definitions


def read_by(standard: Standard, clause: Clause, rule: Rule, vocabulary: Vocabulary) -> set[Key]:
    """Return the facts that *rule*, with its gates, reads itself: those of parts included."""
    asked = (*rule.conditions(), *(gate for _, gate in standard.gate(clause)))
    return {key for subject in rule.subjects for e in asked for key in _read(e, vocabulary.scope(subject))}


def _read(expr: Expr, scope: Scope) -> Iterator[Key]:
    if isinstance(expr, Fact | Each):
        owner = scope.owner(expr.name if isinstance(expr, Fact) else expr.items)
        if owner:
            yield owner
    inner = scope.inside(expr.items) if isinstance(expr, Each) else scope
    for child in children(expr):
        yield from _read(child, inner)


def behind(keys: set[Key], vocabulary: Vocabulary) -> set[Key]:
    """Return *keys* and every fact that one of them follows from."""
    found: set[Key] = set()
    queue = list(keys)
    while queue:
        key = queue.pop()
        if key in found:
            continue
        found.add(key)
        if definition := vocabulary.definitions.get(key):
            queue += [read for e in definition.conditions for read in vocabulary.reads(e, key[0])]
            queue += definition.reads
            if definition.count:
                queue.append((key[0], definition.count))
    return found


def narrowed(vocabulary: Vocabulary, standard: Standard, clause: Clause, rule: Rule) -> Vocabulary:
    """Return *vocabulary* with those definitions alone that *rule* can meet."""
    met = behind(read_by(standard, clause, rule, vocabulary), vocabulary)
    kept = {key: definition for key, definition in vocabulary.definitions.items() if key in met}
    return vocabulary.with_conditions(kept, vocabulary.needs)
