"""Subjects × rules → a `Classification`.

The compiled program gives every verdict; traces are made only for what is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from . import cache, dates
from .classification import Classification
from .compiled import Conditions, Program, compile_edition
from .completions import Completer
from .errors import FactsError, Problem
from .facts import Vocabulary, nearest
from .findings import Report
from .inspection import Inspection, Judged
from .judge import VERDICTS, Judgement, Verdict, judge_rule
from .places import folder_of
from .record import Record, phantoms, read, read_json
from .rows import Row
from .rules import Edition, Entry, Industry, Rulebook, on_enterprise
from .texts import Text
from .truth import UNKNOWN, YES, Truth, all_of

Facts = Mapping[str, Any] | bytes  # a record, or one as JSON


@dataclass(frozen=True)
class Compiled:
    """An edition with its compiled form."""

    edition: Edition
    program: Program


class Corpus:
    """Standards that can be judged by: an immutable value, safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._programs: dict[tuple[int, tuple[str, ...]], Compiled] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The kinds of subject and their facts."""
        return self.rulebook.vocabulary

    @cached_property
    def industries(self) -> Mapping[str, Industry]:
        """The industries that may be asked for, by id."""
        return self.rulebook.industries

    @cached_property
    def completer(self) -> Completer:
        """Fills in the facts that follow from others."""
        return Completer(self.vocabulary)

    @cached_property
    def conditions(self) -> Conditions:
        """Answers conditions on the enterprise: scopes, gates, what is left to other documents."""
        return Conditions(self.vocabulary)

    # ---------------------------------------------------------------------------------- asking

    def classify(
        self,
        facts: Facts,
        *,
        industry: str | Iterable[str] | None = None,
        on: date | str | None = None,
        lang: str = "zh",
    ) -> Classification:
        """Return what the findings in *facts* are under the standards in force.

        *facts* maps kinds of subject to subjects (see `hazardrules facts`), or is that as JSON in
        UTF-8. *industry* names one or several of `industries` and asserts that the enterprise
        belongs to them; without it every standard is judged whose scope is not excluded. *on* is the
        day whose law counts (default: the inspection's date, else today in Asia/Shanghai). Texts
        come in *lang*.
        Raises `FactsError` with every problem of the record, `ReadingError` for what is no sound JSON.
        """
        inspection = self.inspect(facts, industry=industry, on=on)
        judged = self.judge(inspection)
        unseen = self._judge(inspection, self._phantoms(inspection))
        editions = {day: self.program(day, inspection.industries).edition for day in inspection.days}
        reasons = partial(self.judgement, inspection=inspection)
        return Report(self.rulebook, inspection, editions, judged, unseen, reasons, lang).classification()

    def verdicts(
        self,
        facts: Facts,
        *,
        industry: str | Iterable[str] | None = None,
        on: date | str | None = None,
    ) -> dict[tuple[str, str], Verdict]:
        """Return only the verdicts, by (rule, path of the subject). Arguments as `classify`."""
        return {
            (entry.rule.id, judged.row._path): VERDICTS[code]
            for judged in self.judge(self.inspect(facts, industry=industry, on=on))
            for entry, code in zip(judged.block.entries, judged.codes, strict=True)
        }

    # ------------------------------------------------------------------------------- the steps

    def inspect(
        self,
        facts: Facts,
        *,
        industry: str | Iterable[str] | None = None,
        on: date | str | None = None,
    ) -> Inspection:
        """Return the record in *facts* read, checked and completed. Arguments as `classify`."""
        industries = self.chosen(industry)
        wanted = parse_day(on)
        record = read_json(facts, self.vocabulary) if isinstance(facts, bytes) else read(facts, self.vocabulary)
        return self.complete(record, wanted, industries)

    def complete(self, record: Record, on: date | None, industries: tuple[Industry, ...]) -> Inspection:
        """Return *record* with its day settled and everything filled in that follows."""
        row: Any = record.inspection
        day = on or row.date or dates.today()
        assumed = on is None and row.date is None
        if row.date is None:
            row.date = day
        contradictions = self.completer.complete(record.rows)
        in_order = sorted(contradictions, key=lambda contradiction: contradiction.path)
        return Inspection(record, tuple(in_order), day, assumed, industries, self.conditions)

    def chosen(self, industry: str | Iterable[str] | None) -> tuple[Industry, ...]:
        """Return the industries named. Raises `FactsError` for one that there is not."""
        names = () if industry is None else (industry,) if isinstance(industry, str) else tuple(industry)
        problems = []
        for name in names:
            if name not in self.industries:
                near = nearest(str(name), self.industries)
                known = "、".join(f"{i.id}（{i.title.zh}）" for i in self.industries.values())
                problems.append(
                    Problem(
                        "--industry",
                        Text(
                            f"没有行业“{name}”" + (f"，是不是“{near}”？" if near else "") + f"（可选：{known}）",
                            f"there is no industry “{name}”"
                            + (f"; did you mean “{near}”?" if near else "")
                            + f" (one of: {', '.join(self.industries)})",
                        ),
                    )
                )
        if problems:
            raise FactsError(problems)
        return tuple(self.industries[name] for name in names)

    def program(self, day: date, industries: tuple[Industry, ...]) -> Compiled:
        """Return what is in force on *day* for *industries*, compiled once for each span of time."""
        key = bisect_right(self.rulebook.turning_days, day), tuple(i.id for i in industries)
        found = self._programs.get(key)
        if found is None:
            edition = self.rulebook.edition(day, industries)
            found = self._programs[key] = Compiled(edition, compile_edition(edition))
        return found

    def gates(self, inspection: Inspection, program: Program) -> tuple[Truth, ...]:
        """Return the truth of each of the program's gates; the chosen industry asserts them."""
        enterprise, asserted = inspection.record.enterprise, bool(inspection.industries)
        return tuple(
            all_of(YES if asserted and answer is UNKNOWN else answer for answer in (gate(enterprise) for gate in gates))
            for gates in program.gates
        )

    def judge(self, inspection: Inspection) -> list[Judged]:
        """Return the verdict codes of every rule on every subject recorded in *inspection*."""
        return self._judge(inspection, inspection.record.rows)

    def _judge(self, inspection: Inspection, tables: Mapping[str, list[Row]]) -> list[Judged]:
        enterprise, record = inspection.record.enterprise, inspection.record
        known: dict[date, tuple[Program, tuple[Truth, ...]]] = {}
        judged: list[Judged] = []
        for kind, rows in tables.items():
            for row in rows:
                day = row._observed_on or inspection.day
                if day not in known:
                    program = self.program(day, inspection.industries).program
                    known[day] = program, self.gates(inspection, program)
                program, gates = known[day]
                judged.extend(
                    Judged(block, row, block.function(row, enterprise, record.inspection, gates))
                    for block in program.blocks_on(kind, row._up._kind if row._up is not None else "")
                )
        return judged

    def _phantoms(self, inspection: Inspection) -> dict[str, list[Row]]:
        """Return rows of unknowns for what nobody looked at, of the kinds that are judged."""
        programs = [self.program(day, inspection.industries).program for day in inspection.days]
        kinds = {subject.rpartition(".")[2] for program in programs for subject in program.blocks}
        made = phantoms(inspection.record, self.vocabulary, kinds)
        self.completer.complete(made)
        return made

    def judgement(self, entry: Entry, row: Row, inspection: Inspection) -> Judgement:
        """Return the judgement of the reference on *row*, with its traces."""
        asserted = frozenset(g for _, g in entry.gates if on_enterprise(g)) if inspection.industries else frozenset()
        return judge_rule(entry.rule, row, self.vocabulary, entry.gates, asserted)


def parse_day(on: date | str | None) -> date | None:
    """Return the day of the option *on*. Raises `FactsError` where it is none."""
    if on is None:
        return None
    day = dates.parse_day(on)
    if day is None:
        raise FactsError(
            [Problem("--on", Text(f"“{on}”不是日期，应写成 2026-03-01", f"“{on}” is no date; write it as 2026-03-01"))]
        )
    return day


@lru_cache(maxsize=1)
def default() -> Corpus:
    """Return the corpus of the standards shipped with the library, read once."""
    return Corpus(cache.rulebook())


def load(place: str | Path, *others: str | Path) -> Corpus:
    """Return the corpus at *place*: a standards folder, or the name of an installed package of standards.

    A folder with a `corpus.yaml` is added to the shipped standards, and so may *others* be. The cases, which
    judging does not need, are left out (`hazardrules.testing.standards` reads them). Raises `StandardsError`
    with every problem of its files.
    """
    return Corpus(cache.rulebook(*map(folder_of, (place, *others))))


def classify(
    facts: Facts,
    *,
    industry: str | Iterable[str] | None = None,
    on: date | str | None = None,
    lang: str = "zh",
) -> Classification:
    """Return what the findings in *facts* are; `Corpus.classify` on the shipped standards."""
    return default().classify(facts, industry=industry, on=on, lang=lang)
