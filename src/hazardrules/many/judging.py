"""A block judged: what a worker does, from the rows of the file to the files of a part.

Two passes: codes for all rows, then full classifications, with their reasons, of those that are
major, disputed or open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from ..backends import python_rows
from ..backends.kernel import Answer, Kernel, patched
from ..classification import Classification
from ..classify import Corpus
from ..errors import FactsError, Problem
from ..judge import Verdict
from . import csv_rows
from . import rows as reading
from .blocks import Block
from .csv_rows import Head
from .job import ROW, Job
from .lines import Lines, read_line, read_strictly
from .rows import Bad, Batch
from .store import BAD, CODES, FULL


@dataclass
class Part:
    """What comes of a block: frames of codes by kind of subject, lines of full classifications, bad rows.

    The lines are made while they are written: there may be a thousand times as much of them as was read.
    """

    codes: dict[str, pl.DataFrame] = field(default_factory=dict)
    rules: dict[str, Sequence[str]] = field(default_factory=dict)  # the columns that are codes
    full: Iterable[bytes] = ()
    bad: list[Bad] = field(default_factory=list)
    judged: int = 0  # rows
    by_engine: int = 0

    def write(self, folder: Path, lang: str) -> dict[str, Any]:
        """Write the files of the part; return its counts."""
        for subject, codes in self.codes.items():
            codes.write_parquet(folder / CODES.format(subject))
        full = 0
        with (folder / FULL).open("wb") as file:
            for line in self.full:
                file.write(line)
                full += 1
        (folder / BAD).write_bytes(b"".join(bad.line(lang) for bad in sorted(self.bad, key=lambda bad: bad.row)))
        return {
            "judged": self.judged,
            "bad": len(self.bad),
            "full": full,
            "by_engine": self.by_engine,
            "verdicts": {subject: _counts(codes, self.rules[subject]) for subject, codes in self.codes.items()},
        }


class Judge(Protocol):
    """What judges the blocks of one job."""

    def judge(self, block: Block) -> Part:
        """Return what comes of a block."""
        ...


def judge_of(job: Job) -> Judge:
    """Return what judges the blocks of *job*. Raises `HazardRulesError` for columns that cannot be judged."""
    corpus = job.corpus()
    if job.subject is None:
        from .records import Records

        return Records(job, corpus)
    return Subjects(job, corpus)


# ------------------------------------------------------------------------------- rows of one kind


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
            return Part(bad=[Bad(block.row, "", (Problem("", reading.TOO_LONG),))])
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


def full_line(row: int, result: Classification, path: str | None, lang: str) -> bytes:
    """Return a full classification as a line: the row, where its subject is, the result, a text for each finding."""
    told = {ROW: row, **({"path": path} if path else {}), "result": result.to_dict()}
    told["explanations"] = [finding.explain(lang) for finding in result.findings]
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _counts(codes: pl.DataFrame, rules: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how often each of *rules* came out in each way."""
    found = {}
    for rule in rules:
        counts = {verdict.value: int((codes[rule] == verdict.code).sum()) for verdict in Verdict}
        found[rule] = {word: count for word, count in counts.items() if count}
    return found
