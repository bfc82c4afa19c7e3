"""What the pages of the handbook hold: plain values in both languages, nothing of how they look.

A `Words` that is a `str` stands in the law's language alone: a clause's number, a reading, a note.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..explain import Line
from ..facts import Kind
from ..rules import InForce, Rule, Standard, WordList
from ..showing import Part
from ..texts import Text
from .places import Place

Words = Text | str


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another place, with what a reader wants to know before going there."""

    place: Place
    text: Words
    note: Words | None = None


# ------------------------------------------------------------------------------------------ facts


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table by which a fact is looked up."""

    when: Line
    value: Text


@dataclass(frozen=True, slots=True)
class Follows:
    """How a fact follows from others, where nobody needs to state it."""

    yes: Line | None
    no: Line | None
    otherwise: Text | None  # the answer wherever the one condition does not hold
    table: tuple[TableRow, ...]
    count: Link | None
    computed: bool
    reads: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact to look at: what is asked, and what may be answered."""

    id: str
    place: Place
    title: Text
    question: Text | None
    choices: tuple[Text, ...]
    several: bool
    answer: Text | None  # of a number, a date, a text or a list: what kind of answer
    unit: str | None
    least: str | None
    parts: Link | None
    roster: tuple[tuple[Text, str], ...]
    needs: Line | None
    judged: Text | None
    evidence: tuple[Link, ...]
    follows: Follows | None
    group: str | None
    source: str | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts of one kind of subject."""

    kind: Link
    facts: tuple[FactView, ...]

    @property
    def size(self) -> int:
        """How many facts there are."""
        return len(self.facts)


# ------------------------------------------------------------------------------------------ cases


@dataclass(frozen=True, slots=True)
class GivenView:
    """One fact of a case; `parts` where it lists the parts of a subject."""

    title: Words
    value: Words
    parts: tuple[tuple[GivenView, ...], ...] = ()
    changed: bool = True  # it is not so in the rule's first case


@dataclass(frozen=True, slots=True)
class CaseView:
    """What a rule says of some facts."""

    number: int
    given: tuple[GivenView, ...]
    expect: str  # a verdict's word, or that the rule is not in force
    outcome: Text
    missing: tuple[Text, ...]
    exception: bool
    also: str | None
    note: str | None


# -------------------------------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule: its conditions as they are shown, the duties beside it, its cases."""

    rule: Rule
    anchor: str | None  # None where it is the clause's
    heading: Text | None  # None where the clause says the same
    subjects: tuple[Link, ...]
    parts: tuple[Part, ...]
    duties: tuple[Link, ...]  # the ordinary rules about the same matter
    majors: tuple[Link, ...]  # the major ones
    cases: tuple[CaseView, ...]
    unverified: bool


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause with its rules, or with why it has none."""

    label: str
    short: str  # the label without its chapter's
    place: Place
    statement: Words | None
    note: str | None
    why: str | None
    premises: tuple[Part, ...]  # what all its rules share, where there are several
    rules: tuple[RuleView, ...]
    facts: tuple[FactGroup, ...]

    @property
    def cases(self) -> int:
        """How many cases its rules have."""
        return sum(len(rule.cases) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class ChapterView:
    """Clauses that stand together; without a label where the document has no chapters there."""

    place: Place | None
    label: str | None
    title: str | None
    clauses: tuple[ClauseView, ...]

    @property
    def bare(self) -> bool:
        """Whether none of its clauses is encoded."""
        return not any(clause.rules for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a document is held."""

    clauses: int
    encoded: int
    rules: int
    disputed: int
    unverified: int
    cases: int


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """The page of a document."""

    standard: Standard
    place: Place
    counts: Counts
    scope: Line | None
    yields: tuple[tuple[Line, str], ...]
    succeeds: Link | None
    succeeded_by: tuple[Link, ...]
    industries: tuple[Link, ...]
    chapters: tuple[ChapterView, ...]

    @property
    def replaced(self) -> bool:
        """Whether it has a last day."""
        return self.standard.in_force.until is not None

    @property
    def clauses(self) -> tuple[ClauseView, ...]:
        """Every clause, in the order of the page."""
        return tuple(clause for chapter in self.chapters for clause in chapter.clauses)


# ----------------------------------------------------------------------------------- other pages


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """The page of a kind of subject: what to look at."""

    kind: Kind
    place: Place
    within: tuple[Link, ...]
    parts: tuple[Link, ...]
    groups: tuple[tuple[str | None, tuple[FactView, ...]], ...]
    rules: tuple[Link, ...]

    @property
    def facts(self) -> tuple[FactView, ...]:
        """Every fact, in the order of the page."""
        return tuple(fact for _, facts in self.groups for fact in facts)


@dataclass(frozen=True, slots=True)
class IndustryView:
    """A field of work: which documents count there, and what to look at."""

    id: str
    place: Place
    title: Text
    documents: tuple[tuple[Link, InForce, tuple[Link, ...]], ...]  # each with the parts that count, none where all do
    kinds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the handbook and what it means."""

    word: Words
    meaning: Words


@dataclass(frozen=True, slots=True)
class WordsPage:
    """The glossary: groups of terms, and the dated word lists."""

    groups: tuple[tuple[Text, tuple[Term, ...]], ...]
    lists: tuple[WordList, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """All pages of the handbook, and what it was made of."""

    documents: tuple[DocumentPage, ...]
    subjects: tuple[SubjectPage, ...]
    subjects_by_industry: tuple[tuple[Text, tuple[SubjectPage, ...]], ...]
    industries: tuple[IndustryView, ...]
    words: WordsPage
    library: str
    standards: str
    fingerprint: str
