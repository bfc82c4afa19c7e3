"""Reading is strict: every trap of YAML and JSON is closed, and every message names place, matter and way out."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hazardrules.errors import HazardRulesError
from hazardrules.reading import ReadingError, Source, read_file, read_json, read_text, read_yaml
from hazardrules.texts import SYNTAX, Text


def problems(text: str, read: Any = read_yaml) -> list[tuple[str, str, str]]:
    """Return place, Chinese and English of each problem in *text*."""
    with pytest.raises(ReadingError) as caught:
        read(text, "a.yaml")
    return [(p.where, p.message.zh, p.message.en) for p in caught.value.problems]


def only(text: str, read: Any = read_yaml) -> tuple[str, str, str]:
    found = problems(text, read)
    assert len(found) == 1, found
    return found[0]


# ------------------------------------------------------------------------------------ what is read


def test_a_text_says_both_languages() -> None:
    text = Text("重复", "duplicate")
    assert (text.say(), text.say("en"), str(text)) == ("重复", "duplicate", "重复")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[(word, None) for word in ("null", "Null", "NULL", "~", "")],
        *[(word, True) for word in ("true", "True", "TRUE")],
        *[(word, False) for word in ("false", "False", "FALSE")],
        *[("11", 11), ("0", 0), ("-7", -7), ("+3", 3), ("-0", 0), ("123456789012345678", 123456789012345678)],
        *[("1.50", Decimal("1.50")), ("-0.1", Decimal("-0.1")), (".5", Decimal("0.5")), ("5.", Decimal(5))],
        *[
            ("1e3", Decimal(1000)),
            ("1E-3", Decimal("0.001")),
            ("1e18", Decimal(10) ** 18),
            ("2.5e-17", Decimal("2.5e-17")),
        ],
    ],
)
def test_core_scalars(written: str, value: Any) -> None:
    data = read_yaml(f"a: {written}", "a.yaml").data["a"]
    assert data == value
    assert type(data) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        *["yes", "no", "on", "off", "Yes", "y", "n", "tRUE", "nULL"],
        *["12:30", "1:5", "3:10:20", "010", "-05", "00.5", "08", "0x1F", "0o17", "0b1", "1_000", "1,000"],
        *["2024-01-01", "2024-01-01T08:00:00Z", "3.10.1", "1e", "e3", "+", ".", "--", "=", "1 000", "１２", "٣"],
        *["储罐", "1# 皮带", "3#炉", "nan", "inf", "Nan", "3.2 mm", "a # b".replace(" #", "#")],
    ],
)
def test_everything_else_stays_text(written: str) -> None:
    assert read_yaml(f"a: {written}", "a.yaml").data == {"a": written}


@pytest.mark.parametrize(
    "written", ["1", "true", "null", "~", "NaN", ".inf", "1e99", "2024-01-01", "*x", "&x", "!x", "a #3", ""]
)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_is_always_text(written: str, quote: str) -> None:
    assert read_yaml(f"a: {quote}{written}{quote}", "a.yaml").data == {"a": written}


def test_numbers_are_never_floats() -> None:
    for source in (read_yaml("[0.1, 1.10, 1e2]", "x"), read_json("[0.1, 1.10, 1e2]", "x")):
        assert [str(number) for number in source.data] == ["0.1", "1.10", "1E+2"]


def test_keys_are_their_text() -> None:
    text = "1: a\n010: b\ntrue: c\n是: d\n1.0: e\nyes: f\n2024-01-01: g\n'null': h\n\"~\": i\n'<<': j\n? k\n: l"
    assert "".join(read_yaml(text, "x").data) == "1010true是1.0yes2024-01-01null~<<k"


def test_block_text_comments_and_document_marks() -> None:
    text = (
        "--- # a comment\na: |\n  x\n  y\nb: >-\n  5\n  6\nc: 1 # more\n  #indented\n#flush\nd: 1#2\ne:\n  #none\n...\n"
    )
    assert read_yaml(text, "x").data == {"a": "x\ny\n", "b": "5 6", "c": 1, "d": "1#2", "e": None}


def test_all_standards_read_as_pyyaml_reads_their_strings() -> None:
    files = sorted((Path(__file__).parent.parent / "standards").rglob("*.yaml"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert _strings(read_yaml(text, file.name).data) == _strings(yaml.load(text, Loader=yaml.CBaseLoader))


def _strings(data: Any) -> Any:
    """Return *data* with scalars that are not text as None, and texts that would not be text likewise."""
    if isinstance(data, dict):
        return {key: _strings(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_strings(value) for value in data]
    return data if isinstance(data, str) and any("\u4e00" <= char <= "\u9fff" for char in data) else None


# ------------------------------------------------------------------------------------ places

PLACES = """\
甲: 1
rules:
  - id: x
    when:
      all:
        - a > 1
        - [b, 'c']
    text: |
      long
  - {id: y, cases: [{given: {k: 1}}]}
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), "1:1", "1:1"),
        (("甲",), "1:4", "1:1"),
        (("rules",), "2:1", "2:1"),  # a list or mapping under a key is placed by its key
        (("rules", 0), "3:5", "3:5"),
        (("rules", 0, "id"), "3:9", "3:5"),
        (("rules", 0, "when", "all"), "5:7", "5:7"),
        (("rules", 0, "when", "all", 0), "6:11", "6:11"),
        (("rules", 0, "when", "all", 1, 1), "7:15", "7:15"),
        (("rules", 0, "text"), "8:11", "8:5"),
        (("rules", 1, "cases", 0, "given", "k"), "10:33", "10:30"),
        (("rules", 0, "missing", 3), "3:5", "3:5"),  # the nearest ancestor that is there
        (("rules", 7), "2:1", "2:1"),
        (("rules", -1), "2:1", "2:1"),
        (("rules", "id"), "2:1", "2:1"),
        (("甲", "inside"), "1:4", "1:1"),
        (("nothing",), "1:1", "1:1"),
    ],
)
def test_places(path: tuple[str | int, ...], value: str, key: str) -> None:
    source = read_yaml(PLACES, "f.yaml")
    assert source.where(path) == f"f.yaml:{value}"
    assert source.where(path, key=True) == f"f.yaml:{key}"


def test_places_count_characters_whatever_the_line_ends() -> None:
    assert read_yaml("\ufeff甲: 乙\r\n😀: [丙, 丁]\r\n", "f").where(("😀", 1)) == "f:2:8"
    assert read_yaml("a: 1\rb: 2", "f").where(("b",)) == "f:2:4"


def test_json_answers_with_the_name() -> None:
    source = read_json('{"a": [1, null, true, "x", 1.5]}', "f.json")
    assert source.data == {"a": [1, None, True, "x", Decimal("1.5")]}
    assert source.where(("a", 0)) == "f.json"
    assert source.place(("a", 0)) is None


def test_a_source_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Source({}, "x").name = "y"  # type: ignore[misc]


# ------------------------------------------------------------------------------------ what is refused

REFUSED = [
    ("a: 1\nb:\n  c: 1\na: 2", "4:1", "“a”重复：第 1 行", "duplicate key “a”: already on line 1"),
    ("1: a\n'1': b", "2:1", "“1”重复：第 1 行", "duplicate key “1”: already on line 1"),
    ("{a: 1, b: 2, a: 3}", "1:14", "重复", "duplicate"),
    (
        "b: *x",
        "1:4",
        "不支持引用（* 开头）“*x”；若是文字，给整个值加引号",
        "aliases (a leading *) are not supported: “*x”",
    ),
    ("*x : 1", "1:1", "不支持引用", "aliases"),
    ("- &x 1", "1:3", "不支持锚点（& 开头）“&x 1”", "anchors (a leading &) are not supported: “&x 1”"),
    ("a: &x\nb: 1", "1:4", "锚点", "anchors"),
    ("&x a: 1", "1:1", "锚点", "anchors"),
    ("a: &x [1]", "1:4", "锚点", "anchors"),
    (
        "a: !x 1",
        "1:4",
        "不支持标签（! 开头）“!x 1”；若是文字，给整个值加引号",
        "tags (a leading !) are not supported: “!x 1”",
    ),
    ("a: != 正常", "1:4", "“!= 正常”；若是文字，给整个值加引号", "“!= 正常”; if it is text, quote the whole value"),
    ("a: !!python/object/apply:os.system [echo]", "1:4", "不支持标签", "tags"),
    ("!!str a: 1", "1:1", "不支持标签", "tags"),
    ("!!map {a: 1}", "1:1", "不支持标签", "tags"),
    ("a: ! x", "1:4", "不支持标签", "tags"),
    ("<<: {a: 1}", "1:1", "不支持合并键 <<；把内容直接写出来", "merge key << is not supported; write the content out"),
    ("a: 1\n---\nb: 1", "2:1", "---", "one file holds one document, but a second starts here with ---; split the file"),
    ("a: 1\n---\n", "2:1", "拆成几个文件", "split the file"),
    ("%YAML 1.1\n---\na: 1", "1:1", "YAML 指令“%YAML 1.1”；删去这一行", "YAML directive: “%YAML 1.1”; delete the line"),
    (
        "null: 1",
        "1:1",
        "键是空的“null: 1”；写出键名，若是文字则加引号",
        "key is null or empty: “null: 1”; write a name, or quote it",
    ),
    ("~: 1", "1:1", "键是空的", "null or empty"),
    ("? \n: 1", "1:2", "键是空的", "null or empty"),
    ("'': 1", "1:1", "键是空的", "null or empty"),
    (
        "[a, b]: 1",
        "1:1",
        "键只能是文字，不能是列表或映射“[a, b]: 1”",
        "a key must be text, not a list or mapping: “[a, b]: 1”",
    ),
    ("? {a: 1}\n: 1", "1:3", "键只能是文字", "a key must be text"),
    ("a: {b:1}", "1:8", "“b:1”没有值；冒号后面要空一格", "“b:1” has no value; put a space after the colon"),
    ("a: {b, c: 1}", "1:6", "“b”没有值", "“b” has no value"),
    (
        "a: >5\nb: 1",
        "1:4",
        "“>5”，YAML 会当作多行文字；若是比较，给整个值加引号",
        "“>5”; if it is a comparison, quote the whole value",
    ),
    ("a: |2\n   x", "1:4", "多行文字", "block of text"),
    ("id: 储罐 #3", "1:5", "空格后的 # 是注释，“#3”会丢掉", "# after a space starts a comment, “#3” would be lost"),
    (
        "id: #1炉",
        "1:4",
        "“#1炉”会丢掉；若是文字，给整个值加引号",
        "“#1炉” would be lost; if it is text, quote the whole value",
    ),
    ("- #2\n- b", "1:2", "“#2”会丢掉", "“#2” would be lost"),
    *[
        (f"a: {n}", "1:4", f"“{n}”不是有限的数", f"“{n}” is not a finite number")
        for n in (".nan", ".NaN", ".inf", "-.INF", "+.Inf")
    ],
    *[
        (f"a: {n}", "1:4", f"“{n}”不是有限的数", f"“{n}” is not a finite number")
        for n in ("NaN", "Infinity", "-Infinity")
    ],
    *[
        (f"a: {n}", "1:4", f"数“{n}”超出范围：最多 18 位有效数字，指数在 ±18 以内", f"the number “{n}” is out of range")
        for n in (
            "1e19",
            "1e-19",
            "-1e400",
            "1e9999999999999999999999",
            "1234567890123456789",
            "0.1234567890123456789",
            "12e18",
        )
    ],
    ("a: " + "9" * 100_000, "1:4", "“" + "9" * 30 + "…”超出范围", "at most 18 significant digits"),
    ("", "", "文件是空的；至少要写一个“键: 值”", "the file is empty; at least one “key: value” is wanted"),
    ("\ufeff\n# only a comment\n", "", "文件是空的", "the file is empty"),
    ("---\n", "", "文件是空的", "the file is empty"),
    ("a: x\0", "1:5", "看不见的控制字符 U+0000；删去它", "an invisible control character U+0000; delete it"),
    ("a: 1\nb: 干\u200b式", "2:5", "U+200B", "U+200B"),
    ("a: 1\nb: 'x\u2028y'", "2:6", "U+2028", "U+2028"),
    ("a: x\ufeff", "1:5", "U+FEFF", "U+FEFF"),
    ("a: x\ud800", "1:5", "U+D800", "U+D800"),
    ('a: "\\0"', "1:4", "U+0000", "U+0000"),
    ('"\\u202e": 1', "1:1", "U+202E", "U+202E"),
]

SYNTAX_ERRORS = [
    ("a:\n\tb: 1", "2:1", "“b: 1”：缩进不能用制表符（Tab），改用空格", "a tab character"),
    ("a: b: c", "1:5", "“: c”：这里不能再写“键: 值”；值里有“: ”时给整个值加引号", "mapping values are not allowed"),
    ("a: [1, 2\nb: 3", "2:2", "方括号 [ ] 没有配对，或两项之间缺半角逗号（从第 1 行开始的一段）", "(begun on line 1)"),
    ("a: [1", "2:1", "文件末尾：方括号", "near the end of the file: while parsing a flow sequence"),
    ("a: {b: 1", "2:1", "花括号 { } 没有配对", "did not find expected ',' or '}'"),
    ("a: 'x", "1:6", "引号没有配对", "found unexpected end of stream"),
    ('a: "D:\\work"', "1:7", "反斜杠 \\ 是转义符；改用单引号", "found unknown escape character"),
    ("a: @x", "1:4", "“@x”：值不能以这个字符开头；给整个值加引号", "found character that cannot start any token"),
    ("a: `x`", "1:4", "给整个值加引号", "cannot start any token"),
    ("a: >= 5", "1:5", "若是比较符号，给整个值加引号", "did not find expected comment or line break"),
    ("a: *", "1:5", "值以 * 或 & 开头有特殊含义", "did not find expected alphabetic or numeric character"),
    ("a: - b", "1:4", "列表另起一行并缩进", "block sequence entries are not allowed"),
    ("- a\nb: c", "2:1", "列表的下一项“- ”；检查缩进", "did not find expected '-' indicator"),
    ("a:\n  b: 1\n c: 2", "3:2", "“c: 2”：这里应当是下一个键；检查缩进", "did not find expected key (begun on line 1)"),
    ('a: "x" y', "1:8", "引号后面不要再写字", "did not find expected key"),
    ("a: 1\nb\nc: 2", "2:1", "没有“键: 值”的冒号", "could not find expected ':'"),
    ("a: [, 1]", "1:5", "这里缺一个值", "did not find expected node content"),
    ("甲：乙\n丁: 1", "2:2", "附近有全角的“：”，冒号、引号、括号、空格要用半角", "a full-width “：” is near"),
    ("甲:　乙\n丁: 1", "2:2", "附近有全角的“　”", "half-width"),
    ("a: 1\n...\nb: 1", "3:1", "前后两段", "did not find expected <document start>"),
]


@pytest.mark.parametrize(("text", "place", "zh", "en"), REFUSED + SYNTAX_ERRORS)
def test_yaml_traps(text: str, place: str, zh: str, en: str) -> None:
    where, says_zh, says_en = only(text)
    assert where == f"a.yaml:{place}".rstrip(":")
    assert zh in says_zh
    assert en in says_en


@pytest.mark.parametrize("text", [text for text, *_ in SYNTAX_ERRORS])
def test_syntax_errors_are_said_in_chinese(text: str) -> None:
    _, zh, en = only(text)
    assert zh.startswith("语法错误，")
    assert "写法有误" not in zh
    assert en.startswith("syntax error near ")
    assert any(original in en for original in SYNTAX)


def test_all_problems_come_at_once() -> None:
    found = problems("a: 1\na: 2\nb: *x\nc: !t x\nd: &y 1\ne: 1e99\nf: [NaN]\n<<: 1\nnull: 3\na: 4\ng: x #2")
    assert [where.removeprefix("a.yaml:") for where, *_ in found] == (
        ["2:1", "3:4", "4:4", "5:4", "6:4", "7:5", "8:1", "9:1", "10:1", "11:4"]
    )
    assert "第 1 行" in found[-2][1]


def test_a_syntax_error_comes_alone() -> None:
    assert "方括号" in only("a: 1\na: 2\nb: [1")[1]


def test_too_many_problems_are_cut() -> None:
    found = problems("- *x\n" * 10_000)
    assert len(found) == 51
    assert "以下不再列出" in found[-1][1]
    assert "no more are listed" in found[-1][2]


def test_the_error_is_a_value() -> None:
    with pytest.raises(HazardRulesError) as caught:
        read_yaml("a: *x\nb: *y", "规则.yaml")
    error = caught.value
    assert str(error).splitlines()[1].startswith("规则.yaml:2:4: 不支持引用")
    assert error.say("en").startswith("规则.yaml:1:4: aliases")
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CLoader")
    where, zh, en = only("a: 1")
    assert where == "a.yaml"
    assert "libyaml" in zh
    assert "pip install" in zh
    assert "lacks libyaml; reinstall" in en


# ------------------------------------------------------------------------------------ JSON

JSON_REFUSED = [
    (
        '{"a": [{"b": 1, "b": 2}]}',
        "",
        "a[0].b：键重复；合并或删去一处",
        "a[0].b: a duplicate key; merge them or delete one",
    ),
    ('{"": 1}', "", "键是空的", "the key is empty"),
    ('{"a": NaN}', "", "a：“NaN”不是有限的数", "a: “NaN” is not a finite number"),
    ("[1, -Infinity]", "", "[1]：“-Infinity”不是有限的数", "[1]: “-Infinity” is not a finite number"),
    ("[1e19]", "", "数“1e19”超出范围", "the number “1e19” is out of range"),
    ("[1234567890123456789]", "", "最多 18 位有效数字", "at most 18 significant digits"),
    ("[" + "9" * 100_000 + "]", "", "超出范围", "out of range"),
    ('["\\u0000"]', "", "[0]：有看不见的控制字符 U+0000", "[0]: an invisible control character U+0000"),
    ('{"a\\ud800": 1}', "", "a�：有看不见的控制字符 U+D800", "U+D800"),
    ('["x\u200b"]', "1:4", "U+200B", "U+200B"),
    ("", "", "文件是空的", "the file is empty"),
    (" \n", "", "文件是空的", "the file is empty"),
    ("null", "", "文件是空的", "the file is empty"),
    ('{\n  "a": 1,\n}', "3:1", "语法错误，“}”：", "syntax error near “}”: "),
    ('{"a" 1}', "1:6", "键后面缺半角冒号", "Expecting ':' delimiter"),
    ('{"a"：1}', "1:5", "附近有全角的“：”", "a full-width “：” is near"),
    ("[1 2]", "1:4", "“2]”：两项之间缺半角逗号", "Expecting ',' delimiter"),
    ("[1", "1:3", "文件末尾：两项之间缺半角逗号，或括号没有配对", "near the end of the file"),
    ("{a: 1}", "1:2", "双引号括起的键", "Expecting property name"),
    ("[x]", "1:2", "“x]”：这里缺一个值，或文字没有加双引号", "Expecting value"),
    ('["a', "1:2", "双引号没有配对", "Unterminated string"),
    ('["a\nb"]', "1:4", "行尾：双引号里不能直接换行", "near the end of the line: Invalid control character"),
    ('["D:\\work"]', "1:5", "反斜杠 \\ 是转义符", "Invalid \\escape"),
    ('["\\u12"]', "1:4", "四位十六进制数", "Invalid \\uXXXX escape"),
    ("[1] []", "1:5", "多余的内容", "Extra data"),
    ("[01]", "1:3", "语法错误", "syntax error"),
]


@pytest.mark.parametrize(("text", "place", "zh", "en"), JSON_REFUSED)
def test_json_traps(text: str, place: str, zh: str, en: str) -> None:
    where, says_zh, says_en = only(text, read_json)
    if sys.version_info < (3, 13) or place != "3:1":  # 3.13 points at the comma
        assert where == f"a.yaml:{place}".rstrip(":")
    assert zh in says_zh or place == "3:1"
    assert en in says_en or place == "3:1"
    assert "写法有误" not in says_zh


def test_json_problems_come_at_once() -> None:
    found = problems('{"a": NaN, "b": [1e99, {"c": 1, "c": 2}], "d": "\\u0007"}', read_json)
    assert [zh.split("：")[0] for _, zh, _ in found] == ["a", "b[0]", "b[1].c", "d"]


# ------------------------------------------------------------------------------------ bounds


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + closing * depth


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_depth_is_bounded(read: Any) -> None:
    assert read(nested("[", "]", 64), "x").data
    where, zh, en = only(nested("[", "]", 65), read)
    assert where == ("a.yaml:1:65" if read is read_yaml else "a.yaml")
    assert "嵌套超过 64 层" in zh
    assert "over 64 levels deep" in en


@pytest.mark.parametrize(
    ("text", "read"),
    [
        *[(nested("[", "]", 10_000), read) for read in (read_yaml, read_json)],
        *[(nested('{"a":', "}", 10_000), read) for read in (read_yaml, read_json)],
        *[(text, read_yaml) for text in ("[" * 5_000_000, "{a: " * 1_000_000, "- " * 2_500_000, "? " * 2_500_000)],
        *[(text, read_json) for text in ("[" * 5_000_000, '{"a":' * 1_000_000)],
        ("".join(f"%TAG !a{i}! x\n" for i in range(300_000)), read_yaml),
        ("- *a\n" * 1_000_000, read_yaml),
        ("a: 1\n" * 1_000_000, read_yaml),
        ("a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a,*a,*a,*a,*a,*a,*a,*a]\n" for i in range(20)), read_yaml),
        ("a: " + "1" * 5_000_000, read_yaml),
        ("[" + "1" * 5_000_000 + "]", read_json),
        ("a:" + " " * 5_000_000 + "#x", read_yaml),
        ("\x01" * 5_000_000, read_yaml),
        ("a: 'x" + " \n" * 2_500_000, read_yaml),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else value.__name__,
)
def test_bombs_fail_quickly(text: str, read: Any) -> None:
    before = time.process_time()
    with pytest.raises(ReadingError):
        read(text, "x")
    assert time.process_time() - before < 5


def test_the_number_of_values_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hazardrules.strict_yaml.MAX_PARTS", 1000)
    assert len(read_yaml("- 1\n" * 990, "x").data) == 990
    _, zh, en = only("- 1\n" * 1000)
    assert "拆成几个文件" in zh
    assert "split the file" in en


# ------------------------------------------------------------------------------------ files


def failure(path: Path | str, limit: int = 1000) -> tuple[str, str, str]:
    with pytest.raises(ReadingError) as caught:
        read_text(path, limit)
    (problem,) = caught.value.problems
    return problem.where, problem.message.zh, problem.message.en


def written(folder: Path, data: bytes, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_file_is_read_with_or_without_mark(tmp_path: Path) -> None:
    assert read_text(written(tmp_path, "甲: 1\r\n乙: 2\r".encode())) == "甲: 1\n乙: 2\n"
    assert read_text(written(tmp_path, b"\xef\xbb\xbf" + "甲".encode())) == "甲"


def test_what_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where, zh, en = failure(tmp_path / "none.yaml")
    assert where == str(tmp_path / "none.yaml")
    assert (zh, en) == ("没有这个文件；检查路径", "there is no such file; check the path")
    assert failure(tmp_path)[1:] == ("这是文件夹；写出其中的文件名", "this is a folder; name a file in it")
    assert failure("a\0b")[1].startswith("读不了这个文件（")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError

    path = written(tmp_path, b"a: 1")
    monkeypatch.setattr(Path, "open", refuse)
    _, zh, en = failure(path)
    assert "没有权限" in zh
    assert "not permitted" in en


def test_size_is_looked_at_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)  # sparse: reading it would take for ever
    where, zh, en = failure(path, 20_000_000)
    assert where == str(path)
    assert "文件超过 20 MB；拆成几个文件" in zh
    assert "over 20 MB; split it into several files" in en
    assert read_text(written(tmp_path, b"x" * 1000), 1000)
    assert "超过" in failure(written(tmp_path, b"x" * 1001))[1]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_endless_files_are_cut() -> None:
    assert "超过" in failure("/dev/zero", 1_000_000)[1]


@pytest.mark.parametrize(
    ("data", "place", "zh", "en"),
    [
        ("a: 1\n乙: 丙".encode("gbk"), ":2:1", "像是 GBK；另存为 UTF-8", "it looks like GBK; save it as UTF-8"),
        ("甲: 乙".encode("utf-16"), ":1:1", "像是 UTF-16；另存为 UTF-8", "it looks like UTF-16; save it as UTF-8"),
        ("key: word".encode("utf-16-le"), ":1:2", "像是 UTF-16", "looks like UTF-16"),
        (b"a: \xff\xff\xff", ":1:4", "不是 UTF-8 编码；另存为 UTF-8", "not UTF-8; save it as UTF-8"),
        (b"PK\x03\x04\x14\x00\xff", ":1:7", "这是 Excel/Word/zip 文件", "a Excel/Word/zip file, not text"),
        (b"%PDF-1.7\n\xff", ":2:1", "这是 PDF 文件", "PDF"),
        (b"abc" * 100 + b"\n\0", ":2:1", "有 NUL 字符 U+0000", "a NUL character U+0000"),
        (
            b"a: 1\nb: \x07",
            ":2:4",
            "看不见的控制字符 U+0007；删去它",
            "an invisible control character U+0007; delete it",
        ),
        ("a: \u200bx".encode(), ":1:4", "U+200B", "U+200B"),
    ],
)
def test_other_encodings(tmp_path: Path, data: bytes, place: str, zh: str, en: str) -> None:
    path = written(tmp_path, data)
    where, says_zh, says_en = failure(path)
    assert where == f"{path}{place}"
    assert zh in says_zh
    assert en in says_en


def test_json_by_name(tmp_path: Path) -> None:
    text = b'{"a": "\\ud83d\\ude00", "b":\t1}'  # YAML knows no surrogate pairs
    assert read_file(written(tmp_path, text, "a.JSON")).data == {"a": "😀", "b": 1}
    source = read_file(written(tmp_path, b"a: 1.0", "a.yml"))
    assert source.data == {"a": Decimal("1.0")}
    assert source.where(("a",)) == f"{tmp_path / 'a.yml'}:1:4"


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are Unicode there")
def test_a_file_name_that_is_not_utf8_can_be_shown(tmp_path: Path) -> None:
    written(tmp_path, b"*", "a\udcff.yaml")
    with pytest.raises(ReadingError) as caught:
        read_file(tmp_path / "a\udcff.yaml")
    assert str(caught.value).encode().startswith(str(tmp_path).encode() + b"/a?.yaml:1:2: ")


@pytest.mark.parametrize(
    ("text", "data", "place"),
    [
        ('{"a": 1}', {"a": 1}, "<stdin>"),
        ("[1, {}]", [1, {}], "<stdin>"),
        ("a: 1", {"a": 1}, "<stdin>:1:1"),
        ("{a: 1}", {"a": 1}, "<stdin>:1:1"),  # not JSON, but YAML
        ("[a, b]", ["a", "b"], "<stdin>:1:1"),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, text: str, data: Any, place: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    source = read_file("-")
    assert source.data == data
    assert source.where() == place


@pytest.mark.parametrize(
    ("text", "words"),
    [("x" * 101, "超过"), ('{"a": 1, "a": 2}', "键重复"), ("[" * 100, "64 层"), ("{a: 1", "花括号")],
)
def test_standard_input_is_as_strict(monkeypatch: pytest.MonkeyPatch, text: str, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    with pytest.raises(ReadingError, match=words) as caught:
        read_file("-", 100)
    assert str(caught.value).startswith("<stdin>")


# ------------------------------------------------------------------------------------ properties

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp"]), max_size=20)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)
SCALARS = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | DECIMALS | WORDS
DATA = st.recursive(
    SCALARS, lambda part: st.lists(part, max_size=5) | st.dictionaries(WORDS.filter(bool), part, max_size=5)
)
DOCUMENTS = DATA.filter(lambda data: data is not None)


def flow(data: Any) -> str:
    """Return *data* as JSON with exact decimals: YAML in flow style, all strings quoted."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(flow, data)) + "]"
    if isinstance(data, Decimal):
        return str(data)
    return json.dumps(data, ensure_ascii=False)


def block(data: Any, indent: str = "") -> str:
    """Return *data* as YAML in block style, all strings in single quotes."""
    if isinstance(data, dict) and data:
        return "".join(f"\n{indent}{block(key)}:{block(value, indent + '  ')}" for key, value in data.items())
    if isinstance(data, list) and data:
        return "".join(f"\n{indent}-{block(value, indent + '  ')}" for value in data)
    if isinstance(data, str):
        return " '" + data.replace("'", "''") + "'" if indent else "'" + data.replace("'", "''") + "'"
    return f" {flow(data)}"


def same(one: Any, other: Any) -> bool:
    """Say whether the data are equal, and of equal types and spelling."""
    return bool(one == other) and repr(one) == repr(other)


@given(DOCUMENTS)
@example({"a": {"b": [{}, [], "", " ", "'", '"', "\\", "#", ": ", "- "]}})
def test_round_trip_in_flow_style(data: Any) -> None:
    assert same(read_yaml(flow(data), "x").data, data)
    assert same(read_json(flow(data), "x").data, data)


@given(st.dictionaries(WORDS.filter(bool), DATA, min_size=1, max_size=5))
def test_round_trip_in_block_style(data: Any) -> None:
    text = "".join(f"{block(key)}:{block(value, '  ')}\n" for key, value in data.items())
    source = read_yaml(text, "x")
    assert same(source.data, data)
    lines = text.split("\n")
    for key in data:
        line, column = source.place((key,), key=True) or (0, 0)
        assert lines[line - 1][column - 1 :].startswith(block(key))


@given(
    st.text(st.sampled_from("ab1.-+e~:#,[]{}&*!|>'\"%@` \n\t\\?<=：“”　#\u0085\ufeff0"), max_size=40)
    | st.text(max_size=40)
)
@example("? ")
@example("- - - ?")
@example("{? a}")
@example("!<x> a")
@example('{"\\0"}')
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    for read in (read_yaml, read_json):
        try:
            source = read(text, "x")
        except ReadingError as error:
            assert error.problems
            assert all(problem.message.zh and problem.message.en for problem in error.problems)
            assert all(problem.where.split(":")[0] == "x" for problem in error.problems)
            str(error).encode()
        else:
            assert source.data is not None
            _check_places(source, source.data, ())


def _check_places(source: Source, data: Any, path: tuple[str | int, ...]) -> None:
    """Every part of the data has a place of its own kind."""
    assert not source.marks or source.place(path)
    assert type(data) in {dict, list, str, int, bool, Decimal, type(None)}
    for step, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        assert not isinstance(data, dict) or (isinstance(step, str) and step)
        _check_places(source, value, (*path, step))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    try:
        text = read_text(path)
    except ReadingError as error:
        assert all(problem.where.startswith(str(path)) for problem in error.problems)
    else:
        assert "\0" not in text
        assert "\r" not in text
