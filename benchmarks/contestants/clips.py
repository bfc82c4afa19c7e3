"""clipspy (CLIPS): forward chaining in C; the record is asserted as facts, each rule asserts its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import LISTS, Condition, Record

NAME, PACKAGE, THREE_VALUED = "CLIPS (clipspy)", "clipspy", False
LACKS = "a missing fact never matches; no reasons; binary floats; one environment judges one record at a time"
_FIELDS = [f"{kind}{n}" for kind in "bnc" for n in range(20)]


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    import clips

    environment = clips.Environment()
    environment.build(f"(deftemplate plant {' '.join(f'(slot {name})' for name in _FIELDS)})")
    for name in LISTS:
        environment.build(f"(deftemplate {name} (slot sound) (slot size) (slot colour))")
    environment.build("(deftemplate answer (slot rule))")
    for n, rule in enumerate(rules):
        environment.build(f"(defrule r{n} {_pattern(rule)} => (assert (answer (rule {n}))))")
    plant, answer = environment.find_template("plant"), environment.find_template("answer")
    lists = {name: environment.find_template(name) for name in LISTS}
    symbols = {True: clips.Symbol("TRUE"), False: clips.Symbol("FALSE")}

    def asserted(facts: Record) -> Record:
        return {name: symbols[value] if isinstance(value, bool) else value for name, value in facts.items() if not isinstance(value, list)}

    def judge(record: Record) -> list[Any]:
        environment.reset()
        for name, template in lists.items():
            for part in record[name]:
                template.assert_fact(**asserted(part))
        plant.assert_fact(**asserted(record))
        environment.run()
        hit = {fact["rule"] for fact in answer.facts()}
        return [n in hit for n in range(len(rules))]

    return judge


def _pattern(condition: Condition) -> str:
    """Return *condition* on the plant as conditional elements."""
    match condition:
        case ("all" | "any" as joint, parts):
            return f"({'and' if joint == 'all' else 'or'} {' '.join(map(_pattern, parts))})"
        case ("some", name, where):
            return f"(exists {_over(name, where)})"
        case ("every", name, where):
            return f"(not ({name} {' '.join(_slot(part, turned=True) for part in where[1])}))"
    return f"(exists (plant {_slot(condition)}))"


def _over(name: str, where: Condition) -> str:
    return f"({name} {' '.join(_slot(part) for part in where[1])})"  # `some` asks for all of its parts


def _slot(condition: Condition, *, turned: bool = False) -> str:
    """Return one comparison as a constraint of a slot, *turned* round where the part must not have it."""
    match condition:
        case ("is" | "isnt" as test, name):
            return f"({name} {'TRUE' if (test == 'is') is not turned else 'FALSE'})"
        case ("eq", name, word):
            return f'({name} {"~" if turned else ""}"{word}")'
        case (test, name, value):
            less = (test == "lt") is not turned
            return f"({name} ?v{name}&:({'<' if less else '>='} ?v{name} {float(value)}))"
    raise ValueError(condition)
