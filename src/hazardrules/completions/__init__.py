"""Facts that follow from other facts: definitions, tables, counts, and computed ones.

A stated value that contradicts a computed one makes the fact unknown, with both shown: letting
either win would let more knowledge overturn a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .. import sentence
from ..compiled import truth_of
from ..facts import Definition, Table, Vocabulary
from ..rows import Parts, Row
from ..texts import Text
from ..truth import NO, YES

Answer = Callable[[Row], list[Any]]  # none where it is open, two where the definition contradicts


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact that was stated one way and follows another way."""

    path: str
    message: Text


def working(row: Row, fact: str, vocabulary: Vocabulary) -> tuple[Text, ...]:
    """Return in words how the computed *fact* of *row* came out; nothing for any other fact."""
    definition = vocabulary.definitions.get((row._kind, fact))
    return _computation(definition.python).working(row, vocabulary) if definition and definition.python else ()


def _computation(name: str) -> Any:
    """Return the module that `python:` names in a facts file; imported when a definition asks for it.

    It has `grader` (a vocabulary → the function of a row, None where not known) and `working`.
    """
    from . import gb18218_unit

    return {"gb18218": gb18218_unit}[name]


class Completer:
    """Fills in what follows, by the definitions of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._plans: dict[frozenset[str], list[tuple[tuple[str, str], Answer]]] = {}
        self._answers: dict[tuple[str, str], Answer] = {}

    def complete(self, rows: Mapping[str, Iterable[Row]]) -> list[Contradiction]:
        """Fill in, on every row of *rows* (by kind), what follows; return what contradicts."""
        found = []
        for (kind, fact), answer in self._plan(frozenset(rows)):
            for row in rows[kind]:
                contradiction = self._fill(row, kind, fact, answer)
                if contradiction:
                    found.append(contradiction)
        return found

    def _plan(self, kinds: frozenset[str]) -> list[tuple[tuple[str, str], Answer]]:
        """Return the definitions of *kinds* in order; remembered, as records are alike."""
        plan = self._plans.get(kinds)
        if plan is None:
            plan = self._plans[kinds] = [(key, self._answer(key)) for key in self.vocabulary.order if key[0] in kinds]
        return plan

    def _answer(self, key: tuple[str, str]) -> Answer:
        """Return the function that answers the definition of a fact; made when a record first needs it."""
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = _answer(key[0], self.vocabulary.definitions[key], self.vocabulary)
        return answer

    def _fill(self, row: Row, kind: str, fact: str, answer: Answer) -> Contradiction | None:
        stated, answers = getattr(row, fact), answer(row)
        if stated is not None:
            answers.append(stated)
        if not answers:
            return None
        if all(other == answers[0] for other in answers):
            setattr(row, fact, answers[0])
            return None
        setattr(row, fact, None)
        spec = self.vocabulary.kinds[kind].facts[fact]
        path = f"{row._path}.{fact}"
        if stated is None:
            return Contradiction(
                path,
                Text(
                    f"{spec.title.zh}：按所给事实既是又不是，按未知处理，请核对",
                    f"{spec.title.en}: the facts say both yes and no; taken as unknown, please check",
                ),
            )
        shown = [sentence.write_value(value, spec) for value in answers]
        return Contradiction(
            path,
            Text(
                f"{spec.title.zh}：填的是“{shown[-1]}”，按其他事实应为“{shown[0]}”；两者矛盾，按未知处理，请核对",
                f"{spec.title.en}: stated “{shown[-1]}”, but the other facts give “{shown[0]}”; "
                "taken as unknown, please check",
            ),
        )


def _answer(kind: str, definition: Definition, vocabulary: Vocabulary) -> Answer:
    """Return the function that answers a definition on a row of *kind*."""
    if definition.count:
        return _counted(definition.count)
    if definition.python:
        return _computed(_computation(definition.python).grader(vocabulary))
    if definition.table:
        return _looked_up(definition.table, kind, vocabulary)
    yes, no = (None if e is None else truth_of(e, vocabulary, kind) for e in (definition.yes, definition.no))

    def defined(row: Row) -> list[Any]:
        return [True] * (yes is not None and yes(row) is YES) + [False] * (no is not None and no(row) is YES)

    return defined


def _counted(items: str) -> Answer:
    def count(row: Row) -> list[Any]:
        parts = getattr(row, items)
        return [Decimal(len(parts.rows))] if isinstance(parts, Parts) and parts.complete else []

    return count


def _computed(computation: Callable[[Row], Any]) -> Answer:
    def compute(row: Row) -> list[Any]:
        value = computation(row)
        return [] if value is None else [value]

    return compute


def _looked_up(table: Table, kind: str, vocabulary: Vocabulary) -> Answer:
    """Return the first row that holds; an undecided one leaves it open unless all possible agree."""
    rows = [(truth_of(condition, vocabulary, kind), value) for condition, value in table.rows]

    def look_up(row: Row) -> list[Any]:
        possible: list[Any] = []
        for holds, value in rows:
            answer = holds(row)
            if answer is not NO:
                possible.append(value)
            if answer is YES:
                return possible[:1] if all(other == possible[0] for other in possible) else []
        return []  # it may be that no row holds

    return look_up
