"""What a user of the ledger gives: moments, states, facts, files of events and of classifications."""

from __future__ import annotations

import json
from collections.abc import Iterable
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


def moment_of(text: str | None) -> datetime | None:
    """Return the moment that an option gives. Raises `FactsError`."""
    from ...lifecycle.events import moment

    if text is None:
        return None
    day = parse_day(text)
    found = datetime.combine(day, time.max) if day else moment(text)  # a day alone is all of it
    if found is None:
        message = Text(
            f"“{text}”不是时间，应写成 2026-03-01 08:30", f"“{text}” is no time; write it as 2026-03-01 08:30"
        )
        raise FactsError([Problem("", message)])
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


def events_in(name: str) -> list[Any]:
    """Return the events in a JSON list, in one JSON object, or one a line."""
    text = read_text(name, _LONGEST)
    shown = "<stdin>" if name == "-" else name
    if text.lstrip().startswith("[") or parses(text):
        data = read_json(text, shown).data
        return data if isinstance(data, list) else [data]
    return [read_json(line, f"{shown}:{n}").data for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def classifications(name: str) -> list[Classification]:
    """Return the classifications in a file: one, or those of several records."""
    text = read_text(name, _LONGEST)
    if not text.lstrip().startswith("["):
        return [Classification.from_json(text)]
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FactsError([Problem(name, Text(f"不是 JSON：{error}", f"not JSON: {error}"))]) from None
    for item in items:
        if isinstance(item, dict) and "error" in item:
            message = Text("这份记录没有判成，先改好再立案", "this record could not be judged: mend it first")
            raise FactsError([Problem(str(item.get("file", name)), message)])
    return [Classification.from_dict(item) for item in items]
