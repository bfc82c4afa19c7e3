"""The ledger under load: events into one file, and 100,000 hazards worked out again, by both engines.

The peer is SQLite itself: the same rows inserted into a table without index, check or chain. The
whole is done in processes of their own, so that each has its own peak of memory:

    python -m benchmarks.lifecycle rebuild FILE durable
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from hazardrules import HazardRulesError
from hazardrules.lifecycle import engines
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.events import Event, hazard_id
from hazardrules.lifecycle.ledger import Ledger
from hazardrules.lifecycle.store import Log

from .measuring import Table, in_turn, ratio, shown

HAZARDS, AT_ONE_PLANT = 100_000, 500
SLICE = 2_000  # hazards in each turn of the ratios
SINGLE = 300  # events written one by one
BATCH = 100_000  # events in one transaction
DAY = datetime(2026, 1, 1, 8)
RULES = ("gongmao-2023-11-06", "gongmao-2023-11-09", "gongmao-2023-12-01", "gongmao-2023-13-05")


# ------------------------------------------------------------------------------------ the events


def events(hazards: int) -> Iterator[Event]:
    """Yield what became of so many hazards: most are closed; some are rejected, overdue, found again, withdrawn."""
    number = 0
    for n in range(hazards):
        for kind, day, facts in _story(n):
            number += 1
            enterprise, rule, subject = f"企业{n // AT_ONE_PLANT}", RULES[n % len(RULES)], f"dust_system[{n}号]"
            at = DAY + timedelta(days=day + n % 90, minutes=n % 480)
            yield Event(f"e{number}", kind, at, "某人", enterprise, hazard_id(enterprise, rule, subject), facts)
        if n % 100 == 0:
            number += 1
            facts = {"number": f"罚{n}", "under_law": True}
            yield Event(f"e{number}", "penalty", DAY + timedelta(days=n % 360), "某局", f"企业{n // AT_ONE_PLANT}", None, facts)


def _story(n: int) -> Iterator[tuple[str, int, dict[str, Any]]]:
    rule, level = RULES[n % len(RULES)], "重大" if n % 3 == 0 else "一般"
    found = {"rule": rule, "document": "应急管理部令第10号", "clause": f"第{n % 40 + 1}项", "subject": f"dust_system[{n}号]"}
    found |= {"level": level, "fingerprint": f"f{n // 20}"}
    yield "opened", 0, found
    if n % 50 == 3:
        yield "withdrawn", 1, {"reason": "记错了设备", "evidence": "照片"}
        return
    yield "assigned", 1, {"to": "李四", "due": (DAY + timedelta(days=30 + n % 90)).date()}
    yield "started", 2, {}
    if n % 10 == 7:
        return  # nobody goes on: overdue
    if level == "重大":
        yield "reported", 2, {"body": "县应急管理局"}
        yield "fulfilled", 3, dict.fromkeys(["responsibility", "measures", "funds", "time_limit", "plan"], True)
    yield "submitted", 20, {"evidence": "照片"}
    if n % 7 == 0:
        yield "rejected", 21, {"reason": "仍然失效"}
        yield "submitted", 25, {}
    yield "rejudged", 26, {"verdict": "未命中", "fingerprint": f"g{n}", "inspected_on": (DAY + timedelta(days=26 + n % 90)).date()}
    yield "verified", 27, {}
    yield "closed", 28, {}
    if n % 40 == 1:
        yield "opened", 60, {**found, "fingerprint": f"h{n}"}


# ------------------------------------------------------------------------------------ the works


def plain(file: Path, rows: list[tuple[Any, ...]], *, single: bool = False) -> None:
    """Insert *rows* into a plain table, in one transaction or each in its own."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE IF NOT EXISTS plain (seq, id, enterprise, hazard, event, written, chain)")
        insert = "INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)"
        if single:
            for row in rows:
                db.execute(insert, row)
        else:
            db.execute("BEGIN")
            db.executemany(insert, rows)
            db.execute("COMMIT")


def append(file: Path, some: list[Event], *, single: bool = False) -> None:
    """Append *some* events to the log, in one transaction or each in its own."""
    with Log(file, shipped(), create=True) as log:
        for batch in [[event] for event in some] if single else [some]:
            log.append(batch)


def rebuild(file: Path, engine: str) -> None:
    """Read the log and work out every hazard and pattern."""
    with Ledger(file, engine=engine) as ledger:
        for _ in ledger.parts(ledger.log.last()):
            pass


def rows_of(file: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a log."""
    with closing(sqlite3.connect(file)) as db:
        yield from db.execute("SELECT seq, id, enterprise, hazard, event, written, chain FROM log ORDER BY seq")


# ------------------------------------------------------------------------------------ in turn


def compared(folder: Path, names: list[str]) -> list[list[str]]:
    """Return each work beside plain inserts of the same rows, for a slice of the hazards."""
    some = list(events(SLICE))
    log = folder / "slice.ledger"
    append(log, some)
    rows = list(rows_of(log))
    made = iter(range(10**6))
    works: dict[str, Callable[[], object]] = {
        "plain": lambda: plain(folder / f"{next(made)}.db", rows),
        "append": lambda: append(folder / f"{next(made)}.ledger", some),
    }
    works |= {name: lambda name=name: rebuild(log, name) for name in names}  # type: ignore[misc]
    taken = in_turn(works, turns=5)
    said = {"plain": "plain SQLite inserts", "append": "append to the log", **{n: f"rebuild, engine `{n}`" for n in names}}
    return [
        [said[name], f"{shown(len(some) / sorted(seconds)[len(seconds) // 2])}", str(ratio(seconds, taken["plain"]))]
        for name, seconds in taken.items()
    ]


def one_by_one(folder: Path) -> list[list[str]]:
    """Return the rate at which events are written each in its own transaction: by the clock, for the disk counts."""
    some = list(islice(events(SINGLE), SINGLE))
    log = folder / "single.ledger"
    append(log, some)
    rows = list(rows_of(log))
    taken: dict[str, list[float]] = {"plain": [], "append": []}
    for n in range(5):
        start = time.perf_counter()
        plain(folder / f"s{n}.db", rows, single=True)
        middle = time.perf_counter()
        append(folder / f"s{n}.ledger", some, single=True)
        taken["plain"].append(middle - start)
        taken["append"].append(time.perf_counter() - middle)
    said = {"plain": "plain SQLite inserts, one by one", "append": "append to the log, one by one"}
    return [
        [said[name], f"{shown(SINGLE / sorted(seconds)[2])}", str(ratio(seconds, taken["plain"]))]
        for name, seconds in taken.items()
    ]


# ------------------------------------------------------------------------------------ the whole


def whole(arguments: list[str]) -> dict[str, float]:
    """Do one work on the whole; return its seconds of CPU and the peak of memory in MB."""
    match arguments:
        case ["nothing"]:
            spent = 0.0
            shipped()
        case ["append", file]:
            spent, coming = 0.0, events(HAZARDS)
            while some := list(islice(coming, BATCH)):
                spent += _spent(lambda some=some: append(Path(file), some))  # type: ignore[misc]
        case ["plain", file, source]:
            spent, rows = 0.0, rows_of(Path(source))
            while several := list(islice(rows, BATCH)):
                spent += _spent(lambda several=several: plain(Path(file), several))  # type: ignore[misc]
        case ["rebuild", file, engine]:
            spent = _spent(lambda: rebuild(Path(file), engine))
        case _:
            sys.exit(__doc__)
    return {"seconds": spent, "peak": _peak()}


def _peak() -> float:
    """Return the most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux: what `resource` tells there may be that of the process that started this one
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def _spent(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def apart(*arguments: str) -> dict[str, float]:
    """Do `whole` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.lifecycle", *arguments]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(printed)
    return found


def measure() -> list[Table]:
    """Measure a slice in turn, and the whole once."""
    names = [name for name in engines.NAMES if _there(name)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [*compared(folder, names), *one_by_one(folder)]
        log = str(folder / "whole.ledger")
        empty = apart("nothing")["peak"]
        done = {"append to the log": apart("append", log)}
        done = {"plain SQLite inserts": apart("plain", str(folder / "whole.db"), log), **done}
        done |= {f"rebuild, engine `{engine}`": apart("rebuild", log, engine) for engine in names}
        count = sum(1 for _ in rows_of(Path(log)))
        size = Path(log).stat().st_size / 2**20
    base = done["plain SQLite inserts"]["seconds"]
    table = [
        [name, f"{shown(one['seconds'])} s", shown(one["seconds"] / base), f"{shown(one['peak'])} MB"]
        for name, one in done.items()
    ]
    return [
        Table(
            "The ledger: a slice, in turn",
            f"{SLICE:,} hazards; the rows that the log wrote are also inserted into a plain table of SQLite.",
            ("work", "events a second", "× plain inserts"),
            lines,
            [
                "Rebuilding reads the log and works out every hazard and every pattern anew.",
                f"One by one: {SINGLE} events, each on the disk before the next, by the clock; the rest is CPU time.",
            ],
        ),
        Table(
            f"The ledger: {HAZARDS:,} hazards",
            f"{count:,} events in one file of {shown(size)} MB, each work once, in a process of its own.",
            ("work", "CPU time", "× plain inserts", "peak of memory"),
            table,
            [f"A process that has only read the chart takes {shown(empty)} MB."],
        ),
    ]


def _there(name: str) -> bool:
    try:
        engines.engine(name)
    except HazardRulesError:
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(whole(sys.argv[1:])))
