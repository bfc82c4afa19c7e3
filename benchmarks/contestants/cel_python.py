"""cel-python: CEL in Python, one program a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "cel-python", "cel-python", False
LACKS = "a missing fact is an error, which && and || absorb only in part; no reasons; binary floats"


def text(condition: Condition, facts: str = "r.") -> str:
    """Return *condition* in CEL."""
    match condition:
        case ("all" | "any" as joint, parts):
            return f"({(' && ' if joint == 'all' else ' || ').join(text(part, facts) for part in parts)})"
        case ("some" | "every" as joint, name, where):
            return f"{facts}{name}.{'exists' if joint == 'some' else 'all'}(p, {text(where, 'p.')})"
        case ("is", name):
            return f"{facts}{name}"
        case ("isnt", name):
            return f"!{facts}{name}"
        case (test, name, value):
            written = f"'{value}'" if isinstance(value, str) else repr(float(value))
            return f"{facts}{name} {dict(eq='==', lt='<', ge='>=')[test]} {written}"
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    import celpy

    environment = celpy.Environment()
    programs = [environment.program(environment.compile(text(rule))) for rule in rules]

    def judge(record: Record) -> list[Any]:
        activation = {"r": celpy.json_to_cel(record)}
        return [bool(program.evaluate(activation)) for program in programs]

    return judge
