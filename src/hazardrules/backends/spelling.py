"""A two-valued condition → the text of an expression over columns.

The conditions are those that `lower` makes and the operators are spelled as the table in `ops` has
them. What stands in several conditions is computed once: `shared` tells what, `Speller.named` how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from math import lcm
from typing import Any

from ..expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact, walk
from ..facts import FactSpec, Scope
from ..ops import CONNECTIVES, OPS
from ..texts import Text
from . import physical
from .physical import Limits

Term = tuple[Fraction, str | None]  # a factor, and the fact that it multiplies (None: 1)


class RefusalError(Exception):
    """What the frames cannot say; `message` tells why. The engine judges such a rule."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def column(name: str) -> str:
    """Return the text of the column *name*."""
    return f"col({name!r})"


class Speller:
    """Spells the conditions on one table of rows.

    `named` maps a condition to the column that holds its answer; `limits` is held to what every
    comparison spelled can bear.
    """

    def __init__(self, scope: Scope, limits: Limits) -> None:
        self.scope, self.limits = scope, limits
        self.named: dict[Expr, str] = {}

    def text(self, condition: Expr) -> str:
        """Return the text of *condition*; True and False where it is settled."""
        if condition in (ALWAYS, NEVER):
            return str(condition == ALWAYS)
        return self._text(condition)

    def _text(self, condition: Expr) -> str:
        if condition in self.named:
            return column(self.named[condition])
        match condition:
            case Call("all" | "any" as op, args):
                if not args:
                    return f"lit({op == 'all'})"
                joint = " & " if op == "all" else " | "
                return f"({joint.join(self._text(arg) for arg in args)})"
            case Call("not", (arg,)):
                return f"~{self._text(arg)}"
            case Call("at_least", (Const(n), *args)):
                return f"(sum_horizontal({', '.join(self._text(arg) for arg in args)}) >= {n})"
            case Call(op, args):
                return self._question(op, args)
        raise TypeError(f"cannot spell {condition}")

    # ------------------------------------------------------------------------------ comparisons

    def _question(self, op: str, args: tuple[Expr, ...]) -> str:
        facts = [node.name for arg in args for node in walk(arg) if isinstance(node, Fact)]
        specs = [self._spec(name) for name in facts]
        if specs[0].type == "number" and op not in ("known", "unknown"):
            return f"({self._numbers(op, *args)})"
        sets = {tuple(spec.values) for spec in specs}
        if len(sets) > 1:
            raise RefusalError(
                Text(f"{'、'.join(facts)} 的选项不是同一套词", f"{', '.join(facts)} are not of the same set of words")
            )
        text = OPS[op].columns.format(*(self._operand(arg, specs[0]) for arg in args))
        return text if text.startswith(("~", "col(")) and text.endswith(")") and " " not in text else f"({text})"

    def _spec(self, name: str) -> FactSpec:
        spec = self.scope.find(name)
        assert spec is not None
        if spec.type == "text":
            raise RefusalError(Text(f"条件里不能用文字 {name}", f"no condition can read the text {name}"))
        if len(spec.values) > physical.BITS:
            raise RefusalError(Text(f"{name} 有 {len(spec.values)} 个选项，最多 64 个", f"{name} has over 64 words"))
        return spec

    def _operand(self, expr: Expr, spec: FactSpec) -> str:
        match expr:
            case Fact(name):
                return column(name)
            case Const(value):
                return _constant(value, spec)
            case Call(op, args):  # `later` alone: a date, a count and a period
                return OPS[op].columns.format(*(self._operand(arg, spec) for arg in args))
        raise TypeError(f"no operand: {expr}")

    # --------------------------------------------------------------------------------- numbers

    def _numbers(self, op: str, left: Expr, right: Expr) -> str:
        """Compare two sums of multiples of facts in whole numbers."""
        sides = [list(self._terms(side)) for side in (left, right)]
        terms = [term for side in sides for term in side]
        ratios = list(dict.fromkeys(name for _, name in terms if name and physical.is_ratio(self._spec(name))))
        whole = lcm(*(factor.denominator for factor, _ in terms))
        constant = sum(abs(int(factor * whole)) for factor, name in terms if name is None)
        factors = sum(abs(int(factor * whole)) for factor, name in terms if name is not None)
        self.limits.hold(factors, constant, len(ratios))
        return OPS[op].columns.format(*(self._sum(side, whole, ratios) for side in sides))

    def _terms(self, expr: Expr) -> Iterator[Term]:
        match expr:
            case Fact(name):
                spec = self._spec(name)
                yield Fraction(1) if physical.is_ratio(spec) else physical.step(spec), name
            case Const(value):
                yield Fraction(value), None
            case Call("times", (Const(value), operand)):
                yield from ((Fraction(value) * factor, name) for factor, name in self._terms(operand))
            case Call("plus" | "minus" as op, (first, second)):
                yield from self._terms(first)
                yield from ((factor if op == "plus" else -factor, name) for factor, name in self._terms(second))
            case _:
                raise RefusalError(Text(f"不会算 {expr}", f"cannot compute {expr}"))

    def _sum(self, terms: list[Term], whole: int, ratios: list[str]) -> str:
        texts = [self._product(int(factor * whole), name, ratios) for factor, name in terms]
        total = texts[0]
        for text in texts[1:]:
            total = OPS["plus"].columns.format(total, text)
        return total

    def _product(self, factor: int, name: str | None, ratios: list[str]) -> str:
        text = "" if name is None else column(name)
        for ratio in ratios:
            if ratio != name:
                other = column(ratio + physical.DENOMINATOR)
                text = OPS["times"].columns.format(other, text) if text else other
        if not text:
            return str(factor)
        return text if factor == 1 else OPS["times"].columns.format(factor, text)


def _constant(value: Any, spec: FactSpec) -> str:
    if isinstance(value, str):
        return str(physical.bits(spec, [value])) if spec.values else repr(value)
    if isinstance(value, frozenset):
        return str(physical.bits(spec, value))
    if isinstance(value, datetime):
        return f"datetime({value.year}, {value.month}, {value.day}, {value.hour}, {value.minute})"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    return repr(value)


def check(condition: Expr, scope: Scope) -> None:
    """Raise `RefusalError` where something in *condition* cannot be spelled."""
    match condition:
        case Each(items, where, _):
            check(where, scope.inside(items))
        case Call(op) if op not in CONNECTIVES:
            Speller(scope, Limits()).text(condition)
    for part in _conditions(condition):
        check(part, scope)


# ------------------------------------------------------------------------------------ sharing


def _conditions(condition: Expr) -> tuple[Expr, ...]:
    """Return the conditions of which *condition* is made; a comparison has none."""
    if isinstance(condition, Call) and condition.op in CONNECTIVES:
        return tuple(arg for arg in condition.args if not isinstance(arg, Const))
    return ()


def each_in(condition: Expr) -> Iterator[Each]:
    """Yield the questions over parts in *condition*, not those inside them."""
    if isinstance(condition, Each):
        yield condition
    for part in _conditions(condition):
        yield from each_in(part)


def shared(conditions: Iterable[Expr]) -> list[list[Expr]]:
    """Return what stands more than once in *conditions*, in stages: each needs only those before it."""
    uses: Counter[Expr] = Counter()

    def visit(condition: Expr) -> None:
        uses[condition] += 1
        if uses[condition] == 1:
            for part in _conditions(condition):
                visit(part)

    for condition in conditions:
        visit(condition)
    repeated = {c for c, count in uses.items() if count > 1 and isinstance(c, Call) and c not in (ALWAYS, NEVER)}
    stages: dict[Expr, int] = {}

    def stage(condition: Expr) -> int:
        """Return the first stage at which *condition* can be computed."""
        if condition not in stages:
            parts = _conditions(condition)
            stages[condition] = max((stage(part) + (part in repeated) for part in parts), default=0)
        return stages[condition]

    found: dict[int, list[Expr]] = {}
    for condition in uses:
        if condition in repeated:
            found.setdefault(stage(condition), []).append(condition)
    return [found[n] for n in sorted(found)]
