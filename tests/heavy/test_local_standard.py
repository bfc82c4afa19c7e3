"""The example of a third party's standards, installed as a package beside the library, in a fresh environment.

    pytest tests/heavy/test_local_standard.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import documents  # noqa: E402 - the helper of the tests one folder up

RECORD = {
    "inspection": {"date": "2026-05-01"},
    "enterprise": {"yunze_located": "是"},
    "dust_system": [{"id": "抛光", "dusts": ["铝镁等金属粉尘"], "method": "干式", "airlock": "失效", "yunze_platform": "停用"}],
}


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "HAZARDRULES_LANG")}
    ran = subprocess.run([str(part) for part in command], cwd=cwd, env=kept, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == code, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of a fresh environment with the library and the example, each built and installed."""
    place = tmp_path_factory.mktemp("fresh")
    copies = place / "copies"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*", "build", "node_modules")
    for name in ("src", "standards", "schema"):
        shutil.copytree(ROOT / name, copies / "library" / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copies / "library")
    shutil.copytree(ROOT / "examples" / "local-standard", copies / "example", ignore=ignored)
    run(sys.executable, "-m", "venv", place / "env", cwd=place)
    found = place / "env" / ("Scripts" if os.name == "nt" else "bin")
    run(found / "python", "-m", "pip", "install", "--quiet", copies / "library", copies / "example", cwd=place)
    shutil.rmtree(copies)
    return found


@pytest.fixture
def record(tmp_path: Path) -> Path:
    file = tmp_path / "记录.json"
    file.write_text(json.dumps(RECORD), encoding="utf-8")
    return file


def test_the_package_holds_every_file(programs: Path, tmp_path: Path) -> None:
    code = "from hazardrules.places import folder_of; print(folder_of('yunze'))"
    folder = Path(run(programs / "python", "-c", code, cwd=tmp_path).strip())
    own = ROOT / "examples" / "local-standard" / "yunze_standards"
    wanted = {path.relative_to(own) for path in own.rglob("*.yaml")} | {Path("VERSION")}
    assert {path for path in wanted if not (folder / path).is_file()} == set()
    assert folder.is_relative_to(programs.parent)


def test_it_counts_where_it_is_asked_for_and_nowhere_else(programs: Path, record: Path) -> None:
    cwd = record.parent
    asked = run(programs / "hazardrules", "classify", record, "--industry", "dust_explosion", "--standards", "yunze", "--format", "json", cwd=cwd)
    found = {finding["rule"] for finding in json.loads(asked)["findings"] if finding["verdict"] == "hit"}
    assert {"yunze-2026-03", "gongmao-2023-11-06"} <= found
    assert "yunze_located" in run(programs / "hazardrules", "classify", record, "--industry", "dust_explosion", cwd=cwd, code=2)
    assert "已安装、没有选用的标准：yunze" in run(programs / "hazardrules", "standards", cwd=cwd)


def test_it_is_checked_by_the_same_commands(programs: Path, tmp_path: Path) -> None:
    assert "没有问题；规则 2 条" in run(programs / "hazardrules", "lint", "yunze", cwd=tmp_path)
    assert "失败 0" in run(programs / "hazardrules", "test", "yunze", cwd=tmp_path)
    assert "100%" in run(programs / "hazardrules", "mutate", "yunze", "--fresh", "--state", tmp_path / "state", cwd=tmp_path)
    assert "yunze_platform" in run(programs / "hazardrules", "facts", "--standards", "yunze", "--subject", "dust_system", cwd=tmp_path)
    code = "import hazardrules as hr; print(hr.load('yunze').rulebook.version)"
    assert run(programs / "python", "-c", code, cwd=tmp_path).strip().endswith("+yunze.1.0.0")


def test_the_guide_works_as_written(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    lines = documents.commands("docs/local-standards.md")
    assert len(lines) > 10
    for line in lines:
        code, printed = documents.run(line, tmp_path)
        assert code == 0, f"{line}\n{printed}"
    made = {str(path.relative_to(tmp_path / "hexi_standards")) for path in (tmp_path / "hexi_standards").rglob("*.yaml")}
    assert made == {"corpus.yaml", "hexi-2026/standard.yaml", "hexi-2026/03.yaml", "facts/hexi_charging_room.yaml", "additions/dust_system.yaml"}
    corpus = (tmp_path / "hexi_standards" / "corpus.yaml").read_text("utf-8")
    told = next(block for block in documents.blocks("docs/local-standards.md", "yaml") if "namespace" in block)
    assert [line for line in told.splitlines()[1:] if line not in corpus] == []
