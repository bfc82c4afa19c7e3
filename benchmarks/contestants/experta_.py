"""experta: forward chaining in Python, after CLIPS; no longer maintained."""

from __future__ import annotations

import collections
import collections.abc
from collections.abc import Callable
from typing import Any

from ..synthetic import LISTS, Condition, Record

NAME, PACKAGE, THREE_VALUED = "experta", "experta", False
LACKS = "a missing fact never matches; no reasons; imports only with old names put back into `collections`"


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    for name in ("Mapping", "MutableMapping", "Sequence", "Iterable", "Callable", "Hashable"):  # gone since Python 3.10
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    import experta

    templates = {name: type(name, (experta.Fact,), {}) for name in ("plant", *LISTS)}

    def slot(condition: Condition, turned: bool = False) -> tuple[str, Any]:
        match condition:
            case ("is" | "isnt" as test, name):
                return name, (test == "is") is not turned
            case ("eq", name, word):
                return name, ~experta.L(word) if turned else word
            case (test, name, value):
                less = (test == "lt") is not turned
                return name, experta.P(lambda x: x < value) if less else experta.P(lambda x: x >= value)
        raise ValueError(condition)

    def pattern(condition: Condition) -> Any:
        match condition:
            case ("all" | "any" as joint, parts):
                return (experta.AND if joint == "all" else experta.OR)(*map(pattern, parts))
            case ("some", name, where):
                return experta.EXISTS(templates[name](**dict(slot(part) for part in where[1])))
            case ("every", name, where):
                return experta.NOT(templates[name](**dict(slot(part, turned=True) for part in where[1])))
        return experta.EXISTS(templates["plant"](**dict([slot(condition)])))

    def action(n: int) -> Any:
        def fire(self: Any) -> None:
            self.hit.add(n)

        fire.__name__ = f"r{n}"
        return fire

    body = {f"r{n}": experta.Rule(pattern(rule))(action(n)) for n, rule in enumerate(rules)}
    engine = type("Made", (experta.KnowledgeEngine,), body)()
    engine.hit = set()

    def judge(record: Record) -> list[Any]:
        engine.hit.clear()
        engine.reset()
        for name in LISTS:
            for n, part in enumerate(record[name]):
                engine.declare(templates[name](place=n, **part))
        engine.declare(templates["plant"](**{name: value for name, value in record.items() if not isinstance(value, list)}))
        engine.run()
        return [n in engine.hit for n in range(len(rules))]

    return judge
