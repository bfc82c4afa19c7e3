"""Conditions taken apart: the comparisons in them, the facts that those read, and names that mean the same anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...expr import Call, Const, Each, Expr, Fact, children
from ...facts import Scope

OPEN = Call("eq", (Const(None), Const(None)))  # a comparison that nobody can decide


def in_full(condition: Expr, scope: Scope) -> Expr:
    """Return *condition* with every fact of the subject named in full, `kind.fact`: so it means the same below it."""

    def full(name: str) -> str:
        owner = scope.owner(name)
        assert owner is not None
        return ".".join(owner)

    match condition:
        case Fact(name):
            return Fact(full(name))
        case Each(items, where, least):
            return Each(full(items), where, least)  # `where` speaks of the part
        case Call(op, args):
            return Call(op, tuple(in_full(arg, scope) for arg in args))
    return condition


def facts_of(condition: Expr) -> list[str]:
    """Return the facts of the subject that *condition* reads: of a list its name, not what its parts are asked."""
    match condition:
        case Fact(name):
            return [name]
        case Each(items, _, _):
            return [items]
    return [name for child in children(condition) for name in facts_of(child)]


def atoms_of(condition: Expr) -> Iterator[Expr]:
    """Yield the parts of *condition* that are no connective: yes/no facts, comparisons, questions over lists."""
    match condition:
        case Call("all" | "any" | "not" | "at_least", args):
            for arg in args:
                if not isinstance(arg, Const):
                    yield from atoms_of(arg)
        case _:
            yield condition


def at_atoms(condition: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return *condition* with `change` applied to each part that is no connective."""
    match condition:
        case Call("all" | "any" | "not" | "at_least" as op, args):
            return Call(op, tuple(arg if isinstance(arg, Const) else at_atoms(arg, change) for arg in args))
    return change(condition)
