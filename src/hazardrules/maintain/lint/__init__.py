"""Lint: what is wrong with the files of standards, all of it in one run.

`CHECKS` are small functions, one a code, grouped by theme in the modules beside this one; `docs/lint.md`
has a paragraph on each. Structure, names, words and units are checked while the files are read
(`files`); the checks see the whole. `lint: {code: why}` in a file says that a finding is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import Problem
from ...facts import nearest
from ...texts import Text
from . import cases, citations, conditions, devices, documents, limbs, shape, strays, unguarded, vocabulary
from .book import Book, Check, Finding, Spot

__all__ = ["CHECKS", "Allowed", "Check", "Report", "Seen", "check", "lint"]

_THEMES = (shape, strays, documents, citations, vocabulary, conditions, limbs, unguarded, devices, cases)
NEEDLESS = Check(
    "needless-lint", Text("没有用处的 lint 说明", "a `lint:` entry that excuses nothing"), lambda _: ()
)  # comes of all the others
CHECKS: tuple[Check, ...] = (*(check for theme in _THEMES for check in theme.CHECKS), NEEDLESS)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that is meant, and why, as the file says."""

    problem: Problem
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A rule that was checked: its id, its place, and whether it rests on memory."""

    id: str
    where: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What lint found: problems, findings that are meant, what was too much to decide, and the rules checked."""

    problems: tuple[Problem, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    undecided: tuple[Problem, ...] = ()
    rules: tuple[Seen, ...] = ()

    def of(self, concerns: Callable[[str], bool]) -> Report:
        """Return the part of the report whose places *concerns* wants."""
        return Report(
            tuple(problem for problem in self.problems if concerns(problem.where)),
            tuple(item for item in self.allowed if concerns(item.problem.where)),
            tuple(problem for problem in self.undecided if concerns(problem.where)),
            tuple(rule for rule in self.rules if concerns(rule.where)),
        )

    def __add__(self, other: Report) -> Report:
        return Report(
            self.problems + other.problems,
            self.allowed + other.allowed,
            self.undecided + other.undecided,
            self.rules + other.rules,
        )


def lint(folder: Path | None = None) -> list[Problem]:
    """Return every problem of the standards in *folder* (None: those shipped), in the order of the files."""
    return list(check(folder).problems)


def check(folder: Path | None = None) -> Report:
    """Return everything that the checks say of the standards in *folder* (None: those shipped)."""
    book = Book(folder)
    problems, allowed, used = list(book.problems), list[Allowed](), set[tuple[str, str]]()
    for each in CHECKS:
        for finding in dict.fromkeys(each.run(book)):
            problem = Problem(finding.spot.where, finding.message, each.code)
            excuse = _excuse(finding.spot, each.code)
            if excuse is None:
                problems.append(problem)
            else:
                used.add((excuse.where, each.code))
                allowed.append(Allowed(problem, str(excuse.data)))
    problems += _needless(book, used)
    return Report(
        tuple(sorted(dict.fromkeys(problems), key=_order)),
        tuple(sorted(allowed, key=lambda item: _order(item.problem))),
        tuple(sorted(_undecided(book.undecided), key=_order)),
        tuple(
            Seen(placed.rule.id, placed.rule.where, placed.rule.unverified or placed.standard.unverified)
            for placed in book.rules
        ),
    )


def _excuse(spot: Spot, code: str) -> Spot | None:
    """Return where a file says that a finding of *code* at *spot* is meant: at the nearest part around it."""
    for around in spot.around():
        entry = around.at("lint", code)
        if isinstance(around.data, dict) and isinstance(entry.data, str):
            return entry
    return None


def _needless(book: Book, used: set[tuple[str, str]]) -> Iterable[Problem]:
    """Yield what the files excuse and no check found: a slip of the pen, or long mended."""
    codes = {each.code for each in CHECKS}
    for spot, code in _entries(book):
        if code not in codes:
            near = nearest(code, codes)
            message = Text(
                f"没有“{code}”这个代号" + (f"，是不是“{near}”？" if near else "（见 docs/lint.md）"),
                f"there is no code “{code}”" + (f"; did you mean “{near}”?" if near else " (see docs/lint.md)"),
            )
        elif (spot.where, code) in used or not book.whole:
            continue
        else:
            message = Text(
                f"这里没有 {code} 的问题，lint 里的这一行可以删去", f"nothing here is {code}: this entry can go"
            )
        yield Problem(spot.where, message, NEEDLESS.code)


def _entries(book: Book) -> Iterable[tuple[Spot, str]]:
    """Yield every entry of a `lint:` key, with its code."""
    for source in book.sources.values():
        queue = [Spot(source)]
        for spot in queue:
            data: Any = spot.data
            if isinstance(data, dict):
                entries = data.get("lint")
                yield from ((spot.at("lint", code), code) for code in (entries if isinstance(entries, dict) else ()))
                queue += [spot.at(key) for key in data if key not in ("lint", "cases")]
            elif isinstance(data, list):
                queue += [spot.at(n) for n in range(len(data))]


def _undecided(findings: Iterable[Finding]) -> list[Problem]:
    return list(dict.fromkeys(Problem(finding.spot.where, finding.message) for finding in findings))


def _order(problem: Problem) -> tuple[Any, ...]:
    """Return by what problems are sorted: file, line, column, code."""
    file, line, column = (*problem.where.rsplit(":", 2), "", "")[:3]
    if not (line.isdigit() and column.isdigit()):
        file, line, column = problem.where, "0", "0"
    return file, int(line), int(column), problem.code
