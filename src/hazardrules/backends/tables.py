"""A batch of raw rows → the tables that the plan computes with, and which rows are odd.

The subjects are one table, the parts in each list another: the list taken apart, each part with the
row that it belongs to. An odd part makes its subject odd.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from .. import values
from ..errors import FactsError, Problem
from ..facts import FactSpec
from ..texts import Text
from . import columns, physical
from .dictionary import DtypeError, Read, Reader, held_as
from .layout import CHOSEN, Column, Layout, Names
from .physical import Limits
from .steps import UP, Tables

DAY = FactSpec("observed_on", "date", Text("观察日期", "day observed"))
# a name in characters that are printable in every version of Unicode; the engine knows the others
_USUAL = "^(?:[0-9A-Za-z_.-]{1,6}|[0-9A-Za-z_.-]{8,})$"  # most ids; of seven letters may be “unknown”
_NAME = "^[ -~\u00a1-\u00ac\u00ae-\u017f\u2010-\u2027\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]*$"

Schema = Mapping[str, pl.DataType]


def names(schema: Schema) -> Names:
    """Return the names of the columns, and under a list of structs those of its fields."""
    return {name: names(fields) if (fields := fields_of(dtype)) is not None else None for name, dtype in schema.items()}


def fields_of(dtype: pl.DataType) -> dict[str, pl.DataType] | None:
    """Return the fields of a list of structs, None for another type."""
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct):
        return {field.name: field.dtype for field in dtype.inner.fields}  # type: ignore[misc]
    return None


class TableReader:
    """Reads one table of a batch, and those of the parts in its lists."""

    def __init__(self, layout: Layout, schema: Schema, name: str = "", path: str = "") -> None:
        """Take what the columns mean and their types. Raises `FactsError` with every column of a wrong type."""
        self.layout, self.name = layout, name
        self.readers: list[tuple[Column, Reader]] = []
        self.lists: dict[str, _Lists] = {}
        problems: list[Problem] = []
        for column in layout.columns:
            try:
                self._add(column, schema[column.name], f"{path}{column.name}")
            except DtypeError as error:
                problems.append(Problem(f"{path}{column.name}", error.message))
            except FactsError as error:
                problems += error.problems
        if problems:
            raise FactsError(problems)

    def _add(self, column: Column, dtype: pl.DataType, path: str) -> None:
        if column.parts is not None:
            name = f"{self.name}/{column.fact}" if self.name else column.fact
            self.lists.setdefault(column.fact, _Lists(name)).add(column, dtype, path)
        elif column.spec is not None:
            self.readers.append((column, columns.reader(CHOSEN if column.word else column.spec, dtype)))
        elif column.key == "observed_on":
            self.readers.append((column, columns.reader(DAY, dtype)))
        elif column.key == "id":
            self.readers.append((column, _id_reader(dtype)))

    def read(self, frame: pl.DataFrame, limits: Limits, tables: Tables) -> pl.Series:
        """Put the tables of *frame* into *tables*; return where a row is odd."""
        held: dict[str, pl.Series] = {}
        odd = _Odd(frame.height)
        words: dict[str, dict[str, pl.Series]] = {}
        for column, read in self.readers:
            found, strange = read(frame[column.name], limits)
            odd.add(strange)
            if column.word is not None:
                words.setdefault(column.fact, {})[column.word] = found[""]
            elif column.spec is not None or column.key == "id":
                held |= {column.fact + suffix: series for suffix, series in found.items()}
        for fact, chosen in words.items():
            spec = self.layout.recorded[fact][0].spec
            assert spec is not None
            held[fact] = _joined(spec, chosen)
        for fact, lists in self.lists.items():
            held |= {fact + suffix: series for suffix, series in lists.read(frame, limits, tables, odd).items()}
        if UP in frame.columns:
            blank = pl.Series([True] * frame.height, dtype=pl.Boolean)
            for name, series in held.items():
                if not name.endswith((physical.DENOMINATOR, physical.LENGTH)):
                    blank &= series.is_null()
            odd.add(blank)  # an entry left blank was not looked at
            odd.add(self._twice(frame))
        held[UP] = frame[UP] if UP in frame.columns else pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
        tables[self.name] = pl.DataFrame(held)
        return odd.where

    def _twice(self, frame: pl.DataFrame) -> pl.Series | None:
        """Return where an id stands more than once in a list."""
        if not any(column.name == "id" for column in self.layout.columns):
            return None
        ids = frame.select(UP, pl.col("id").cast(pl.String))
        return ids.is_duplicated() & ids["id"].is_not_null()


class _Odd:
    """Where rows are odd."""

    def __init__(self, height: int) -> None:
        self.where = pl.repeat(value=False, n=height, dtype=pl.Boolean, eager=True)

    def add(self, where: pl.Series | None) -> None:
        if where is not None:
            self.where |= where

    def add_rows(self, rows: pl.Series) -> None:
        if len(rows):
            self.where = self.where.scatter(rows.unique(), values=True)


class _Lists:
    """Reads a list fact: a column with all of the parts, one with those that were seen, or both."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: list[Column] = []
        self.reader: TableReader | None = None
        self.dtype: pl.DataType | None = None

    def add(self, column: Column, dtype: pl.DataType, path: str) -> None:
        if fields_of(dtype) is None and dtype not in (pl.String, pl.Null, pl.List(pl.Null)):
            raise DtypeError(
                Text(
                    f"部件清单应是结构的列表 List(Struct)，而不是 {dtype}",
                    f"a list of parts is List(Struct), not {dtype}",
                )
            )
        if self.dtype is not None and dtype != self.dtype:
            raise DtypeError(
                Text(
                    f"{self.columns[0].name} 和它的类型应当一样",
                    f"{self.columns[0].name} must be of the same type as it",
                )
            )
        assert column.parts is not None
        self.columns.append(column)
        self.dtype = dtype
        self.reader = TableReader(column.parts, fields_of(dtype) or {}, self.name, f"{path}.")

    def read(self, frame: pl.DataFrame, limits: Limits, tables: Tables, odd: _Odd) -> dict[str, pl.Series]:
        assert self.reader is not None
        given = [frame[column.name] for column in self.columns]
        if self.dtype in (pl.String, pl.Null):
            for texts in given:
                odd.add(texts.is_not_null())
            series = pl.repeat(None, frame.height, dtype=pl.List(pl.Null), eager=True)
        else:
            series = given[0] if len(given) == 1 else given[0].zip_with(given[0].is_not_null(), given[1])
        if len(given) == 2:
            odd.add(given[0].is_not_null() & given[1].is_not_null())
        lengths = series.list.len().fill_null(0).cast(pl.UInt32)
        rows = pl.int_range(frame.height, dtype=pl.UInt32, eager=True).filter(lengths > 0)
        up = pl.DataFrame({"row": rows, "times": lengths.filter(lengths > 0)}).select(
            pl.col("row").repeat_by("times").explode()
        )
        parts = series.filter(lengths > 0).explode()
        if isinstance(parts.dtype, pl.Struct):
            table = parts.struct.unnest().with_columns(up["row"].alias(UP))
        else:
            table = up.rename({"row": UP})
        strange = self.reader.read(table, limits, tables)
        odd.add_rows(table[UP].filter(strange))
        complete = pl.repeat(value=not self.columns[0].seen, n=frame.height, dtype=pl.Boolean, eager=True)
        if len(given) == 2:
            complete = given[0].is_not_null() != self.columns[0].seen
        return {"": complete.set(series.is_null(), None), physical.LENGTH: lengths}


def _joined(spec: FactSpec, chosen: Mapping[str, pl.Series]) -> pl.Series:
    """Return the bits of the words chosen, null where one is not known."""
    dtype = held_as(spec)[""]
    total: Any = None
    for word, answers in chosen.items():
        bit = answers.cast(dtype) * physical.bits(spec, [word])
        total = bit if total is None else total + bit
    held: pl.Series = total
    return held.cast(dtype)


def _id_reader(dtype: pl.DataType) -> Reader:
    """Return what tells whether there is an id: a part that has one is no blank entry."""
    if dtype != pl.String and not dtype.is_integer() and dtype != pl.Null:
        raise DtypeError(Text(f"编号应是文字或整数，而不是 {dtype}", f"an id is text or an integer, not {dtype}"))

    def read(series: pl.Series, _: Limits) -> Read:
        given = series.is_not_null().set(series.is_null(), None)
        if dtype.is_integer():
            large = series.is_not_null() & series.cast(pl.Int64, strict=False).is_null()
            return {"": given}, large if large.any() else None
        if dtype != pl.String:
            return {"": given}, None
        usual = series.str.contains(_USUAL).fill_null(value=True)
        if usual.all():
            return {"": given}, None
        places = (~usual).arg_true()
        names = series.gather(places)
        unknown = names.str.strip_chars().str.to_lowercase().is_in(values.UNKNOWN_WORDS)
        return {"": given}, (~usual).scatter(places, ~names.str.contains(_NAME) | unknown)

    return read
