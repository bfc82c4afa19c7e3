"""Conditions fitted to what is recorded: what nobody recorded is not known, before anything is lowered.

A batch is a table of subjects and one for the parts in each recorded list. `Ground` knows which facts may
be known in each of them, and what only the engine can take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..expr import Call, Const, Each, Expr, Fact, replace
from ..facts import INSPECTION, FactSpec, Scope
from ..texts import Text
from .layout import Layout
from .spelling import RefusalError

OPEN: Expr = Call("eq", (Const(None), Const(None)))  # a condition that is not known


@dataclass
class Table:
    """The subjects of a batch (`name` is ""), or the parts in one list of theirs."""

    name: str
    layout: Layout
    parent: Table | None = None
    items: str = ""  # the list, as its parent has it
    held: set[str] = field(default_factory=set)  # facts that may be known
    spread: set[str] = field(default_factory=set)  # facts of what contains it that were fetched

    @cached_property
    def scope(self) -> Scope:
        """What names mean here."""
        return Scope(self.layout.vocabulary, self.layout.chain)

    def bare(self, name: str) -> str:
        """Return *name* as the columns have it: a fact of the rows themselves without their kind."""
        return name.removeprefix(f"{self.layout.chain[0]}.")

    def above(self, name: str) -> str:
        """Return how the parent names the fact *name* of what contains this table's parts."""
        assert self.parent is not None
        kind, _, fact = name.rpartition(".")
        return fact if kind == self.parent.layout.chain[0] else name


class Ground:
    """The tables of a batch.

    `refused` tells why a fact (of a table) cannot be said over columns; a row of which a list in
    `for_engine` (of a table) is recorded is the engine's.
    """

    def __init__(self, layout: Layout) -> None:
        self.subjects = Table("", layout, held={*layout.recorded, f"{INSPECTION}.date"})
        self.tables: dict[str, Table] = {"": self.subjects}
        self.refused: dict[tuple[str, str], Text] = {}
        self.for_engine: set[tuple[str, str]] = set()

    def child(self, table: Table, items: str) -> Table:
        """Return the table of the parts in the list *items*."""
        table, items = self.owner(table, items)
        name = f"{table.name}/{items}" if table.name else items
        if name not in self.tables:
            layout = table.layout.recorded[items][0].parts
            assert layout is not None
            self.tables[name] = Table(name, layout, table, items, set(layout.recorded))
        return self.tables[name]

    def with_kind(self, kind: str) -> Iterator[tuple[Table, str]]:
        """Yield each table that holds facts of *kind*, with what stands before their names in it."""
        chain = self.subjects.layout.chain
        if kind in chain:
            yield self.subjects, "" if kind == chain[0] else f"{kind}."
        for table in self._inner(self.subjects):
            if table.layout.chain[0] == kind:
                yield table, ""

    def _inner(self, table: Table) -> Iterator[Table]:
        """Yield the tables of the parts that *table* has, at every depth."""
        for name, columns in table.layout.recorded.items():
            if columns[0].parts is not None:
                below = self.child(table, name)
                yield below
                yield from self._inner(below)

    def fit(self, expr: Expr, table: Table) -> Expr:
        """Return the condition *expr* without what nobody recorded: that is not known."""
        match expr:
            case Fact(name):
                return Fact(table.bare(name)) if self._held(table, name) else OPEN
            case Call("all" | "any" | "not" | "at_least" as op, args):
                return Call(op, tuple(arg if isinstance(arg, Const) else self.fit(arg, table) for arg in args))
            case Each(items, where, least):
                return self._fit_each(items, where, least, table)
            case Call():
                return replace(expr, lambda node: self._operand(node, table))
        raise TypeError(f"no condition: {expr}")

    def _operand(self, node: Expr, table: Table) -> Expr:
        if not isinstance(node, Fact):
            return node
        return Fact(table.bare(node.name)) if self._held(table, node.name) else Const(None)

    def _fit_each(self, items: str, where: Expr, least: int | None, table: Table) -> Expr:
        items = table.bare(items)
        top, own = self.owner(table, items)
        if (inside := self.hangs(top, own)) is not None:  # of these the row itself is seen, and no other
            if top is not table or self.spec(table, items).roster:
                raise RefusalError(Text(f"要由引擎数 {items}", f"only the engine counts {items}"))
            one = self.fit(renamed(where, inside), table)
            return {1: Call("any", (one, OPEN)), None: Call("all", (one, OPEN))}.get(least, OPEN)
        if not self._held(table, items):
            return OPEN
        self.listed(table, items)
        return Each(items, self.fit(where, self.child(table, items)), least)

    def _held(self, table: Table, name: str) -> bool:
        """Return whether the fact *name* may be known in *table*. Raises `RefusalError` for one that cannot be said."""
        top, own = self.owner(table, name)
        if message := self.refused.get((top.name, own)):
            raise RefusalError(message)
        return own in top.held

    def owner(self, table: Table, name: str) -> tuple[Table, str]:
        """Return the table that holds the fact *name* that *table* sees, and its name there."""
        name = table.bare(name)
        while table.parent is not None and "." in name:
            table, name = table.parent, table.above(name)
        return table, name

    def hangs(self, table: Table, items: str) -> str | None:
        """Return what stands before the facts of the one part of *items* that is seen: the row, or what contains it.

        None where *items* is not the list in which the row hangs.
        """
        layout = table.layout
        kind, _, fact = items.rpartition(".")
        if table.parent is not None:
            return None
        place = layout.chain.index(kind) if kind else 0
        if place == 0 or layout.hanging(place) != fact:
            return None
        return "" if place == 1 else f"{layout.chain[place - 1]}."

    def listed(self, table: Table, items: str) -> None:
        """Note that the list is read: with parts that the law demands by name it is the engine's."""
        if self.spec(table, items).roster:
            self.to_engine(table, items)

    def to_engine(self, table: Table, items: str) -> None:
        """Note that a row of which the list is recorded is the engine's."""
        top, own = self.owner(table, items)
        if self.hangs(top, own) is not None:
            raise RefusalError(Text(f"要由引擎按 {items} 计算", f"only the engine computes with {items}"))
        if own in top.held:
            self.for_engine.add((top.name, own))

    def spec(self, table: Table, name: str) -> FactSpec:
        """Return the declaration of the fact *name* that *table* sees."""
        spec = table.scope.find(name)
        assert spec is not None
        return spec


def renamed(condition: Expr, prefix: str) -> Expr:
    """Return *condition* with *prefix* before the bare names that it reads, not before those of parts."""
    if not prefix:
        return condition
    match condition:
        case Fact(name):
            return Fact(name if "." in name else prefix + name)
        case Each(items, where, least):
            return Each(items if "." in items else prefix + items, where, least)
        case Call(op, args):
            return Call(op, tuple(renamed(arg, prefix) for arg in args))
    return condition
