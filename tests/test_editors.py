"""Schemas for editors: true JSON Schema, fresh, and right about every shipped file and about wrong ones.

`tests/heavy/test_editor.py` runs an editor's language server with them.
"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hazardrules import default
from hazardrules.cli import main
from hazardrules.files import load
from hazardrules.maintain import editors, schemas
from hazardrules.reading import read_file, read_yaml

ROOT = Path(__file__).resolve().parents[1]
STANDARDS = ROOT / "standards"
GOOD = Path(__file__).parent / "bad_standards" / "good"
MADE = editors.for_editors(load())
BY_SUBJECT = {rule["if"]["properties"]["subject"]["const"] for rule in MADE["clause"]["$defs"]["RuleModel"]["allOf"]}


def plain(data: Any) -> Any:
    """Return *data* as JSON would give it: no exact numbers."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, list) else float(data) if isinstance(data, Decimal) else data


def complaints(sort: str, data: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft202012Validator(MADE[sort]).iter_errors(plain(data))]


def test_they_are_fresh() -> None:
    stale = [str(file.relative_to(ROOT)) for file in editors.stale(STANDARDS, default().rulebook)]
    assert stale == [], "python scripts/refresh_docs.py writes them anew"


@pytest.mark.parametrize("sort", MADE)
def test_they_are_json_schema(sort: str) -> None:
    Draft202012Validator.check_schema(MADE[sort])


def test_every_reference_leads_somewhere() -> None:
    def visit(schema: Any, whole: Any) -> int:
        if isinstance(schema, list):
            return sum(visit(item, whole) for item in schema)
        if not isinstance(schema, dict):
            return 0
        if isinstance(schema.get("$ref"), str):
            found = whole
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
        return isinstance(schema.get("$ref"), str) + sum(visit(value, whole) for value in schema.values())

    assert sum(visit(schema, schema) for schema in MADE.values()) > 2_000


def test_there_is_one_for_every_kind_of_subject() -> None:
    vocabulary = default().vocabulary
    assert set(vocabulary.kinds) <= BY_SUBJECT
    assert {subject for _, _, rule in default().rulebook.rules() for subject in rule.subjects} <= BY_SUBJECT


def test_no_shipped_file_is_complained_of() -> None:
    """By one file in four; the heavy test reads all of them."""
    files = [path for path in sorted(STANDARDS.rglob("*.yaml")) if schemas.sort_of(path.relative_to(STANDARDS))][::4]
    told = {path.name: found for path in files if (found := complaints(schemas.sort_of(path.relative_to(STANDARDS)) or "", read_file(path).data))}
    assert told == {}


CLAUSE = "clause: 第一条\nrules:\n  - id: a\n    subject: {}\n    level: major\n    when: {}\n    cases:\n      - given: {{{}}}\n        expect: hit\n"


@pytest.mark.parametrize(("subject", "when", "given", "words"), [
    ("dust_system", "sign", "airlok: 正常", "airlok"),
    ("dust_system", "sign", "airlock: 已失效", "已失效"),
    ("dust_system", "sign", "dusts: 木质粉尘", "array"),
    ("dust_system", "sign", "dusts: [木粉]", "木粉"),
    ("dust_system", "sign", "buildings_served: [1]", "integer"),
    ("dust_system", "sign", "enterprise.sectrs: [冶金]", "False schema does not allow"),
    ("dust_system", "sign", "enterprise.sectors: [冶金业]", "冶金业"),
    ("confined_space", "sign", "jobs: [{gard: 1}]", "jobs"),
    ("dust_sistem", "sign", "", "dust_sistem"),
    ("dust_system", "{some: links}", "", "some"),
    ("dust_system", "{alll: [sign]}", "", "alll"),
])  # fmt: skip
def test_what_is_wrong_is_complained_of(subject: str, when: str, given: str, words: str) -> None:
    found = complaints("clause", read_yaml(CLAUSE.format(subject, when, given), "").data)
    assert any(words in told for told in found), found


@pytest.mark.parametrize(("subject", "when", "given"), [
    ("dust_system", "airlock != 正常", "airlock: 未设置, dusts: [木质粉尘], kinds_shared: 是, enterprise.sectors: [冶金]"),
    ("dust_system", "{all: [kinds_shared, {any: [not kinds_shared], at_least: 1}, {not: kinds_shared}]}", "buildings_served: 2"),
    ("confined_space", "{some: jobs, where: stage == 已结束}", "jobs: [{id: 1, stage: 已结束}], inspection.date: 2026-03-01"),
    ("confined_space_job", "confined_space.hazards has [中毒]", "confined_space.sign: 是"),
    ("[dust_system, dust_machine]", "anything at all", "any_name: 1"),
])  # fmt: skip
def test_what_is_right_is_not(subject: str, when: str, given: str) -> None:
    assert complaints("clause", read_yaml(CLAUSE.format(subject, when, given), "").data) == []


def test_conditions_begin_with_what_the_subject_has() -> None:
    offered = MADE["clause"]["$defs"]["when"]["dust_system"]["anyOf"][0]["enum"]
    assert {"airlock != 正常", "method == 干式", "dusts has [木质粉尘]", "kinds_shared", "not kinds_shared", "buildings_served"} <= set(offered)
    assert "enterprise.sectors has [冶金]" in MADE["standard"]["$defs"]["Words"]["enum"]


def test_the_command_writes_what_is_out_of_date_and_no_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(GOOD, folder)
    assert main(["schemas", str(folder), "--check"]) == 1
    assert not (folder / "schema").exists()
    assert "clause.json: 不是最新，用 hazardrules schemas 重新生成" in capsys.readouterr().out
    assert main(["schemas", str(folder)]) == 0
    assert "clause.json: 已生成" in capsys.readouterr().out
    assert main(["schemas", str(folder), "--check"]) == 0
    assert "编辑器用的结构都是最新的" in capsys.readouterr().out
    kept = (folder / "schema" / "editor" / "list.json").stat().st_mtime_ns
    file = folder / "facts" / "tank.yaml"
    file.write_text(file.read_text("utf-8").replace("  alarm:", "  siren:"), "utf-8")
    assert main(["schemas", str(folder)]) == 0, "rules that name the old fact do not matter: that is when help is wanted"
    assert '"siren"' in (folder / "schema" / "editor" / "clause.json").read_text("utf-8")
    assert (folder / "schema" / "editor" / "list.json").stat().st_mtime_ns == kept


def test_without_facts_there_is_nothing_to_offer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(GOOD, folder)
    (folder / "facts" / "enterprise.yaml").unlink()
    assert main(["schemas", str(folder)]) == 2
    assert "每个标准文件夹都要有这个文件" in capsys.readouterr().err
    assert main(["schemas", str(tmp_path / "no" / "where")]) == 2
    assert "没有这个文件或文件夹" in capsys.readouterr().err
    assert main(["schemas", str(tmp_path)]) == 2
    assert "不在标准文件夹里" in capsys.readouterr().err
