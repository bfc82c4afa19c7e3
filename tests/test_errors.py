"""Bad input: bad records, and bad standards. Each gives its messages, never a traceback.

`tests/bad/` holds records that cannot be judged, `RECORDS` what must be said of each. Bad standards
are the good ones of `tests/bad_standards/good/` with an edit; in the edit § marks the place that the
message must give.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

import hazardrules
from hazardrules import cli
from hazardrules.errors import FactsError, HazardRulesError, Problem, StandardsError
from hazardrules.maintain import lint
from hazardrules.reading import read_file

BAD = Path(__file__).parent / "bad"
GOOD = Path(__file__).parent / "bad_standards" / "good"
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Said:
    """A message: where, and what must stand in it in Chinese and in English (words apart by |)."""

    where: str  # a fact's path, or line:column of the file; "" is the file itself
    zh: str
    en: str


#: file in tests/bad → its messages, in order
RECORDS = {
    "unknown-subject.yaml": [Said("dust_systm", "“dust_systm”|是不是“dust_system”（除尘系统）", "did you mean “dust_system”")],
    "unknown-subject.json": [Said("confined_spaces", "是不是“confined_space”（有限空间）", "did you mean “confined_space”")],
    "part-at-the-top.yaml": [Said("confined_space_job", "部件|应记在 confined_space.jobs 里", "a part|under confined_space.jobs")],
    "unknown-fact.yaml": [Said("dust_system[1号].airlok", "除尘系统没有“airlok”|是不是“airlock”（锁气卸灰装置）", "did you mean “airlock”")],
    "unknown-fact-of-a-part.yaml": [Said("confined_space[调节池].jobs[0].stge", "“stge”|是不是“stage”", "did you mean “stage”")],
    "unknown-fact-of-the-enterprise.yaml": [Said("enterprise.sector", "是不是“sectors”（所属行业）", "did you mean “sectors”")],
    "no-such-choice.yaml": [Said("dust_system[1号].airlock", "“已失效”|是不是“失效”|正常、失效、无效、停用、旁路、未设置", "“已失效”|did you mean “失效”|normal, failed")],
    "no-such-choice-of-several.yaml": [Said("dust_system[0].dusts", "“木粉”|是不是“木质粉尘”", "“木粉”|did you mean “木质粉尘”|wood dust")],
    "one-word-for-several.yaml": [Said("dust_system[0].dusts", "“木质粉尘”|写成列表 [甲, 乙]|[]", "“木质粉尘”|write a list [a, b]")],
    "several-for-one-word.yaml": [Said("dust_system[0].method", "一个词|不是列表", "one word|not a list")],
    "not-yes-or-no.yaml": [Said("confined_space[调节池].sign", "“有一块”|是、否 或 不清楚", "“有一块”|yes, no or unknown")],
    "not-a-number.yaml": [Said("dust_place[打磨间].layer_thickness", "“很厚”|应是一个数|mm", "“很厚”|expected a number|mm")],
    "wrong-unit.yaml": [Said("dust_place[打磨间].layer_thickness", "单位“kg”不对|用 mm", "wrong unit “kg”|mm is expected")],
    "unknown-unit.yaml": [Said("dust_place[打磨间].layer_thickness", "不认识单位“尺”|用 mm", "unknown unit “尺”|mm is expected")],
    "unit-on-a-bare-number.yaml": [Said("dust_system[0].buildings_served", "“2 m”|没有单位，只写数", "“2 m”|a bare number")],
    "number-with-comma.yaml": [Said("dust_place[打磨间].layer_thickness", "“1,500 mm”|逗号|千分位", "“1,500 mm”|comma|thousands")],
    "gradient-without-form.yaml": [Said("tailings_pond[一号库].dams[主坝].outer_slope", "“3”|1:3", "“3”|1:3")],
    "not-a-whole-number.yaml": [Said("dust_system[0].buildings_served", "“1.5”|整数", "“1.5”|whole number")],
    "too-small.yaml": [Said("dust_system[0].buildings_served", "“0”|不应小于 1", "“0”|at least 1")],
    "not-finite.yaml": [Said("2:22", "“.inf”不是有限的数|不知道就不写", "“.inf” is not a finite number|leave it out")],
    "not-finite-as-text.yaml": [Said("dust_place[0].layer_thickness", "“NaN”不是有限的数|不知道就不", "“NaN” is not a finite number|leave it out")],
    "not-finite.json": [Said("", "dust_place[0].layer_thickness|“NaN”不是有限的数", "dust_place[0].layer_thickness|“NaN” is not a finite number")],
    "number-too-long.yaml": [Said("2:22", "“1e400”超出范围|18 位", "“1e400” is out of range|18 significant digits")],
    "impossible-date.yaml": [Said("inspection.date", "“2026-02-30”不是日期|2026-03-01", "“2026-02-30” is no date|2026-03-01")],
    "impossible-time.yaml": [Said("confined_space[0].jobs[0].tested_at", "“2026-03-01 25:00”不是时间|08:30", "is no time|08:30")],
    "impossible-day-observed.yaml": [Said("dust_system[1号].observed_on", "不是日期|2026-03-01", "no date|2026-03-01")],
    "duplicate-ids.yaml": [Said("dust_system[1号]", "“1号”出现了 2 次|不能重复", "“1号”|2 times|its own")],
    "duplicate-ids-number-and-text.json": [Said("dust_system[1]", "“1”出现了 2 次", "“1”|2 times")],
    "id-is-a-list.yaml": [Said("dust_system[0].id", "编号应是文字或数字", "text or a number")],
    "id-of-two-lines.json": [Said("dust_system[0].id", "编号|一行", "id|one line")],
    "not-a-list-of-subjects.yaml": [Said("dust_system", "除尘系统应写成列表|[]|seen", "expected a list|[]|seen")],
    "subject-is-no-mapping.yaml": [Said("dust_system[0]", "“事实: 值”", "a mapping of facts")],
    "enterprise-is-a-list.yaml": [Said("enterprise", "只有一个|“事实: 值”", "one mapping of facts")],
    "value-with-a-wrong-key.yaml": [Said("dust_system[0].airlock", "{value, by, at, evidence}", "{value, by, at, evidence}")],
    "text-is-a-list.yaml": [Said("enterprise.name", "一段文字", "expected text")],
    "record-is-a-list.yaml": [Said("", "“对象: 内容”|hazardrules facts", "kinds of subject|hazardrules facts")],
    "record-is-text.json": [Said("", "“对象: 内容”|hazardrules facts", "kinds of subject|hazardrules facts")],
    "syntax-indent.yaml": [Said("3:4", "语法错误|“airlock: 正常”|缩进", "syntax error|“airlock: 正常”")],
    "syntax-full-width-colon.yaml": [Said("3:12", "语法错误|全角的“：”", "syntax error|full-width “：”")],
    "syntax-tab.yaml": [Said("2:1", "制表符（Tab），改用空格", "tab character")],
    "syntax-quote.yaml": [Said("3:1", "引号没有配对|第 2 行", "syntax error|line 2")],
    "syntax-bracket.yaml": [Said("3:11", "方括号 [ ] 没有配对|第 2 行", "syntax error|line 2")],
    "syntax-comma.json": [Said("1:30", "缺半角逗号", "Expecting ',' delimiter")],
    "syntax-single-quotes.json": [Said("1:2", "双引号", "double quotes")],
    "only-a-comment.yaml": [Said("", "空的|“键: 值”", "empty|“key: value”")],
    "null.json": [Said("", "空的", "empty")],
    "tag.yaml": [Said("1:14", "标签|“!!python/object/apply|加引号", "tags|“!!python/object/apply|quote")],
    "anchor-and-alias.yaml": [Said("1:14", "锚点|“&all”", "anchors|“&all”"), Said("3:13", "引用|“*all”", "aliases|“*all”")],
    "merge-key.yaml": [Said("2:5", "合并键 <<|直接写出来", "merge key <<|write the content out")],
    "two-documents.yaml": [Said("2:1", "---|拆成几个文件", "---|split the file")],
    "duplicate-keys.yaml": [Said("4:5", "“airlock”重复|第 3 行|删去一处", "“airlock”|line 3|delete one")],
    "duplicate-keys.json": [Said("", "dust_system[0].airlock|键重复|删去一处", "dust_system[0].airlock|duplicate key|delete one")],
    "lost-comment.yaml": [Said("2:9", "“#3”会丢掉|加引号", "“#3” would be lost|quote")],
    "several-problems.yaml": [
        Said("inspection.date", "“2026-02-30”", "“2026-02-30”"),
        Said("enterprise.sectors", "“轻工业”|是不是“轻工”", "“轻工业”|light industry"),
        Said("dust_systm", "dust_system", "dust_system"),
        Said("confined_space[0].sign", "“大概有”", "“大概有”"),
        Said("dust_system[1号]", "出现了 2 次", "2 times"),
        Said("dust_system[1号].airlok", "airlock", "airlock"),
        Said("dust_system[1号].method", "“半干”|干式、湿式", "“半干”|dry, wet"),
        Said("dust_system[1号].buildings_served", "“两栋”|应是一个数", "“两栋”|expected a number"),
    ],
    "several-problems-of-yaml.yaml": [
        Said("1:14", "锚点|“&a”", "anchors"),
        Said("2:9", "标签|“!x 1号”", "tags"),
        Said("4:5", "“airlock”重复", "duplicate key"),
        Said("6:22", "“.nan”", "“.nan”"),
    ],
}  # fmt: skip


# ------------------------------------------------------------------------------------ bad records


def refused(capsys: pytest.CaptureFixture[str], file: Path | str, lang: str) -> list[str]:
    """Classify a file that must be refused: exit 2, nothing on stdout; return the messages."""
    capsys.readouterr()
    code = cli.main(["classify", str(file), "--lang", lang])
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()


def check(lines: list[str], file: Path | str, said: Iterable[Said], lang: str) -> None:
    """Hold messages against what must be said, each with its place."""
    said = list(said)
    assert len(lines) == len(said), lines
    for line, wanted in zip(lines, said, strict=True):
        gap = ":" if wanted.where[:1].isdigit() else ": "
        head = f"{file}{gap}{wanted.where}: " if wanted.where else f"{file}: "
        assert line.startswith(head), f"place: {line}"
        words = (wanted.zh if lang == "zh" else wanted.en).split("|")
        assert [word for word in words if word not in line] == [], line
        message = re.sub("“[^”]*”|（[^）]*）", "", line.removeprefix(head))
        assert bool(CHINESE.search(message)) is (lang == "zh"), line


def test_every_bad_record_is_expected_and_there() -> None:
    assert {path.name for path in BAD.iterdir()} == set(RECORDS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", RECORDS)
def test_bad_record(capsys: pytest.CaptureFixture[str], name: str, lang: str) -> None:
    check(refused(capsys, BAD / name, lang), BAD / name, RECORDS[name], lang)


@pytest.mark.parametrize("name", RECORDS)
def test_the_library_raises_the_same_problems(name: str) -> None:
    with pytest.raises(HazardRulesError) as caught:
        hazardrules.classify(read_file(BAD / name).data)
    assert len(caught.value.problems) == len(RECORDS[name])
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)


def test_errors_can_be_caught_by_kind_pickled_and_told_in_both_languages() -> None:
    import pickle

    with pytest.raises(FactsError) as caught:
        hazardrules.classify({"dust_systm": []})
    error = pickle.loads(pickle.dumps(caught.value))
    assert type(error) is FactsError
    assert error.problems == caught.value.problems
    assert "是不是" in error.say("zh")
    assert "did you mean" in error.say("en")
    with pytest.raises(StandardsError):
        hazardrules.load(BAD / "nowhere")


@pytest.mark.parametrize(("arguments", "where", "near"), [
    ({"industry": "dust"}, "industry", "dust_explosion"),
    ({"industry": ["dust_explosion", "confined_spaces"]}, "industry", "confined_space"),
    ({"on": "2026-02-30"}, "on", "2026-03-01"),
    ({"on": "soon"}, "on", "2026-03-01"),
])  # fmt: skip
def test_wrong_arguments_of_the_library(arguments: dict[str, str], where: str, near: str) -> None:
    with pytest.raises(FactsError) as caught:
        hazardrules.classify({}, **arguments)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 1
    assert where in caught.value.problems[0].where
    assert near in str(caught.value)


@pytest.mark.parametrize("data", [None, [], "record", 3, {1: 2}, {None: []}, {"dust_system": [{3: 4}]}, {"dust_system": {"seen": 3}}])
def test_python_data_that_is_no_record(data: object) -> None:
    with pytest.raises(FactsError):
        hazardrules.classify(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**30, "1e999", True, "三", object(), b"3"])
def test_python_values_that_are_no_number(value: object) -> None:
    with pytest.raises(FactsError) as caught:
        hazardrules.classify({"dust_place": [{"layer_thickness": value}]})
    assert [problem.where for problem in caught.value.problems] == ["dust_place[0].layer_thickness"]


def test_a_record_that_contains_itself_is_refused() -> None:
    job: dict[str, object] = {"stage": "进行中"}
    job["jobs"] = [job]
    with pytest.raises(FactsError):
        hazardrules.classify({"confined_space": [job]})
    line: list[object] = []
    line.append(line)
    with pytest.raises(FactsError):
        hazardrules.classify({"dust_system": line})


# ---------------------------------------------------------------------- files that are no text of ours

TEXT = "dust_system:\n  - id: 甲\n"


@pytest.mark.parametrize(("data", "place", "zh", "en"), [
    (TEXT.encode("gbk"), "2:9", "UTF-8|GBK|另存为", "UTF-8|GBK|save it as"),
    (TEXT.encode("gb18030") + "# 备注：龘\n".encode("gb18030"), "2:9", "UTF-8|GBK", "UTF-8|GBK"),
    (TEXT.encode("utf-16"), "1:1", "UTF-8|UTF-16", "UTF-8|UTF-16"),
    (TEXT.encode("utf-16-le"), "1:2", "UTF-8|UTF-16", "UTF-8|UTF-16"),
    (TEXT.encode("utf-16-be"), "1:1", "UTF-8|UTF-16", "UTF-8|UTF-16"),
    (b"dust_system: []\n# \xff\xfe\xfd\x80\n", "2:3", "UTF-8|另存为", "UTF-8|save it as"),
    (b"PK\x03\x04" + bytes(200), "1:3", "Excel|YAML 或 JSON", "Excel|YAML or JSON"),
    (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "2:1", "PDF|YAML 或 JSON", "PDF|YAML or JSON"),
    (b"# dust, and nothing else\ndust_system: []\n\0\n", "3:1", "NUL|删去", "NUL|delete"),
    (b"dust_system: \x07[]\n", "1:14", "控制字符 U+0007|删去", "control character U+0007|delete"),
    ("dust_system:\n  - id: 甲\u200b\n".encode(), "2:10", "U+200B", "U+200B"),
    (b"", "", "空的", "empty"),
    (b"\n  \n", "", "空的", "empty"),
    (b"\xef\xbb\xbf", "", "空的", "empty"),
], ids=["GBK", "GB18030", "UTF-16 with mark", "UTF-16 LE", "UTF-16 BE", "no encoding", "zip", "PDF", "NUL", "bell",
        "zero width", "empty", "blank", "only a byte order mark"])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", [".yaml", ".json"])
def test_bytes_that_are_no_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, place: str, zh: str, en: str, lang: str, ending: str
) -> None:
    file = tmp_path / f"record{ending}"
    file.write_bytes(data)
    lines = refused(capsys, file, lang)
    assert len(lines) == 1
    assert re.match(re.escape(str(file)) + (r":\d+:\d+: " if place else ": "), lines[0])
    if not data.startswith((b"PK", b"\xff\xfe")):  # there any place would do
        assert lines[0].startswith(f"{file}:{place}: " if place else f"{file}: ")
    assert [word for word in (zh if lang == "zh" else en).split("|") if word not in lines[0]] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_that_is_not_there_and_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str) -> None:
    absent = Said("", "没有这个文件|检查路径", "no such file|check the path")
    check(refused(capsys, tmp_path / "无.yaml", lang), tmp_path / "无.yaml", [absent], lang)
    folder = Said("", "文件夹|写出其中的文件名", "a folder|name a file in it")
    check(refused(capsys, tmp_path, lang), tmp_path, [folder], lang)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a file that may not be read")
def test_a_file_that_may_not_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text(TEXT, encoding="utf-8")
    file.chmod(0)
    check(refused(capsys, file, "zh"), file, [Said("", "没有权限", "")], "zh")


def test_as_json_each_problem_has_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    name = "several-problems.yaml"
    assert cli.main(["classify", str(BAD / name), "--format", "json"]) == 2
    entry = json.loads(capsys.readouterr().out)
    assert [problem["where"] for problem in entry["error"]] == [said.where for said in RECORDS[name]]


# --------------------------------------------------------------- what would cost memory, time or the stack

LIMIT = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)
from hazardrules.cli import main
sys.exit(main(sys.argv[2:]))
"""


def bounded(*arguments: str, seconds: int = 10, stdin: Path | None = None) -> str:
    """Run the command line on bad input in 600 MB and some seconds of the processor; return its messages."""
    with (stdin or Path(os.devnull)).open("rb") as source:
        command = [sys.executable, "-c", LIMIT, str(seconds), *arguments]
        ran = subprocess.run(command, stdin=source, capture_output=True, timeout=300, check=False)
    err = ran.stderr.decode("utf-8")
    assert ran.returncode == 2, f"{ran.returncode} {err[-500:]}"
    assert "Traceback" not in err
    assert 0 < len(err.splitlines()) <= 51
    assert max(map(len, err.splitlines())) < 500
    return err


def bomb() -> str:
    """Return aliases that would unfold to ten to the thirtieth items."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    return "\n".join(lines) + "\n"


def large(what: str) -> str:
    """Return just under 20 MB, the most that is read."""
    return {
        "subjects": '{"dust_systm": [' + ",".join(['{"id": "x"}'] * 1_500_000) + "]}",
        "brackets": "[" * 19_000_000,
        "anchors": "a: [" + "&x 1, " * 3_000_000 + "]",
        "one text": "a: " + "x" * 19_000_000,
        "keys": "\n".join(f"k{n}: 1" for n in range(1_300_000)),
    }[what]


BOMBS: dict[str, tuple[str, str, str]] = {  # name of the file → text, what must be said in Chinese, in English
    "aliases.yaml": (bomb(), "锚点|引用|问题太多", "anchors|aliases|too many problems"),
    "deep-flow.yaml": ("a: " + "[" * 10_000 + "]" * 10_000, "64 层", "64 levels"),
    "deep-open.yaml": ("{a: " * 10_000, "64 层", "64 levels"),
    "deep-block.yaml": ("\n".join(" " * n + "a:" for n in range(3_000)), "64 层", "64 levels"),
    "deep-dashes.yaml": ("- " * 10_000, "64 层", "64 levels"),
    "deep.json": ("[" * 10_000 + "]" * 10_000, "64 层", "64 levels"),
    "deep-objects.json": ('{"a":' * 10_000 + "1" + "}" * 10_000, "64 层", "64 levels"),
    "deep-million.json": ("[" * 1_000_000, "64 层", "64 levels"),
    "directives.yaml": ("%TAG !a! !a\n" * 100_000 + "---\na: 1\n", "指令", "directive"),
    "digits.yaml": ("dust_place:\n  - layer_thickness: " + "9" * 1_000_000, "超出范围", "out of range"),
    "digits.json": ('{"dust_place": [{"layer_thickness": ' + "9" * 1_000_000 + "}]}", "超出范围", "out of range"),
    "exponent.json": ('{"dust_place": [{"layer_thickness": 1e999999999}]}', "超出范围", "out of range"),
}


linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory")


@linux
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_bounded_memory_and_time(tmp_path: Path, name: str) -> None:
    text, zh, en = BOMBS[name]
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    lang, words = ("en", en) if name.endswith(".json") else ("zh", zh)
    err = bounded("classify", str(file), "--lang", lang)
    assert [word for word in words.split("|") if word not in err] == [], err[:500]


@linux
@pytest.mark.slow
@pytest.mark.parametrize("what", ["subjects", "brackets", "anchors", "one text", "keys"])
def test_the_largest_file_that_is_read_is_still_bounded(tmp_path: Path, what: str) -> None:
    file = tmp_path / ("large.json" if what == "subjects" else "large.yaml")
    file.write_text(large(what), encoding="utf-8")
    assert 10_000_000 < file.stat().st_size < 20_000_000
    bounded("classify", str(file), seconds=40)


@linux
@pytest.mark.parametrize("entry", ['{"airlok": 1}', '{"airlock": "坏"}', '{"id": {}}', "3"])
def test_very_many_problems_are_not_all_listed(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "many.json"
    file.write_text('{"dust_system": [' + ",".join([entry] * 50_000) + "]}", encoding="utf-8")
    assert "问题太多" in bounded("classify", str(file), seconds=20)


@linux
def test_50_mb_are_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as huge:
        huge.truncate(50_000_000)  # a hole: no space is used
    assert "超过 20 MB；拆成几个文件" in bounded("classify", str(file), seconds=5)
    assert "超过 20 MB；拆成几个文件" in bounded("classify", "-", seconds=5, stdin=file)
    assert "over 20 MB; split it" in bounded("classify", str(file), "--lang", "en")


# ---------------------------------------------------------------------------------- bad standards


@dataclass(frozen=True)
class Bad:
    """Standards with one thing wrong.

    *edits* are (file, old text, new text): old None is a whole new file, new None takes the file away.
    The § in a new text is the place that must be named; where there is none, *where* names it: a file,
    or a file and after § the text that stands at the place. *count* is how many messages there are.
    """

    name: str
    edits: tuple[tuple[str, str | None, str | None], ...]
    zh: str
    en: str
    code: str = ""  # of lint, where the standards can be read and lint alone objects
    where: str = ""
    count: int = 1


def bad(name: str, file: str, old: str | None, new: str | None, zh: str, en: str, code: str = "", where: str = "", count: int = 1) -> Bad:
    """Return standards with one edit in one file."""
    return Bad(name, ((file, old, new),), zh, en, code, where, count)


TANK, VALVE, ENTERPRISE = "facts/tank.yaml", "facts/valve.yaml", "facts/enterprise.yaml"
ONE, TWO, SIGN, DOC = "tanks-2024/01-01.yaml", "tanks-2024/01-02.yaml", "tanks-2024/02.yaml", "tanks-2024/standard.yaml"
LISTS, WORK = "lists/watched_works.yaml", "industries.yaml"


def when(name: str, sentence: str, zh: str, en: str) -> Bad:
    """Return standards with another condition in the rule on signs."""
    return bad(f"sentence: {name}", SIGN, "when: not sign", f"when: {sentence}", zh, en)


def fact(name: str, text: str, zh: str, en: str, code: str = "", where: str = "") -> Bad:
    """Return standards with one more fact of a tank, `extra`; *text* are its lines below the key."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    key = "  extra:\n" if "§" in text else "  §extra:\n"
    return bad(f"fact: {name}", TANK, "  valves:\n    type", f"{key}{lines}  valves:\n    type", zh, en, code, where)


ASKED = "title: 多出的\nquestion: 有多出的吗？\n"

FILES = [
    bad("no enterprise", ENTERPRISE, None, None, "one: true|要有这个文件", "one: true", where=ENTERPRISE),
    bad("no inspection", "facts/inspection.yaml", None, None, "one: true|要有这个文件", "one: true", where="facts/inspection.yaml"),
    bad("enterprise is not one", ENTERPRISE, "one: yes\n", "", "one: true", "one: true", where=ENTERPRISE),
    bad("no standard.yaml", DOC, None, None, "没有 standard.yaml", "no standard.yaml", where="tanks-2024"),
    bad("empty file", SIGN, None, "", "空的", "empty", where=SIGN),
    bad("syntax", SIGN, "rules:\n", "rules:\n  §]\n", "语法错误", "syntax error"),
    bad("tab", SIGN, "rules:\n  - id", "rules:\n§\t- id", "制表符（Tab），改用空格", "tab character"),
    bad("duplicate key", SIGN, "    level: ordinary\n", "    level: ordinary\n    §level: major\n", "“level”重复|第 7 行", "duplicate key “level”|line 7"),
    bad("tag", SIGN, "level: ordinary", "level: §!x ordinary", "标签", "tags"),
    bad("alias", SIGN, "level: ordinary", "level: §&x ordinary", "锚点", "anchors"),
    bad("several levels", SIGN, "summary: 储罐没有警示标志", "summary: " + "[" * 63 + "§" + "[" * 9000, "64 层", "64 levels"),
    bad("is a list", SIGN, None, "§- clause\n", "“键: 值”", "keys and values"),
    bad("is a text", TANK, None, "§tank\n", "“键: 值”", "keys and values"),
    bad("industries are a list", WORK, None, "§- tanks\n", "行业|title, documents", "industry|title, documents"),
    bad("unknown key", SIGN, "    remedy: 挂", "    §remdy: 挂", "“remdy”|是不是“remedy”", "“remdy”|did you mean “remedy”"),
    bad("unknown key of a case", SIGN, "        missing:", "        §mising:", "“mising”|是不是“missing”", "did you mean “missing”"),
    bad("unknown key of a fact", TANK, "    unit: m\n    title: 液位\n", "    §units: m\n    title: 液位\n", "“units”|是不是“unit”", "did you mean “unit”"),
    bad("unknown key of a document", DOC, "scope_clause:", "§scope_clauses:", "是不是“scope_clause”", "did you mean “scope_clause”"),
    bad("missing key", DOC, "issuer: 储罐部\n", "", "缺少“issuer”", "“issuer” is missing", where=f"{DOC}§number"),
    bad("missing key of a rule", SIGN, "  - id: tanks-2024-02\n    subject: tank\n", "  - §id: tanks-2024-02\n", "缺少“subject”", "“subject” is missing"),
    bad("missing title of a fact", TANK, "    title: 高液位报警\n", "", "缺少“title”", "“title” is missing", where=f"{TANK}§alarm:"),
    bad("no such level", SIGN, "level: ordinary", "level: §small", "“small”|major, ordinary", "“small”|major, ordinary"),
    bad("no such verdict", SIGN, "expect: clear", "expect: §ok", "“ok”|hit, clear, unknown", "“ok”|hit, clear, unknown"),
    bad("no such type", TANK, "type: device", "type: §devices", "“devices”|yes_no, choice", "“devices”|yes_no, choice"),
    bad("no such status", SIGN, "    level: ordinary\n", "    level: ordinary\n    status: §maybe\n", "“maybe”|unverified", "“maybe”|unverified"),
    bad("not yes or no", ENTERPRISE, "one: yes", "one: §maybe", "“one”|yes 或 no", "“one”|yes or no"),
    bad("rules are no list", SIGN, "rules:\n  - id: tanks-2024-02\n", "§rules:\n    id: tanks-2024-02\n", "“rules”|列表", "“rules”|a list"),
    bad("given is a list", SIGN, "      - given:\n          content: 酸\n          sign: 否\n", "      - §given:\n          - sign\n", "“given”|“键: 值”", "“given”|keys and values"),
    bad("empty text", SIGN, "summary: 储罐没有警示标志", "summary: §''", "“summary”|空", "“summary”|empty"),
    bad("text is a list", SIGN, "summary: 储罐没有警示标志", "§summary: [储罐, 标志]", "“summary”|文字", "“summary”|text"),
    bad("impossible date", DOC, "issued: 2023-12-01", "issued: §2023-02-30", "“2023-02-30”不是日期|2026-03-01", "“2023-02-30” is no date|2026-03-01"),
    bad("ends before it begins", "tanks-2020/standard.yaml", "in_force:\n  from: 2020-01-01", "§in_force:\n  from: 2024-01-01", "until 应晚于 from", "until must be after from"),
    bad("ends before it is issued", "tanks-2020/standard.yaml", "in_force:\n  from: 2020-01-01\n", "issued: 2024-02-01\n§in_force:\n", "until 应晚于 issued", "until must be after issued"),
    bad("rule that ends before it begins", SIGN, "    level: ordinary\n", "    level: ordinary\n    §in_force:\n      from: 2025-01-01\n      until: 2024-06-01\n", "until 应晚于 from", "until must be after from"),
    bad("list that ends before it begins", LISTS, "  - from: 2024-01-01\n", "  - §from: 2024-01-01\n    until: 2023-01-01\n", "until 应晚于 from", "until must be after from"),
    bad("list without citation", LISTS, "  - from: 2024-01-01\n    words: [动火, 清罐]\n    citation: 《储罐规定》附件\n", "  - §from: 2024-01-01\n    words: [动火, 清罐]\n", "缺少“citation”", "“citation” is missing"),
    bad("no such document", WORK, "    tanks-2020: all", "    §tanks-2002: all", "没有文件夹“tanks-2002”|是不是“tanks-20", "did you mean “tanks-20"),
    bad("no such chapter", WORK, "tanks-2024: ['01']", "§tanks-2024: ['07']", "“07”|tanks-2024", "“07”|tanks-2024"),
    bad("industry without title", WORK, "alarms:\n  title: 报警\n", "§alarms:\n", "缺少“title”", "“title” is missing"),
]  # fmt: skip

KINDS = [
    bad("unknown container", VALVE, "within: tank", "within: §tnk", "没有“tnk”|是不是“tank”", "“tnk”|did you mean “tank”", count=2),
    bad("container without a list", VALVE, "within: tank", "§within: [tank, enterprise, lid]", "没有“lid”", "“lid”"),
    Bad("container that does not list it", ((TANK, "title: 储罐\n", "title: 储罐\n"), ("facts/lid.yaml", None, "title: 盖\nen: lid\nwithin: §tank\nfacts:\n  name:\n    type: text\n    title: 名\n    question: 叫什么？\n")), "list|of: lid", "list|of: lid"),
    Bad("part that does not say so", (("facts/lid.yaml", None, "title: 盖\nen: lid\nfacts:\n  name:\n    type: text\n    title: 名\n    question: 叫什么？\n"), (TANK, "  valves:\n    type", "  §lids:\n    type: list\n    of: lid\n    title: 盖子\n  valves:\n    type")), "“lid”|within: tank", "“lid”|within: tank"),
    bad("part that is not there", TANK, "  valves:\n    type: list\n    of: valve", "  §valves:\n    type: list\n    of: vale", "vale", "vale", count=2),
    Bad("each within the other", ((VALVE, "within: tank\n", "within: lid\n"), (VALVE, "facts:\n", "facts:\n  lids:\n    type: list\n    of: lid\n    title: 盖子\n"), (TANK, "    of: valve\n", "    of: lid\n"), ("facts/lid.yaml", None, "title: 盖\nen: lid\n§within: [valve, tank]\nfacts:\n  valves:\n    type: list\n    of: valve\n    title: 阀门们\n")), "互相包含", "contain each other", count=2),
    bad("shared facts that are not there", TANK, "include: [sign]", "include: [§sing]", "_sing.yaml|是不是“sign”", "_sing.yaml|did you mean “sign”", count=2),
    Bad("fact twice by sharing", (("facts/_sign.yaml", "  sign:\n", "  sign:\n"), (TANK, "  content:\n    type", "  §sign:\n    type: yes_no\n    title: 标志\n    question: 有吗？\n  content:\n    type")), "“sign”重复", "“sign” twice"),
    Bad("name of a kind", (("facts/Lid.yaml", None, "§title: 盖\nen: lid\nfacts:\n  name:\n    type: text\n    title: 名\n    question: 叫什么？\n"),), "“Lid”|小写字母", "“Lid”|lower-case"),
    bad("name of a fact", TANK, "  rounds:\n    type", "  §巡查:\n    type", "“巡查”|小写字母", "“巡查”|lower-case", count=2),
    bad("reserved name of a fact", VALVE, "facts:\n", "facts:\n  §id:\n    type: text\n    title: 号\n    question: 几号？\n", "“id”|保留字", "“id”|reserved"),
    fact("choice without words", "type: choice\n" + ASKED, "values", "values"),
    fact("choices without words", "type: choices\n" + ASKED, "values", "values"),
    fact("unknown unit", "type: number\nunit: §丈\n" + ASKED, "不认识单位“丈”|mm", "unknown unit “丈”"),
    fact("unit of a word", "type: device\nunit: §m\n" + ASKED, "unit 只用于 number", "unit is only for number"),
    fact("words of a number", "type: number\n§values: [大, 小]\n" + ASKED, "values 只用于 choice", "values is only for choice"),
    fact("never of a number", "type: number\nnever: §yes\n" + ASKED, "never 只用于 date", "never is only for date"),
    fact("parts of a text", "type: text\nof: §valve\n" + ASKED, "of 只用于 list", "of is only for list"),
    fact("least that is no number", "type: number\nmin: §many\n" + ASKED, "min 应是数", "min must be a number"),
    fact("evidence that is not there", "type: yes_no\njudged: expert\nevidence: [levle]\n" + ASKED, "evidence|“levle”", "evidence|“levle”"),
    fact("roster of no such fact", "type: list\nof: valve\nroster: {stat: [正常]}\n" + ASKED, "“stat”", "“stat”"),
    fact("roster of no such word", "type: list\nof: valve\nroster: {state: [坏]}\n" + ASKED, "“坏”", "“坏”"),
    fact("count of no list", "type: number\ninteger: yes\ncount: §valvs\n" + ASKED, "“valvs”", "“valvs”"),
    fact("no such function", "type: number\npython: §nix\n" + ASKED, "“nix”", "“nix”"),
    fact("defined, but no yes_no", "type: number\nyes_when: level > 3 m\n" + ASKED, "只用于 yes_no", "define a yes_no"),
    fact("otherwise alone", "type: yes_no\nno_when: otherwise\n" + ASKED, "otherwise 要与另一边的条件同用", "otherwise needs a condition"),
    fact("definition that cannot be read", "type: yes_no\nyes_when: §levl > 3 m\n" + ASKED, "“levl”|是不是“level”", "did you mean “level”"),
    fact("definition by a dated list", "type: yes_no\nyes_when: work in §watched_works\n" + ASKED, "词表只能在规则里用", "for rules only"),
    fact("need that cannot be read", "type: text\nneeds: not §sing\n" + ASKED, "“sing”|是不是“sign”", "did you mean “sign”"),
    fact("row of a table too short", "type: choice\nvalues: [大, 小]\ntable:\n  by: [level]\n  rows:\n    - §[大]\n" + ASKED, "应有 1 格加 1 个值，现有 1 项", "expected 1 cells and a value, found 1"),
    fact("value of a table that is none", "type: choice\nvalues: [大, 小]\ntable:\n  by: [level]\n  rows:\n    - ['*', §中]\n" + ASKED, "“中”|大、小", "“中”"),
    fact("cell of a table that cannot be read", "type: choice\nvalues: [大, 小]\ntable:\n  by: [content]\n  rows:\n    - [§汽油, 大]\n" + ASKED, "“汽油”|水、油、酸", "“汽油”"),
    fact("table by no such fact", "type: choice\nvalues: [大, 小]\ntable:\n  by: [§levl]\n  rows:\n    - ['< 3 m', 大]\n" + ASKED, "“levl”|是不是“level”", "did you mean “level”"),
    Bad("definitions in a circle", ((TANK, "    yes_when: level <= design_level", "    yes_when: extra"), (TANK, "  valves:\n    type", "  extra:\n    type: yes_no\n    title: 多出的\n    question: 有吗？\n    yes_when: level_within_design\n  valves:\n    type")), "圈|tank.level_within_design → tank.extra → tank.level_within_design", "circle|tank.extra", where=f"{TANK}§level_within_design:"),
]  # fmt: skip

RULES = [
    bad("unknown subject", SIGN, "subject: tank", "subject: §tnak", "“tnak”|是不是“tank”", "“tnak”|did you mean “tank”"),
    bad("subject nothing like any", SIGN, "subject: tank", "subject: §zzz", "“zzz”|facts/", "“zzz”"),
    bad("subject of the wrong container", SIGN, "subject: tank", "subject: §valve.tank", "“valve.tank”", "“valve.tank”"),
    bad("one of several subjects", SIGN, "subject: tank", "§subject: [tank, vale]", "“vale”|是不是“valve”", "did you mean “valve”"),
    bad("id of another file", SIGN, "id: tanks-2024-02", "id: §tanks-2024-03", "“tanks-2024-03”|“tanks-2024-02”|-a", "“tanks-2024-02”|-a"),
    bad("id with a wrong ending", SIGN, "id: tanks-2024-02", "id: §tanks-2024-02a", "“tanks-2024-02a”|“tanks-2024-02”", "“tanks-2024-02”"),
    bad("no summary", SIGN, "summary: 储罐没有警示标志\nsummary_en: A tank has no warning sign\nrules:\n  - id", "rules:\n  - §id", "summary|自己的话", "summary is missing"),
    bad("neither rules nor a reason", SIGN, None, "§clause: 第四条\nsummary: 储罐没有警示标志\n", "rules|unencoded", "rules|unencoded"),
    bad("rules and a reason", SIGN, "clause: 第四条\n", "§clause: 第四条\nunencoded: 尚未编入\n", "rules|unencoded", "rules|unencoded"),
    bad("near of no rule", ONE, "near: [tanks-2024-02]", "near: [§tanks-2024-2]", "“tanks-2024-2”|是不是“tanks-2024-", "“tanks-2024-2”|did you mean “tanks-2024-"),
    bad("scope", DOC, "scope: enterprise.sectors has [机械, 轻工]", "scope: enterprise.sectors has [机械, §轻工业]", "“轻工业”|是不是“轻工”", "did you mean “轻工”"),
    bad("gate of a chapter", DOC, "    applies: content in [油, 酸]", "    applies: §contents in [油, 酸]", "“contents”|是不是“content”", "did you mean “content”"),
    bad("yields", DOC, "  - when: inspection.other_regimes has [消防]", "  - when: inspection.other_regimes has [§防火]", "“防火”|消防、燃气", "“防火”"),
    bad("applies", ONE, "applies: content == 油", "applies: content == §油品", "“油品”|是不是“油”", "did you mean “油”"),
    bad("exception", ONE, "      - when: size == 小", "      - when: size == §中", "“中”|大、小", "“中”"),
    bad("wider reading", ONE, "            - rounds != 落实", "            - rounds != §没落实", "“没落实”|是不是“", "did you mean “"),
    bad("deep in a condition", TWO, "            - valve_count > 2", "            - valve_count > §two", "“two”", "“two”"),
    bad("word of a part", TWO, "      where: state != 正常", "      where: state != §好", "“好”|正常、失效", "“好”"),
    bad("fact of the whole in a part", TWO, "      where: state != 正常", "      where: §level > 3 m", "“level”|tank.level", "“level”"),
]  # fmt: skip

SENTENCES = [
    when("nonsense", "§哪里都没有标志", "读不懂“哪里都没有标志”|事实 == 词", "cannot read|fact == word"),
    when("no spaces", "§level>3 m", "读不懂|两边留空格", "cannot read|spaces around"),
    when("unknown operator", "§level => 3 m", "读不懂“level => 3 m”", "cannot read"),
    when("operator of other languages", "§content = 油", "是不是“content == 油”|半角", "did you mean “content == 油”"),
    when("operator of paper", "§level ≥ 3 m", "是不是“level >= 3 m”", "did you mean “level >= 3 m”"),
    when("full-width operator", "§content ！= 油", "是不是“content != 油”", "did you mean “content != 油”"),
    when("full-width comma", "content in [§油，酸]", "是不是“content in [油, 酸]”", "did you mean “content in [油, 酸]”"),
    when("quotes", "content == §“油”", "是不是“content == 油”|不加引号", "did you mean “content == 油”"),
    when("title for a name", "§高液位报警 != 正常", "“高液位报警”|是不是“alarm”", "did you mean “alarm”"),
    when("empty", "§''", "读不懂", "cannot read"),
    when("two comparisons", "1 m < level §< 3 m", "一句话只写一个比较|all", "one comparison a sentence|all"),
    when("unknown fact alone", "§sing", "“sing”|是不是“sign”", "“sing”|did you mean “sign”"),
    when("unknown fact denied", "not §sing", "“sing”|是不是“sign”", "“sing”|did you mean “sign”"),
    when("unknown fact compared", "§levl > 3 m", "“levl”|是不是“level”", "“levl”|did you mean “level”"),
    when("unknown fact on the right", "level > §design_levl", "“design_levl”|是不是“design_level”", "did you mean “design_level”"),
    when("unknown short fact on the right", "level > §levl", "“levl”|是不是“level”", "did you mean “level”"),
    when("unknown fact of the enterprise", "§enterprise.sector has [机械]", "“enterprise.sector”|是不是“enterprise.sectors”", "did you mean “enterprise.sectors”"),
    when("fact nothing like any", "§xyz", "“xyz”|facts", "“xyz”|declare"),
    when("text", "§enterprise.name == 一厂", "文字|不能读", "text|may read"),
    when("word alone", "§content", "“content”是 choice|不能单独成句", "“content” is a choice|no sentence by itself"),
    when("number denied", "not §level", "“level”是 number|不能单独成句", "“level” is a number"),
    when("no such word", "content == §酒", "“酒”|水、油、酸", "“酒”|水、油、酸"),
    when("nearly a word", "alarm == §未设", "“未设”|是不是“未设置”", "did you mean “未设置”"),
    when("no such word in a list", "content in [水, §油料]", "“油料”|是不是“油”", "“油料”|did you mean “油”"),
    when("empty list of words", "content in [§]", "“content”", "“content”"),
    when("order of words", "§alarm > 正常", "没有大小|==、!=、in", "no order|==, !=, in"),
    when("yes_no compared", "§sign == 是", "“sign”是 yes_no|not sign", "“sign” is a yes_no|not sign"),
    when("choices compared", "§enterprise.sectors == 机械", "sectors|has [词]", "sectors|has ["),
    when("list compared", "§valves > 3", "valves|some", "valves|some"),
    when("in of choices", "enterprise.sectors §in [机械]", "写 has 而不是 in", "write has, not in"),
    when("has of a word", "content §has [水]", "写 in 而不是 has", "write in, not has"),
    when("in of a number", "§level in [水]", "“level”是 number|不能用 in", "“level” is a number|in cannot be used"),
    when("no such list of words", "work in §watched_work", "“watched_work”|是不是“watched_works”", "did you mean “watched_works”"),
    when("list of words nothing like any", "work in §abc", "“abc”|[ ]", "“abc”|[ ]"),
    when("list of words of a device", "§alarm in watched_works", "“alarm”是 device|choice", "“alarm” is a device|choice"),
    when("number without unit", "level > §3", "单位是 m|“3”", "is in m|“3”"),
    when("wrong unit", "level > §3 kg", "单位是 m|“3 kg”", "is in m|“3 kg”"),
    when("unknown unit", "level > §3 丈", "“3 丈”|已知单位", "“3 丈”|known unit"),
    when("unit on a bare number", "valve_count > §2 m", "没有单位|只写数", "has no unit"),
    when("no number", "level > §three m", "“three m”|数", "“three m”|number"),
    when("number without end", "level > §1e400 m", "“1e400 m”", "“1e400 m”"),
    when("number with too many digits", f"level > §{'9' * 30} m", "99 m”", "99 m”"),
    when("two numbers", "§3 m > 2 m", "“3 m”不是已声明的事实", "“3 m” is no declared fact"),
    when("number against a word", "level > §content", "level|content|不能相比", "level|content|cannot be compared"),
    when("number against a date", "level > §inspection.date", "不能相比", "cannot be compared"),
    when("metres against a count", "level > §valve_count", "不能相比", "cannot be compared"),
    when("factor of a word", "2 * §alarm == 正常", "“alarm”不是数|乘", "“alarm” is no number"),
    when("factor that is no number", "§1..2 * level > 3 m", "“1..2”不是数", "“1..2” is no number"),
    when("factor behind", "§level * 2 > 3 m", "“level * 2”", "“level * 2”"),
    when("word added to", "§alarm + 3 > 2", "“alarm”不能加减", "“alarm” cannot be added to"),
    when("wrong unit added", "level + §3 kg > design_level", "“3 kg”|m", "“3 kg”|in m"),
    when("word added", "level + §alarm > 3 m", "alarm", "alarm"),
    when("two operations", "level + §2 * design_level > 3 m", "最多写一个运算|facts", "at most one operation"),
    when("three terms", "level + §level - design_level > 3 m", "最多写一个运算", "at most one operation"),
    when("period backwards", "checked_on - §6 months < inspection.date", "只能向后推|checked_on + 3 months", "forward only|checked_on + 3 months"),
    when("period of metres", "checked_on + §3 m < inspection.date", "days、months、years", "days, months, years"),
    when("impossible date", "checked_on < §2024-02-30", "“2024-02-30”不是日期|2026-03-01", "“2024-02-30” is no date"),
    when("no date", "checked_on < §soon", "“soon”", "“soon”"),
]  # fmt: skip

CONDITIONS = [
    bad("condition: a list", SIGN, "    when: not sign", "    §when:\n      - not sign", "all / any / not / some / every", "all / any / not / some / every"),
    when("a number", "§3", "all / any / not / some / every|3", "all / any / not / some / every|3"),
    when("a boolean", "§true", "all / any / not / some / every", "all / any / not / some / every"),
    bad("condition: nothing", SIGN, "    when: not sign", "    §when: {}", "缺|条件", "condition"),
    bad("condition: unknown word", SIGN, "    when: not sign", "    §when:\n      al:\n        - not sign", "“al”|是不是“all”", "“al”|did you mean “all”"),
    bad("condition: word nothing like any", SIGN, "    when: not sign", "    §when:\n      xor:\n        - not sign", "“xor”|all、any、every、not、some", "“xor”|all|any|every"),
    bad("condition: a key and a value", SIGN, "    when: not sign", "    when:\n      all:\n        - §content: 油", "“content”是事实|“content == 油”", "“content” is a fact|“content == 油”"),
    bad("condition: two side by side", SIGN, "    when: not sign", "    §when:\n      all:\n        - not sign\n      any:\n        - not sign", "all、any|放进另一个里面", "side by side|inside the other"),
    bad("condition: at_least of all", SIGN, "    when: not sign", "    §when:\n      all:\n        - not sign\n      at_least: 1", "“at_least”", "“at_least”"),
    bad("condition: empty all", SIGN, "    when: not sign", "    when:\n      §all: []", "一列条件|- ", "a list of conditions|- "),
    bad("condition: all of one", SIGN, "    when: not sign", "    when:\n      all: §not sign", "一列条件", "a list of conditions"),
    bad("condition: any of nothing", SIGN, "    when: not sign", "    when:\n      any:§", "一列条件", "a list of conditions"),
    bad("condition: more than there are", SIGN, "    when: not sign", "    when:\n      any:\n        - not sign\n      at_least: §2", "只有 1 条|至少 2 条", "only 1|2"),
    bad("condition: at least none", SIGN, "    when: not sign", "    when:\n      any:\n        - not sign\n      at_least: §0", "at_least|整数", "at_least|whole number"),
    bad("condition: at least one and a half", SIGN, "    when: not sign", "    when:\n      any:\n        - not sign\n      at_least: §1.5", "at_least|整数", "at_least|whole number"),
    bad("condition: not of nothing", SIGN, "    when: not sign", "    when:\n      not:§", "一句条件", "a sentence"),
    bad("condition: some of no list", SIGN, "    when: not sign", "    when:\n      some: §valvs\n      where: state != 正常", "valves|where", "valves|where"),
    bad("condition: some of a number", SIGN, "    when: not sign", "    when:\n      some: §level\n      where: state != 正常", "valves|where", "valves|where"),
    bad("condition: every without where", SIGN, "    when: not sign", "    when:\n      every: §valves", "where", "where"),
    bad("condition: some of a list of names", SIGN, "    when: not sign", "    when:\n      §some: [valves]\n      where: state != 正常", "valves|where", "valves|where"),
    bad("condition: deep inside", SIGN, "    when: not sign", "    when:\n      any:\n        - not sign\n        - all:\n            - sign\n            - not:\n                some: valves\n                where: state == §坏", "“坏”", "“坏”"),
]  # fmt: skip

def extra(name: str, whens: tuple[str, str], zh: str, en: str, code: str, at: str = "") -> Bad:
    """Return standards with one more clause that has two rules with these conditions, and cases for all."""
    rules = ""
    for letter, when in zip("ab", whens, strict=True):
        rules += f"  - id: tanks-2024-03-{letter}\n    subject: tank\n    level: ordinary\n    summary: 情形{letter}\n"
        rules += "".join(f"    {line}\n" for line in when.splitlines())
        rules += "    cases:\n"
        for given, expect in (("level: 3 m", "hit"), ("level: 4 m", "clear"), ("content: 水", "unknown")):
            rules += f"      - given:\n          {given}\n        expect: {expect}\n"
    text = f"clause: 第五条\nsummary: 别的\nrules:\n{rules}"
    return Bad(name, (("tanks-2024/03.yaml", None, text),), zh, en, code, f"tanks-2024/03.yaml§{at}" if at else "")


LINT = [
    bad("no hit case", SIGN, "          sign: 否\n        expect: hit\n", "          sign: 是\n        expect: clear\n", "tanks-2024-02|expect: hit", "tanks-2024-02|expect: hit", "missing-case", f"{SIGN}§tanks-2024-02"),
    bad("no clear case", SIGN, "          sign: 是\n        expect: clear\n", "          sign: 否\n        expect: hit\n", "expect: clear", "expect: clear", "missing-case", f"{SIGN}§tanks-2024-02"),
    bad("no unknown case", SIGN, "      - given:\n          content: 油\n        expect: unknown\n        missing: [sign]\n", "", "expect: unknown", "expect: unknown", "missing-case", f"{SIGN}§tanks-2024-02"),
    bad("no not-applicable case", SIGN, "      - given:\n          content: 水\n          sign: 否\n        expect: not_applicable\n", "", "expect: not_applicable", "expect: not_applicable", "missing-case", f"{SIGN}§tanks-2024-02"),
    bad("no not-applicable case where it applies", ONE, "      - given:\n          content: 水\n        expect: not_applicable\n", "", "expect: not_applicable", "expect: not_applicable", "missing-case", f"{ONE}§tanks-2024-01-01"),
    bad("no disputed case", ONE, "          rounds: 未落实\n        expect: disputed\n", "          rounds: 落实\n        expect: clear\n", "expect: disputed", "expect: disputed", "missing-case", f"{ONE}§tanks-2024-01-01"),
    bad("no case of an exception", ONE, "        expect: clear\n        exception: yes\n", "        expect: clear\n", "exception", "exception", "missing-case", f"{ONE}§tanks-2024-01-01"),
    bad("no case of a deferral", ONE, "        basis: 条文本身\n", "        basis: 条文本身\n        defers_to: 消防标准\n", "expect: deferred", "expect: deferred", "missing-case", f"{ONE}§tanks-2024-01-01"),
    bad("a fact of a case", SIGN, "          sign: 否\n        expect: hit", "          sing: §否\n        expect: hit", "tanks-2024-02|“sing”|是不是“sign”", "tanks-2024-02|“sing”|did you mean “sign”", "unreadable-case"),
    bad("a word of a case", SIGN, "          content: 酸\n", "          content: §盐酸\n", "“盐酸”|是不是“酸”", "“盐酸”|did you mean “酸”", "unreadable-case"),
    bad("a word of a part in a case", TWO, "state: 失效", "state: 坏", "“坏”|正常、失效", "“坏”", "unreadable-case", f"{TWO}§valves:\n            - state: 坏"),
    bad("no case at the boundary", TWO, "          level: 9 m\n", "          level: 8 m\n", "tanks-2024-01-02-c|“level”|界限", "“level”|boundary", "no-boundary-case", f"{TWO}§tanks-2024-01-02-c"),
    bad("no case at the boundary of a count", TWO, "          valve_count: 2\n", "          valve_count: 1\n", "“valve_count”|界限", "“valve_count”|boundary", "no-boundary-case", f"{TWO}§tanks-2024-01-02-c"),
    bad("absent device under an article on failed ones", ONE, "    when:\n      all:\n        - alarm != 正常\n        - not", "    when:\n      all:\n        - alarm == 未设置\n        - not", "第九条|“alarm != 正常”", "“alarm != 正常”", "failed-device", f"{ONE}§tanks-2024-01-01"),
    Bad("not normal without an article on failed devices", ((DOC, "failed_device: 第九条\n", ""), (TWO, "    when:\n      some", "    reading: 坏了的阀门等于没有\n    when:\n      some")), "“alarm != 正常”|reading", "“alarm != 正常”|reading", "failed-device", f"{ONE}§tanks-2024-01-01"),
    fact("nobody uses it", "type: yes_no\n" + ASKED, "“extra”", "“extra”", "unused-fact"),
    bad("no question", TANK, "    question: 高液位报警在正常用吗？\n", "", "“alarm”|question", "“alarm”|question", "no-question", f"{TANK}§alarm:"),
    bad("two kinds of one title", VALVE, "title: 阀门\nen: valve", "title: 储罐\nen: valve", "“储罐”|tank", "tank", "same-title", f"{VALVE}§title"),
    bad("two facts of one title", TANK, "    title: 设计液位\n", "    title: 液位\n", "“design_level”|“液位”|level", "“design_level”|level", "same-title", f"{TANK}§design_level:"),
    bad("two words of one label", TANK, "      水: water\n      油: oil\n", "      水: water\n      油: Water\n", "“content”|“水”|“油”|“Water”", "“Water”|“水”|“油”", "same-label", f"{TANK}§values:"),
    bad("a label that is another word", TANK, "      水: water\n      油: oil\n", "      水: 油\n      油: oil\n", "“content”|“水”|“油”", "“油”|“水”", "same-label", f"{TANK}§values:"),
    bad("two rules of one id", TWO, "id: tanks-2024-01-02-b", "id: §tanks-2024-01-02-a", "tanks-2024-01-02-a|重复", "tanks-2024-01-02-a", "same-id"),
    bad("two files of one clause", TWO, "clause: 第三条第（二）项", "clause: §第三条第（一）项", "第三条第（一）项|01-01.yaml", "第三条第（一）项|01-01.yaml", "same-clause"),
    Bad("an exception to nothing", ((SIGN, "    when: not sign\n", "    when:\n      any:\n        - not sign\n        - §content == 水\n"),), "tanks-2024-02|起不了作用|all 和 any", "tanks-2024-02|never matters", "never-holds"),
    bad("a sentence that says nothing", SIGN, "    when: not sign\n", "    when:\n      all:\n        - not sign\n        - §content in [水, 油, 酸]\n", "tanks-2024-02|等于没写", "tanks-2024-02|says nothing", "always-holds"),
    extra("within another rule", ("when: rounds != 落实", "when: §rounds == 未落实"), "tanks-2024-03-b|tanks-2024-03-a 也都命中|合并", "tanks-2024-03-b|tanks-2024-03-a hits too", "contained-rule"),
    extra("a gap between limbs", ("when: level < 3 m", "when: level > 3 m"), "“level”为 3 m|tanks-2024-03-a 和 tanks-2024-03-b 两边都不包括|含本数", "“level” = 3 m|neither of", "threshold-gap", at="tanks-2024-03-b"),
    extra("limbs that overlap", ("when: level <= 3 m", "when: level >= 3 m"), "“level”为 3 m|两边都包括|不含本数", "“level” = 3 m|both of", "threshold-overlap", at="tanks-2024-03-b"),
    Bad("rows that leave a gap", ((TANK, "        - ['*', '>= 5 m', 大]\n", "        - §['*', '> 5 m', 大]\n"),), "“level”为 5 m|第 2 行 和 第 3 行 两边都不包括", "row 2 and row 3", "threshold-gap"),
    Bad("a row that is never reached", ((TANK, "        - ['*', '< 5 m', 小]\n", "        - ['*', '< 5 m', 小]\n        - §[酸, '< 4 m', 小]\n"),), "起不了作用", "never matters", "never-holds"),
    Bad("no guard for what may not exist", ((TANK, "    question: 照制度巡查了吗？\n", "    question: 照制度巡查了吗？\n    needs: sign\n"), (ONE, "            - rounds != 落实\n", "            - rounds != 落实\n")), "“rounds”|needs|仍在等它", "“rounds”|still waits", "unguarded", f"{ONE}§tanks-2024-01-01"),
    bad("every without an empty list", TWO, "      some: valves\n", "      every: valves\n", "every: valves|valves: []", "every: valves|valves: []", "no-empty-list-case", f"{TWO}§tanks-2024-01-02-b"),
    bad("days between two editions", "tanks-2020/standard.yaml", "until: 2024-01-01", "until: 2023-12-01", "tanks-2020 到 2023-12-01 失效|tanks-2024 从 2024-01-01 起", "tanks-2020 ends on 2023-12-01|`until`", "edition-gap", f"{DOC}§in_force"),
    bad("days of issue and of force swapped", DOC, "issued: 2023-12-01", "issued: §2024-02-01", "2024-02-01|晚于|2024-01-01|写反", "2024-02-01|2024-01-01|swapped", "issued-late"),
    bad("a text file", "tanks-2024/03.yaml.txt", None, "clause: 第五条\nunencoded: 尚未编入\n", "没有读|.yaml 结尾|改名", "not read|rename", "stray-file", "tanks-2024/03.yaml.txt"),
    bad("an ending in capitals", "tanks-2024/03.YAML", None, "clause: 第五条\nunencoded: 尚未编入\n", "没有读|.yaml 结尾", "not read|rename", "stray-file", "tanks-2024/03.YAML"),
    bad("a folder inside a folder", "tanks-2024/附件/03.yaml", None, "clause: 第五条\nunencoded: 尚未编入\n", "没有读|移到上一级", "not read|move it up", "stray-file", "tanks-2024/附件/03.yaml"),
    bad("a file at the top", "03.yaml", None, "clause: 第五条\nunencoded: 尚未编入\n", "没有读|最上一层|移到", "not read|move it into", "stray-file", "03.yaml"),
    bad("two editions at once", "tanks-2020/standard.yaml", "  until: 2024-01-01\n", "", "tanks-2020|tanks-2024|两版都有效", "in force together", "edition-overlap", f"{DOC}§in_force"),
    bad("two editions of a list at once", LISTS, "  - from: 2024-01-01\n", "  - from: 2020-01-01\n    until: 2024-06-01\n    words: [动火]\n    citation: 旧\n  - §from: 2024-01-01\n", "第 1 版|第 2 版|两版都有效", "edition 1|edition 2", "edition-overlap"),
    bad("a rule that is never in force", SIGN, "    level: ordinary\n", "    level: ordinary\n    §in_force:\n      until: 2023-01-01\n", "永远不会生效", "never in force", "edition-gap"),
    bad("a label of another file", DOC, "    clause: 第四条\n", "    clause: 第四条\n    numbering: 第一条\n", "“第四条”与文件名 02|应是“第二条”", "should be “第二条”", "clause-number", f"{SIGN}§第四条"),
    bad("a question in another unit", TANK, "    question: 液位多高？\n", "    question: §液位有多少厘米？\n", "“level”问的是“厘米”|unit 是 m", "“level” asks for cm|its unit is m", "unit-of-question"),
    bad("not as the schema has it", DOC, "issued: 2023-12-01", "issued: §2023年12月1日", "“2023年12月1日”不是日期（如 2026-03-01）", "is no date (as 2026-03-01)", "schema"),
    bad("an excuse for nothing", SIGN, "    level: ordinary\n", "    level: ordinary\n    lint:\n      same-title: §有意的\n", "没有 same-title 的问题|删去", "nothing here is same-title", "needless-lint"),
    bad("an excuse by no code", SIGN, "    level: ordinary\n", "    level: ordinary\n    lint:\n      same-titel: §有意的\n", "没有“same-titel”这个代号，是不是“same-title”？", "no code “same-titel”; did you mean “same-title”?", "needless-lint"),
]  # fmt: skip

STANDARDS = [*FILES, *KINDS, *RULES, *SENTENCES, *CONDITIONS, *LINT]


def test_every_check_of_lint_is_shown_to_find_something() -> None:
    assert {check.code for check in lint.CHECKS} == {case.code for case in LINT}


def folder_of(case: Bad, place: Path) -> tuple[Path, str]:
    """Write the standards of *case* below *place*; return the folder and where the problem must be named."""
    folder = place / "standards"
    shutil.copytree(GOOD, folder)
    named = ""
    for name, old, new in case.edits:
        file = folder / name
        if new is None:
            file.unlink()
            continue
        text = file.read_text(encoding="utf-8") if old is not None else new
        if old is not None:
            assert text.count(old) >= 1, f"{name} has no {old!r}"
            text = text.replace(old, new, 1)
        if "§" in text:
            named = f"{name}:{place_of(text, text.index('§'))}"
            text = text.replace("§", "")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    if not named:
        named, _, there = case.where.partition("§")
        text = (folder / named).read_text(encoding="utf-8") if there else ""
        named += f":{place_of(text, text.index(there))}" if there else ""
    return folder, f"{folder}/{named}"


def place_of(text: str, index: int) -> str:
    """Return "line:column" of the character at *index*."""
    return f"{text.count(chr(10), 0, index) + 1}:{index - text.rfind(chr(10), 0, index)}"


def told(problem: Problem, lang: str) -> str:
    """Return the message as the command line prints it, without its place."""
    return f"{problem.code}: {problem.message.say(lang)}" if problem.code else problem.message.say(lang)


def test_the_good_standards_are_good() -> None:
    assert lint.lint(GOOD) == []


@pytest.mark.parametrize("case", STANDARDS, ids=lambda case: case.name)
def test_bad_standards(tmp_path: Path, case: Bad) -> None:
    folder, named = folder_of(case, tmp_path)
    problems = lint.lint(folder)
    everything = "\n".join(str(problem) for problem in problems)
    assert problems, f"nobody notices; it stands at {named}"
    own = next((problem for problem in problems if problem.where == named), None)
    assert own, f"not at {named} but\n{everything}"
    assert len(problems) == case.count, everything
    assert own.code == case.code
    for lang, words in (("zh", case.zh), ("en", case.en)):
        message = told(own, lang)
        assert [word for word in words.split("|") if word not in message] == [], message
    assert CHINESE.search(re.sub("“[^”]*”", "", told(own, "zh")))
    assert not re.search(r"[Ii]nput|instance of|Model|\bNone\b|\bTrue\b|\bFalse\b|<class|validation|\['", told(own, "zh") + told(own, "en"))


@pytest.mark.parametrize("case", [*FILES, *KINDS, *RULES, *SENTENCES[::10], *CONDITIONS[::5], *LINT], ids=lambda case: case.name)
def test_bad_standards_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], case: Bad) -> None:
    folder, named = folder_of(case, tmp_path)
    record = tmp_path / "record.yaml"
    record.write_text("tank: []\n", encoding="utf-8")
    assert cli.main(["lint", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert f"{named}: " in out
    assert err == ""
    code = cli.main(["classify", str(record), "--standards", str(folder), "--lang", "en"])
    out, err = capsys.readouterr()
    if case.code:  # only lint objects
        assert code == 0
    else:
        assert (code, out) == (2, "")
        assert f"{named}: " in err
        assert "Traceback" not in err
        assert cli.main(["test", str(folder)]) == 2


@pytest.mark.parametrize("case", [*LINT, FILES[0], FILES[4], KINDS[0], RULES[0]], ids=lambda case: case.name)
def test_lint_of_one_place_shows_its_own_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str], case: Bad) -> None:
    folder, named = folder_of(case, tmp_path)
    file = named.removeprefix(f"{folder}/").partition(":")[0]
    for place in {file, file.partition("/")[0]}:
        if (folder / place).exists():
            assert cli.main(["lint", str(folder / place)]) == 1, place
            assert f"{named}: " in capsys.readouterr().out
    if case.code and (other := folder / "tanks-2020").exists():
        assert cli.main(["lint", str(other)]) == 0, "a problem of another document"


def test_the_library_raises_one_error_with_every_problem(tmp_path: Path) -> None:
    folder, named = folder_of(RULES[0], tmp_path)
    with pytest.raises(StandardsError) as caught:
        hazardrules.load(folder)
    assert named in [problem.where for problem in caught.value.problems]


def test_all_problems_of_standards_come_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    some = [bad for bad in STANDARDS if bad.name in ("unknown subject", "scope", "exception", "word of a part")]
    edits = tuple((name, old, new and new.replace("§", "")) for each in some for name, old, new in each.edits)
    folder, _ = folder_of(Bad("several", edits, "", ""), tmp_path)
    assert cli.main(["classify", "-", "--standards", str(folder)]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == len(some) == 4
    for word in ("“tnak”", "“轻工业”", "“中”", "“好”"):
        assert word in err


@pytest.mark.parametrize(("data", "zh"), [
    (b"#" + bytes(2_100_000), "超过 2 MB"),
    ("clause: 第四条\n".encode("gbk"), "GBK"),
    ("clause: 第四条\n".encode("utf-16"), "UTF-16"),
], ids=["large", "GBK", "UTF-16"])  # fmt: skip
@pytest.mark.parametrize("name", [SIGN, DOC, TANK, LISTS, WORK])
def test_standards_that_are_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, zh: str, name: str
) -> None:
    folder, _ = folder_of(Bad("", (), "", ""), tmp_path)
    (folder / name).write_bytes(data)
    assert cli.main(["lint", str(folder / name)]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(str(folder / name))]
    assert len(lines) == 1
    assert zh in lines[0]


def test_a_folder_that_is_called_like_a_clause(tmp_path: Path) -> None:
    folder, _ = folder_of(Bad("", (), "", ""), tmp_path)
    (folder / "tanks-2024" / "03.yaml").mkdir()
    (problem,) = lint.lint(folder)
    assert problem.where == f"{folder}/tanks-2024/03.yaml"
    assert "文件夹" in str(problem)


def test_no_such_standards_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "record.yaml"
    record.write_text("tank: []\n", encoding="utf-8")
    for place in (tmp_path / "nowhere", record):
        assert cli.main(["classify", str(record), "--standards", str(place)]) == 2
        assert "没有这个标准文件夹" in capsys.readouterr().err
    assert cli.main(["lint", str(tmp_path)]) == 2
    assert "facts/" in capsys.readouterr().err


# ------------------------------------------------------------------------------- inline cases that fail

CASES: list[tuple[str, str, str, str, str]] = [  # name, old, new, words in Chinese, in English
    ("another verdict", "          sign: 是\n        expect: clear", "          sign: 是\n        expect: hit", "应为 hit|实为 clear", "expected hit, got clear"),
    ("another gap", "missing: [sign]", "missing: [level]", "missing|level|sign", "missing|level|sign"),
    ("no gap", "missing: [sign]", "missing: []", "missing|sign", "missing|sign"),
    ("article too many", "        expect: clear\n", "        expect: clear\n        also: 第九条\n", "also|第九条|无", "also|第九条"),
    ("exception too many", "        expect: clear\n", "        expect: clear\n        exception: yes\n", "exception", "exception"),
    ("unknown fact", "          sign: 是\n", "          sing: 是\n", "“sing”|是不是“sign”", "did you mean “sign”"),
    ("unknown word", "          sign: 是\n", "          sign: 在\n", "“在”", "“在”"),
    ("unknown kind", "          sign: 是\n", "          sign: 是\n          farm.size: 3\n", "“farm”", "“farm”"),
    ("day out of force", "          sign: 是\n", "          sign: 是\n          inspection.date: 2020-01-01\n", "2020-01-01|没有生效", "not in force on 2020-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "zh", "en"), CASES, ids=[case[0] for case in CASES])
def test_a_case_that_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, zh: str, en: str
) -> None:
    folder, _ = folder_of(bad(name, SIGN, old, new, "", ""), tmp_path)
    for lang, words in (("zh", zh), ("en", en)):
        assert cli.main(["test", str(folder), "--lang", lang]) == 1
        out, err = capsys.readouterr()
        assert err == ""
        first, *rest = out.splitlines()
        assert first.startswith(f"{folder}/{SIGN}")
        assert "tanks-2024-02" in first
        assert re.search("用例 [1-4]" if lang == "zh" else "case [1-4]", first)
        assert [word for word in words.split("|") if word not in first] == [], first
        assert "1 failed" in rest[-1] or "失败 1" in rest[-1]


def test_a_case_that_fails_shows_the_reasoning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, _ = folder_of(bad(*CASES[0][:1], SIGN, *CASES[0][1:3], "", ""), tmp_path)
    assert cli.main(["test", str(folder)]) == 1
    assert "✗ 有警示标志为 否（现为 是）" in capsys.readouterr().out


def test_a_rule_without_cases_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (GOOD / SIGN).read_text(encoding="utf-8")
    folder, _ = folder_of(bad("", SIGN, text[text.index("    cases:") :], "", "", ""), tmp_path)
    assert cli.main(["test", str(folder)]) == 1
    assert "tanks-2024-02: 没有用例" in capsys.readouterr().out




@pytest.mark.parametrize("facts", [{"hazards": 10**5000}, {"id": 10**5000}, {"permit": 10**5000}, {"hazards": [10**5000]}, {"note": 10**5000}])
def test_a_number_too_long_to_be_written_is_no_traceback(facts: dict[str, object]) -> None:
    try:
        hazardrules.classify({"confined_space": [facts, {"id": 10**5000}]})
    except hazardrules.FactsError as error:
        assert error.say()
