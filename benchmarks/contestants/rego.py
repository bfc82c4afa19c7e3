"""regopy (rego-cpp): Rego interpreted in C++, one document with a rule for each node of a condition."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "Rego (rego-cpp)", "regopy", False
LACKS = "a missing fact makes a rule undefined, which reads as false; no reasons"


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    from regopy import Interpreter

    lines = ["package made"]
    count = 0

    def body(condition: Condition, facts: str, part: str) -> str:
        """Return a condition as one line of a body; what needs several gets a rule of its own."""
        nonlocal count
        match condition:
            case ("is", name):
                return f"{facts}.{name} == true"
            case ("isnt", name):
                return f"{facts}.{name} == false"
            case ("eq" | "lt" | "ge" as test, name, value):
                return f"{facts}.{name} {dict(eq='==', lt='<', ge='>=')[test]} {json.dumps(value)}"
        count += 1
        name = f"h{count}{'(p)' if part else ''}"
        match condition:
            case ("all", parts):
                lines.append(f"{name} if {{ {'; '.join(body(one, facts, part) for one in parts)} }}")
            case ("any", parts):
                lines.extend([f"{name} if {{ {body(one, facts, part)} }}" for one in parts])
            case ("some", items, where):
                lines.append(f"{name} if {{ some p in input.{items}; {body(where, 'p', '(p)')} }}")
            case ("every", items, where):
                lines.append(f"{name} if {{ every p in input.{items} {{ {body(where, 'p', '(p)')} }} }}")
        return name

    for n, rule in enumerate(rules):
        lines += [f"default r{n} := false", f"r{n} if {{ {body(rule, 'input', '')} }}"]
    rego = Interpreter()
    rego.add_module("made", "\n".join(lines))

    def judge(record: Record) -> list[Any]:
        rego.set_input(record)
        made = json.loads(str(rego.query("x := data.made")))
        found = made["result"][0]["bindings"]["x"] if "result" in made else made["bindings"]["x"]
        return [found[f"r{n}"] for n in range(len(rules))]

    return judge
