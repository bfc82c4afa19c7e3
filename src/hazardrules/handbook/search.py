"""What the search looks through: one entry a clause, a kind of subject, a document and a word.

The numbers and words are folded by the script that searches, so that there is one folding only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..facts import FIXED_WORDS
from ..texts import Text
from .pages import ClauseView, DocumentPage, FactView, Site, SubjectPage, Words
from .places import SEARCH, WORDS, Place

_ORDINARY = {"是", "否", *(word for words in FIXED_WORDS.values() for word in words)}  # in nearly every clause
Entry = tuple[str, str, str, str, str, str, str]  # sort, address, title, statement, numbers, text, until when


def script(site: Site, lang: str) -> str:
    """Return the index as a script, which also a page opened from a disk may load."""
    data = json.dumps(list(entries(site, lang)), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.handbookIndex={data};\n"


def entries(site: Site, lang: str) -> Iterator[Entry]:
    """Yield what can be found, in the language *lang*."""
    for document in sorted(site.documents, key=lambda page: page.replaced):  # what is still in force comes first
        yield _document(document, lang)
        for clause in document.clauses:
            yield _clause(document, clause, lang)
    for subject in site.subjects:
        yield _subject(subject, lang)
    for _, terms in site.words.groups:
        for term in terms:
            yield "word", _address(Place(WORDS)), _say(term.word, lang), _say(term.meaning, lang), "", "", ""


def _document(page: DocumentPage, lang: str) -> Entry:
    standard = page.standard
    title = standard.title_en if lang == "en" and standard.title_en else f"《{standard.title}》"
    numbers = f"{standard.number} {standard.id}"
    told = f"{standard.number} {standard.issuer}"
    return "document", _address(page.place), title, told, numbers, standard.title, _until(page, lang)


def _clause(page: DocumentPage, clause: ClauseView, lang: str) -> Entry:
    standard = page.standard
    numbers = [f"{standard.number}{clause.label}", clause.place.anchor, *(view.rule.id for view in clause.rules)]
    text: list[Words | None] = [clause.why, clause.note]
    for view in clause.rules:
        text += [view.heading, view.rule.remedy, view.rule.reading, view.rule.note]
        text += [part.why for part in view.parts]
    for group in clause.facts:
        text.append(group.kind.text)
        for fact in group.facts:
            text += [fact.title, *(word for word in fact.choices if word.zh not in _ORDINARY)]
    told = dict.fromkeys(_say(words, lang) for words in text if words)
    return (
        "clause",
        _address(clause.place),
        f"{standard.number} {clause.label}",
        _say(clause.statement or "", lang),
        " ".join(dict.fromkeys(numbers)),
        " · ".join(told),
        _until(page, lang),
    )


def _subject(page: SubjectPage, lang: str) -> Entry:
    def words(fact: FactView) -> Iterator[Words]:
        yield fact.title
        if fact.question and lang == "zh":
            yield fact.question
        yield from (word for word in fact.choices if word.zh not in _ORDINARY)

    text = dict.fromkeys(_say(word, lang) for fact in page.facts for word in words(fact))
    hint = page.kind.hint.say(lang) if page.kind.hint else ""
    return "subject", _address(page.place), page.kind.title.say(lang), hint, page.kind.id, " · ".join(text), ""


def _until(page: DocumentPage, lang: str) -> str:
    day = page.standard.in_force.until
    return Text(f"{day} 失效", f"out of force from {day}").say(lang) if day else ""


def _address(place: Place) -> str:
    return place.seen_from(SEARCH)


def _say(words: Words, lang: str) -> str:
    return words if isinstance(words, str) else words.say(lang)
