"""Where each thing of the handbook stands: its page, its anchor, and the way there from another page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from ..rules import Clause, Rulebook, Standard

INDEX, SEARCH, INDUSTRIES, SUBJECTS, WORDS = (
    f"{name}.html" for name in ("index", "search", "industries", "subjects", "words")
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page, by its path in the site, and an anchor in it."""

    page: str
    anchor: str = ""

    def seen_from(self, page: str) -> str:
        """Return the relative address of the place for a link that stands on *page*."""
        anchor = f"#{quote(self.anchor, safe='')}" if self.anchor else ""
        if page == self.page and anchor:
            return anchor
        return f"{'../' * page.count('/')}{quote(self.page)}{anchor}"


class Places:
    """The places of all documents, chapters, clauses, rules, kinds and facts of a rulebook.

    A clause and a rule have their ids as anchors, so that a platform can link to the rule of a finding.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules: dict[str, Place] = {}
        self._clauses: dict[str, tuple[Place, ...]] = {}
        self._chapters: dict[tuple[str, str], Place] = {}  # of those that are one clause and no more
        for standard in rulebook.standards:
            self._clauses[standard.id] = tuple(self._placed(standard))
            for name, chapter in standard.chapters.items():
                own = [(clause, place) for clause, place in self.clauses(standard) if clause.chapter == name]
                if len(own) == 1 and own[0][0].label == chapter.clause:
                    self._chapters[standard.id, name] = own[0][1]

    def _placed(self, standard: Standard) -> Iterator[Place]:
        page, taken = self.document(standard.id).page, Counter[str]()
        stems = Counter(clause.stem for clause in standard.clauses)

        def anchor(name: str) -> str:
            name = _joined(name)
            taken[name] += 1
            return name if taken[name] == 1 else f"{name}~{taken[name]}"

        for clause in standard.clauses:
            own = clause.stem if clause.stem and stems[clause.stem] == 1 else clause.label
            place = Place(page, anchor(f"{standard.id}-{own}"))
            for rule in clause.rules:
                is_clause = len(clause.rules) == 1 and rule.id == place.anchor
                self._rules.setdefault(rule.id, place if is_clause else Place(page, anchor(rule.id)))
            yield place

    def document(self, standard: str) -> Place:
        """Return the page of the document with the id *standard*."""
        return Place(f"documents/{standard}.html")

    def chapter(self, standard: str, chapter: str) -> Place:
        """Return the place of a chapter of a document; of its clause, where it is one clause and no more."""
        alone = self._chapters.get((standard, chapter))
        return alone or Place(self.document(standard).page, f"_chapter-{_joined(chapter)}")

    def is_headed(self, standard: Standard, chapter: str) -> bool:
        """Return whether a chapter has a heading of its own, above its clauses."""
        return chapter in standard.chapters and (standard.id, chapter) not in self._chapters

    def clauses(self, standard: Standard) -> Iterator[tuple[Clause, Place]]:
        """Yield the clauses of *standard* with their places, in its order."""
        yield from zip(standard.clauses, self._clauses[standard.id], strict=True)

    def rule(self, rule_id: str) -> Place:
        """Return the place of the rule *rule_id*."""
        return self._rules[rule_id]

    @staticmethod
    def kind(kind: str) -> Place:
        """Return the page of a kind of subject."""
        return Place(f"subjects/{kind}.html")

    @staticmethod
    def fact(kind: str, fact: str) -> Place:
        """Return the place of a fact on the page of its kind."""
        return Place(f"subjects/{kind}.html", f"_fact-{fact}")


def _joined(name: str) -> str:
    """Return *name* as an anchor may be: without spaces."""
    return re.sub(r"\s+", "_", name)
