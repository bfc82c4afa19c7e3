"""`hazardrules lint` and `hazardrules test`: which files, what came of them, and the exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

from ..classify import Corpus
from ..errors import StandardsError
from ..files import read
from ..places import located
from ..texts import Text
from . import cases, published, trials
from . import lint as linting
from .lint import formats
from .trials import Trial

Echo = Callable[[str], None]


def lint(paths: Sequence[str], lang: str, echo: Echo, form: str) -> int:
    """Print what lint finds in the standards at *paths* and return 1 where there is a problem, else 0."""
    report = linting.Report()
    for root, wanted in roots(paths):
        report += linting.check(root).of(partial(concerns, wanted=wanted))
    echo(formats.FORMS[form](report, lang).removesuffix("\n"))
    return int(bool(report.problems))


def test(paths: Sequence[str], lang: str, echo: Echo, form: str) -> int:
    """Run the cases of the standards at *paths*, inline and published, and print what came of them.

    Return 1 where one failed, or a rule has none, else 0. Raises `StandardsError` for what cannot be read.
    """
    tried = [trial for root, wanted in roots(paths) for trial in _trials(root, wanted)]
    echo(trials.FORMS[form](tried, lang).removesuffix("\n"))
    return int(any(trial.problem is not None for trial in tried))


def _trials(root: Path | None, wanted: Sequence[str]) -> Iterator[Trial]:
    rulebook, folder = read(root)
    others = published.read(folder)
    if folder.problems:
        raise StandardsError(folder.problems)
    corpus, clock = Corpus(rulebook), perf_counter()
    for standard, clause, rule in rulebook.rules():
        source = folder.sources.get(clause.path)
        if source is None or not concerns(clause.path, wanted):  # of what the folder builds on, nothing is asked
            continue
        if not rule.cases:
            yield Trial(standard.id, rule.id, cases.NOTHING, rule.where, _NO_CASES, cases.NOTHING, 0.0)
        for outcome in cases.run(corpus, rule, standard, clause):
            where = source.where(rule.cases[outcome.number - 1].path)
            of = f"（{outcome.subject}）" if len(rule.subjects) > 1 else ""
            name = Text(f"用例 {outcome.number}{of}", f"case {outcome.number}{of}")
            took, clock = perf_counter() - clock, perf_counter()
            yield Trial(standard.id, rule.id, name, where, outcome.problem, outcome.explanation, took)
    for case in others:
        if concerns(case.source.name, wanted):
            for told in published.run(corpus, case):
                name = Text(f"记录 {told.number}", f"record {told.number}") if len(case.records) > 1 else cases.NOTHING
                took, clock = perf_counter() - clock, perf_counter()
                yield Trial(published.FOLDER, told.case, name, told.where, told.problem, told.explanation, took)


_NO_CASES = Text("没有用例", "no cases")


def roots(paths: Sequence[str]) -> list[tuple[Path | None, list[str]]]:
    """Return the standards folders to read, each with the paths in it that are asked for."""
    if not paths:
        return [(None, [])]
    found: dict[Path, list[str]] = {}
    for name in paths:
        path, root = located(name)
        found.setdefault(root, []).append(str(path))
    return list(found.items())


def concerns(where: str, wanted: Sequence[str]) -> bool:
    """Return whether *where* ("file:line:column", or a file) is, or lies in, one of *wanted* (none: anything)."""
    place = str(Path(where).absolute())
    return not wanted or any(place == path or place.startswith((f"{path}:", f"{path}{os.sep}")) for path in wanted)
