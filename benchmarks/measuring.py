"""How things are measured: pieces of work side by side, as ratios of CPU time, medians with their spread.

The pieces are run in turn, so that what else the machine does falls on all of them; each turn gives
one ratio. Never a limit that a test would assert.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Work = Callable[[], object]
SHORTEST = 0.004  # seconds that one measured piece lasts at least; quicker work is repeated


@dataclass(frozen=True)
class Ratio:
    """How much longer one piece of work takes than another: median, least and greatest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{shown(self.median)} ({shown(self.low)}-{shown(self.high)})"


@dataclass(frozen=True)
class Table:
    """What one benchmark has to say."""

    title: str
    says: str  # what is compared, in a sentence or two
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(default=())
    plot: str | None = None  # as SVG

    @property
    def plot_name(self) -> str:
        """The name of the file that holds the plot."""
        return f"benchmarks-{self.title.lower().replace(' ', '-')}.svg"

    def markdown(self) -> str:
        """Return the table under its heading."""
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        notes = "".join(f"\n* {note}" for note in self.notes)
        plot = f"![{self.title}]({self.plot_name})\n\n" if self.plot else ""
        return f"## {self.title}\n\n{self.says}\n\n{plot}{table}\n" + (f"{notes}\n" if notes else "")


def shown(number: float) -> str:
    """Return *number* with as many digits as its size deserves."""
    return f"{number:,.0f}" if number >= 20 else f"{number:.1f}" if number >= 3 else f"{number:.2f}"


def micros(seconds: float) -> str:
    """Return a time as text."""
    return f"{shown(seconds * 1e6)} µs" if seconds < 1e-3 else f"{shown(seconds * 1e3)} ms"


def seconds(work: Work, times: int) -> float:
    """Return the seconds of CPU that one *work* takes, over *times* of it."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - start) / times
    finally:
        gc.enable()


def in_turn(works: Mapping[str, Work], turns: int = 15) -> dict[str, list[float]]:
    """Return, for each of *works*, its seconds in each of the *turns*."""
    times = {name: _often(work) for name, work in works.items()}
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(turns):
        for name, work in works.items():
            taken[name].append(seconds(work, times[name]))
    return taken


def _often(work: Work) -> int:
    """Return how often *work* is done to last long enough to be measured."""
    work()
    once = seconds(work, 1)
    return max(1, int(SHORTEST / max(once, 1e-7)))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Return how much longer *ours* takes than *theirs*, turn by turn."""
    found = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Ratio(statistics.median(found), min(found), max(found))
