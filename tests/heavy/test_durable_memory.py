"""durable-rules under valgrind: plainly used it reads what was never written; under our engine it does not.

    pytest tests/heavy/test_durable_memory.py

Needs valgrind; a missing one fails by name. Some minutes, as every instruction is watched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
LIBRARY = "durable_rules_engine"

PLAIN = """
from durable import engine

rules = engine.Ruleset("plain", None, {"r": {"all": [{"a": {"t": 1}}, {"b": {"$gt": {"d": {"a": "e"}}}}], "run": lambda c: None}})
for n in range(20):
    for message in ({"t": 1, "e": 5, "id": f"a{n}"}, {"d": 9, "id": f"b{n}"}):
        rules.do_actions(rules.assert_fact({**message, "sid": "0"}), lambda error, state: None)
    rules.retract_fact({"id": f"a{n}", "sid": "0"})
    rules.retract_fact({"id": f"b{n}", "sid": "0"})
"""

OURS = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
from hypothesis import HealthCheck, Phase, given, settings
from hazardrules.lifecycle import engines
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.pictures import picture
from lifecycle_stories import stories

durable, python = (engines.engine(name) for name in ("durable", "python"))

@settings(max_examples=40, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.generate])
@given(story=stories)
def agrees(story):
    assert picture(shipped(), story, durable) == picture(shipped(), story, python)

agrees()
"""


def complaints(code: str, folder: Path) -> int:
    """Return how many of valgrind's complaints about *code* come from within the library."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        pytest.fail("missing tool: valgrind")
    log = folder / "valgrind.txt"
    command = [valgrind, "--error-limit=no", "--num-callers=20", f"--log-file={log}", sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONMALLOC": "malloc"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    text = log.read_text(encoding="utf-8", errors="replace")
    assert "ERROR SUMMARY" in text
    return text.count(f"({LIBRARY}") + text.count(f"{LIBRARY}.")


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the library cannot be imported from Python 3.13 on")
@pytest.mark.parametrize(("code", "complains"), [(PLAIN, True), (OURS, False)], ids=["plainly", "ours"])
def test_what_was_never_written_is_read_only_without_the_adapter(code: str, complains: bool, tmp_path: Path) -> None:
    assert (complaints(code, tmp_path) > 0) is complains
