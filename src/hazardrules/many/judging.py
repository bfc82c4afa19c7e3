"""What judges the blocks of a job: rows that are each one subject, or lines that are each a whole record."""

from __future__ import annotations

from typing import Protocol

from .blocks import Block
from .job import Job
from .parts import Part
from .records import Records
from .subjects import Subjects


class Judge(Protocol):
    """What judges the blocks of one job."""

    def judge(self, block: Block) -> Part:
        """Return what comes of a block."""
        ...


def judge_of(job: Job) -> Judge:
    """Return what judges the blocks of *job*. Raises `HazardRulesError` for columns that cannot be judged."""
    corpus = job.corpus()
    if job.subject is None:
        return Records(job, corpus)
    return Subjects(job, corpus)
