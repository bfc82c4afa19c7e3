"""Rows of a frame as Python has them, for the engine and for those who read why a row is bad."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

_EPOCH = datetime(1970, 1, 1)


def rows(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of *frame*, by the names of its columns.

    A day or time before year 1 or after 9999, which Python cannot hold, is text that no reader takes for one.
    """
    dated = {name: dtype for name, dtype in frame.schema.items() if _counted(dtype) != dtype}
    for row in frame.cast({name: _counted(dtype) for name, dtype in dated.items()}).iter_rows(named=True):
        yield {**row, **{name: _read(row[name], dtype) for name, dtype in dated.items()}}


def row(frame: pl.DataFrame, place: int) -> dict[str, Any]:
    """Return the row of *frame* at *place*."""
    return next(rows(frame[place : place + 1]))


def _counted(dtype: pl.DataType) -> pl.DataType:
    """Return *dtype* with numbers in the place of days and times, at every depth."""
    match dtype:
        case pl.Date():
            return pl.Int32()
        case pl.Datetime():
            return pl.Int64()
        case pl.List():
            return pl.List(_counted(dtype.inner))  # type: ignore[arg-type]
        case pl.Array():
            return pl.List(_counted(dtype.inner))  # type: ignore[arg-type]
        case pl.Struct():
            return pl.Struct([pl.Field(field.name, _counted(field.dtype)) for field in dtype.fields])  # type: ignore[arg-type]
    return dtype


def _read(value: Any, dtype: Any) -> Any:
    """Return a value of *dtype* from what `_counted` makes of it."""
    if value is None:
        return None
    match dtype:
        case pl.Date():
            return _day(value)
        case pl.Datetime():
            return _time(value, dtype)
        case pl.List() | pl.Array():
            return [_read(item, dtype.inner) for item in value]
        case pl.Struct():
            return {field.name: _read(value[field.name], field.dtype) for field in dtype.fields}
    return value


def _day(count: int) -> date | str:
    try:
        return _EPOCH.date() + timedelta(days=count)
    except OverflowError:
        return f"1970-01-01 {count:+} d"


def _time(count: int, dtype: pl.Datetime) -> datetime | str:
    try:
        since = timedelta(microseconds=count // 1000 if dtype.time_unit == "ns" else count)
        found = _EPOCH + (since * 1000 if dtype.time_unit == "ms" else since)
    except OverflowError:
        return f"1970-01-01 {count:+} {dtype.time_unit}"
    return found if dtype.time_zone is None else found.replace(tzinfo=UTC)
