"""The ledger's commands, run as a user would: the documented walk, JSON everywhere, mistakes in words."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest

import documents
from hazardrules.cli import application, main
from lifecycle_stories import PLANT, THE_HAZARD, found, whole_way

COMMANDS = {"open", "list", "assign", "record", "verify", "close", "history", "overdue", "replay"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in, with the examples beside it."""
    (tmp_path / "examples").symlink_to(documents.ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hazardrules.lifecycle.ledger.now", lambda: datetime(2026, 11, 22, 12))
    for name in ("HAZARDRULES_LEDGER", "HAZARDRULES_BY", "HAZARDRULES_LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def told(folder: Path) -> Path:
    """Return a folder whose ledger holds the story of one hazard, closed in the end."""
    write(folder, whole_way())
    return folder


def write(folder: Path, events: list[Any]) -> None:
    (folder / "events.json").write_text(json.dumps([event.to_dict() for event in events]), encoding="utf-8")
    assert main(["ledger", "record", "--file", "events.json"]) == 0


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return exit code and output (of both streams) of `hazardrules ledger …`."""
    capsys.readouterr()
    code = main(["ledger", *arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


# ------------------------------------------------------------------------------------- the documents


def shell_and_output(name: str) -> list[tuple[list[str], str | None]]:
    """Return the shell blocks of a document, each with the text block right behind it, if there is one."""
    pattern = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)
    return [(found[1].splitlines(), found[2]) for found in pattern.finditer(documents.read(name))]


def test_the_walk_through_the_documents_is_what_comes_out(folder: Path) -> None:
    compared = 0
    for lines, expected in shell_and_output("docs/lifecycle.md"):
        printed = ""
        for line in lines:
            command, _, code = line.partition("  # ")
            found_code, output = documents.run(command, folder)
            assert found_code == int(code or 0), f"{line}\n{output}"
            printed += "" if " > " in command else output
        if expected is not None:
            compared += 1
            assert printed == expected
    assert compared == 3


def test_the_documents_name_every_command() -> None:
    group = application("zh").commands["ledger"]
    assert isinstance(group, click.Group)
    assert set(group.commands) == COMMANDS
    text = documents.read("docs/lifecycle.md")
    assert {name for name in COMMANDS if f"ledger {name}" not in text} == set()


def test_the_documents_name_every_parameter_with_its_value() -> None:
    from hazardrules.lifecycle.chart_file import shipped

    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", documents.read("docs/lifecycle.md"), re.MULTILINE)
    assert dict(rows) == {name: str(parameter.value) for name, parameter in shipped().parameters.items()}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_json(capsys: pytest.CaptureFixture[str], name: str, lang: str) -> None:
    assert main(["ledger", name, "--help", "--lang", lang]) == 0
    text = capsys.readouterr().out
    assert "--json" in text
    assert ("用法：" if lang == "zh" else "Usage:") in text
    assert bool(re.search("[一-鿿]", text.replace("“2026-03-01 08:30”", ""))) == (lang == "zh")


# ------------------------------------------------------------------------------------- JSON


def test_json_everywhere(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read = lambda *arguments: json.loads(run(capsys, *arguments, "--json")[1])  # noqa: E731
    (hazard,) = read("list", "--all", "--as-of", "2026-04-01")
    assert (hazard["hazard"], hazard["state"], hazard["open"], hazard["rounds"]) == (THE_HAZARD, "closed", False, 1)
    assert hazard["facts"]["due"] == "2026-04-01"
    history = read("history", THE_HAZARD, "--as-of", "2026-04-01")
    assert history["hazard"] == hazard
    steps = history["steps"]
    assert [(s["event"]["kind"] if "event" in s else s["lapsed"]) for s in steps] == [
        "opened", "assigned", "started", "fulfilled", "report", "submitted", "rejudged", "verified", "closed",
    ]  # fmt: skip
    closed = steps[-1]
    assert (closed["refused"], closed["late"], closed["leans_on"], closed["after"]) == (None, False, [], "closed")
    assert {"number": "国家安全生产监督管理总局令第16号", "title": "安全生产事故隐患排查治理暂行规定", "clause": "第十五条",
            "reading": "五落实都有记录", "unverified": False} in closed["basis"]  # fmt: skip
    replayed = read("replay")
    assert replayed["entries"] == 8
    assert replayed["hazards"][0]["state"] == "closed"
    assert read("replay", "--head", replayed["head"])["states"] == replayed["states"]
    write(told, [found("2026-05-01 08:00", subject="dust_system[另一台]", fingerprint="f2")])
    overdue = read("overdue", "--as-of", "2026-05-20")
    assert [h["marks"] for h in overdue["overdue"]] == [["unassigned", "unreported"]]
    assert {a["correlation"]: a["key"] for a in overdue["alerts"]} == {
        "repeated": {"enterprise": PLANT, "document": "应急管理部令第10号", "clause": "第十一条第（六）项"},
        "no_follow_up": {"enterprise": PLANT, "hazard": overdue["overdue"][0]["hazard"]},
    }
    assert {kind["kind"] for kind in read("record")} >= {"opened", "closed", "penalty"}


def test_json_of_what_is_written(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--by", "王五", "--at", "2026-04-02 09:00", "--json"]
    code, printed = run(capsys, "assign", THE_HAZARD[:5], "--to", "李四", *common)
    (outcome,) = json.loads(printed)
    assert code == 1
    assert outcome["refused"].startswith("现在是“销号”，不能“交办”（可以：发现、挂牌督办）")
    assert (outcome["new"], outcome["turned"], outcome["hazard"]["state"]) == (True, [], "closed")
    code, printed = run(capsys, "close", THE_HAZARD, *common)
    assert (code, json.loads(printed)[0]["event"]["kind"]) == (1, "closed")
    code, printed = run(capsys, "verify", THE_HAZARD, "--passed", *common)
    assert (code, json.loads(printed)[0]["event"]["kind"]) == (1, "verified")
    code, printed = run(capsys, "record", "--file", "events.json", "--json")
    assert (code, json.loads(printed)) == (0, {"events": 8, "new": 0, "refused": []})


# ------------------------------------------------------------------------------------- opening


def test_what_classify_prints_is_opened_from_a_pipe(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    main(["classify", "examples/wood_workshop.yaml", "--industry", "dust_explosion", "--format", "json"])
    printed = capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(printed.encode())))
    common = ["--enterprise", PLANT, "--by", "检查组"]
    code, output = run(capsys, "open", "-", *common)
    assert code == 0
    assert "记下 4 项，0 项已经有了" in output
    assert "另有 3 项有争议或者按另一文件判定，没有立案（要立案用 --verdict）" in output
    Path("result.json").write_text(printed, encoding="utf-8")
    assert "记下 0 项，4 项已经有了" in run(capsys, "open", "result.json", *common)[1]
    assert "记下 3 项，0 项已经有了" in run(capsys, "open", "result.json", "--verdict", "disputed", *common)[1]


def test_several_records_are_opened_at_once_unless_one_was_not_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    classify = ["classify", "--industry", "dust_explosion", "--format", "json", "examples/wood_workshop.yaml"]
    main([*classify, "examples/aluminium_polishing.yaml"])
    Path("two.json").write_text(capsys.readouterr().out, encoding="utf-8")
    main([*classify, "nowhere.yaml"])
    Path("bad.json").write_text(capsys.readouterr().out, encoding="utf-8")
    common = ["--enterprise", PLANT, "--by", "检查组", "--ledger", "a.db"]
    code, output = run(capsys, "open", "bad.json", *common)
    assert (code, output) == (2, "nowhere.yaml: 这份记录没有判成，先改好再立案\n")
    assert not Path("a.db").exists()
    assert "记下 4 项" in run(capsys, "open", "two.json", *common)[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "level: 不是判定结果"),
        ("[{}]", "level: 不是判定结果"),
        ("[1]", "不是判定结果"),
        ("not json", "不是 JSON"),
        ("[1,", "不是 JSON"),
        ("", "不是 JSON"),
    ],
)
def test_what_is_no_classification_is_told(folder: Path, capsys: pytest.CaptureFixture[str], text: str, words: str) -> None:
    Path("x.json").write_text(text, encoding="utf-8")
    code, output = run(capsys, "open", "x.json", "--enterprise", PLANT, "--by", "甲")
    assert code == 2
    assert words in output
    assert not Path("hazards.ledger").exists()


# ------------------------------------------------------------------------------------- examining


def test_verify_by_a_record_and_by_hand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = [e for e in whole_way() if e.kind not in ("rejudged", "verified", "closed")]
    write(folder, story)
    text = Path("examples/wood_workshop.yaml").read_text(encoding="utf-8").replace("示例家具厂", PLANT)
    Path("early.yaml").write_text(text, encoding="utf-8")
    record = ["--record", "early.yaml", "--industry", "dust_explosion", "--by", "王五"]
    code, output = run(capsys, "verify", THE_HAZARD, *record)
    assert (code, output) == (2, "inspection.date: 这份记录是 2026-03-12 检查的，在 2026-03-20 发现、报请验收或者上次复判之前；要用整改以后的记录\n")  # fmt: skip
    Path("later.yaml").write_text(text.replace("2026-03-12\n", "2026-03-21\n", 1), encoding="utf-8")
    record[1] = "later.yaml"
    code, output = run(capsys, "verify", THE_HAZARD, *record, "--at", "2026-03-21 10:00")
    assert code == 1
    assert "验收不合格  王五（理由 复判结论：命中）" in output
    assert "整改中  重大  逾期未报告、验收不合格" in output
    write(folder, [e for e in whole_way() if e.kind == "submitted"])
    code, output = run(capsys, "verify", THE_HAZARD, "--failed", "仍然失效", "--by", "王五", "--at", "2026-03-22")
    assert (code, "现在是“整改中”，不能“验收不合格”" in output) == (1, True)
    assert run(capsys, "record", "submitted", THE_HAZARD, "--by", "李四", "--at", "2026-03-23")[0] == 0
    assert run(capsys, "verify", THE_HAZARD, "--passed", "--by", "王五", "--at", "2026-03-24")[0] == 0
    code, output = run(capsys, "close", THE_HAZARD, "--by", "王五", "--at", "2026-03-25")
    assert code == 1
    assert "复判结论是其中之一：不适用、未命中（现为 未复判）" in output


def test_a_day_alone_is_all_of_it(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "发现 1" in run(capsys, "list", "--as-of", "2026-03-01 08:30")[1]
    assert "交办 1" in run(capsys, "list", "--as-of", "2026-03-01")[1]  # assigned at nine
    assert run(capsys, "list", "--as-of", "2026-02-28")[1] == "截至 2026-02-28 23:59：没有隐患\n"


def test_a_time_in_the_future_is_noted(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, output = run(capsys, "record", "told_staff", THE_HAZARD, "--by", "甲", "--at", "2062-04-01")
    assert code == 1
    assert output.startswith("2062-04-01 00:00  通报  甲  （时间在将来）\n")


def test_verify_wants_just_one_way(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in ([], ["--passed", "--failed", "x"], ["--record", "x", "--passed"]):
        code, output = run(capsys, "verify", THE_HAZARD, "--by", "甲", *options)
        assert (code, output) == (2, "--record、--passed、--failed 写一个，只写一个\n")


# ------------------------------------------------------------------------------------- many events


def test_events_come_as_a_list_or_one_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps(event.to_dict(), ensure_ascii=False) for event in whole_way()]
    Path("lines.json").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    assert run(capsys, "record", "--file", "lines.json") == (0, "8 个事件，新记 8 个\n")
    Path("list.json").write_text(f"[{','.join(lines)}]", encoding="utf-8")
    assert run(capsys, "record", "--file", "list.json") == (0, "8 个事件，新记 0 个\n")


def test_long_work_tells_how_far_it_is(told: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("hazardrules.lifecycle.progress.EVERY", 4)
    capsys.readouterr()
    assert main(["ledger", "record", "--file", "events.json", "--ledger", "other.db"]) == 0
    assert main(["ledger", "replay", "--lang", "en", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err.splitlines() == ["… 读 4", "… 读 8", "… 写 4", "… 写 8", "… checked 4", "… checked 8", "… read 4", "… read 8"]
    assert captured.out.startswith("8 个事件，新记 8 个\n{")  # the JSON is not in the way


def test_what_is_wrong_with_many_events_is_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.json").write_text('[{"kind": "opend"}, 3, {"kind": "started", "by": "甲"}]', encoding="utf-8")
    code, output = run(capsys, "record", "--file", "bad.json")
    assert code == 2
    assert output.splitlines()[0] == "bad.json: events[0].kind: 没有“opend”这种事件，是不是“opened”？"
    assert "events[1]: 事件应是“键: 值”的结构" in output
    assert "events[2].enterprise: 要写哪个企业" in output
    Path("bad.json").write_text('{"kind": "started"}\n{"kind": ', encoding="utf-8")
    code, output = run(capsys, "record", "--file", "bad.json")
    assert code == 2
    assert output.startswith("bad.json:2")


# ------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["close", "zzz", "--by", "甲"], "没有隐患“zzz”；hazardrules ledger list 列出编号"),
        (["close", THE_HAZARD], "缺少选项 --by。用 hazardrules ledger close --help 查看用法"),
        (["close", "--by", "甲"], "缺少 HAZARD"),
        (["assign", THE_HAZARD, "--by", "甲"], "缺少选项 --to"),
        (["assign", THE_HAZARD, "--by", "甲", "--to", "乙", "--due", "下月"], "event.facts.due: “下月”不是日期，应写成 2026-03-01"),
        (["assign", THE_HAZARD, "--by", "甲", "--to", "乙", "--at", "明天"], "event.at: 要写事情发生的时间，如 2026-03-01 08:30"),
        (["record", "assignd", THE_HAZARD, "--by", "甲"], "event.kind: 没有“assignd”这种事件，是不是“assigned”？"),
        (["record", "started", THE_HAZARD], "event.by: 要写是谁做的"),
        (["record", "started", "--by", "甲"], "event.hazard: 要写隐患的编号"),
        (["record", "started", THE_HAZARD, "--by", "甲", "--enterprise", "别家"], "是“某家具厂”的，不是“别家”的"),
        (["record", "fulfilled", THE_HAZARD, "--by", "甲", "--set", "funds"], "--set: “funds”应写成 事实=值"),
        (["record", "penalty", "--by", "甲", "--set", "number=1"], "event.enterprise: 要写哪个企业"),
        (["record", "--file", "nowhere.json"], "nowhere.json: 没有这个文件；检查路径"),
        (["list", "--state", "销毁"], "--state: 没有状态“销毁”（可选：found 发现、assigned 交办、"),
        (["list", "--as-of", "明天"], "“明天”不是时间，应写成 2026-03-01 08:30"),
        (["list", "--ledger", "nowhere.db"], "nowhere.db: 没有这个台账；用 hazardrules ledger open 建立"),
        (["list", "--ledger", "events.json"], "events.json: 这个文件不是台账，或者损坏了"),
        (["replay", "--head", "abc"], "hazards.ledger: 台账里没有这个摘要：末尾被截去过，或者整个换过"),
        (["replay", "--engine", "prolog"], "--engine 的值不对，可填 python、durable"),
        (["clos"], "没有命令 clos，是不是 close"),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_words(told: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, output = run(capsys, *arguments)
    assert code == 2
    assert words in output
    assert "Traceback" not in output


def test_a_changed_ledger_is_told(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import sqlite3

    with closing(sqlite3.connect("hazards.ledger")) as database, database:
        database.execute("DROP TRIGGER log_unchanged")
        database.execute("UPDATE log SET event = replace(event, '未命中', '不适用') WHERE seq = 5")
    code, output = run(capsys, "replay")
    assert (code, output) == (2, "hazards.ledger: 第 5 条与写入时不符：记录被改过\n")


def test_what_is_written_forges_and_hides_no_line(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forged = "见纸\n2026-04-01 10:00  #3  销号  局长 → 销号\x1b[1A\x1b[2K\u202e　完"
    code, output = run(capsys, "record", "removed", THE_HAZARD, "--evidence", forged, "--by", "x", "--at", "2026-04-01")
    assert code == 1
    history = run(capsys, "history", THE_HAZARD, "--as-of", "2026-05-01")[1]
    for printed in (output, history):
        assert "（凭据 见纸\\n2026-04-01 10:00  #3  销号  局长 → 销号\\x1b[1A\\x1b[2K\\u202e　完）" in printed


def test_who_changed_a_deadline_for_all_is_told_with_what_is_overdue(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = ["--set", "parameter=report_days", "--set", "value=36500"]
    assert run(capsys, "record", "parameter", *facts, "--by", "厂长", "--at", "2000-01-01")[0] == 0
    output = run(capsys, "overdue", "--as-of", "2026-04-01")[1]
    assert "2000-01-01 00:00  #9  定期限  厂长（参数 report_days，数值 36500），补记\n" in output
    data = json.loads(run(capsys, "overdue", "--as-of", "2026-04-01", "--json")[1])
    assert [(p["seq"], p["event"]["by"], p["event"]["facts"]["value"]) for p in data["parameters"]] == [(9, "厂长", 36500)]


def test_in_english(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, output = run(capsys, "close", THE_HAZARD, "--by", "x", "--at", "2026-04-01", "--lang", "en")
    assert code == 1
    assert "✗ written, of no effect: it is “closed”, which allows no “closed” (but: found, put under supervision)" in output
    code, output = run(capsys, "history", THE_HAZARD, "--as-of", "2026-03-16", "--lang", "en")
    assert "2026-03-05 00:00  deadline of the report gone by → under rectification (not reported in time)" in output
    assert run(capsys, "list", "--as-of", "2026-04-01", "--lang", "en")[1] == "as of 2026-04-01 23:59: closed 1\n"
    assert run(capsys, "list", "--ledger", "no", "--lang", "en")[1] == "no: no ledger there; hazardrules ledger open makes it\n"  # fmt: skip


def test_own_chart(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder's own chart, here without the wait for a report."""
    own = told / "own" / "lifecycle"
    own.mkdir(parents=True)
    text = (documents.ROOT / "standards/lifecycle/hazard.yaml").read_text(encoding="utf-8")
    (own / "hazard.yaml").write_text(text.replace("    value: 3\n", "    value: 300\n"), encoding="utf-8")
    assert "报告的期限已过" in run(capsys, "history", THE_HAZARD)[1]
    assert "报告的期限已过" not in run(capsys, "history", THE_HAZARD, "--standards", "own")[1]


def test_nobody_reads_on(told: Path) -> None:
    """`hazardrules ledger history … | head -1` ends quietly."""
    program = f"{sys.executable} -m hazardrules ledger history {THE_HAZARD} | head -1"
    done = subprocess.run(
        ["bash", "-c", program], capture_output=True, encoding="utf-8", check=True, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.stderr == ""
    assert done.stdout.startswith(THE_HAZARD)
