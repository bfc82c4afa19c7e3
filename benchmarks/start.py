"""What a start costs: importing, a command on a small file, reading the standards with and without the cache."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .measuring import Ratio, Table, shown
from .steps import INDUSTRY

TURNS = 9
RECORD = {"dust_system": [{"id": "3号", "dusts": ["木质粉尘"], "method": "干式", "airlock": "未设置"}]}


def cost(arguments: list[str], **environment: str) -> tuple[float, float]:
    """Return the seconds of CPU and of the clock that a fresh interpreter with *arguments* takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = os.times().elapsed
    subprocess.run([sys.executable, *arguments], check=False, capture_output=True, env={**os.environ, **environment})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, os.times().elapsed - start


def measure() -> list[Table]:
    """Measure starts in turn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.json"
        file.write_text(json.dumps(RECORD, ensure_ascii=False), encoding="utf-8")
        classify = ["-m", "hazardrules", "classify", str(file), "--industry", INDUSTRY]
        starts: dict[str, tuple[list[str], dict[str, str]]] = {
            "python": (["-c", "pass"], {}),
            "import pydantic": (["-c", "import pydantic"], {}),
            "import hazardrules": (["-c", "import hazardrules"], {}),
            "hazardrules classify, standards kept": (classify, {"HAZARDRULES_CACHE": folder}),
            "hazardrules classify, nothing kept": (classify, {"HAZARDRULES_CACHE": "off"}),
        }
        for arguments, environment in starts.values():
            cost(arguments, **environment)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in starts}
        for _ in range(TURNS):
            for name, (arguments, environment) in starts.items():
                taken[name].append(cost(arguments, **environment))
    base = [cpu for cpu, _ in taken["import pydantic"]]
    lines = []
    for name, costs in taken.items():
        ratios = [cpu / other for (cpu, _), other in zip(costs, base, strict=True)]
        lines.append(
            [
                name,
                f"{statistics.median(cpu for cpu, _ in costs) * 1e3:.0f} ms",
                f"{statistics.median(clock for _, clock in costs) * 1e3:.0f} ms",
                str(Ratio(statistics.median(ratios), min(ratios), max(ratios))),
            ]
        )
    return [
        Table(
            "Starts",
            f"Fresh interpreters in turn, medians of {TURNS}; the file has one subject. Aims: importing within 2 × of "
            f"importing pydantic alone, the command under half a second. (A ratio of {shown(1.0)} is pydantic's own.)",
            ("start", "CPU", "clock", "CPU ÷ import pydantic"),
            lines,
        )
    ]
