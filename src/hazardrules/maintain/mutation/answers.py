"""What follows by a definition, as sets of cases: each value, what contradicts itself, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...expr import NEVER
from ...facts import Definition
from ..cells import Space
from .killing import Key
from .seeing import UNKNOWN, Seen, asked

CONTRADICTED = "contradicted"  # what a definition says both yes and no to is not known


def told(space: Space, definition: Definition) -> Seen:
    """Return the cases in which each value follows by *definition* (None: nothing), and those of what it waits for."""
    seen: Seen = {}
    if definition.table:
        _looked_up(space, definition, seen)
    else:
        yes, no = (space.bits(NEVER if side is None else side).yes for side in (definition.yes, definition.no))
        seen |= {True: yes & ~no, False: no & ~yes, CONTRADICTED: yes & no}
    seen[None] = space.possible
    for value in values_of(definition):
        seen[None] &= ~seen[value]
    for condition in definition.conditions if definition.whole else ():
        asked(space, condition, seen[None], seen)
    return seen


def _looked_up(space: Space, definition: Definition, seen: Seen) -> None:
    """Note which value the first row that holds gives; an undecided row leaves it open unless all possible agree."""
    left, possible = space.possible, dict[Any, int]()
    for condition, value in definition.table.rows if definition.table else ():
        bits = space.bits(condition)
        possible[value] = possible.get(value, 0) | left & ~bits.no
        found = left & bits.yes
        for other, cases in possible.items():
            if other != value:
                found &= ~cases
        seen[value] = seen.get(value, 0) | found
        left &= ~bits.yes


def values_of(definition: Definition) -> list[Any]:
    """Return the values that *definition* can give."""
    return [value for _, value in definition.table.rows] if definition.table else [True, False]


def with_stated(answers: Seen, stated: Any, values: Sequence[Any]) -> Seen:
    """Return the cases of each value that the fact has where a record says *stated*: what contradicts is not known."""
    if stated is None:
        return {**dict.fromkeys(values, 0), **answers}
    agreed, whole = answers[None] & ~answers.get(CONTRADICTED, 0) | answers.get(stated, 0), 0
    for value in values:
        whole |= answers.get(value, 0)
    return {**dict.fromkeys(values, 0), stated: agreed, None: whole & ~agreed}


def waited_for(seen: Mapping[Any, Seen], answers: Seen, key: Key) -> dict[Any, Seen]:
    """Return what is *seen* of the rule for each value of the fact: waiting for it is waiting for what it needs.

    *answers* hold what a definition waits for that is asked instead of the fact.
    """
    made = {value: dict(of_it) for value, of_it in seen.items()}
    waits = rest = made[None].pop(("missing", UNKNOWN), 0)
    for what, cases in answers.items():
        if isinstance(what, tuple):
            made[None][what] = made[None].get(what, 0) | waits & cases
            rest &= ~cases
    itself = "missing", frozenset({".".join(key)})
    made[None][itself] = made[None].get(itself, 0) | rest
    return made
