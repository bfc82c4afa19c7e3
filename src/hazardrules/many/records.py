"""Whole records, one a line: each read and judged by the engine; codes of its subjects by kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import polars as pl

from ..classify import Corpus
from ..compiled import Block as RuleBlock
from ..errors import HazardRulesError, Problem
from ..inspection import Inspection, Judged
from ..judge import Verdict
from ..rules import Level
from . import rows as reading
from .blocks import Block
from .job import ROW, Job
from .parts import Part, full_line
from .rows import Bad

PATH = "path"  # the column that tells where the record has the subject
#: the rules asked together → (line, path, codes) of each subject
Found = dict[tuple[RuleBlock, ...], list[tuple[int, str, list[int]]]]
_WANTED = {"major": Verdict.HIT.code, "disputed": Verdict.DISPUTED.code, "open": Verdict.UNKNOWN.code}


class Records:
    """Judges lines that are each a whole record."""

    def __init__(self, job: Job, corpus: Corpus) -> None:
        self.job, self.corpus = job, corpus
        self.industries = corpus.chosen(job.industries)
        self.rules = self._rules()
        self.majors = {rule.id for _, _, rule in corpus.rulebook.rules() if rule.level is Level.MAJOR}

    def _rules(self) -> dict[str, tuple[str, ...]]:
        """Return, for each kind of subject, its rules on any day: the columns of its codes."""
        turning = self.corpus.rulebook.turning_days
        days = [self.job.on or self.job.today, *([turning[0] - timedelta(days=1), *turning] if turning else [])]
        found: dict[str, dict[str, None]] = {}
        for day in days:
            for entry in self.corpus.rulebook.edition(day, self.industries).entries:
                for subject in entry.rule.subjects:
                    found.setdefault(subject.rpartition(".")[2], {})[entry.rule.id] = None
        order = self.corpus.rulebook.order
        return {kind: tuple(sorted(rules, key=order.__getitem__)) for kind, rules in found.items()}

    def judge(self, block: Block) -> Part:
        """Return what comes of a block."""
        part = Part(bad=[Bad(block.row, "", (Problem("", reading.TOO_LONG),))] if block.too_long else [])
        lines = [] if block.too_long else reading.read_bytes(self.job, block).split(b"\n")
        found: dict[str, Found] = {}
        chosen: list[tuple[int, bytes, date | None]] = []
        for number, line in enumerate(lines, block.row):
            if not line.strip():
                continue
            try:
                inspection = self._inspect(line)
                judged = self.corpus.judge(inspection)
            except HazardRulesError as error:
                part.bad.append(Bad(number, line.decode("utf-8", "replace"), error.problems))
                continue
            part.judged += 1
            for row, blocks in groupby(judged, lambda one: one.row):
                asked = [*blocks]
                rules = tuple(one.block for one in asked)
                codes = [code for one in asked for code in one.codes]
                found.setdefault(row._kind, {}).setdefault(rules, []).append((number, row._path, codes))
            if self._is_shown(judged):
                chosen.append((number, line, None if inspection.day_assumed else inspection.day))
        part.full = (self._full(*one) for one in chosen)
        for kind, groups in found.items():
            part.codes[kind], part.rules[kind] = _frame(groups, self.rules[kind]), self.rules[kind]
        if block.number == 0:  # the first part has a table of every kind, for who reads one of which there is none
            for kind in self.rules.keys() - found.keys():
                part.codes[kind], part.rules[kind] = _frame({(): []}, self.rules[kind]), ()
        return part

    def _full(self, number: int, line: bytes, on: date | None) -> bytes:
        result = self.corpus.classify(line, industry=self.job.industries, on=on, lang=self.job.lang)
        return full_line(number, result, None, self.job.lang)

    def _inspect(self, line: bytes) -> Inspection:
        """Return the record in *line*; one that tells no day is of the day on which the run began."""
        found = self.corpus.inspect(line, industry=self.job.industries, on=self.job.on)
        if found.day_assumed and found.day != self.job.today:
            return self.corpus.inspect(line, industry=self.job.industries, on=self.job.today)
        return found

    def _is_shown(self, judged: Sequence[Judged]) -> bool:
        wanted = {_WANTED[word] for word in self.job.full}
        return any(
            code in wanted and (code != Verdict.HIT.code or entry.rule.id in self.majors)
            for one in judged
            for entry, code in zip(one.block.entries, one.codes, strict=True)
        )


def _frame(found: Found, rules: Sequence[str]) -> pl.DataFrame:
    """Return the codes of all subjects of one kind, a column for each of *rules*, in the order of the lines."""
    frames = []
    for blocks, subjects in found.items():
        names = [entry.rule.id for block in blocks for entry in block.entries]
        columns = zip(names, zip(*(codes for _, _, codes in subjects), strict=True), strict=True)
        known = {rule: pl.Series(rule, codes, dtype=pl.Int8) for rule, codes in columns}
        absent = pl.repeat(None, len(subjects), dtype=pl.Int8, eager=True)
        frames.append(
            pl.DataFrame(
                [
                    pl.Series(ROW, [number for number, _, _ in subjects], dtype=pl.UInt64),
                    pl.Series(PATH, [path for _, path, _ in subjects], dtype=pl.String),
                    *(known[rule] if rule in known else absent.alias(rule) for rule in rules),
                ]
            )
        )
    return pl.concat(frames).sort(ROW, maintain_order=True)
