"""Python as a careful programmer writes it: one function a rule, `and`, `or`, `any`, `all`, over plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "plain Python, two-valued", None, False
LACKS = "no third value; no explanation"


def text(condition: Condition, facts: str = "r") -> str:
    """Return *condition* as the Python that one would write."""
    match condition:
        case ("all" | "any" as joint, parts):
            return f"({(' and ' if joint == 'all' else ' or ').join(text(part, facts) for part in parts)})"
        case ("some" | "every" as joint, name, where):
            return f"{'any' if joint == 'some' else 'all'}({text(where, 'p')} for p in {facts}[{name!r}])"
        case ("is", name):
            return f"{facts}[{name!r}]"
        case ("isnt", name):
            return f"not {facts}[{name!r}]"
        case (test, name, value):
            return f"{facts}[{name!r}] {dict(eq='==', lt='<', ge='>=')[test]} {value!r}"
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    functions = [eval(f"lambda r: {text(rule)}") for rule in rules]  # noqa: S307
    return lambda record: [function(record) for function in functions]
