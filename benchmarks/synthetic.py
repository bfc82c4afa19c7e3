"""A synthetic rule set that every contestant can be given: rules as plain trees, records as plain data.

A condition is `("all", [...])`, `("any", [...])`, `("is", fact)`, `("isnt", fact)`, `("eq", fact, word)`,
`("lt", fact, number)`, `("ge", fact, number)`, `("some", list, condition)` or `("every", list, condition)`;
inside `some` and `every` facts are the part's. Nothing in it favours one engine: no sums, no texts,
no dates, each number with two decimals.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import hazardrules as hr

SEED = 20260301
DAY = date(2026, 3, 1)
WORDS = ("red", "green", "blue", "grey")
LISTS = ("tanks", "pumps", "lines")
Condition = tuple[Any, ...]
Record = dict[str, Any]


def rules(count: int = 20, quantified: int = 8, seed: int = SEED) -> list[Condition]:
    """Return *count* conditions, of which *quantified* ask over the parts in a list."""
    chance = random.Random(seed)

    def leaf() -> Condition:
        n = chance.randrange(20)
        match chance.randrange(4):
            case 0:
                return "is", f"b{n}"
            case 1:
                return "isnt", f"b{n}"
            case 2:
                return "eq", f"c{n}", chance.choice(WORDS)
        return chance.choice(["lt", "ge"]), f"n{n}", _number(chance)

    def tree(depth: int) -> Condition:
        if depth == 0:
            return leaf()
        return chance.choice(["all", "any"]), [tree(depth - 1) for _ in range(chance.choice([2, 3]))]

    def over() -> Condition:
        own = [chance.choice([("is", "sound"), ("isnt", "sound")]), ("ge", "size", _number(chance)), ("eq", "colour", chance.choice(WORDS))]
        joint, asked = chance.choice([("some", "all"), ("every", "any")])
        return "all", [leaf(), (joint, chance.choice(LISTS), (asked, chance.sample(own, 2)))]

    return [*(tree(2) for _ in range(count - quantified)), *(over() for _ in range(quantified))]


def record(seed: int = SEED, gaps: float = 0.0) -> Record:
    """Return a record with 60 facts and three lists of 5 to 50 parts; a share *gaps* of the facts is missing."""
    chance = random.Random(seed)

    def known(facts: Record) -> Record:
        return {name: value for name, value in facts.items() if chance.random() >= gaps}

    made: Record = {}
    for n in range(20):
        made |= {f"b{n}": chance.random() < 0.5, f"c{n}": chance.choice(WORDS), f"n{n}": _number(chance)}
    made = known(made)
    for name in LISTS:
        made[name] = [
            known({"sound": chance.random() < 0.7, "size": _number(chance), "colour": chance.choice(WORDS)})
            for _ in range(chance.randint(5, 50))
        ]
    return made


def _number(chance: random.Random) -> float:
    return chance.randrange(10_000) / 100


def answer(condition: Condition, facts: Mapping[str, Any]) -> bool | None:
    """Return what *condition* is of *facts* in Kleene's logic: the reference of all contestants."""
    match condition:
        case ("all" | "any" as joint, parts):
            answers = [answer(part, facts) for part in parts]
        case ("some" | "every" as joint, name, where):
            answers = [answer(where, part) for part in facts[name]]
            joint = "any" if joint == "some" else "all"
        case (test, name, *value):
            fact = facts.get(name)
            if fact is None:
                return None
            match test:
                case "is":
                    return bool(fact)
                case "isnt":
                    return not fact
                case "eq":
                    return bool(fact == value[0])
                case "lt":
                    return bool(fact < value[0])
            return bool(fact >= value[0])
    settled = joint == "any"
    if settled in answers:
        return settled
    return None if None in answers else not settled


# ------------------------------------------------------------------------------- for hazardrules


def corpus(conditions: list[Condition]) -> hr.Corpus:
    """Return *conditions* as a corpus, through files like any other standard."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in _files(conditions).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return hr.load(root)


def as_facts(facts: Record) -> Record:
    """Return a record of ours: *facts* as the one plant."""
    return {"plant": [{"id": "1", **facts}]}


def _files(conditions: list[Condition]) -> dict[str, str]:
    words = "\n".join(f"      {word}: {word}" for word in WORDS)

    def fact(name: str, kind: str, *more: str) -> str:
        lines = [f"  {name}:", f"    type: {kind}", f"    title: 事实{name}", f"    question: 看 {name}？", *more]
        return "\n".join(lines)

    choice = f"    values:\n{words}"
    own = [fact(f"b{n}", "yes_no") for n in range(20)] + [fact(f"n{n}", "number") for n in range(20)]
    own += [fact(f"c{n}", "choice", choice) for n in range(20)]
    own += [fact(name, "list", f"    of: {name}_part") for name in LISTS]
    part = [fact("sound", "yes_no"), fact("size", "number"), fact("colour", "choice", choice)]
    files = {
        "facts/plant.yaml": "\n".join(["title: 装置", "en: plant", "facts:", *own, ""]),
        "facts/enterprise.yaml": "title: 企业\nen: enterprise\none: true\nfacts: {}\n",
        "facts/inspection.yaml": "title: 检查\nen: inspection\none: true\nfacts:\n  date:\n    type: date\n    title: 日期\n    question: 哪天？\n",
        "made/standard.yaml": "number: 演1号\ntitle: 合成规则\nissuer: 演示\nissued: 2020-01-01\nin_force: {from: 2020-01-01}\n",
    }
    for name in LISTS:
        files[f"facts/{name}_part.yaml"] = "\n".join([f"title: {name}件", f"en: {name} part", "within: plant", "facts:", *part, ""])
    for n, condition in enumerate(conditions):
        when = "\n".join(_yaml(condition, 4))
        files[f"made/{n:04}.yaml"] = (
            f"clause: 第{n}条\nsummary: 第{n}条规则\nrules:\n  - id: made-{n:04}\n    subject: plant\n    level: major\n    when:\n{when}\n"
        )
    return files


def _yaml(condition: Condition, depth: int) -> list[str]:
    pad = "  " * (depth - 1)
    match condition:
        case ("all" | "any" as joint, parts):
            lines = [f"{pad}{joint}:"]
            for part in parts:
                inner = _yaml(part, depth + 2)
                lines += [f"{pad}  - {inner[0].strip()}", *inner[1:]]
            return lines
        case ("some" | "every" as joint, name, where):
            inner = _yaml(where, depth + 2)
            if len(inner) == 1:
                return [f"{pad}{joint}: {name}", f"{pad}where: {inner[0].strip()}"]
            return [f"{pad}{joint}: {name}", f"{pad}where:", *(f"  {line}" for line in _yaml(where, depth))]
        case ("is", name):
            return [f"{pad}{name}"]
        case ("isnt", name):
            return [f"{pad}not {name}"]
        case ("eq", name, word):
            return [f"{pad}{name} == {word}"]
        case ("lt", name, number):
            return [f"{pad}{name} < {number}"]
    return [f"{pad}{condition[1]} >= {condition[2]}"]
