"""Numbers that show everything that some comparisons can say: the cells that their lines cut out.

Of one number that is a value at each threshold and one between. Several that are compared with each other
are chosen one after the other, each cut also where the order of the next one's thresholds can change, so that
no combination of outcomes is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any

from ... import units
from ...expr import Call, Const, Expr, Fact
from ...facts import FactSpec

Specs = Mapping[str, FactSpec]
Values = Mapping[str, Any]  # fact → value
_Form = tuple[dict[str, Fraction], Fraction]  # a·x + b·y + … + constant
_LINES = 200  # of one group of facts


class TooManyError(Exception):
    """There are more cases than the stated limit allows to look at."""


def numbers(specs: Specs, atoms: Sequence[Expr]) -> Iterator[Values]:
    """Yield values in every cell that the comparisons *atoms* of the numbers *specs* cut out.

    Of several numbers some may be none that the facts can have: a half of a person, where lines meet so.
    """
    yield from _numbers(specs, [_form(atom) for atom in atoms] + _bounds(specs), alone=len(specs) == 1)


def _form(atom: Expr) -> _Form:
    """Return left minus right of a comparison of numbers as a linear form."""
    assert isinstance(atom, Call)
    return _plus(_linear(atom.args[0]), _linear(atom.args[1]), Fraction(-1))


def _linear(end: Expr) -> _Form:
    match end:
        case Const(value):
            return {}, Fraction(value)
        case Fact(name):
            return {name: Fraction(1)}, Fraction(0)
        case Call("times", (Const(factor), other)):
            return _plus(({}, Fraction(0)), _linear(other), Fraction(factor))
        case Call("plus" | "minus" as op, (left, right)):
            return _plus(_linear(left), _linear(right), Fraction(1 if op == "plus" else -1))
    raise TypeError(f"no number: {end}")


def _plus(left: _Form, right: _Form, factor: Fraction) -> _Form:
    terms = {n: left[0].get(n, Fraction(0)) + factor * right[0].get(n, Fraction(0)) for n in {**left[0], **right[0]}}
    return {n: a for n, a in terms.items() if a}, left[1] + factor * right[1]


def _bounds(specs: Specs) -> list[_Form]:
    return [({name: Fraction(1)}, -least) for name, spec in specs.items() if (least := _least(spec)) is not None]


def _least(spec: FactSpec) -> Fraction | None:
    if spec.min is None:
        return Fraction(0) if spec.integer else None
    return Fraction(units.to_base(Decimal(spec.min), spec.unit))


def _numbers(specs: Specs, forms: Sequence[_Form], *, alone: bool) -> Iterator[Values]:
    """Yield values in every cell that the lines *forms* = 0 cut out; of a fact *alone* only those it can have."""
    if not specs:
        yield {}
        return
    name, *others = specs
    own: Sequence[_Form] = forms
    for other in others:
        own = _without(other, own)
    cuts = sorted({-constant / terms[name] for terms, constant in own if name in terms})
    rest = {other: specs[other] for other in others}
    for value in _between(cuts, specs[name], whole=alone and specs[name].integer):
        inner = [_plus(({n: a for n, a in t.items() if n != name}, c + t.get(name, 0) * value), ({}, Fraction(0)),
                       Fraction(1)) for t, c in forms]  # fmt: skip
        for values in _numbers(rest, inner, alone=alone):
            yield {name: _number(value), **values}


def _without(name: str, forms: Sequence[_Form]) -> list[_Form]:
    """Return the lines where the order of two of *forms* along *name* can change."""
    having = [form for form in forms if name in form[0]]
    kept = [form for form in forms if name not in form[0]]
    for one, two in combinations(having, 2):
        made = _plus(one, two, -one[0][name] / two[0][name])
        if made[0] and made not in kept:
            kept.append(made)
    if len(kept) > _LINES:
        raise TooManyError
    return kept


def _between(cuts: Sequence[Fraction], spec: FactSpec, *, whole: bool) -> Iterator[Fraction]:
    """Yield each of *cuts* and a value in each gap, as far as the fact can have it: plain numbers first."""
    unit = Fraction(units.to_base(Decimal(1), spec.unit)) if spec.unit else Fraction(1)
    least = _least(spec)
    ends: list[Fraction | None] = [None, *cuts, None]
    for n, (low, high) in enumerate(pairwise(ends)):
        if n and low is not None and (least is None or low >= least):
            yield from [low] if not whole or low.denominator == 1 else []
        value = _inside(low, high, unit, whole=whole)
        if value is not None and (least is None or value >= least):
            yield value


def _inside(low: Fraction | None, high: Fraction | None, unit: Fraction, *, whole: bool) -> Fraction | None:
    """Return a plain number strictly between *low* and *high*; None where a whole one is wanted and there is none."""
    if low is None and high is None:
        return Fraction(0)
    if low is None and high is not None and high > 0:
        low = Fraction(0)  # what is measured is seldom negative
    if low is None or high is None:
        end = low if low is not None else high
        assert end is not None
        step = max(unit, abs(end))
        value = end + step if low is not None else end - step
        return Fraction(ceil(value) if low is not None else floor(value)) if whole else value
    if whole:
        value = Fraction(floor(low) + 1)
        return value if value < high else None
    step = unit
    while True:
        value = (floor((low + high) / 2 / step)) * step
        for candidate in (value, value + step):
            if low < candidate < high:
                return candidate
        step /= 10


def _number(value: Fraction) -> units.Number:
    """Return *value* as records have it: a decimal where it is one."""
    text = units.plain(value)
    return value if "/" in text else Decimal(text)
