"""Rows that are each one subject: codes by the kernel for all, full classifications for those worth it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import polars as pl

from ..backends import python_rows
from ..backends.kernel import Answer, Kernel, patched
from ..classify import Corpus
from ..errors import FactsError, Problem
from . import csv_rows
from . import rows as reading
from .blocks import Block
from .csv_rows import Head
from .job import ROW, Job
from .lines import Lines, read_line, read_strictly
from .parts import Part, full_line
from .rows import Bad, Batch


class Subjects:
    """Judges rows that are each one subject."""

    def __init__(self, job: Job, corpus: Corpus) -> None:
        self.job, self.corpus = job, corpus
        self.kernels: dict[tuple[tuple[str, Any], ...], Kernel] = {}
        if job.form == "parquet":
            self.kernel(reading.parquet_schema(job))
        elif job.form == "csv":
            self.kernel(dict.fromkeys(self.head.names, pl.String()))
        else:
            self.kernel({"id": pl.String(), **dict.fromkeys(job.keep, pl.String())})

    @cached_property
    def head(self) -> Head:
        """The head of the CSV."""
        return csv_rows.head_of(self.job)

    @cached_property
    def lines(self) -> Lines:
        """What makes frames of lines of JSON."""
        return Lines(self.corpus, str(self.job.subject), self.job.keep)

    def kernel(self, schema: Mapping[str, pl.DataType]) -> Kernel:
        """Return the kernel for frames of *schema*, made once."""
        key = tuple(schema.items())
        if key not in self.kernels:
            job = self.job
            self.kernels[key] = Kernel(
                schema, str(job.subject), industry=job.industries, on=job.on, keep=job.keep,
                dated=job.form == "ndjson", today=job.today, corpus=self.corpus, lang=job.lang,
            )  # fmt: skip
        return self.kernels[key]

    def judge(self, block: Block) -> Part:
        """Return what comes of a block."""
        if block.too_long:
            part = self.judge(replace(block, end=block.start, too_long=False))
            part.bad.append(Bad(block.row, "", (Problem("", reading.TOO_LONG),)))
            return part
        batch, odd = self._batch(block)
        part = Part(bad=list(batch.bad))
        kernel = self.kernel(dict(batch.frame.schema))
        judged = kernel.judge(batch.frame)
        places = [place for place, (a, b) in enumerate(zip(judged.odd, odd, strict=True)) if a or b]
        answers = [self._engine(kernel, batch, place) for place in places]
        codes = (
            patched(judged.codes, pl.Series(places, dtype=pl.UInt32), answers, kernel.rules) if places else judged.codes
        )
        wrong = {place: problems for place, (_, problems) in zip(places, answers, strict=True) if problems}
        part.bad += [Bad(batch.rows[place], batch.raw(place), problems) for place, problems in wrong.items()]
        whole = pl.DataFrame(
            [
                pl.Series(ROW, batch.rows, dtype=pl.UInt64),
                *(batch.frame[name] for name in kernel.carried),
                *codes.get_columns(),
            ]
        )
        sound = pl.Series([place not in wrong for place in range(whole.height)], dtype=pl.Boolean)
        part.codes[str(self.job.subject)] = whole.filter(sound)
        part.rules[str(self.job.subject)] = kernel.rules
        part.judged, part.by_engine = int(sound.sum()), len(places) - len(wrong)
        part.full = self._full(kernel, batch, whole, sound)
        return part

    def _batch(self, block: Block) -> tuple[Batch, Sequence[bool]]:
        """Return the rows of a block, and which of them the kernel cannot take."""
        if self.job.form == "ndjson":
            return self._lines(block)
        if self.job.form == "csv":
            batch = csv_rows.batch_of(self.job, block, self.head)
        else:
            batch = reading.parquet_batch(self.job, block)
        return batch, [False] * batch.frame.height

    def _lines(self, block: Block) -> tuple[Batch, Sequence[bool]]:
        found, numbers, raw, bad = [], [], [], []
        for number, line in enumerate(reading.read_bytes(self.job, block).split(b"\n"), block.row):
            if not line.strip():
                continue
            row = read_line(line)
            if isinstance(row, tuple):
                bad.append(Bad(number, line.decode("utf-8", "replace"), row))
            else:
                found.append(row)
                numbers.append(number)
                raw.append(line)
        frame, odd = self.lines.frame(found)
        return Batch(frame, numbers, lambda place: raw[place].decode(), bad), odd

    def _record(self, kernel: Kernel, batch: Batch, place: int) -> tuple[dict[str, Any], str]:
        """Return the record that a row stands for, and where it has the subject. Raises `FactsError`."""
        if self.job.form != "ndjson":
            row = python_rows.row(batch.frame, place)
            return kernel.record(row), kernel.layout.path(row)
        data = read_strictly(batch.raw(place).encode())
        if isinstance(data, tuple):
            raise FactsError(data)
        return self.lines.record(data)

    def _engine(self, kernel: Kernel, batch: Batch, place: int) -> Answer:
        try:
            return kernel.of_record(*self._record(kernel, batch, place))
        except FactsError as error:
            return {}, error.problems

    def _full(self, kernel: Kernel, batch: Batch, whole: pl.DataFrame, sound: pl.Series) -> Iterator[bytes]:
        """Yield a line for each row that is worth a full classification."""
        full = self.job.full
        wanted = kernel.shown(major="major" in full, disputed="disputed" in full, unknown="open" in full)
        chosen = whole.select(wanted.alias(ROW)).to_series() & sound
        for place in chosen.arg_true():
            record, path = self._record(kernel, batch, place)
            result = self.corpus.classify(
                record, industry=self.job.industries, on=kernel.day(record), lang=self.job.lang
            )
            yield full_line(batch.rows[place], result, path, self.job.lang)
