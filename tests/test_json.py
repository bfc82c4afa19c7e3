"""A record as JSON: the quick way and the strict way give the same record, or the same complaint.

`record.read_json` first tries the quick parser; what that could misread, lose or let pass goes the
strict way. The law: with the quick way shut off nothing changes.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import hazardrules as hr
from hazardrules import forms, strict_json
from hazardrules.errors import HazardRulesError
from hazardrules.record import read, read_json
from hazardrules.rows import Parts, Row
from strategies import examples

CORPUS = hr.default()
VOCABULARY = CORPUS.vocabulary
DUST = {"id": "3号", "dusts": ["木质粉尘"], "method": "干式", "airlock": "未设置"}


def told(row: Row) -> dict[str, Any]:
    """Return what a row knows, with its parts as their paths."""
    known = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
    parts = {name: [p._path for p in value.rows] for name, value in known.items() if isinstance(value, Parts)}
    return {**known, **parts, "_path": row._path, "_steps": row._steps, "_on": row._observed_on, "_said": list(row._stated)}


def outcome(data: bytes) -> Any:
    """Return the rows of a record in JSON, or the complaints about it."""
    try:
        record = read_json(data, VOCABULARY)
    except HazardRulesError as error:
        return error.say()
    rows = {kind: [told(row) for row in rows] for kind, rows in record.rows.items()}
    return rows, record.looked, sorted(gap.path for gap in record.gaps)


def both(data: bytes) -> tuple[Any, Any]:
    """Return the outcome by the quick way where it is open, and by the strict way alone."""
    quick = outcome(data)
    parser = strict_json.quick
    strict_json.quick = lambda data: None
    try:
        return quick, outcome(data)
    finally:
        strict_json.quick = parser


def took_the_quick_way(data: bytes) -> bool:
    """Return whether the strict reader is not needed for *data*."""
    called = []
    build = strict_json.build
    strict_json.build = lambda text, name: called.append(name) or build(text, name)
    try:
        outcome(data)
    finally:
        strict_json.build = build
    return not called


def record_of(**facts: Any) -> bytes:
    return json.dumps({"dust_system": [{**DUST, **facts}]}, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_usual_record_takes_the_quick_way() -> None:
    data = record_of()
    assert took_the_quick_way(data)
    quick, strict = both(data)
    assert quick == strict
    assert read(json.loads(data), VOCABULARY).rows["dust_system"][0].airlock == "未设置"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'{"dust_system":[{"id":"1","method":"\xe5\xb9\xb2\xe5\xbc\x8f","method":"\xe6\xb9\xbf\xe5\xbc\x8f"}]}', "键重复"),
        (b'{"dust_system":[{"id":"1"}],"dust_system":[]}', "键重复"),
        (b'{"dust_system":[{"id":"1","method" :"\xe5\xb9\xb2\xe5\xbc\x8f","method":"\xe6\xb9\xbf\xe5\xbc\x8f"}]}', "键重复"),
        (b'{"dust_system":[{"id":"1\xe2\x80\x8b"}]}', "看不见"),
        (b'{"dust_system":[{"id":"1\\u200b"}]}', "看不见"),
        (b'{"dust_system":[{"id":"1\x7f"}]}', "看不见"),
        (b'{"dust_system":[{"id":"1\xc2\x85"}]}', "看不见"),
        (b'{"dust_system":[{"id":"\xef\xbb\xbf1"}]}', "看不见"),
        (b'{"dust_system":[{"id":1234567890123456789012}]}', "超出范围"),
        (b'{"dust_system":[{"id":1e400}]}', "超出范围"),
        (b'{"dust_system":[{"id":NaN}]}', "有限"),
        (b'{"dust_system":[{"id":"1","methode":1}]}', "method"),
        (b'{"dust_system":[{"id":"1"},{"id":"1"}]}', "出现了 2 次"),
        (b'{"dust_system":[{"id":"1",}]}', "语法错误"),
        (b'{"dust_system":[{"id":"1"}]', "语法错误"),
        (b"\xff\xfe{}", "UTF-16"),
        (b"", "空的"),
        (b"[]", "对象"),
        (b'"dust"', "对象"),
    ],
)
def test_what_the_quick_way_could_let_pass_is_refused(text: bytes, says: str) -> None:
    quick, strict = both(text)
    assert quick == strict
    assert says in quick


@pytest.mark.parametrize(
    "number", ["0.1", "0.30000000000000004", "0.30000000000000001", "3.0", "1e3", "1.50", "-0.0", "12345678.12345678", "999999999999999999"]
)
def test_numbers_are_those_that_are_written(number: str) -> None:
    kind, fact = next(
        (k.id, s.id) for k in VOCABULARY.kinds.values() for s in k.facts.values()
        if s.type == "number" and not s.integer and s.min is None and s.unit not in (None, "1:m") and k.id in VOCABULARY.top
    )  # fmt: skip
    quick, strict = both(f'{{"{kind}":[{{"id":"1","{fact}":{number}}}]}}'.encode())
    assert quick == strict
    assert not isinstance(quick, str), quick


@pytest.mark.parametrize("name", ["1.50", "7", "1e2", "0"])
def test_a_number_as_name_is_the_text_that_is_written(name: str) -> None:
    quick, strict = both(f'{{"dust_system":[{{"id":{name}}}]}}'.encode())
    assert quick == strict


words = st.sampled_from(["干式", "湿式", "dry", "未设置", "absent", "木质粉尘", "是", "否", "yes", "不清楚", "", "甲\u200b", "x\u3000"])
scalars = st.one_of(
    words, st.booleans(), st.none(), st.integers(-3, 3), st.integers(), st.floats(allow_nan=True), st.text(max_size=4),
    st.sampled_from(["2026-03-01", "3.2 mm", "1:3"]),
)  # fmt: skip
values = st.one_of(
    scalars, st.lists(scalars, max_size=3), st.fixed_dictionaries({"value": scalars}, optional={"by": words, "at": words, "who": words})
)
names = st.sampled_from([*VOCABULARY.kinds["dust_system"].facts, "id", "note", "observed_on", "methode"])
subjects = st.dictionaries(names, values, max_size=6)
tables = st.one_of(st.lists(subjects, max_size=3), st.lists(subjects, max_size=2).map(lambda s: {"seen": s}), scalars)
records = st.dictionaries(st.sampled_from(["dust_system", "enterprise", "inspection", "dust_place", "pumpe"]), st.one_of(tables, subjects), max_size=4)


@given(records, st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]), st.booleans())
@examples(300)
def test_both_ways_agree(data: dict[str, Any], separators: tuple[str, str], escaped: bool) -> None:
    text = json.dumps(data, ensure_ascii=escaped, separators=separators).encode("utf-8", "surrogatepass")
    quick, strict = both(text)
    event("complaint" if isinstance(strict, str) else "record")
    assert quick == strict


def test_classify_takes_json() -> None:
    data = {"dust_system": [DUST], "inspection": {"date": "2026-03-01"}}
    told_json = hr.classify(json.dumps(data).encode(), industry="dust_explosion")
    assert told_json == hr.classify(data, industry="dust_explosion")
    assert told_json.level is hr.Level.MAJOR


# ------------------------------------------------------------- the reader and the published JSON Schema

SCHEMA = jsonschema.Draft202012Validator(
    forms.as_schema(VOCABULARY, {kind.id: list(kind.facts.values()) for kind in VOCABULARY.kinds.values()})
)
#: what a JSON Schema cannot say, in the words of the reader's complaint: the only ground on which it accepts more
BEYOND_SCHEMA = ("出现了", "不是日期", "应是一个数", "单位", "逗号", "应是整数", "不应小于", "坡比", "不是有限的数", "只能写一行", "看不见", "超出范围")


def of_fact(spec: Any) -> st.SearchStrategy[Any]:
    match spec.type:
        case "yes_no":
            return st.sampled_from([True, False, "是", "否", "yes", "no", None, "不清楚"])
        case "choices":
            return st.lists(st.sampled_from([*spec.values]), max_size=3)
        case "number":
            return st.sampled_from([3, 0.5, f"2 {spec.unit}" if spec.unit else "2", "二", -1])
        case "date" | "time":
            return st.sampled_from(["2026-03-01", "2026年3月1日", "昨天", None])
        case "list":
            return st.sampled_from([[], None])
        case "text":
            return st.sampled_from(["甲", None])
    return st.sampled_from([*spec.values, *spec.values.values(), None])


facts_of = {
    kind: st.fixed_dictionaries({}, optional={spec.id: of_fact(spec) for spec in VOCABULARY.kinds[kind].facts.values()})
    for kind in ("dust_system", "confined_space", "tailings_pond", "tank_farm")
}
odd = st.one_of(st.sampled_from([1, 0, "湿漉漉", [], {}, {"value": "是"}, {"value": "是", "who": "甲"}, ["木质粉尘", 3]]), scalars)


@st.composite
def likely_records(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a record that is mostly right, with at most one thing that is odd."""
    kind = draw(st.sampled_from(list(facts_of)))
    rows = draw(st.lists(facts_of[kind], min_size=1, max_size=2))
    for n, row in enumerate(rows):
        row["id"] = str(n)
    if draw(st.booleans()):
        names = [*rows[0], "id", "note", "observed_on", "nonsense"]
        rows[0][draw(st.sampled_from(names))] = draw(odd)
    table = draw(st.sampled_from([rows, {"seen": rows}, rows, rows]))
    return {kind: table, **draw(st.sampled_from([{}, {"inspection": {"date": "2026-03-01"}}, {"enterprise": None}, {"pump": []}, {kind: "没有"}]))}


@given(likely_records())
@examples(300)
def test_the_reader_and_the_schema_reject_the_same_records(data: dict[str, Any]) -> None:
    data = json.loads(json.dumps(data, default=str).replace("NaN", "null").replace("Infinity", "null"))
    complaint = outcome(json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    accepted, valid = not isinstance(complaint, str), SCHEMA.is_valid(data)
    event(f"reader {accepted}, schema {valid}")
    if accepted:
        assert valid, jsonschema.exceptions.best_match(SCHEMA.iter_errors(data)).message
    elif valid:
        assert any(words in complaint for words in BEYOND_SCHEMA), complaint
