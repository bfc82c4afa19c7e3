"""Conditions that say nothing: parts that can never hold, or always hold where they are asked.

A part is looked at where it counts: in an *all* while the other parts may hold, in an *any* while no other
surely holds, in `when` where the rule may apply, in an exception where the rule may else hit. Facts
may be unknown, so that "known at all" (`any: [x, not x]`) says something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from ...condition import Path as DataPath
from ...expr import ALWAYS, NEVER, Call, Const, Each, Expr, any_of
from ...facts import ENTERPRISE, Definition, Scope
from ...texts import Text
from ..cells import Space, TooManyError
from .book import Book, Check, Finding, Placed, Spot


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition: what it says, and where in the YAML it stands."""

    expr: Expr
    path: DataPath
    parts: tuple[Part, ...] = ()


def part_of(data: Any, expr: Expr, path: DataPath = ()) -> Part:
    """Return the condition *expr* beside the YAML *data* that it was read from."""
    if isinstance(data, dict):
        match expr:
            case Call("at_least", (Const(), *args)):
                return Part(expr, path, _several(data["any"], args, (*path, "any")))
            case Call("all" | "any" as op, args):
                return Part(expr, path, _several(data[op], args, (*path, op)))
            case Call("not", (inner,)):
                return Part(expr, path, (part_of(data["not"], inner, (*path, "not")),))
            case Each(_, where, _):
                return Part(expr, path, (part_of(data["where"], where, (*path, "where")),))
    return Part(expr, path)


def _several(data: Sequence[Any], args: Sequence[Expr], path: DataPath) -> tuple[Part, ...]:
    return tuple(part_of(item, arg, (*path, n)) for n, (item, arg) in enumerate(zip(data, args, strict=True)))


@dataclass(frozen=True, slots=True)
class _Settled:
    """A part that comes out one way only: where it stands, and which way."""

    path: DataPath
    holds: bool


def _settled(book: Book, space: Space, part: Part, where: int) -> Iterator[_Settled]:
    """Yield the outermost parts of *part* that never hold, or are never denied, on the assignments *where*."""
    bits = space.bits(part.expr)
    if not where & bits.yes or not where & bits.no:
        yield _Settled(part.path, holds=bool(where & bits.yes))
        return
    for inner in part.parts:
        if isinstance(part.expr, Each):
            yield from _settled_in(book, space.scope.inside(part.expr.items), inner)
            continue
        others = [space.bits(other.expr) for other in part.parts if other is not inner]
        match part.expr:
            case Call("all", _):
                beside = where & ~reduce(or_, (other.no for other in others), 0)
            case Call("any", _):
                beside = where & ~reduce(or_, (other.yes for other in others), 0)
            case _:
                beside = where
        for item in _settled(book, space, inner, beside):
            if not item.holds or not space.bits(inner.expr).no:  # what the others imply may stand there to be read
                yield item


def _settled_in(book: Book, scope: Scope, part: Part) -> Iterator[_Settled]:
    """Yield the parts of a condition on a part of a list that come out one way only."""
    try:
        space = Space(book.vocabulary, scope, [part.expr], unknown=True)
    except TooManyError:
        return
    yield from _settled(book, space, part, space.possible)


# ------------------------------------------------------------------------------------------- rules


def _of_rule(book: Book, placed: Placed, subject: str) -> Iterator[_Settled]:
    """Yield the parts of the rule's conditions that come out one way only."""
    rule, given, day = placed.rule, placed.given(), placed.day()
    about = placed.finding("情况太多，没有核对条件能不能成立", "too many cases: its conditions are not checked")
    space = book.space(subject, (given, day, *rule.conditions()), about)
    if space is None:
        return
    where = space.possible & ~space.bits(given).no & space.bits(day).yes

    def asked(expr: Expr, where: int, *path: str | int) -> Iterator[_Settled]:
        value = placed.spot.at(*path).data
        if where and value is not None:  # where there is nothing left, that is another's fault
            yield from _settled(book, space, part_of(value, expr, path), where)

    yield from asked(rule.applies, where, "applies")
    where &= ~space.bits(rule.applies).no
    yield from asked(rule.when, where, "when")
    wider = where & ~space.bits(any_of(rule.when, *(reading.when for reading in rule.disputed))).no
    for n, exclusion in enumerate(rule.unless):
        yield from asked(exclusion.when, wider, "unless", n, "when")
    for n, reading in enumerate(rule.disputed):
        yield from asked(reading.when, where & ~space.bits(rule.when).yes, "disputed", n, "when")


def _of_rules(book: Book) -> Iterator[tuple[Placed, _Settled]]:
    for placed in book.rules:
        first, *others = (set(_of_rule(book, placed, subject)) for subject in placed.rule.subjects)
        for item in sorted(first.intersection(*others), key=lambda item: str(item.path)):
            yield placed, item


# ---------------------------------------------------------------------------- documents and definitions


def _of_documents(book: Book) -> Iterator[tuple[Spot, _Settled]]:
    for standard, spot in book.standards:
        yield from _by_itself(book, spot.at("scope"), standard.scope, ENTERPRISE)
        for name, chapter in standard.chapters.items():
            rules = (rule for clause in standard.clauses if clause.chapter == name for rule in clause.rules)
            subjects = {subject for rule in rules for subject in rule.subjects} or {ENTERPRISE}
            yield from _by_itself(book, spot.at("chapters", name, "applies"), chapter.applies, min(subjects))
        for n, item in enumerate(standard.yields):
            yield from _by_itself(book, spot.at("yields", n, "when"), item.when, ENTERPRISE)


def _of_definitions(book: Book) -> Iterator[tuple[Spot, _Settled]]:
    for kind, spec, spot in book.facts:
        key = kind.id, spec.id
        definition = book.vocabulary.definitions.get(key) or Definition()
        for name, expr in (
            ("yes_when", definition.yes),
            ("no_when", definition.no),
            ("needs", book.vocabulary.needs.get(key)),
        ):
            if expr is not None and spot.at(name).data != "otherwise":
                yield from _by_itself(book, spot.at(name), expr, kind.id)


def _of_tables(book: Book) -> Iterator[tuple[Spot, _Settled]]:
    """Yield the rows of tables that are never reached: the rows before take all that they could."""
    for kind, spec, spot in book.facts:
        definition = book.vocabulary.definitions.get((kind.id, spec.id)) or Definition()
        rows = [condition for condition, _ in definition.table.rows] if definition.table else []
        about = Finding(spot.at("table"), Text("情况太多，没有核对每一行用不用得到", "too many cases: rows unchecked"))
        space = book.space(kind.id, rows, about) if rows else None
        before = 0
        for n, row in enumerate(rows if space else ()):
            assert space is not None
            holds = space.bits(row).yes
            if not holds & ~before:
                yield spot, _Settled(("table", "rows", n), holds=False)
            before |= holds


def _by_itself(book: Book, spot: Spot, expr: Expr, subject: str) -> Iterator[tuple[Spot, _Settled]]:
    about = Finding(spot, Text("情况太多，没有核对条件能不能成立", "too many cases: not checked"))
    if expr in (ALWAYS, NEVER) or spot.data is None:  # nothing there, or it could not be read
        return
    if space := book.space(subject, (expr,), about):
        for item in _settled(book, space, part_of(spot.data, expr), space.possible):
            yield spot, item


def _found(book: Book, message: Text, *, holds: bool) -> Iterator[Finding]:
    for placed, item in _of_rules(book):
        if item.holds is holds:
            yield placed.finding(*message, *item.path)
    for spot, item in (*_of_documents(book), *_of_definitions(book), *_of_tables(book)):
        known = spot.path[-1:] in (("yes_when",), ("no_when",))  # there it may say that something is known
        if item.holds is holds and not (holds and known):
            yield Finding(spot.at(*item.path), message)


def never_holds(book: Book) -> Iterator[Finding]:
    """Yield the parts of conditions that can never hold, or only where others do anyway."""
    yield from _found(
        book,
        Text(
            "这一句永远起不了作用：它不会成立，或者只在别的句子已经成立时成立；检查数、词、all 和 any，或者删去",
            "this never matters: it cannot hold, or only where others hold anyway; check numbers, words, all and any, "
            "or delete it",
        ),
        holds=False,
    )


def always_holds(book: Book) -> Iterator[Finding]:
    """Yield the parts of conditions that nothing can deny."""
    yield from _found(
        book,
        Text(
            "这一句无论怎样都不会不成立，等于没写；检查数、词、all 和 any，或者删去",
            "nothing can make this fail: it says nothing; check numbers, words, all and any, or delete it",
        ),
        holds=True,
    )


CHECKS = (
    Check("never-holds", Text("永远不会成立的条件", "a condition that can never hold"), never_holds),
    Check("always-holds", Text("总是成立的条件", "a condition that always holds"), always_holds),
)
