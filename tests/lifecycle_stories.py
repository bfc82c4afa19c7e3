"""Stories of hazards, told shortly: what the tests of the life cycle are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.charts import Chart
from hazardrules.lifecycle.engine import Engine
from hazardrules.lifecycle.events import Event, hazard_id, moment, read_event
from hazardrules.lifecycle.pictures import Picture, picture

PLANT, RULE, SUBJECT = "某家具厂", "gongmao-2023-11-06", "dust_system[砂光除尘]"
FIVE = {"responsibility": "是", "measures": "是", "funds": "是", "time_limit": "是", "plan": "是"}
START = datetime(2026, 3, 1, 8)


def found(at: str = "2026-03-01 08:00", *, rule: str = RULE, subject: str = SUBJECT, level: str = "重大",
          by: str = "检查组", enterprise: str = PLANT, fingerprint: str = "f1", clause: str = "第十一条第（六）项") -> Event:  # fmt: skip
    """Return that a hazard was found."""
    facts = {"rule": rule, "document": "应急管理部令第10号", "clause": clause, "subject": subject, "level": level,
             "fingerprint": fingerprint}  # fmt: skip
    return event("opened", at, by=by, enterprise=enterprise, facts=facts, hazard=None)


THE_HAZARD = hazard_id(PLANT, RULE, SUBJECT)


def event(kind: str, at: str | datetime, *, by: str = "某人", enterprise: str = PLANT, hazard: str | None = THE_HAZARD,
          facts: dict[str, Any] | None = None, own_id: str | None = None) -> Event:  # fmt: skip
    """Return one event, read like any other."""
    data: dict[str, Any] = {"kind": kind, "at": str(at), "by": by, "facts": facts or {}}
    about = shipped().events[kind].about
    if about != "ledger":
        data["enterprise"] = enterprise
    if about == "hazard":
        data["hazard"] = hazard
    if own_id is not None:
        data["id"] = own_id
    return read_event(data, shipped())


def told(engine: Engine, *events: Event, until: str | None = None, chart: Chart | None = None) -> Picture:
    """Return what *engine* makes of *events*."""
    return picture(chart or shipped(), events, engine, None if until is None else moment(until))


def whole_way(*, verdict: str = "未命中", fulfilled: dict[str, str] = FIVE, close: bool = True) -> list[Event]:
    """Return the events of a major hazard from finding to closing."""
    steps = [
        found(),
        event("assigned", "2026-03-01 09:00", facts={"to": "李四", "due": "2026-04-01"}),
        event("started", "2026-03-02 09:00"),
        event("submitted", "2026-03-20 09:00"),
        event("rejudged", "2026-03-21 09:00", facts={"verdict": verdict, "fingerprint": "f2", "inspected_on": "2026-03-21"}),
        event("verified", "2026-03-21 10:00"),
    ]
    if fulfilled:
        steps.append(event("fulfilled", "2026-03-03 09:00", facts={**fulfilled, "evidence": "整改方案第3号"}))
    if close:
        steps.append(event("closed", "2026-03-22 09:00"))
    return steps


# --------------------------------------------------------------------------- random stories

_VERDICTS = ["命中", "有争议", "待定", "不适用", "按另一文件判定", "未命中", "没有记录"]
_DEVICES = ["联锁甲", "联锁乙"]


@st.composite
def events(draw: DrawFn, plants: int = 2, subjects: int = 2) -> Event:
    """Draw one event: of few hazards and few moments, so that they meet and contradict each other."""
    kinds = list(shipped().events)
    kind = draw(st.sampled_from([*kinds, "opened", "fulfilled", "submitted", "rejudged", "verified", "closed"]))
    # few moments, some of them alike, some at midnight, where deadlines lapse
    at = START.replace(hour=0) + timedelta(days=draw(st.integers(0, 40)), hours=draw(st.sampled_from([0, 0, 9])))
    enterprise = f"企业{draw(st.integers(1, plants))}"
    subject = f"dust_system[{draw(st.integers(1, subjects))}]"
    by = draw(st.sampled_from(["甲", "乙"]))
    if kind == "opened":
        return found(str(at), subject=subject, level=draw(st.sampled_from(["重大", "一般"])), by=by,
                     enterprise=enterprise, fingerprint=draw(st.sampled_from(["f1", "f2", "f3"])),
                     clause=draw(st.sampled_from(["第一项", "第二项"])))  # fmt: skip
    facts = draw(_facts(kind))
    if "inspected_on" in facts:
        facts["inspected_on"] = min(facts["inspected_on"], at.date().isoformat())
    return event(kind, at, by=by, enterprise=enterprise, hazard=hazard_id(enterprise, RULE, subject), facts=facts)


@st.composite
def _facts(draw: DrawFn, kind: str) -> dict[str, Any]:
    yes_no = st.sampled_from(["是", "否"])
    day = st.integers(0, 60).map(lambda n: (START + timedelta(days=n)).date().isoformat())
    values: dict[str, Any] = {
        "due": day, "inspected_on": day, "verdict": st.sampled_from(_VERDICTS), "under_law": yes_no,
        "subject": st.sampled_from(_DEVICES), "parameter": st.sampled_from(sorted(shipped().parameters)),
        "value": st.integers(0, 30), **dict.fromkeys(FIVE, yes_no),
    }  # fmt: skip
    spec = shipped().events[kind]
    if kind == "fulfilled" and draw(st.booleans()):
        return dict(FIVE)
    some = draw(st.lists(st.sampled_from(spec.any_of), min_size=1, unique=True)) if spec.any_of else []
    others = [name for name in spec.may if name not in spec.any_of and draw(st.booleans())]
    names = [*spec.needs, *some, *others]
    return {name: draw(values.get(name, st.just(f"某{name}"))) for name in names}


stories = st.lists(events(), max_size=30)
