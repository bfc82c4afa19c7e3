"""business-rules: conditions as JSON over variables declared in a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import LISTS, Condition, Record
from .by_hand import text

NAME, PACKAGE, THREE_VALUED = "business-rules", "business-rules", False
LACKS = "no questions over lists (each is a variable written in Python here); a missing fact is an error; no reasons"


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    from business_rules import engine, variables

    quantified: list[Condition] = []
    kinds = {"b": variables.boolean_rule_variable, "n": variables.numeric_rule_variable, "c": variables.string_rule_variable}

    def tree(condition: Condition) -> Any:
        match condition:
            case ("all" | "any" as joint, parts):
                return {joint: [tree(part) for part in parts]}
            case ("some" | "every", _, _):
                quantified.append(condition)
                return {"name": f"q{len(quantified) - 1}", "operator": "is_true", "value": None}
            case ("is" | "isnt" as test, name):
                return {"name": name, "operator": "is_true" if test == "is" else "is_false", "value": None}
            case ("eq", name, value):
                return {"name": name, "operator": "equal_to", "value": value}
            case (test, name, value):
                operator = {"lt": "less_than", "ge": "greater_than_or_equal_to"}[test]
                return {"name": name, "operator": operator, "value": value}
        raise ValueError(condition)

    trees = [tree(rule) for rule in rules]

    def variable(name: str, kind: str) -> Any:
        def read(self: Any) -> Any:
            return self.record[name]

        read.__name__ = name
        return kinds[kind]()(read)

    def over(n: int, condition: Condition) -> Any:
        function = eval(f"lambda r: {text(condition)}")  # noqa: S307

        def read(self: Any) -> Any:
            return function(self.record)

        read.__name__ = f"q{n}"
        return variables.boolean_rule_variable()(read)

    names = {f"{kind}{n}": variable(f"{kind}{n}", kind) for kind in "bnc" for n in range(20)}
    names |= {f"q{n}": over(n, condition) for n, condition in enumerate(quantified)}
    made = type("Variables", (variables.BaseVariables,), {**names, "__init__": lambda self, record: setattr(self, "record", record)})
    assert LISTS

    def judge(record: Record) -> list[Any]:
        own = made(record)
        return [engine.check_conditions_recursively(rule, own) for rule in trees]

    return judge
