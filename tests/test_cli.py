"""The command line: every command and option, in Chinese and English, and the exit codes 0, 1, 2."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import hazardrules
from hazardrules import Classification, cli

TANKS = str(Path(__file__).parent / "bad_standards" / "good")  # a small corpus that has ordinary duties too
WANTED = ["classify", "standards", "facts", "show", "lint", "test"]
COMMANDS = [*WANTED, *sorted(set(cli.application("zh").commands) - set(WANTED))]
CHINESE = re.compile("[\u4e00-\u9fff]")

MAJOR = {"dust_system": [{"id": "3号", "dusts": ["木质粉尘"], "method": "干式", "airlock": "未设置"}]}
OPEN = {"inspection": {"date": "2026-03-01"}, "dust_system": [{"id": "3号", "method": "干式"}]}
NOTHING: dict[str, Any] = {"inspection": {"date": "2026-03-01", "other_regimes": []}, "dust_system": []}
DUST = ["--industry", "dust_explosion"]
OWN = ["--standards", TANKS, "--industry", "tanks"]

TANK = {
    "id": "甲", "content": "油", "alarm": "正常", "level": "6 m", "design_level": "5 m", "rounds": "落实",
    "sign": True, "checked_on": "2026-02-01", "valves": [], "work": "没有",
}  # fmt: skip


def tanks(**changed: Any) -> dict[str, Any]:
    """Return a record with one tank that is in order but for *changed*; a fact that is None is not known."""
    return {"inspection": {"date": "2026-03-01", "other_regimes": []}, "tank": [{**TANK, **changed}]}


#: what the small corpus says of it → the record
LEVELS = {
    "none": tanks(),
    "ordinary": tanks(sign=False),
    "major": tanks(alarm="未设置"),
    "undetermined": tanks(sign=False, alarm=None),  # an ordinary hazard at least, a major one perhaps
    "nothing known": tanks(alarm=None),
}


@dataclass(frozen=True)
class Ran:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process, with *stdin* if it is given."""
    monkeypatch.delenv("HAZARDRULES_LANG", raising=False)

    def running(*arguments: str, stdin: bytes | None = None) -> Ran:
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = cli.main(arguments)
        return Ran(code, *capsys.readouterr())

    return running


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes a record as a file and returns its path."""

    def writing(data: Mapping[str, Any] | str, name: str = "记录.yaml") -> str:
        path = tmp_path / name
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return writing


Write = Callable[..., str]


def process(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "hazardrules", *arguments],
        input=stdin, capture_output=True, timeout=60, check=False, env={**os.environ, **environment},
    )  # fmt: skip


# -------------------------------------------------------------------------------------------- help


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_chinese_help_has_no_english_heading(run: Run, command: str) -> None:
    ran = run(*([command] if command else []), "--help")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.startswith("用法")
    assert "选项" in ran.out
    english = re.findall(r"\b(Usage|Options|Commands|Arguments|OPTIONS|COMMAND|ARGS|Show this|exit\.|required|default)\b", ran.out)
    assert english == []
    for line in ran.out.splitlines():
        if re.match(r"  -", line) and "  " in line.strip():
            assert CHINESE.search(line), f"an option without a word of Chinese: {line}"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_english_help_has_no_chinese(run: Run, command: str) -> None:
    ran = run(*([command] if command else []), "--help", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage:")
    assert not CHINESE.search(ran.out)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_command_and_how_to_begin(run: Run, lang: str) -> None:
    shown = run("--help", "--lang", lang).out
    assert all(re.search(rf"^  {command}\b", shown, re.MULTILINE) for command in COMMANDS)
    assert "facts --industry dust_explosion" in re.sub(r"\s+", " ", shown)


OPTIONS = {
    "classify": ["--industry", "--on", "--standards", "--format", "text|json|markdown", "--explain", "--fail-on", "major|ordinary|undetermined"],
    "standards": ["--json"],
    "facts": ["--industry", "--subject", "--format", "yaml|json-schema|markdown"],
    "show": ["RULE_OR_CLAUSE"],
    "lint": ["PATH", "--format", "text|json|sarif|github"],
    "test": ["PATH", "--format", "text|json|junit"],
}  # fmt: skip


@pytest.mark.parametrize("command", WANTED)
def test_help_has_every_option(run: Run, command: str) -> None:
    for lang in ("zh", "en"):
        shown = run(command, "--help", "--lang", lang).out
        assert [option for option in [*OPTIONS[command], "--lang"] if option not in shown] == []


def test_help_of_classify_tells_the_exit_codes(run: Run) -> None:
    for lang in ("zh", "en"):
        shown = run("classify", "--help", "--lang", lang).out
        assert re.search(r"0.*1.*--fail-on.*2", shown, re.DOTALL)


def test_nothing_asked_is_answered_by_the_help(run: Run) -> None:
    ran = run()
    assert ran.code in (0, 2)
    assert (ran.out + ran.err).startswith("用法：")
    assert "用法不对" not in ran.out + ran.err


def test_version(run: Run) -> None:
    from hazardrules import __version__

    assert re.fullmatch(rf"hazardrules {re.escape(__version__)}(, .*)?\n", run("--version").out)


# ------------------------------------------------------------------------------- a wrong command line


WRONG = [
    (["clasify"], ["clasify", "classify"]),
    (["classify"], ["FILE"]),
    (["classify", "x", "--explian"], ["--explian", "--explain"]),
    (["classify", "x", "--format", "xml"], ["--format", "text", "json", "markdown"]),
    (["classify", "x", "--fail-on", "minor"], ["--fail-on", "major", "ordinary", "undetermined"]),
    (["classify", "x", "--on"], ["--on"]),
    (["facts", "--format", "json"], ["--format", "json-schema"]),
    (["standards", "--lang", "fr"], ["--lang", "zh", "en"]),
    (["show"], ["RULE_OR_CLAUSE"]),
    (["facts", "--industry", "dust_explosoin"], ["dust_explosoin", "dust_explosion"]),
    (["facts", "--industry", "confined_space", "--subject", "confined_spce"], ["confined_spce", "confined_space"]),
    (["show", "gongmao-2023-11-6"], ["gongmao-2023-11-6", "gongmao-2023-11-06"]),
    (["compare-dates", "/no/such/file", "2026-01-01", "2026-02-01"], ["/no/such/file"]),
    (["compare-dates", "/no/such/file", "2026-01-01"], ["DATE2"]),
    (["major-hazard-source", "/no/such/file"], ["/no/such/file"]),
    (["lint", "/no/such/place"], ["/no/such/place"]),
    (["test", "/no/such/place"], ["/no/such/place"]),
    (["lint", "--format", "xml"], ["--format", "text", "json", "sarif", "github"]),
    (["test", "--format", "sarif"], ["--format", "text", "json", "junit"]),
    (["standards", "--standards", "/no/such/place"], ["/no/such/place"]),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else None)
def test_a_wrong_command_line_is_explained(run: Run, arguments: list[str], words: list[str], lang: str) -> None:
    ran = run(*arguments, *([] if "--lang" in arguments else ["--lang", lang]))
    assert ran.code == 2
    assert ran.out == ""
    assert [word for word in words if word not in ran.err] == []
    assert [line for line in ran.err.splitlines()[1:] if not line.startswith("  ")] == [], "one message, with its list"
    assert "Traceback" not in ran.err
    assert bool(CHINESE.search(ran.err)) is (lang == "zh" or "--lang" in arguments)
    assert not re.search(r"[？。.'][；;]", ran.err), "one mark after another"


def test_an_interrupt_is_no_traceback(run: Run, file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(hazardrules.Corpus, "classify", interrupted)
    ran = run("classify", file(MAJOR), *DUST)
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("option", "value", "words"), [
    ("--on", "2026-02-30", ["--on", "2026-02-30"]),
    ("--on", "tomorrow", ["--on", "tomorrow"]),
    ("--industry", "dust", ["--industry", "dust", "dust_explosion", "confined_space"]),
])  # fmt: skip
def test_a_wrong_value_is_the_command_lines_fault_and_not_each_files(
    run: Run, file: Write, option: str, value: str, words: list[str]
) -> None:
    one, two = file(MAJOR, "a.yaml"), file(MAJOR, "b.yaml")
    for form in ("text", "json"):
        ran = run("classify", one, two, option, value, "--format", form)
        assert ran.code == 2
        assert [word for word in words if word not in ran.err] == []
        assert [line for line in ran.err.splitlines()[1:] if not line.startswith("  ")] == []
        assert "a.yaml" not in ran.err


# ---------------------------------------------------------------------------------------- classify


def test_text_tells_level_rule_clause_subject_and_remedy(run: Run, file: Write) -> None:
    ran = run("classify", file(MAJOR), *DUST, "--on", "2026-03-01")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("判定：重大事故隐患\n")
    for words in ("应急管理部令第10号", "第十一条第（六）项", "dust_system[3号]", "锁气卸灰", "辅助判定"):
        assert words in ran.out


def test_text_in_english(run: Run, file: Write) -> None:
    ran = run("classify", file(MAJOR), *DUST, "--on", "2026-03-01", "--lang", "en")
    assert ran.code == 0
    assert ran.out.splitlines()[0].endswith("major accident hazard")
    assert "airlock" in ran.out
    assert "an aid to judgment" in ran.out


@pytest.mark.parametrize("place", ["before", "after", "variable"])
def test_the_language_may_be_asked_for_anywhere(run: Run, file: Write, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["classify", file(LEVELS["none"]), *OWN]
    if place == "variable":
        monkeypatch.setenv("HAZARDRULES_LANG", "en")
    ran = run(*(["--lang", "en", *arguments] if place == "before" else [*arguments, "--lang=en"] if place == "after" else arguments))
    assert ran.code == 0
    assert "none found" in ran.out.splitlines()[0]


def test_format_json_is_a_classification_and_nothing_else(run: Run, file: Write) -> None:
    ran = run("classify", file(MAJOR), *DUST, "--on", "2026-03-01", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["level"] == "major"
    assert Classification.from_json(ran.out).to_dict() == ran.json


def test_format_markdown(run: Run, file: Write) -> None:
    ran = run("classify", file(MAJOR), *DUST, "--format", "markdown")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "# 判定：重大事故隐患"
    assert any(line.startswith("## ") for line in lines)
    assert any(re.match(r"1\. \*\*【重大事故隐患】.*\*\*$", line) for line in lines)


def test_explain_shows_the_reasoning(run: Run, file: Write) -> None:
    record = file(MAJOR)
    without = run("classify", record, *DUST).out
    told = run("classify", record, *DUST, "--explain").out
    reason = "锁气卸灰装置不是 正常（现为 未设置）"
    assert reason not in without
    assert f"✓ {reason}" in told
    assert "前提 第十一条" in told
    marked = run("classify", record, *DUST, "--explain", "--format", "markdown").out
    assert re.search(rf"^ *- ✓ {reason}$", marked, re.MULTILINE)
    english = run("classify", record, *DUST, "--explain", "--lang", "en").out
    assert re.search(r"✓ airlock discharge device is not normal \(recorded: absent\)", english)


def test_explain_leaves_the_json_as_it_is(run: Run, file: Write) -> None:
    record = file(MAJOR)
    arguments = ["classify", record, *DUST, "--on", "2026-03-01", "--format", "json"]
    assert run(*arguments, "--explain").out == run(*arguments).out


def test_on_decides_by_which_law(run: Run, file: Write) -> None:
    record = file({**MAJOR, "inspection": {"date": "2026-03-01"}})
    assert run("classify", record, *DUST, "--format", "json").json["level"] == "major"
    before = run("classify", record, *DUST, "--format", "json", "--on", "2023-05-14").json
    assert "应急管理部令第10号" not in {finding["citation"]["number"] for finding in before["findings"]}
    older = run("classify", record, *DUST, "--format", "json", "--on", "2017-01-01").json
    assert (older["level"], older["findings"]) == ("undetermined", [])
    assert run("classify", record, *DUST, "--format", "json", "--on", "2023年5月15日").json["level"] == "major"


def test_an_industry_narrows_and_several_add_up(run: Run, file: Write) -> None:
    record = file(NOTHING)

    def looked(*industries: str) -> set[str]:
        options = [word for industry in industries for word in ("--industry", industry)]
        return set(run("classify", record, *options, "--format", "json").json["uncovered"])

    dust, space = looked("dust_explosion"), looked("confined_space")
    assert {"dust_place", "worker", "contractor"} <= dust
    assert "confined_space" not in dust
    assert {"confined_space", "worker", "contractor"} <= space
    assert "dust_place" not in space
    assert looked("dust_explosion", "confined_space") == dust | space
    assert looked() > dust | space  # without an industry every standard is judged whose scope is not excluded


def test_standards_of_ones_own(run: Run, file: Write) -> None:
    ran = run("classify", file(tanks(alarm="失效")), *OWN, "--format", "json")
    assert ran.code == 0
    assert [finding["rule"] for finding in ran.json["findings"]] == ["tanks-2024-01-01"]
    assert ran.json["findings"][0]["citation"]["number"] == "储罐〔2024〕1号"
    shipped = run("classify", file(tanks()), *DUST)
    assert shipped.code == 2
    assert "tank" in shipped.err


# ---------------------------------------------------------------------------- several files, standard input


def test_one_file_gives_an_object_and_several_an_array_in_their_order(run: Run, file: Write) -> None:
    major, none = file(LEVELS["major"], "a.yaml"), file(LEVELS["none"], "b.json")
    assert isinstance(run("classify", none, *OWN, "--format", "json").json, dict)
    ran = run("classify", major, none, major, *OWN, "--format", "json")
    assert ran.code == 0
    assert [item["level"] for item in ran.json] == ["major", "none", "major"]


def test_several_files_as_text_carry_their_names(run: Run, file: Write) -> None:
    major, none = file(LEVELS["major"], "a.yaml"), file(LEVELS["none"], "b.yaml")
    ran = run("classify", major, none, *OWN)
    assert ran.out.index(major) < ran.out.index("重大事故隐患") < ran.out.index(none) < ran.out.index("判定：未发现")


def test_a_bad_file_among_good_ones_is_an_error_entry_and_2_wins(run: Run, file: Write) -> None:
    major, bad, none = file(LEVELS["major"], "a.yaml"), file("tnak: []\n", "b.yaml"), file(LEVELS["none"], "c.yaml")
    ran = run("classify", major, bad, none, *OWN, "--format", "json", "--fail-on", "major")
    assert ran.code == 2
    assert [item.get("level") for item in ran.json] == ["major", None, "none"]
    entry = ran.json[1]
    assert entry["file"] == bad
    assert set(entry) == {"file", "error"}
    assert [set(problem) for problem in entry["error"]] == [{"where", "message"}]
    assert "“tank”" in entry["error"][0]["message"]


def test_a_bad_file_among_good_ones_as_text(run: Run, file: Write) -> None:
    major, bad = file(MAJOR, "a.yaml"), file("dust_systm: []\n", "b.yaml")
    ran = run("classify", bad, major, *DUST)
    assert ran.code == 2
    assert "判定：重大事故隐患" in ran.out
    assert ran.err.startswith(f"{bad}: ")
    assert len(ran.err.splitlines()) == 1


def test_one_bad_file_as_json_is_an_error_object(run: Run, file: Write) -> None:
    bad = file("dust_systm: []\n")
    ran = run("classify", bad, *DUST, "--format", "json")
    assert ran.code == 2
    assert ran.json["file"] == bad
    english = run("classify", bad, *DUST, "--format", "json", "--lang", "en").json
    assert "did you mean" in english["error"][0]["message"]


@pytest.mark.parametrize("text", [
    json.dumps(MAJOR, ensure_ascii=False),
    yaml.safe_dump(MAJOR, allow_unicode=True),
    "\ufeff" + yaml.safe_dump(MAJOR, allow_unicode=True).replace("\n", "\r\n"),
], ids=["json", "yaml", "yaml of Windows"])  # fmt: skip
def test_standard_input_is_yaml_or_json(run: Run, text: str) -> None:
    ran = run("classify", "-", *DUST, "--format", "json", stdin=text.encode())
    assert ran.code == 0
    assert [finding["rule"] for finding in ran.json["findings"]] == ["gongmao-2023-11-06"]


def test_bad_standard_input_is_named_once(run: Run) -> None:
    ran = run("classify", "-", *DUST, stdin=b"dust_system: [\n")
    assert ran.code == 2
    assert re.match(r"<stdin>:\d+:\d+: ", ran.err)


def test_yaml_and_json_give_the_same_bytes(run: Run, file: Write) -> None:
    one = file(yaml.safe_dump(MAJOR, allow_unicode=True), "a.yaml")
    two = file(json.dumps(MAJOR), "a.json")
    shown = [run("classify", name, *DUST, "--on", "2026-03-01", "--format", "json").out for name in (one, two)]
    assert shown[0] == shown[1]


# ---------------------------------------------------------------------------------------- exit codes


MET = {  # level of the record → the values of --fail-on that it meets
    "none": set(),
    "ordinary": {"ordinary"},
    "major": {"ordinary", "major", "undetermined"},
    "undetermined": {"ordinary", "undetermined"},  # established is ordinary, possible major
    "nothing known": {"undetermined"},
}  # fmt: skip


@pytest.mark.parametrize("fail_on", ["major", "ordinary", "undetermined"])
@pytest.mark.parametrize("level", LEVELS)
def test_fail_on(run: Run, file: Write, level: str, fail_on: str) -> None:
    arguments = ["classify", file(LEVELS[level]), *OWN, "--format", "json"]
    without = run(*arguments)
    assert without.code == 0
    assert without.json["level"] == ("undetermined" if level == "nothing known" else level)
    ran = run(*arguments, "--fail-on", fail_on)
    assert ran.code == int(fail_on in MET[level])
    assert ran.out == without.out


def test_one_of_several_files_meets_fail_on(run: Run, file: Write) -> None:
    major, none = file(LEVELS["major"], "a.yaml"), file(LEVELS["none"], "b.yaml")
    assert run("classify", none, none, *OWN, "--fail-on", "major").code == 0
    assert run("classify", major, none, *OWN, "--fail-on", "major").code == 1


def test_open_questions_are_undetermined(run: Run, file: Write) -> None:
    assert run("classify", file(OPEN), *DUST).code == 0
    assert run("classify", file(OPEN), *DUST, "--fail-on", "major").code == 0
    assert run("classify", file(OPEN), *DUST, "--fail-on", "undetermined").code == 1


# --------------------------------------------------------------------------------------- standards


def test_standards_json(run: Run) -> None:
    ran = run("standards", "--json")
    assert (ran.code, ran.err) == (0, "")
    text, number = {"type": "string", "minLength": 1}, {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\d$"}

    def exactly(**properties: Any) -> dict[str, Any]:
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

    rule = exactly(
        id=text, level={"enum": ["major", "ordinary"]}, subject={"anyOf": [text, {"type": "array", "items": text}]},
        disputed={"type": "boolean"}, unverified={"type": "boolean"},
    )  # fmt: skip
    clause = exactly(clause=text, encoded={"type": "boolean"}, why={"type": ["string", "null"]}, rules={"type": "array", "items": rule})
    standard = exactly(
        id=text, number=text, title=text, issuer=text, in_force=exactly(**{"from": number, "until": number}),
        clauses={"type": "array", "minItems": 1, "items": clause},
    )  # fmt: skip
    jsonschema.validate(ran.json, {"type": "array", "minItems": 1, "items": standard}, jsonschema.Draft202012Validator)
    for one in ran.json:
        for each in one["clauses"]:
            assert each["encoded"] is bool(each["rules"])
            assert each["encoded"] is (each["why"] is None), each


def test_standards_are_named_as_the_law_names_them(run: Run) -> None:
    held = {standard["id"]: standard for standard in run("standards", "--json").json}
    numbers = {name: standard["number"] for name, standard in held.items()}
    assert numbers["gongmao-2023"] == "应急管理部令第10号"
    assert numbers["chemicals-2017"] == "安监总管三〔2017〕121号"
    assert numbers["noncoal-2022"] == "矿安〔2022〕88号"
    assert held["gongmao-2023"]["in_force"] == {"from": "2023-05-15", "until": None}
    labels = {clause["clause"] for standard in held.values() for clause in standard["clauses"]}
    assert {"第十一条第（三）项", "第十三条第（二）项", "五", "地下矿山第（一）项2"} <= labels
    assert not [label for label in labels if re.search(r"[()]", label)], "half-width brackets"


def test_every_item_of_dust_confined_spaces_and_article_three_is_encoded(run: Run) -> None:
    held = {standard["id"]: standard for standard in run("standards", "--json").json}
    encoded = {clause["clause"] for clause in held["gongmao-2023"]["clauses"] if clause["encoded"]}
    items = "一二三四五六七八九十"
    wanted = {f"第十一条第（{item}）项" for item in items} | {f"第十三条第（{item}）项" for item in items[:2]}
    assert encoded >= wanted | {f"第三条第（{item}）项" for item in items[:3]}


def test_standards_as_text_lists_industries_documents_and_rules(run: Run) -> None:
    shown = run("standards").out
    for words in ("dust_explosion  粉尘爆炸", "confined_space  有限空间", "应急管理部令第10号", "第十一条第（六）项  gongmao-2023-11-06"):
        assert words in shown
    english = run("standards", "--lang", "en").out
    assert "dust_explosion  dust explosion" in english
    assert "industries" in english


def test_a_clause_that_is_not_encoded_tells_why(run: Run) -> None:
    shown = run("standards", "--standards", TANKS).out
    assert "第一条  未编入：尚未编入" in shown
    clause = run("standards", "--json", "--standards", TANKS).json[0]["clauses"][0]
    assert clause == {"clause": "第一条", "encoded": False, "why": "尚未编入", "rules": []}


# ------------------------------------------------------------------------------------------- facts


@pytest.mark.parametrize("industry", ["dust_explosion", "confined_space"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_blank_record_is_a_record(run: Run, file: Write, industry: str, lang: str) -> None:
    ran = run("facts", "--industry", industry, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert run("classify", file(ran.out), "--industry", industry).code == 0


def test_the_blank_record_has_question_type_unit_and_choices(run: Run) -> None:
    shown = run("facts", "--industry", "dust_explosion").out
    lines = {line.split(":")[0].strip(): line for line in shown.splitlines() if "  #" in line}
    assert "〔干式 / 湿式〕" in lines["method"]
    assert "？" in lines["method"]
    assert "〔正常 / 失效 / 无效 / 停用 / 旁路 / 未设置〕" in lines["airlock"]
    assert re.search(r"〔可多选.*木质粉尘", lines["dusts"])
    assert re.search(r"〔数 mm〕", lines["layer_thickness"])
    assert re.search(r"〔整数〕", lines["buildings_served"])
    assert re.search(r"〔日期.*从未〕", lines["last_inspected"])
    english = run("facts", "--industry", "dust_explosion", "--lang", "en").out
    assert "〔normal / failed / ineffective / off / bypassed / absent〕" in english


def test_the_blank_record_asks_only_what_the_industry_judges(run: Run) -> None:
    asked = yaml.safe_load(run("facts", "--industry", "confined_space").out)
    assert set(asked) - {"observation"} == {"inspection", "enterprise", "confined_space", "contractor", "worker"}
    both = yaml.safe_load(run("facts", "--industry", "confined_space", "--industry", "dust_explosion").out)
    assert set(asked) < set(both)
    assert {"dust_system", "dust_place"} <= set(both)
    assert "layer_thickness" in both["dust_place"][0], "what shows a fact of judgment is asked beside it"
    assert "jobs" in asked["confined_space"][0], "a part stands inside what contains it"


@pytest.mark.parametrize("form", ["yaml", "json-schema"])
def test_one_subject(run: Run, form: str) -> None:
    shown = yaml.safe_load(run("facts", "--industry", "dust_explosion", "--subject", "dust_system", "--format", form).out)
    assert set(shown if form == "yaml" else shown["properties"]) == {"dust_system"}


def test_one_subject_that_is_a_part_stands_where_the_record_has_it(run: Run, file: Write) -> None:
    shown = run("facts", "--industry", "confined_space", "--subject", "confined_space_job").out
    assert "stage" in yaml.safe_load(shown)["confined_space"][0]["jobs"][0]
    assert run("classify", file(shown), "--industry", "confined_space").code == 0


def test_a_checklist_on_paper(run: Run) -> None:
    shown = run("facts", "--industry", "dust_explosion", "--format", "markdown").out
    assert "## 除尘系统 `dust_system`" in shown
    assert re.search(r"^\| 除尘方式 `method` \| .*？.* \| ☐ 干式 ☐ 湿式 ☐ 不清楚 \|$", shown, re.MULTILINE)
    tables = [line for line in shown.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {4}
    english = run("facts", "--industry", "dust_explosion", "--format", "markdown", "--lang", "en").out
    assert "☐ dry ☐ wet ☐ unknown" in english


def test_the_json_schema_is_one(run: Run) -> None:
    schema = run("facts", "--industry", "dust_explosion", "--format", "json-schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "dust_system" in schema["properties"]


def test_facts_of_standards_of_ones_own(run: Run) -> None:
    asked = yaml.safe_load(run("facts", "--standards", TANKS).out)
    assert "alarm" in asked["tank"][0]


# -------------------------------------------------------------------------------------------- show


def test_show_a_rule(run: Run) -> None:
    shown = run("show", "gongmao-2023-11-06").out
    for words in ("应急管理部令第10号", "第十一条第（六）项", "除尘系统", "锁气卸灰装置不是 正常", "整改"):
        assert words in shown
    english = run("show", "gongmao-2023-11-06", "--lang", "en").out
    assert "airlock discharge device is not normal" in english


def test_show_a_clause_shows_each_of_its_rules(run: Run) -> None:
    shown = run("show", "第十三条第（二）项").out
    assert [rule for rule in ("a", "b", "c") if f"gongmao-2023-13-02-{rule}" not in shown] == []


def test_show_has_exceptions_wider_readings_and_what_is_not_encoded(run: Run) -> None:
    shown = run("show", "tanks-2024-01-01", "--standards", TANKS).out
    assert re.search(r"除外：小罐不要求〔条文本身〕\n +罐的级别为 小", shown)
    assert "较宽的理解：" in shown
    assert "未编入：尚未编入" in run("show", "第一条", "--standards", TANKS).out


# ------------------------------------------------------------------------------------ lint and test


@pytest.mark.parametrize("place", ["", "tanks-2024", "tanks-2024/02.yaml", "facts"])
def test_lint_of_good_standards(run: Run, place: str) -> None:
    ran = run("lint", str(Path(TANKS, place)))
    assert (ran.code, ran.err) == (0, "")
    assert "没有问题" in ran.out
    assert "no problems" in run("lint", str(Path(TANKS, place)), "--lang", "en").out


@pytest.mark.parametrize(("place", "count"), [("", 22), ("tanks-2024", 22), ("tanks-2024/02.yaml", 4)])
def test_test_of_good_standards(run: Run, place: str, count: int) -> None:
    ran = run("test", str(Path(TANKS, place)))
    assert (ran.code, ran.err) == (0, "")
    assert str(count) in ran.out


# ----------------------------------------------------------------------------- as a process of its own


def test_chinese_comes_out_as_utf_8_whatever_the_locale_says(file: Write) -> None:
    ran = process("classify", file(MAJOR), *DUST, LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii", PYTHONCOERCECLOCALE="0")
    assert ran.returncode == 0
    assert ran.stdout.decode("utf-8").startswith("判定：重大事故隐患")


def test_exit_codes_reach_the_shell(file: Write) -> None:
    assert process("classify", file(MAJOR), *DUST, "--fail-on", "major").returncode == 1
    bad = process("classify", "-", *DUST, stdin=b"dust_systm: []")
    assert bad.returncode == 2
    assert b"Traceback" not in bad.stderr


@pytest.mark.skipif(os.name != "posix", reason="head")
def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = f"{sys.executable} -m hazardrules standards | head -1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert ran.stdout.decode().startswith("行业")
    assert ran.stderr == b""


@pytest.mark.parametrize(("arguments", "told"), [
    (["show", "a", "b"], "多出来的参数：b。用 hazardrules show --help 查看用法"),
    (["new", "subject", "a", "b", "c", "d"], "多出来的参数：c d。用 hazardrules new subject --help 查看用法"),
    (["lint", "--fromat", "json"], "没有选项 --fromat，是不是 --format。用 hazardrules lint --help 查看用法"),
    (["handbok"], "没有命令 handbok，是不是 handbook。用 hazardrules --help 查看用法"),
])  # fmt: skip
def test_a_wrong_word_on_the_command_line_leads_to_the_help_of_that_command(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr().err == f"{told}\n"
