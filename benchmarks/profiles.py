"""Where the time of one classification goes, before the work on speed and now.

    python -m benchmarks profiles
    HAZARDRULES_BEFORE=<commit> python -m benchmarks profiles     beside another commit

Both checkouts judge one record by the standards of the earlier one, each in a process of its own, in
turn; the answers are compared first. The earlier one comes from the history of this repository.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .measuring import Table, micros, ratio

ROOT = Path(__file__).resolve().parent.parent
BEFORE = os.environ.get("HAZARDRULES_BEFORE", "7dbe9e3")  # the last commit before the work on speed
SUBJECTS, TURNS, MOST = 10, 5, 12


def measure() -> list[Table]:
    """Compare the answers, then measure."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        archive = subprocess.run(["git", "-C", str(ROOT), "archive", BEFORE, "src", "standards"], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        found: dict[str, list[dict[str, Any]]] = {"before": [], "now": []}
        for _ in range(TURNS):
            for name, checkout in (("before", tree), ("now", ROOT)):
                found[name].append(_run(checkout, tree / "standards"))
    assert found["before"][0]["verdicts"] == found["now"][0]["verdicts"], "the two checkouts judge differently"
    return [_steps(found), _rooms(found)]


def _run(checkout: Path, standards: Path) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(checkout / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "benchmarks.profiled", str(standards), str(SUBJECTS)]
    made = subprocess.run(command, check=True, capture_output=True, env=environment, cwd=checkout)
    found: dict[str, Any] = json.loads(made.stdout)
    assert Path(found["from"]).is_relative_to(checkout), found["from"]
    return found


def _steps(found: dict[str, list[dict[str, Any]]]) -> Table:
    lines = []
    for step in found["now"][0]["steps"]:
        taken = {name: [run["steps"][step] for run in runs] for name, runs in found.items()}
        medians = (micros(statistics.median(taken[name])) for name in ("before", "now"))
        lines.append([step, *medians, str(ratio(taken["before"], taken["now"]))])
    return Table(
        "Before and after the work on speed: the steps",
        f"A record of {SUBJECTS} dust removal systems, judged by commit {BEFORE} and by this checkout under the standards of "
        "that commit; the verdicts are compared first.",
        ("step", "before", "now", "before ÷ now"),
        lines,
    )


def _rooms(found: dict[str, list[dict[str, Any]]]) -> Table:
    shares = {
        name: {room: statistics.median(run["rooms"].get(room, 0.0) for run in runs) for run in runs for room in run["rooms"]}
        for name, runs in found.items()
    }
    whole = {name: statistics.median(run["steps"]["classify"] for run in runs) for name, runs in found.items()}
    rooms = sorted(shares["before"] | shares["now"], key=lambda room: -max(s.get(room, 0.0) for s in shares.values()))
    lines = [
        [room, *(f"{shares[n].get(room, 0):.0%} ({micros(shares[n].get(room, 0) * whole[n])})" for n in ("before", "now"))]
        for room in rooms[:MOST]
    ]
    return Table(
        "Before and after the work on speed: where the time goes",
        "The share of each room in the time of one classification (level, counts, notices; reasons where that checkout made "
        f"them at once), by the profiler, which makes small functions look dearer than they are. The {MOST} greatest.",
        ("room", "before", "now"),
        lines,
    )
