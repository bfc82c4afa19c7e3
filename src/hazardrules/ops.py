"""The operator table: one row holds all that is known of an operator.

A row's `meaning` is a plain function that never sees an unknown: a *strict* row answers UNKNOWN by
itself when an operand is unknown. Only the connectives look at unknowns, and they are order on
the chain of `truth`. Engines differ in the spelling of a row, never in its meaning.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import dates, units
from .texts import Text


@dataclass(frozen=True, slots=True)
class Op:
    """What is known of one operator."""

    name: str
    symbol: str  # how an author writes it
    meaning: Callable[..., Any]  # on known operands
    says: Text  # wording of the explanation, {0} {1} the operands
    python: str  # spelling in generated Python
    opposite: str | None = None  # the operator that holds just where this one does not
    frames: str | None = None  # spelling over columns, where it is not that of Python
    of_none: bool | None = None  # what the Python spelling says of None and a constant; None: it may not be asked

    @property
    def columns(self) -> str:
        """The spelling over columns: words are bits, a set of words is their sum (`backends.physical`)."""
        return self.python if self.frames is None else self.frames


def _has(values: frozenset[str], words: frozenset[str]) -> bool:
    return not values.isdisjoint(words)


_ROWS = (
    # comparisons
    Op("eq", "==", operator.eq, Text("{0}为 {1}", "{0} is {1}"), "{0} == {1}", "ne", of_none=False),
    Op("ne", "!=", operator.ne, Text("{0}不是 {1}", "{0} is not {1}"), "{0} != {1}", "eq", of_none=True),
    Op("lt", "<", operator.lt, Text("{0}小于 {1}", "{0} is less than {1}"), "{0} < {1}", "ge"),
    Op("le", "<=", operator.le, Text("{0}不大于 {1}", "{0} is at most {1}"), "{0} <= {1}", "gt"),
    Op("gt", ">", operator.gt, Text("{0}大于 {1}", "{0} is more than {1}"), "{0} > {1}", "le"),
    Op("ge", ">=", operator.ge, Text("{0}不小于 {1}", "{0} is at least {1}"), "{0} >= {1}", "lt"),
    # words
    Op("in", "in", lambda v, w: v in w, Text("{0}是其中之一：{1}", "{0} is one of: {1}"),
       "{0} in {1}", "not_in", "({0} & {1}) != 0", of_none=False),
    Op("not_in", "not in", lambda v, w: v not in w,
       Text("{0}不在其中：{1}", "{0} is none of: {1}"), "{0} not in {1}", "in", "({0} & {1}) == 0", of_none=True),
    Op("has", "has", _has, Text("{0}含其中之一：{1}", "{0} include one of: {1}"),
       "not {0}.isdisjoint({1})", "lacks", "({0} & {1}) != 0"),
    Op("lacks", "not has", lambda v, w: not _has(v, w),
       Text("{0}不含：{1}", "{0} include none of: {1}"), "{0}.isdisjoint({1})", "has", "({0} & {1}) == 0"),
    # values
    Op("times", "*", units.multiply, Text("{1} 的 {0} 倍", "{0} × {1}"), "multiply({0}, {1})", frames="{1} * {0}"),
    Op("plus", "+", units.add, Text("{0}加 {1}", "{0} + {1}"), "add({0}, {1})", frames="{0} + {1}"),
    Op("minus", "-", units.subtract, Text("{0}减 {1}", "{0} - {1}"), "subtract({0}, {1})", frames="{0} - {1}"),
    Op("later", "+", dates.later, Text("{0}之后 {1} {2}", "{1} {2} after {0}"),
       "later({0}, {1}, {2})"),
    # what `lower` adds: two-valued questions about a recorded fact
    Op("known", "", lambda v: v is not None, Text("已知{0}", "{0} is known"),
       "{0} is not None", "unknown", "{0}.is_not_null()"),
    Op("unknown", "", lambda v: v is None, Text("不知{0}", "{0} is not known"),
       "{0} is None", "known", "{0}.is_null()"),
    Op("true", "", lambda v: v is True, Text("确知{0}", "{0} surely"),
       "{0} is True", "not_true", "{0}.fill_null(False)"),
    Op("false", "", lambda v: v is False, Text("确知非{0}", "surely not {0}"),
       "{0} is False", "not_false", "~{0}.fill_null(True)"),
    Op("not_true", "", lambda v: v is not True, Text("或非{0}", "perhaps not {0}"),
       "{0} is not True", "true", "~{0}.fill_null(False)"),
    Op("not_false", "", lambda v: v is not False, Text("或{0}", "perhaps {0}"),
       "{0} is not False", "false", "{0}.fill_null(True)"),
    Op("complete", "", lambda v: v.complete, Text("{0}已列全", "{0} are all listed"),
       "{0}.complete", "partial", "{0}"),
    Op("partial", "", lambda v: not v.complete, Text("{0}未列全", "{0} are not all listed"),
       "not {0}.complete", "complete", "~{0}"),
)  # fmt: skip

#: name → row of every strict operator
OPS: dict[str, Op] = {row.name: row for row in _ROWS}

#: how an author writes a comparison → its name
COMPARISONS: dict[str, str] = {row.symbol: row.name for row in _ROWS[:6]}

ORDERED = ("lt", "le", "gt", "ge")
CONNECTIVES = ("all", "any", "at_least", "not")
PERIOD_NAMES = {"day": "天", "days": "天", "month": "个月", "months": "个月", "year": "年", "years": "年"}
