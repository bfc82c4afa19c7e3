"""Every mutant of the shipped standards: a case notices it, or it is proved equivalent; and a run survives SIGKILL.

    pytest tests/heavy/test_mutation.py

Two to five minutes on two cores. A survivor is shown by `hazardrules mutate` with the case that is missing.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hazardrules

ROOT = Path(__file__).resolve().parents[2]

#: what no case can show, as cases take their gates as given → the test that shows it
BEYOND = {
    ("enterprise.noncoal_mining", "word"): "test_mutation.py::test_what_is_beyond_cases_in_the_shipped_standards",
}


def command(state: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "hazardrules", "mutate", "--format", "json", "--state", str(state), *more]


def run(state: Path, *more: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(command(state, *more), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    """Return the report on all shipped standards, nothing kept from before."""
    return run(tmp_path_factory.mktemp("whole") / "state.jsonl")


def test_every_mistake_that_a_case_can_notice_is_noticed(whole: tuple[int, dict[str, Any]]) -> None:
    code, data = whole
    missed = [f"{m['where']}: {m['owner']}: {m['kind']}: {m['before']} → {m['after']}" for m in data["mutants"]
              if m["outcome"] in ("survived", "undecided")]  # fmt: skip
    assert missed == []
    assert code == 0
    assert [d["document"] for d in data["documents"] if d["percent"] != 100] == []


def test_all_documents_with_rules_are_there(whole: tuple[int, dict[str, Any]]) -> None:
    found = {d["document"]: d["mutants"] for d in whole[1]["documents"]}
    with_rules = {standard.id for standard, _, _ in hazardrules.default().rulebook.rules()}
    assert found.keys() == {*with_rules, "facts", "lists"}
    assert found["gongmao-2023"] > 1500
    assert found["facts"] > 700
    assert sum(found.values()) > 7000


def test_what_is_beyond_cases_is_tested_otherwise(whole: tuple[int, dict[str, Any]]) -> None:
    beyond = [(m["owner"], m["kind"]) for m in whole[1]["mutants"] if m["outcome"] == "beyond"]
    assert sorted(beyond) == sorted(BEYOND)
    for place in BEYOND.values():
        file, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_a_run_killed_again_and_again_says_the_same(whole: tuple[int, dict[str, Any]], tmp_path: Path) -> None:
    state, kept = tmp_path / "state.jsonl", 0
    for _ in range(4):
        process = subprocess.Popen(command(state), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)  # fmt: skip
        goal, end = kept + 40, time.monotonic() + 300
        while process.poll() is None and lines(state) < goal and time.monotonic() < end:
            time.sleep(0.02)
        assert process.poll() is None, "it was done before it could be killed"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert lines(state) >= goal
        kept = lines(state)
    assert run(state) == whole


def test_workers_do_not_outlive_a_run_that_is_killed(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    process = subprocess.Popen(command(state), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    try:
        wait_for(lambda: lines(state) > 0)
        process.kill()
        process.wait()
        wait_for(lambda: not alive(process.pid))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0
