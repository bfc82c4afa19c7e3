"""What every engine of the life cycle must do: told stories with their ends, and laws on random ones."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from hazardrules.lifecycle import engines
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.engine import Engine
from hazardrules.lifecycle.events import Event
from hazardrules.lifecycle.machine import Machine
from hazardrules.lifecycle.pictures import picture
from lifecycle_stories import FIVE, PLANT, THE_HAZARD, event, found, stories, told, whole_way

ENGINES = list(engines.NAMES) if sys.version_info < (3, 13) else ["python"]  # where durable-rules can be imported


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return engines.engine(request.param)


def state(engine: Engine, *events: Event, until: str | None = None) -> str:
    return told(engine, *events, until=until).courses[THE_HAZARD].state


def refused(engine: Engine, *events: Event) -> list[str]:
    return [step.event.kind for step in told(engine, *events).courses[THE_HAZARD].steps if step.event and step.refused]


def judged_again(verdict: str, day: str) -> dict[str, str]:
    """Return what a re-judgment states of a record of *day*."""
    return {"verdict": verdict, "fingerprint": f"of {verdict} {day}", "inspected_on": day}


# ------------------------------------------------------------------------------------ told stories


def test_a_major_hazard_from_finding_to_closing(engine: Engine) -> None:
    course = told(engine, *whole_way()).courses[THE_HAZARD]
    states = [step.after for step in course.steps if step.before != step.after]
    assert states == ["found", "assigned", "rectifying", "submitted", "closed"]
    assert not [step for step in course.steps if step.refused]
    assert (course.state, course.rounds) == ("closed", 1)


@pytest.mark.parametrize("missing", FIVE)
def test_one_fulfilment_short_a_major_one_is_not_closed(engine: Engine, missing: str) -> None:
    four = {name: value for name, value in FIVE.items() if name != missing}
    events = whole_way(fulfilled=four)
    assert (state(engine, *events), refused(engine, *events)) == ("submitted", ["closed"])
    said_no = whole_way(fulfilled={**FIVE, missing: "否"})
    assert (state(engine, *said_no), refused(engine, *said_no)) == ("submitted", ["closed"])


@pytest.mark.parametrize("verdict", ["命中", "有争议", "待定", "按另一文件判定", "没有记录", "未复判"])
def test_only_a_clear_verdict_closes(engine: Engine, verdict: str) -> None:
    events = whole_way(verdict=verdict)
    assert (state(engine, *events), refused(engine, *events)[-1]) == ("submitted", "closed")


@pytest.mark.parametrize("verdict", ["未命中", "不适用"])
def test_a_clear_verdict_closes(engine: Engine, verdict: str) -> None:
    assert state(engine, *whole_way(verdict=verdict)) == "closed"


def test_a_removal_with_evidence_closes_whatever_the_verdict(engine: Engine) -> None:
    removed = event("removed", "2026-03-21 12:00", facts={"evidence": "拆除照片"})
    assert state(engine, *whole_way(verdict="没有记录"), removed) == "closed"


@pytest.mark.parametrize(
    "after",
    [
        found("2026-03-21 13:00", fingerprint="f9"),
        *(event("rejudged", "2026-03-21 13:00", facts=judged_again(verdict, "2026-03-21"))
          for verdict in ("命中", "有争议", "待定", "按另一文件判定")),
    ],
)  # fmt: skip
def test_a_subject_that_was_seen_again_had_not_been_removed(engine: Engine, after: Event) -> None:
    removed = event("removed", "2026-03-21 12:00", facts={"evidence": "拆除照片"})
    by_hand = event("verified", "2026-03-21 14:00")
    story = [*(e for e in whole_way() if e.kind not in ("rejudged", "verified")), removed, by_hand]
    assert state(engine, *story) == "closed"
    assert refused(engine, *story, after) == ["closed"]
    assert state(engine, *story, after, event("removed", "2026-03-21 15:00", facts={"evidence": "另一张"})) == "closed"


@pytest.mark.parametrize(("day", "counts"), [("2026-03-19", False), ("2026-03-20", True)])
def test_a_re_judgment_counts_of_a_record_from_the_day_of_the_submission(
    engine: Engine, day: str, *, counts: bool
) -> None:
    """By hand too: what was inspected earlier says nothing of the rectification."""
    story = [e for e in whole_way() if e.kind != "rejudged"]
    clear = event("rejudged", "2026-03-21 09:00", facts=judged_again("未命中", day))
    assert refused(engine, *story, clear) == ([] if counts else ["rejudged", "closed"])


def test_an_ordinary_one_is_not_put_right_by_a_record_from_before_it_was_found(engine: Engine) -> None:
    early = event("rejudged", "2026-03-01 09:00", facts=judged_again("未命中", "2026-02-28"))
    assert refused(engine, found(level="一般"), early) == ["rejudged"]


def test_that_nobody_judged_again_is_no_verdict_of_a_re_judgment(engine: Engine) -> None:
    """It would wipe out one that hit, and an ordinary hazard could be closed."""
    hit = event("rejudged", "2026-03-01 10:01", facts=judged_again("命中", "2026-03-01"))
    wiped = event("rejudged", "2026-03-01 10:02", facts=judged_again("未复判", "2026-03-01"))
    spot = [event("verified", "2026-03-01 10:03"), event("closed", "2026-03-01 10:05")]
    assert refused(engine, found(level="一般"), hit, *spot) == ["closed"]
    assert refused(engine, found(level="一般"), hit, wiped, *spot) == ["rejudged", "closed"]


def test_a_verdict_from_before_the_rectification_does_not_close(engine: Engine) -> None:
    events = [e for e in whole_way() if e.kind != "rejudged"]
    early = event("rejudged", "2026-03-02 10:00", facts=judged_again("未命中", "2026-03-02"))
    assert state(engine, *events, early) == "submitted"


def test_found_again_before_closing_a_verdict_counts_no_more(engine: Engine) -> None:
    again = found("2026-03-21 18:00", fingerprint="f9")
    assert (state(engine, *whole_way(), again), refused(engine, *whole_way(), again)) == ("submitted", ["closed"])


def test_found_again_before_closing_both_examinations_are_wanted_anew(engine: Engine) -> None:
    again = found("2026-03-21 18:00", fingerprint="f9")
    by_hand = event("verified", "2026-03-21 19:00")
    clear = event("rejudged", "2026-03-21 20:00", facts=judged_again("未命中", "2026-03-21"))
    assert refused(engine, *whole_way(), again, by_hand) == ["closed"]
    assert refused(engine, *whole_way(), again, clear) == ["closed"]
    assert state(engine, *whole_way(), again, by_hand, clear) == "closed"


def test_a_bad_verdict_undoes_the_acceptance_and_bars_older_records(engine: Engine) -> None:
    story = whole_way(close=False)
    hit = event("rejudged", "2026-03-23 09:00", facts=judged_again("命中", "2026-03-23"))
    older = event("rejudged", "2026-03-24 09:00", facts=judged_again("未命中", "2026-03-22"))
    newer = event("rejudged", "2026-03-24 10:00", facts=judged_again("未命中", "2026-03-24"))
    accepted, close = event("verified", "2026-03-24 11:00"), event("closed", "2026-03-25 09:00")
    assert refused(engine, *story, hit, older, accepted, close) == ["rejudged", "closed"]
    assert refused(engine, *story, hit, newer, close) == ["closed"]
    assert state(engine, *story, hit, newer, accepted, close) == "closed"


@pytest.mark.parametrize("verdict", ["命中", "待定", "未命中", "不适用"])
def test_an_inspection_between_removal_and_submission_shows_that_it_was_not_removed(
    engine: Engine, verdict: str
) -> None:
    removed = event("removed", "2026-03-10 12:00", facts={"evidence": "拆除照片"})
    story = [*(e for e in whole_way() if e.kind != "rejudged"), removed]
    seen = event("rejudged", "2026-03-21 13:00", facts=judged_again(verdict, "2026-03-15"))
    earlier = event("rejudged", "2026-03-21 13:00", facts=judged_again(verdict, "2026-03-09"))
    assert state(engine, *story) == "closed"
    assert refused(engine, *story, seen) == ["closed"]
    assert refused(engine, *story, earlier) == ["rejudged"]


def test_what_was_judged_clear_had_not_been_removed(engine: Engine) -> None:
    """It closes on the verdict; once that counts no more, the removal does not stand in for it."""
    removed = event("removed", "2026-03-10 12:00", facts={"evidence": "拆除照片"})
    anew = [
        event("rejected", "2026-03-21 11:00", facts={"reason": "资料不全"}),
        event("submitted", "2026-03-21 12:00"),
        event("verified", "2026-03-21 13:00"),
    ]
    assert refused(engine, *whole_way(), removed, *anew) == ["closed"]


@pytest.mark.parametrize("end", ["withdrawn", "closed"])
def test_a_major_one_does_not_come_back_as_an_ordinary_one(engine: Engine, end: str) -> None:
    withdrawn = event("withdrawn", "2026-03-02 10:00", facts={"reason": "误报", "evidence": "会议纪要"})
    ended = whole_way() if end == "closed" else [found(), withdrawn]
    again = [found("2026-04-01", level="一般", fingerprint="f9"), event("verified", "2026-04-02"), event("closed", "2026-04-03")]
    course = told(engine, *ended, *again).courses[THE_HAZARD]
    assert (course.state, course.facts["level"], course.rounds) == ("found", "重大", 2)
    assert ("recurred" in course.marks) == (end == "closed")
    once_more = [event("withdrawn", "2026-04-04", facts={"reason": "误报", "evidence": "会议纪要"}),
                 found("2026-04-05", level="一般", fingerprint="f10")]  # fmt: skip
    course = told(engine, *ended, *again, *once_more).courses[THE_HAZARD]
    assert (course.facts["level"], "recurred" in course.marks) == ("重大", end == "closed")


@pytest.mark.parametrize("end", ["withdrawn", "closed"])
def test_an_end_dated_before_a_supervision_does_not_escape_it(engine: Engine, end: str) -> None:
    withdrawn = event("withdrawn", "2026-03-02 10:00", facts={"reason": "误报", "evidence": "会议纪要"})
    ended = whole_way() if end == "closed" else [found(), withdrawn]
    supervised = event("supervised", "2026-04-01", facts={"body": "县应急管理局", "due": "2026-05-01"})
    course = told(engine, *ended, supervised).courses[THE_HAZARD]
    assert (course.state, course.rounds) == ("found", 1)
    assert course.marks >= ({"supervised", "recurred"} if end == "closed" else {"supervised"})
    assert (course.facts["verdict"], course.facts["accepted"], course.facts["removed"]) == ("未复判", False, False)
    assert refused(engine, found(level="一般"), event("verified", "2026-03-02"),
                   event("closed", "2026-03-03"), supervised) == ["supervised"]  # fmt: skip


@pytest.mark.parametrize(
    "put_off",
    [
        event("extended", "2026-03-06", facts={"due": "2099-01-01", "reason": "配件未到"}),
        event("assigned", "2026-03-06", facts={"to": "赵六", "due": "2099-01-01"}),
        event("fulfilled", "2026-03-06", facts={"plan": "是", "due": "2099-01-01"}),
    ],
)
def test_only_who_supervises_puts_off_the_deadline_of_a_supervision(engine: Engine, put_off: Event) -> None:
    supervised = event("supervised", "2026-03-05", facts={"body": "县应急管理局", "due": "2026-03-10"})
    by_them = event("supervised", "2026-03-07", facts={"body": "县应急管理局", "due": "2026-03-20"})
    sent_back = [
        event("submitted", "2026-03-08"),
        event("rejected", "2026-03-09", facts={"reason": "不合格", "due": "2099-01-01"}),
    ]
    story = [*whole_way(close=False)[:2], supervised, put_off, *sent_back]
    assert str(told(engine, *story).courses[THE_HAZARD].facts["due"]) == "2026-03-10"
    assert str(told(engine, *story, by_them).courses[THE_HAZARD].facts["due"]) == "2026-03-20"


@pytest.mark.parametrize("at", ["2026-03-01 10:00", "2026-03-05 10:00"])
def test_another_person_may_be_charged(engine: Engine, at: str) -> None:
    """Assigned, and under rectification; that alone puts nothing off."""
    other = event("assigned", at, facts={"to": "赵六", "due": "2026-03-25"})
    before = told(engine, *whole_way(close=False)).courses[THE_HAZARD]
    course = told(engine, *whole_way(close=False), other).courses[THE_HAZARD]
    assert (course.facts["to"], str(course.facts["due"]), course.state) == ("赵六", "2026-04-01", before.state)


@pytest.mark.parametrize("at", ["2026-03-01 10:00", "2026-03-05 10:00", "2026-03-20 12:00"])
def test_a_deadline_may_be_extended_until_the_examination(engine: Engine, at: str) -> None:
    extended = event("extended", at, facts={"due": "2026-05-01", "reason": "配件未到"})
    assert refused(engine, *whole_way(), extended) == []
    assert str(told(engine, *whole_way(), extended).courses[THE_HAZARD].facts["due"]) == "2026-05-01"


def test_rejected_goes_back_and_is_marked(engine: Engine) -> None:
    rejected = event("rejected", "2026-03-21 18:00", facts={"reason": "卸灰装置仍然失效"})
    course = told(engine, *whole_way(close=False), rejected).courses[THE_HAZARD]
    assert (course.state, course.marks) == ("rectifying", {"rejected", "unreported"})
    assert course.facts["accepted"] is False
    submitted = event("submitted", "2026-03-25 18:00")
    assert told(engine, *whole_way(close=False), rejected, submitted).courses[THE_HAZARD].marks == {"unreported"}


def test_a_closed_hazard_found_again_has_recurred(engine: Engine) -> None:
    again = found("2026-06-01 08:00", fingerprint="f5")
    course = told(engine, *whole_way(), again).courses[THE_HAZARD]
    assert (course.state, course.rounds, course.marks) == ("found", 2, {"recurred"})
    assert course.facts["responsibility"] is False  # nothing of the first round counts in the second


def test_a_withdrawn_one_found_again_has_not_recurred(engine: Engine) -> None:
    wrong = event("withdrawn", "2026-03-02 08:00", facts={"reason": "记错了设备", "evidence": "照片"})
    assert state(engine, found(), wrong) == "withdrawn"
    course = told(engine, found(), wrong, found("2026-06-01 08:00")).courses[THE_HAZARD]
    assert (course.state, course.rounds, course.marks) == ("found", 2, frozenset())


def test_a_recurrence_withdrawn_and_found_again_is_one(engine: Engine) -> None:
    again = found("2026-06-01 08:00", fingerprint="f5")
    wrong = event("withdrawn", "2026-06-01 09:00", facts={"reason": "记错了设备", "evidence": "照片"})
    for more in ([found("2026-07-01 08:00", fingerprint="f6")], []):
        course = told(engine, *whole_way(), again, wrong, *more).courses[THE_HAZARD]
        assert (course.state, course.rounds) == (("found", 3) if more else ("withdrawn", 2))
        assert "recurred" in course.marks


def test_a_rectification_without_a_deadline_of_its_own_has_one(engine: Engine) -> None:
    assigned = event("assigned", "2026-03-01 09:00", facts={"to": "李四"})
    ordinary = [found(level="一般"), assigned]
    assert told(engine, *ordinary, until="2026-03-31 23:00").courses[THE_HAZARD].marks == frozenset()
    assert told(engine, *ordinary, until="2026-04-01").courses[THE_HAZARD].marks == {"overdue"}
    own = event("extended", "2026-03-20 09:00", facts={"due": "2026-05-01", "reason": "配件未到"})
    assert told(engine, *ordinary, own, until="2026-05-01").courses[THE_HAZARD].marks == frozenset()


def test_accepted_and_not_closed_is_not_forgotten(engine: Engine) -> None:
    accepted = [found(level="一般"), event("verified", "2026-03-01 10:00")]
    assert told(engine, *accepted, until="2026-03-11 23:00").courses[THE_HAZARD].marks == frozenset()
    assert told(engine, *accepted, until="2026-03-12").courses[THE_HAZARD].marks == {"unclosed"}
    assert alerts(engine, *accepted, until="2026-03-30") == [("no_follow_up", "2026-03-20")]


def test_marks_of_one_round_do_not_stand_in_the_next(engine: Engine) -> None:
    rejected = event("rejected", "2026-03-21 18:00", facts={"reason": "卸灰装置仍然失效"})
    wrong = event("withdrawn", "2026-03-22 08:00", facts={"reason": "记错了设备", "evidence": "照片"})
    again = [rejected, wrong, found("2026-07-01 08:00", fingerprint="f6")]
    course = told(engine, *whole_way(close=False), *again).courses[THE_HAZARD]
    assert (course.rounds, course.marks) == (2, frozenset())


def test_a_round_begun_anew_begins_its_deadlines_anew(engine: Engine) -> None:
    """In a chart where being found again begins a new round of an open hazard."""
    chart = shipped()
    anew = tuple(
        replace(t, begins=True, to="found") if t.on == "opened" and "found" in t.source else t for t in chart.transitions
    )
    story = [found(), found("2026-03-05 08:00", fingerprint="f2")]
    course = told(engine, *story, until="2026-03-06 23:00", chart=replace(chart, transitions=anew)).courses[THE_HAZARD]
    assert (course.rounds, course.marks) == (2, frozenset())
    until = "2026-03-07 00:00"
    again = told(engine, *story, until=until, chart=replace(chart, transitions=anew)).courses[THE_HAZARD]
    assert again.marks == {"unassigned"}


def test_under_supervision_nothing_is_closed_or_withdrawn(engine: Engine) -> None:
    watched = event("supervised", "2026-03-05 08:00", facts={"body": "县应急管理局", "number": "1号"})
    wrong = event("withdrawn", "2026-03-22 18:00", facts={"reason": "记错了", "evidence": "照片"})
    assert refused(engine, *whole_way(), watched, wrong) == ["closed", "withdrawn"]
    lifted = event("released", "2026-03-21 20:00", facts={"body": "县应急管理局", "evidence": "复查意见书"})
    assert state(engine, *whole_way(), watched, lifted) == "closed"


def test_an_ordinary_one_is_never_under_supervision(engine: Engine) -> None:
    watched = event("supervised", "2026-03-05 08:00", facts={"body": "县应急管理局"})
    assert refused(engine, found(level="一般"), watched) == ["supervised"]


def test_an_ordinary_one_is_put_right_on_the_spot(engine: Engine) -> None:
    spot = [event("verified", "2026-03-01 10:00"), event("closed", "2026-03-01 10:05")]
    assigned = event("assigned", "2026-03-01 09:00", facts={"to": "李四"})
    started = event("started", "2026-03-01 09:30")
    for before in ([], [assigned], [assigned, started]):
        assert state(engine, found(level="一般"), *before, *spot) == "closed"
    assert refused(engine, found(), *spot) == ["verified", "closed"]


def test_an_ordinary_one_is_closed_by_an_examination_or_by_its_removal(engine: Engine) -> None:
    submitted = [event("started", "2026-03-01 09:00"), event("submitted", "2026-03-01 10:00")]
    closed = event("closed", "2026-03-01 12:00")
    removed = event("removed", "2026-03-01 11:00", facts={"evidence": "拆除照片"})
    clear = event("rejudged", "2026-03-01 11:00", facts=judged_again("未命中", "2026-03-01"))
    accepted = event("verified", "2026-03-01 11:00")
    first = found(level="一般")
    assert refused(engine, first, *submitted, closed) == ["closed"]
    assert refused(engine, first, *submitted, clear, closed) == ["closed"]
    assert state(engine, first, *submitted, removed, closed) == "closed"
    assert state(engine, first, *submitted, accepted, closed) == "closed"
    assert state(engine, first, *submitted, accepted, clear, closed) == "closed"


def test_an_ordinary_one_rejected_and_put_right_on_the_spot_is_rejected_no_more(engine: Engine) -> None:
    story = [event("started", "2026-03-01 09:00"), event("submitted", "2026-03-01 10:00"),
             event("rejected", "2026-03-01 11:00", facts={"reason": "没有做完"})]  # fmt: skip
    first = found(level="一般")
    assert told(engine, first, *story).courses[THE_HAZARD].marks == {"rejected"}
    course = told(engine, first, *story, event("verified", "2026-03-01 12:00")).courses[THE_HAZARD]
    assert (course.state, course.marks) == ("submitted", frozenset())


def test_a_major_one_does_not_become_ordinary_by_being_called_so(engine: Engine) -> None:
    again = found("2026-03-02 08:00", level="一般", fingerprint="f2")
    story = [e for e in whole_way(fulfilled={}) if e.kind != "rejudged"]
    course = told(engine, *story, again).courses[THE_HAZARD]
    assert (course.facts["level"], course.state) == ("重大", "submitted")
    ordinary = told(engine, found(level="一般"), found("2026-03-02 08:00", fingerprint="f2")).courses[THE_HAZARD]
    assert ordinary.facts["level"] == "重大"  # the other way round it does


def test_an_ordinary_one_judged_again_and_hit_stays_open(engine: Engine) -> None:
    hit = event("rejudged", "2026-03-01 10:03", facts=judged_again("待定", "2026-03-01"))
    spot = [event("verified", "2026-03-01 10:00"), event("closed", "2026-03-01 10:05")]
    assert refused(engine, found(level="一般"), hit, *spot) == ["closed"]


def test_what_was_never_found_has_no_life(engine: Engine) -> None:
    course = told(engine, event("closed", "2026-03-01 10:05")).courses[THE_HAZARD]
    assert (course.state, course.rounds, [s.refused for s in course.steps]) == ("new", 0, [True])


# ------------------------------------------------------------------------------------ time


def test_a_deadline_includes_its_day(engine: Engine) -> None:
    events = [found(), event("assigned", "2026-03-01 09:00", facts={"to": "李四", "due": "2026-03-02"})]
    assert "overdue" not in told(engine, *events, until="2026-03-02 23:59:59").courses[THE_HAZARD].marks
    course = told(engine, *events, until="2026-03-03 00:00").courses[THE_HAZARD]
    assert "overdue" in course.marks
    lapse = course.steps[-1]
    assert (lapse.lapsed, str(lapse.at), lapse.event) == ("rectify", "2026-03-03 00:00:00", None)


def test_a_deadline_beyond_the_end_of_time_never_goes_by(engine: Engine) -> None:
    chart = shipped().with_settings([(datetime(2026, 1, 1), "assign_days", 10**15)])
    course = told(engine, found(), until="2999-12-31", chart=chart).courses[THE_HAZARD]
    assert "unassigned" not in course.marks


def test_what_came_late_was_overdue_meanwhile(engine: Engine) -> None:
    assigned = event("assigned", "2026-03-01 09:00", facts={"to": "李四", "due": "2026-03-02"})
    course = told(engine, found(), assigned, event("submitted", "2026-03-03 12:00")).courses[THE_HAZARD]
    assert [step.lapsed or step.event.kind for step in course.steps if step.lapsed or step.event] == [
        "opened", "assigned", "rectify", "submitted",
    ]  # fmt: skip
    assert course.marks == frozenset()


def test_an_extension_ends_being_overdue_and_rejection_after_the_day_begins_it(engine: Engine) -> None:
    assigned = event("assigned", "2026-03-01 09:00", facts={"to": "李四", "due": "2026-03-02"})
    extended = event("extended", "2026-03-03 09:00", facts={"due": "2026-03-04", "reason": "配件未到"})
    until = "2026-03-04 23:00"
    assert told(engine, found(), assigned, extended, until=until).courses[THE_HAZARD].marks == frozenset()
    again = [event("submitted", "2026-03-04 09:00"), event("rejected", "2026-03-08 10:00", facts={"reason": "不合格"})]
    course = told(engine, found(), assigned, extended, *again).courses[THE_HAZARD]
    assert course.marks == {"overdue", "rejected", "unreported"}
    assert str(course.steps[-1].at) == "2026-03-08 10:00:00"  # the day had gone by: at once


def test_open_deadlines_are_parameters(engine: Engine) -> None:
    marks = lambda *events, until: told(engine, found(), *events, until=until).courses[THE_HAZARD].marks  # noqa: E731
    assert marks(until="2026-03-03 00:00") == {"unassigned"}
    assert marks(until="2026-03-05 00:00") == {"unassigned", "unreported"}
    longer = event("parameter", "2026-02-01", facts={"parameter": "assign_days", "value": 30})
    assert marks(longer, until="2026-03-05 00:00") == {"unreported"}
    too_late = event("parameter", "2026-03-02", facts={"parameter": "assign_days", "value": 30})
    assert marks(too_late, until="2026-03-03 00:00") == {"unassigned"}  # it ran by what held when it began
    reported = event("reported", "2026-03-02", facts={"body": "县应急管理局"})
    assert marks(reported, until="2026-03-05 00:00") == {"unassigned"}
    ordinary = told(engine, found(level="一般"), until="2026-03-20").courses[THE_HAZARD]
    assert ordinary.marks == {"unassigned"}  # nothing wants it to be reported


def test_an_examination_has_its_deadline_until_it_is_accepted(engine: Engine) -> None:
    story = [e for e in whole_way(close=False) if e.kind != "verified"]
    assert "unexamined" not in told(engine, *story, until="2026-03-30 23:59").courses[THE_HAZARD].marks
    assert "unexamined" in told(engine, *story, until="2026-03-31 00:00").courses[THE_HAZARD].marks
    accepted = event("verified", "2026-03-30 23:00")
    assert "unexamined" not in told(engine, *story, accepted, until="2026-04-20").courses[THE_HAZARD].marks


# ------------------------------------------------------------------------------------ patterns


def alerts(engine: Engine, *events: Event, until: str | None = None) -> list[tuple[str, str]]:
    return [(alert.correlation, str(alert.at.date())) for alert in told(engine, *events, until=until).alerts]


def penalty(day: str, law: str = "是") -> Event:
    return event("penalty", f"{day} 09:00", by="县应急管理局", facts={"number": f"罚{day}", "under_law": law})


def test_three_penalties_in_180_days(engine: Engine) -> None:
    days = ["2026-03-10", "2026-05-01", "2026-09-06"]  # 180 days after the first
    assert ("penalties_180_days", "2026-09-06") in alerts(engine, found(), *map(penalty, days))
    late = [*days[:2], "2026-09-07"]
    assert "penalties_180_days" not in dict(alerts(engine, found(), *map(penalty, late)))
    twice_told = event("penalty", "2026-09-05", hazard=None, by="另一人", facts={"number": f"罚{days[1]}", "under_law": "是"})
    assert "penalties_180_days" not in dict(alerts(engine, found(), *map(penalty, days[:2]), twice_told))
    other_law = [*map(penalty, days[:2]), penalty(days[2], "否")]
    assert "penalties_180_days" not in dict(alerts(engine, found(), *other_law))
    assert "penalties_180_days" not in dict(alerts(engine, *map(penalty, days)))  # no major hazard
    assert "penalties_180_days" not in dict(alerts(engine, found(level="一般"), *map(penalty, days)))
    closed = whole_way()
    assert "penalties_180_days" not in dict(alerts(engine, *closed, *map(penalty, days)))


def test_four_penalties_in_a_year(engine: Engine) -> None:
    days = ["2026-03-10", "2026-07-01", "2026-10-01", "2027-03-10"]
    assert ("penalties_year", "2027-03-10") in alerts(engine, found(), *map(penalty, days))
    assert "penalties_year" not in dict(alerts(engine, found(), *map(penalty, [*days[:3], "2027-03-11"])))
    assert "penalties_year" not in dict(alerts(engine, found(), *map(penalty, days[:3]), penalty(days[3], "否")))
    assert "penalties_year" not in dict(alerts(engine, *map(penalty, days)))


def test_the_same_clause_again(engine: Engine) -> None:
    other = found("2026-04-01 08:00", subject="dust_system[开料除尘]", fingerprint="f2")
    assert alerts(engine, found(), other, until="2026-04-01 08:00")[-1] == ("repeated", "2026-04-01")
    same_inspection = found("2026-03-01 08:00", subject="dust_system[开料除尘]")
    assert "repeated" not in dict(alerts(engine, found(), same_inspection))
    elsewhere = found("2026-04-01 08:00", enterprise="另一家厂", fingerprint="f2")
    assert "repeated" not in dict(alerts(engine, found(), elsewhere))
    other_clause = found("2026-04-01 08:00", subject="x", clause="第十一条第（七）项", fingerprint="f2")
    assert "repeated" not in dict(alerts(engine, found(), other_clause))
    a_year_later = found("2027-03-02 08:00", subject="x", fingerprint="f2")
    assert "repeated" not in dict(alerts(engine, found(), a_year_later))
    wrong = event("withdrawn", "2026-03-02 08:00", facts={"reason": "记错了设备", "evidence": "照片"})
    assert "repeated" not in dict(alerts(engine, found(), wrong, other))  # the first was no finding
    assert "repeated" in dict(alerts(engine, found(), wrong, found("2026-03-10", fingerprint="f3"), other))
    still_there = found("2026-04-01 08:00", fingerprint="f2")  # the same hazard, never closed
    assert "repeated" not in dict(alerts(engine, found(), still_there))


def test_nobody_followed_up(engine: Engine) -> None:
    assigned = event("assigned", "2026-03-01 09:00", facts={"to": "李四", "due": "2026-03-20"})
    reported = event("reported", "2026-03-01 10:00", facts={"body": "县应急管理局"})
    silent = [found(), assigned, reported]
    assert alerts(engine, *silent, until="2026-03-28 23:00") == []
    assert alerts(engine, *silent, until="2026-03-29 00:00") == [("no_follow_up", "2026-03-29")]
    busy = event("fulfilled", "2026-03-28 23:00", facts={"funds": "是"})
    assert alerts(engine, *silent, busy, until="2026-04-20") == []
    refused = event("closed", "2026-03-27 23:00")  # what is of no effect is no follow-up
    assert alerts(engine, *silent, refused, until="2026-03-29 00:00") == [("no_follow_up", "2026-03-29")]


def test_that_another_deadline_goes_by_is_no_follow_up(engine: Engine) -> None:
    assert alerts(engine, found(), until="2026-03-10 23:59") == []
    assert alerts(engine, found(), until="2026-03-11 00:00") == [("no_follow_up", "2026-03-11")]


def device(kind: str, day: str, subject: str = "可燃气体报警") -> Event:
    return event(f"device_{kind}", f"{day} 09:00", facts={"subject": subject})


def test_a_device_bypassed_again_after_being_reset(engine: Engine) -> None:
    twice = [device("bypassed", "2026-03-01"), device("reset", "2026-03-02"), device("bypassed", "2026-03-05")]
    assert alerts(engine, *twice) == [("bypassed_again", "2026-03-05")]
    assert alerts(engine, twice[0], twice[2]) == []
    assert alerts(engine, *twice[:2], device("bypassed", "2026-03-05", "另一台")) == []
    assert alerts(engine, *twice[1:]) == []  # reset, though nothing had been told of a bypass
    assert [alert.key for alert in told(engine, *twice).alerts] == [(PLANT, "可燃气体报警")]
    before = device("bypassed", "2026-02-20")  # told twice before it was reset
    assert alerts(engine, before, *twice) == [("bypassed_again", "2026-03-05")]
    third = [device("reset", "2026-03-06"), device("bypassed", "2026-03-07")]
    assert alerts(engine, *twice, *third) == [("bypassed_again", "2026-03-05"), ("bypassed_again", "2026-03-07")]
    also = device("reset", "2026-03-03")  # told by two people, at two times
    assert alerts(engine, *twice, also) == [("bypassed_again", "2026-03-05")]


# ------------------------------------------------------------------------------------ laws


@given(data=st.data(), story=stories)
@strategies.examples(60)
def test_the_order_of_arrival_changes_nothing(engine: Engine, data: st.DataObject, story: list[Event]) -> None:
    """Late, out of order, repeated: the same events give the same picture."""
    repeated = data.draw(st.lists(st.sampled_from(story), max_size=5)) if story else []
    shuffled = data.draw(st.permutations([*story, *repeated]))
    assert picture(shipped(), shuffled, engine) == picture(shipped(), story, engine)


@given(story=stories)
@strategies.examples(150)
def test_every_engine_agrees_with_the_reference(engine: Engine, story: list[Event]) -> None:
    assert picture(shipped(), story, engine) == picture(shipped(), story, Machine())
