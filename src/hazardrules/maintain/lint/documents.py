"""Documents and editions: ids and clauses stand once, and what succeeds begins where its predecessor ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from ...rules import InForce
from ...texts import Text
from .book import Book, Check, Finding, Spot


def same_rule(book: Book) -> Iterator[Finding]:
    """Yield the rules whose id another one has."""
    seen: dict[str, str] = {}
    for _, _, rule in book.rulebook.rules():
        other = seen.setdefault(rule.id, rule.where)
        if other != rule.where and (placed := next((p for p in book.rules if p.rule is rule), None)):
            yield placed.finding(
                f"编号与 {other} 里的重复；一条规则一个编号", f"id also in {other}; a rule has one of its own"
            )


def same_clause(book: Book) -> Iterator[Finding]:
    """Yield the clauses of a document that stand twice."""
    for standard, _ in book.standards:
        seen: dict[str, str] = {}
        for clause in standard.clauses:
            other = seen.setdefault(clause.label, clause.where)
            source = book.sources.get(clause.path)
            if other != clause.where and source:
                yield Finding(
                    Spot(source, ("clause",)) if clause.where else Spot(source, ("unencoded",)),
                    Text(f"{clause.label}已在 {other}；并成一处", f"{clause.label} is also in {other}; make them one"),
                )


# ------------------------------------------------------------------------------------------ editions

_Edition = tuple[InForce, Text, Spot]  # a span, what has it, and where that says so


def _successions(book: Book) -> Iterator[tuple[_Edition, _Edition]]:
    """Yield each two editions of which the second follows the first."""
    documents = {standard.id: standard for standard in book.rulebook.standards}
    for standard, spot in book.standards:
        before = documents.get(standard.succeeds or "")
        if before and not standard.states_no_date:
            names = (Text(one.id, one.id) for one in (before, standard))
            yield (before.in_force, next(names), spot), (standard.in_force, next(names), spot.at("in_force"))
    for name, words in book.rulebook.lists.items():
        source = next(
            (s for s in book.sources.values() if Path(s.name).absolute().parts[-2:] == ("lists", f"{name}.yaml")), None
        )
        if source:
            named = [
                (edition.in_force, _nth(n), Spot(source, ("editions", n - 1)))
                for n, edition in enumerate(words.editions, 1)
            ]
            named.sort(key=lambda edition: edition[0].since or date.min)
            yield from pairwise(named)


def _nth(n: int) -> Text:
    return Text(f"第 {n} 版", f"edition {n}")


def edition_gaps(book: Book) -> Iterator[Finding]:
    """Yield the editions between which there are days on which neither is in force."""
    for (one, before, _), (other, after, spot) in _successions(book):
        if one.until and other.since and one.until < other.since:
            yield Finding(
                spot,
                Text(
                    f"{before.zh} 到 {one.until} 失效，{after.zh} 从 {other.since} 起，中间没有哪一版有效；"
                    "让前一版的 until 等于后一版的 from",
                    f"{before.en} ends on {one.until}, {after.en} begins on {other.since}, and between them neither is "
                    "in force; let `until` be the other's `from`",
                ),
            )
    for placed in book.rules:
        whole, own = placed.standard.in_force, placed.rule.in_force
        late = whole.until and own.since and own.since >= whole.until
        early = own.until and whole.since and own.until <= whole.since
        if late or early:
            yield placed.finding(
                "它的 in_force 与文件的没有一天相同，永远不会生效；改日期",
                "its in_force has no day in common with the document's: it is never in force; change the days",
                "in_force",
            )


def edition_overlaps(book: Book) -> Iterator[Finding]:
    """Yield the editions that are in force on the same days."""
    for (one, before, _), (other, after, spot) in _successions(book):
        if other.since is None or one.until is None or one.until > other.since:
            yield Finding(
                spot,
                Text(
                    f"{before.zh} 到 {one.until or '以后'} 才失效，{after.zh} 从 {other.since or '从前'} 起就有效，"
                    "有一段两版都有效；让前一版的 until 等于后一版的 from",
                    f"{before.en} and {after.en} are in force together for a time; let `until` of the first be "
                    "`from` of the next",
                ),
            )


def late_issues(book: Book) -> Iterator[Finding]:
    """Yield the documents that are in force before they were issued: the two days are commonly swapped."""
    for standard, spot in book.standards:
        since, issued = standard.in_force.since, standard.issued
        if since and issued and since < issued:
            yield Finding(
                spot.at("issued"),
                Text(
                    f"发布日期 {issued} 晚于施行日期 {since}，多半是两个日期写反了；对照原文",
                    f"issued on {issued}, after it came into force on {since}: the two days are probably swapped; "
                    "check the text",
                ),
            )


CHECKS = (
    Check("same-id", Text("规则编号重复", "a rule id that stands twice"), same_rule),
    Check("same-clause", Text("条款重复", "a clause that stands twice"), same_clause),
    Check("issued-late", Text("发布晚于施行", "issued after it came into force"), late_issues),
    Check("edition-gap", Text("两版之间有空档", "days between two editions without either"), edition_gaps),
    Check("edition-overlap", Text("两版同时有效", "two editions in force at once"), edition_overlaps),
)
