"""The representation of a condition: four frozen nodes and one fold.

A condition read from YAML, the definition of a fact and an exception are all an `Expr`; the judge,
the compiler, the explanation and every backend read it and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact:
    """A recorded fact: `name` is bare (the subject's own) or `kind.name` (of what contains it)."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A value written in the rule, already normalised; None is an unknown one."""

    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """An operator of `ops.OPS` applied to its operands."""

    op: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """A question over the parts in the list fact `items`.

    `least` parts for which `where` holds are needed: 1 is "some", n "at least n", None "every".
    """

    items: str
    where: Expr
    least: int | None


Expr = Fact | Const | Call | Each

ALWAYS: Expr = Call("all", ())
NEVER: Expr = Call("any", ())


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct parts of *expr*."""
    match expr:
        case Call(_, args):
            return args
        case Each(_, where, _):
            return (where,)
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield *expr* and everything below it, parents first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def fold(expr: Expr, visit: Callable[[Expr, tuple[T, ...]], T]) -> T:
    """Return `visit(node, results of its children)`, computed from the leaves up."""
    return visit(expr, tuple(fold(child, visit) for child in children(expr)))


def replace(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return *expr* with `change` applied to every node, leaves first."""
    match expr:
        case Call(op, args):
            expr = Call(op, tuple(replace(arg, change) for arg in args))
        case Each(items, where, least):
            expr = Each(items, replace(where, change), least)
    return change(expr)


def all_of(*parts: Expr) -> Expr:
    """Return the condition that all *parts* hold."""
    return parts[0] if len(parts) == 1 else Call("all", parts)


def any_of(*parts: Expr) -> Expr:
    """Return the condition that one of *parts* holds."""
    return parts[0] if len(parts) == 1 else Call("any", parts)


def negate(expr: Expr) -> Expr:
    """Return the condition that *expr* does not hold."""
    return Call("not", (expr,))
