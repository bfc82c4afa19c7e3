"""A recorded column → the column that the kernel computes with, and which of its values are odd.

Only what is plainly right is taken: a word that the parser of records accepts, a number that fits.
An odd value may still be right; its row goes to the engine, which takes it or says what is wrong.
Texts are parsed once for each distinct text, by that same parser.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from .. import values
from ..facts import FactSpec
from . import cells, moments, numbers, physical
from .dictionary import Dictionary, Read, Reader, as_text, held_as, is_text, reading, wanted
from .physical import Limits

_LONGEST_TEXT = 2_000  # characters; the engine takes longer ones
_JOINT = "\x1f"


def reader(spec: FactSpec, dtype: pl.DataType) -> Reader:
    """Return the function that reads columns of *dtype* for the fact *spec*.

    It returns the columns to compute with and where a value is odd (None: nowhere). Raises `DtypeError`.
    """
    if dtype == pl.Null:
        return _nothing(spec)
    match spec.type:
        case "yes_no":
            return _yes_no(spec, dtype)
        case "choices":
            return _several(spec, dtype)
        case "number":
            return numbers.ratio(spec, dtype) if physical.is_ratio(spec) else numbers.number(spec, dtype)
        case "date":
            return moments.day(spec, dtype)
        case "time":
            return moments.moment(spec, dtype)
        case "text":
            return _text(spec, dtype)
    return _word(spec, dtype)


def _nothing(spec: FactSpec) -> Reader:
    types = held_as(spec)
    return lambda series, _: (
        {suffix: pl.repeat(None, len(series), dtype=types[suffix], eager=True) for suffix in types},
        None,
    )


# ---------------------------------------------------------------------------------- words and yes/no


def _yes_no(spec: FactSpec, dtype: pl.DataType) -> Reader:
    if dtype == pl.Boolean:
        return lambda series, _: ({"": series}, None)
    if not is_text(dtype):
        raise wanted(spec, dtype, " Boolean 或文字", "Boolean or text")
    return reading(Dictionary(spec, lambda text: {"": values.parse(spec, text)}), dtype)


def _word(spec: FactSpec, dtype: pl.DataType) -> Reader:
    if not is_text(dtype):
        raise wanted(spec, dtype, "文字（String、Enum、Categorical）", "text (String, Enum, Categorical)")

    def parse(text: str) -> dict[str, Any]:
        word = values.parse(spec, text)
        return {"": None if word is None else physical.bits(spec, [word])}

    return reading(Dictionary(spec, parse), dtype)


def _several(spec: FactSpec, dtype: pl.DataType) -> Reader:
    if dtype == pl.String:
        whole = Dictionary(spec, lambda text: _set_of(spec, cells.several(spec, text)))
        return lambda series, _: whole(series)
    if not isinstance(dtype, pl.List) or not (is_text(dtype.inner) or dtype.inner == pl.Null):  # type: ignore[arg-type]
        raise wanted(spec, dtype, "文字的列表 List(String)，或一格里用“、”隔开的文字", "List(String) or text")
    joined = Dictionary(spec, lambda text: _set_of(spec, text.split(_JOINT)[:-1]))

    def read(series: pl.Series, _: Limits) -> Read:
        texts = series.cast(pl.List(pl.String))
        ends = texts.list.join(_JOINT, ignore_nulls=False) + _JOINT  # null where a word is
        ends = ends.set(texts.list.len() == 0, "")
        held, odd = joined(ends)
        if (holes := ends.is_null() & series.is_not_null()).any():
            odd = holes if odd is None else odd | holes
        return held, odd

    return read


def _set_of(spec: FactSpec, words: Any) -> dict[str, Any]:
    chosen = values.parse(spec, words)
    return {"": None if chosen is None else physical.bits(spec, chosen)}


# ---------------------------------------------------------------------------------------------- text


def _text(spec: FactSpec, dtype: pl.DataType) -> Reader:
    """Note whether there is any text: no condition reads it, but a part with text is no blank entry."""
    if dtype.is_nested() or dtype in (pl.Object, pl.Binary):
        raise wanted(spec, dtype, "文字", "text")
    if not is_text(dtype):
        return lambda series, _: ({"": series.is_not_null().set(series.is_null(), None)}, None)

    def read(series: pl.Series, _: Limits) -> Read:
        texts = as_text(series)
        odd = (texts.str.len_chars() > _LONGEST_TEXT).fill_null(value=False)
        unknown = texts.str.strip_chars().str.to_lowercase().is_in(values.UNKNOWN_WORDS)
        return {"": (~unknown).set(unknown.fill_null(value=True), None)}, odd if odd.any() else None

    return read
