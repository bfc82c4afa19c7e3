"""panzi-json-logic: JsonLogic in Python, one tree a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "JsonLogic (panzi)", "panzi-json-logic", False
LACKS = "a missing fact is null and so false or 0; no reasons; binary floats"


def tree(condition: Condition) -> Any:
    """Return *condition* as JsonLogic."""
    match condition:
        case ("all" | "any" as joint, parts):
            return {"and" if joint == "all" else "or": [tree(part) for part in parts]}
        case ("some" | "every" as joint, name, where):
            return {"some" if joint == "some" else "all": [{"var": name}, tree(where)]}
        case ("is", name):
            return {"==": [{"var": name}, True]}
        case ("isnt", name):
            return {"!": [{"var": name}]}
        case (test, name, value):
            return {dict(eq="==", lt="<", ge=">=")[test]: [{"var": name}, value]}
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    from json_logic import jsonLogic

    trees = [tree(rule) for rule in rules]
    return lambda record: [bool(jsonLogic(rule, record)) for rule in trees]
