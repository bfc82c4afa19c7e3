"""`hazardrules mutate`: which files, what came of their mutants, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...files import load
from .. import checking
from . import report
from .assess import Result
from .kept import Kept, place_for
from .running import cores, run
from .units import Work

Echo = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How a run is made and told."""

    jobs: int | None = None  # None: as many as there are cores
    fresh: bool = False  # use nothing that is kept of earlier runs
    state: Path | None = None  # where that is kept, instead of the user's own place
    form: str = "text"
    everything: bool = False  # show also the mutants proved equivalent, and those refused
    live: bool = False  # the progress is shown in place


def mutate(paths: Sequence[str], lang: str, echo: Echo, show: Echo, options: Options) -> int:
    """Report on the mutants of the standards at *paths* by *echo*; how far it is by *show*.

    Return 1 where one that a case can notice is not noticed, else 0. Raises `HazardRulesError` for
    standards that cannot be read, or whose cases fail.
    """
    results: list[Result] = []
    for root, wanted in checking.roots(paths):
        work = Work(load(root))
        units = [unit for unit in work.units if checking.concerns(unit.file, wanted)]
        kept = Kept(options.state or place_for(root), fresh=options.fresh)
        jobs, pause = options.jobs or cores(), 0.2 if options.live else 10.0
        found = dict(run(root, work, units, kept, jobs=jobs, show=show, lang=lang, pause=pause))
        results += [result for unit in units for result in found[unit]]
    if options.form == "json":
        echo(report.as_json(results))
    else:
        for line in report.as_text(results, lang, all_of_them=options.everything):
            echo(line)
    return int(not report.passes(results))
