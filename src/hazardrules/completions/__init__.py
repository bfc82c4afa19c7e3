"""Facts that follow from other facts: definitions, tables, counts, and computed ones.

A stated value that contradicts a computed one makes the fact unknown, with both shown: letting
either win would let more knowledge overturn a verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .. import sentence
from ..facts import Definition, Table, Vocabulary
from ..judge import judge
from ..record import Record
from ..rows import Parts, Row
from ..texts import Text
from ..truth import NO, UNKNOWN, YES, Truth

Computation = Callable[[Row, Vocabulary], Any]

#: name in a facts file (`python:`) → function of a row; None where not known
COMPUTATIONS: dict[str, Computation] = {}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact that was stated one way and follows another way."""

    path: str
    message: Text


def complete(record: Record, vocabulary: Vocabulary) -> list[Contradiction]:
    """Fill in, on every row of *record*, what follows; return what contradicts what was stated."""
    found = []
    for kind, fact in vocabulary.order:
        definition = vocabulary.definitions[kind, fact]
        for row in record.all_rows(kind):
            contradiction = _fill(row, kind, fact, definition, vocabulary)
            if contradiction:
                found.append(contradiction)
    return found


def _fill(row: Row, kind: str, fact: str, definition: Definition, vocabulary: Vocabulary) -> Contradiction | None:
    spec = vocabulary.kinds[kind].facts[fact]
    stated = getattr(row, fact)
    answers = _answers(row, definition, vocabulary)
    if stated is not None:
        answers.append(stated)
    if not answers:
        return None
    if all(answer == answers[0] for answer in answers):
        setattr(row, fact, answers[0])
        return None
    setattr(row, fact, None)
    shown = [sentence.write_value(answer, spec) for answer in answers]
    path = f"{row._path}.{fact}"
    if stated is None:
        return Contradiction(
            path, Text(f"{spec.title.zh}：按所给事实既是又不是，请核对", f"{spec.title.en}: the facts say both yes and no")
        )
    return Contradiction(
        path,
        Text(
            f"{spec.title.zh}：填的是“{shown[-1]}”，按其他事实应为“{shown[0]}”；两者矛盾，按未知处理，请核对",
            f"{spec.title.en}: stated “{shown[-1]}”, but the other facts give “{shown[0]}”; taken as unknown, please check",
        ),
    )


def _answers(row: Row, definition: Definition, vocabulary: Vocabulary) -> list[Any]:
    """Return the value that follows, none where it is open, two where the definition contradicts."""
    if definition.count:
        parts = getattr(row, definition.count)
        return [Decimal(len(parts.rows))] if isinstance(parts, Parts) and parts.complete else []
    if definition.python:
        value = COMPUTATIONS[definition.python](row, vocabulary)
        return [] if value is None else [value]
    if definition.table:
        value = look_up(definition.table, row, vocabulary)
        return [] if value is None else [value]
    yes = _truth(definition.yes, row, vocabulary) is YES
    no = _truth(definition.no, row, vocabulary) is YES
    return [True] * yes + [False] * no


def _truth(condition: Any, row: Row, vocabulary: Vocabulary) -> Truth:
    return UNKNOWN if condition is None else judge(condition, row, vocabulary).truth


def look_up(table: Table, row: Row, vocabulary: Vocabulary) -> Any:
    """Return the value of the first row of *table* that holds.

    An undecided row makes it unknown, unless all rows that are still possible agree.
    """
    possible: list[Any] = []
    for condition, value in table.rows:
        answer = _truth(condition, row, vocabulary)
        if answer is NO:
            continue
        possible.append(value)
        if answer is YES:
            break
    else:
        return None  # it may be that no row holds
    return possible[0] if all(value == possible[0] for value in possible) else None
