"""The rules on one kind of subject, for batches of rows: a frame in, the same rows with codes out.

The kernel computes with columns what the engine says of the record that each row stands for, cell
for cell. What it cannot take (an odd value, a rule it cannot say) it hands to the engine, and a row
that the engine refuses keeps its place with the reason in `problem`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from .. import dates, values
from ..classify import Corpus, default, parse_day
from ..errors import FactsError, Problem
from ..facts import INSPECTION
from ..judge import Verdict
from ..rules import Entry, Level
from ..texts import Text
from . import python_rows
from .columns import reader
from .naming import layout
from .physical import Limits
from .plan import plan
from .steps import UP, Program
from .tables import DAY, Schema, TableReader, names

PROBLEM = "problem"  # the column that tells why a row cannot be judged
_DATE = f"{INSPECTION}.date"
Answer = tuple[dict[str, int], tuple[Problem, ...]]  # codes by rule; or why there are none


@dataclass(frozen=True)
class Judged:
    """A batch judged by columns alone: codes, and the rows that only the engine can answer."""

    codes: pl.DataFrame
    odd: pl.Series


class Kernel:
    """The rules on subjects of one kind, ready for frames of one schema; safe to share between threads."""

    def __init__(
        self,
        schema: Schema,
        subject: str,
        *,
        industry: str | Iterable[str] | None = None,
        on: date | str | None = None,
        keep: str | Iterable[str] = (),
        dated: bool = False,
        today: date | None = None,
        corpus: Corpus | None = None,
        lang: str = "zh",
    ) -> None:
        """Take the columns that there are and of which *subject* (a kind, or `container.kind`) the rows are.

        *industry*, *on* and *lang* as for `classify`; columns in *keep* are handed through. The rules are
        those in force on the day; with *dated*, or a column that tells the day of a row, on any day. *today*
        is the day of a row of which nothing tells it. Raises `FactsError` with every column that means
        nothing or has a type that its fact cannot have.
        """
        self.corpus = corpus or default()
        self.subject, self.lang = subject, lang
        self.keep = (keep,) if isinstance(keep, str) else tuple(dict.fromkeys(keep))
        self.industries = self.corpus.chosen(industry)
        self.on = parse_day(on)
        self.today = self.on or today or dates.today()
        self.schema = dict(schema)
        _refuse((name for name in self.keep if name not in schema), _ABSENT)
        self.layout = layout(self.corpus.vocabulary, subject, names(schema), self.keep)
        self._reader = TableReader(self.layout, schema)
        self._days = {
            c.name: reader(DAY, schema[c.name]) for c in self.layout.days if self.on is None or c.name != _DATE
        }
        self._dated = dated or bool(self._days)
        self._programs: dict[int, Program] = {}
        order = self.corpus.rulebook.order
        entries = {entry.rule.id: entry for span in self._spans for entry in self._entries_in(span)}
        self.entries: Mapping[str, Entry] = {rule: entries[rule] for rule in sorted(entries, key=order.__getitem__)}
        self.rules: tuple[str, ...] = tuple(self.entries)
        _refuse((name for name in self.keep if name in ("id", PROBLEM, *self.rules)), _TAKEN)

    # --------------------------------------------------------------------------------- what comes out

    @property
    def output(self) -> dict[str, pl.DataType]:
        """The columns that come out: the row's id and what is kept, `problem`, then a code for each rule."""
        return {
            **{name: self.schema[name] for name in self.carried},
            PROBLEM: pl.String(),
            **{rule: pl.Int8() for rule in self.rules},
        }

    @property
    def carried(self) -> tuple[str, ...]:
        """The columns that are handed through."""
        return (*(("id",) if "id" in self.schema else ()), *self.keep)

    @property
    def refused(self) -> dict[str, Text]:
        """The rules that columns cannot say, with why; the engine judges them on every row."""
        return {rule: why for at in self._spans for rule, why in self._program(at).plan.refused.items()}

    @property
    def source(self) -> str:
        """The expressions over columns, to be read."""
        return "\n\n".join(self._program(at).source for at in self._spans)

    def shown(self, *, major: bool = True, disputed: bool = True, unknown: bool = True) -> pl.Expr:
        """Return where a row is worth a full classification: a major hazard, disputed, or open."""
        majors = [rule for rule, entry in self.entries.items() if entry.rule.level is Level.MAJOR]
        parts = [pl.col(rule) == Verdict.HIT.code for rule in majors] if major else []
        for wanted, verdict in ((disputed, Verdict.DISPUTED), (unknown, Verdict.UNKNOWN)):
            parts += [pl.col(rule) == verdict.code for rule in self.rules] if wanted else []
        return pl.any_horizontal([part.fill_null(value=False) for part in parts]) if parts else pl.lit(value=False)

    # -------------------------------------------------------------------------------------- judging

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of *frame* with `problem` and the codes of the rules, in the same order.

        Codes are those of `Verdict.code`, null where the rule is not in force on the day of the row
        or the row cannot be judged.
        """
        judged = self.judge(frame)
        codes, problems = judged.codes, pl.repeat(None, frame.height, dtype=pl.String, eager=True)
        if judged.odd.any():
            places = judged.odd.arg_true()
            answers = [self.by_engine(row) for row in python_rows.rows(frame[places])]
            codes = patched(codes, places, answers, self.rules)
            why = ["\n".join(problem.say(self.lang) for problem in wrong) or None for _, wrong in answers]
            problems = problems.scatter(places, pl.Series(why, dtype=pl.String))
        return pl.DataFrame([*(frame[name] for name in self.carried), problems.alias(PROBLEM), *codes.get_columns()])

    def judge(self, frame: pl.DataFrame) -> Judged:
        """Judge the rows of *frame* by columns, each by the law of its day."""
        if not self._days or not frame.height:
            return self._judge(frame, self._span(self.today))
        spans = self._spans_of(frame)
        found = spans.unique().to_list()
        if len(found) == 1:
            return self._judge(frame, found[0])
        places = [(spans == span).arg_true() for span in found]
        parts = [self._judge(frame[where], span) for span, where in zip(found, places, strict=True)]
        order = pl.concat(places).arg_sort()
        codes = pl.concat([part.codes for part in parts])[order] if self.rules else parts[0].codes
        return Judged(codes, pl.concat([part.odd for part in parts])[order])

    def by_engine(self, row: Mapping[str, Any]) -> Answer:
        """Return what the engine says of *row*: the codes of its rules, or why it cannot be judged."""
        return self.of_record(self.record(row), self.layout.path(row))

    def of_record(self, record: Mapping[str, Any], path: str) -> Answer:
        """Return what the engine says of the subject at *path* in *record*."""
        try:
            verdicts = self.corpus.verdicts(
                record, industry=[industry.id for industry in self.industries], on=self.day(record)
            )
        except FactsError as error:
            return {}, error.problems
        return {rule: verdict.code for (rule, at), verdict in verdicts.items() if at == path}, ()

    def record(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record that *row* stands for."""
        return self.layout.record(row)

    def day(self, record: Mapping[str, Any]) -> date | None:
        """Return the day to ask the engine for; None where it finds it by itself."""
        found = record.get(INSPECTION, {}).get("date")
        told = found.get("value") if isinstance(found, Mapping) else found
        return self.on if self.on or not values.is_unknown(told) or self.today == dates.today() else self.today

    # -------------------------------------------------------------------------------------- inside

    def _judge(self, frame: pl.DataFrame, span: int) -> Judged:
        """Judge *frame* by the law of one span of time."""
        program = self._program(span)
        tables: dict[str, pl.DataFrame] = {}
        odd = self._reader.read(frame, program.plan.limits, tables)
        rows = tables[""]
        dated = pl.col(_DATE).fill_null(self.today) if _DATE in rows.columns else pl.lit(self.today)
        tables[""] = rows.with_columns(dated.alias(_DATE))
        for table, items in program.plan.for_engine:
            odd |= _leading_up(tables, table, tables[table][items].is_not_null())
        if program.plan.refused:
            odd = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
        return Judged(program.run(tables, self.rules), odd)

    def _spans_of(self, frame: pl.DataFrame) -> pl.Series:
        """Return the span of time whose law each row is judged by."""
        days = [read(frame[name], Limits())[0][""] for name, read in self._days.items()]
        day = pl.select(pl.coalesce(*days, pl.lit(self.today))).to_series()
        return pl.Series(self.corpus.rulebook.turning_days, dtype=pl.Date).search_sorted(day, side="right")

    def _span(self, day: date) -> int:
        return bisect_right(self.corpus.rulebook.turning_days, day)

    def _day_in(self, span: int) -> date:
        turning = self.corpus.rulebook.turning_days
        return turning[span - 1] if span else turning[0] - timedelta(days=1) if turning else self.today

    @cached_property
    def _spans(self) -> list[int]:
        """The spans of time that rows may be judged by."""
        return [*range(len(self.corpus.rulebook.turning_days) + 1)] if self._dated else [self._span(self.today)]

    def _entries_in(self, span: int) -> list[Entry]:
        """Return the rules on the subject that are in force in a span of time."""
        kind, *around = self.layout.chain
        wanted = {kind, *(f"{up}.{kind}" for up in around[:1])}
        edition = self.corpus.rulebook.edition(self._day_in(span), self.industries)
        return [entry for entry in edition.entries if not wanted.isdisjoint(entry.rule.subjects)]

    def _program(self, span: int) -> Program:
        found = self._programs.get(span)
        if found is None:
            made = plan(self.layout, self._entries_in(span), asserted=bool(self.industries))
            found = self._programs[span] = Program(made)
        return found


def patched(codes: pl.DataFrame, places: pl.Series, answers: Sequence[Answer], rules: Sequence[str]) -> pl.DataFrame:
    """Return *codes* with the rows at *places* as the engine answers them."""
    return codes.with_columns(
        codes[rule].scatter(places, pl.Series([found.get(rule) for found, _ in answers], dtype=pl.Int8))
        for rule in rules
    )


def _leading_up(tables: Mapping[str, pl.DataFrame], table: str, where: pl.Series) -> pl.Series:
    """Return in which subjects the rows *where* of a table of parts are."""
    rows = where.arg_true()
    while table:
        rows = tables[table][UP][rows].unique()
        table = table.rpartition("/")[0]
    found = pl.repeat(value=False, n=tables[""].height, dtype=pl.Boolean, eager=True)
    return found.scatter(rows, values=True) if len(rows) else found


_ABSENT = Text("没有这一列", "there is no such column")
_TAKEN = Text("结果里另有这个列名，请改名", "the result has another column of this name; rename it")


def _refuse(names: Iterable[str], why: Text) -> None:
    """Raise `FactsError` where there are any of the *names* of columns."""
    if problems := [Problem(name, why) for name in names]:
        raise FactsError(problems)
