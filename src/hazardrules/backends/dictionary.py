"""What reading any column takes: how a fact is held, and distinct texts parsed once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import polars as pl

from .. import values
from ..facts import FactSpec
from ..texts import Text
from . import physical
from .physical import Limits

Columns = dict[str, pl.Series]  # suffix → column: "" the value
Read = tuple[Columns, pl.Series | None]  # what to compute with, and where a value is odd (None: nowhere)
Reader = Callable[[pl.Series, Limits], Read]
_MOST_TEXTS = 100_000  # distinct texts of one column that are remembered


class DtypeError(Exception):
    """A column of a type that its fact cannot have; `message` says which it may have."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def wanted(spec: FactSpec, dtype: pl.DataType, zh: str, en: str) -> DtypeError:
    """Return the error that a column of *dtype* is not one of those that *spec* takes."""
    return DtypeError(
        Text(f"{spec.title.zh}的列应是{zh}，而不是 {dtype}", f"{spec.title.en}: {en} is wanted, not {dtype}")
    )


def is_text(dtype: pl.DataType) -> bool:
    """Return whether columns of *dtype* hold text."""
    return dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum)


def as_text(series: pl.Series) -> pl.Series:
    """Return a column of text as plain text."""
    return series if series.dtype == pl.String else series.cast(pl.String)


def held_as(spec: FactSpec) -> dict[str, pl.DataType]:
    """Return the types of the columns by which *spec* is held, by suffix."""
    if spec.type == "yes_no":
        return {"": pl.Boolean()}
    if spec.type == "list":
        return {"": pl.Boolean(), physical.LENGTH: pl.UInt32()}
    if physical.is_ratio(spec):
        return {"": pl.Int64(), physical.DENOMINATOR: pl.Int64()}
    if spec.type == "number":
        return {"": pl.Int64()}
    if spec.type == "date":
        return {"": pl.Date()}
    if spec.type == "time":
        return {"": pl.Datetime("us")}
    if spec.type == "text":
        return {"": pl.Boolean()}  # whether there is any
    return {"": getattr(pl, f"UInt{physical.width(spec)}")()}


class Dictionary:
    """Distinct texts and what each comes to, learnt as they are met; safe to share between threads."""

    def __init__(self, spec: FactSpec, parse: Callable[[str], dict[str, Any]]) -> None:
        """Take the function that gives a text's held values by suffix; what it raises makes the text odd."""
        self.parse, self.dtypes = parse, held_as(spec)
        self.lock = Lock()
        self._set({})

    def _set(self, known: dict[str, dict[str, Any] | None]) -> None:
        """Make the tables of the *known* texts: None is odd."""
        self.known = known
        self.words = pl.Enum(list(known))
        rows = [row or {} for row in known.values()]
        self.held = {
            suffix: pl.Series([row.get(suffix) for row in rows], dtype=dtype) for suffix, dtype in self.dtypes.items()
        }
        self.odd = pl.Series([row is None for row in known.values()], dtype=pl.Boolean)

    def __call__(self, texts: pl.Series) -> Read:
        """Return the held columns of *texts*, and where they are odd."""
        with self.lock:
            places = self._places(texts)
            held = {suffix: column.gather(places) for suffix, column in self.held.items()}
            return held, self.odd.gather(places).fill_null(value=False) if self.odd.any() else None

    def _places(self, texts: pl.Series) -> pl.Series:
        places = texts.cast(self.words, strict=False)
        if places.null_count() > texts.null_count():
            new = texts.filter(places.is_null() & texts.is_not_null()).unique().to_list()
            keep = {} if len(self.known) + len(new) > _MOST_TEXTS else self.known
            if keep is not self.known:
                new = texts.drop_nulls().unique().to_list()
            self._set({**keep, **{text: self._parsed(text) for text in new}})
            places = texts.cast(self.words, strict=False)
        return places.to_physical()

    def _parsed(self, text: str) -> dict[str, Any] | None:
        try:
            return self.parse(text)
        except (values.FactValueError, ValueError):
            return None


def reading(dictionary: Dictionary, dtype: pl.DataType) -> Reader:
    """Return the function that reads columns of text of *dtype* by *dictionary*; of an Enum by its categories."""
    if not isinstance(dtype, pl.Enum):
        return lambda series, _: dictionary(as_text(series))
    held, strange = dictionary(dtype.categories)

    def read(series: pl.Series, _: Limits) -> Read:
        places = series.to_physical()
        odd = None if strange is None else strange.gather(places).fill_null(value=False)
        return {suffix: column.gather(places) for suffix, column in held.items()}, odd

    return read
