"""From a rulebook to all pages of its handbook."""

from __future__ import annotations

from ..rules import Rulebook
from ..version import VERSION
from . import industries, words
from .documents import Documents
from .facts import Facts
from .pages import Link, Site
from .places import Places


def site(rulebook: Rulebook) -> Site:
    """Return the pages of *rulebook*, one that still has its cases (`hazardrules.files.load`)."""
    places, facts = Places(rulebook), Facts(rulebook.vocabulary)
    documents = Documents(rulebook, places, facts)
    judging: dict[str, list[Link]] = {}
    for _, _, rule in rulebook.rules():
        for kind in dict.fromkeys(subject.rpartition(".")[2] for subject in rule.subjects):
            judging.setdefault(kind, []).append(documents.links[rule.id])
    fields = tuple(industries.views(rulebook, documents))
    subjects = tuple(facts.page(kind, tuple(judging.get(kind.id, ()))) for kind in rulebook.vocabulary.kinds.values())
    return Site(
        documents=tuple(documents.page(standard) for standard in rulebook.standards),
        subjects=subjects,
        subjects_by_industry=tuple(industries.grouped(subjects, fields)),
        industries=fields,
        words=words.page(rulebook),
        library=VERSION,
        standards=rulebook.version,
        fingerprint=rulebook.fingerprint,
    )
