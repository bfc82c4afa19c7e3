"""A plan carried out on polars frames: its texts become expressions once, its steps run on each batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from ..dates import PERIODS
from ..judge import Verdict
from . import physical
from .plan import Compute, Gather, Plan, Spread, Step

UP = "^"  # the column of parts that tells in which row of the parent's table they are
Tables = dict[str, pl.DataFrame]
Condition = pl.Expr | bool


# ----------------------------------------------------------- what the texts of expressions may name


def later(day: pl.Expr, count: int, period: str) -> pl.Expr:
    """Return *day* plus *count* days, months or years, as `dates.later` counts them."""
    months = PERIODS[period]
    return day.dt.offset_by(f"{count * months}mo" if months else f"{count}d")


def settle(yes: Condition, no: Condition, stated: pl.Expr | None) -> pl.Expr:
    """Return a yes/no fact from its definition and what is *stated*; null where these contradict."""
    yes_, no_ = (pl.lit(c) if isinstance(c, bool) else c for c in (yes, no))
    if stated is not None:
        yes_, no_ = yes_ | stated.fill_null(False), no_ | ~stated.fill_null(True)
    return pl.when(yes_ != no_).then(yes_)


def agree(computed: pl.Expr, stated: pl.Expr | None) -> pl.Expr:
    """Return a computed value, else the one *stated*; null where they differ."""
    if stated is None:
        return computed
    differ = (computed != stated).fill_null(False)
    return pl.when(~differ).then(pl.coalesce(computed, stated))


def look_up(dtype: str, rows: Iterable[tuple[Condition, Condition, int]]) -> pl.Expr:
    """Return the value of the first row that surely holds, null where another value is possible.

    A row is: whether it surely holds, whether it possibly does, its value.
    """
    found, before = pl.lit(None, getattr(pl, dtype)), list[tuple[pl.Expr, pl.Expr, int]]()
    for sure, may, value in rows:
        before.append((_condition(sure), _condition(may), value))
    for place in reversed(range(len(before))):
        sure_, _, value = before[place]
        others = [may_ for _, may_, other in before[:place] if other != value]
        settled = ~pl.any_horizontal(others) if others else pl.lit(value=True)
        constant = pl.when(settled).then(pl.lit(value, getattr(pl, dtype)))
        found = pl.when(sure_).then(constant).otherwise(found)
    return found


def count(complete: pl.Expr, length: pl.Expr, step: int) -> pl.Expr:
    """Return the number of parts as it is held, where they are all listed."""
    return pl.when(complete).then(length.cast(pl.Int64) * step)


def verdict(
    hit: Condition = False,
    disputed: Condition = False,
    unknown: Condition = False,
    applicable: Condition = True,
    deferred: Condition = False,
) -> pl.Expr:
    """Return the code of a rule: of the first of these that holds, else clear."""
    found = _code(Verdict.CLEAR)
    outside = not applicable if isinstance(applicable, bool) else ~applicable
    for condition, of in (
        (deferred, Verdict.DEFERRED),
        (outside, Verdict.NOT_APPLICABLE),
        (unknown, Verdict.UNKNOWN),
        (disputed, Verdict.DISPUTED),
        (hit, Verdict.HIT),
    ):
        if isinstance(condition, bool):
            found = _code(of) if condition else found
        else:
            found = pl.when(condition).then(_code(of)).otherwise(found)
    return found


def _code(of: Verdict) -> pl.Expr:
    return pl.lit(of.code, pl.Int8)


def _condition(condition: Condition) -> pl.Expr:
    return pl.lit(condition) if isinstance(condition, bool) else condition


_WORLD: dict[str, Any] = {
    "col": pl.col,
    "lit": pl.lit,
    "sum_horizontal": pl.sum_horizontal,
    "date": date,
    "datetime": datetime,
    **{function.__name__: function for function in (later, settle, agree, look_up, count, verdict)},
}


# --------------------------------------------------------------------------------------- the steps


class Program:
    """A plan made ready: `run` gives the codes of its rules, `source` the texts to be read."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._steps = [_ready(step) for step in plan.steps]
        self._codes = [_expression(text).alias(rule) for rule, text in plan.rules.items()]

    def run(self, tables: Tables, rules: Sequence[str]) -> pl.DataFrame:
        """Return a column of codes for each of *rules*, a row for each subject; null for a rule without a code."""
        tables = dict(tables)
        for step in self._steps:
            step(tables)
        absent = [pl.lit(None, pl.Int8).alias(rule) for rule in rules if rule not in self.plan.rules]
        return tables[""].with_columns([*self._codes, *absent]).select(list(rules))

    @property
    def source(self) -> str:
        """The expressions over columns, to be read."""
        lines = [line for step in self.plan.steps for line in _lines(step)]
        return "\n".join([*lines, *(f"# {rule}\n{text}" for rule, text in self.plan.rules.items())])


def _expression(text: str) -> pl.Expr:
    made: pl.Expr = eval(text, dict(_WORLD))  # noqa: S307 - texts that `spelling` wrote
    return made


def _ready(step: Step) -> Callable[[Tables], None]:
    match step:
        case Compute(table, columns):
            return _computing(table, [_expression(text).alias(name) for name, text in columns.items()])
        case Spread(table, parent, columns):
            return _spreading(table, parent, columns)
        case Gather():
            return _gathering(step)


def _computing(table: str, expressions: list[pl.Expr]) -> Callable[[Tables], None]:
    def compute(tables: Tables) -> None:
        tables[table] = tables[table].with_columns(expressions)

    return compute


def _spreading(table: str, parent: str, columns: Mapping[str, str]) -> Callable[[Tables], None]:
    chosen = [pl.col(above).alias(name) for name, above in columns.items()]

    def spread(tables: Tables) -> None:
        parts = tables[table]
        around = tables[parent].select(chosen)[parts[UP]]
        tables[table] = parts.with_columns(around.get_columns())

    return spread


def _gathering(step: Gather) -> Callable[[Tables], None]:
    def gather(tables: Tables) -> None:
        rows = tables[step.table]
        lengths = rows[step.items + physical.LENGTH]
        holding = _sums(tables[step.parts][step.holds].cast(pl.UInt32), lengths)
        answer = holding == lengths if step.least is None else holding >= step.least
        tables[step.table] = rows.with_columns(answer.alias(step.name))

    return gather


def _sums(values: pl.Series, lengths: pl.Series) -> pl.Series:
    """Return the sums of *values*, which lie one after another in groups of these *lengths*."""
    running = pl.concat([pl.Series([0], dtype=pl.UInt32), values.cum_sum().cast(pl.UInt32)])
    ends = lengths.cum_sum()
    return running.gather(ends) - running.gather(ends - lengths)


def _lines(step: Step) -> list[str]:
    match step:
        case Compute(table, columns):
            return [f"{table or 'rows'}.{name} = {text}" for name, text in columns.items()]
        case Spread(table, parent, columns):
            return [f"{table}.{name} = {parent or 'rows'}.{above}" for name, above in columns.items()]
        case Gather(table, name, parts, _, holds, least):
            which = {None: "every", 1: "some"}.get(least, f"at least {least}")
            return [f"{table or 'rows'}.{name} = {which} {parts}.{holds}"]
