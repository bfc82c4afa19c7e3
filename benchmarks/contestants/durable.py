"""durable-rules: forward chaining over events, a rule set for each rule, as it fires one rule an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "durable-rules", "durable-rules", False
LACKS = "fires one rule an event (so a rule set a rule); a missing fact never matches; no reasons; two threads a host stay"


def tree(condition: Condition, facts: str = "") -> Any:
    """Return *condition* in the library's own JSON."""
    match condition:
        case ("all" | "any" as joint, parts):
            return {"$and" if joint == "all" else "$or": [tree(part, facts) for part in parts]}
        case ("some" | "every" as joint, name, where):
            return {"$iany" if joint == "some" else "$iall": {name: tree(where, "$i.")}}
        case ("is", name):
            return {f"{facts}{name}": True}
        case ("isnt", name):
            return {f"{facts}{name}": False}
        case ("eq", name, value):
            return {f"{facts}{name}": value}
        case (test, name, value):
            return {"$lt" if test == "lt" else "$gte": {f"{facts}{name}": value}}
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    from durable import engine

    fired: list[bool] = [False]

    def mark(_context: Any) -> None:
        fired[0] = True

    host = engine.Host()
    names = []
    for n, rule in enumerate(rules):
        name = f"made{n}"
        host.set_rulesets({name: {"r": {"all": [{"m": tree(rule)}], "run": mark}}})
        names.append(name)
    counter = [0]

    def judge(record: Record) -> list[Any]:
        answers = []
        for name in names:
            counter[0] += 1
            fired[0] = False
            try:
                host.post(name, {**record, "id": counter[0], "sid": str(counter[0])})
            except engine.MessageNotHandledException:
                pass
            else:
                host.delete_state(name, str(counter[0]))
            answers.append(fired[0])
        return answers

    return judge
