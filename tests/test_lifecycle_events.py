"""Events are read strictly, and mean the same however they were written."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

import lifecycle_stories
import strategies
from hazardrules import FactsError
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.events import Event, from_stored, hazard_id, in_order, moment, read_event
from lifecycle_stories import PLANT, RULE, SUBJECT, THE_HAZARD, event, found

FINDING = {"rule": RULE, "document": "10号", "clause": "六", "subject": SUBJECT, "level": "重大", "fingerprint": "f"}
GOOD: dict[str, Any] = {
    "kind": "assigned", "at": "2026-03-01 09:00", "by": "张三", "enterprise": PLANT, "hazard": THE_HAZARD,
    "facts": {"to": "李四", "due": "2026-04-01"},
}  # fmt: skip


def said(**changed: Any) -> str:
    """Return what is said of the good event with some of its parts changed; `...` takes one away."""
    data = {key: value for key, value in {**GOOD, **changed}.items() if value is not ...}
    with pytest.raises(FactsError) as caught:
        read_event(data, shipped())
    return str(caught.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "asigned"}, "event.kind: 没有“asigned”这种事件，是不是“assigned”？"),
        ({"kind": ...}, "event.kind: 要写是什么事件（可写：parameter（定期限）、opened（发现）"),
        ({"at": ...}, "event.at: 要写事情发生的时间，如 2026-03-01 08:30"),
        ({"at": "明天"}, "event.at: 要写事情发生的时间"),
        ({"at": "2026-02-30 08:00"}, "event.at: 要写事情发生的时间"),
        ({"at": "0026-02-03 08:00"}, "event.at: 要写事情发生的时间"),
        ({"by": ...}, "event.by: 要写是谁做的"),
        ({"by": ""}, "event.by: 要写是谁做的"),
        ({"by": "张三\n李四"}, "event.by: 应是一行文字"),
        ({"by": 7}, "event.by: 应是一行文字"),
        ({"enterprise": ...}, "event.enterprise: 要写哪个企业"),
        ({"hazard": ...}, "event.hazard: 要写隐患的编号"),
        ({"id": ["x"]}, "event.id: 编号应是一行文字"),
        ({"facts": {}}, "event.facts.to: “交办”要写 to（整改责任人）"),
        ({"facts": ["to"]}, "event.facts: 应写成“事实: 值”的结构"),
        ({"facts": {"to": "李四", "due": "下月"}}, "event.facts.due: “下月”不是日期，应写成 2026-03-01"),
        ({"facts": {"to": "李四", "dew": "2026-03-01"}}, "event.facts.dew: “交办”不记“dew”，是不是“due”？"),
        ({"facts": {"to": "李四", "zzz": "1"}}, "event.facts.zzz: “交办”不记“zzz”（可记：to、due）"),
        ({"hasard": "x"}, "event.hasard: 事件没有“hasard”，是不是“hazard”？"),
        ({"kind": "fulfilled", "facts": {"evidence": "纸"}}, "event.facts: “落实”要写 responsibility（责任落实）"),
        ({"kind": "fulfilled", "facts": {"funds": "够了"}}, "event.facts.funds: 应填 是、否 或 不清楚"),
        ({"kind": "rejudged", "facts": {"verdict": "合规", "fingerprint": "f"}}, "event.facts.verdict: 没有“合规”这个选项"),
        ({"kind": "rejudged", "facts": {"verdict": "未命中", "fingerprint": "f", "inspected_on": "2099-01-01"}}, "event.facts.inspected_on: 检查日期 2099-01-01 在事情发生的时间"),
        ({"kind": "withdrawn", "facts": {"reason": "错了"}}, "“撤回”要写 evidence（凭据）"),
        ({"kind": "removed", "facts": {}}, "“拆除”要写 evidence（凭据）"),
        ({"kind": "penalty", "facts": {"number": "1", "under_law": "是"}}, "event.hazard: “行政处罚”不针对哪一个隐患"),
        ({"kind": "opened", "facts": FINDING, "enterprise": "别家"}, "event.hazard: 编号与企业、规则、对象不符，应是 "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(changed: dict[str, Any], words: str) -> None:
    assert words in said(**changed)


def test_in_english_too() -> None:
    with pytest.raises(FactsError) as caught:
        read_event({**GOOD, "kind": "asigned", "by": "", "at": ""}, shipped())
    assert caught.value.say("en").splitlines() == [
        "event.kind: there is no kind of event “asigned”; did you mean “assigned”?",
        "event.at: say when it happened, as 2026-03-01 08:30",
        "event.by: say who did it",
    ]


def test_no_mapping_is_no_event() -> None:
    for data in (None, [], "opened", 3):
        with pytest.raises(FactsError, match="事件应是“键: 值”的结构"):
            read_event(data, shipped())


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"parameter": "reprot_days", "value": 3}, "event.facts.parameter: 没有参数“reprot_days”，是不是“report_days”？"),
        ({"parameter": "q", "value": 3}, "event.facts.parameter: 没有参数“q”（可写：assign_days（"),
        ({"parameter": "report_days", "value": 36_501}, "event.facts.value: 最多 36500 天"),
        ({"parameter": "report_days", "value": 10**17}, "event.facts.value: 最多 36500 天"),
        ({"parameter": "report_days", "value": -1}, "event.facts.value: 不应小于 0，这里是“-1”"),
    ],
)  # fmt: skip
def test_a_parameter_that_would_hold_for_good_is_read_strictly(facts: dict[str, Any], words: str) -> None:
    """Nothing is ever taken out of a ledger: it could not be read any more."""
    with pytest.raises(FactsError) as caught:
        read_event({"kind": "parameter", "at": "2026-03-01", "by": "厂长", "facts": facts}, shipped())
    assert str(caught.value).startswith(words)
    assert len(caught.value.problems) == 1


def test_what_is_not_known_is_not_stated() -> None:
    with pytest.raises(FactsError, match="“交办”要写 to"):
        read_event({**GOOD, "facts": {"to": "不清楚"}}, shipped())
    assert "due" not in read_event({**GOOD, "facts": {"to": "李四", "due": None}}, shipped()).facts


def test_english_words_mean_the_same() -> None:
    zh = event("rejudged", "2026-03-01", facts={"verdict": "未命中", "fingerprint": "f", "inspected_on": "2026-03-01"})
    assert event("rejudged", "2026-03-01", facts={"verdict": "clear", "fingerprint": "f", "inspected_on": "2026-03-01"}) == zh


# ------------------------------------------------------------------------------------- identity


def test_the_same_content_is_the_same_event() -> None:
    one = read_event(GOOD, shipped())
    two = read_event({**GOOD, "at": "2026年3月1日 09:00", "facts": {"due": "2026/4/1", "to": "李四"}}, shipped())
    assert one == two
    assert one.id == two.id
    for key, value in (("by", "王五"), ("at", "2026-03-01 09:01"), ("facts", {"to": "李四"})):
        assert read_event({**GOOD, key: value}, shipped()).id != one.id


def test_an_id_may_be_given() -> None:
    assert read_event({**GOOD, "id": "工单7"}, shipped()).id == "工单7"


def test_a_hazard_is_a_rule_on_a_subject_of_an_enterprise() -> None:
    assert found().hazard == hazard_id(PLANT, RULE, SUBJECT) == THE_HAZARD
    others = [found(subject="dust_system[别的]"), found(rule="gongmao-2023-11-07"), found(enterprise="别家")]
    assert len({THE_HAZARD, *(other.hazard for other in others)}) == 4
    assert hazard_id("a", "bc", "d") != hazard_id("ab", "c", "d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 08:30", datetime(2026, 3, 1, 8, 30)),
        ("2026-03-01 08:30:15", datetime(2026, 3, 1, 8, 30, 15)),
        ("2026-03-01T08:30:15.25", datetime(2026, 3, 1, 8, 30, 15, 250_000)),
        ("2026-03-01T00:30:00Z", datetime(2026, 3, 1, 8, 30)),
        ("2026-03-01T08:30+08:00", datetime(2026, 3, 1, 8, 30)),
        ("2026年3月1日 8:30", datetime(2026, 3, 1, 8, 30)),
        ("2026-03-01", datetime(2026, 3, 1)),
        ("2026/3/1", datetime(2026, 3, 1)),
        ("1800-03-01 08:30", None),
        ("08:30", None),
        ("", None),
        (None, None),
        (20260301, None),
    ],
)
def test_moments(text: Any, expected: datetime | None) -> None:
    assert moment(text) == expected


@given(story=lifecycle_stories.stories)
@strategies.examples(50)
def test_events_are_written_and_read_back(story: list[Event]) -> None:
    for one in story:
        data = json.loads(json.dumps(one.to_dict()))
        assert read_event(data, shipped()) == one
        assert from_stored(data, shipped()) == one
        without_id = {key: value for key, value in data.items() if key != "id"}
        assert read_event(without_id, shipped()) == one  # the id follows from the content


# ------------------------------------------------------------------------------------- order


def test_events_are_in_the_order_of_time_then_of_the_chart() -> None:
    """On paper there is often only the day: of one day the natural order holds."""
    day = "2026-03-01"
    kinds = ["closed", "verified", "rejudged", "submitted", "started", "assigned"]
    facts = {"rejudged": {"verdict": "未命中", "fingerprint": "f", "inspected_on": day}, "assigned": {"to": "李四"}}
    events = [*(event(kind, day, facts=facts.get(kind)) for kind in kinds), found(day), event("started", "2026-02-01")]
    assert [e.kind for e in in_order(shipped(), events)] == [
        "started", "opened", "assigned", "started", "submitted", "rejudged", "verified", "closed",
    ]  # fmt: skip


def test_a_repeated_event_is_there_once() -> None:
    assert in_order(shipped(), [found(), found(), found()]) == [found()]
