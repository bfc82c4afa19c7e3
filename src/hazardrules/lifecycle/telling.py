"""Hazards, steps and patterns told: as plain data for JSON, and as lines for people."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ..explain import both
from ..texts import Text
from .charts import NEW, Basis, Chart
from .courses import Course
from .engine import Alert
from .events import Event, plain
from .ledger import Outcome, Told
from .pictures import Part
from .reasons import state_title
from .store import Entry

SCHEMA = 1


# --------------------------------------------------------------------------------------- data


def course_data(chart: Chart, course: Course, lang: str = "zh") -> dict[str, Any]:
    """Return a hazard as its JSON object."""
    return {
        "hazard": course.hazard,
        "enterprise": course.enterprise,
        "state": course.state,
        "title": state_title(chart, course.state).say(lang),
        "open": is_open(chart, course),
        "since": None if course.since is None else plain(course.since),
        "rounds": course.rounds,
        "marks": [mark for mark in chart.marks if mark in course.marks],
        "deadlines": [{"deadline": r.deadline, "last": plain(r.last), "lapsed": r.lapsed} for r in course.running],
        "facts": {name: plain(course.facts[name]) for name in chart.facts if course.facts.get(name) is not None},
    }


def told_data(chart: Chart, told: Told, lang: str = "zh") -> dict[str, Any]:
    """Return a step of a hazard as its JSON object."""
    step = told.step
    data: dict[str, Any] = {"at": plain(step.at), "before": step.before, "after": step.after}
    data["marks"] = [mark for mark in chart.marks if mark in step.marks]
    if step.event is None:
        return {**data, "lapsed": step.lapsed}
    data |= {"event": step.event.to_dict(), "seq": told.seq, "written": told.written, "late": told.late}
    data["leans_on"] = list(told.leans_on)
    data["refused"] = None if told.why is None else told.why.say(lang)
    basis = step.taken.basis if step.taken else ()
    data["basis"] = [basis_data(item) for item in (*chart.events[step.event.kind].basis, *basis)]
    return data


def basis_data(basis: Basis) -> dict[str, Any]:
    """Return a basis as its JSON object."""
    citation = basis.citation
    data = {"number": citation.number, "title": citation.title, "clause": citation.clause}
    return {**data, "reading": basis.reading, "unverified": basis.unverified}


def alert_data(chart: Chart, alert: Alert, lang: str = "zh") -> dict[str, Any]:
    """Return a pattern as its JSON object."""
    correlation = next(c for c in chart.correlations if c.id == alert.correlation)
    return {
        "correlation": alert.correlation,
        "title": correlation.title.say(lang),
        "at": plain(alert.at),
        "key": dict(zip(correlation.by, alert.key, strict=True)),
        "events": list(alert.events),
        "basis": [basis_data(item) for item in correlation.basis],
    }


def outcome_data(chart: Chart, outcome: Outcome, lang: str = "zh") -> dict[str, Any]:
    """Return what came of an event as its JSON object."""
    data = {"event": outcome.event.to_dict(), "new": outcome.new}
    data["refused"] = None if outcome.why is None else outcome.why.say(lang)
    data["turned"] = [event.to_dict() for event in outcome.turned]
    return {**data, "hazard": None if outcome.course is None else course_data(chart, outcome.course, lang)}


class StatesDigest:
    """A digest of every state and pattern: the same for the same events, whatever the engine."""

    def __init__(self, chart: Chart, until: datetime) -> None:
        self.chart = chart
        self._digest = hashlib.sha256(plain(until).encode())

    def add(self, part: Part) -> None:
        """Add what the events say of an enterprise; enterprises come sorted."""
        for item in (
            *(course_data(self.chart, course) for course in part.courses.values()),
            *(alert_data(self.chart, alert) for alert in part.alerts),
        ):
            self._digest.update(json.dumps(item, ensure_ascii=False, sort_keys=True).encode())

    def __str__(self) -> str:
        return self._digest.hexdigest()


# --------------------------------------------------------------------------------------- lines


def is_open(chart: Chart, course: Course) -> bool:
    """Return whether a hazard was found and is not done with."""
    return course.state in chart.states and chart.states[course.state].open


def minute(at: datetime) -> str:
    """Return a moment as people read it."""
    return f"{at:%Y-%m-%d %H:%M}"


def visible(text: str) -> str:
    """Return *text* as one line that shows all of itself: nothing in it can hide or forge another line."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else ascii(c)[1:-1] for c in text)


def state_line(chart: Chart, course: Course, lang: str) -> str:
    """Return id, state, level and marks of a hazard on one line."""
    parts = [course.hazard, state_title(chart, course.state).say(lang), _fact(chart, course, "level", lang)]
    parts.append(_several(chart, course.marks, lang))
    if course.rounds > 1:
        parts.append(Text(f"第 {course.rounds} 轮", f"round {course.rounds}").say(lang))
    return visible("  ".join(part for part in parts if part))


def hazard_lines(chart: Chart, course: Course, lang: str) -> Iterator[str]:
    """Yield the lines that tell a hazard in a list."""
    facts = course.facts
    yield state_line(chart, course, lang)
    yield visible(f"  {facts.get('summary') or facts.get('rule', '')}")
    where = (course.enterprise, *(facts.get(name) for name in ("subject", "document", "clause", "also")))
    yield visible("  " + "  ".join(filter(None, where)))
    if facts.get("to"):
        yield visible(Text(f"  整改责任人 {facts['to']}", f"  in charge: {facts['to']}").say(lang))
    for running in course.running:
        deadline = next(d for d in chart.deadlines if d.id == running.deadline)
        gone = Text("，已过", ", gone by").say(lang) if running.lapsed else ""
        yield f"  {deadline.title.say(lang)} {running.last}{gone}"


def in_a_list(courses: Iterable[Course]) -> list[Course]:
    """Return hazards in the order of a list: by enterprise, as they were found."""
    return sorted(
        courses, key=lambda c: (c.enterprise, c.steps[0].at, c.facts.get("rule", ""), c.facts.get("subject", ""))
    )


def counted(chart: Chart, counts: Mapping[str, int], lang: str) -> str:
    """Return how many hazards are in each state, in the chart's order."""
    states = [(state_title(chart, state).say(lang), counts.get(state, 0)) for state in (*chart.states, NEW)]
    told = Text("，", ", ").say(lang).join(f"{title} {count}" for title, count in states if count)
    return told or Text("没有隐患", "no hazards").say(lang)


def told_line(chart: Chart, told: Told, lang: str) -> str:
    """Return a step of a hazard on one line."""
    step = told.step
    marks = _several(chart, step.marks, lang)
    end = state_title(chart, step.after).say(lang) + (Text(f"（{marks}）", f" ({marks})").say(lang) if marks else "")
    if step.event is None:
        deadline = next(d for d in chart.deadlines if d.id == step.lapsed)
        gone = Text(f"{deadline.title.zh}已过", f"{deadline.title.en} gone by").say(lang)
        return f"{minute(step.at)}  {gone} → {end}"
    event = step.event
    late = Text("，补记", ", entered late").say(lang) if told.late else ""
    head = f"{minute(step.at)}  #{told.seq}{late}  {chart.events[event.kind].title.say(lang)}  {event.by}"
    stated = _stated(chart, event, lang)
    if told.why is not None:
        refused = Text(f"未生效：{told.why.zh}", f"of no effect: {told.why.en}").say(lang)
        return f"{head}{stated}  ✗ {refused}"
    leans = ""
    if told.leans_on and step.after in chart.states and not chart.states[step.after].open:
        numbers = "、".join(f"#{seq}" for seq in told.leans_on)
        leans = Text(f"（{numbers} 是此后才补记的）", f" ({numbers} entered only afterwards)").say(lang)
    return f"{head}{stated} → {end}{leans}"


def alert_line(chart: Chart, alert: Alert, lang: str) -> str:
    """Return a pattern on one line, with what it rests on."""
    correlation = next(c for c in chart.correlations if c.id == alert.correlation)
    basis = "；".join(str(item.citation) for item in correlation.basis)
    return visible(f"{minute(alert.at)}  {correlation.title.say(lang)}  {'  '.join(alert.key)}  {basis}")


def event_line(chart: Chart, event: Event, lang: str) -> str:
    """Return an event on one line."""
    return f"{minute(event.at)}  {chart.events[event.kind].title.say(lang)}  {event.by}{_stated(chart, event, lang)}"


def setting_line(chart: Chart, entry: Entry, lang: str) -> str:
    """Return on one line who set a parameter; that it was entered on a later day than it counts from, too."""
    event = entry.event
    late = Text("，补记", ", entered late").say(lang) if entry.written[:10] > event.at.date().isoformat() else ""
    head = f"{minute(event.at)}  #{entry.seq}  {chart.events[event.kind].title.say(lang)}  {event.by}"
    return f"{head}{_stated(chart, event, lang)}{late}"


def setting_data(entry: Entry) -> dict[str, Any]:
    """Return who set a parameter as its JSON object."""
    return {"event": entry.event.to_dict(), "seq": entry.seq, "written": entry.written}


_TOLD_ONCE = frozenset(
    {"rule", "document", "clause", "also", "subject", "level", "summary", "unverified", "fingerprint"}
)


def _stated(chart: Chart, event: Event, lang: str) -> str:
    """Return what an event states, in brackets; of a finding, what the head of the history says is left out."""
    left_out = _TOLD_ONCE if event.kind == "opened" else {"fingerprint"}
    stated = [
        f"{chart.facts[name].title.say(lang)} {both(value, chart.facts[name]).say(lang)}"
        for name, value in event.facts.items()
        if name not in left_out
    ]
    joined = visible(Text("，", ", ").say(lang).join(stated))
    return Text(f"（{joined}）", f" ({joined})").say(lang) if stated else ""


def _several(chart: Chart, marks: Iterable[str], lang: str) -> str:
    named = [mark.title.say(lang) for mark in chart.marks.values() if mark.id in set(marks)]
    return Text("、", ", ").say(lang).join(named)


def _fact(chart: Chart, course: Course, name: str, lang: str) -> str:
    value = course.facts.get(name)
    return "" if value is None else both(value, chart.facts[name]).say(lang)
