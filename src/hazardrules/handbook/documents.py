"""The page of a document: its clauses by chapter, each with its rules, the facts to look at, and its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ..explain import Line, describe
from ..expr import ALWAYS, Expr
from ..facts import ENTERPRISE
from ..rules import Clause, Level, Rule, Rulebook, Standard, on_enterprise
from ..showing import Part, parts
from ..texts import Text
from . import cases
from .facts import Facts, Key
from .pages import ChapterView, ClauseView, Counts, DocumentPage, Link, RuleView, Words
from .places import INDUSTRIES, Place, Places


class Documents:
    """Makes the pages of the documents of a rulebook."""

    def __init__(self, rulebook: Rulebook, places: Places, facts: Facts) -> None:
        self.rulebook, self.places, self.facts = rulebook, places, facts
        self.standards = {standard.id: standard for standard in rulebook.standards}
        self.links = {rule.id: self._rule_link(*found) for found in rulebook.rules() for rule in (found[2],)}
        self.levels = {rule.id: rule.level for _, _, rule in rulebook.rules()}
        self.beside: dict[str, dict[str, None]] = {rule_id: {} for rule_id in self.levels}
        for _, _, rule in rulebook.rules():  # whichever of the two names the other
            for other in rule.near:
                self.beside[rule.id][other] = self.beside[other][rule.id] = None

    def page(self, standard: Standard) -> DocumentPage:
        """Return the page of *standard*."""
        newer = [other for other in self.rulebook.standards if other.succeeds == standard.id]
        older = self.standards.get(standard.succeeds or "")
        return DocumentPage(
            standard=standard,
            place=self.places.document(standard.id),
            counts=_counts(standard),
            scope=self._told(standard.scope) if standard.scope != ALWAYS else None,
            yields=tuple((self._told(item.when), item.to) for item in standard.yields),
            succeeds=self.document_link(older) if older else None,
            succeeded_by=tuple(self.document_link(other) for other in newer),
            industries=tuple(
                Link(Place(INDUSTRIES, industry.id), industry.title)
                for industry in self.rulebook.industries.values()
                if standard.id in industry.documents
            ),
            chapters=tuple(self._chapters(standard)),
        )

    def document_link(self, standard: Standard) -> Link:
        """Return the way to the page of *standard*, with its number beside."""
        return Link(self.places.document(standard.id), title(standard), standard.number)

    def _told(self, condition: Expr) -> Line:
        return describe(condition, ENTERPRISE, self.rulebook.vocabulary, self.rulebook.lists)

    def _rule_link(self, standard: Standard, clause: Clause, rule: Rule) -> Link:
        return Link(self.places.rule(rule.id), f"{standard.number}{_space(clause.label)}{clause.label}", rule.summary)

    def _chapters(self, standard: Standard) -> Iterator[ChapterView]:
        placed, seen = list(self.places.clauses(standard)), set[str]()

        def chapter_of(pair: tuple[Clause, Place]) -> str | None:
            return pair[0].chapter if self.places.is_headed(standard, pair[0].chapter) else None

        for name, group in groupby(placed, key=chapter_of):
            views = tuple(self._clause(standard, clause, place) for clause, place in group)
            yield self._chapter(standard, name, views, again=name in seen)
            seen.add(name or "")
        for name in standard.chapters:  # without clauses, and yet an industry may name it
            if name not in seen and self.places.is_headed(standard, name):
                yield self._chapter(standard, name, (), again=False)

    def _chapter(
        self, standard: Standard, name: str | None, clauses: tuple[ClauseView, ...], *, again: bool
    ) -> ChapterView:
        if name is None:
            return ChapterView(None, None, None, clauses)
        chapter = standard.chapters[name]
        own = None if chapter.title == chapter.clause else chapter.title
        return ChapterView(None if again else self.places.chapter(standard.id, name), chapter.clause, own, clauses)

    def _clause(self, standard: Standard, clause: Clause, place: Place) -> ClauseView:
        statement = _statement(clause)
        told = [tuple(parts(standard, clause, rule, self.rulebook)) for rule in clause.rules]
        premises = {tuple(part for part in one if part.kind == "premise") for one in told}
        shared = premises.pop() if len(told) > 1 and len(premises) == 1 else ()  # told once, for all of them
        chapter = standard.chapters.get(clause.chapter)
        return ClauseView(
            label=clause.label,
            short=(clause.label.removeprefix(chapter.clause).lstrip("·. ") if chapter else "") or clause.label,
            place=place,
            statement=statement,
            note=clause.note,
            why=clause.why,
            premises=shared,
            rules=tuple(
                self._rule(standard, rule, place, statement, tuple(part for part in one if part not in shared))
                for rule, one in zip(clause.rules, told, strict=True)
            ),
            facts=self.facts.groups(self._keys(standard, clause)),
        )

    def _rule(
        self, standard: Standard, rule: Rule, place: Place, statement: Words | None, told: tuple[Part, ...]
    ) -> RuleView:
        own = self.places.rule(rule.id)
        kinds = dict.fromkeys(subject.rpartition(".")[2] for subject in rule.subjects)
        beside = sorted(self.beside[rule.id], key=self.rulebook.order.__getitem__)
        return RuleView(
            rule=rule,
            anchor=None if own == place else own.anchor,
            heading=None if rule.summary == statement else rule.summary,
            subjects=tuple(self.facts.kind(kind) for kind in kinds),
            parts=told,
            duties=tuple(self.links[other] for other in beside if self.levels[other] is Level.ORDINARY),
            majors=tuple(self.links[other] for other in beside if self.levels[other] is Level.MAJOR),
            cases=tuple(cases.views(rule, self.rulebook.vocabulary)),
            unverified=rule.unverified or standard.unverified,
        )

    def _keys(self, standard: Standard, clause: Clause) -> Iterable[Key]:
        """Yield the facts that the clause's rules read; of its premises those that are seen on the spot."""
        gates = [gate for _, gate in standard.gate(clause) if not on_enterprise(gate)]
        for rule in clause.rules:
            for condition in (*gates, *rule.conditions()):
                for subject in rule.subjects:
                    yield from self.rulebook.vocabulary.reads(condition, subject)


def title(standard: Standard) -> Text:
    """Return the title of *standard* in the marks that titles of documents have."""
    return Text(f"《{standard.title}》", standard.title_en or f"《{standard.title}》")


def _space(label: str) -> str:
    """Return what stands between a document's number and a clause's: nothing before Chinese numbers."""
    return " " if label[:1].isascii() else ""


def _statement(clause: Clause) -> Words | None:
    """Return what the clause says: what all its rules say, else its topic."""
    summaries = {rule.summary for rule in clause.rules}
    return summaries.pop() if len(summaries) == 1 else clause.topic


def _counts(standard: Standard) -> Counts:
    rules = [rule for clause in standard.clauses for rule in clause.rules]
    return Counts(
        clauses=len(standard.clauses),
        encoded=sum(bool(clause.rules) for clause in standard.clauses),
        rules=len(rules),
        disputed=sum(bool(rule.disputed) or any(e.soft for e in rule.unless) for rule in rules),
        unverified=sum(rule.unverified or standard.unverified for rule in rules),
        cases=sum(len(rule.cases) for rule in rules),
    )
