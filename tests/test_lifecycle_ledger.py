"""The ledger: opened from classifications, closed only on what a record shows; laws on random histories."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import documents
import hazardrules as hr
import strategies
from hazardrules import FactsError, HazardRulesError, Verdict
from hazardrules.lifecycle import telling
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.courses import Course, Step
from hazardrules.lifecycle.events import Event, moment
from hazardrules.lifecycle.ledger import Ledger, Loaded, Outcome
from hazardrules.lifecycle.machine import Machine
from hazardrules.lifecycle.pictures import picture
from hazardrules.reading import read_file
from lifecycle_stories import FIVE, PLANT, RULE, SUBJECT, THE_HAZARD, event, events, found, whole_way

COLLECTOR = {"id": "砂光除尘", "dusts": ["木质粉尘"], "method": "干式", "airlock": "失效"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the day on which it runs."""
    monkeypatch.setattr("hazardrules.lifecycle.ledger.now", lambda: datetime(2026, 11, 22, 12))


def inspected(day: str | None, **facts: Any) -> dict[str, Any]:
    """Return a record of *day* with one collector."""
    date = {} if day is None else {"date": day}
    return {"inspection": date, "dust_system": [{**COLLECTOR, **facts}]}


def judged(day: str, **facts: Any) -> hr.Classification:
    return hr.classify(inspected(day, **facts), industry="dust_explosion")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "hazards.ledger", create=True) as made:
        yield made


def opened(ledger: Ledger, at: str = "2026-03-01 08:00", day: str = "2026-03-01") -> list[Outcome]:
    return ledger.open(judged(day), enterprise=PLANT, by="检查组", at=at)


def record(ledger: Ledger, kind: str, at: str, **facts: Any) -> Outcome:
    data = {"kind": kind, "at": at, "by": "某人", "enterprise": PLANT, "hazard": THE_HAZARD, "facts": facts}
    (outcome,) = ledger.record(data)
    return outcome


def submitted(ledger: Ledger) -> None:
    opened(ledger)
    record(ledger, "assigned", "2026-03-01 09:00", to="李四", due="2026-04-01")
    record(ledger, "fulfilled", "2026-03-02 09:00", **FIVE)
    assert not record(ledger, "submitted", "2026-03-20 09:00").refused


def examined(ledger: Ledger, record: dict[str, Any], *, at: str = "2026-03-21 10:00", **how: Any) -> list[Outcome]:
    return ledger.examine(THE_HAZARD, record, by="王五", at=at, **{"industry": "dust_explosion", **how})


# ------------------------------------------------------------------------------------- opening


def test_a_hit_is_opened_with_who_when_and_on_which_classification(ledger: Ledger) -> None:
    result = judged("2026-03-01")
    (outcome,) = opened(ledger)
    assert (outcome.event.hazard, outcome.event.by, str(outcome.event.at)) == (THE_HAZARD, "检查组", "2026-03-01 08:00:00")
    assert outcome.new
    assert dict(outcome.event.facts) == {
        "rule": RULE, "document": "应急管理部令第10号", "clause": "第十一条第（六）项", "also": "第十四条",
        "subject": SUBJECT, "level": "重大", "fingerprint": result.fingerprint, "unverified": False,
        "summary": "铝镁类金属或木质粉尘的干式除尘没有能用的锁气卸灰装置",
    }  # fmt: skip


def test_the_same_classification_again_changes_nothing(ledger: Ledger) -> None:
    submitted(ledger)
    examined(ledger, inspected("2026-03-21", airlock="正常"))
    (again,) = opened(ledger, at="2026-03-22 08:00")
    assert not again.new
    assert str(again.event.at) == "2026-03-01 08:00:00"  # as it was written
    assert ledger.course(THE_HAZARD).facts["verdict"] == "未命中"


def test_the_same_enterprise_with_a_blank_is_the_same(ledger: Ledger) -> None:
    opened(ledger)
    (again,) = ledger.open(judged("2026-03-01"), enterprise=f"{PLANT} ", by="检查组", at="2026-03-02")
    assert not again.new


def test_an_id_that_is_the_beginning_of_another_is_found(ledger: Ledger) -> None:
    ledger.record(*(event("started", "2026-03-01", hazard=name).to_dict() for name in ("ab", "a", "abc")))
    assert [ledger.find(name) for name in ("a", "ab", "abc")] == ["a", "ab", "abc"]


def test_a_subject_without_an_id_is_not_taken_for_one_that_is_called_so(ledger: Ledger) -> None:
    found = hr.Classification.from_json(judged("2026-03-01", id=None).to_json())
    assert found.findings[0].subject.placed
    (outcome,) = ledger.open(found, enterprise=PLANT, by="检查组", at="2026-03-01 08:00")
    hazard = outcome.event.hazard
    with pytest.raises(FactsError, match="没有编号"):
        ledger.examine(hazard, inspected("2026-03-21", id="0", airlock="正常"), by="王五", at="2026-03-21", industry="dust_explosion")
    (other,) = ledger.open(judged("2026-03-01", id="0"), enterprise=PLANT, by="检查组", at="2026-03-01 08:00")
    assert other.event.hazard != hazard


def test_a_time_that_is_none_is_refused(ledger: Ledger) -> None:
    submitted(ledger)
    before = ledger.log.count()
    with pytest.raises(FactsError, match="不是时间"):
        examined(ledger, inspected("2026-03-21", airlock="正常"), at="明天")
    assert ledger.log.count() == before


def test_reading_that_is_left_off_may_end_after_the_file_is_closed(ledger: Ledger) -> None:
    opened(ledger)
    parts = ledger.parts()
    assert next(parts)
    ledger.log.close()
    parts.close()


def test_a_later_classification_that_hits_counts(ledger: Ledger) -> None:
    submitted(ledger)
    examined(ledger, inspected("2026-03-21", airlock="正常"))
    (again,) = opened(ledger, at="2026-03-22 08:00", day="2026-03-22")
    assert again.new
    assert record(ledger, "closed", "2026-03-23").refused


def test_what_is_read_back_from_json_opens_the_same(ledger: Ledger) -> None:
    again = hr.Classification.from_json(judged("2026-03-01").to_json())
    (outcome,) = ledger.open(again, enterprise=PLANT, by="检查组", at="2026-03-01 08:00")
    assert outcome.event.hazard == THE_HAZARD


def test_only_hits_are_opened_unless_others_are_asked_for(ledger: Ledger) -> None:
    result = hr.classify(read_file(documents.ROOT / "examples/wood_workshop.yaml").data, industry="dust_explosion")
    disputed = [f for f in result.findings if f.verdict is Verdict.DISPUTED]
    assert disputed
    opened = ledger.open(result, enterprise=PLANT, by="检查组")
    assert len(opened) == len(result.findings) - len(disputed)
    more = ledger.open(result, enterprise=PLANT, by="检查组", verdicts=[Verdict.DISPUTED])
    assert {o.event.facts["rule"] for o in more} == {f.rule for f in disputed}
    assert {o.event.facts["level"] for o in more} == {"重大", "一般"}


@pytest.mark.parametrize(
    "squatter",
    [
        {"kind": "told_staff", "at": "2026-01-01", "enterprise": PLANT, "hazard": THE_HAZARD},
        {"kind": "told_staff", "at": "2026-01-01", "enterprise": PLANT, "hazard": "abc"},
        {"kind": "penalty", "at": "2026-01-01", "enterprise": PLANT, "facts": {"number": "1", "under_law": "否"}},
        found(level="一般").to_dict(),
        found("2099-01-01").to_dict(),
    ],
)
def test_nothing_else_under_the_id_of_a_finding_takes_its_place(ledger: Ledger, squatter: dict[str, Any]) -> None:
    """Its id can be worked out beforehand: a finding that was swallowed would be one that nobody sees."""
    with Ledger(":memory:", create=True) as other:
        (outcome,) = opened(other)
    mine = {**outcome.event.to_dict(), "at": "2099-01-01"} if squatter["at"].startswith("2099") else squatter
    ledger.record({**mine, "by": "厂长", "id": outcome.event.id})
    with pytest.raises(HazardRulesError, match="已经有了，内容不同"):
        opened(ledger)


def test_what_was_ascribed_to_another_enterprise_first_bars_nothing(ledger: Ledger) -> None:
    ledger.record(event("told_staff", "2026-01-01", enterprise="别的厂").to_dict())
    opened(ledger)
    assert not record(ledger, "supervised", "2026-03-02", body="县应急管理局").refused


# ------------------------------------------------------------------------------------- re-judgment


@pytest.mark.parametrize(
    ("facts", "word", "state"),
    [
        ({"airlock": "正常"}, "未命中", "closed"),
        ({"dusts": ["粮食饲料糖类粉尘"]}, "不适用", "closed"),
        ({"airlock": "未设置"}, "命中", "rectifying"),
        ({"airlock": None}, "待定", "rectifying"),
        ({"airlock": "不清楚"}, "待定", "rectifying"),
        ({"dusts": None, "airlock": "失效"}, "待定", "rectifying"),
        ({"id": "另一台", "airlock": "正常"}, "没有记录", "rectifying"),
        ({"id": None, "airlock": "正常"}, "没有记录", "rectifying"),
    ],
)
def test_only_a_clear_re_judgment_of_the_same_subject_lets_it_close(
    ledger: Ledger, facts: dict[str, Any], word: str, state: str
) -> None:
    submitted(ledger)
    outcomes = examined(ledger, inspected("2026-03-21", **facts))
    assert outcomes[0].event.facts["verdict"] == word
    assert outcomes[-1].event.kind == ("verified" if state == "closed" else "rejected")
    record(ledger, "closed", "2026-03-22")
    assert ledger.course(THE_HAZARD).state == state


def test_who_judged_again_by_what_is_in_the_log(ledger: Ledger) -> None:
    submitted(ledger)
    record_ = inspected("2026-03-21", airlock="正常")
    rejudged, verified = examined(ledger, record_, evidence="复查记录第9号")
    assert dict(rejudged.event.facts) == {
        "verdict": "未命中", "fingerprint": hr.classify(record_, industry="dust_explosion").fingerprint,
        "inspected_on": date(2026, 3, 21), "evidence": "复查记录第9号",
    }  # fmt: skip
    assert (rejudged.event.by, verified.event.by, verified.event.facts["evidence"]) == ("王五", "王五", "复查记录第9号")


def test_a_subject_that_is_gone_from_the_record_does_not_close(ledger: Ledger) -> None:
    submitted(ledger)
    outcomes = examined(ledger, {"inspection": {"date": "2026-03-21"}, "dust_system": []})
    assert [o.event.kind for o in outcomes] == ["rejudged", "rejected"]
    assert outcomes[0].event.facts["verdict"] == "没有记录"
    assert record(ledger, "closed", "2026-03-22").refused


@pytest.mark.parametrize(
    ("changed", "how", "words"),
    [
        ({}, {"industry": "confined_space"}, "--industry: 规则 gongmao-2023-11-06 在 2026-03-21 按所选的行业不判；检查 --industry"),
        ({}, {"on": "2023-05-14"}, "--industry: 规则 gongmao-2023-11-06 在 2023-05-14 按所选的行业不判"),
        ({"inspection": {}}, {}, "inspection.date: 记录要写检查日期，才知道是不是整改以后的"),
        ({"inspection": {}}, {"on": "2026-03-21"}, "inspection.date: 记录要写检查日期"),
        ({"inspection": {"date": "2026-03-19"}}, {}, "inspection.date: 这份记录是 2026-03-19 检查的，在 2026-03-20 发现、报请验收或者上次复判之前"),
        ({"dust_system": [{**COLLECTOR, "airlock": "正常", "observed_on": "2026-03-19"}]}, {}, "inspection.date: 这份记录是 2026-03-19 检查的"),
        ({"inspection": {"date": "2026-03-22"}}, {}, "at: 验收的时间 2026-03-21 在记录的检查日期 2026-03-22 之前"),
        ({"enterprise": {"name": "别家厂"}}, {}, "enterprise.name: 这份记录是“别家厂”的，隐患是“某家具厂”的"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_tell_is_refused_and_nothing_is_written(
    ledger: Ledger, changed: dict[str, Any], how: dict[str, Any], words: str
) -> None:
    submitted(ledger)
    count = ledger.log.count()
    with pytest.raises(FactsError) as caught:
        examined(ledger, {**inspected("2026-03-21", airlock="正常"), **changed}, **how)
    assert words in str(caught.value)
    assert ledger.log.count() == count


def test_a_record_of_the_day_of_the_submission_and_of_the_same_enterprise_tells(ledger: Ledger) -> None:
    submitted(ledger)
    record_ = {**inspected("2026-03-20", airlock="正常"), "enterprise": {"name": PLANT}}
    assert [o.event.kind for o in examined(ledger, record_)] == ["rejudged", "verified"]


def test_where_the_edition_changed_the_day_of_the_finding_may_be_asked(ledger: Ledger) -> None:
    """The rules of 2017 are judged until 2023-05-14."""
    old = judged("2023-05-01", airlock="未设置")
    outcomes = ledger.open(old, enterprise=PLANT, by="检查组", at="2023-05-01")
    hazard = next(o.event.hazard for o in outcomes if o.event.facts["rule"] == "gongmao-2017-dust-06")
    assert hazard is not None
    again = {"by": "王五", "at": "2023-06-02", "industry": "dust_explosion"}
    with pytest.raises(FactsError, match="版本换了的用 --on 写发现那天"):
        ledger.examine(hazard, inspected("2023-06-01", airlock="正常"), **again)
    outcomes = ledger.examine(hazard, inspected("2023-06-01", airlock="未设置"), on="2023-05-01", **again)
    assert outcomes[0].event.facts["verdict"] == "命中"


def test_what_no_rule_found_is_examined_by_hand(ledger: Ledger) -> None:
    seen = {"id": "1", "text": "灭火器过期", "duty": "消防法第十六条"}
    record_ = {"inspection": {"date": "2026-03-01"}, "observation": [seen]}
    outcomes = ledger.open(hr.classify(record_), enterprise=PLANT, by="检查组", at="2026-03-01")
    (hazard,) = [o.event.hazard for o in outcomes if o.event.facts["rule"] == "observation"]
    assert hazard is not None
    with pytest.raises(FactsError, match="不是由规则判定的，不能复判；由人验收"):
        ledger.examine(hazard, record_, by="王五")


# ------------------------------------------------------------------------------------- telling


def test_why_a_closing_is_of_no_effect(ledger: Ledger) -> None:
    opened(ledger)
    why = lambda at: record(ledger, "closed", at).why  # noqa: E731
    told = why("2026-03-01 08:30")
    assert told is not None
    assert told.zh.startswith("现在是“发现”，不能“销号”（可以：发现、交办、开始整改、落实、")
    assert told.en.startswith("it is “found”, which allows no “closed” (but: found, assigned, started, fulfilled, ")
    record(ledger, "assigned", "2026-03-01 09:00", to="李四", due="2026-04-01")
    record(ledger, "supervised", "2026-03-02 09:00", body="县应急管理局")
    record(ledger, "submitted", "2026-03-20 09:00")
    assert why("2026-03-20 10:00") == ("正在挂牌督办，先要解除", "under supervision: lift it first")
    record(ledger, "released", "2026-03-20 11:00", body="县应急管理局", evidence="复查意见书")
    four = {name: value for name, value in FIVE.items() if name != "funds"}
    record(ledger, "fulfilled", "2026-03-20 12:00", **four)
    told = why("2026-03-20 13:00")
    assert told is not None
    assert told.zh == (
        "资金落实：否；验收合格：否；对象已经拆除或者停用退出：否，或者 复判结论是其中之一：不适用、未命中（现为 未复判）"
    )
    assert told.en == (
        "funds fulfilled: no; accepted on examination: no; subject removed: no, or "
        "verdict of the re-judgment is one of: not_applicable, clear (recorded: not_judged)"
    )


def test_other_refusals_are_told(ledger: Ledger) -> None:
    opened(ledger)
    told = record(ledger, "verified", "2026-03-01 09:00").why
    assert told is not None
    assert told.zh == "重大隐患在“发现”时不能“验收合格”"
    told = record(ledger, "released", "2026-03-01 10:00", body="县", evidence="纸").why
    assert told is not None
    assert told.zh == "没有挂牌督办"
    told = record(ledger, "started", "2026-02-01").why
    assert told is not None
    assert told.zh == "现在是“尚未发现”，不能“开始整改”（可以：发现）"


def test_an_entry_that_changes_what_another_does_is_told(ledger: Ledger) -> None:
    submitted(ledger)
    examined(ledger, inspected("2026-03-21", airlock="正常"))
    assert not record(ledger, "closed", "2026-03-22").refused
    late = record(ledger, "rejudged", "2026-03-21 20:00", verdict="待定", fingerprint="f", inspected_on="2026-03-21")
    assert [e.kind for e in late.turned] == ["closed"]  # it had been closed on what was not so
    assert ledger.course(THE_HAZARD).state == "submitted"


def test_a_closing_that_leans_on_late_entries_shows_it(ledger: Ledger) -> None:
    opened(ledger)
    record(ledger, "assigned", "2026-03-01 09:00", to="李四", due="2026-04-01")
    record(ledger, "submitted", "2026-03-20 09:00")
    examined(ledger, inspected("2026-03-21", airlock="正常"))
    assert record(ledger, "closed", "2026-03-22 09:00").refused
    late = record(ledger, "fulfilled", "2026-03-02", **FIVE)
    assert [e.kind for e in late.turned] == ["closed"]
    told = {item.step.event.kind: item for item in ledger.history(THE_HAZARD) if item.step.event}
    assert (told["fulfilled"].late, told["fulfilled"].seq) == (True, 7)
    assert told["closed"].leans_on == (7,)
    line = telling.told_line(ledger.chart, told["closed"], "zh")
    assert line.endswith("→ 销号（#7 是此后才补记的）")
    assert telling.told_line(ledger.chart, told["fulfilled"], "zh").startswith("2026-03-02 00:00  #7，补记  落实  某人")


def test_what_lies_in_the_future_is_not_so_yet(ledger: Ledger) -> None:
    opened(ledger)
    later = record(ledger, "assigned", "2062-03-01 09:00", to="李四")  # a slip of the pen
    assert later.course is not None
    assert later.course.state == "assigned"  # what it will come to
    assert ledger.course(THE_HAZARD).state == "found"
    assert str(ledger.picture().until) == "2026-11-22 12:00:00"


def test_the_past_can_be_asked_for(ledger: Ledger) -> None:
    submitted(ledger)
    assert ledger.course(THE_HAZARD, moment("2026-03-01 08:30")).state == "found"
    assert ledger.course(THE_HAZARD, moment("2026-03-10")).state == "assigned"
    with pytest.raises(FactsError, match="那时还没有隐患"):
        ledger.course(THE_HAZARD, moment("2026-02-01"))
    assert len(ledger.history(THE_HAZARD, moment("2026-03-01 09:30"))) == 2


def test_a_hazard_is_found_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    opened(ledger)
    ledger.open(judged("2026-03-01", id="另一台"), enterprise=PLANT, by="检查组", at="2026-03-01")
    assert ledger.find(THE_HAZARD[:6]) == THE_HAZARD
    with pytest.raises(FactsError, match="没有隐患“”"):
        ledger.find("")
    ledger.open(judged("2026-03-01", id="第三台"), enterprise=PLANT, by="检查组", at="2026-03-01")
    beginnings = [hazard[0] for hazard in ledger.picture().courses]
    if twice := next((b for b in beginnings if beginnings.count(b) > 1), None):
        with pytest.raises(FactsError, match=f"以“{twice}”开头的隐患不止一个"):
            ledger.find(twice)
    with pytest.raises(FactsError, match="没有隐患“xyz”；hazardrules ledger list 列出编号"):
        ledger.find("xyz")


def test_the_hazard_of_another_enterprise_is_not_touched(ledger: Ledger) -> None:
    opened(ledger)
    data = {"kind": "started", "by": "某人", "enterprise": "别家", "hazard": THE_HAZARD}
    with pytest.raises(FactsError, match=f"event.enterprise: 隐患 {THE_HAZARD} 是“某家具厂”的，不是“别家”的"):
        ledger.record(data)
    with pytest.raises(FactsError, match=r"events\[1\].enterprise"):
        ledger.record({**data, "enterprise": PLANT}, data)
    assert ledger.log.count() == 1


def test_events_come_all_or_none_with_every_problem(ledger: Ledger) -> None:
    good = {"kind": "penalty", "by": "县", "enterprise": PLANT, "facts": {"number": "1", "under_law": "是"}}
    with pytest.raises(FactsError) as caught:
        ledger.load([good, {**good, "kind": "penalti"}, {**good, "facts": {}}])
    assert [p.where for p in caught.value.problems] == ["events[1].kind", "events[2].facts.number", "events[2].facts.under_law"]
    assert ledger.log.count() == 0
    assert ledger.load([{**good, "at": "2026-03-01"}, {**good, "at": "2026-03-02"}]) == Loaded(2, ())


def test_of_many_events_those_of_no_effect_are_told(ledger: Ledger) -> None:
    events_ = [found(), event("closed", "2026-03-02"), event("assigned", "2026-03-01 09:00", facts={"to": "李四"})]
    loaded = ledger.load([one.to_dict() for one in events_])
    assert loaded.new == 3
    ((told, why),) = [(outcome.event.kind, outcome.why) for outcome in loaded.refused]
    assert told == "closed"
    assert why is not None
    assert why.zh.startswith("现在是“交办”，不能“销号”")
    assert ledger.load([one.to_dict() for one in events_]) == Loaded(0, ())


def test_several_classifications_are_opened_all_or_none(ledger: Ledger) -> None:
    results = [judged("2026-03-01"), judged("2026-03-02")]
    assert [o.new for o in ledger.open(*results, enterprise=PLANT, by="检查组", at="2026-03-02")] == [True, True]
    assert ledger.log.count() == 2


def test_a_hazard_is_of_the_enterprise_where_it_was_found(ledger: Ledger) -> None:
    """An event that came before the finding may have named another."""
    ledger.record(event("started", "2026-02-01", enterprise="别家").to_dict())
    ledger.record(found().to_dict())
    ledger.record(found(enterprise="第三家").to_dict())
    whole = ledger.picture()
    assert {course.enterprise for course in whole.courses.values()} == {PLANT, "第三家"}
    assert whole == picture(shipped(), ledger.log.events(), Machine(), whole.until)
    assert [part.enterprise for part in ledger.parts()] == [PLANT, "第三家"]
    assert [*ledger.picture(enterprise=PLANT).courses] == [THE_HAZARD]
    assert not ledger.picture(enterprise="别家").courses


def test_the_parts_are_of_one_moment_of_the_log(ledger: Ledger) -> None:
    ledger.record(found().to_dict(), found(enterprise="另一家").to_dict())
    parts = ledger.parts()
    next(parts)
    with Ledger(ledger.log.path) as other:
        other.record(found("2026-03-02", subject="x").to_dict())
    assert [len(part.courses) for part in parts] == [1]
    assert [(part.enterprise, len(part.courses)) for part in ledger.parts()] == [("另一家", 1), (PLANT, 2)]


def test_a_ledger_without_entries_is_replayed(ledger: Ledger) -> None:
    done = ledger.replay()
    assert (done.entries, done.picture.until, dict(done.picture.courses)) == (0, datetime.min, {})


def test_replay_checks_and_works_out_anew(ledger: Ledger) -> None:
    submitted(ledger)
    done = ledger.replay()
    assert (done.entries, done.picture.courses[THE_HAZARD].state) == (4, "submitted")
    assert done.picture.until == datetime(2026, 3, 20, 9)
    record(ledger, "rejected", "2026-03-25", reason="不合格")
    later = ledger.replay(head=done.head)
    assert later.head != done.head
    assert later.picture.courses[THE_HAZARD].state == "rectifying"
    assert ledger.replay(moment("2026-03-20 09:00")).picture == done.picture
    with pytest.raises(HazardRulesError, match="台账里没有这个摘要：末尾被截去过，或者整个换过"):
        ledger.replay(head="0" * 64)


# ------------------------------------------------------------------------------------- random histories


def told_of(event: Event) -> datetime:
    """Return the first moment at which *event* can be told: not before the inspection that it tells of."""
    day = event.facts.get("inspected_on")
    return datetime.min if day is None else datetime.combine(day, datetime.min.time())


def closed_on_what(steps: tuple[Step, ...], n: int) -> dict[str, Any]:
    """Return what stood when step *n* closed a hazard, worked out from the steps alone."""
    facts: dict[str, Any] = {}
    for step in steps[:n]:
        if step.event is None or step.refused:
            continue
        kind, stated = step.event.kind, step.event.facts
        if kind == "opened" and step.before in ("new", "closed", "withdrawn"):
            facts = {"level": stated["level"], "supervised": False}
        facts |= {name: stated[name] for name in (*FIVE, "verdict") if name in stated}
        match kind:
            case "opened":
                facts |= {"verdict": "命中", "accepted": False, "level": stated["level"]}
            case "submitted":
                facts |= {"verdict": None, "accepted": False}
            case "verified":
                facts["accepted"] = True
                if step.before != "submitted":
                    facts["verdict"] = None
            case "rejected":
                facts["accepted"] = False
            case "removed":
                facts["removed"] = True
            case "supervised" | "released":
                facts["supervised"] = kind == "supervised"
    return facts


def assert_closings_are_sound(course: Course) -> None:
    for n, step in enumerate(course.steps):
        if step.refused or step.event is None or step.event.kind not in ("closed", "withdrawn"):
            continue
        facts = closed_on_what(course.steps, n)
        assert not facts["supervised"]
        if step.event.kind == "withdrawn":
            assert step.event.facts["reason"]
            continue
        cleared = facts.get("verdict") in ("未命中", "不适用")
        if facts["level"] == "重大":
            assert all(facts.get(name) is True for name in FIVE)
            assert facts["accepted"]
            assert cleared or facts.get("removed")
        else:
            assert facts.get("removed") or (facts["accepted"] and (cleared or facts.get("verdict") is None))


def assert_steps_fit_together(course: Course) -> None:
    states = ["new", *(step.after for step in course.steps)]
    assert [step.before for step in course.steps] == states[:-1]
    assert course.state == states[-1]
    assert [step.at for step in course.steps] == sorted(step.at for step in course.steps)
    assert all(step.before == step.after for step in course.steps if step.refused or step.lapsed)


class Histories(RuleBasedStateMachine):
    """Events come in any order, some again, some under an id that is taken; the file is closed and opened."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.written: dict[str, Event] = {}
        self.ledger = Ledger(self.folder / "hazards.ledger", create=True)

    def write(self, event: Event) -> None:
        (outcome,) = self.ledger.record(event.to_dict())
        assert outcome.new == (event.id not in self.written)
        self.written[event.id] = event
        if outcome.course is not None:
            steps = {step.event.id: step for step in outcome.course.steps if step.event}
            assert steps[event.id].refused == outcome.refused
            assert (outcome.why is not None) == outcome.refused
            if outcome.why is not None:
                assert outcome.why.zh
                assert outcome.why.en

    @initialize(story=st.sampled_from([whole_way(), whole_way(close=False), []]))
    def begin(self, story: list[Event]) -> None:
        random.Random(7).shuffle(story)
        for one in story:
            self.write(one)

    @rule(event=events())
    def something_happens(self, event: Event) -> None:
        self.write(event)

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def it_is_told_again(self, data: st.DataObject) -> None:
        self.write(data.draw(st.sampled_from(list(self.written.values()))))

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def it_is_contradicted_under_its_own_id(self, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(list(self.written.values())))
        other = {**event.to_dict(), "by": f"不是{event.by}"}
        with pytest.raises(HazardRulesError, match="已经有了，内容不同"):
            self.ledger.record(other)

    @precondition(lambda self: any(e.hazard for e in self.written.values()))
    @rule(data=st.data(), hours=st.integers(-500, 500))
    def it_is_contradicted_by_another(self, data: st.DataObject, hours: int) -> None:
        """The same thing at another time, before or after what it needs."""
        event = data.draw(st.sampled_from([e for e in self.written.values() if e.hazard]))
        moved = {**event.to_dict(), "at": str(max(event.at + timedelta(hours=hours), told_of(event)))}
        self.write(self.ledger._read([{key: moved[key] for key in moved if key != "id"}])[0])

    @rule()
    def the_file_is_closed_and_opened(self) -> None:
        self.ledger.log.close()
        self.ledger = Ledger(self.folder / "hazards.ledger")

    @invariant()
    def the_states_follow_from_the_events_alone(self) -> None:
        done = self.ledger.replay()
        assert done.entries == len(self.written)
        shuffled = sorted(self.written.values(), key=lambda event: event.id)
        assert done.picture == picture(shipped(), shuffled, Machine())
        for course in done.picture.courses.values():
            assert_steps_fit_together(course)
            assert_closings_are_sound(course)

    def teardown(self) -> None:
        self.ledger.log.close()
        shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(strategies.examples(30), stateful_step_count=15)
