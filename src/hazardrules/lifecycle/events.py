"""An event: who did what, when, to which hazard. Frozen, strictly read, the same id for the same content.

Time is the event's own, never a process clock. The order of events is by time, then by the place of
their kind in the chart, then by id: it does not depend on the order in which they arrived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from .. import dates, values
from ..errors import FactsError, Problem
from ..facts import ENTERPRISE, nearest
from ..texts import Text
from .charts import HAZARD, Chart, EventKind

LEDGER = "ledger"  # what an event is about that sets a parameter
_KEYS = ("id", "kind", "at", "by", ENTERPRISE, HAZARD, "facts")
_LONGEST_NAME = 200
_LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Event:
    """One event, checked against the chart: `facts` holds the known, normalised values that it states."""

    id: str
    kind: str
    at: datetime  # Asia/Shanghai
    by: str
    enterprise: str
    hazard: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain data; `read_event` reads it back."""
        data: dict[str, Any] = {"id": self.id, "kind": self.kind, "at": self.at.isoformat(sep=" "), "by": self.by}
        data |= {"enterprise": self.enterprise, "hazard": self.hazard}
        data["facts"] = {name: plain(value) for name, value in self.facts.items()}
        return data


def in_order(chart: Chart, events: Iterable[Event]) -> list[Event]:
    """Return *events* in order, each once: a repeated one changes nothing."""
    once = {event.id: event for event in events}
    return sorted(once.values(), key=lambda event: (event.at, chart.events[event.kind].rank, event.id))


def content_id(data: Mapping[str, Any]) -> str:
    """Return the id that follows from the content of an event (all but its own id)."""
    content = {key: value for key, value in data.items() if key != "id"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def hazard_id(enterprise: str, rule: str, subject: str) -> str:
    """Return the id of the hazard that a rule's hit on a subject of an enterprise is."""
    return hashlib.sha256(f"{enterprise}\0{rule}\0{subject}".encode()).hexdigest()[:12]


def is_finding(event: Event) -> bool:
    """Return whether *event* says itself which hazard it is: what was found, on what, at which enterprise."""
    return "rule" in event.facts


def read_event(data: Any, chart: Chart, where: str = "event") -> Event:
    """Return the event in *data* (a mapping as `Event.to_dict` writes it; *where* is its place in messages).

    An `id` that is not given follows from the content; the `hazard` of a finding from enterprise,
    rule and subject. Raises `FactsError` with every problem, each at its path ("event.facts.due").
    """
    reader = _Reader(chart, where)
    event = reader.event(data)
    if event is None or reader.problems:
        raise FactsError(reader.problems)
    return event


def from_stored(data: Mapping[str, Any], chart: Chart) -> Event:
    """Return the event that `to_dict` wrote as *data*; it was checked when it was read, and is not again.

    Raises `KeyError` for a kind that the chart does not have, `ValueError` for what is no time.
    """
    chart.events[data["kind"]]
    facts = {name: _restored(chart, name, value) for name, value in data["facts"].items()}
    at = datetime.fromisoformat(data["at"])
    return Event(data["id"], data["kind"], at, data["by"], data[ENTERPRISE], data[HAZARD], facts)


def _restored(chart: Chart, name: str, value: Any) -> Any:
    kind = chart.facts[name].type
    if kind in ("text", "yes_no", "choice"):
        return value
    return values.parse(chart.facts[name], value)


def moment(value: Any) -> datetime | None:
    """Return the moment in *value* ("2026-03-01 08:30:15", to the microsecond); a day alone begins it."""
    if isinstance(value, str):
        with suppress(ValueError):  # what it cannot read, `dates` may
            value = datetime.fromisoformat(value.strip()) if ":" in value else value
    if isinstance(value, datetime):
        local = value.astimezone(dates.SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
        return local if dates.parse_day(local) else None
    found = dates.parse_time(value)
    if found is not None:
        return found
    day = dates.parse_day(value)
    return None if day is None else datetime.combine(day, time.min)


class _Reader:
    def __init__(self, chart: Chart, where: str) -> None:
        self.chart, self.where = chart, where
        self.problems: list[Problem] = []

    def problem(self, key: str, message: Text) -> None:
        self.problems.append(Problem(f"{self.where}.{key}" if key else self.where, message))

    def event(self, data: Any) -> Event | None:
        if not isinstance(data, Mapping):
            self.problem("", Text("事件应是“键: 值”的结构", "an event is a mapping"))
            return None
        for key in data:
            if key not in _KEYS:
                near = nearest(str(key), _KEYS)
                hint = f"，是不是“{near}”？" if near else f"（可写：{'、'.join(_KEYS)}）"
                hint_en = f"; did you mean “{near}”?" if near else f" (one of: {', '.join(_KEYS)})"
                self.problem(str(key), Text(f"事件没有“{key}”{hint}", f"an event has no “{key}”{hint_en}"))
        kind = self.kind(data.get("kind"))
        at = moment(data.get("at"))
        if at is None:
            message = Text("要写事情发生的时间，如 2026-03-01 08:30", "say when it happened, as 2026-03-01 08:30")
            self.problem("at", message)
        by = self.name(data, "by", Text("要写是谁做的", "say who did it"))
        about = HAZARD if kind is None else kind.about
        enterprise = "" if about == LEDGER else self.name(data, ENTERPRISE, Text("要写哪个企业", "name the enterprise"))
        facts = {} if kind is None else self.facts(kind, data.get("facts") or {})
        if kind is not None and at is not None:
            self.past(kind, facts, at)
        hazard = None if kind is None else self.hazard(kind, data.get(HAZARD), enterprise, facts)
        if self.problems or kind is None or at is None:
            return None
        event = Event("", kind.id, at, by, enterprise, hazard, facts)
        given = data.get("id")
        if given is None:
            given = content_id(event.to_dict())
        elif not _is_name(given):
            self.problem("id", Text("编号应是一行文字", "an id is one line of text"))
        return Event(given, kind.id, at, by, enterprise, hazard, facts)

    def kind(self, name: Any) -> EventKind | None:
        found = self.chart.events.get(name) if isinstance(name, str) else None
        if found is None:
            near = nearest(str(name), self.chart.events) if name is not None else None
            kinds = "、".join(f"{kind.id}（{kind.title.zh}）" for kind in self.chart.events.values())
            zh, en = f"没有“{name}”这种事件", f"there is no kind of event “{name}”"
            if name is None:
                zh, en = "要写是什么事件", "say what kind of event it is"
            message = Text(
                zh + (f"，是不是“{near}”？" if near else f"（可写：{kinds}）"),
                en + (f"; did you mean “{near}”?" if near else f" (one of: {', '.join(self.chart.events)})"),
            )
            self.problem("kind", message)
        return found

    def name(self, data: Mapping[str, Any], key: str, missing: Text) -> str:
        value = data.get(key)
        if value is None or value == "":
            self.problem(key, missing)
        elif not _is_name(value):
            self.problem(key, Text("应是一行文字", "expected one line of text"))
        else:
            return str(value).strip()
        return ""

    def facts(self, kind: EventKind, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.problem("facts", Text("应写成“事实: 值”的结构", "expected a mapping of facts"))
            return {}
        found, wrong = {}, set()
        for name, raw in data.items():
            if name not in kind.facts:
                near = nearest(str(name), kind.facts)
                allowed = [*kind.facts] or ["—"]
                message = Text(
                    f"“{kind.title.zh}”不记“{name}”"
                    + (f"，是不是“{near}”？" if near else f"（可记：{'、'.join(allowed)}）"),
                    f"“{kind.title.en}” does not record “{name}”"
                    + (f"; did you mean “{near}”?" if near else f" (one of: {', '.join(allowed)})"),
                )
                self.problem(f"facts.{name}", message)
                continue
            try:
                value = values.parse(self.chart.facts[name], raw)
            except values.FactValueError as error:
                self.problem(f"facts.{name}", error.message)
                wrong.add(name)
                continue
            if value is not None:
                found[name] = value
        for name in kind.needs:
            if name not in found.keys() | wrong:
                self.missing(kind, (name,))
        if kind.any_of and not (found.keys() | wrong) & set(kind.any_of):
            self.missing(kind, kind.any_of)
        if kind.about == LEDGER:
            self.setting(found)
        return dict(sorted(found.items()))

    def past(self, kind: EventKind, facts: Mapping[str, Any], at: datetime) -> None:
        """Note the days that lie after the event: nobody can tell of an inspection that is still to come."""
        for name in kind.past:
            if name in facts and facts[name] > at.date():
                title = self.chart.facts[name].title
                message = Text(
                    f"{title.zh} {facts[name]} 在事情发生的时间 {at:%Y-%m-%d} 之后",
                    f"{title.en} {facts[name]} lies after the event itself on {at:%Y-%m-%d}",
                )
                self.problem(f"facts.{name}", message)

    def setting(self, facts: Mapping[str, Any]) -> None:
        """Note what is wrong with the setting of a parameter: it would hold for every hazard, and for good."""
        name, value = facts.get("parameter"), facts.get("value")
        if name is not None and name not in self.chart.parameters:
            near = nearest(name, self.chart.parameters)
            known = "、".join(f"{one.id}（{one.title.zh}）" for one in self.chart.parameters.values())
            message = Text(
                f"没有参数“{name}”" + (f"，是不是“{near}”？" if near else f"（可写：{known}）"),
                f"there is no parameter “{name}”"
                + (f"; did you mean “{near}”?" if near else f" (one of: {', '.join(self.chart.parameters)})"),
            )
            self.problem("facts.parameter", message)
        if value is not None and value > _LONGEST_DAYS:
            message = Text(f"最多 {_LONGEST_DAYS} 天", f"{_LONGEST_DAYS} days are the most")
            self.problem("facts.value", message)

    def missing(self, kind: EventKind, names: tuple[str, ...]) -> None:
        titles = [self.chart.facts[name].title for name in names]
        zh = "、".join(f"{name}（{title.zh}）" for name, title in zip(names, titles, strict=True))
        message = Text(
            f"“{kind.title.zh}”要写 {zh}" + ("里的至少一项" if len(names) > 1 else ""),
            f"“{kind.title.en}” needs {'one of ' if len(names) > 1 else ''}{', '.join(names)}",
        )
        self.problem(f"facts.{names[0]}" if len(names) == 1 else "facts", message)

    def hazard(self, kind: EventKind, given: Any, enterprise: str, facts: Mapping[str, Any]) -> str | None:
        if kind.about != HAZARD:
            if given is not None:
                message = Text(
                    f"“{kind.title.zh}”不针对哪一个隐患，不写 hazard", f"“{kind.title.en}” is about no single hazard"
                )
                self.problem(HAZARD, message)
            return None
        if "rule" in kind.needs:  # a finding: it says itself which hazard it is
            follows = hazard_id(enterprise, facts.get("rule", ""), facts.get("subject", ""))
            if given not in (None, follows) and not self.problems:
                message = Text(
                    f"编号与企业、规则、对象不符，应是 {follows}，或者不写",
                    f"does not fit enterprise, rule and subject; it is {follows}, or leave it out",
                )
                self.problem(HAZARD, message)
            return follows
        if not _is_name(given):
            self.problem(HAZARD, Text("要写隐患的编号", "give the id of the hazard"))
            return None
        return str(given)


def _is_name(value: Any) -> bool:
    """Return whether *value* is one line of visible text."""
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= _LONGEST_NAME


def plain(value: Any) -> Any:
    """Return a fact's value as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return sorted(value) if isinstance(value, frozenset) else value
