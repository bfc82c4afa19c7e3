"""A recorded column of numbers → whole steps, exactly; what is not plain is odd, or parsed text by text."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import polars as pl

from .. import units, values
from ..facts import FactSpec
from . import physical
from .dictionary import Dictionary, Read, Reader, as_text, is_text, wanted
from .physical import Limits

_PLAIN_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_EXACT = 15  # decimal digits that a binary float holds without loss


def number(spec: FactSpec, dtype: pl.DataType) -> Reader:
    """Return the function that reads a number in whole steps. Raises `DtypeError`."""
    take, one = _taken(dtype), physical.in_unit(spec)
    if take is None:
        raise wanted(
            spec,
            dtype,
            "整数、Decimal、Float64 或文字（Float32 存不准一位小数）",
            "an integer, Decimal, Float64 or text (a Float32 holds no decimal place exactly)",
        )
    others = Dictionary(spec, lambda text: _steps_of(spec, text)) if is_text(dtype) else None
    least = spec.min if spec.min is not None else ("0" if spec.integer else None)
    lowest = None if least is None else int(Fraction(least) * one)

    def read(series: pl.Series, limits: Limits) -> Read:
        given = as_text(series) if others else series
        held = take(given, one)
        right = held.is_between(-limits.number, limits.number)
        if lowest is not None:
            right &= held >= lowest
        if spec.integer:
            right &= held % one == 0
        held = held.set(~right.fill_null(value=False), None)
        odd = held.is_null() & given.is_not_null()
        if not odd.any():
            return {"": held}, None
        if others is not None:  # with a unit, of more digits, or no number
            learnt, strange = others(given.set(~odd, None))
            more = learnt[""].set((learnt[""].abs() > limits.number).fill_null(value=False), None)
            too_large = more.is_null() & learnt[""].is_not_null()
            odd = too_large if strange is None else strange | too_large
            held = held.zip_with(held.is_not_null(), more)
        return {"": held}, odd

    return read


def _taken(dtype: pl.DataType) -> Callable[[pl.Series, int], pl.Series] | None:
    """Return how a column of *dtype* becomes whole steps (so many in its unit), null where not plain and exact."""
    if dtype.is_integer():
        return _from_integers
    if dtype == pl.Float64:
        return _from_floats
    if isinstance(dtype, pl.Decimal):
        return _from_decimals
    return _from_texts if is_text(dtype) else None


def _from_integers(series: pl.Series, one: int) -> pl.Series:
    whole, most = series.cast(pl.Int64, strict=False), physical.LARGEST // one
    return whole.set(~whole.is_between(-most, most).fill_null(value=False), None) * one


def _from_floats(series: pl.Series, one: int) -> pl.Series:
    """Take a float for the shortest decimal that reads as it, as the parser of records does."""
    held = (series * physical.PARTS).round().cast(pl.Int64, strict=False)
    parts = pl.repeat(float(physical.PARTS), len(series), eager=True)  # polars would multiply by 1/number, inexactly
    exact = held.is_between(-(10**_EXACT), 10**_EXACT) & (held / parts == series)
    return _steps(held.set(~exact.fill_null(value=False), None), one)


def _from_decimals(series: pl.Series, one: int) -> pl.Series:
    scaled = series.cast(pl.Decimal(38, 6), strict=False)
    held = scaled.to_physical().cast(pl.Int64, strict=False)
    return _steps(held.set(~(scaled == series).fill_null(value=False), None), one)


def _steps(millionths: pl.Series, one: int) -> pl.Series:
    """Return whole steps, of which a unit has *one*, from millionths of a unit; null beyond all limits."""
    times, most = one // physical.PARTS, physical.LARGEST
    small = millionths.is_between(-most // times, most // times).fill_null(value=False)
    return millionths.set(~small, None) * times


def _from_texts(series: pl.Series, one: int) -> pl.Series:
    plain = series.str.contains(_PLAIN_NUMBER) & (series.str.len_bytes() <= _EXACT)
    return _from_floats(series.set(~plain, None).cast(pl.Float64, strict=False), one)


def _steps_of(spec: FactSpec, text: str) -> dict[str, Any]:
    value = values.parse(spec, text)
    if value is None:
        return {"": None}
    held = physical.steps(spec, value)
    if held is None or abs(held) > physical.LARGEST:
        raise ValueError(text)
    return {"": held}


def ratio(spec: FactSpec, dtype: pl.DataType) -> Reader:
    """Return the function that reads a gradient as numerator and denominator. Raises `DtypeError`."""
    if _taken(dtype) is None:
        raise wanted(spec, dtype, "文字（1:3、33%）、Decimal 或 Float64", "text (1:3, 33%), Decimal or Float64")
    as_text = is_text(dtype)

    def parse(text: str) -> dict[str, Any]:
        raw = text if as_text else units.decimal(text)
        value = values.parse(spec, raw)
        if raw is None:  # not finite
            raise ValueError(text)
        if value is None:
            return {"": None, physical.DENOMINATOR: None}
        ratio = Fraction(value)
        if max(abs(ratio.numerator), ratio.denominator) > physical.MOST:
            raise ValueError(text)
        return {"": ratio.numerator, physical.DENOMINATOR: ratio.denominator}

    dictionary = Dictionary(spec, parse)

    def read(series: pl.Series, limits: Limits) -> Read:
        held, odd = dictionary(series.cast(pl.String))
        over, under = held[""], held[physical.DENOMINATOR]
        large = ((over.abs() > limits.ratio) | (under > limits.ratio)).fill_null(value=False)
        if large.any():
            odd = large if odd is None else odd | large
        return held, odd

    return read
