"""The numbers and dates in rules and definitions, each with what must and must not hold beside it to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..expr import NEVER, Call, Each, Expr, negate
from ..facts import Scope
from ..rules import Entry
from ..sentence import write
from .ground import Ground
from .source import COMPARED, Key, Source, names_in


@dataclass(frozen=True)
class Boundary:
    """A comparison of a number or date in a rule, or in the definition of a fact."""

    name: str  # of the rule, or of the defined fact
    where: str  # file:line:column
    subject: str
    day: date
    own: Expr  # the condition that holds the comparison
    atom: Expr
    scope: Scope  # in which the comparison is written
    met: tuple[Expr, ...]  # what has to hold beside it
    unmet: tuple[Expr, ...]  # what must not
    source: Source
    entry: Entry | None = None  # of a rule

    @property
    def sentence(self) -> str:
        """The comparison as it is written."""
        return write(self.atom, self.scope)


def of_rule(ground: Ground, rule: str) -> Iterator[Boundary]:
    """Yield every boundary in the conditions of *rule*, as it stands on its first day."""
    day = ground.days[rule][0]
    entry = ground.on(day)[rule]
    made = entry.rule
    exceptions = [exclusion.when for exclusion in made.unless]
    readings = [reading.when for reading in made.disputed]
    core = readings[:1] if made.when == NEVER else [made.when]
    gates = [gate for _, gate in entry.gates]
    asked: list[tuple[Expr, list[Expr], list[Expr]]] = [
        (made.applies, [*gates, *core], exceptions),
        (made.when, [*gates, made.applies], [*exceptions, *readings]),
        *((one, [*gates, made.applies, *core], _but(exceptions, one)) for one in exceptions),
        *((one, [*gates, made.applies], [*exceptions, made.when, *_but(readings, one)]) for one in readings),
    ]
    source = ground.source(entry, day)
    for subject in made.subjects:
        for own, met, unmet in asked:
            for atom, scope in _compared(own, ground.vocabulary.scope(subject)):
                yield Boundary(
                    made.id, made.where, subject, day, own, atom, scope, tuple(met), tuple(unmet), source, entry
                )


def of_definition(ground: Ground, key: Key, day: date) -> Iterator[Boundary]:
    """Yield every boundary in the definition of the fact *key*."""
    kind, fact = key
    vocabulary = ground.vocabulary
    definition, where = vocabulary.definitions[key], vocabulary.kinds[kind].facts[fact].where
    source = Source(vocabulary, [(kind, condition) for condition in definition.conditions])
    rows = [row for row, _ in definition.table.rows] if definition.table else []
    asked = [(row, tuple(rows[:n])) for n, row in enumerate(rows)]
    sides = [definition.yes, *([] if definition.yes and definition.no == negate(definition.yes) else [definition.no])]
    for own, before in (*asked, *((side, ()) for side in sides if side is not None)):
        for atom, scope in _compared(own, vocabulary.scope(kind)):
            yield Boundary(".".join(key), where, kind, day, own, atom, scope, (), before, source)


def _but(conditions: list[Expr], one: Expr) -> list[Expr]:
    return [condition for condition in conditions if condition is not one]


def _compared(condition: Expr, scope: Scope) -> Iterator[tuple[Expr, Scope]]:
    """Yield the comparisons of numbers and dates in *condition*, each with the scope that it is written in."""
    match condition:
        case Call("all" | "any" | "not" | "at_least", args):
            for arg in args:
                yield from _compared(arg, scope)
        case Each(items, where, _):
            yield from _compared(where, scope.inside(items))
        case Call(op, _) if op in COMPARED:
            specs = [scope.find(name) for name in names_in(condition)]
            if any(spec and spec.type in ("number", "date", "time") for spec in specs):
                yield condition, scope
