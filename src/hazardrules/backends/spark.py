"""Spark around the kernel, for data that one machine does not hold: `mapInArrow`, and nothing of its own.

Each worker makes the kernel once and judges its batches; Spark repeats what a lost worker had begun.
Workers need `hazardrules[frames]` and the same standards, which they check by their fingerprint.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from inspect import signature
from typing import TYPE_CHECKING, Any

from ..classify import Corpus, default, load
from ..dates import today
from ..errors import HazardRulesError, Problem
from ..texts import Text
from . import require

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from .kernel import Kernel

require("pyspark", "spark")


@dataclass(frozen=True)
class Task:
    """What every worker does: plain data, so that it can be sent."""

    given: pa.Schema
    made: pa.Schema
    options: tuple[tuple[str, Any], ...]
    places: tuple[str, ...]
    fingerprint: str


def classify_spark(
    frame: DataFrame,
    subject: str,
    *,
    industry: str | Iterable[str] | None = None,
    on: date | str | None = None,
    keep: str | Iterable[str] = (),
    places: Sequence[str] = (),
    lang: str = "zh",
) -> DataFrame:
    """Return *frame*, whose rows are each one *subject*, with the verdicts: `classify_frame` on Spark.

    *places* names standards as `hazardrules.load` does (none: those shipped), the same on every worker.
    The other arguments, the columns that come out and what is raised are those of `classify_frame`;
    a worker whose standards differ fails the job by name.
    """
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema

    names = (industry,) if isinstance(industry, str) else tuple(industry or ())
    kept = (keep,) if isinstance(keep, str) else tuple(keep)
    options = {"subject": subject, "industry": names, "on": on, "keep": kept, "today": today(), "lang": lang}
    given = _arrow(frame)
    corpus = _corpus(tuple(places))
    kernel = _kernel(given, tuple(options.items()), corpus)
    fields = [given.field(name) for name in kernel.carried]
    fields += [pa.field("problem", pa.string()), *(pa.field(rule, pa.int8()) for rule in kernel.rules)]
    made = pa.schema(fields)
    task = Task(given, made, tuple(options.items()), tuple(places), corpus.rulebook.fingerprint)
    judge: Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]] = partial(_judge, task)
    return frame.mapInArrow(judge, from_arrow_schema(made))


def _arrow(frame: DataFrame) -> pa.Schema:
    """Return the columns of *frame* as Arrow has them."""
    from pyspark.sql.pandas.types import to_arrow_schema

    zone = frame.sparkSession.conf.get("spark.sql.session.timeZone")
    more: dict[str, Any] = {"timezone": zone} if "timezone" in signature(to_arrow_schema).parameters else {}  # Spark 4
    made: pa.Schema = to_arrow_schema(frame.schema, **more)
    return made


def _corpus(places: tuple[str, ...]) -> Corpus:
    return load(*places) if places else default()


def _kernel(given: pa.Schema, options: tuple[tuple[str, Any], ...], corpus: Corpus) -> Kernel:
    import polars as pl

    from .kernel import Kernel

    empty = pl.from_arrow(given.empty_table())
    assert isinstance(empty, pl.DataFrame)
    return Kernel(empty.schema, corpus=corpus, **dict(options))


@lru_cache(maxsize=8)
def _of_worker(task: Task) -> Kernel:
    """Return the kernel of this process. Raises `HazardRulesError` where its standards are others."""
    corpus = _corpus(task.places)
    if corpus.rulebook.fingerprint != task.fingerprint:
        raise HazardRulesError(
            [
                Problem(
                    "spark",
                    Text(
                        "这个工作节点上的标准和发起作业处的不一样；装同一版 hazardrules 和同样的标准",
                        "the standards on this worker are not those of the driver; install the same hazardrules "
                        "and the same standards everywhere",
                    ),
                )
            ]
        )
    return _kernel(task.given, task.options, corpus)


def _judge(task: Task, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the batches judged, on a worker."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # Spark runs as many workers as there are cores
    import polars as pl

    kernel = _of_worker(task)
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield from kernel(frame).to_arrow().cast(task.made).to_batches()
