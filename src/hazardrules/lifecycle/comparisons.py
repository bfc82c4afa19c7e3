"""A guard as plain comparisons of whole numbers: what a production-rule engine can take exactly.

Answers, words, days and minutes become whole numbers, and what is not known is left out. A guard
becomes alternatives: lists of comparisons, of which one must hold in full. Nothing is left that such
an engine would compare in a way of its own: no text, no decimal, no null, no “or”.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from math import comb
from typing import Any

from .. import dates
from ..expr import Call, Const, Each, Expr, Fact, walk
from ..facts import WORD_TYPES, FactSpec, Vocabulary
from ..lower import surely
from ..texts import Text
from .charts import HAZARD

MOST = 60  # alternatives of one guard; durable-rules takes not many more
_TURNED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


class NotPlainError(Exception):
    """A guard that is no plain comparison of whole numbers; `message` says which part of it."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number by its name, an operator of `ops`, and a number or the name of one."""

    left: str
    op: str
    right: int | str = 0  # of no meaning where the operator is "known"


Term = Fact | Call
Alternatives = tuple[tuple[Comparison, ...], ...]


class Numbers:
    """The numbers that guards read, f0, f1, …: each a fact, or a day counted from one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary, self.facts = vocabulary, vocabulary.kinds[HAZARD].facts
        self._places: dict[Term, str] = {}
        self._read: list[tuple[str, str, Callable[[Any], int]]] = []  # place, fact, its value as a number

    def __len__(self) -> int:
        return len(self._read)

    def of(self, facts: Mapping[str, Any], prefix: str = "f") -> dict[str, int]:
        """Return the known numbers of *facts*, by name."""
        return {
            prefix + place: number(value)
            for place, fact, number in self._read
            if (value := facts.get(fact)) is not None
        }

    def alternatives(self, condition: Expr, prefix: str = "f") -> Alternatives:
        """Return the lists of comparisons of which one holds just where *condition* surely does.

        Raises `NotPlainError`.
        """
        for node in walk(condition):
            name = node.name if isinstance(node, Fact) else node.items if isinstance(node, Each) else None
            if name is not None and self.facts[name].type not in _TYPES:
                raise NotPlainError(
                    Text(
                        f"只能比较是否、词和日期，“{name}”不是",
                        f"only yes/no, words and dates can be compared, and “{name}” is none of them",
                    )
                )
        return self._alternatives(surely(condition), prefix)

    def _alternatives(self, expr: Expr, prefix: str) -> Alternatives:
        match expr:
            case Call("all", args):
                return _all(self._alternatives(arg, prefix) for arg in args)
            case Call("any", args):
                return _any(self._alternatives(arg, prefix) for arg in args)
            case Call("at_least", (Const(n), *args)):
                several = [found for arg in args if (found := self._alternatives(arg, prefix))]
                if comb(len(several), n) > MOST:
                    raise _too_many()
                return _any(_all(some) for some in combinations(several, n))
            case Call("true" | "false" as op, (Fact() as fact,)):
                return ((Comparison(self._name(fact, prefix), "eq", int(op == "true")),),)
            case Call("known", (Fact() as fact,)):
                return ((Comparison(self._name(fact, prefix), "known"),),)
            case Call("in" | "not_in" as op, (Fact() as fact, Const(words))):
                name, spec = self._name(fact, prefix), self._spec(fact)
                codes = [_number(spec)(word) for word in spec.values if word in words]
                if op == "in":
                    return tuple((Comparison(name, "eq", code),) for code in codes)
                return (tuple(Comparison(name, "ne", code) for code in codes),)
            case Call(op, (Const() as left, right)) if op in _TURNED:
                return self._alternatives(Call(_TURNED[op], (right, left)), prefix)
            case Call(op, (Fact() | Call() as left, Const(value))) if op in _TURNED:
                return ((Comparison(self._name(left, prefix), op, _number(self._spec(left))(value)),),)
            case Call(op, (Fact() | Call() as left, Fact() | Call() as right)) if op in _TURNED:
                return ((Comparison(self._name(left, prefix), op, self._name(right, prefix)),),)
        raise TypeError(f"no plain condition: {expr}")

    def _name(self, term: Term, prefix: str) -> str:
        """Return the name of the number that *term* is."""
        if term not in self._places:
            spec = self._spec(term)
            self._places[term] = str(len(self._read))
            self._read.append((self._places[term], spec.id, _counted(term, _number(spec))))
        return prefix + self._places[term]

    def _spec(self, term: Term) -> FactSpec:
        """Return the fact that *term* is, or is counted from."""
        fact = term if isinstance(term, Fact) else next(arg for arg in term.args if isinstance(arg, Fact))
        return self.facts[fact.name]


def instant(moment: datetime) -> int:
    """Return a moment as a whole number: microseconds."""
    return (moment - datetime.min) // timedelta(microseconds=1)


_NUMBERS: Mapping[str, Callable[[Any], int]] = {"yes_no": int, "date": date.toordinal, "time": instant}
_TYPES = (*_NUMBERS, *WORD_TYPES)


def _number(spec: FactSpec) -> Callable[[Any], int]:
    """Return what makes a known value of a fact a whole number; days and minutes keep their order."""
    return {word: n for n, word in enumerate(spec.values)}.__getitem__ if spec.is_word else _NUMBERS[spec.type]


def _counted(term: Term, number: Callable[[Any], int]) -> Callable[[Any], int]:
    match term:
        case Call("later", (_, Const(count), Const(period))):
            return lambda value: number(dates.later(value, count, period))
    return number


def _all(parts: Iterable[Alternatives]) -> Alternatives:
    found: Alternatives = ((),)
    for part in parts:
        found = tuple(dict.fromkeys(tuple(dict.fromkeys((*one, *other))) for one in found for other in part))
        if len(found) > MOST:
            raise _too_many()
    return found


def _any(parts: Iterable[Alternatives]) -> Alternatives:
    found = tuple(dict.fromkeys(one for part in parts for one in part))
    if len(found) > MOST:
        raise _too_many()
    return found


def _too_many() -> NotPlainError:
    return NotPlainError(
        Text(f"各个“或”展开以后多于 {MOST} 种情形", f"with every “or” written out there are more than {MOST} cases")
    )
