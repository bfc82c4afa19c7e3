"""`hazardrules test` as a maintainer and a build server meet it: what it runs, what it prints, JSON and JUnit.

That inline cases fail where they should stands in `test_errors`, that the published ones do in `test_published`.
"""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hazardrules import cli
from hazardrules.maintain import trials
from hazardrules.maintain.trials import Trial
from hazardrules.texts import Text

GOOD = Path(__file__).parent / "bad_standards" / "good"
SIGN = "tanks-2024/02.yaml"
CASE = """\
id: tank-1
source:
  authority: 某市应急管理局
  place: 某市
  date: 2024-03-02
  kind: enforcement
told: 油罐的液位比设计高，高液位报警坏了。
industry: alarms
on: 2024-03-02
record:
  tank:
    - id: 1号
      content: 油
      alarm: 失效
      level: 6 m
      design_level: 5 m
decided:
  level: major
  document: 储罐〔2024〕1号
  clauses: [第三条第（一）项]
"""
Ran = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the good standards, with a published case."""
    place = tmp_path / "standards"
    shutil.copytree(GOOD, place)
    (place / "published").mkdir()
    (place / "published" / "tank-1.yaml").write_text(CASE, encoding="utf-8")
    return place


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Ran:
    """Run `hazardrules test`; return its exit code and what it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        code = cli.main(["test", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert err == "" or code == 2
        return code, out or err

    return run


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def break_one(folder: Path) -> None:
    """Make the second case of the rule on signs fail."""
    edit(folder / SIGN, "          sign: 是\n        expect: clear", "          sign: 是\n        expect: hit")


# ------------------------------------------------------------------------------------- what is run


def test_inline_and_published_cases_run(folder: Path, ran: Ran) -> None:
    assert ran(folder) == (0, "通过 23，失败 0\n")
    assert ran(folder, "--lang", "en") == (0, "23 passed, 0 failed\n")


@pytest.mark.parametrize(("place", "count"), [("published", 1), ("published/tank-1.yaml", 1), ("tanks-2024", 22), (SIGN, 4)])
def test_only_what_is_named_runs(folder: Path, ran: Ran, place: str, count: int) -> None:
    assert ran(folder / place) == (0, f"通过 {count}，失败 0\n")


def test_a_file_is_not_taken_for_one_that_begins_alike(folder: Path, ran: Ran) -> None:
    shutil.copy(folder / SIGN, folder / "tanks-2024" / "02.yaml.yaml")
    edit(folder / "tanks-2024" / "02.yaml.yaml", "id: tanks-2024-02", "id: tanks-2024-02.yaml")
    edit(folder / "tanks-2024" / "02.yaml.yaml", "clause: 第四条", "clause: 第五条")
    edit(folder / "tanks-2024" / "02.yaml.yaml", "expect: hit", "expect: clear")
    assert ran(folder / SIGN)[0] == 0
    assert ran(folder)[0] == 1


@pytest.mark.parametrize("place", ["facts", "lists/watched_works.yaml", "tanks-2020"])
def test_where_there_is_nothing_to_run_that_is_said(folder: Path, ran: Ran, place: str) -> None:
    code, out = ran(folder / place)
    assert code == 0
    assert "什么也没有运行" in out
    assert "通过" not in out


def test_a_failure_names_its_line_and_shows_the_tree(folder: Path, ran: Ran) -> None:
    break_one(folder)
    line = (folder / SIGN).read_text(encoding="utf-8").splitlines().index("          sign: 是") - 1
    code, out = ran(folder)
    assert code == 1
    assert out.splitlines() == [
        f"{folder}/{SIGN}:{line}:9: tanks-2024-02: 用例 2: 应为 hit（命中），实为 clear（未命中）",
        "    储罐没有警示标志 → 未命中",
        "      ? 前提 第二条（按所选行业视为满足）",
        *out.splitlines()[3:-1],
        "通过 22，失败 1",
    ]
    assert "      ✗ 情形" in out
    assert "        ✗ 有警示标志为 否（现为 是）" in out
    _, english = ran(folder, "--lang", "en")
    assert "case 2: expected hit, got clear" in english
    assert re.search(r"^      ✗ situation\n        ✗ .*warning sign.*yes", english, re.MULTILINE)


def test_a_rule_without_cases_fails_at_its_id(folder: Path, ran: Ran) -> None:
    text = (folder / SIGN).read_text(encoding="utf-8")
    (folder / SIGN).write_text(text[: text.index("    cases:")], encoding="utf-8")
    code, out = ran(folder)
    assert code == 1
    assert out == f"{folder}/{SIGN}:5:9: tanks-2024-02: 没有用例\n通过 19，失败 1\n"


# --------------------------------------------------------------------------------- published cases


def test_a_published_case_that_fails_shows_how_its_clause_came_out(folder: Path, ran: Ran) -> None:
    edit(folder / "published" / "tank-1.yaml", "level: 6 m", "level: 5 m")
    code, out = ran(folder)
    assert code == 1
    first, *tree, _ = out.splitlines()
    assert first == f"{folder}/published/tank-1.yaml:10:1: tank-1: 应命中储罐〔2024〕1号 第三条第（一）项，没有命中；级别应为 major，实为 undetermined"
    assert "    油罐没有能用的高液位报警 → 待定" in tree
    assert any("高液位报警不是 正常（现为 失效）" in line for line in tree)


def test_alternatives_are_told_apart(folder: Path, ran: Ran) -> None:
    record = "record:\n  - tank: [{content: 水}]\n  - tank: [{content: 油, alarm: 未设置, level: 6 m, design_level: 5 m}]\n"
    text = CASE[: CASE.index("record:")] + record + CASE[CASE.index("decided:") :]
    (folder / "published" / "tank-1.yaml").write_text(text, encoding="utf-8")
    code, out = ran(folder / "published")
    assert code == 1
    assert "tank-1.yaml:11:5: tank-1: 记录 1: 应命中" in out
    assert "记录 2" not in out


def test_a_contested_case_may_stay_open_but_not_be_denied(folder: Path, ran: Ran) -> None:
    text = CASE[: CASE.index("record:")] + "record:\n  tank: [{content: 油, alarm: 未设置}]\nverdicts:\n  tanks-2024-01-01: unknown\n"
    text += CASE[CASE.index("decided:") :] + "  contested: yes\n"
    (folder / "published" / "tank-1.yaml").write_text(text, encoding="utf-8")
    assert ran(folder / "published")[0] == 0
    denied = text.replace("  tank: [{content: 油, alarm: 未设置}]", "  inspection: {other_regimes: []}\n  tank: []").replace("verdicts:\n  tanks-2024-01-01: unknown\n", "verdicts:\n  tanks-2024-02: hit\n")
    (folder / "published" / "tank-1.yaml").write_text(denied.replace("industry: alarms", "industry: tanks"), encoding="utf-8")
    code, out = ran(folder / "published")
    assert code == 1
    assert "有争议的案例被断然判为 none" in out
    assert "tanks-2024-02 应为 hit，实为 没有判" in out
    assert "记录里没有这条规则判的对象" in out


BAD_PUBLISHED = [
    ("id: tank-1", "id: tank-2", "1:5", "文件名“tank-1”"),
    ("  kind: enforcement", "  kind: rumour", "6:9", "“rumour”不是可写的值"),
    ("told:", "tolled:", "7:1", "不认识“tolled”，是不是“told”"),
    ("on: 2024-03-02", "on: soon", "9:5", "“soon”不是日期"),
    ("  clauses: [第三条第（一）项]\n", "", "17:1", "什么也没有要求"),
]


@pytest.mark.parametrize(("old", "new", "place", "words"), BAD_PUBLISHED)
def test_a_published_case_that_cannot_be_read(folder: Path, ran: Ran, old: str, new: str, place: str, words: str) -> None:
    edit(folder / "published" / "tank-1.yaml", old, new)
    code, out = ran(folder)
    assert code == 2
    assert any(line.startswith(f"{folder}/published/tank-1.yaml:{place}: ") and words in line for line in out.splitlines())
    assert cli.main(["lint", str(folder)]) == 1


def test_published_cases_count_as_no_part_of_the_law(folder: Path) -> None:
    """A slip in one hides no finding of lint elsewhere, and the standards load."""
    from hazardrules.maintain import lint

    edit(folder / "published" / "tank-1.yaml", "told:", "tolled:")
    edit(folder / "facts" / "tank.yaml", "facts:\n", "facts:\n  idle:\n    type: yes_no\n    title: 闲着\n    question: 闲着吗？\n")
    assert [problem.code for problem in lint.lint(folder)] == ["unused-fact", "", ""]
    assert cli.main(["show", "tanks-2024-02", "--standards", str(folder)]) == 0


# ----------------------------------------------------------------------------------------- JSON


def test_json(folder: Path, ran: Ran) -> None:
    break_one(folder)
    code, out = ran(folder, "--format", "json")
    assert code == 1
    data: dict[str, Any] = json.loads(out)
    assert data["schema"] == 1
    assert data["counts"] == {"passed": 22, "failed": 1}
    assert len(data["trials"]) == 23
    (failed,) = (trial for trial in data["trials"] if not trial["passed"])
    assert failed["subject"] == "tanks-2024-02"
    assert failed["suite"] == "tanks-2024"
    assert failed["name"] == "用例 2"
    assert failed["file"] == f"{folder}/{SIGN}"
    assert failed["problem"] == "应为 hit（命中），实为 clear（未命中）"
    assert failed["explanation"][0] == "储罐没有警示标志 → 未命中"
    passed = next(trial for trial in data["trials"] if trial["passed"])
    assert set(passed) == {"suite", "subject", "name", "file", "line", "passed"}


# ---------------------------------------------------------------------------------------- JUnit


def test_junit(folder: Path, ran: Ran) -> None:
    """What the common readers of JUnit XML use: counts on both levels, names, times, places, failures with text."""
    break_one(folder)
    code, out = ran(folder, "--format", "junit")
    assert code == 1
    assert out.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ET.fromstring(out)
    assert root.tag == "testsuites"
    suites = list(root)
    assert [(suite.tag, suite.get("name")) for suite in suites] == [("testsuite", "tanks-2024"), ("testsuite", "published")]
    for element in (root, *suites):
        cases = list(element.iter("testcase"))
        assert int(element.attrib["tests"]) == len(cases) > 0
        assert int(element.attrib["failures"]) == len(list(element.iter("failure")))
        assert element.attrib["errors"] == element.attrib["skipped"] == "0"
        assert float(element.attrib["time"]) == pytest.approx(sum(float(case.attrib["time"]) for case in cases), abs=1e-4)
        assert datetime.fromisoformat(element.attrib["timestamp"]).tzinfo is not None
    cases = list(root.iter("testcase"))
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases) == 23
    assert all(Path(case.attrib["file"]).is_file() and int(case.attrib["line"]) > 0 for case in cases)
    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == "应为 hit（命中），实为 clear（未命中）"
    assert failure.attrib["type"]
    assert (failure.text or "").splitlines()[0] == "储罐没有警示标志 → 未命中"


def test_junit_holds_no_character_that_xml_forbids() -> None:
    problem = Text('坏的 \x00\x0b\ud800\uffff <&"> 字', "x")
    out = trials.as_junit([Trial("文件", "规则", Text("用例 1", "case 1"), "a.yaml:3:1", problem, problem, 0.5)], "zh")
    failure = ET.fromstring(out)[0][0][0]
    assert failure.text == failure.attrib["message"] == '坏的 \ufffd\ufffd\ufffd\ufffd <&"> 字'


def test_a_rule_on_several_subjects_has_a_case_for_each(folder: Path, ran: Ran) -> None:
    edit(folder / SIGN, "    subject: tank\n", "    subject: [tank, vat]\n")
    tank = (folder / "facts" / "tank.yaml").read_text(encoding="utf-8")
    (folder / "facts" / "vat.yaml").write_text(tank.replace("title: 储罐", "title: 槽", 1).partition("  valves:\n")[0], encoding="utf-8")
    _, out = ran(folder / SIGN, "--format", "junit")
    names = [case.get("name") for case in ET.fromstring(out).iter("testcase")]
    assert "tanks-2024-02 用例 1（tank）" in names
    assert "tanks-2024-02 用例 1（vat）" in names
    assert len(names) == len(set(names)) == 8
