"""The page of the fields of work: which documents count in each, and what is looked at there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import forms
from ..facts import ENTERPRISE, INSPECTION
from ..rules import Industry, Rulebook, Standard
from ..texts import Text
from .documents import Documents
from .pages import IndustryView, Link, SubjectPage
from .places import INDUSTRIES, Place

_MOST, _NONE = "*", ""  # groups beside the industries


def views(rulebook: Rulebook, documents: Documents) -> Iterator[IndustryView]:
    """Yield every industry of *rulebook*, in its order."""
    for industry in rulebook.industries.values():
        asked = forms.asked(rulebook, (industry,))
        yield IndustryView(
            industry.id,
            Place(INDUSTRIES, industry.id),
            industry.title,
            tuple(
                (documents.document_link(standard), standard.in_force, tuple(_chapters(standard, industry, documents)))
                for standard in sorted(rulebook.standards, key=lambda each: each.in_force.until is not None)
                if standard.id in industry.documents
            ),
            tuple(documents.facts.kind(kind) for kind in asked if kind not in (INSPECTION, ENTERPRISE)),
        )


def grouped(
    subjects: Iterable[SubjectPage], industries: tuple[IndustryView, ...]
) -> Iterator[tuple[Text, tuple[SubjectPage, ...]]]:
    """Yield the kinds of subject by the industries that look at them, first those that most of them do."""
    asking: dict[Place, list[str]] = {}
    for industry in industries:
        for kind in industry.kinds:
            asking.setdefault(kind.place, []).append(industry.id)
    groups: dict[str, list[SubjectPage]] = {_MOST: [], **{industry.id: [] for industry in industries}, _NONE: []}
    for subject in subjects:
        found = asking.get(subject.place, [_MOST if subject.kind.one else _NONE])
        for name in [_MOST] if len(found) > max(1, len(industries) / 2) else found:
            groups[name].append(subject)
    titles = {_MOST: Text("各行业都看", "in most industries"), _NONE: Text("其他", "others")}
    titles |= {industry.id: industry.title for industry in industries}
    for name, pages in groups.items():
        if pages:
            yield titles[name], tuple(sorted(pages, key=lambda page: not page.kind.one))


def _chapters(standard: Standard, industry: Industry, documents: Documents) -> Iterator[Link]:
    """Yield the parts of *standard* that the industry takes; none where it takes all."""
    for name in industry.documents[standard.id] or ():
        chapter = standard.chapters.get(name)
        if chapter:
            yield Link(documents.places.chapter(standard.id, name), chapter.clause, chapter.title)
            continue
        for clause, place in documents.places.clauses(standard):
            if clause.chapter == name:
                yield Link(place, clause.label, clause.topic)
