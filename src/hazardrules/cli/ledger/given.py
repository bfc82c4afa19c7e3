"""What a user of the ledger gives: moments, states, facts, files of events and of classifications."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from ...classification import Classification
from ...dates import parse_day
from ...errors import FactsError, Problem
from ...reading import read_json, read_text
from ...strict_json import parses
from ...texts import Text

if TYPE_CHECKING:
    from ...lifecycle.ledger import Ledger

_LONGEST = 1_000_000_000  # bytes of a file of events


def moment_of(text: str | None, option: str = "--as-of") -> datetime | None:
    """Return the moment that an *option* gives. Raises `FactsError`."""
    from ...lifecycle.events import moment

    if text is None:
        return None
    day = parse_day(text)
    found = datetime.combine(day, time.max) if day else moment(text)  # a day alone is all of it
    if found is None:
        message = Text(
            f"“{text}”不是时间，应写成 2026-03-01 08:30", f"“{text}” is no time; write it as 2026-03-01 08:30"
        )
        raise FactsError([Problem(option, message)])
    return found


def state_of(ledger: Ledger, name: str) -> str:
    """Return the state that *name* is the id or the title of."""
    for state in ledger.chart.states.values():
        if name in (state.id, state.title.zh, state.title.en):
            return state.id
    states = ledger.chart.states.values()
    message = Text(
        f"没有状态“{name}”（可选：{'、'.join(f'{s.id} {s.title.zh}' for s in states)}）",
        f"no state “{name}” (one of: {', '.join(ledger.chart.states)})",
    )
    raise FactsError([Problem("--state", message)])


def facts_in(settings: Iterable[str]) -> dict[str, Any]:
    """Return the facts in options of the form FACT=VALUE. Raises `FactsError`."""
    found = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or not name.strip():
            message = Text(f"“{setting}”应写成 事实=值", f"write “{setting}” as FACT=VALUE")
            raise FactsError([Problem("--set", message)])
        found[name.strip()] = value.strip()
    return found


def events_in(name: str) -> list[tuple[str, Any]]:
    """Return the events in a JSON list, in one JSON object, or one a line, each with its place."""
    text = read_text(name, _LONGEST)
    shown = "<stdin>" if name == "-" else name
    if text.lstrip().startswith("[") or parses(text):
        data = read_json(text, shown).data
        several = data if isinstance(data, list) else [data]
        return [(f"{shown}: events[{n}]", item) for n, item in enumerate(several)]
    lines = ((f"{shown}:{n}", line) for n, line in enumerate(text.splitlines(), 1) if line.strip())
    return [(f"{place}: event", read_json(line, place).data) for place, line in lines]


def classifications(name: str) -> list[Classification]:
    """Return the classifications in a file: one, or those of several records."""
    text, shown = read_text(name, _LONGEST), "<stdin>" if name == "-" else name
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        message = Text(
            "不是 JSON；要 hazardrules classify --format json 的输出",
            "no JSON; what hazardrules classify --format json prints is wanted",
        )
        raise FactsError([Problem(shown, message)]) from None
    found = []
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict) and "error" in item:
            message = Text("这份记录没有判成，先改好再立案", "this record could not be judged: mend it first")
            raise FactsError([Problem(str(item.get("file", shown)), message)])
        try:
            found.append(Classification.from_dict(item))
        except FactsError as error:
            places = (f"{shown}: {problem.where}".removesuffix(": ") for problem in error.problems)
            raise FactsError([replace(p, where=w) for p, w in zip(error.problems, places, strict=True)]) from None
    return found
