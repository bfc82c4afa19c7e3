"""Blocks judged by worker processes: parts come as they are there, and a killed worker is replaced.

A worker leaves Ctrl-C to the process that started it, and does not outlive it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import HazardRulesError, Problem
from ..processes import end_with_parent
from ..texts import Text
from .blocks import Block
from .job import Job
from .judging import Judge, judge_of
from .store import Store

_TRIES = 3  # of a block whose worker is killed
_AHEAD = 2  # blocks a worker that wait to be judged


def judged(job: Job, store: Store, todo: Iterator[Block], workers: int) -> Iterator[dict[str, Any]]:
    """Yield the counts of each block when its part is there."""
    if workers == 1:
        judge = judge_of(job)
        for block in todo:
            yield _work(judge, job, store.folder, block)
        return
    tries: Counter[int] = Counter()
    left: list[Block] = []
    while True:
        try:
            yield from _in_processes(job, store, todo, left, workers)
        except BrokenProcessPool:
            tries.update(block.number for block in left)
            if max(tries.values(), default=_TRIES) >= _TRIES:
                raise HazardRulesError([Problem("", _KILLED)]) from None
            store.clean()
            done = store.done()
            yield from (done[block.number] for block in left if block.number in done)
            left = [block for block in left if block.number not in done]
            continue
        return


_KILLED = Text(
    "工作进程一再被终止（多半是内存不够）；减小 --workers，再运行同一命令接着做；"
    "还不行，减小 --block，换一个文件夹从头做",
    "workers are killed again and again (probably for memory); lower --workers and run the same command to go on; "
    "if that is not enough, lower --block and begin in another folder",
)


def _in_processes(
    job: Job, store: Store, todo: Iterator[Block], left: list[Block], workers: int
) -> Iterator[dict[str, Any]]:
    """Yield counts as parts come; *left* holds the blocks that were handed out and are not yet counted."""
    context = multiprocessing.get_context("spawn")  # polars' threads do not survive a fork
    with _environment(POLARS_MAX_THREADS="1"), ProcessPoolExecutor(workers, context, _begin) as pool:
        running: dict[Future[dict[str, Any]], Block] = {}
        again = list(left)
        try:
            while True:
                while len(running) < workers * _AHEAD:
                    block = again.pop(0) if again else next(todo, None)
                    if block is None:
                        break
                    if block not in left:
                        left.append(block)
                    running[pool.submit(_work_here, job, store.folder, block)] = block
                if not running:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    counts = future.result()
                    left.remove(running.pop(future))
                    yield counts
        finally:
            for future in running:
                future.cancel()


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set *variables* for the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin() -> None:
    """Prepare a worker: it leaves Ctrl-C to the process that started it, and does not outlive that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


@cache
def _judge(job: Job) -> Judge:
    """Return the judge of this worker, which lives for one run: the file behind the job stays the same."""
    return judge_of(job)


def _work_here(job: Job, folder: Path, block: Block) -> dict[str, Any]:
    """Judge a block in a worker."""
    return _work(_judge(job), job, folder, block)


def _work(judge: Judge, job: Job, folder: Path, block: Block) -> dict[str, Any]:
    """Judge a block and commit its part."""
    part = judge.judge(block)
    length = block.end - block.start

    def write(made: Path) -> dict[str, Any]:
        return {**part.write(made, job.lang), "length": length}

    return Store(folder).commit(block.number, write)
