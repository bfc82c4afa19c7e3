"""A block of a CSV → a frame for the kernel, and what is no row. Every cell is text, so that numbers are exact."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ..errors import FactsError, Problem
from ..reading import not_utf8
from ..texts import Text
from .blocks import LONGEST, Block
from .job import Job
from .rows import Bad, Batch, read_bytes

_MOST_LINES = 1000  # of one row
csv.field_size_limit(max(csv.field_size_limit(), LONGEST))  # parts stand in one cell


@dataclass(frozen=True)
class Head:
    """The head of a CSV: its columns, where its rows begin and in which line."""

    names: tuple[str, ...]
    start: int
    row: int


def head_of(job: Job) -> Head:
    """Return the head of a CSV file. Raises `FactsError` where it has none that can be used."""
    with job.source.open("rb") as file:
        raw = file.readline(1_000_000)
    try:
        names = [name.strip() for name in next(csv.reader([raw.decode("utf-8-sig").rstrip("\r\n")], strict=True), [])]
    except UnicodeDecodeError:
        raise _no_head(job, not_utf8(raw)) from None
    except csv.Error:  # a quote that does not end, or \r within
        raise _no_head(job, _NO_NAMES) from None
    if not names or "" in names:
        raise _no_head(job, _NO_NAMES)
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise _no_head(job, Text("格与格之间要用逗号（CSV）", "cells are separated by commas in a CSV"))
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        shown = "、".join(sorted(twice))
        raise _no_head(job, Text(f"列名重复：{shown}", f"columns of the same name: {shown}"))
    return Head(tuple(names), len(raw), 2)


_NO_NAMES = Text(
    "第一行应是列名，每列都要有，行末是换行（LF 或 CRLF）",
    "the first line names the columns, each of them, and ends with LF or CRLF",
)


def _no_head(job: Job, why: Text) -> FactsError:
    return FactsError([Problem(f"{job.source}:1", why)])


def batch_of(job: Job, block: Block, head: Head) -> Batch:
    """Return the rows of a block of a CSV file, every cell as text."""
    found: list[tuple[int, list[str]]] = []
    bad: list[Bad] = []
    for row, cells in _rows(read_bytes(job, block), block.row, len(head.names)):
        if isinstance(cells, Bad):
            bad.append(cells)
        else:
            found.append((row, cells))
    columns = zip(*(cells for _, cells in found), strict=True) if found else ((),) * len(head.names)
    frame = pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, column in zip(head.names, columns, strict=True)]
    )
    ids = [name for name in head.names if name.rpartition(".")[2] == "id"]  # a blank one is none
    frame = frame.with_columns(pl.when(pl.col(name) != "").then(name).alias(name) for name in ids)
    return Batch(frame, [row for row, _ in found], lambda place: frame.row(place, named=True), bad)


def _rows(data: bytes, first: int, width: int) -> Iterator[tuple[int, list[str] | Bad]]:
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
            taken, cells = 1, not_utf8(line.encode("utf-8", "surrogateescape"))
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
