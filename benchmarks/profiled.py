"""One checkout under the profiler: `python -m benchmarks.profiled STANDARDS SUBJECTS` prints JSON for `profiles`."""

from __future__ import annotations

import cProfile
import json
import pstats
import statistics
import sys
from collections import Counter
from pathlib import Path

import hazardrules as hr

from .measuring import seconds
from .steps import DAY, INDUSTRY, record

TIMES = 20


def main(standards: str, subjects: int) -> None:
    """Print the seconds of each step, the share of each room, and the verdicts."""
    corpus = hr.load(standards)
    data = record(corpus, subjects)

    def inspect() -> object:
        return corpus.inspect(data, industry=INDUSTRY, on=DAY)

    def classify() -> object:
        return corpus.classify(data, industry=INDUSTRY, on=DAY)

    works = {
        "read and complete": inspect,
        "verdicts": lambda: corpus.judge(inspect()),
        "classify": classify,
        "to_dict, with all reasons": lambda: corpus.classify(data, industry=INDUSTRY, on=DAY).to_dict(),
    }
    for work in works.values():
        work()
    steps = {name: statistics.median(seconds(work, TIMES) for _ in range(3)) for name, work in works.items()}
    profiler = cProfile.Profile(builtins=False)
    profiler.enable()
    for _ in range(TIMES):
        classify()
    profiler.disable()
    verdicts = corpus.verdicts(data, industry=INDUSTRY, on=DAY)
    found = {
        "from": hr.__file__,
        "steps": steps,
        "rooms": rooms(pstats.Stats(profiler)),
        "verdicts": sorted([*names, verdict.value] for names, verdict in verdicts.items()),
    }
    print(json.dumps(found, ensure_ascii=False))


def rooms(stats: pstats.Stats) -> dict[str, float]:
    """Return the share of each room of the library in the time that was profiled."""
    taken: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        taken[_room(file)] += own
    return {room: own / taken.total() for room, own in taken.items()}


def _room(file: str) -> str:
    if file.startswith("<rules on"):
        return "the compiled rules"
    parts = Path(file).parts
    if "hazardrules" not in parts:
        return "Python and libraries"
    inner = parts[len(parts) - parts[::-1].index("hazardrules") :]
    return inner[0].removesuffix(".py") if inner else file


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
