"""Frames of many subjects, judged: a lazy frame in, a lazy frame out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from ..classify import Corpus
from .kernel import Kernel


def classify_frame(
    frame: pl.LazyFrame | pl.DataFrame,
    subject: str,
    *,
    industry: str | Iterable[str] | None = None,
    on: date | str | None = None,
    keep: str | Iterable[str] = (),
    corpus: Corpus | None = None,
    lang: str = "zh",
) -> pl.LazyFrame:
    """Return *frame*, whose rows are each one *subject* (a kind, or `container.kind`), with the verdicts.

    The columns that come out are `id` (where there is one), those in *keep*, `problem` (why a row
    cannot be judged, else null), and for each rule on the subject a code: 0 clear, 1 hit, -1 unknown,
    -2 not applicable, -3 deferred, -4 disputed; null where the rule was not in force on the row's day.
    Works in batches, so `sink_parquet` and `collect(engine="streaming")` need little memory. Other
    arguments as for `classify`. Raises `FactsError` with every column that means nothing or has a wrong type.
    """
    lazy = frame.lazy()
    schema = lazy.collect_schema()
    kernel = Kernel(schema, subject, industry=industry, on=on, keep=keep, corpus=corpus, lang=lang)
    return lazy.map_batches(kernel, schema=kernel.output, streamable=True)
