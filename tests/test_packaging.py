"""What is built: a wheel and a source archive that hold everything, and that work on a fresh machine.

Built from a copy, so that nothing is left in the tree; the wheel is made from the source archive.
"""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

import hazardrules

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
COPIED = ("src", "standards", "schema", "tests", "docs", "examples")
RECORD = {
    "inspection": {"date": "2026-03-01"},
    "dust_system": [{"id": "3号", "dusts": ["木质粉尘"], "method": "干式", "airlock": "失效"}],
}
OFFLINE = re.compile(r"NewConnectionError|ConnectionError|ProxyError|Temporary failure|getaddrinfo|timed out|Network is unreachable")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run *command* apart from this process's own packages and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "HAZARDRULES_LANG")}
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
        capture_output=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    if ran.returncode and OFFLINE.search(ran.stdout + ran.stderr):
        pytest.skip("no package index can be reached")
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@dataclass(frozen=True)
class Built:
    """The archives, and the names of the files in each (those of the source archive without its top folder)."""

    wheel: Path
    source: Path
    in_wheel: frozenset[str]
    in_source: frozenset[str]

    def metadata(self) -> Message:
        """Return the wheel's metadata."""
        (name,) = [name for name in self.in_wheel if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(zipfile.ZipFile(self.wheel).read(name))


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder *name*, filled by the first of pytest's processes that asks; the others wait."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place, outcome = base / name, base / f"{name}.outcome"
    try:
        place.mkdir()
    except FileExistsError:
        until = time.monotonic() + 600
        while not outcome.exists():
            assert time.monotonic() < until, f"{name} is not finished"
            time.sleep(0.2)
    else:
        told = ""
        try:
            make(place)
        except BaseException as error:
            told = f"{type(error).__name__}: {error}"
            raise
        finally:
            (base / f"{name}.writing").write_text(told, encoding="utf-8")
            (base / f"{name}.writing").rename(outcome)
    told = outcome.read_text(encoding="utf-8")
    if told.startswith("Skipped"):
        pytest.skip(told)
    assert told == ""
    return place


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build both archives from a copy of the tree."""
    pytest.importorskip("build")

    def make(place: Path) -> None:
        copy = place / "copy"
        copy.mkdir()
        for file in ROOT.iterdir():
            if file.is_file() and not file.name.startswith("."):
                shutil.copy(file, copy)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"))
        run(sys.executable, "-m", "build", "--outdir", place / "dist", copy, cwd=place)
        shutil.rmtree(copy)

    dist = once(tmp_path_factory, "built", make) / "dist"
    (wheel,), (source,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as zipped, tarfile.open(source) as tarred:
        files = [member.name.partition("/")[2] for member in tarred if member.isfile()]
        return Built(wheel, source, frozenset(zipped.namelist()), frozenset(files))


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel without extras into a fresh environment, from wheels alone; return its programs' folder."""
    programs = "Scripts" if os.name == "nt" else "bin"

    def make(place: Path) -> None:
        run(sys.executable, "-m", "venv", place, cwd=place)
        pip = (place / programs / "python", "-m", "pip")
        run(*pip, "install", "--quiet", "--only-binary=:all:", built.wheel, cwd=place)

    return once(tmp_path_factory, "installed", make) / programs


def files_below(folder: Path, *endings: str) -> set[str]:
    """Return the files below *folder* with one of *endings*, relative to it."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix in endings)
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


# ------------------------------------------------------------------------------------------ archives


def test_the_wheel_holds_every_file_of_the_standards(built: Built) -> None:
    wanted = files_below(ROOT / "standards", ".yaml", ".json") | {"VERSION"}
    assert len(wanted) > 200
    assert {name.removeprefix("hazardrules/standards/") for name in built.in_wheel} >= wanted


def test_the_wheel_holds_every_module_and_the_mark_of_types(built: Built) -> None:
    wanted = files_below(ROOT / "src" / "hazardrules", ".py", ".html", ".css", ".js")
    assert {"files/documents.py", "handbook/templates/base.html", "handbook/assets/handbook.css"} <= wanted
    assert {f"hazardrules/{name}" for name in (*wanted, "py.typed", "standards/__init__.py")} <= built.in_wheel


def test_the_wheel_holds_nothing_else(built: Built) -> None:
    tops = {PurePosixPath(name).parts[0] for name in built.in_wheel}
    assert tops == {"hazardrules", f"hazardrules-{hazardrules.__version__}.dist-info"}
    odd = [name for name in built.in_wheel if not re.search(r"\.(py|yaml|json|md|typed|html|css|js)$|/standards/VERSION$|\.dist-info/", name)]
    assert odd == []
    assert not [name for name in built.in_wheel if "__pycache__" in name or "/tests/" in name]


def test_the_wheel_is_for_every_machine(built: Built) -> None:
    assert built.wheel.name == f"hazardrules-{hazardrules.__version__}-py3-none-any.whl"


def test_the_source_archive_holds_what_the_wheel_is_made_of(built: Built) -> None:
    """The wheel itself was made from it."""
    wanted = {f"standards/{name}" for name in files_below(ROOT / "standards", ".yaml", ".json", ".py")}
    wanted |= {f"src/hazardrules/{name}" for name in files_below(ROOT / "src" / "hazardrules", ".py", ".typed")}
    assert wanted | {"pyproject.toml", "README.md", "LICENSE"} <= built.in_source


def test_metadata(built: Built) -> None:
    told = built.metadata()
    assert (told["Name"], told["Version"]) == ("hazardrules", hazardrules.__version__)
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["Version"])
    assert told["Requires-Python"] == ">=3.11"
    assert told["License-Expression"] == "Apache-2.0"
    assert "判定" in str(told.get_payload()) or "判定" in str(told.get_payload(decode=True), "utf-8")
    claimed = [value for value in told.get_all("Classifier", []) if re.search(r":: 3\.\d+$", value)]
    assert claimed == ["Programming Language :: Python :: 3.11"], "claimed no further than it was tested"


def test_the_core_needs_few_libraries(built: Built) -> None:
    needs = built.metadata().get_all("Requires-Dist", [])
    core = {re.split(r"[<>=!~ ;]", need)[0].lower() for need in needs if "extra ==" not in need}
    assert core == {"pydantic", "pyyaml", "jsonschema", "click", "orjson"}


def test_the_licence_is_the_one_that_is_named(built: Built) -> None:
    (name,) = [name for name in built.in_wheel if name.endswith("LICENSE")]
    text = zipfile.ZipFile(built.wheel).read(name).decode()
    assert "Apache License" in text
    assert "Version 2.0" in text


# --------------------------------------------------------------------------------- on a fresh machine


def test_a_fresh_environment_has_nothing_but_the_core(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(run(installed / "python", "-m", "pip", "list", "--format", "json", cwd=tmp_path))
    names = {package["name"].lower().replace("-", "_") for package in listed}
    assert "hazardrules" in names
    assert names & {"pytest", "hypothesis", "durable_rules", "build", "typer", "pandas", "polars"} == set()
    run(installed / "python", "-m", "pip", "check", cwd=tmp_path)


def test_the_installed_program_judges_as_this_one(installed: Path, tmp_path: Path) -> None:
    record = tmp_path / "记录.json"
    record.write_text(json.dumps(RECORD), encoding="utf-8")
    told = run(installed / "hazardrules", "classify", record, "--industry", "dust_explosion", "--format", "json", cwd=tmp_path)
    here = hazardrules.classify(RECORD, industry="dust_explosion")
    assert json.loads(told) == here.to_dict()
    assert here.level is hazardrules.Level.MAJOR


@pytest.mark.parametrize(("arguments", "words"), [
    (["--version"], f"hazardrules {hazardrules.__version__}"),
    (["--help"], "用法"),
    (["standards"], "应急管理部令第10号"),
    (["facts", "--industry", "confined_space"], "confined_space:"),
    (["show", "第十一条第（六）项"], "gongmao-2023-11-06"),
    (["lint"], "没有问题"),
])  # fmt: skip
def test_every_command_works_where_it_is_installed(installed: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in run(installed / "hazardrules", *arguments, cwd=tmp_path)
    assert words in run(installed / "python", "-m", "hazardrules", *arguments, cwd=tmp_path)


@pytest.mark.parametrize(("arguments", "extra"), [
    (["classify-many", "in.csv", "out"], "frames"),
    (["handbook", "out"], "maintain"),
    (["ledger", "replay", "--ledger", "l.db", "--engine", "durable"], "durable"),
])  # fmt: skip
def test_what_is_not_installed_is_told_with_its_extra(installed: Path, tmp_path: Path, arguments: list[str], extra: str) -> None:
    made = subprocess.run([installed / "hazardrules", *arguments], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert made.returncode == 2
    assert f"pip install 'hazardrules[{extra}]'" in made.stderr
    assert "Traceback" not in made.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_installed_library_is_typed_and_reads_its_own_standards(installed: Path, tmp_path: Path) -> None:
    code = (
        "import hazardrules, json; from importlib import resources\n"
        "print(json.dumps([hazardrules.__file__, resources.files('hazardrules').joinpath('py.typed').is_file(),"
        " len(list(hazardrules.default().rulebook.rules())), hazardrules.default().rulebook.fingerprint]))"
    )
    told: list[Any] = json.loads(run(installed / "python", "-c", code, cwd=tmp_path))
    rulebook = hazardrules.default().rulebook
    assert Path(told[0]).is_relative_to(installed.parent)
    assert told[1:] == [True, len(list(rulebook.rules())), rulebook.fingerprint]
