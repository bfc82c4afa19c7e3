"""rule-engine: a language of its own in Python, one rule object a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "rule-engine", "rule-engine", False
LACKS = "a missing fact is an error (or null, then false); no reasons"


def text(condition: Condition, facts: str = "") -> str:
    match condition:
        case ("all" | "any" as joint, parts):
            return f"({(' and ' if joint == 'all' else ' or ').join(text(part, facts) for part in parts)})"
        case ("some" | "every" as joint, name, where):
            inner = text(where, "p.")
            if joint == "some":
                return f"([1 for p in {name} if {inner}].length > 0)"
            return f"([1 for p in {name} if {inner}].length == {name}.length)"
        case ("is", name):
            return f"{facts}{name} == true"
        case ("isnt", name):
            return f"{facts}{name} == false"
        case (test, name, value):
            return f"{facts}{name} {dict(eq='==', lt='<', ge='>=')[test]} {value!r}"
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    import rule_engine

    made = [rule_engine.Rule(text(rule)) for rule in rules]
    return lambda record: [rule.matches(record) for rule in made]
