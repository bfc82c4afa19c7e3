"""A condition with one mistake in it, as a tired editor would make it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ... import condition, units
from ...condition import Path
from ...expr import Call, Const, Each, Expr, Fact, all_of, any_of, negate, walk
from ...facts import FactSpec, Scope
from ...sentence import write_value

_FLIPPED = {"eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in", "has": "lacks", "lacks": "has"}
_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}
_BOUNDARY = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}


@dataclass(frozen=True)
class Variant:
    """A condition with one mistake in it: the part of it that was changed, and its place in the data of the file."""

    kind: str
    made: Expr
    path: Path
    before: Expr
    after: Expr | None  # None: left out
    scope: Scope  # of the changed part

    def shown(self) -> tuple[Any, Any]:
        """Return the changed part before and after, as YAML data; None for what is left out."""
        after = None if self.after is None else condition.write(self.after, self.scope)
        return condition.write(self.before, self.scope), after


Here = Callable[[str, Expr], Variant]
Join = Callable[[tuple[Expr, ...]], Expr]


def variants(expr: Expr, scope: Scope) -> Iterator[Variant]:
    """Yield *expr* with each single mistake that is possible in it; *scope* is that of its subject."""
    seen = {expr}
    for variant in _variants(expr, scope):
        if variant.made not in seen:
            seen.add(variant.made)
            yield variant


def _variants(expr: Expr, scope: Scope) -> Iterator[Variant]:
    def here(kind: str, made: Expr) -> Variant:
        return Variant(kind, made, (), expr, made, scope)

    match expr:
        case Call("all" | "any" as op, args):
            if len(args) > 1:
                yield here("joint", Call("any" if op == "all" else "all", args))
                yield from _without(args, (op,), lambda kept: (all_of if op == "all" else any_of)(*kept), scope)
            yield from _inside(args, (op,), lambda changed: Call(op, changed), scope)
        case Call("at_least", (Const(n) as least, *limbs)):
            for moved in (n - 1, n + 1):
                if 1 <= moved <= len(limbs):
                    yield here("count", Call("at_least", (Const(moved), *limbs)))
            if len(limbs) > n:
                yield from _without(tuple(limbs), ("any",), lambda kept: Call("at_least", (least, *kept)), scope)
            yield from _inside(tuple(limbs), ("any",), lambda changed: Call("at_least", (least, *changed)), scope)
        case Call("not", (inner,)):
            yield here("negation", inner)
            if not isinstance(inner, Fact) and not (isinstance(inner, Call) and inner.op == "listed"):
                yield from _within(inner, ("not",), negate, scope)
            return
        case Each(items, where, wanted):
            yield from _counted(expr, here)
            yield from _within(where, ("where",), lambda made: Each(items, made, wanted), scope.inside(items))
        case Call("in" | "not_in" | "has" | "lacks" as op, (left, Const(words))):
            yield here("operator", Call(_FLIPPED[op], (left, Const(words))))
            for word in sorted(words) if len(words) > 1 else ():
                yield here("word", Call(op, (left, Const(words - {word}))))
            return
        case Call(op, args) if op != "listed":
            yield from _comparison(op, args, scope, here)
            return
    yield here("negation", negate(expr))


def _inside(args: tuple[Expr, ...], steps: Path, join: Join, scope: Scope) -> Iterator[Variant]:
    """Yield the mistakes in each of *args*, put together again by *join*."""
    for i, arg in enumerate(args):

        def put(made: Expr, i: int = i) -> Expr:
            return join((*args[:i], made, *args[i + 1 :]))

        yield from _within(arg, (*steps, i), put, scope)


def _within(arg: Expr, steps: Path, join: Callable[[Expr], Expr], scope: Scope) -> Iterator[Variant]:
    for inner in _variants(arg, scope):
        yield replace(inner, made=join(inner.made), path=(*steps, *inner.path))


def _without(args: tuple[Expr, ...], steps: Path, join: Join, scope: Scope) -> Iterator[Variant]:
    for i, arg in enumerate(args):
        yield Variant("limb", join((*args[:i], *args[i + 1 :])), (*steps, i), arg, None, scope)


def _counted(expr: Each, here: Here) -> Iterator[Variant]:
    if expr.least is None:
        yield here("quantifier", replace(expr, least=1))
        return
    if expr.least == 1:
        yield here("quantifier", replace(expr, least=None))
    for moved in (expr.least - 1, expr.least + 1):
        if moved >= 1:
            yield here("count", replace(expr, least=moved))


def _comparison(op: str, args: tuple[Expr, ...], scope: Scope, here: Here) -> Iterator[Variant]:
    if op in _OPPOSITE:
        yield here("operator", Call(_OPPOSITE[op], args))
        yield here("boundary", Call(_BOUNDARY[op], args))
    else:
        yield here("operator", Call(_FLIPPED[op], args))
    read = (node.name for arg in args for node in walk(arg) if isinstance(node, Fact))
    spec = next(spec for name in read if (spec := scope.find(name)))
    for i, arg in enumerate(args):
        for kind, moved in _moved(arg, spec):
            yield here(kind, Call(op, (*args[:i], moved, *args[i + 1 :])))


# ------------------------------------------------------------------------------- one step further


def _moved(end: Expr, spec: FactSpec) -> Iterator[tuple[str, Expr]]:
    """Yield the operand *end* with a number or date in it moved by one step, down and up."""
    match end:
        case Const(value):
            kind = "date" if isinstance(value, date) else "threshold"
            for moved in _neighbours(value, spec):
                yield kind, Const(moved)
        case Call("times", (Const(factor), fact)):
            for step in _steps(units.plain(factor)):
                yield "threshold", Call("times", (Const(step), fact))
        case Call("later", (day, Const(count), period)):
            for count_ in (count - 1, count + 1):
                yield "period", Call("later", (day, Const(count_), period))
        case Call("plus" | "minus" as op, (left, right)):
            for kind, addend in _moved(right, spec):
                yield kind, Call(op, (left, addend))


def _neighbours(value: Any, spec: FactSpec) -> Iterator[Any]:
    """Yield what lies one step below and above *value*: a day, a minute, or one in the last place written."""
    if isinstance(value, datetime):
        yield from (value - timedelta(minutes=1), value + timedelta(minutes=1))
    elif isinstance(value, date):
        yield from (value - timedelta(days=1), value + timedelta(days=1))
    elif isinstance(value, Decimal | Fraction):
        text = write_value(value, spec)
        if text.startswith("1:"):
            yield from (Fraction(1000) / Fraction(run) for run in _steps(text[2:]) if run > 0)
        elif (parsed := units.parse(text)) and isinstance(parsed[0], Decimal):
            yield from (units.to_base(step, parsed[1]) for step in _steps(units.plain(parsed[0])))


def _steps(text: str) -> tuple[Decimal, Decimal]:
    """Return the numbers one below and above the one written as *text*, in its last place."""
    number = Decimal(text)
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return number - step, number + step
