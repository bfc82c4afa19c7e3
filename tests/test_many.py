"""Files of many subjects or records: nothing is lost, nothing is judged twice, and every row is judged as by itself."""

from __future__ import annotations

import csv
import errno
import io
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import documents
from hazardrules import Classification, FactsError, HazardRulesError, dates, default
from hazardrules.backends import classify_frame
from hazardrules.cli import main
from hazardrules.cli.many import told
from hazardrules.many import blocks, csv_rows
from hazardrules.many.run import Progress, Summary, classify_many
from strategies import examples
from test_frames import ON, asked_of, drawer_of

KIND, TRADE = "dust_system", "dust_explosion"


def subjects(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return drawn dust systems, flat and without lists of parts."""
    chance = random.Random(seed)
    drawer = drawer_of(KIND, asked_of(KIND), chance)
    found = [drawer.row(KIND, 0.3) for _ in range(count)]
    for n, row in enumerate(found):
        row["id"] = f"s{n}"
    return [{key: value for key, value in row.items() if not key.startswith("links")} for row in found]


def write(path: Path, found: Iterable[dict[str, Any]]) -> Path:
    """Write rows to *path* in the form that its suffix tells."""
    found = list(found)
    if path.suffix == ".ndjson":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
        return path
    names = list(dict.fromkeys(name for row in found for name in row))
    cells = [{name: _cell(row.get(name)) for name in names} for row in found]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(cells)
    else:
        pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).write_parquet(path)
    return path


def _cell(value: Any) -> str | None:
    if isinstance(value, list):
        return "、".join(value) if value else "[]"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if value is None else str(value)


def codes_in(out: Path, kind: str = KIND) -> pl.DataFrame:
    """Return all codes of a run."""
    parts = sorted((out / "parts").iterdir())
    return pl.concat([pl.read_parquet(file) for part in parts if (file := part / f"codes-{kind}.parquet").exists()])


def bad_in(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "bad.ndjson").read_text("utf-8").splitlines()]


def full_in(out: Path) -> list[dict[str, Any]]:
    lines = [line for part in sorted((out / "parts").iterdir()) for line in (part / "full.ndjson").read_bytes().splitlines()]
    return [json.loads(line) for line in lines]


def run(source: Path, out: Path, **options: Any) -> Summary:
    return classify_many(source, out, **{"subject": KIND, "industry": TRADE, "on": ON, "workers": 1, **options})


@pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
def test_every_row_is_judged_as_by_itself(tmp_path: Path, form: str) -> None:
    found = subjects(60)
    summary = run(write(tmp_path / f"in.{form}", found), tmp_path / "out", full=(), size=3000, rows=25)
    assert (summary.judged, summary.bad, summary.full) == (60, 0, 0)
    codes = codes_in(tmp_path / "out")
    assert codes["row"].to_list() == [n + (2 if form == "csv" else 1) for n in range(60)]
    assert codes["id"].to_list() == [row["id"] for row in found]
    assert len(list((tmp_path / "out" / "parts").iterdir())) > 2
    for row, code in zip(found, codes.iter_rows(named=True), strict=True):
        verdicts = default().verdicts(record_of(row), industry=TRADE, on=ON)
        mine = {rule: verdict.code for (rule, path), verdict in verdicts.items() if path.startswith(KIND)}
        assert {rule: value for rule, value in code.items() if rule not in ("row", "id") and value is not None} == mine
    for rule, counts in summary.verdicts[KIND].items():
        assert sum(counts.values()) == 60 - codes[rule].null_count()
        assert counts.get("hit", 0) == (codes[rule] == 1).sum()
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8")) == summary.told()


def record_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a flat dust system."""
    record: dict[str, Any] = {KIND: [{}]}
    for name, value in row.items():
        around, _, fact = name.rpartition(".")
        (record.setdefault(around, {}) if around else record[KIND][0])[fact] = value
    return record


def test_full_classifications_of_what_is_major_disputed_or_open(tmp_path: Path) -> None:
    found = subjects(20)
    source = write(tmp_path / "in.ndjson", found)
    for full in (("major", "disputed", "open"), ("major",), ("disputed",)):
        out = tmp_path / "-".join(full)
        summary = run(source, out, full=full)
        wanted = []
        for n, row in enumerate(found, 1):
            record = record_of(row)
            result = default().classify({**record, KIND: {"seen": record[KIND]}}, industry=TRADE, on=ON)
            mine = [f for f in (*result.findings, *result.open) if f.subject.kind == KIND]
            major = any(f.level.value == "major" and f.verdict.value == "hit" for f in mine if hasattr(f, "verdict"))
            disputed = any(f.verdict.value == "disputed" for f in mine if hasattr(f, "verdict"))
            is_open = any(not hasattr(f, "verdict") for f in mine)
            if ("major" in full and major) or ("disputed" in full and disputed) or ("open" in full and is_open):
                wanted.append((n, f"{KIND}[{row['id']}]", result))
        lines = full_in(out)
        assert summary.full == len(lines) == len(wanted)
        for line, (n, path, result) in zip(lines, wanted, strict=True):
            assert (line["row"], line["path"]) == (n, path)
            assert line["result"] == result.to_dict()
            assert Classification.from_json(json.dumps(line["result"])).to_dict() == result.to_dict()
            assert line["explanations"] == [finding.explain() for finding in result.findings]


# ---------------------------------------------------------------------------------------- what is bad

GOOD = {"id": "a", "method": "干式", "airlock": "未设置", "dusts": ["木质粉尘"]}
LINES: list[tuple[str, str | None]] = [
    (json.dumps(GOOD, ensure_ascii=False), None),
    ("", ""),
    ("{", "语法错误"),
    ("[1]", "这一行应是 {…}"),
    ('{"id": "x", "id": "y"}', "键重复"),
    ('{"methd": "干式"}', "没有“methd”这项事实，是不是“method”"),
    ('{"method": "干法"}', "没有“干法”这个选项"),
    ('{"method": 3}', "没有“3”这个选项"),
    ('{"method": true}', "没有“true”这个选项"),
    ('{"method": {"value": "干式", "by": "张工"}}', None),
    ('{"dusts": "木质粉尘、其他金属粉尘"}', "应写成列表"),
    ('{"dusts": "[]"}', "应写成列表"),
    ('{"dusts": "无"}', None),
    ('{"links": "[]"}', "应写成列表"),
    ('{"links": [], "links.seen": []}', "应写成列表"),
    ('{"dusts": ["木质粉尘", 1]}', "没有“1”这个选项"),
    ('{"dusts": {"木质粉尘": true}}', "应是一个值"),
    ('{"links": []}', None),
    ('{"links": true}', "应写成列表"),
    ('{"links": {"seen": [{"via": "风机"}]}}', None),
    ('{"links": {"seen": 3}}', "应写成列表"),
    ('{"links": [{"via": "风机"}, {"via": "风道"}]}', "没有“风道”这个选项"),
    ('{"buildings_served": 2.5}', "应是整数"),
    ('{"buildings_served": 3}', None),
    ('{"buildings_served": "三"}', "应是一个数"),
    ('{"buildings_served": 12345678901234567890}', "超出范围"),
    ('{"settling_chamber": 1}', "应填 是、否"),
    ('{"settling_chamber": false}', None),
    ('{"id": true}', "编号应是文字或数字"),
    ('{"id": "a\\u0007"}', "控制字符"),
    ('{"id": 7, "enterprise.sectors": ["机械"]}', None),
    ('{"enterprise.sectors": ["机器"]}', "没有“机器”这个选项"),
    ('{"observed_on": "2020-01-01"}', None),
    ('{"observed_on": "很久"}', "不是日期"),
    ('{"observed_on": ""}', "不是日期"),
    ('{"observed_on": null}', None),
    ('{"row": 1}', "没有“row”这项事实"),
    ('{"raw": 1, "self": 2}', "没有“raw”这项事实"),
    ('{"\\u006dethod": "干式", "note": ["随便"]}', None),
    ("null", "这一行应是 {…}"),
    ("3", "这一行应是 {…}"),
    ('{"a": ' * 100 + "1" + "}" * 100, "嵌套超过"),
]  # fmt: skip


def test_bad_lines_go_beside_with_their_reasons(tmp_path: Path) -> None:
    source = tmp_path / "in.ndjson"
    source.write_bytes("\n".join(line for line, _ in LINES).encode() + b"\n\xff\xfe\n")
    reasons = {n: reason for n, (_, reason) in enumerate(LINES, 1) if reason}
    reasons[len(LINES) + 1] = "不是 UTF-8"
    summary = run(source, tmp_path / "out")
    bad = bad_in(tmp_path / "out")
    assert [item["row"] for item in bad] == sorted(reasons)
    for item in bad:
        shown = "\n".join(problem["message"] for problem in item["problems"])
        assert reasons[item["row"]] in shown, item
        assert item["raw"] == (LINES[item["row"] - 1][0] if item["row"] <= len(LINES) else "��")
    right = [n for n, (_, reason) in enumerate(LINES, 1) if reason is None]
    codes = codes_in(tmp_path / "out")
    assert codes["row"].to_list() == right
    assert summary.judged == len(right)
    for row in codes.iter_rows(named=True):
        raw = json.loads(LINES[row["row"] - 1][0])
        if "links" not in raw and "dusts" not in raw:
            expected = default().verdicts(record_of(raw), industry=TRADE, on=ON)
            mine = {rule: verdict.code for (rule, path), verdict in expected.items() if path.startswith(KIND)}
            assert {rule: row.get(rule) for rule in mine} == mine


WORDS = [*default().vocabulary.kinds[KIND].facts["dusts"].values]


def test_one_key_a_word_is_as_the_list_of_words(tmp_path: Path) -> None:
    """In lines with the list, with the words, and with some of them, which is no answer."""
    by_word = {f"dusts.{word}": word == "木质粉尘" for word in WORDS}
    rest = {key: value for key, value in GOOD.items() if key != "dusts"}
    found = [GOOD, rest | by_word, rest | by_word | {"dusts.木质粉尘": None}, rest | {"dusts.木质粉尘": True}, GOOD | by_word]
    summary = run(write(tmp_path / "in.ndjson", found), tmp_path / "out")
    codes = codes_in(tmp_path / "out")
    assert codes["row"].to_list() == [1, 2, 3]
    assert codes.drop("row").row(0) == codes.drop("row").row(1)
    assert codes["gongmao-2023-11-06"].to_list()[0] == 1
    assert [line["row"] for line in full_in(tmp_path / "out")] == [1, 2, 3]
    assert (summary.judged, summary.bad) == (3, 2)
    lacking, both = (item["problems"][0]["message"] for item in bad_in(tmp_path / "out"))
    assert "还缺：" in lacking
    assert "不能再有整项的列" in both


def test_a_line_longer_than_any_record_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONGEST", 5000)
    good = json.dumps(GOOD, ensure_ascii=False)
    source = tmp_path / "in.ndjson"
    source.write_text(f'{good}\n{{"note": "{"x" * 9000}"}}\n{good}\n{{"note": "{"y" * 3000}"}}\n', encoding="utf-8")
    summary = run(source, tmp_path / "out", size=1000)
    assert (summary.judged, summary.bad) == (3, 1)
    (bad,) = bad_in(tmp_path / "out")
    assert (bad["row"], bad["raw"]) == (2, "")
    assert "没有读" in bad["problems"][0]["message"]
    assert codes_in(tmp_path / "out")["row"].to_list() == [1, 3, 4]


@pytest.mark.parametrize("subject", [KIND, None])
def test_a_file_of_one_line_that_is_too_long_has_a_table_of_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subject: str | None
) -> None:
    monkeypatch.setattr(blocks, "LONGEST", 5000)
    (tmp_path / "in.ndjson").write_text(f'{{"note": "{"x" * 9000}"}}\n', encoding="utf-8")
    summary = run(tmp_path / "in.ndjson", tmp_path / "out", size=1000, subject=subject)
    assert (summary.judged, summary.bad) == (0, 1)
    assert codes_in(tmp_path / "out").height == 0


ROWS: list[tuple[bytes, str | None]] = [
    ("a,干式,未设置,木质粉尘".encode(), None),
    ("b,干式,未设置".encode(), "有 3 格，应有 4 格"),
    ("c,干式,未设置,木质粉尘,x".encode(), "有 5 格，应有 4 格"),
    ('d,"干式","未设置","木质粉尘、其他金属粉尘"'.encode(), None),
    ('e,干"式,未设置,木质粉尘'.encode(), '没有“干"式”这个选项'),
    ('f,"干式,未设置,木质粉尘'.encode(), "引号写得不对"),
    ("g,湿式,,".encode(), None),
    ("h,湿法,,".encode(), "没有“湿法”这个选项"),
    (b"i,\xb8\xc9,,", "不是 UTF-8 编码"),
    (b"", ""),
    (b",,,", None),
    ("j,湿式,正常,[]".encode(), None),
    ("k,湿式,正常,无".encode(), None),
]  # fmt: skip


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("size", [1_000_000, 60, 30])
def test_bad_rows_of_a_csv(tmp_path: Path, end: bytes, size: int) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(end.join([b"\xef\xbb\xbfid, method,airlock,dusts", *(row for row, _ in ROWS)]) + end)
    run(source, tmp_path / "out", size=size)
    bad = bad_in(tmp_path / "out")
    assert [item["row"] for item in bad] == [n for n, (_, reason) in enumerate(ROWS, 2) if reason]
    for item in bad:
        assert str(ROWS[item["row"] - 2][1]) in item["problems"][0]["message"]
    assert codes_in(tmp_path / "out")["row"].to_list() == [n for n, (_, reason) in enumerate(ROWS, 2) if reason is None]
    assert codes_in(tmp_path / "out")["id"].to_list() == ["a", "d", "g", None, "j", "k"]


cells = st.text(st.sampled_from('ab,"\n 汉'), max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=12), st.integers(4, 60))
@examples(150)
def test_a_csv_is_cut_and_read_as_csv_says(table: list[list[str]], size: int) -> None:
    """Every well-formed row comes out once, with its cells and the line in which it begins, wherever the cuts fall."""
    table = [row for row in table if "".join(row)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "b", "c"])
    lines, lengths, line = [], [0], 2
    for row in table:
        lines.append(line)
        before = text.tell()
        writer.writerow(row)
        text.seek(before)
        written = text.read()
        line += written.count("\n")
        lengths.append(len(written.encode()))
    data = text.getvalue().encode()

    class File:
        def open(self, _: str) -> io.BytesIO:
            return io.BytesIO(data)

    head = data.index(b"\n") + 1
    found, ends = [], [head]
    for block in blocks.of_text(File(), size, start=head, row=2, quoted=True):  # type: ignore[arg-type]
        assert block.start == ends[-1]
        ends.append(block.end)
        found += [*csv_rows._rows(data[block.start : block.end], block.row, 3)]
    assert ends[-1] == len(data)
    if max(lengths) < size:  # a row longer than a block is cut at a line, inside quotes or not
        assert found == list(zip(lines, table, strict=True))


@given(st.lists(st.text("ab汉", max_size=30), max_size=20), st.integers(1, 50))
@examples(100)
def test_lines_are_cut_whole(lines: list[str], size: int) -> None:
    data = "".join(line + "\n" for line in lines).encode()

    class File:
        def open(self, _: str) -> io.BytesIO:
            return io.BytesIO(data)

    found = list(blocks.of_text(File(), size))  # type: ignore[arg-type]
    assert [block.number for block in found] == [*range(len(found))]
    assert b"".join(data[block.start : block.end] for block in found) == data
    for block in found:
        assert data[block.start : block.end].endswith(b"\n") or not data
        assert block.row == data.count(b"\n", 0, block.start) + 1


# ------------------------------------------------------------------------------------- whole records


def test_whole_records_one_a_line(tmp_path: Path) -> None:
    records = [
        {"inspection": {"date": "2026-03-01"}, "dust_system": [GOOD, {"id": "b"}]},
        {"inspection": {"date": "2018-03-01"}, "dust_system": [GOOD]},
        {"dust_system": [{**GOOD, "observed_on": "2018-03-01"}], "enterprise": {"dust_explosion": True}},
        {"underground_mine": [{"id": "m", "weather_warnings": [{"id": "w"}]}], "open_pit": [{"weather_warnings": [{"id": "w"}]}]},
        {"dust_sistem": []},
        {},
    ]
    source = tmp_path / "in.ndjson"
    source.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    summary = classify_many(source, tmp_path / "out", workers=1)
    assert (summary.judged, summary.bad) == (5, 1)
    assert bad_in(tmp_path / "out")[0]["row"] == 5
    assert "dust_sistem" in bad_in(tmp_path / "out")[0]["problems"][0]["message"]
    told_codes = {}
    for file in (tmp_path / "out" / "parts" / "000000").glob("codes-*.parquet"):
        for row in pl.read_parquet(file).iter_rows(named=True):
            for rule, code in row.items():
                if rule not in ("row", "path") and code is not None:
                    told_codes[row["row"], rule, row["path"]] = code
    expected = {}
    for n, record in enumerate(records, 1):
        if n != 5:
            for (rule, path), verdict in default().verdicts(record).items():
                expected[n, rule, path] = verdict.code
    assert told_codes == expected
    assert {line["row"] for line in full_in(tmp_path / "out")} == {1, 2, 3, 4, 6}
    for line in full_in(tmp_path / "out"):
        assert line["result"] == default().classify(records[line["row"] - 1]).to_dict()


# ------------------------------------------------------------------------------- stopped and gone on with


class Stop(Exception):
    pass


@pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, form: str) -> None:
    source = write(tmp_path / f"in.{form}", subjects(40))
    options = {"size": 3000, "rows": 8, "full": ("major",)}
    whole = run(source, tmp_path / "whole", **options)
    for after in (0, 2):
        out, told_parts = tmp_path / f"out{after}", []

        def tell(progress: Progress, seen: list[Progress] = told_parts, most: int = after) -> None:
            seen.append(progress)
            if len(seen) > most:
                raise Stop

        with pytest.raises(Stop):
            run(source, out, tell=tell, **options)
        assert not (out / "summary.json").exists()
        (out / "parts" / ".writing-000099-1").mkdir()  # what a killed process had begun
        kept = {path: path.stat().st_mtime_ns for path in (out / "parts").glob("0*")}
        assert len(kept) == after
        again: list[Progress] = []
        assert run(source, out, tell=again.append, **options) == whole
        assert again[0].judged == sum(codes_in(out)["row"].is_in(pl.read_parquet(p / f"codes-{KIND}.parquet")["row"].implode()).sum() for p in kept)
        assert {path: path.stat().st_mtime_ns for path in kept} == kept
        assert codes_in(out).equals(codes_in(tmp_path / "whole"))
        assert full_in(out) == full_in(tmp_path / "whole")
        assert (out / "bad.ndjson").read_bytes() == (tmp_path / "whole" / "bad.ndjson").read_bytes()
        assert not list((out / "parts").glob(".writing*"))


def test_a_run_that_is_done_is_told_again(tmp_path: Path) -> None:
    source = write(tmp_path / "in.ndjson", subjects(5))
    first = run(source, tmp_path / "out")
    assert run(source, tmp_path / "out") == first


def test_the_day_of_a_run_is_that_of_its_beginning(tmp_path: Path) -> None:
    engine = GOOD | {"method": {"value": "干式", "by": "张工"}}
    no_days = [GOOD, *(engine | {"inspection.date": day} for day in (None, "不清楚", {"value": "不清楚", "by": "张工"}))]
    source = write(tmp_path / "in.ndjson", no_days)
    run(source, tmp_path / "out", on=None)
    manifest = tmp_path / "out" / "manifest.json"
    told_before = json.loads(manifest.read_text("utf-8"))
    assert told_before["today"] == dates.today().isoformat()
    for part in (tmp_path / "out" / "parts").iterdir():
        for file in part.iterdir():
            file.unlink()
        part.rmdir()
    manifest.write_text(json.dumps(told_before | {"today": "2019-05-05"}), encoding="utf-8")
    run(source, tmp_path / "out", on=None)
    codes = codes_in(tmp_path / "out")
    assert codes["gongmao-2023-11-06"].to_list() == [None] * 4
    assert any(codes[rule].to_list() == [1] * 4 for rule in codes.columns if rule.startswith("gongmao-2017"))
    records = [{**record_of(row), KIND: {"seen": record_of(row)[KIND]}} for row in no_days]
    asked = [default().classify(record, industry=TRADE, on="2019-05-05").to_dict() for record in records]
    assert [line["result"] for line in full_in(tmp_path / "out")] == asked


def test_another_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "in.ndjson", subjects(5))
    out = tmp_path / "out"
    run(source, out)
    for options, named in (({"on": "2020-01-01"}, "--on"), ({"industry": None}, "--industry"), ({"size": 5}, "--block")):
        with pytest.raises(HazardRulesError, match=f"另一次运行的结果，不同的是：{named}；"):
            run(source, out, **options)
    write(source, subjects(6))
    with pytest.raises(HazardRulesError, match="不同的是：IN 的内容；"):
        run(source, out)
    (out / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(HazardRulesError, match=r"manifest\.json: 读不懂"):
        run(source, out)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(HazardRulesError, match="已经有了，而且不是空文件夹"):
        run(source, tmp_path / "full")
    with pytest.raises(HazardRulesError, match="已经有了，而且不是空文件夹"):
        run(source, source)


def test_two_processes_do_not_write_one_folder(tmp_path: Path) -> None:
    source = write(tmp_path / "in.ndjson", subjects(5))

    def tell(now: Progress) -> None:
        if now.judged:  # it is all read
            return
        with pytest.raises(HazardRulesError, match="另一个进程正在写这里"):
            run(source, tmp_path / "out")

    run(source, tmp_path / "out", tell=tell)


def test_several_processes_give_the_same(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", subjects(60))
    one = run(source, tmp_path / "one", size=3000, full=("major",))
    two = run(source, tmp_path / "two", size=3000, full=("major",), workers=2)
    assert one == two
    assert codes_in(tmp_path / "one").equals(codes_in(tmp_path / "two"))
    assert full_in(tmp_path / "one") == full_in(tmp_path / "two")


# -------------------------------------------------------------------------------- what is refused at once


@pytest.mark.parametrize(
    ("name", "text", "options", "message"),
    [
        ("none.csv", None, {}, "没有这个文件"),
        ("in.txt", "a", {}, "用 --from 写明"),
        ("in.csv", "id\n1\n", {"subject": None}, "要写明是哪种：--subject"),
        ("in.csv", "id,methd\n1,2\n", {}, "是不是“method”"),
        ("in.csv", "id,id\n1,2\n", {}, "列名重复：id"),
        ("in.csv", "id,,a\n", {}, "第一行应是列名"),
        ("in.csv", "", {}, "第一行应是列名"),
        ("in.csv", "id\n", {"subject": "dust"}, "没有这种对象"),
        ("in.csv", "id\n", {"industry": "dust"}, "没有行业"),
        ("in.csv", "id\n", {"on": "x"}, "不是日期"),
        ("in.csv", "id\n", {"keep": ("zzz",)}, "没有这一列"),
        ("in.parquet", "no parquet", {}, "读不了"),
        ("in.csv", "id,编号\n".encode("gbk"), {}, "不是 UTF-8 编码，像是 GBK"),
        ("in.csv", "id,method\n1,干式\n".encode("utf-16"), {}, "像是 UTF-16"),
        ("in.csv", "id\r1\r", {}, "行末是换行"),
        ("in.csv", 'id,"method\n', {}, "第一行应是列名"),
        ("in.csv", "id;method\n1;干式\n", {}, "格与格之间要用逗号"),
        ("in.csv", "id,row\n", {"keep": ("row",)}, "row: 结果里另有这个列名"),
        ("in.csv", "id,problem\n", {"keep": "problem"}, "problem: 结果里另有这个列名"),
        ("in.ndjson", "{}\n", {"subject": None, "keep": ("x",)}, "--keep: 整份记录"),
        ("in.csv", "id\n", {"full": ("majors",)}, "--full: 没有“majors”；可填 major、disputed、open"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    tmp_path: Path, name: str, text: str | bytes | None, options: dict[str, Any], message: str
) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FactsError) as caught:
        run(tmp_path / name, tmp_path / "out", **options)
    assert message in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_columns_that_are_kept(tmp_path: Path) -> None:
    found = [GOOD | {"plant": "一厂"}, GOOD | {"plant": 7}, GOOD]
    for form in ("ndjson", "csv", "parquet"):
        texts = [{key: str(value) if key == "plant" else value for key, value in row.items()} for row in found]
        source = write(tmp_path / f"in.{form}", found if form == "ndjson" else texts)
        run(source, tmp_path / form, keep=("plant",))
        assert codes_in(tmp_path / form).columns[:3] == ["row", "id", "plant"]
        assert codes_in(tmp_path / form)["plant"].to_list() == ["一厂", "7", "" if form == "csv" else None]


def test_what_is_kept_is_the_same_in_a_line_that_is_read_strictly(tmp_path: Path) -> None:
    kept = '"k": 1.5, "m": {"x": [2.5, true, null]}}'
    source = tmp_path / "in.ndjson"
    source.write_text(f'{{"id": "a", {kept}\n{{"id": "\\u0061", {kept}\n', encoding="utf-8")
    run(source, tmp_path / "out", keep=("k", "m"))
    codes = codes_in(tmp_path / "out")
    assert codes["k"].to_list() == ["1.5"] * 2
    assert codes["m"].to_list() == ['{"x": [2.5, true, null]}'] * 2


@pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
def test_a_fact_may_be_kept_and_is_judged_all_the_same(tmp_path: Path, form: str) -> None:
    run(write(tmp_path / f"in.{form}", [GOOD, GOOD | {"method": "dry "}]), tmp_path / "out", keep=("method", "dusts"))
    codes = codes_in(tmp_path / "out")
    assert codes["gongmao-2023-11-06"].to_list() == [1, 1]
    assert codes["method"].to_list() == ["干式", "dry "]
    assert "木质粉尘" in codes["dusts"][0]


# ------------------------------------------------------------------------------- files as they are met


@pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
def test_a_file_without_rows_has_a_table_of_codes(tmp_path: Path, form: str) -> None:
    source = tmp_path / f"in.{form}"
    if form == "parquet":
        pl.DataFrame(schema={"id": pl.String}).write_parquet(source)
    else:
        source.write_text("" if form == "ndjson" else "id", encoding="utf-8")
    assert run(source, tmp_path / "out").judged == 0
    assert codes_in(tmp_path / "out").columns[:2] == ["row", "id"]


@pytest.mark.parametrize("lines", [[], [{KIND: []}], [{KIND: [GOOD]}], [{KIND: 3}]])
def test_whole_records_have_a_table_of_codes_of_every_kind(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    summary = run(write(tmp_path / "in.ndjson", lines), tmp_path / "out", subject=None)
    judged = default().verdicts({KIND: [GOOD]}, industry=TRADE, on=ON)
    there = {KIND: 1} if lines == [{KIND: [GOOD]}] else {}
    for kind in (KIND, "dust_repair"):
        codes = pl.read_parquet(tmp_path / "out" / "parts" / "*" / f"codes-{kind}.parquet")
        assert codes.columns[:2] == ["row", "path"]
        assert {dtype for name, dtype in codes.schema.items() if name not in ("row", "path")} == {pl.Int8}
        assert codes.height == there.get(kind, 0)
    assert {rule for rule, path in judged if path.startswith(KIND)} <= set(codes_in(tmp_path / "out").columns)
    assert set(summary.verdicts) <= {KIND, "enterprise"}


def test_a_blank_cell_is_not_known_whatever_its_column(tmp_path: Path) -> None:
    """Also where the row goes to the engine or is classified in full: an id, a day."""
    source = tmp_path / "in.csv"
    head, rows = "id,dust_system.id,observed_on,via", ",,,\nb,,,风机 \nc,1,不清楚,\n"
    source.write_text(f"{head}\n{rows}", encoding="utf-8")
    summary = run(source, tmp_path / "out", subject="dust_link")
    assert (summary.judged, summary.bad) == (3, 0)
    assert codes_in(tmp_path / "out", "dust_link")["id"].to_list() == [None, "b", "c"]


def test_the_parts_may_be_in_one_column_or_the_other(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text('id,links,links.seen\na,[],\nb,,"[{""via"":""风机""}]"\nc,不清楚,[]\nd,[],[]\n', encoding="utf-8")
    summary = run(source, tmp_path / "out")
    assert (summary.judged, [item["row"] for item in bad_in(tmp_path / "out")]) == (3, [5])
    frame = {"id": ["a"], "links": pl.Series([[]], dtype=pl.List(pl.Null)), "links.seen": pl.Series([None], dtype=pl.List(pl.Null))}
    alone = classify_frame(pl.DataFrame(frame), KIND, industry=TRADE, on=ON).collect()
    codes = codes_in(tmp_path / "out")
    assert codes.drop("row").row(0) == alone.drop("problem").row(0)


def test_a_name_with_stars_and_brackets_is_a_name(tmp_path: Path) -> None:
    for name, ids in (("in[1].parquet", ["a"]), ("in*.parquet", ["b"]), ("in2.parquet", ["c"])):
        pl.DataFrame({"id": ids}).write_parquet(tmp_path / name)
    for name, ids in (("in[1].parquet", ["a"]), ("in*.parquet", ["b"])):
        run(tmp_path / name, tmp_path / ids[0])
        assert codes_in(tmp_path / ids[0])["id"].to_list() == ids


def test_a_bad_row_of_parquet_is_told_in_json_whatever_it_holds(tmp_path: Path) -> None:
    far = pl.Series([2**31 - 1, 20_000], dtype=pl.Int32).cast(pl.Date)
    given = {"id": ["a", "b"], "observed_on": far, "k": [float("nan"), 1.5], "parts": [[{"x": float("inf")}], None]}
    pl.DataFrame(given).write_parquet(tmp_path / "in.parquet")
    assert run(tmp_path / "in.parquet", tmp_path / "out", keep=("k", "parts")).judged == 1
    line = (tmp_path / "out" / "bad.ndjson").read_text("utf-8")

    def refused(name: str) -> None:
        raise AssertionError(name)

    (problem,) = json.loads(line, parse_constant=refused)["problems"]
    assert problem == {"where": "dust_system[a].observed_on", "message": "不是日期，应写成 2026-03-01"}
    assert json.loads(line)["raw"] == {"id": "a", "observed_on": "1970-01-01 +2147483647 d", "k": "nan", "parts": [{"x": "inf"}]}


def test_a_file_that_changes_while_it_is_judged(tmp_path: Path) -> None:
    source = write(tmp_path / "in.ndjson", subjects(20))

    def tell(now: Progress) -> None:
        if now.judged:  # it is all read
            return
        with source.open("a", encoding="utf-8") as file:
            file.write("{}\n")

    with pytest.raises(HazardRulesError, match="判定的时候文件变了"):
        run(source, tmp_path / "out", tell=tell)
    assert not (tmp_path / "out" / "summary.json").exists()


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    source = write(tmp_path / "in.ndjson", subjects(2))
    with pytest.raises(HazardRulesError, match="读写失败"):
        run(source, source / "out")


# ------------------------------------------------------------------------------------ the command line


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.ndjson", [GOOD, GOOD | {"method": "干法"}])
    words = ["classify-many", str(source), str(tmp_path / "out"), "--subject", KIND, "--industry", TRADE, "--workers", "1"]
    assert main(words) == 1
    told_zh = capsys.readouterr()
    assert "已判定 1，判不了 1（" in told_zh.out
    assert main([*words[:2], str(tmp_path / "en"), *words[3:], "--lang", "en", "--full", "none"]) == 1
    assert "1 judged, 1 could not be (" in capsys.readouterr().out
    assert "“干法” is no choice here" in bad_in(tmp_path / "en")[0]["problems"][0]["message"]
    write(source, [GOOD])
    assert main([*words[:2], str(tmp_path / "good"), *words[3:], "--full", "major"]) == 0
    assert main([*words[:2], str(tmp_path / "x"), *words[3:], "--full", "majors"]) == 2
    assert main([*words[:2], str(tmp_path / "good"), *words[3:], "--on", "2020-01-01"]) == 2
    assert "另一次运行的结果" in capsys.readouterr().err


def test_the_commands_of_the_document(tmp_path: Path) -> None:
    write(tmp_path / "systems.csv", [GOOD, GOOD | {"id": "b", "method": "湿式"}])
    write(tmp_path / "records.ndjson", [{KIND: [GOOD]}])
    lines = documents.commands("docs/many.md")
    assert len(lines) == 2
    for line in lines:
        code, printed = documents.run(line, tmp_path)
        assert code == 0, printed
    shown = pl.read_parquet(tmp_path / "结果" / "parts" / "*" / "codes-dust_system.parquet")
    assert shown["gongmao-2023-11-06"].to_list() == [1, -2]


def test_how_far_a_run_is() -> None:
    first, now = Progress(1_000, 0, 0.1), Progress(250_990, 10, 0.35)
    assert told(now, first, 50.0, "zh") == "35.0%：已判定 250,990，判不了 10，每秒 5,000，还要 0:02:10"
    assert told(now, first, 50.0, "en") == "35.0%: 250,990 judged, 10 bad, 5,000 a second, 0:02:10 left"
    assert told(first, first, 0.0, "zh").endswith("每秒 0，还要 ?")


def test_a_second_run_reads_the_head_anew(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    found = []
    for n, head in enumerate(("id,method,airlock", "id,airlock,method")):
        source.write_text(f"{head}\na,干式,未设置\n", encoding="utf-8")
        summary = classify_many(source, tmp_path / f"out{n}", subject="dust_system", workers=1, full=())
        found.append((summary.judged, summary.bad))
    assert found == [(1, 0), (0, 1)]  # 干式 is no airlock


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    links = json.dumps([{"id": f"第{n}处连接", "via": "风机"} for n in range(6000)], ensure_ascii=False)
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "links"], ["a", links]])
    assert len(links) > 131_072
    summary = classify_many(source, tmp_path / "out", subject="dust_system", workers=1, full=())
    assert (summary.judged, summary.bad) == (1, 0)


def test_why_a_part_cannot_be_put_in_place_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _to: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    source = tmp_path / "in.csv"
    source.write_text("id\na\n", encoding="utf-8")
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(HazardRulesError, match="No space left"):
        classify_many(source, tmp_path / "out", subject="dust_system", workers=1, full=())
