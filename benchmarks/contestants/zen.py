"""zen-engine (Rust): all rules as one list expression, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "zen-engine", "zen-engine", False
LACKS = "a missing fact is an error or null, never unknown; no reasons; no Chinese names; binary floats"


def text(condition: Condition, facts: str = "") -> str:
    match condition:
        case ("all" | "any" as joint, parts):
            return f"({(' and ' if joint == 'all' else ' or ').join(text(part, facts) for part in parts)})"
        case ("some" | "every" as joint, name, where):
            return f"{'some' if joint == 'some' else 'all'}({name}, {text(where, '#.')})"
        case ("is", name):
            return f"{facts}{name} == true"
        case ("isnt", name):
            return f"{facts}{name} == false"
        case (test, name, value):
            return f"{facts}{name} {dict(eq='==', lt='<', ge='>=')[test]} {value!r}"
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    import zen

    expression = zen.compile_expression(f"[{', '.join(text(rule) for rule in rules)}]")
    return expression.evaluate
