"""Run the benchmarks, print their tables, and write them to docs/benchmarks.md.

    python -m benchmarks                  all of them, printed
    python -m benchmarks start scaling    some of them
    python -m benchmarks --write          all of them; docs/benchmarks.md and its plots are written anew

The name of each benchmark is that of its module; each has `measure() -> list[Table]`.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

from hazardrules.version import VERSION

from .contest import MissingPeersError
from .measuring import Table

NAMES = ("contest", "verdicts", "steps", "profiles", "scaling", "start", "lifecycle", "many")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEAD = """\
# 性能 · Benchmarks

数字是同一次运行里的比值（CPU 时间的中位数，括号里是最小和最大），机器不同、负载不同都会变；要看自己机器上的，运行
`python -m benchmarks`。*All figures are ratios within one run, medians with their spread; run `python -m benchmarks` for yours.*

{machine}

"""


def machine() -> str:
    """Return what machine this is."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    return (
        f"Machine: {cpu}, {os.cpu_count()} cores; {platform.system()}, {platform.python_implementation()} "
        f"{platform.python_version()}; hazardrules {VERSION}."
    )


def _lines(name: str) -> list[str]:
    file = Path(name)
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def main(arguments: list[str]) -> int:
    """Run what *arguments* name; return the exit code."""
    write = "--write" in arguments
    names = [name for name in arguments if name != "--write"] or list(NAMES)
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no benchmark {', '.join(unknown)} (there are: {', '.join(NAMES)})", file=sys.stderr)
        return 2
    tables: list[Table] = []
    for name in names:
        print(f"… {name}", file=sys.stderr)
        try:
            tables += importlib.import_module(f"benchmarks.{name}").measure()
        except MissingPeersError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
    page = HEAD.format(machine=machine()) + "\n".join(table.markdown() for table in tables)
    print(page)
    if write:
        PAGE.write_text(page, encoding="utf-8")
        for table in tables:
            if table.plot:
                (PAGE.parent / table.plot_name).write_text(table.plot, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
