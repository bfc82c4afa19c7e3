"""`classify-many` killed again and again, the process or a worker: in the end every row is there, once.

Run alone: `pytest tests/heavy/test_many_killed.py` (Linux: children are found in /proc).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

KIND, COUNT = "dust_system", 40_000
METHODS = ("干式", "湿式", "干法", None)  # one of four is no choice


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of subjects, one of four of which cannot be judged."""
    chance = random.Random(1)
    path = tmp_path_factory.mktemp("many") / "in.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for n in range(COUNT):
            row = {"id": f"s{n}", "method": chance.choice(METHODS), "dusts": ["木质粉尘"], "airlock": "未设置", "note": "x" * 300}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def start(source: Path, out: Path) -> subprocess.Popen[bytes]:
    words = ["classify-many", str(source), str(out), "--subject", KIND, "--full", "none", "--block", "1", "--workers", "2"]
    options = ["--industry", "dust_explosion", "--on", "2026-03-01"]
    return subprocess.Popen([sys.executable, "-m", "hazardrules", *words, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def children(pid: int) -> list[int]:
    """Return the processes that *pid* has started and that judge: not the one that tracks resources."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(word) for word in path.read_text().split()] if path.exists() else []
    return [child for child in found if b"spawn_main" in (Path(f"/proc/{child}/cmdline").read_bytes() if alive(child) else b"")]


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def parts(out: Path) -> list[Path]:
    return sorted((out / "parts").glob("0*")) if (out / "parts").exists() else []


def wait_for(process: subprocess.Popen[bytes], out: Path, count: int) -> None:
    """Wait until *count* parts are there, or the run is over."""
    while process.poll() is None and len(parts(out)) < count:
        time.sleep(0.01)


def check(source: Path, out: Path) -> None:
    """Assert that every row of *source* is judged once or told as bad once."""
    codes = pl.concat([pl.read_parquet(part / f"codes-{KIND}.parquet") for part in parts(out)])
    bad = [json.loads(line) for line in (out / "bad.ndjson").read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    wrong = [n for n, row in enumerate(rows, 1) if row["method"] == "干法"]
    right = [n for n, row in enumerate(rows, 1) if row["method"] != "干法"]
    assert codes["row"].to_list() == right
    assert [item["row"] for item in bad] == wrong
    assert codes["id"].to_list() == [rows[n - 1]["id"] for n in right]
    hit = {"干式": 1, "湿式": -2, None: -1}
    assert codes["gongmao-2023-11-06"].to_list() == [hit[rows[n - 1]["method"]] for n in right]
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["judged"], summary["bad"]) == (len(right), len(wrong))
    assert not list((out / "parts").glob(".writing*"))


def test_killed_at_many_points(source: Path, tmp_path: Path) -> None:
    out, chance = tmp_path / "out", random.Random(2)
    kept: dict[Path, int] = {}
    for _ in range(30):
        process = start(source, out)
        wait_for(process, out, len(parts(out)) + chance.choice((0, 1, 1, 2, 3)))
        time.sleep(chance.random() * 0.3)
        workers = children(process.pid)
        process.kill()
        process.wait()
        for path, changed in kept.items():
            assert path.stat().st_mtime_ns == changed  # what was there stays as it was
        deadline = time.monotonic() + 10
        while any(map(alive, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(map(alive, workers)), "workers outlive the process that started them"
        kept = {path: path.stat().st_mtime_ns for path in parts(out)}
        if process.returncode == 1:
            break
    process = start(source, out)
    _, errors = process.communicate()
    assert process.returncode == 1, errors  # some rows are bad
    check(source, out)


def test_a_killed_worker_stops_nothing(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(source, out)
    wait_for(process, out, 3)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == 1, errors
    check(source, out)


def test_workers_that_are_always_killed_end_the_run_with_a_word(source: Path, tmp_path: Path) -> None:
    process = start(source, tmp_path / "out")
    while process.poll() is None:
        for child in children(process.pid):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)
    assert process.returncode == 2
    assert "工作进程一再被终止" in process.communicate()[1].decode()
    finished = start(source, tmp_path / "out")
    finished.communicate()
    assert finished.returncode == 1
    check(source, tmp_path / "out")
