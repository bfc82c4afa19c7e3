"""A recorded column of days or times → dates, or minutes in Shanghai; what is far from today is odd."""

from __future__ import annotations

from datetime import date

import polars as pl

from .. import dates, values
from ..facts import FactSpec
from .dictionary import Dictionary, Read, Reader, as_text, is_text, reading, wanted
from .physical import Limits

_PLAIN_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# well within the years that records take, so that no zone of time matters at the ends
_FIRST_DAY, _LAST_DAY = date(1902, 1, 1), date(2998, 12, 31)
_IN_A_DAY = {"ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
_EPOCH = date(1970, 1, 1)


def day(spec: FactSpec, dtype: pl.DataType) -> Reader:
    """Return the function that reads a column of days. Raises `DtypeError`."""
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):

        def read(series: pl.Series, _: Limits) -> Read:
            near, odd = _near(series)
            return {"": _in_shanghai(near).cast(pl.Date)}, odd

        return read
    if not is_text(dtype):
        raise wanted(spec, dtype, " Date、Datetime 或文字", "Date, Datetime or text")
    others = Dictionary(spec, lambda text: {"": values.parse(spec, text)})

    def parse(series: pl.Series, _: Limits) -> Read:
        texts = as_text(series)
        plain = texts.set(~texts.str.contains(_PLAIN_DAY), None).str.to_date("%Y-%m-%d", strict=False)
        plain = plain.set(~plain.is_between(_FIRST_DAY, _LAST_DAY).fill_null(value=False), None)
        rest = plain.is_null() & texts.is_not_null()
        if not rest.any():
            return {"": plain}, None
        learnt, odd = others(texts.set(~rest, None))
        return {"": plain.zip_with(plain.is_not_null(), learnt[""])}, odd

    return parse


def moment(spec: FactSpec, dtype: pl.DataType) -> Reader:
    """Return the function that reads a column of times. Raises `DtypeError`."""
    if isinstance(dtype, pl.Datetime):

        def read(series: pl.Series, _: Limits) -> Read:
            near, odd = _near(series)
            return {"": _in_shanghai(near).cast(pl.Datetime("us")).dt.truncate("1m")}, odd

        return read
    if not is_text(dtype):
        raise wanted(spec, dtype, " Datetime 或文字", "Datetime or text")
    return reading(Dictionary(spec, lambda text: {"": values.parse(spec, text)}), dtype)


def _near(series: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Return the days or times without those that are far from today, and where those are.

    Compared as the numbers that they are held as: polars cannot cast every time that it can hold.
    """
    one = _IN_A_DAY[series.dtype.time_unit] if isinstance(series.dtype, pl.Datetime) else 1
    least, most = ((end - _EPOCH).days * one for end in (_FIRST_DAY, _LAST_DAY))
    near = series.to_physical().is_between(max(least, -(2**63)), min(most, 2**63 - 1))
    far = ~near.fill_null(value=True)
    return (series.set(far, None), far) if far.any() else (series, None)


def _in_shanghai(series: pl.Series) -> pl.Series:
    """Return times that have a zone as those in Shanghai; others are taken as such."""
    if not isinstance(series.dtype, pl.Datetime) or series.dtype.time_zone is None:
        return series
    return series.dt.convert_time_zone("UTC").dt.replace_time_zone(None) + dates.SHANGHAI.utcoffset(None)
