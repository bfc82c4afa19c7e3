"""A block of rows, each one subject → a frame for the kernel, what is no row at all, and each row as a record.

Rows of text come with every cell as text, so that numbers are exact; the kernel knows the spellings.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

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
        told = {"row": self.row, "problems": problems, "raw": self.raw}
        return json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"


@dataclass
class Batch:
    """The rows of a block that can be read, with their numbers; `raw` gives a row as it stands in the file."""

    frame: pl.DataFrame
    rows: list[int]
    raw: Callable[[int], Any]
    bad: list[Bad] = field(default_factory=list)


_MOST_LINES = 1000  # of one row of a CSV
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
        return dict(pl.scan_parquet(job.source).collect_schema())
    except pl.exceptions.PolarsError as error:
        raise _unreadable(job, error) from error


def parquet_rows(job: Job) -> int:
    """Return how many rows a Parquet file has."""
    return int(pl.scan_parquet(job.source).select(pl.len()).collect().item())


def parquet_batch(job: Job, block: Block) -> Batch:
    """Return the rows of a block of a Parquet file."""
    try:
        frame = pl.scan_parquet(job.source).slice(block.start, block.end - block.start).collect()
    except pl.exceptions.PolarsError as error:
        raise _unreadable(job, error) from error
    return Batch(frame, [*range(block.row, block.row + frame.height)], lambda place: frame.row(place, named=True))


def _unreadable(job: Job, error: Exception) -> HazardRulesError:
    why = str(error).split("\n")[0]
    return FactsError([Problem(str(job.source), Text(f"读不了（{why}）", f"cannot be read ({why})"))])


# ---------------------------------------------------------------------------------------------- CSV


@dataclass(frozen=True)
class Head:
    """The head of a CSV: its columns, where its rows begin and in which line."""

    names: tuple[str, ...]
    start: int
    row: int


def csv_head(job: Job) -> Head:
    """Return the head of a CSV file. Raises `FactsError` where it has none that can be used."""
    with job.source.open("rb") as file:
        raw = file.readline(1_000_000)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _no_head(job, "不是 UTF-8 编码，像是 GBK；另存为 UTF-8", "not UTF-8; save it as UTF-8") from None
    names = [name.strip() for name in next(csv.reader([text.rstrip("\r\n")]), [])]
    twice = {name for name in names if names.count(name) > 1}
    if not names or "" in names:
        raise _no_head(job, "第一行应是列名，每列都要有", "the first line names the columns, each of them")
    if twice:
        shown = "、".join(sorted(twice))
        raise _no_head(job, f"列名重复：{shown}", f"columns of the same name: {shown}")
    return Head(tuple(names), len(raw), 2)


def _no_head(job: Job, zh: str, en: str) -> FactsError:
    return FactsError([Problem(f"{job.source}:1", Text(zh, en))])


def csv_batch(job: Job, block: Block, head: Head) -> Batch:
    """Return the rows of a block of a CSV file, every cell as text."""
    found: list[tuple[int, list[str]]] = []
    bad: list[Bad] = []
    for row, cells in _csv_rows(read_bytes(job, block), block.row, len(head.names)):
        if isinstance(cells, Bad):
            bad.append(cells)
        else:
            found.append((row, cells))
    columns = zip(*(cells for _, cells in found), strict=True) if found else ((),) * len(head.names)
    frame = pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, column in zip(head.names, columns, strict=True)]
    )
    if "id" in head.names:
        frame = frame.with_columns(pl.when(pl.col("id") != "").then("id").alias("id"))
    return Batch(frame, [row for row, _ in found], lambda place: frame.row(place, named=True), bad)


def _csv_rows(data: bytes, first: int, width: int) -> Iterator[tuple[int, list[str] | Bad]]:
    """Yield each row with its number; one that is broken is bad by itself, and the next line is a row again."""
    lines = data.replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape").split("\n")
    sound, at = _is_utf8("\n".join(lines)), 0
    if sound and (quick := _plain_rows(lines)) is not None:
        for row, found in enumerate(quick, first):
            if found:
                checked = _checked(found, width)
                yield row, checked if isinstance(checked, list) else _bad(row, lines[row - first], checked)
        return
    while at < len(lines):
        line, taken = lines[at], 1
        if '"' in line:
            taken = _quoted_lines(lines, at)
            cells = _quoted("\n".join(lines[at : at + taken]), width)
            if isinstance(cells, Text) and taken > 1:
                taken, cells = 1, _quoted(line, width)
        else:
            cells = _checked(line.split(","), width) if line else []
        if not sound and not _is_utf8("\n".join(lines[at : at + taken])):
            taken, cells = 1, Text("不是 UTF-8 编码", "not UTF-8")
        if isinstance(cells, Text):
            yield first + at, _bad(first + at, line, cells)
        elif cells:
            yield first + at, cells
        at += taken


def _plain_rows(lines: list[str]) -> list[list[str]] | None:
    """Return the cells of each line, where every line is a row; None where one is not, or has broken quotes."""
    if any(line.count('"') % 2 for line in lines if '"' in line):
        return None
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _bad(row: int, line: str, why: Text) -> Bad:
    raw = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Bad(row, raw, (Problem("", why),))


def _is_utf8(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:  # a byte that could not be decoded
        return False
    return True


def _quoted_lines(lines: list[str], at: int) -> int:
    """Return how many lines the row at *at* takes, which goes on inside quotes."""
    if lines[at].count('"') % 2 == 0:
        return 1
    ends = (end for end in range(at + 1, min(len(lines), at + _MOST_LINES)) if lines[end].count('"') % 2)
    return next(ends, at) - at + 1


def _quoted(text: str, width: int) -> list[str] | Text:
    """Return the cells of a row with quotes; or what is wrong with it."""
    try:
        (cells,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError) as error:
        return Text(f"引号写得不对（{error}）", f"the quotes are wrong ({error})")
    return _checked(cells, width)


def _checked(cells: list[str], width: int) -> list[str] | Text:
    if len(cells) == width:
        return cells
    return Text(f"有 {len(cells)} 格，应有 {width} 格", f"{len(cells)} cells where there should be {width}")
