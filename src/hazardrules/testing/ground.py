"""What records are drawn for: which rules of a corpus, on which days, and what each of them reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from .. import dates
from ..classify import Corpus, parse_day
from ..errors import HazardRulesError, Problem
from ..facts import ENTERPRISE, nearest
from ..rules import Clause, Entry, InForce, Rule, Standard
from ..texts import Text
from .pools import neighbours
from .source import TODAY, Key, Source, names_in, thresholds

_WORDS = {"kind": Text("对象", "kind of subject"), "rule": Text("规则", "rule"), "fact": Text("事实", "fact")}


Names = str | Iterable[str] | None


class Ground:
    """The rules of a corpus that records are drawn for."""

    def __init__(
        self,
        corpus: Corpus,
        *,
        industry: Names = None,
        kind: str | None = None,
        rule: Names = None,
        on: date | str | None = None,
    ) -> None:
        """Take the rules of *industry*, those that read of *kind*, those named *rule*; *on* settles the day.

        Raises `HazardRulesError` for a name that there is not, and where there is no such rule to draw for.
        """
        self.corpus, self.vocabulary, self.kind = corpus, corpus.vocabulary, kind
        named = [rule] if isinstance(rule, str) else rule if rule is None else list(rule)
        check("kind", [] if kind is None else [kind], self.vocabulary.kinds)
        check("rule", named or [], corpus.rulebook.order)
        industries, self.day = corpus.chosen(industry), parse_day(on)
        self._fields = industries or tuple(corpus.industries.values())
        self.places = {made.id: (standard, clause, made) for standard, clause, made in corpus.rulebook.rules()}
        self.days: dict[str, tuple[date, ...]] = {}  # of each rule, the first and the last on which it is in force
        for standard, clause, made in self.places.values():
            if (
                (named is None or made.id in named)
                and (not industries or any(field.takes(standard.id, clause) for field in industries))
                and (kind is None or self._concerns(kind, standard, clause, made))
                and (days := self._first_and_last(standard.in_force, made.in_force))
            ):
                self.days[made.id] = days
        if not self.days and (kind is None or named is not None or industries):
            message = Text("没有这样的规则，或者那一天没有生效", "there is no such rule, or none is in force then")
            raise HazardRulesError([Problem("", message)])
        self._entries: dict[date, Mapping[str, Entry]] = {}
        self._sources: dict[tuple[str, date], Source] = {}
        self._turns: dict[str, tuple[date, ...]] = {}
        self._all: Source | None = None
        self._whole: dict[tuple[frozenset[str], date], Source] = {}

    def _concerns(self, kind: str, standard: Standard, clause: Clause, rule: Rule) -> bool:
        """Return whether *rule*, or a gate before it, reads a fact of *kind*."""
        asked = [*rule.conditions(), *(gate for _, gate in standard.gate(clause))]
        read = (key for subject in rule.subjects for each in asked for key in self.vocabulary.reads(each, subject))
        on_it = any(subject.rpartition(".")[2] == kind for subject in rule.subjects)
        return on_it or any(kind in (owner, self.vocabulary.kinds[owner].facts[fact].of) for owner, fact in read)

    def _first_and_last(self, *spans: InForce) -> tuple[date, ...]:
        """Return the first and the last day that lie in all *spans*, or the day that is settled if it does."""
        first = max((span.since for span in spans if span.since), default=None)
        last = min((span.until - timedelta(days=1) for span in spans if span.until), default=None)
        days = [self.day] if self.day else [day for day in (first, last) if day] or [self.today]
        return tuple(day for day in dict.fromkeys(days) if all(span.on(day) for span in spans))

    @property
    def today(self) -> date:
        """The day that is settled, else the one that it is now."""
        return self.day or dates.today()

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The kinds at the top of a record that hold what the rules are on."""
        kinds = {s.rpartition(".")[2] for name in self.days for s in self.places[name][2].subjects} | {self.kind}
        queue = list(kinds)
        while queue:
            found = self.vocabulary.kinds.get(queue.pop() or "")
            above = set(found.within) - kinds if found else set()
            kinds |= above
            queue += above
        return tuple(kind for kind in self.vocabulary.top if kind in kinds)

    # ---------------------------------------------------------------------------------------- rules

    def on(self, day: date) -> Mapping[str, Entry]:
        """Return the rules as they stand on *day*, by id."""
        if day not in self._entries:
            edition = self.corpus.program(day, ()).edition
            self._entries[day] = {e.rule.id: e for e in edition.entries if e.rule.id in self.days}
        return self._entries[day]

    def source(self, entry: Entry, day: date) -> Source:
        """Return what the rule of *entry* reads as it stands on *day*."""
        key = entry.rule.id, day
        if key not in self._sources:
            conditions = [*entry.rule.conditions(), *(gate for _, gate in entry.gates)]
            asked = [(subject, condition) for subject in entry.rule.subjects for condition in conditions]
            asked += [(ENTERPRISE, left.when) for left in entry.standard.yields]
            self._sources[key] = Source(self.vocabulary, asked)
        return self._sources[key]

    def turns(self, rule: str) -> tuple[date, ...]:
        """Return the days on which *rule* is looked at: its first and last, and those at which its conditions turn."""
        if rule not in self._turns:
            days = self.days[rule]
            source, spec = self.source(self.on(days[0])[rule], days[0]), self.vocabulary.kinds[TODAY[0]].facts[TODAY[1]]
            alone = [atom for atom in source.cuts.get(TODAY, ()) if names_in(atom) == [".".join(TODAY)]]
            near = [day for at in thresholds(spec, ".".join(TODAY), alone) for day in (at, *neighbours(spec, at))]
            between = [day for day in near if not self.day and rule in self.on(day)]
            self._turns[rule] = tuple(dict.fromkeys((*days, *between)))
        return self._turns[rule]

    def everything(self, kinds: frozenset[str], day: date) -> Source:
        """Return what all rules on *kinds* of subject read on *day*."""
        key = kinds, day
        if key not in self._whole:
            on_them = [e for e in self.on(day).values() if kinds & {s.rpartition(".")[2] for s in e.rule.subjects}]
            found = [self.source(entry, day) for entry in on_them]
            self._whole[key] = Source.joined(self.vocabulary, found)
        return self._whole[key]

    def values(self, key: Key, day: date) -> tuple[Any, ...]:
        """Return what the fact *key* may be on an inspection of *day*, for all the rules whenever they are in force."""
        if self._all is None:
            sources = [self.source(self.on(days[0])[rule], days[0]) for rule, days in self.days.items()]
            self._all = Source.joined(self.vocabulary, sources)
        return self._all.values(key, day, {".".join(TODAY): day})

    def industries(self, rule: str) -> tuple[str, ...]:
        """Return the industries that *rule* belongs to, of those that the ground is for."""
        standard, clause, _ = self.places[rule]
        return tuple(field.id for field in self._fields if field.takes(standard.id, clause))


def check(what: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise `HazardRulesError` for those of *names* that are not *known*."""
    problems = []
    for name in names:
        if name not in known:
            near = nearest(name, known)
            words = _WORDS[what]
            message = Text(
                f"没有{words.zh}“{name}”" + (f"，是不是“{near}”？" if near else ""),
                f"there is no {words.en} “{name}”" + (f"; did you mean “{near}”?" if near else ""),
            )
            problems.append(Problem(what, message))
    if problems:
        raise HazardRulesError(problems)
