"""A ledger whose writers are killed (SIGKILL) at many points: what was accepted is there, once, and whole.

    pytest tests/heavy/test_lifecycle_crash.py

A writer prints the number of an event once it was accepted. Whatever it printed before it was killed
has to be in the log; at most the event that it was at may be there besides.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hazardrules import HazardRulesError
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.events import Event
from hazardrules.lifecycle.ledger import Ledger
from hazardrules.lifecycle.machine import Machine
from hazardrules.lifecycle.pictures import picture
from hazardrules.lifecycle.store import Log

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from lifecycle_stories import event, found  # noqa: E402

WRITER = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from test_lifecycle_crash_story import batches
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.store import Log

path, name, size, deadly = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
statements = 0

def count(statement):
    global statements
    statements += 1
    if statements == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

connect = __import__("sqlite3").connect
def traced(*args, **options):
    database = connect(*args, **options)
    database.set_trace_callback(count)
    return database
if deadly:
    __import__("sqlite3").connect = traced

with Log(path, shipped(), create=True) as log:
    for n, batch in enumerate(batches(name, size)):
        log.append(batch)
        print(n, flush=True)
print("done", statements, flush=True)
"""

COUNT = 240  # events of one writer


def story(name: str) -> list[Event]:
    """Return the events of the writer *name*: hazards found and assigned, of its own."""
    events = []
    for n in range(COUNT // 2):
        subject = f"dust_system[{name}{n}]"
        opened = found(f"2026-03-01 08:{n % 60:02}", subject=subject, by=name)
        events += [opened, event("assigned", "2026-03-02", by=name, hazard=opened.hazard, facts={"to": "李四"})]
    return events


def batches(name: str, size: int) -> Iterator[list[Event]]:
    """Yield the story of the writer *name* in batches."""
    events = story(name)
    for n in range(0, len(events), size):
        yield events[n : n + size]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the writer's program; the story is imported from this file."""
    (tmp_path / "test_lifecycle_crash_story.py").write_text(
        f"import sys\nsys.path[:0] = [{str(TESTS)!r}, {str(TESTS / 'heavy')!r}]\n"
        "from test_lifecycle_crash import batches\n",
        encoding="utf-8",
    )
    (tmp_path / "writer.py").write_text(WRITER.format(tests=str(tmp_path)), encoding="utf-8")
    return tmp_path


def start(place: Path, name: str = "甲", size: int = 1, deadly: int = 0) -> subprocess.Popen[str]:
    """Start a writer; it kills itself at the SQLite statement number *deadly*, if that is not 0."""
    command = [sys.executable, "writer.py", "hazards.db", name, str(size), str(deadly)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, encoding="utf-8", env=environment)


def accepted(writer: subprocess.Popen[str]) -> tuple[list[int], bool]:
    """Wait for a writer to end; return the batches that it said were accepted, and whether it came to its end."""
    printed, _ = writer.communicate()
    lines = printed.splitlines()
    return [int(line) for line in lines if line.isdigit()], any(line.startswith("done") for line in lines)


def check(place: Path, name: str, size: int, said: list[int]) -> int:
    """Check the log against what a writer said was accepted; return how many of its batches are there."""
    path = place / "hazards.db"
    expected = story(name)
    try:
        with Log(path, shipped()) as log:
            log.check()
            events = [e for e in log.events() if e.by == name]
    except HazardRulesError as error:
        assert "没有这个台账" in str(error)  # killed before there was any
        assert said == []
        return 0
    assert events == expected[: len(events)]  # in order, each once, nothing else
    whole, rest = -(-len(events) // size), len(events) % size
    assert rest == 0 or len(events) == len(expected)  # of a batch all or nothing; the last one may be smaller
    assert len(said) <= whole <= len(said) + 1  # what was accepted, and perhaps what it was at
    return whole


def test_killed_at_every_statement(place: Path) -> None:
    """The first dozens of statements, one by one: making the file, and the first batches."""
    assert accepted(start(place, size=80)) == ([0, 1, 2], True)
    points = 60
    for deadly in range(1, points + 1):
        for file in place.glob("hazards.db*"):
            file.unlink()
        said, done = accepted(start(place, size=80, deadly=deadly))
        assert not done, f"statement {deadly} never came"
        check(place, "甲", 80, said)
        with Log(place / "hazards.db", shipped(), create=True) as log:  # the same again, from the beginning
            for batch in batches("甲", 80):
                log.append(batch)
        assert check(place, "甲", 80, [0, 1, 2]) == 3


def test_killed_at_random_moments_and_begun_again(place: Path) -> None:
    """Killed in the midst of writing to the disk too; each run sends everything from the beginning."""
    chance = random.Random(20261122)
    there, kills = 0, 0
    while kills < 40:
        writer = start(place)
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 12)):
            writer.stdout.readline()
        time.sleep(chance.random() * 0.01)
        writer.kill()
        kills += 1
        _, done = accepted(writer)
        with Log(place / "hazards.db", shipped()) as log:
            log.check()
            assert log.count() >= there  # nothing that was there is gone
            there = log.count()
        if done:
            break
    accepted(start(place))
    check(place, "甲", 1, list(range(COUNT)))


@pytest.mark.parametrize("size", [1, 7])
def test_what_was_said_to_be_accepted_is_there(place: Path, size: int) -> None:
    chance = random.Random(size)
    for _ in range(25):
        for file in place.glob("hazards.db*"):
            file.unlink()
        writer = start(place, size=size)
        assert writer.stdout is not None
        said = []
        for _ in range(chance.randrange(1, 30)):
            line = writer.stdout.readline()
            if line.strip().isdigit():
                said.append(int(line))
        time.sleep(chance.random() * 0.004)
        writer.kill()
        more, _ = accepted(writer)
        check(place, "甲", size, said + more)


def test_four_writers_killed_again_and_again(place: Path) -> None:
    """They write to one file at the same time; in the end all is there once, and the states are the right ones."""
    chance = random.Random(4)
    names = ["甲", "乙", "丙", "丁"]
    deadline = time.monotonic() + 240
    writers = {name: start(place, name, size=3) for name in names}
    kills = 0
    while kills < 30:
        time.sleep(chance.random() * 0.4 + 0.1)
        name = chance.choice(names)
        writers[name].kill()
        writers[name].communicate()
        writers[name] = start(place, name, size=3)
        kills += 1
    for name, writer in writers.items():
        while not accepted(writer)[1]:
            assert time.monotonic() < deadline
            writer = start(place, name, size=3)  # noqa: PLW2901 - until it came to its end
    expected = [event for name in names for event in story(name)]
    with Ledger(place / "hazards.db") as ledger:
        done = ledger.replay()
        written = list(ledger.log.events())
    assert done.entries == len(expected)
    assert sorted(e.id for e in written) == sorted(e.id for e in expected)
    assert done.picture == picture(shipped(), expected, Machine())


def test_a_command_that_was_killed_left_all_or_nothing(place: Path) -> None:
    """`hazardrules ledger record` itself: once it printed, its event is there."""
    with Log(place / "hazards.db", shipped(), create=True) as log:
        log.append([found()])
    chance = random.Random(5)
    said = 0
    for n in range(25):
        day = f"2026-04-{n + 1:02}"
        command = [sys.executable, "-m", "hazardrules", "ledger", "record", "told_staff", str(found().hazard)]
        command += ["--ledger", "hazards.db", "--by", "甲", "--at", day]
        process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(chance.random() * 0.8)
        process.kill()
        printed, _ = process.communicate()
        with Log(place / "hazards.db", shipped()) as log:
            log.check()
            there = [e for e in log.events() if str(e.at).startswith(day)]
        said += bool(printed)
        assert len(there) <= 1
        if printed:
            assert len(there) == 1
    assert 0 < said < 25  # some were killed before, some after
