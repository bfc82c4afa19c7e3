"""Every unit assessed, on every core; what is kept is not done again; how far the run is, told as it goes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import HazardRulesError, Problem
from ...files import load
from ...processes import end_with_parent
from ...texts import Text
from .assess import Result, assess
from .kept import Kept, Keys
from .units import Unit, Work

Show = Callable[[str], None]


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class Progress:
    """How far a run is, in mutants: told at most every *pause* seconds."""

    total: int
    show: Show
    lang: str
    pause: float
    done: int = 0
    worked: int = 0  # of these, not kept from an earlier run
    started: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def add(self, mutants: int, *, kept: bool = False) -> None:
        """Count *mutants* as done, and tell it where it is time."""
        self.done += mutants
        self.worked += 0 if kept else mutants
        now = time.monotonic()
        if not kept and (now - self.told >= self.pause or self.done == self.total):
            self.told = now
            self.show(self.line(now - self.started))

    def line(self, seconds: float) -> str:
        """Return how far the run is after *seconds*: done, rate, time left."""
        rate = self.worked / seconds if seconds else 0.0
        left = (self.total - self.done) / rate if rate else 0.0
        minutes, rest = divmod(round(left), 60)
        return Text(
            f"{self.done}/{self.total} 个变异，每秒 {rate:.0f} 个，还要 {minutes}:{rest:02}",
            f"{self.done}/{self.total} mutants, {rate:.0f} a second, {minutes}:{rest:02} left",
        ).say(self.lang)


def run(
    root: Path | None,
    work: Work,
    units: Sequence[Unit],
    kept: Kept,
    *,
    jobs: int,
    show: Show,
    lang: str,
    pause: float = 0.2,
) -> Iterator[tuple[Unit, list[Result]]]:
    """Yield each of *units* of the standards in *root* with what becomes of its mutants, as they are done.

    Raises `HazardRulesError` where a case fails already without any mistake.
    """
    keys, sizes = Keys(work), {unit: len(work.mutants(unit)) for unit in units}
    progress, left = Progress(sum(sizes.values()), show, lang, pause), list[Unit]()
    for unit in units:
        found = kept.get(keys.of(unit))
        if found is None:
            left.append(unit)
        else:
            progress.add(sizes[unit], kept=True)
            yield unit, found
    left.sort(key=lambda unit: -sizes[unit])  # the longest first, so that no core waits for the last one
    for unit, results in _assessed(root, work, left, jobs):
        kept.add(keys.of(unit), results)
        progress.add(sizes[unit])
        yield unit, results
    if len(units) == len(work.units):
        kept.tidy({keys.of(unit) for unit in units})


def _assessed(root: Path | None, work: Work, units: Sequence[Unit], jobs: int) -> Iterator[tuple[Unit, list[Result]]]:
    if jobs < 2 or len(units) < 2:
        yield from ((unit, assess(work, unit)) for unit in units)
        return
    _worker[:] = [work]  # where workers begin as copies of this process, they have it
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(root, work.rulebook.fingerprint)) as pool:
        waiting = {pool.submit(_assess, unit.kind, unit.name): unit for unit in units}
        try:
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield waiting.pop(future), future.result()
        except BrokenProcessPool:
            raise HazardRulesError([Problem("", _KILLED)]) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_KILLED = Text(
    "工作进程被终止了（多半是内存不够）；已做的都记下了，用 --jobs 1 再运行一次，接着做",
    "a worker was killed (probably for memory); what is done is kept: run it again with --jobs 1 to go on",
)


# ---------------------------------------------------------------------------------------- a worker

_worker: list[Work] = []


def _begin(root: Path | None, fingerprint: str) -> None:
    """Prepare a worker process."""
    end_with_parent()
    _start(root, fingerprint)


def _start(root: Path | None, fingerprint: str) -> None:
    """Read the standards in a worker; that they are no longer what its parent read is told when it is asked."""
    if not _worker:
        _worker.append(Work(load(root)))
    if _worker[0].rulebook.fingerprint != fingerprint:
        _worker.clear()


def _assess(kind: str, name: str) -> list[Result]:
    if not _worker:
        message = Text("标准文件在运行中被改了；再运行一次", "the standards were changed while this ran; run it again")
        raise HazardRulesError([Problem("", message)])
    work = _worker[0]
    return assess(work, next(unit for unit in work.units if (unit.kind, unit.name) == (kind, name)))
