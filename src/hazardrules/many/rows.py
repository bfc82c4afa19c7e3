"""A block of rows, each one subject → a frame for the kernel, what is no row at all, and each row as it stands.

Rows of Parquet here; those of text in `csv_rows` and `lines`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ..backends import python_rows
from ..errors import FactsError, HazardRulesError, Problem
from ..texts import Text
from .blocks import LONGEST, Block
from .job import Job


@dataclass(frozen=True)
class Bad:
    """What could not be judged: the number of its row, its text or its cells, and why."""

    row: int
    raw: Any
    problems: tuple[Problem, ...]

    def line(self, lang: str) -> bytes:
        """Return it as a line of the side file."""
        problems = [{"where": p.where, "message": p.message.say(lang)} for p in self.problems]
        told = {"row": self.row, "problems": problems, "raw": _writable(self.raw)}
        return json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"


def _writable(value: Any) -> Any:
    """Return *value* with text in the place of NaN and infinities, for which JSON has no numbers."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {key: _writable(inner) for key, inner in value.items()}
        case list():
            return [_writable(inner) for inner in value]
    return value


@dataclass
class Batch:
    """The rows of a block that can be read, with their numbers; `raw` gives a row as it stands in the file."""

    frame: pl.DataFrame
    rows: list[int]
    raw: Callable[[int], Any]
    bad: list[Bad] = field(default_factory=list)


TOO_LONG = Text(f"一行超过 {LONGEST / 1e6:g} MB，没有读", f"one line of over {LONGEST / 1e6:g} MB, which was not read")


def read_bytes(job: Job, block: Block) -> bytes:
    """Return the bytes of a block of text."""
    with job.source.open("rb") as file:
        file.seek(block.start)
        return file.read(block.end - block.start)


# ------------------------------------------------------------------------------------------ Parquet


def parquet_schema(job: Job) -> dict[str, pl.DataType]:
    """Return the columns of a Parquet file. Raises `HazardRulesError` for what is none."""
    try:
        return dict(_scanned(job).collect_schema())
    except pl.exceptions.PolarsError as error:
        raise _unreadable(job, error) from error


def parquet_rows(job: Job) -> int:
    """Return how many rows a Parquet file has."""
    return int(_scanned(job).select(pl.len()).collect().item())


def parquet_batch(job: Job, block: Block) -> Batch:
    """Return the rows of a block of a Parquet file."""
    try:
        frame = _scanned(job).slice(block.start, block.end - block.start).collect()
    except pl.exceptions.PolarsError as error:
        raise _unreadable(job, error) from error
    numbers = [*range(block.row, block.row + frame.height)]
    return Batch(frame, numbers, lambda place: python_rows.row(frame, place))


def _scanned(job: Job) -> pl.LazyFrame:
    return pl.scan_parquet(job.source, glob=False)  # a name with * or [ is a name


def _unreadable(job: Job, error: Exception) -> HazardRulesError:
    why = str(error).split("\n")[0]
    return FactsError([Problem(str(job.source), Text(f"读不了（{why}）", f"cannot be read ({why})"))])
