"""The result: the JSON of issue 2 exactly, the same bytes for the same input, levels, counts, paths.

`python tests/test_results.py` writes `schema/classification.json` anew.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import hazardrules
from hazardrules import Classification, Corpus, FactsError, Level, classify, forms, values
from hazardrules.classification import json_schema
from hazardrules.reading import read_file, read_yaml
from hazardrules.testing import reordered

ROOT = Path(__file__).parents[1]
GOOD = ROOT / "tests" / "bad_standards" / "good"
PUBLISHED = ROOT / "schema" / "classification.json"
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))

Data = dict[str, Any]

# ------------------------------------------------------------------------------------ what is judged

TANK: Data = {
    "id": "甲", "content": "油", "alarm": "正常", "level": "6 m", "design_level": "5 m", "rounds": "落实",
    "sign": "是", "checked_on": "2026-02-01", "valves": [], "work": "没有",
}  # fmt: skip
NEAR: Data = {"level": "5 m", "size": None}  # the level as designed, so that the alarm is argued about


def tanks(*each: Data, **more: Any) -> Data:
    """Return a record of tanks, each in order but for what it changes (None: not known)."""
    record: Data = {"inspection": {"date": "2026-03-01", "other_regimes": []}, "tank": [{**TANK, **own} for own in each]}
    return {**record, **more}


@pytest.fixture(scope="module")
def small() -> Corpus:
    """Return the small corpus of tanks, which has ordinary duties too."""
    return hazardrules.load(GOOD)


def edited(place: Path, *edits: tuple[str, str, str]) -> Corpus:
    """Return the small corpus with some texts of its files replaced."""
    folder = place / "standards"
    shutil.copytree(GOOD, folder)
    for name, old, new in edits:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return hazardrules.load(folder)


DUST: Data = {
    "inspection": {"date": "2026-03-01", "other_regimes": []},
    "enterprise": {"sectors": ["轻工"], "dust_explosion": True},
    "dust_system": [
        {"id": "2号", "dusts": ["木质粉尘"], "method": "干式", "airlock": "失效"},
        {"id": "1号", "dusts": ["其他金属粉尘"], "method": "干式", "airlock": "未设置"},
        {"dusts": ["铝镁等金属粉尘"], "method": "干式", "airlock": "未设置", "links": [{"id": "旁通管"}, {"via": "风机"}]},
    ],
    "dust_place": [],
    "worker": {"seen": [{"id": "张工", "work": "焊接与热切割作业", "working": True, "certificate": "无证"}]},
}
POOL: Data = {
    "confined_space": [
        {"id": "调节池", "hazards": ["硫化氢"], "identified": False, "in_ledger": False, "sign": False,
         "jobs": [{"id": "清淤", "stage": "进行中", "approval": "没有审批"}, {"stage": "已结束", "guard": "没有人监护"}]},
    ],
}  # fmt: skip


def results(small: Corpus) -> Iterator[Classification]:
    """Yield classifications of many shapes."""
    yield classify({})
    yield classify(DUST, industry="dust_explosion")
    yield classify(DUST)
    yield classify({**DUST, **POOL}, industry=["dust_explosion", "confined_space"], lang="en")
    yield classify(DUST, industry="dust_explosion", on="2023-05-14")
    yield classify(DUST, industry="dust_explosion", on="2010-01-01")
    for example in EXAMPLES:
        yield classify(read_file(example).data)
    yield small.classify(tanks())
    yield small.classify(tanks({"alarm": "失效"}, {"id": None, "content": None}, {"id": "乙", **NEAR, "alarm": "无效", "rounds": "未制定"}))
    yield small.classify({"tank": {"seen": [{}]}}, on="2022-01-01", industry="tanks")
    yield small.classify({"enterprise": {"sectors": ["商贸"]}}, industry="alarms", on="2026-03-01")


# ---------------------------------------------------------------------------------------- the shape

TOP = "schema level established possible conclusive complete findings open uncovered notices counts fingerprint".split()
FINDING = "rule level verdict subject citation summary remedy facts unverified".split()
COUNTS = "hit disputed unknown clear not_applicable deferred".split()
MORE = {"finding": {"defers_to", "why"}, "subject": {"within", "placed"}, "citation": {"also"}}  # only where there is something to say


def subject_is_right(subject: Data) -> None:
    """Hold the data of a subject, and of what contains it, against the shape."""
    assert set(subject) - MORE["subject"] == {"kind", "id"}
    assert isinstance(subject["kind"], str)
    assert subject["id"] is None or isinstance(subject["id"], str)
    if "within" in subject:
        subject_is_right(subject["within"])


def test_the_json_has_exactly_the_shape_of_the_issue(small: Corpus) -> None:
    seen: set[str] = set()
    for result in results(small):
        data = json.loads(result.to_json())
        assert list(data) == TOP
        assert data["schema"] == 1
        assert [type(data[key]) for key in ("conclusive", "complete")] == [bool, bool]
        assert list(data["counts"]) == COUNTS
        assert all(type(count) is int and count >= 0 for count in data["counts"].values())
        assert re.fullmatch("[0-9a-f]{64}", data["fingerprint"])
        assert all(isinstance(kind, str) for kind in data["uncovered"])
        for notice in data["notices"]:
            assert list(notice) == ["code", "message"]
        for item in data["open"]:
            assert list(item) == ["rule", "subject", "missing"]
            assert item["missing"]
            subject_is_right(item["subject"])
        for finding in data["findings"]:
            assert [key for key in finding if key not in MORE["finding"]] == FINDING
            assert finding["level"] in ("major", "ordinary")
            assert finding["verdict"] in ("hit", "disputed", "deferred")
            assert [key for key in finding["citation"] if key not in MORE["citation"]] == ["number", "title", "clause"]
            assert finding["summary"]
            assert finding["remedy"] is None or finding["remedy"]
            assert all(value is not None for value in finding["facts"].values())
            subject_is_right(finding["subject"])
            seen |= {finding["verdict"], *(MORE["finding"] & set(finding))}
    assert seen >= {"hit", "disputed", "why"}, "the records above show each of these"


def test_the_json_holds_to_the_published_schema(small: Corpus) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    for result in results(small):
        validator.validate(json.loads(result.to_json()))


def fresh() -> str:
    """Return what `schema/classification.json` must hold."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def test_the_published_schema_is_fresh_and_sound() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == fresh(), "run: python tests/test_results.py"
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


WRONG = [
    ("schema", 2), ("schema", None), ("level", "grave"), ("established", "undetermined"), ("possible", "high"),
    ("conclusive", "yes"), ("complete", None), ("findings", {}), ("findings", [{}]), ("open", [{"rule": "x"}]),
    ("uncovered", "tank"), ("notices", [{"code": "x"}]), ("counts", {"hit": 1}), ("fingerprint", 3), ("more", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), WRONG, ids=str)
def test_schema_and_from_json_refuse_the_same(key: str, value: object) -> None:
    data = {**classify(DUST, industry="dust_explosion").to_dict(), key: value}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json_schema())
    with pytest.raises(FactsError) as caught:
        Classification.from_json(json.dumps(data))
    assert any(problem.where.startswith(key) for problem in caught.value.problems)


@pytest.mark.parametrize("changed", [{"level": "none"}, {"conclusive": False}, {"possible": "none"}, {"established": "ordinary"}])
def test_a_result_that_contradicts_itself_is_refused(changed: Data) -> None:
    """Read back, it would give other bytes than those that were read."""
    data = classify(DUST, industry="dust_explosion").to_dict()
    assert (data["level"], data["conclusive"]) == ("major", True)
    with pytest.raises(FactsError):
        Classification.from_dict({**data, **changed})


@pytest.mark.parametrize("key", TOP)
def test_no_key_may_be_missing(key: str) -> None:
    data = classify(DUST, industry="dust_explosion").to_dict()
    del data[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json_schema())
    with pytest.raises(FactsError):
        Classification.from_dict(data)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '"major"', "[" * 100_000, b"\xff\xfe", b"\x80"])
def test_what_is_no_classification_is_refused(text: str | bytes) -> None:
    with pytest.raises(FactsError):
        Classification.from_json(text)


# -------------------------------------------------------------------- the same bytes, there and back


def test_from_json_reads_back_to_the_same_bytes(small: Corpus) -> None:
    for result in results(small):
        text = result.to_json()
        again = Classification.from_json(text)
        assert again.to_json() == text
        assert again.to_dict() == result.to_dict()
        assert (again.level, again.findings, again.counts) == (result.level, result.findings, result.counts)
        assert Classification.from_json(result.to_json(indent=2).encode()).to_json() == text
        assert again.questions() == ()


def test_the_reasoning_of_a_result_read_back_says_that_it_is_gone() -> None:
    again = Classification.from_json(classify(DUST, industry="dust_explosion").to_json())
    assert "重新判定" in again.findings[0].explain()


def test_the_same_input_gives_the_same_bytes(small: Corpus) -> None:
    for once, twice in zip(results(small), results(hazardrules.load(GOOD)), strict=True):
        assert once.to_json() == twice.to_json()


def test_the_same_bytes_in_another_process_with_another_seed(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({**DUST, **POOL}), encoding="utf-8")
    code = (
        "import sys, json, hazardrules; data = json.load(open(sys.argv[1], encoding='utf-8'))\n"
        "sys.stdout.buffer.write(hazardrules.classify(data, industry=['dust_explosion', 'confined_space']).to_json().encode())"
    )
    told = {
        subprocess.run([sys.executable, "-c", code, str(record)], capture_output=True, check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert told == {classify({**DUST, **POOL}, industry=["dust_explosion", "confined_space"]).to_json().encode()}


def test_the_order_of_facts_and_subjects_does_not_matter() -> None:
    record = {**copy.deepcopy(DUST), **POOL}
    record["dust_system"][2]["id"] = "3号"
    wanted = classify(record, industry=["dust_explosion", "confined_space"]).to_json()
    for seed in range(5):
        mixed = reordered(record, random.Random(seed).choice)
        assert json.dumps(mixed) != json.dumps(record)
        assert classify(mixed, industry=["confined_space", "dust_explosion"]).to_json() == wanted


def test_classifying_changes_neither_the_record_nor_an_earlier_result() -> None:
    record = copy.deepcopy(DUST)
    first = classify(record, industry="dust_explosion")
    before = first.to_json()
    classify({**record, "dust_place": [{"cleaning": "未落实"}]}, industry="dust_explosion")
    assert record == DUST
    assert first.to_json() == before


def test_results_are_frozen_and_can_be_pickled() -> None:
    result = classify(DUST, industry="dust_explosion")
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.established = Level.NONE  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.findings[0].rule = "x"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.to_json() == result.to_json()
    assert again.findings[0].explain() == result.findings[0].explain()


# ---------------------------------------------------------------------------------- the fingerprint


def test_the_fingerprint_changes_with_everything_that_it_covers(small: Corpus, tmp_path: Path) -> None:
    other = edited(tmp_path, ("tanks-2024/02.yaml", "remedy: 挂上标志", "remedy: 挂好标志"))
    record = tanks({})
    seen = [
        small.classify(record),
        small.classify(tanks({"level": "6.01 m"})),
        small.classify(tanks({"level": None})),
        small.classify(tanks({"sign": "否"})),
        small.classify(tanks({"id": "乙"})),
        small.classify(tanks({"id": None})),
        small.classify(tanks({"observed_on": "2026-02-27"})),
        small.classify(tanks({"valves": {"seen": []}})),
        small.classify(tanks({"valves": [{"id": "进料阀"}]})),
        small.classify(tanks({"valves": [{"state": "正常"}]})),
        small.classify(tanks({}, {"id": "乙"})),
        small.classify({**record, "tank": []}),
        small.classify({**record, "tank": [{"id": "甲"}]}),
        small.classify({**record, "tank": [{"id": "乙"}]}),
        small.classify({**record, "tank": None}),
        small.classify({**record, "tank": {"seen": record["tank"]}}),
        small.classify({**record, "enterprise": {"sectors": ["轻工"]}}),
        small.classify({**record, "inspection": {"date": "2026-03-02", "other_regimes": []}}),
        small.classify(record, on="2026-03-02"),
        small.classify(record, industry="tanks"),
        small.classify(record, industry="alarms"),
        small.classify(record, industry=["alarms", "tanks"]),
        other.classify(record),
    ]
    for (m, one), (n, two) in itertools.combinations(enumerate(seen), 2):
        assert one.fingerprint != two.fingerprint, (m, n)


def test_the_fingerprint_stays_where_nothing_that_counts_changed(small: Corpus) -> None:
    record = tanks({})
    wanted = small.classify(record, industry=["tanks", "alarms"]).fingerprint
    assert small.classify(record, industry=["alarms", "tanks"], lang="en").fingerprint == wanted
    assert small.classify(record, industry=["alarms", "tanks"], on="2026-03-01").fingerprint == wanted
    assert small.classify(tanks({"sign": True, "alarm": "normal"}), industry=["tanks", "alarms"]).fingerprint == wanted
    assert hazardrules.load(GOOD).classify(record, industry=["tanks", "alarms"]).fingerprint == wanted


# ------------------------------------------------------------------------------------------- levels

NONE, SOME, MAJOR, OPEN = Level.NONE, Level.ORDINARY, Level.MAJOR, Level.UNDETERMINED

LEVELS: dict[str, tuple[Data, Level, Level, Level, bool]] = {  # record → level, established, possible, complete
    "all in order": (tanks({}), NONE, NONE, NONE, True),
    "no tank": (tanks(), NONE, NONE, NONE, True),
    "ordinary": (tanks({"sign": "否"}), SOME, SOME, SOME, True),
    "major": (tanks({"alarm": "未设置"}), MAJOR, MAJOR, MAJOR, True),
    "major and ordinary": (tanks({"alarm": "未设置", "sign": "否"}), MAJOR, MAJOR, MAJOR, True),
    "an ordinary duty is open": (tanks({"sign": None}), OPEN, NONE, SOME, False),
    "a major rule is open": (tanks({"alarm": None}), OPEN, NONE, MAJOR, False),
    "ordinary, and a major rule is open": (tanks({"sign": "否", "alarm": None}), OPEN, SOME, MAJOR, False),
    "major, and an ordinary duty is open": (tanks({"alarm": "未设置", "sign": None}), MAJOR, MAJOR, MAJOR, False),
    "disputed": (tanks({"alarm": "未设置", "level": "5 m", "rounds": "未落实"}), OPEN, NONE, MAJOR, True),
    "disputed, and ordinary": (tanks({"alarm": "未设置", "level": "5 m", "rounds": "未落实", "sign": "否"}), OPEN, SOME, MAJOR, True),
    "cleared by an exception": (tanks({"alarm": "未设置", "level": "4 m", "design_level": "3 m"}), NONE, NONE, NONE, True),
    "nobody looked": (tanks(tank=None), OPEN, NONE, MAJOR, False),
    "only some were looked at": (tanks(tank={"seen": [TANK]}), OPEN, NONE, MAJOR, False),
    "only some parts were looked at": (tanks({"valves": {"seen": []}}), OPEN, NONE, MAJOR, False),
    "parts were not looked at": (tanks({"valves": None}), OPEN, NONE, MAJOR, False),
}  # fmt: skip


@pytest.mark.parametrize("name", LEVELS)
def test_levels(small: Corpus, name: str) -> None:
    record, level, established, possible, complete = LEVELS[name]
    result = small.classify(record, industry="tanks")
    assert (result.level, result.established, result.possible) == (level, established, possible)
    assert result.conclusive is (level is not OPEN)
    assert result.complete is complete
    assert result.complete is (not result.open and not result.uncovered)


def test_a_deferred_matter_leaves_the_level_open(tmp_path: Path) -> None:
    corpus = edited(tmp_path, ("tanks-2024/01-01.yaml", "        basis: 条文本身", "        defers_to: 小罐标准"))
    result = corpus.classify(tanks({"alarm": "未设置", "level": "4 m", "design_level": "3 m"}), industry="tanks")
    (finding,) = result.to_dict()["findings"]
    assert (finding["verdict"], finding["defers_to"], finding["why"]) == ("deferred", "小罐标准", "小罐不要求")
    assert (result.level, result.established, result.possible, result.complete) == (OPEN, NONE, MAJOR, True)
    assert "小罐标准" in next(n.message for n in result.notices if n.code == "deferred")
    assert result.counts["deferred"] == 1


def test_a_doubtful_exception_never_clears(tmp_path: Path) -> None:
    corpus = edited(tmp_path, ("tanks-2024/01-01.yaml", "        basis: 条文本身", "        status: unverified"))
    result = corpus.classify(tanks({"alarm": "未设置", "level": "4 m", "design_level": "3 m"}), industry="tanks")
    assert [(f.verdict.value, f.why) for f in result.findings] == [("disputed", "小罐不要求")]
    assert (result.level, result.possible) == (OPEN, MAJOR)


def test_what_is_unverified_is_marked(tmp_path: Path) -> None:
    corpus = edited(tmp_path, ("tanks-2024/01-01.yaml", "    level: major\n", "    level: major\n    status: unverified\n"))
    result = corpus.classify(tanks({"alarm": "未设置"}), industry="tanks")
    assert [finding.unverified for finding in result.findings] == [True]
    assert "tanks-2024-01-01" in next(n.message for n in result.notices if n.code == "unverified")


def test_an_ordinary_hit_within_a_settled_major_one_is_folded_and_counted() -> None:
    corpus = hazardrules.load(GOOD)
    both = corpus.classify(tanks({"alarm": "未设置", "sign": "否"}), industry="tanks")
    assert [finding.rule for finding in both.findings] == ["tanks-2024-01-01"]
    assert both.counts["hit"] == 2
    other = corpus.classify(tanks({"alarm": "未设置"}, {"id": "乙", "sign": "否"}), industry="tanks")
    assert [(f.rule, f.subject.id) for f in other.findings] == [("tanks-2024-01-01", "甲"), ("tanks-2024-02", "乙")]
    beside_disputed = corpus.classify(tanks({"alarm": "未设置", "level": "5 m", "rounds": "未落实", "sign": "否"}), industry="tanks")
    assert [f.rule for f in beside_disputed.findings] == ["tanks-2024-01-01", "tanks-2024-02"]


# ----------------------------------------------------------------------------- whose law, and of which day


def codes(result: Classification) -> set[str]:
    return {notice.code for notice in result.notices}


def test_a_clause_that_is_not_encoded_keeps_the_level_open() -> None:
    result = hazardrules.load(GOOD).classify(tanks({}), industry="tanks", on="2023-12-31")
    assert (result.level, result.established, result.possible) == (OPEN, NONE, MAJOR)
    assert result.findings == ()
    assert "unencoded" in codes(result)
    after = hazardrules.load(GOOD).classify(tanks({}), industry="tanks", on="2024-01-01")  # the first day after
    assert after.level is NONE
    assert [notice.message for notice in after.notices if notice.code == "edition" and "旧标准" in notice.message] == []


def test_a_day_of_which_no_edition_is_held_is_undetermined(small: Corpus) -> None:
    for industry in ("tanks", None):
        result = small.classify(tanks({"alarm": "未设置"}), industry=industry, on="2019-12-31")
        assert (result.level, result.possible, result.findings) == (OPEN, MAJOR, ())
        assert "no_edition" in codes(result)


def test_a_subject_is_judged_by_the_law_of_the_day_on_which_it_was_seen(small: Corpus) -> None:
    result = small.classify(tanks({"sign": "否", "observed_on": "2023-12-31"}, {"id": "乙", "sign": "否"}), industry="tanks")
    assert [finding.subject.id for finding in result.findings] == ["乙"]
    assert result.possible is MAJOR, "the clause of the earlier day is not encoded"


def test_before_order_10_it_is_not_judged_by_order_10() -> None:
    record = {key: value for key, value in DUST.items() if key != "inspection"}
    numbers = {}
    for day in ("2023-05-14", "2023-05-15"):
        result = classify({**record, "inspection": {"date": day, "other_regimes": []}}, industry="dust_explosion")
        numbers[day] = {finding.citation.number for finding in result.findings}
        assert result.level is Level.MAJOR if numbers[day] else Level.UNDETERMINED
    assert "应急管理部令第10号" in numbers["2023-05-15"]
    assert "应急管理部令第10号" not in numbers["2023-05-14"]
    assert "应急管理部令第10号" not in str([n for n in classify(DUST, on="2023-05-14").notices if n.code == "edition"])


@pytest.mark.parametrize("industry", ["dust_explosion", "confined_space", None])
def test_before_every_edition_it_is_undetermined_with_a_notice(industry: str | None) -> None:
    for record in (DUST, POOL, {}):
        result = classify(record, industry=industry, on="2017-01-01")
        assert (result.level, result.findings) == (Level.UNDETERMINED, ())
        assert codes(result) & {"no_edition", "unencoded"}


def test_a_record_without_a_date_is_judged_by_todays_law_with_a_notice() -> None:
    assert "date_assumed" in codes(classify({"dust_system": []}, industry="dust_explosion"))
    assert "date_assumed" not in codes(classify({"dust_system": []}, industry="dust_explosion", on="2026-03-01"))
    assert "date_assumed" not in codes(classify(DUST, industry="dust_explosion"))


def test_every_result_says_that_it_does_not_replace_the_authorities(small: Corpus) -> None:
    for result in results(small):
        assert [n.message for n in result.notices if n.code == "disclaimer"]


YIELDS = [("消防", "2026-03-01", "GB 35181-2025"), ("消防", "2025-10-31", "GB 35181-2017"), ("特种设备", "2026-03-01", "GB 45067-2024"),
          ("燃气", "2026-03-01", "建城规〔2023〕4号"), ("危险化学品", "2026-03-01", "安监总管三〔2017〕121号")]  # fmt: skip


@pytest.mark.parametrize(("matter", "day", "to"), YIELDS)
def test_order_10_names_the_document_that_a_matter_is_left_to(matter: str, day: str, to: str) -> None:
    record = {"inspection": {"date": day, "other_regimes": [matter]}, "dust_system": []}
    result = classify(record, industry="dust_explosion")
    assert result.possible is Level.MAJOR
    assert to in next(notice.message for notice in result.notices if notice.code == "yields")


def test_a_matter_left_to_another_document_stays_possibly_major(small: Corpus) -> None:
    none = small.classify(tanks({}), industry="tanks")
    assert (none.level, none.complete, codes(none) & {"yields", "yields_open"}) == (NONE, True, set())
    seen = small.classify(tanks({}, inspection={"date": "2026-03-01", "other_regimes": ["消防"]}), industry="tanks")
    assert (seen.level, seen.established, seen.possible) == (OPEN, NONE, MAJOR)
    assert "消防标准" in next(notice.message for notice in seen.notices if notice.code == "yields")
    unsaid = small.classify(tanks({}, inspection={"date": "2026-03-01"}), industry="tanks")
    assert (unsaid.level, unsaid.possible) == (OPEN, MAJOR)
    message = next(notice.message for notice in unsaid.notices if notice.code == "yields_open")
    assert "other_regimes" in message
    assert "inspection.date" not in message, "the date is known"
    assert "inspection.other_regimes" in [question.path for question in unsaid.questions()]


def test_facts_that_contradict_the_chosen_industry(small: Corpus) -> None:
    result = small.classify(tanks({"alarm": "未设置"}, enterprise={"sectors": ["商贸"]}), industry="tanks")
    assert result.findings == ()
    assert "industry_contradicted" in codes(result)
    assert result.counts["not_applicable"] == 5


def test_without_an_industry_the_scope_is_asked(small: Corpus) -> None:
    result = small.classify(tanks({"alarm": "未设置"}))
    assert result.level is OPEN
    assert {path for item in result.open for path in item.missing} == {"enterprise.sectors"}
    assert small.classify(tanks({"alarm": "未设置"}, enterprise={"sectors": ["轻工"]})).level is MAJOR
    assert small.classify(tanks({"alarm": "未设置"}, enterprise={"sectors": ["商贸"]})).level is NONE


# --------------------------------------------------------------------------------- uncovered and counts


@pytest.mark.parametrize(("record", "uncovered"), [
    (tanks({}), []),
    (tanks(), []),
    (tanks(tank="没有"), []),
    (tanks(tank=None), ["tank"]),
    (tanks(tank="不清楚"), ["tank"]),
    (tanks(tank={"seen": [TANK]}), ["tank"]),
    (tanks({"valves": {"seen": [{"state": "正常"}]}}), []),  # no rule is on valves: the tank's rule is open
    (tanks({}, enterprise={"sectors": ["商贸"]}, tank=None), []),
])  # fmt: skip
def test_uncovered_kinds(small: Corpus, record: Data, uncovered: list[str]) -> None:
    assert list(small.classify(record, industry="tanks").uncovered) == uncovered


def test_kinds_are_uncovered_only_where_they_could_still_matter() -> None:
    pool: Data = {"id": "调节池", "jobs": None}
    for risk, kinds in ((True, {"confined_space_job"}), (False, set())):
        record = {"confined_space": [{**pool, "hazards": ["硫化氢"] if risk else []}]}
        result = classify(record, industry="confined_space", on="2026-03-01")
        major = {kind for kind in result.uncovered if kind.startswith("confined_space")}
        assert major >= kinds
        if not risk:
            assert not [item for item in result.open if item.rule.startswith("gongmao-2023-13-")]


def counted(result: Classification) -> dict[str, int]:
    return {name: count for name, count in result.counts.items() if count}


@pytest.mark.parametrize(("record", "counts"), [
    (tanks({}), {"clear": 5}),
    (tanks({}, {"id": "乙"}, {"id": "丙"}), {"clear": 15}),
    (tanks({"content": "水"}), {"clear": 3, "not_applicable": 2}),
    (tanks({"alarm": "未设置", "sign": None}, {"id": "乙", "alarm": None}), {"hit": 1, "unknown": 2, "clear": 7}),
    (tanks({"alarm": "失效", "level": "5 m", "rounds": "未落实"}), {"disputed": 1, "clear": 4}),
    (tanks(), {"not_applicable": 5}),
    (tanks(tank=None), {"unknown": 5}),
    (tanks(tank={"seen": []}), {"unknown": 5}),
    (tanks(tank={"seen": [TANK]}), {"clear": 5}),
    (tanks(tank=None, enterprise={"sectors": ["商贸"]}), {"not_applicable": 5}),
], ids=str)  # fmt: skip
def test_counts(small: Corpus, record: Data, counts: dict[str, int]) -> None:
    assert counted(small.classify(record, industry="tanks")) == counts


def test_counts_are_over_the_rules_of_the_industry_and_day(small: Corpus) -> None:
    assert counted(small.classify(tanks({}), industry="alarms")) == {"clear": 4}
    assert counted(small.classify(tanks({}), industry="tanks", on="2022-01-01")) == {}


def test_findings_and_open_are_what_is_counted(small: Corpus) -> None:
    for result in results(small):
        verdicts = [finding.verdict.value for finding in result.findings if finding.rule != "observation"]
        for verdict in ("disputed", "deferred"):
            assert verdicts.count(verdict) == result.counts[verdict]
        assert verdicts.count("hit") <= result.counts["hit"]  # the folded ones are counted too
        assert len(result.open) <= result.counts["unknown"]  # and rules of which there is no subject


# ------------------------------------------------------------------------------------ paths and order


def test_paths_are_by_id_or_by_place() -> None:
    result = classify({**DUST, **POOL}, industry=["dust_explosion", "confined_space"])
    facts = {path: value for finding in result.findings for path, value in finding.facts.items()}
    assert facts["dust_system[2号].airlock"] == "失效"
    assert facts["dust_system[2].airlock"] == "未设置"
    assert facts["dust_system[2].dusts"] == ["铝镁等金属粉尘"]
    assert facts["enterprise.dust_explosion"] is True
    assert facts["confined_space[调节池].sign"] is False
    assert facts["confined_space[调节池].jobs[清淤].approval"] == "没有审批"
    assert facts["confined_space[调节池].jobs[1].guard"] == "没有人监护"
    missing = {path for item in result.open for path in item.missing}
    assert any(path.startswith("dust_system[2].links[旁通管].") for path in missing)
    assert any(path.startswith("dust_system[2].links[1].") for path in missing)


def test_every_path_of_a_record_can_be_followed_in_it() -> None:
    record = {**DUST, **POOL}
    result = classify(record, industry=["dust_explosion", "confined_space"])
    for finding in result.findings:
        for path, value in finding.facts.items():
            found = follow(record, path)
            assert found in (None, value), path  # None: it follows from other facts


def follow(record: Data, path: str) -> Any:
    """Return what stands at *path* of *record*."""
    here: Any = record
    for step in re.findall(r"([^.\[\]]+)(?:\[([^\]]*)\])?", path):
        here = here.get(step[0]) if isinstance(here, dict) else None
        if step[1] and here is not None:
            rows = here["seen"] if isinstance(here, dict) else here
            named = [row for n, row in enumerate(rows) if row.get("id", str(n)) == step[1]]
            assert len(named) == 1, path
            here = named[0]
    return here


def test_values_are_shown_as_recorded(small: Corpus) -> None:
    record = tanks({"alarm": {"value": "failed", "by": "张工", "at": "2026-02-28"}, "level": 6, "design_level": "500 cm"})
    (finding,) = small.classify(record, industry="tanks").findings
    assert finding.facts["tank[甲].alarm"] == "失效"
    assert finding.facts["tank[甲].level"] == 6
    assert finding.facts["tank[甲].design_level"] == "500 cm"
    assert "张工" in finding.explain()


def test_values_from_a_file_and_from_python_give_the_same_bytes(small: Corpus) -> None:
    read = read_yaml(
        "inspection: {date: 2026-03-01, other_regimes: []}\n"
        "tank: [{id: 7, content: 油, alarm: 失效, level: 6.50, design_level: 500 cm, checked_on: 2026年2月1日}]\n",
        "record",
    ).data
    made = {
        "inspection": {"date": date(2026, 3, 1), "other_regimes": ()},
        "tank": ({"id": "7", "content": "oil", "alarm": "failed", "level": 6.5, "design_level": "500 cm", "checked_on": datetime(2026, 2, 1, 9)},),
    }  # fmt: skip
    one, two = (small.classify(record, industry="tanks") for record in (read, made))
    assert one.to_json() == two.to_json()
    assert one.findings[0].facts["tank[7].level"] == 6.5
    assert one.findings[0].subject.id == "7"


def test_a_subject_is_named_with_what_contains_it() -> None:
    result = classify(POOL, industry="confined_space")
    data = [finding["subject"] for finding in result.to_dict()["findings"]]
    pool = {"kind": "confined_space", "id": "调节池"}
    assert {"kind": "confined_space_job", "id": "清淤", "within": pool} in data
    assert {"kind": "confined_space_job", "id": "1", "placed": True, "within": pool} in data


def test_order_is_document_clause_rule_subject() -> None:
    record = copy.deepcopy({**DUST, **POOL})
    record["confined_space"][0]["jobs"][1]["id"] = "检修"
    record["dust_system"] = [{**DUST["dust_system"][0], "id": name} for name in ("c", "a", "b")]
    result = classify(record, industry=["confined_space", "dust_explosion"])
    place = hazardrules.default().rulebook.order
    for items in (result.findings, result.open):
        rules = [place[item.rule] for item in items]
        assert rules == sorted(rules)
        for _, same in itertools.groupby(items, key=lambda item: item.rule):
            names = [str(item.subject) for item in same]
            assert names == sorted(names)
    assert [f.subject.id for f in result.findings if f.rule == "gongmao-2023-11-06"] == ["a", "b", "c"]
    chapters = [f.rule.split("-")[2] for f in result.findings]
    assert chapters == sorted(chapters)
    assert len(set(chapters)) == 3


def test_ten_subjects_without_an_id_keep_their_order() -> None:
    record = {"dust_system": [DUST["dust_system"][0] | {"id": None} for _ in range(12)]}
    result = classify(record, industry="dust_explosion", on="2026-03-01")
    shown = [int(f.subject.id or -1) for f in result.findings if f.rule == "gongmao-2023-11-06"]
    assert shown == list(range(12))


def test_subjects_with_an_id_stand_before_those_without() -> None:
    own = {key: value for key, value in DUST["dust_system"][0].items() if key != "id"}
    systems = [own, {**own, "id": "b"}, own, {**own, "id": "a"}]
    result = classify({"dust_system": systems}, industry="dust_explosion", on="2026-03-01")
    assert [f.subject.id for f in result.findings if f.rule == "gongmao-2023-11-06"] == ["a", "b", "0", "2"]


def test_judgment_standards_come_first_and_each_sort_oldest_first() -> None:
    standards = hazardrules.default().rulebook.standards
    levels = [{rule.level for clause in standard.clauses for rule in clause.rules} for standard in standards]
    duties = [found == {Level.ORDINARY} for found in levels]
    assert duties == sorted(duties)
    for sort in (True, False):
        days = [standard.in_force.since for standard, duty in zip(standards, duties, strict=True) if duty is sort]
        assert days == sorted(days)


# ------------------------------------------------------------------------------------- failed devices


@pytest.mark.parametrize(("state", "also"), [
    ("失效", ["第十四条"]), ("无效", ["第十四条"]), ("停用", ["第十四条"]), ("旁路", ["第十四条"]), ("未设置", None),
])  # fmt: skip
def test_a_failed_device_cites_the_article_on_failed_devices(state: str, also: list[str] | None) -> None:
    result = classify({"dust_system": [{"id": "A", "dusts": ["木质粉尘"], "method": "干式", "airlock": state}]}, industry="dust_explosion", on="2026-03-01")  # fmt: skip
    (finding,) = result.to_dict()["findings"]
    assert finding["citation"].get("also") == also
    shown = str(result.findings[0].citation)
    assert shown == "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条第（六）项" + ("、第十四条" if also else "")


def test_a_working_device_is_no_finding() -> None:
    result = classify({"dust_system": [{"dusts": ["木质粉尘"], "method": "干式", "airlock": "正常"}]}, industry="dust_explosion")
    assert result.findings == ()


# ----------------------------------------------------------------------------------- the facts' schema


CORPUS = hazardrules.default()


def facts_schema(*industries: str, lang: str = "zh") -> jsonschema.Draft202012Validator:
    """Return the validator of records for *industries* (none: all)."""
    asked = forms.asked(CORPUS.rulebook, CORPUS.chosen(industries or None))
    return jsonschema.Draft202012Validator(forms.as_schema(CORPUS.vocabulary, asked, lang))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_facts_schema_accepts_the_examples(example: Path) -> None:
    facts_schema().validate(json.loads(json.dumps(read_file(example).data, default=float)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("industry", [*CORPUS.industries, None])
def test_the_facts_schema_accepts_the_blank_record(industry: str | None, lang: str) -> None:
    industries = [industry] if industry else []
    blank = forms.as_yaml(CORPUS.vocabulary, forms.asked(CORPUS.rulebook, CORPUS.chosen(industries or None)), lang)
    record = yaml.safe_load(blank)
    facts_schema(*industries, lang=lang).validate(record)
    assert classify(record, industry=industry).findings == ()


def test_the_facts_schema_accepts_what_is_judged_above() -> None:
    facts_schema("dust_explosion").validate(DUST)
    facts_schema("confined_space").validate(POOL)
    facts_schema("dust_explosion", "confined_space").validate({**DUST, **POOL})


BAD: list[Data | list[Any]] = [
    [], {"dust_systm": []}, {"dust_system": 3}, {"dust_system": ["1号"]}, {"dust_system": {"id": "1号"}},
    {"dust_system": {"seen": 3}}, {"dust_system": {"seen": [], "more": 1}}, {"dust_system": [{"airlok": "正常"}]},
    {"dust_system": [{"airlock": "坏"}]}, {"dust_system": [{"airlock": 3}]}, {"dust_system": [{"dusts": ["木粉"]}]},
    {"dust_system": [{"dusts": "木质粉尘"}]}, {"dust_system": [{"method": ["干式"]}]},
    {"dust_system": [{"airlock": {"value": "坏"}}]}, {"dust_system": [{"airlock": {"by": "张工"}}]},
    {"dust_system": [{"airlock": {"value": "正常", "who": "张工"}}]}, {"dust_system": [{"buildings_served": [2]}]},
    {"dust_system": [{"kinds_shared": "大概"}]}, {"dust_system": [{"links": [{"airlock": "正常"}]}]},
    {"dust_system": [{"id": {}}]}, {"enterprise": []}, {"enterprise": {"sectors": ["轻工业"]}}, {"inspection": {"date": 3}},
    {"dust_link": []},
]  # fmt: skip


@pytest.mark.parametrize("record", BAD, ids=str)
def test_the_facts_schema_refuses_what_classify_refuses(record: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        facts_schema("dust_explosion").validate(record)
    with pytest.raises(FactsError):
        classify(record, industry="dust_explosion")


ASKED = forms.asked(CORPUS.rulebook, ())


@cache
def definitions() -> Data:
    """Return the schema of each kind, as the facts' schema has it."""
    defined: Data = forms.as_schema(CORPUS.vocabulary, ASKED)["$defs"]
    return defined


@cache
def printed(lang: str) -> dict[tuple[str, str], str]:
    """Return what the blank record prints behind each fact, by (kind, fact)."""
    text = forms.as_yaml(CORPUS.vocabulary, ASKED, lang)
    source, lines = read_yaml(text, "record"), text.splitlines()
    found: dict[tuple[str, str], str] = {}

    def visit(kind: str, data: Any, path: tuple[str | int, ...]) -> None:
        if isinstance(data, list):
            for n, item in enumerate(data):
                visit(kind, item, (*path, n))
            return
        for key, value in data.items():
            spec = CORPUS.vocabulary.kinds[kind].facts.get(key)
            if spec and spec.of:
                visit(spec.of, value, (*path, key))
            elif spec:
                place = source.place((*path, key), key=True)
                assert place
                found[kind, key] = lines[place[0] - 1]

    for kind, data in source.data.items():
        visit(kind, data, (kind,))
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ASKED)
def test_every_word_that_the_form_offers_is_accepted(kind: str, lang: str) -> None:
    """What the blank record prints as a choice can be written just so behind the colon."""
    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": definitions()})
    for spec in ASKED[kind]:
        if spec.values:
            (words,) = re.findall(r"〔(?:[^〕]*\[\] for none: |[^〕]*写 \[\]：)?([^〕]*)〕", printed(lang)[kind, spec.id])
            assert len(words.split(" / ")) == len(spec.values), words
            for word, meant in zip(words.split(" / "), spec.values, strict=True):
                text = f"{spec.id}: [{word}]" if spec.type == "choices" else f"{spec.id}: {word}"
                value = read_yaml(text, "record").data[spec.id]
                assert values.parse(spec, value) == (frozenset([meant]) if spec.type == "choices" else meant), text
                validator.validate({spec.id: value})


# --------------------------------------------------------------------------------------- in English


def test_english_changes_words_and_nothing_else() -> None:
    zh = classify({**DUST, **POOL}, industry=["dust_explosion", "confined_space"]).to_dict()
    en = classify({**DUST, **POOL}, industry=["dust_explosion", "confined_space"], lang="en").to_dict()
    for one, two in zip(zh["findings"], en["findings"], strict=True):
        assert {key: one[key] for key in one if key not in ("summary", "remedy", "why")} == {
            key: two[key] for key in two if key not in ("summary", "remedy", "why")
        }
        assert not re.search("[\u4e00-\u9fff]", two["summary"]), two["rule"]
        assert not re.search("[\u4e00-\u9fff]", two["remedy"] or ""), two["rule"]
    for key in TOP:
        if key not in ("findings", "notices"):
            assert zh[key] == en[key]
    assert [notice["code"] for notice in zh["notices"]] == [notice["code"] for notice in en["notices"]]


if __name__ == "__main__":
    PUBLISHED.parent.mkdir(exist_ok=True)
    PUBLISHED.write_text(fresh(), encoding="utf-8")


@pytest.mark.parametrize("written", ["airlock != 正常", {"not": "airlock == 正常"}, {"not": {"all": ["airlock == 正常", "airlock == 正常"]}}])
@pytest.mark.parametrize(("state", "cited"), [("失效", True), ("未设置", False)])
def test_a_failed_device_is_seen_however_the_condition_is_written(written: Any, state: str, cited: bool) -> None:
    from hazardrules.condition import Reader
    from hazardrules.findings import failed_device
    from hazardrules.judge import judge_rule

    corpus = hazardrules.default()
    standard, _, rule = corpus.rulebook.find("gongmao-2023-11-06")
    problems: list[Any] = []
    when = Reader(None, lambda *problem: problems.append(problem)).read(written, (), corpus.vocabulary.scope("dust_system"))
    assert not problems
    record = corpus.inspect({"dust_system": [{"id": "1", "dusts": ["木质粉尘"], "method": "干式", "airlock": state}]})
    made = judge_rule(dataclasses.replace(rule, when=when), record.record.rows["dust_system"][0], corpus.vocabulary)
    assert made.verdict.value == "hit"
    assert failed_device(standard, made, corpus.vocabulary) == ("第十四条" if cited else None)


def test_answers_may_be_put_in_any_order() -> None:
    record = {"dust_system": {"seen": [{"id": "甲", "dusts": ["木质粉尘"]}, {"id": "乙", "dusts": ["木质粉尘"]}]}}
    asked = classify(record, industry="dust_explosion").questions()
    (whole,) = [question for question in asked if question.path == "dust_system"]
    (method,) = [question for question in asked if question.path == "dust_system[乙].method"]
    done = method.put(whole.put(record, [{"id": "丙"}, {"id": "甲", "airlock": "正常"}]), "干式")
    expected = [{"id": "甲", "dusts": ["木质粉尘"], "airlock": "正常"}, {"id": "乙", "dusts": ["木质粉尘"], "method": "干式"}, {"id": "丙"}]
    assert done == {"dust_system": expected}
    assert whole.put(method.put(record, "干式"), [{"id": "丙"}, {"id": "甲", "airlock": "正常"}]) == done
