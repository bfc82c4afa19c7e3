"""A run: blocks handed to workers, parts counted as they come, a stopped run gone on with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import HazardRulesError, Problem
from ..texts import Text
from . import blocks, csv_rows, rows
from .blocks import Block
from .job import Job, job_of
from .judging import judge_of
from .store import Store
from .workers import judged


@dataclass(frozen=True)
class Progress:
    """How far a run is: rows judged and bad, and which share of the file is done."""

    judged: int
    bad: int
    share: float


@dataclass(frozen=True)
class Summary:
    """What came of a run."""

    judged: int
    bad: int
    full: int
    by_engine: int
    verdicts: Mapping[str, Mapping[str, Mapping[str, int]]]  # kind → rule → verdict → count

    def told(self) -> dict[str, Any]:
        """Return it as data."""
        return {
            "schema": 1,
            "judged": self.judged,
            "bad": self.bad,
            "full": self.full,
            "by_engine": self.by_engine,
            "verdicts": self.verdicts,
        }


def classify_many(
    source: str | Path,
    out: str | Path,
    *,
    workers: int | None = None,
    tell: Callable[[Progress], None] = lambda _: None,
    **options: Any,
) -> Summary:
    """Judge the file *source* into the folder *out*; *options* are those of `job.job_of`.

    In as many processes as *workers* (default: a core each), so a script calls it under
    `if __name__ == "__main__"`, as `multiprocessing` wants; with one there is none but this. *tell* is told
    how far it is. A run that was stopped goes on with what is not there yet. Raises `HazardRulesError`,
    before anything is written, for what is wrong with the options, the file's columns or the folder.
    """
    return run(job_of(source, **options), Path(out), workers=workers or os.cpu_count() or 1, tell=tell)


def run(job: Job, out: Path, *, workers: int, tell: Callable[[Progress], None]) -> Summary:
    """Do *job*, see `classify_many`."""
    judge_of(job)  # its problems come before anything is written
    store = Store(out)
    try:
        with store.opened(job.told()) as began:
            return _go_on(replace(job, today=date.fromisoformat(began["today"])), store, workers, tell)
    except OSError as error:  # no room, taken away, not permitted
        why = error.strerror or str(error)
        raise HazardRulesError(
            [Problem(str(error.filename or out), Text(f"读写失败（{why}）", f"cannot be read or written ({why})"))]
        ) from error


def _go_on(job: Job, store: Store, workers: int, tell: Callable[[Progress], None]) -> Summary:
    """Judge the blocks of which there is no part yet; return what came of all."""
    before = job.told()
    done = store.done()
    counts = _Counts(done.values(), _whole(job))
    tell(counts.progress())
    for part in judged(job, store, (block for block in _blocks(job) if block.number not in done), workers):
        counts.add(part)
        tell(counts.progress())
    if job.told() != before:
        raise HazardRulesError([Problem(str(job.source), _CHANGED)])
    summary = counts.summary()
    store.finish(summary.told())
    return summary


_CHANGED = Text(
    "判定的时候文件变了，结果不能用；等它写完，换一个结果文件夹重新判定",
    "the file changed while it was judged, so the results are of no use; "
    "when it is complete, judge it into another folder",
)


def _whole(job: Job) -> int:
    """Return how much there is to judge: in bytes, or in rows."""
    if job.form == "parquet":
        return rows.parquet_rows(job)
    return job.source.stat().st_size - (csv_rows.head_of(job).start if job.form == "csv" else 0)


def _blocks(job: Job) -> Iterator[Block]:
    if job.form == "parquet":
        return blocks.of_rows(_whole(job), job.rows)
    if job.form == "csv":
        head = csv_rows.head_of(job)
        return blocks.of_text(job.source, job.size, start=head.start, row=head.row, quoted=True)
    return blocks.of_text(job.source, job.size)


class _Counts:
    """The counts of all parts that are there."""

    def __init__(self, parts: Any, whole: int) -> None:
        self.numbers, self.length, self.whole = Counter[str](), 0, whole
        self.verdicts: dict[str, dict[str, Counter[str]]] = {}
        for part in parts:
            self.add(part)

    def add(self, part: Mapping[str, Any]) -> None:
        """Add the counts of a part."""
        self.numbers.update({name: part[name] for name in ("judged", "bad", "full", "by_engine")})
        self.length += part["length"]
        for kind, rules in part["verdicts"].items():
            for rule, counts in rules.items():
                self.verdicts.setdefault(kind, {}).setdefault(rule, Counter()).update(counts)

    def _share(self) -> float:
        return self.length / self.whole if self.whole else 1.0

    def progress(self) -> Progress:
        return Progress(self.numbers["judged"], self.numbers["bad"], self._share())

    def summary(self) -> Summary:
        numbers = {name: self.numbers[name] for name in ("judged", "bad", "full", "by_engine")}
        return Summary(**numbers, verdicts=self.verdicts)
