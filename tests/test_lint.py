"""Lint as a maintainer, an editor and a build server meet it: every example of its document, its forms, its limits.

That each check finds what it should, at its place and alone, stands in `test_errors`.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

import documents
from hazardrules import cli
from hazardrules.errors import Problem
from hazardrules.maintain import lint, schemas
from hazardrules.maintain.lint import book, formats
from hazardrules.reading import read_file
from hazardrules.texts import Text

GOOD = Path(__file__).parent / "bad_standards" / "good"
SHIPPED = documents.ROOT / "standards"
CODES = [check.code for check in lint.CHECKS]


def written(files: str, place: Path) -> Path:
    """Return a copy of the good standards below *place* with *files* in it, each after a line `# its/name.yaml`."""
    folder = place / "standards"
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    for name, text in re.findall(r"^# (\S+\.yaml)\n(.*?)(?=^# \S+\.yaml\n|\Z)", files, re.DOTALL | re.MULTILINE):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# ------------------------------------------------------------------------------------- the document


def examples(code: str) -> list[str]:
    """Return the YAML blocks of the section on *code* in docs/lint.md: the bad one and the mended one."""
    section = documents.read("docs/lint.md").partition(f"\n### `{code}`\n")[2]
    section = re.split(r"^(?:### |## )", section, flags=re.MULTILINE)[0]
    return re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)


@pytest.mark.parametrize("code", CODES)
def test_the_examples_of_the_document_are_true(code: str, tmp_path: Path) -> None:
    bad, mended = examples(code)
    assert [problem.code for problem in lint.lint(written(bad, tmp_path / "bad")) if problem.code == code], "not found"
    problems = lint.lint(written(mended, tmp_path / "mended"))
    assert [str(problem) for problem in problems if problem.code in ("", code)] == []


def test_an_excuse_of_the_document_is_one(tmp_path: Path) -> None:
    (block,) = (b for b in documents.blocks("docs/lint.md", "yaml") if "threshold-overlap:" in b)
    report = lint.check(written(block, tmp_path))
    assert [item.problem.code for item in report.allowed] == ["threshold-overlap"]
    assert report.allowed[0].why.startswith("原文写明")
    assert not {"threshold-overlap", "needless-lint"} & {problem.code for problem in report.problems}


def test_every_code_is_a_word_with_hyphens_and_has_a_title() -> None:
    assert len(set(CODES)) == len(CODES) > 20
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in CODES)
    assert all(check.title.zh and check.title.en for check in lint.CHECKS)


# -------------------------------------------------------------------------------------- all in one run


BROKEN = """# tanks-2024/01-01.yaml
clause: 第三条第（一）项
rules: [
# tanks-2024/03.yaml
clause: 第五条
summary: 液位
rules:
  - id: tanks-2024-03
    subject: tank
    level: small
    when: {al: [level > 3 m]}
    remdy: 降下来
# other-2026/standard.yaml
number: 别的〔2026〕1号
title: 别的标准
issuer: 储罐部
in_force:
  from: 2026-01-01
# other-2026/01.yaml
clause: 第一条
summary: 没有标志
rules:
  - id: other-2026-01
    subject: tank
    level: major
    when:
      all:
        - not sign
        - sign
"""


def test_what_cannot_be_read_keeps_nothing_else_from_being_checked(tmp_path: Path) -> None:
    problems = lint.lint(written(BROKEN, tmp_path))
    found = {(problem.where.removeprefix(f"{tmp_path}/standards/"), problem.code) for problem in problems}
    assert {(place, code) for place, code in found if code in ("", "schema")} == {
        ("tanks-2024/01-01.yaml:3:1", ""),
        ("tanks-2024/03.yaml:6:12", ""),
        ("tanks-2024/03.yaml:7:5", "schema"),  # conditions are not read where the rule is not
        ("tanks-2024/03.yaml:8:5", ""),
    }
    assert ("other-2026/01.yaml:7:5", "never-holds") in found
    assert not [problem for problem in problems if problem.code == "unused-fact"], "what is broken may use it"


def test_without_sound_kinds_the_shape_of_all_else_is_checked(tmp_path: Path) -> None:
    folder = written(BROKEN, tmp_path)
    tank = folder / "facts" / "tank.yaml"
    tank.write_text(tank.read_text(encoding="utf-8").replace("type: device", "type: devices"), encoding="utf-8")
    found = {problem.where.removeprefix(f"{folder}/") for problem in lint.lint(folder)}
    assert found >= {"facts/tank.yaml:16:11", "tanks-2024/01-01.yaml:3:1", "tanks-2024/03.yaml:6:12"}


def test_a_chart_is_checked_with_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written("", tmp_path)
    shutil.copytree(SHIPPED / "lifecycle", folder / "lifecycle")
    assert lint.lint(folder) == []
    chart = folder / "lifecycle" / "hazard.yaml"
    chart.write_text(chart.read_text(encoding="utf-8").replace("to: closed", "to: closd", 1), encoding="utf-8")
    (problem,) = lint.lint(folder)
    assert re.fullmatch(rf"{re.escape(str(chart))}:\d+:\d+", problem.where)
    assert "没有状态“closd”，是不是“closed”" in problem.message.zh
    assert cli.main(["lint", str(chart)]) == 1
    assert str(problem) in capsys.readouterr().out
    assert cli.main(["lint", str(folder / "tanks-2024")]) == 0


def test_what_else_a_project_keeps_there_is_left_alone(tmp_path: Path) -> None:
    folder = written("", tmp_path)
    for name in ("mkdocs.yml", ".github/workflows/ci.yaml", "tools/settings/a.yaml", "_drafts/old/03.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("site_name: 手册\n", encoding="utf-8")
    assert lint.lint(folder) == []


def test_the_record_of_a_published_case_is_read(tmp_path: Path) -> None:
    folder = written("", tmp_path)
    (folder / "published").mkdir()
    text = (SHIPPED / "published" / "chem-003.yaml").read_text(encoding="utf-8").replace("chem-003", "case-1")
    record = "record:\n  tank: [{alarm: 坏}]\n"
    text = re.sub(r"^record:\n(?: .*\n)+", record, text, flags=re.MULTILINE)
    (folder / "published" / "case-1.yaml").write_text(text, encoding="utf-8")
    (problem,) = lint.lint(folder)
    line = text[: text.index("record:")].count("\n") + 1
    assert (problem.where, problem.code) == (f"{folder}/published/case-1.yaml:{line}:1", "unreadable-case")
    assert problem.message.zh.startswith("tank[0].alarm: 没有“坏”")


def test_problems_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    places = [formats.place(problem.where) for problem in lint.lint(written(BROKEN, tmp_path))]
    assert len(places) > 4
    assert places == sorted(places)


CONDITIONS = [
    "{}", "[]", "3", "{all: []}", "{all: not sign}", "{any: [not sign], at_least: 0}", "{not: 3}",
    "{some: valves}", "{every: [valves], where: sign}", "{all: [sign], any: [sign]}", "{all: [sign], at_least: 1}",
    "{any: [{all: [{al: [sign]}]}]}", "{some: valves, at_least: 1.5, where: state != 正常}",
]  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in a file that is not read"])
def test_a_condition_of_a_wrong_shape_is_told_once(condition: str, alone: bool, tmp_path: Path) -> None:
    """By the reader of conditions where it got there, else by the schema."""
    level = "major" if alone else "small"
    text = "# tanks-2024/03.yaml\nclause: 第五条\nsummary: 别的\nrules:\n  - id: tanks-2024-03\n    subject: tank\n"
    folder = written(f"{text}    level: {level}\n    when: {condition}\n", tmp_path)
    problems = [p for p in lint.lint(folder) if p.code in ("", "schema") and "small" not in p.message.zh]
    assert [problem.code for problem in problems] == ["" if alone else "schema"]
    assert f"{folder}/tanks-2024/03.yaml:7:" in problems[0].where


def test_an_empty_condition_is_no_condition(tmp_path: Path) -> None:
    """The reader takes `when:` with nothing behind it for no `when` at all; the schema does not."""
    text = "# tanks-2024/03.yaml\nclause: 第五条\nsummary: 别的\nrules:\n  - id: tanks-2024-03\n    subject: tank\n    level: major\n    when:\n"
    (problem,) = (p for p in lint.lint(written(text, tmp_path)) if p.code == "schema")
    assert problem.where.endswith("03.yaml:7:10")


# ------------------------------------------------------------------------------- what is found, and what is not


PUMP = """# facts/pump.yaml
title: 泵
en: pump
facts:
  motor_driven:
    type: yes_no
    title: 电机驱动
    question: 泵是电机带的吗？
  grounded:
    type: yes_no
    title: 电机接地
    question: 电机接地了吗？
    needs: motor_driven
  speed:
    type: number
    integer: yes
    title: 转速
    question: 铭牌上的转速是几？
  speed_rated:
    type: number
    integer: yes
    title: 额定转速
    question: 额定转速是几？
  speed_ok:
    type: yes_no
    title: 不超速
    question: 转速超没超过额定？
    yes_when: speed <= speed_rated
    no_when: otherwise
  known:
    type: yes_no
    title: 查过转速
    question: 有人查过转速吗？
    yes_when:
      any:
        - speed_ok
        - not speed_ok
  seals:
    type: list
    of: seal
    title: 密封
    question: 有哪些密封？
# facts/seal.yaml
title: 密封
en: seal
within: pump
facts:
  wet:
    type: yes_no
    title: 湿式
    question: 是湿式密封吗？
  liquid:
    type: yes_no
    title: 有密封液
    question: 密封液够吗？
    needs: wet
  pump_ok:
    type: yes_no
    title: 泵正常
    question: 泵正常吗？
    yes_when: pump.speed_ok
"""


def of_rules(*rules: str, subject: str = "pump") -> str:
    """Return the vocabulary of pumps and a clause whose rules have these conditions, each as YAML lines."""
    text = f"{PUMP}# pumps-2026/standard.yaml\nnumber: 泵〔2026〕1号\ntitle: 泵\nissuer: 储罐部\nin_force:\n  from: 2026-01-01\n"
    text += "# pumps-2026/01.yaml\nclause: 第一条\nsummary: 泵\nrules:\n"
    for letter, rule in zip("abc", rules, strict=False):
        text += f"  - id: pumps-2026-01-{letter}\n    subject: {subject}\n    level: major\n"
        text += "".join(f"    {line}\n" for line in rule.splitlines())
    return text


def found(text: str, tmp_path: Path) -> set[str]:
    """Return the codes found in the clause of `of_rules`, apart from its cases, of which it has none."""
    problems = lint.lint(written(text, tmp_path))
    assert not [str(problem) for problem in problems if problem.code in ("", "schema")]
    mine = {problem.code for problem in problems if "/pumps-2026/01.yaml" in problem.where}
    return mine - {"missing-case", "no-boundary-case"}


NO_ALARM = {
    "too low and too high": ("when:\n  any:\n    - speed < 1000\n    - speed > 3000",),
    "outside a band, in two rules": ("when: speed < 1000", "when: speed > 3000"),
    "whole numbers that meet": ("when: speed < 1000", "when: speed > 999"),
    "what another sentence implies, said to be read": ("when:\n  all:\n    - speed > 3000\n    - speed > 1000",),
    "either measure or its outcome": ("when:\n  any:\n    - not speed_ok\n    - speed > 3000",),
    "a wider reading beyond a core that is not known": ("when: not speed_ok\ndisputed:\n  - when: not known\n    why: 没有查过",),
    "a need that another fact brings with it": ("applies:\n  all:\n    - motor_driven\n    - speed > 10\nwhen: not grounded",),
    "a need asked for beside the fact": ("when:\n  all:\n    - motor_driven\n    - not grounded",),
    "a need of a part asked for in it": ("when:\n  some: seals\n  where:\n    all:\n      - wet\n      - not liquid",),
    "two rules that share some cases": ("when:\n  all:\n    - speed > 3000\n    - motor_driven", "when:\n  all:\n    - speed > 2000\n    - not motor_driven"),
    "parts of which some are and some are not": ("when:\n  all:\n    - some: seals\n      where: wet\n    - some: seals\n      where: not wet",),
    "an exception that may hold": ("when: speed > 3000\nunless:\n  - when: not motor_driven\n    why: 没有电机",),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_ALARM)
def test_there_is_no_false_alarm(name: str, tmp_path: Path) -> None:
    assert found(of_rules(*NO_ALARM[name]), tmp_path) == set()


ALARM = {
    "two outcomes of one definition": ("never-holds", "when:\n  all:\n    - speed_ok\n    - speed > speed_rated"),
    "whole numbers with none between": ("never-holds", "when:\n  all:\n    - speed > 1000\n    - speed < 1001"),
    "part of an any that adds nothing": ("never-holds", "when:\n  any:\n    - speed > 1000\n    - speed > 2000"),
    "in a part of a list": ("never-holds", "when:\n  some: seals\n  where:\n    all:\n      - wet\n      - not wet"),
    "an exception that can never be": ("never-holds", "when: speed > 3000\nunless:\n  - when: speed < 1000\n    why: 慢"),
    "a wider reading that is the core": ("never-holds", "when: speed > 3000\ndisputed:\n  - when: speed > 4000\n    why: 快"),
    "before the rule began": ("never-holds", "when:\n  all:\n    - motor_driven\n    - inspection.date < 2025-01-01"),
    "any number": ("always-holds", "when:\n  any:\n    - speed > 1000\n    - speed <= 1000"),
    "every word there is": ("always-holds", "when:\n  all:\n    - motor_driven\n    - any:\n        - speed >= 0\n        - motor_driven"),
    "a limb that the number meets on neither side": ("threshold-gap", "when:\n  any:\n    - speed < 1000\n    - speed > 1000"),
    "a need that nobody asks for": ("unguarded", "when: not grounded"),
    "a need in one limb of two": ("unguarded", "when:\n  any:\n    - not grounded\n    - all:\n        - motor_driven\n        - speed > 9"),
    "a need of a part": ("unguarded", "when:\n  some: seals\n  where: not liquid"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALARM)
def test_there_is_an_alarm(name: str, tmp_path: Path) -> None:
    code, rule = ALARM[name]
    assert found(of_rules(rule), tmp_path) == {code}


def test_one_rule_contains_another_through_a_definition(tmp_path: Path) -> None:
    rules = "when: not speed_ok", "when:\n  all:\n    - speed > speed_rated\n    - motor_driven"
    assert found(of_rules(*rules), tmp_path) == {"contained-rule"}


def test_rules_of_different_levels_do_not_contain_each_other(tmp_path: Path) -> None:
    text = of_rules("when: speed > 1000", "when: speed > 2000").replace("level: major", "level: ordinary", 1)
    assert found(text, tmp_path) == set()


def test_a_rule_of_its_container_waits_in_vain(tmp_path: Path) -> None:
    assert found(of_rules("when: not pump.grounded", subject="seal"), tmp_path) == {"unguarded"}
    guarded = "applies: pump.motor_driven\nwhen: not pump.grounded"
    assert found(of_rules(guarded, subject="seal"), tmp_path / "guarded") == set()


def test_what_is_never_so_of_one_subject_may_be_of_the_other(tmp_path: Path) -> None:
    """A rule on two kinds is complained of only where it holds of neither."""
    pump = "# facts/engine.yaml\n" + PUMP.partition("# facts/pump.yaml\n")[2].partition("  seals:")[0]
    pump = pump.replace("title: 泵\nen: pump", "title: 机\nen: engine").replace("    yes_when: speed <= speed_rated\n    no_when: otherwise\n", "")
    rule = "when:\n  all:\n    - speed_ok\n    - speed > speed_rated"
    assert found(pump + of_rules(rule, subject="[pump, engine]"), tmp_path) == set()
    assert found(pump + of_rules(rule, subject="[pump]"), tmp_path / "one") == {"never-holds"}


# ------------------------------------------------------------------------------------------- excuses


@pytest.mark.parametrize("place", ["file", "rule"])
def test_an_excuse_covers_the_part_in_which_it_stands(place: str, tmp_path: Path) -> None:
    bad, _ = examples("contained-rule")
    excuse = "lint:\n  contained-rule: 原文分两句写\n"
    text = bad.replace("rules:\n", f"{excuse}rules:\n") if place == "file" else bad.replace(
        "    when: level > 6 m\n", "    lint:\n      contained-rule: 原文分两句写\n    when: level > 6 m\n"
    )
    report = lint.check(written(text, tmp_path))
    assert [(item.problem.code, item.why) for item in report.allowed] == [("contained-rule", "原文分两句写")]
    elsewhere = bad.replace("    when: level > 5 m\n", "    lint:\n      contained-rule: 写错了一条\n    when: level > 5 m\n")
    codes = [problem.code for problem in lint.lint(written(elsewhere, tmp_path / "elsewhere"))]
    assert codes.count("contained-rule") == codes.count("needless-lint") == 1


def test_an_excuse_needs_a_reason(tmp_path: Path) -> None:
    bad, _ = examples("never-holds")
    text = bad.replace("    when:\n", "    lint:\n      never-holds:\n    when:\n", 1)
    assert "never-holds" in lint.lint(written(text, tmp_path))[0].message.zh


def test_what_keeps_a_file_from_being_read_cannot_be_excused(tmp_path: Path) -> None:
    text = "# tanks-2024/03.yaml\nclause: 第五条\nsummary: 别的\nlint:\n  unreadable: 有意的\nrules: no\n"
    codes = [problem.code for problem in lint.lint(written(text, tmp_path))]
    assert codes == ["needless-lint", ""]


# ---------------------------------------------------------------------------------------------- limits


def test_what_is_too_much_to_look_at_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "LIMIT", 10)
    report = lint.check(GOOD)
    assert report.problems == ()
    assert {problem.where.rpartition("/")[2] for problem in report.undecided} >= {"01-01.yaml:5:9", "01-02.yaml:46:9"}
    assert all("太多" in problem.message.zh for problem in report.undecided)
    told = formats.as_text(report, "zh")
    assert f"情况太多没有核对的 {len(report.undecided)} 处" in told
    assert "没有问题" in told


def test_the_shipped_standards_are_decided_in_seconds() -> None:
    """No check gave up, and hundreds of clauses take seconds."""
    start = process_time()
    report = lint.check()
    took = process_time() - start
    assert report.problems == ()
    assert report.undecided == ()
    assert len(report.rules) > 600
    assert took < 20, f"{took:.1f} s of CPU"


# ----------------------------------------------------------------------------------------------- forms


def ran(folder: Path, form: str, capsys: pytest.CaptureFixture[str], *more: str, code: int = 1) -> str:
    assert cli.main(["lint", str(folder), "--format", form, *more]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return standards with a file that cannot be read, findings of lint, and one that is meant."""
    meant = "    lint:\n      always-holds: 有意，100% 如此\n    when:\n      all:\n        - not sign\n        - content in [水, 油, 酸]\n"
    text = (GOOD / "tanks-2024" / "02.yaml").read_text(encoding="utf-8").replace("    when: not sign\n", meant)
    return written(f"{BROKEN}# tanks-2024/02.yaml\n{text}", tmp_path / "a folder, with: 100% marks")


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(ran(folder, "json", capsys))
    assert data["schema"] == 1
    assert set(data) == {"schema", "problems", "allowed", "undecided", "unverified", "counts"}
    problems = data["problems"]
    assert all(set(item) == {"file", "line", "column", "code", "message"} for item in problems)
    assert {item["code"] for item in problems} >= {"unreadable", "schema", "never-holds", "missing-case"}
    never = next(item for item in problems if item["code"] == "never-holds")
    assert (never["line"], never["column"]) == (7, 5)
    assert never["file"] == f"{folder}/other-2026/01.yaml"
    (allowed,) = data["allowed"]
    assert (allowed["code"], allowed["why"]) == ("always-holds", "有意，100% 如此")
    assert data["counts"]["problems"] == len(problems)
    assert data["counts"]["allowed"] == 1
    english = json.loads(ran(folder, "json", capsys, "--lang", "en"))
    assert not re.search("[\u4e00-\u9fff]", re.sub("“[^”]*”|/[^ ]*", "", never["message"] and english["problems"][-1]["message"]))


def test_unverified_rules_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the rule, its clause or its document says so; in the counts of the text too."""
    mended = examples("contained-rule")[1]
    folder = written(mended.replace("    level: major\n", "    level: major\n    status: unverified\n"), tmp_path)
    shutil.copy(GOOD / "tanks-2024" / "02.yaml", folder / "tanks-2024" / "02.yaml")
    data = json.loads(ran(folder, "json", capsys))
    assert data["unverified"] == ["tanks-2024-03"]
    assert data["counts"]["unverified"] == 1
    (folder / "tanks-2024" / "03.yaml").unlink()
    text = (folder / "tanks-2024" / "standard.yaml").read_text(encoding="utf-8")
    (folder / "tanks-2024" / "standard.yaml").write_text(f"status: unverified\n{text}", encoding="utf-8")
    assert ran(folder, "text", capsys, code=0) == "没有问题；规则 5 条，其中未核实 5 条\n"


def test_sarif(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What SARIF 2.1.0 demands, clause by clause (the numbers are those of the OASIS standard)."""
    log = json.loads(ran(folder, "sarif", capsys))
    assert set(log) == {"$schema", "version", "runs"}  # 3.13
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]  # 3.18, 3.19
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]  # 3.49
    assert len(ids) == len(set(ids))
    assert {"unreadable", *CODES} <= set(ids)
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", run["language"])  # 3.14.7
    assert run["columnKind"] == "unicodeCodePoints"  # 3.14.17
    results = run["results"]  # 3.27
    for result in results:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"] == "error"
        (location,) = result["locations"]
        physical = location["physicalLocation"]  # 3.29
        uri = physical["artifactLocation"]["uri"]  # 3.4.3: RFC 3986
        assert re.fullmatch(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})+", uri)
        assert Path(unquote(uri.removeprefix("file://"))).exists()
        region = physical["region"]  # 3.30.5, 3.30.6: from 1
        assert region["startLine"] >= 1 <= region["startColumn"]
    (meant,) = (result for result in results if "suppressions" in result)  # 3.27.23, 3.35
    assert meant["suppressions"] == [{"kind": "inSource", "justification": "有意，100% 如此"}]
    monkeypatch.chdir(folder)
    beside = json.loads(ran(Path(), "sarif", capsys))["runs"][0]["results"]
    assert beside[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "other-2026/01.yaml"


def test_sarif_of_what_was_not_decided(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "LIMIT", 10)
    results = json.loads(ran(GOOD, "sarif", capsys, code=0))["runs"][0]["results"]
    assert results
    assert {(r["ruleId"], r["kind"], r["level"]) for r in results} == {("undecided", "open", "none")}  # 3.27.9, 3.27.10


def test_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    *lines, counts = ran(folder, "github", capsys).splitlines()
    assert counts.startswith(f"{len(lines)} 个问题")
    form = re.compile(r"::error file=([^,:\n]+),line=(\d+),col=(\d+),title=([a-z-]+)::([^\r\n]+)")
    read = [form.fullmatch(line) for line in lines]
    assert all(read)
    files = {unquote(found[1]) for found in read if found}
    assert f"{folder}/other-2026/01.yaml" in files


def test_github_writes_every_sign_that_ends_a_command_otherwise() -> None:
    problem = Problem("a,b:c%.yaml:3:7", Text("一行\n两行 100%: 逗号,", "x"), "same-id")
    line, _ = formats.as_github(lint.Report((problem,)), "zh").splitlines()
    assert line == "::error file=a%2Cb%3Ac%25.yaml,line=3,col=7,title=same-id::一行%0A两行 100%25: 逗号,"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_good_standards_pass_in_every_form(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(GOOD, form, capsys, code=0)


# ------------------------------------------------------------------------------------- the schemas


def test_published_schemas_are_schemas_and_take_every_file() -> None:
    taken: set[str] = set()
    validators = {sort: Draft202012Validator(schema) for sort, schema in schemas.structure().items()}
    for validator in validators.values():
        validator.check_schema(validator.schema)
    for root in (SHIPPED, GOOD):
        for path in sorted(root.rglob("*.yaml")):
            sort = schemas.sort_of(path.relative_to(root))
            if sort is None:
                assert path.parent.name == "lifecycle"
                continue
            taken.add(sort)
            assert not [error.message for error in validators[sort].iter_errors(read_file(path).data)], path
    assert taken >= {"standard", "clause", "facts", "shared-facts", "list", "industries", "published", "table-gb18218-2018"}


def test_a_schema_says_no_more_than_the_models(tmp_path: Path) -> None:
    """What a schema takes the models take, or the reader has more to say: no file passes lint and is not read."""
    for condition in CONDITIONS:
        assert schemas.takes("clause", {"clause": "一", "rules": [{"id": "a", "subject": "b", "level": "major", "when": condition}]})
    for sort, schema in schemas.structure().items():
        assert not schemas.takes(sort, {"no such key": 1})
        assert not Draft202012Validator(schema).is_valid({"no such key": 1})


def tracked(folder: Path) -> set[str]:
    """Return the files below *folder*, as far as the schemas go."""
    return {path.name for path in (folder / schemas.FOLDER).glob("*.json")}


def test_the_schemas_in_the_repository_are_fresh() -> None:
    assert schemas.stale(SHIPPED) == [], "python scripts/refresh_docs.py writes them"
    assert tracked(SHIPPED) >= {f"{sort}.json" for sort in schemas.structure()}


def test_a_schema_that_is_out_of_date_is_noticed(tmp_path: Path) -> None:
    schemas.write(tmp_path)
    assert schemas.stale(tmp_path) == []
    changed: dict[str, Any] = json.loads((tmp_path / "schema" / "clause.json").read_text(encoding="utf-8"))
    (tmp_path / "schema" / "clause.json").write_text(json.dumps(changed), encoding="utf-8")
    (tmp_path / "schema" / "list.json").unlink()
    assert {path.name for path in schemas.stale(tmp_path)} == {"clause.json", "list.json"}


@pytest.mark.parametrize("command", ["lint", "test", "fmt", "mutate"])
def test_a_file_of_another_kind_is_told(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "说明.md"
    file.write_text("# 说明", encoding="utf-8")
    assert cli.main([command, str(file)]) == 2
    assert "不是标准文件" in capsys.readouterr().err


def test_from_within_a_folder_of_the_standards_the_same_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "standards"
    shutil.copytree(GOOD, folder)
    wrong = folder / "tanks-2024/02.yaml"
    wrong.write_text(wrong.read_text("utf-8").replace("    when: not sign\n", "    when:\n      all:\n        - not sign\n        - sign\n"), encoding="utf-8")
    assert cli.main(["lint", str(folder)]) == 1
    outside = capsys.readouterr().out
    monkeypatch.chdir(folder / "tanks-2024")
    assert cli.main(["lint", "."]) == cli.main(["lint", "02.yaml"]) == 1
    assert "never-holds" in outside and capsys.readouterr().out.count("never-holds") == outside.count("never-holds") * 2
    monkeypatch.chdir(folder / "lists")
    assert cli.main(["lint", "."]) == 0


def test_a_link_that_leads_out_counts_where_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "standards"
    shutil.copytree(GOOD, folder)
    file = folder / "tanks-2024/02.yaml"
    file.rename(tmp_path / "elsewhere.yaml")
    file.symlink_to(tmp_path / "elsewhere.yaml")
    assert lint.lint(folder) == []
    assert cli.main(["fmt", "--check", str(folder)]) in (0, 1)
