"""The facts that people fill in: each is used, asked in words, and told apart by its title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import units
from ...facts import ENTERPRISE, INSPECTION, Kind
from ...rules import on_enterprise
from ...texts import Text
from .book import Book, Check, Finding


def unused_facts(book: Book) -> Iterator[Finding]:
    """Yield the facts that no rule, definition, condition of existence, evidence or roster uses."""
    if not book.whole:  # what could not be read may use them
        return
    used = _used(book)
    for kind, spec, spot in book.facts:
        evidence = {name for other in kind.facts.values() for name in other.evidence}
        described = spec.type in ("text", "list") or kind.id == INSPECTION
        if not described and (kind.id, spec.id) not in used and spec.id not in evidence:
            yield Finding(
                spot,
                Text(
                    f"没有规则或定义用到“{spec.id}”；删去它，或者补上用它的规则",
                    f"no rule or definition uses “{spec.id}”; delete it, or add the rule that does",
                ),
            )


def _used(book: Book) -> set[tuple[str, str]]:
    vocabulary, used = book.vocabulary, set[tuple[str, str]]()
    for standard, clause, rule in book.rulebook.rules():
        for subject in rule.subjects:
            for condition in (*rule.conditions(), *(gate for _, gate in standard.gate(clause))):
                used.update(vocabulary.reads(condition, subject))
    for standard in book.rulebook.standards:
        gates = (chapter.applies for chapter in standard.chapters.values() if on_enterprise(chapter.applies))
        for condition in (standard.scope, *(item.when for item in standard.yields), *gates):
            used.update(vocabulary.reads(condition, ENTERPRISE))
    for (owner, _), definition in vocabulary.definitions.items():
        for condition in definition.conditions:
            used.update(vocabulary.reads(condition, owner))
        used.update(definition.reads, [(owner, definition.count)] if definition.count else [])
    for (owner, _), needs in vocabulary.needs.items():
        used.update(vocabulary.reads(needs, owner))
    lists = (spec for kind in vocabulary.kinds.values() for spec in kind.lists)
    used.update((spec.of, fact) for spec in lists if spec.of for fact in spec.roster)
    return used


def questions(book: Book) -> Iterator[Finding]:
    """Yield the facts that are asked of a person without a question."""
    for _, spec, spot in book.facts:
        if spec.question is None and spec.type != "list":
            yield Finding(
                spot,
                Text(
                    f"“{spec.id}”没有 question；写一句问现场看得见的东西的话",
                    f"“{spec.id}” has no question; ask for what one sees on the spot",
                ),
            )


def titles(book: Book) -> Iterator[Finding]:
    """Yield the kinds, and the facts of one kind, that have a title in common."""
    own = {kind.id for kind, _ in book.kinds}
    seen: dict[str, Kind] = {}
    for kind in book.vocabulary.kinds.values():
        other = seen.setdefault(kind.title.zh, kind)
        if other is not kind and kind.id in own:
            spot = next(spot for mine, spot in book.kinds if mine.id == kind.id)
            yield Finding(
                spot,
                Text(f"名称“{kind.title.zh}”与 {other.id} 相同；改得分得开", f"title as {other.id}; tell them apart"),
            )
    for kind, spec, spot in book.facts:
        same = next(other for other in kind.facts.values() if other.title.zh == spec.title.zh)
        if same is not spec:
            yield Finding(
                spot,
                Text(
                    f"“{spec.id}”的名称“{spec.title.zh}”与 {same.id} 相同；改得分得开",
                    f"“{spec.id}” has the title of {same.id}; tell them apart",
                ),
            )


def labels(book: Book) -> Iterator[Finding]:
    """Yield the words to choose from whose English label is that of another word, or is another word."""
    for _, spec, spot in book.facts:
        names: dict[str, str] = {}  # what a record may write → the word that it means
        for word, label in spec.values.items():
            for name in {word, label or word}:
                other = names.setdefault(name.lower().replace("_", " "), word)
                if other != word:
                    yield Finding(
                        spot.at("values"),
                        Text(
                            f"“{spec.id}”的“{other}”和“{word}”都可以写成“{name}”，填了分不清；改掉一个标签",
                            f"“{name}” may mean “{other}” or “{word}” of “{spec.id}”; give one another label",
                        ),
                    )


_ASKED = re.compile(
    rf"(?:多少|几)个?[（(]?({'|'.join(map(re.escape, sorted(units.spellings(), key=len, reverse=True)))})"
)


def units_asked(book: Book) -> Iterator[Finding]:
    """Yield the numbers whose question asks for another unit than the one in which a bare number is taken."""
    for _, spec, spot in book.facts:
        if spec.type != "number" or spec.question is None:
            continue
        asked = _ASKED.findall(spec.question.zh)
        if asked and spec.unit not in map(units.canonical, asked):
            yield Finding(
                spot.at("question"),
                Text(
                    f"“{spec.id}”问的是“{asked[0]}”，而{f' unit 是 {spec.unit}' if spec.unit else '没有 unit'}，"
                    "填的数会差许多倍；改得一致",
                    f"“{spec.id}” asks for {units.canonical(asked[0])} but its unit is {spec.unit or 'none'}: "
                    "answers would be far off; let them agree",
                ),
            )


CHECKS = (
    Check("unit-of-question", Text("问句的单位与声明的不同", "a question that asks for another unit"), units_asked),
    Check("unused-fact", Text("没有用处的事实", "a fact that nothing uses"), unused_facts),
    Check("no-question", Text("事实没有问句", "a fact without a question"), questions),
    Check("same-title", Text("名称重复", "titles that repeat"), titles),
    Check("same-label", Text("选项的标签重复", "labels of words that repeat"), labels),
)
