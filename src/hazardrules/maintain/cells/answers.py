"""How a comparison comes out of given values: the meaning of the operators, without a record around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...expr import Call, Const, Expr, Fact
from ...ops import OPS
from ...truth import Truth
from ...truth import of as truth_of


def answer(atom: Expr, values: Mapping[str, Any]) -> Truth:
    """Return how the comparison or yes/no fact *atom* comes out; unknown as soon as an operand is."""
    return truth_of(value_of(atom, values))


def value_of(expr: Expr, values: Mapping[str, Any]) -> Any:
    """Return the value of an operand or the outcome of a comparison; None where it is not known."""
    match expr:
        case Const(value):
            return value
        case Fact(name):
            return values[name]
        case Call(op, args):
            operands = [value_of(arg, values) for arg in args]
            return None if any(operand is None for operand in operands) else OPS[op].meaning(*operands)
    raise TypeError(f"no comparison: {expr}")
