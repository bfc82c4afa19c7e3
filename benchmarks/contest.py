"""The same synthetic rules given to hazardrules and to its peers, on the same records; answers are compared first.

The peers stand in `requirements.txt` beside this file. Each is a small plug-in in `contestants/`.
"""

from __future__ import annotations

import importlib
import statistics
from importlib import metadata
from typing import Any

from . import synthetic
from .contestants import NAMES
from .measuring import Table, in_turn, micros, ratio, shown
from .plot import bars

RECORDS, GAPS = 10, 0.2


class MissingPeersError(Exception):
    """A peer is not installed."""


def contestants() -> list[Any]:
    """Return the plug-ins. Raises `MissingPeersError` naming what is not installed."""
    found = [importlib.import_module(f"{__package__}.contestants.{name}") for name in NAMES]
    lacking = [item.PACKAGE for item in found if item.PACKAGE and not _version(item.PACKAGE)]
    if lacking:
        raise MissingPeersError(f"not installed: {', '.join(lacking)}; pip install -r benchmarks/requirements.txt")
    return found


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def measure() -> list[Table]:
    """Check that all agree, and measure."""
    rules = synthetic.rules()
    whole = [synthetic.record(seed) for seed in range(RECORDS)]
    holed = [synthetic.record(seed, GAPS) for seed in range(RECORDS)]
    works, plugs = {}, {}
    for plug in contestants():
        judge = plug.prepare(rules)
        check(plug, judge, rules, whole)
        if plug.THREE_VALUED:
            check(plug, judge, rules, holed)
        plugs[plug.NAME] = plug
        works[plug.NAME] = lambda judge=judge: [judge(record) for record in whole]
    taken = in_turn(works, turns=7)
    ours = taken["hazardrules"]
    medians = {name: statistics.median(seconds) / RECORDS for name, seconds in taken.items()}
    times = {name: ratio(seconds, ours) for name, seconds in taken.items()}
    rows = [
        [
            name, _version(plug.PACKAGE) if plug.PACKAGE else "—", "yes" if plug.THREE_VALUED else "no",
            micros(medians[name]), str(times[name]), plug.LACKS,
        ]
        for name, plug in sorted(plugs.items(), key=lambda item: medians[item[0]])
    ]  # fmt: skip
    return [
        Table(
            "Beside other engines",
            f"{len(rules)} synthetic rules, 8 of them over the parts in a list, on {RECORDS} records of 60 facts and three lists of 5 "
            "to 50 parts, parsed already and nothing missing (most peers have no answer for a missing fact); each engine in the way "
            "its documentation shows, prepared once. All give the same answers; those with three answers also with a fifth of the facts "
            f"missing. Aims: {shown(5)} × or more ahead of every engine.",
            ("engine", "version", "unknown is an answer", "a record", "÷ hazardrules", "what it lacks here"),
            rows,
            plot=bars({name: value.median for name, value in times.items()}, "times the cost of hazardrules (logarithmic)"),
        )
    ]


def check(plug: Any, judge: Any, rules: list[synthetic.Condition], records: list[synthetic.Record]) -> None:
    """Compare the answers of a contestant with the reference."""
    for record in records:
        expected = [synthetic.answer(rule, record) for rule in rules]
        got = [answer if answer is None else bool(answer) for answer in judge(record)]
        assert got == expected, f"{plug.NAME}: {got} is not {expected}"
