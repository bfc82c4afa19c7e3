"""Mutants: a rule, a document's gates and dates, a definition or a word list with one mistake in it.

A mutant knows what was changed and where in the data of its file. Whether a case notices it is for
`killing`, whether anybody could notice it for `equivalence` and `defined`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from ... import condition, dates
from ...condition import Path
from ...expr import ALWAYS, NEVER, Expr, any_of, negate
from ...facts import Definition, FactSpec, Scope, Table
from ...rules import Exclusion, InForce, Reading, Rule, Standard, WordEdition, WordList
from ...sentence import write_value
from ...texts import Text
from .variants import variants

T = TypeVar("T")
Shown = Callable[[], tuple[Any, Any]]  # what was changed before and after, as YAML data; None: left out

#: what can go wrong → in words
KINDS: dict[str, Text] = {
    "operator": Text("比较反了", "comparison turned round"),
    "boundary": Text("正好在界限上的算法变了", "the boundary itself counted otherwise"),
    "threshold": Text("界限移了一步", "threshold moved by one step"),
    "limb": Text("漏了一支", "limb dropped"),
    "joint": Text("“都满足”和“有一个满足”互换", "all and any swapped"),
    "negation": Text("肯定否定颠倒", "negated"),
    "word": Text("漏了一个词", "word dropped"),
    "quantifier": Text("“有一个”和“每一个”互换", "some and every swapped"),
    "count": Text("“至少几个”差一个", "at_least moved by one"),
    "exception": Text("漏了一条除外", "exception dropped"),
    "reading": Text("漏了一种较宽的理解", "wider reading dropped"),
    "settled": Text("有争议的当成了定论", "an argued point taken as settled"),
    "gate": Text("漏了前提", "gate dropped"),
    "article": Text("漏了失效视同未设置的条款", "the article on failed devices dropped"),
    "date": Text("日期差一天", "date moved by a day"),
    "period": Text("期限差一步", "period moved by one step"),
    "row": Text("漏了表的一行", "row of a table dropped"),
}


@dataclass(frozen=True)
class Mutant(Generic[T]):
    """Something with one mistake in it: what it has become, and the place in its file."""

    kind: str
    made: T
    path: Path  # in the data of the file
    shown: Shown


def _dropped(kind: str, made: T, path: Path, expr: Expr, scope: Scope) -> Mutant[T]:
    return Mutant(kind, made, path, lambda: (condition.write(expr, scope), None))


def _varied(expr: Expr, path: Path, scope: Scope, put: Callable[[Expr], T]) -> Iterator[Mutant[T]]:
    for v in variants(expr, scope) if expr not in (ALWAYS, NEVER) else ():
        yield Mutant(v.kind, put(v.made), (*path, *v.path), v.shown)


# ------------------------------------------------------------------------------------------ rules


def of_rule(rule: Rule, scope: Scope) -> Iterator[Mutant[Rule]]:
    """Yield the mutants of *rule*: of each condition, its exceptions, readings and dates; *scope* is its subject's."""
    if rule.applies != ALWAYS:
        yield _dropped("gate", replace(rule, applies=ALWAYS), ("applies",), rule.applies, scope)
    yield from _varied(rule.applies, ("applies",), scope, lambda made: replace(rule, applies=made))
    yield from _varied(rule.when, ("when",), scope, lambda made: replace(rule, when=made))
    for k, exclusion in enumerate(rule.unless):
        yield from _of_exclusion(rule, k, exclusion, scope)
    for k, reading in enumerate(rule.disputed):
        yield from _of_reading(rule, k, reading, scope)
    for mutant in _of_span(rule.in_force):
        yield replace(mutant, made=replace(rule, in_force=mutant.made), path=("in_force", *mutant.path))


def _of_exclusion(rule: Rule, k: int, exclusion: Exclusion, scope: Scope) -> Iterator[Mutant[Rule]]:
    def put(made: Exclusion) -> Rule:
        return replace(rule, unless=(*rule.unless[:k], made, *rule.unless[k + 1 :]))

    yield _dropped("exception", put(replace(exclusion, when=NEVER)), ("unless", k), exclusion.when, scope)
    yield from _varied(exclusion.when, ("unless", k, "when"), scope, lambda made: put(replace(exclusion, when=made)))
    if exclusion.soft and not exclusion.defers_to:
        key, said = ("disputed", exclusion.disputed) if exclusion.disputed else ("status", "unverified")
        firm = put(replace(exclusion, disputed=None, unverified=False))
        yield Mutant("settled", firm, ("unless", k, key), lambda: ({key: said}, None))


def _of_reading(rule: Rule, k: int, reading: Reading, scope: Scope) -> Iterator[Mutant[Rule]]:
    others = (*rule.disputed[:k], *rule.disputed[k + 1 :])

    def put(made: Expr) -> Rule:
        return replace(rule, disputed=(*rule.disputed[:k], replace(reading, when=made), *rule.disputed[k + 1 :]))

    yield _dropped("reading", put(NEVER), ("disputed", k), reading.when, scope)
    yield from _varied(reading.when, ("disputed", k, "when"), scope, put)
    settled = replace(rule, when=any_of(rule.when, reading.when), disputed=others)

    def shown() -> tuple[Any, Any]:
        told = condition.write(reading.when, scope)
        return {"disputed": told}, {"when": told}

    yield Mutant("settled", settled, ("disputed", k), shown)


def _of_span(span: InForce) -> Iterator[Mutant[Any]]:
    """Yield *span* with its first day, or the first after it, moved by a day."""
    for step in (timedelta(days=-1), timedelta(days=1)):
        if span.since:
            yield _moved(replace(span, since=span.since + step), "from", span.since, step)
        if span.until:
            yield _moved(replace(span, until=span.until + step), "until", span.until, step)


def _moved(made: InForce, key: str, day: date, step: timedelta) -> Mutant[InForce]:
    return Mutant("date", made, (key,), lambda: (dates.show(day), dates.show(day + step)))


# -------------------------------------------------------------------------------------- documents


def of_standard(standard: Standard, scope: Scope, scopes: Mapping[str, Scope]) -> Iterator[Mutant[Standard]]:
    """Yield the mutants of what `standard.yaml` says for all its clauses: dates, scope, chapters, failed devices.

    *scope* is the enterprise's, *scopes* for each chapter that of one of its subjects.
    """
    for mutant in _of_span(standard.in_force):
        path: Path = ("issued",) if standard.states_no_date and mutant.path == ("from",) else ("in_force", *mutant.path)
        yield replace(mutant, made=replace(standard, in_force=mutant.made), path=path)
    if article := standard.failed_device:
        yield Mutant("article", replace(standard, failed_device=None), ("failed_device",), lambda: (article, None))
    yield from _of_gate(standard.scope, ("scope",), scope, lambda made: replace(standard, scope=made))
    for name, chapter in standard.chapters.items():

        def put(made: Expr, name: str = name) -> Standard:
            changed = replace(standard.chapters[name], applies=made)
            return replace(standard, chapters={**standard.chapters, name: changed})

        yield from _of_gate(chapter.applies, ("chapters", name, "applies"), scopes.get(name, scope), put)


def _of_gate(gate: Expr, path: Path, scope: Scope, put: Callable[[Expr], Standard]) -> Iterator[Mutant[Standard]]:
    if gate != ALWAYS:
        yield _dropped("gate", put(ALWAYS), path, gate, scope)
        yield from _varied(gate, path, scope, put)


# ------------------------------------------------------------------------- definitions, word lists


def of_definition(definition: Definition, scope: Scope, spec: FactSpec) -> Iterator[Mutant[Definition]]:
    """Yield the mutants of how the fact *spec* follows from others; *scope* is that of its kind."""
    if definition.table:
        yield from _of_table(definition, definition.table, scope, spec)
        return
    if definition.yes is not None and not _is_rest(definition, definition.yes, definition.no):
        yield from _of_side(definition, "yes", definition.yes, scope)
    if definition.no is not None and not _is_rest(definition, definition.no, definition.yes):
        yield from _of_side(definition, "no", definition.no, scope)


def _is_rest(definition: Definition, side: Expr, other: Expr | None) -> bool:
    """Return whether *side* is written as `otherwise`."""
    return definition.whole and other is not None and side == negate(other)


def _of_side(definition: Definition, key: str, side: Expr, scope: Scope) -> Iterator[Mutant[Definition]]:
    def put(made: Expr | None) -> Definition:
        rest = negate(made) if made is not None and definition.whole else None
        if key == "yes":
            return replace(definition, yes=made, no=rest if definition.whole else definition.no)
        return replace(definition, no=made, yes=rest if definition.whole else definition.yes)

    path = (f"{key}_when",)
    yield from _varied(side, path, scope, put)
    if not definition.whole and definition.yes is not None and definition.no is not None:
        yield _dropped("limb", put(None), path, side, scope)


def _of_table(definition: Definition, table: Table, scope: Scope, spec: FactSpec) -> Iterator[Mutant[Definition]]:
    for i, (cells, value) in enumerate(table.rows):
        path: Path = ("table", "rows", i)
        before, after = table.rows[:i], table.rows[i + 1 :]
        if len(table.rows) > 1:
            rest = replace(definition, table=Table((*before, *after)))
            yield Mutant("row", rest, path, _row(cells, value, scope, spec))
        for v in variants(cells, scope) if cells != ALWAYS else ():
            made = replace(definition, table=Table((*before, (v.made, value), *after)))
            yield Mutant(v.kind, made, path, v.shown)


def _row(cells: Expr, value: Any, scope: Scope, spec: FactSpec) -> Shown:
    told = {"when": condition.write(cells, scope)} if cells != ALWAYS else {}
    return lambda: ({**told, "value": write_value(value, spec)}, None)


def of_list(words: WordList) -> Iterator[Mutant[WordList]]:
    """Yield the mutants of a dated word list: a word dropped, the dates of an edition moved."""
    for i, edition in enumerate(words.editions):

        def put(made: WordEdition, i: int = i) -> WordList:
            return replace(words, editions=(*words.editions[:i], made, *words.editions[i + 1 :]))

        for word in sorted(edition.words):
            less = put(replace(edition, words=edition.words - {word}))
            yield Mutant("word", less, ("editions", i, "words"), partial(_gone, word))
        for span in _of_span(edition.in_force):
            path = ("editions", i, *span.path)
            yield replace(span, made=put(replace(edition, in_force=span.made)), path=path)


def _gone(shown: Any) -> tuple[Any, None]:
    return shown, None
