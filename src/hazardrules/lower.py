"""One three-valued question becomes two ordinary ones: is it surely so, is it possibly so.

Both are expressions of two-valued logic over known facts, made of the same nodes, so a compiler
or a backend needs no three-valued operator. `possibly` is exactly "not surely not".
"""

from __future__ import annotations

from .expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact, all_of, any_of, walk
from .ops import OPS


def surely(expr: Expr) -> Expr:
    """Return the two-valued condition that holds just where *expr* is YES."""
    return _rail(expr, holds=True, sure=True)


def possibly(expr: Expr) -> Expr:
    """Return the two-valued condition that holds just where *expr* is YES or UNKNOWN."""
    return _rail(expr, holds=True, sure=False)


def _rail(expr: Expr, *, holds: bool, sure: bool) -> Expr:
    """Return when *expr* (or, with `holds=False`, its negation) is surely or possibly so."""
    match expr:
        case Call("not", (inner,)):
            return _rail(inner, holds=not holds, sure=sure)
        case Call("all" | "any" as op, args):
            rails = tuple(_rail(arg, holds=holds, sure=sure) for arg in args)
            return _join((op == "all") == holds, rails)
        case Call("at_least", (Const(n), *args)):
            rails = tuple(_rail(arg, holds=holds, sure=sure) for arg in args)
            needed = n if holds else len(args) - n + 1  # not n of k: k-n+1 of them fail
            return Call("at_least", (Const(needed), *rails))
        case Fact():
            name = ("true" if holds else "false") if sure else ("not_false" if holds else "not_true")
            return Call(name, (expr,))
        case Each():
            return _each(expr, holds=holds, sure=sure)
        case Call(op, args):
            return _strict(op, args, holds=holds, sure=sure)
    raise TypeError(f"no condition: {expr}")


def _join(every: bool, rails: tuple[Expr, ...]) -> Expr:
    """Join with all or any, dropping what changes nothing."""
    neutral, settled = (ALWAYS, NEVER) if every else (NEVER, ALWAYS)
    if settled in rails:
        return settled
    rails = tuple(rail for rail in rails if rail != neutral)
    return all_of(*rails) if every else any_of(*rails)


def _strict(op: str, args: tuple[Expr, ...], *, holds: bool, sure: bool) -> Expr:
    if not holds:
        opposite = OPS[op].opposite
        assert opposite is not None
        op = opposite
    leaves = list(dict.fromkeys(node for arg in args for node in walk(arg)))
    if any(leaf == Const(None) for leaf in leaves):
        return NEVER if sure else ALWAYS
    facts = [leaf for leaf in leaves if isinstance(leaf, Fact)]
    question = Call(op, args)
    if sure:
        return all_of(*(Call("known", (fact,)) for fact in facts), question)
    return any_of(*(Call("unknown", (fact,)) for fact in facts), question)


def _each(expr: Each, *, holds: bool, sure: bool) -> Expr:
    if not holds:  # surely not so = not possibly so, and the other way round
        return Call("not", (_each(expr, holds=True, sure=not sure),))
    items = Fact(expr.items)
    parts = Each(expr.items, _rail(expr.where, holds=True, sure=sure), expr.least)
    if sure:
        listed = (Call("complete", (items,)),) if expr.least is None else ()
        return all_of(Call("known", (items,)), *listed, parts)
    unlisted = () if expr.least is None else (Call("partial", (items,)),)
    return any_of(Call("unknown", (items,)), *unlisted, parts)
