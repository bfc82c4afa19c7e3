"""Boundaries: each number and date in a rule or a definition must decide somewhere, just where it says.

All around the comparison is aimed so that the outcome hangs on it. Its fact is then moved: one step below
the threshold, at it, one step above. Where the operator turns, and nowhere else, the outcome must turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from ..expr import ALWAYS, NEVER, Call, Each, Expr, negate
from ..facts import Scope
from ..inspection import Inspection
from ..judge import judge
from ..maintain.cells import answer
from ..rows import Row
from ..rules import Entry, Rule
from ..sentence import write
from ..truth import YES
from .aims import Aimer
from .filling import Filler
from .ground import Ground
from .pools import Pick, fitting, neighbours
from .reach import TRIES, chosen_by, judged
from .slots import Data, Draft, Slot, name_of
from .source import COMPARED, TODAY, Key, Source, full, names_in, settled, thresholds
from .writing import record


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


# ---------------------------------------------------------------------------------------- deciding


def decided(ground: Ground, boundary: Boundary) -> Data | None:
    """Return a record in which the outcome turns with *boundary* as its operator says; None where none was found."""
    tries = (_Try(ground, boundary, chosen_by(n)).record() for n in range(TRIES))
    return next((found for found in tries if found is not None), None)


class _Try:
    """One draft in which all hangs on a boundary."""

    def __init__(self, ground: Ground, boundary: Boundary, pick: Pick) -> None:
        self.ground, self.boundary, self.pick = ground, boundary, pick
        self.by_parts, self.counted = pick((False, True)), list[Slot]()
        self.draft = Draft(ground.vocabulary, boundary.day, pick)
        self.slot = self.draft.place(boundary.subject)
        self.atom = full(boundary.atom, boundary.scope)

    def record(self) -> Data | None:
        """Return the record at its threshold if the boundary decides in it."""
        owners = self._aimed()
        moving = [name for name in owners if name != ".".join(TODAY)] or list(owners)
        if not moving:
            return None
        name = self.pick(moving)
        known = {other: owner.values[_fact(other)] for other, owner in owners.items() if other != name}
        spec = owners[name].kind.facts[_fact(name)]
        alone = settled(self.atom, known)
        for value in thresholds(spec, name, [alone]):
            low, high = neighbours(spec, value)
            values = list(fitting(spec, (low, value, high)))
            if self._turns(owners[name], name, values, alone):
                self._move(owners[name], name, value if value in values else values[-1])
                return record(self.draft)
        return None

    def _aimed(self) -> Mapping[str, Slot]:
        """Aim and fill the draft; return the subjects whose facts the boundary compares, by full name."""
        aimer, scope = Aimer(self.draft), self.ground.vocabulary.scope(self.boundary.subject)
        view = aimer.hinge(self.boundary.own, self.boundary.atom, self.slot, scope)
        names = names_in(self.atom)
        owners = {name: owner for name in names if view and (owner := view.around(name.rpartition(".")[0]))}
        for name, owner in owners.items():
            owner.stated[_fact(name)] = True
            owner.wants.setdefault(_fact(name), [])
        for condition in self.boundary.met:
            aimer.want(condition, self.slot, scope, truth=True)
        for condition in self.boundary.unmet:
            aimer.want(condition, self.slot, scope, truth=False)
        Filler(self.draft, aimer, self.boundary.source, gaps=True).fill()
        return owners if len(owners) == len(names) else {}

    def _turns(self, owner: Slot, name: str, values: list[Any], alone: Expr) -> bool:
        """Return whether the outcome turns between *values* just where the comparison does, and does turn."""
        told, come = [], []
        for value in values:
            self._move(owner, name, value)
            told.append(answer(alone, {name: value}) is YES)
            come.append(self._outcome(record(self.draft)))
        turns = [one != other for one, other in pairwise(told)]
        beside = {value for pair, turn in zip(pairwise(values), turns, strict=True) if turn for value in pair}
        return (
            any(turns)
            and [one != other for one, other in pairwise(come)] == turns
            and all(self._matters(owner, name, value) for value in beside)
        )

    def _move(self, owner: Slot, name: str, value: Any) -> None:
        """Give the fact *name* of *owner* another *value*; a count, now and then, by as many parts in its list."""
        owner.values[_fact(name)] = value
        definition = self.ground.vocabulary.definitions.get((owner.kind.id, _fact(name)))
        if definition and definition.count and self.by_parts:
            del owner.values[_fact(name)]
            there = owner.parts(definition.count).slots
            self.counted = self.counted or list(there)
            wanted = range(int(value) if self.counted else 0)
            there[:] = [replace(self.counted[n % len(self.counted)], id=name_of(n)) for n in wanted]

    def _matters(self, owner: Slot, name: str, value: Any) -> bool:
        """Return whether with *value* it is the boundary that counts: the other answer would give another outcome."""
        self._move(owner, name, value)
        boundary, inspection = self.boundary, self.ground.corpus.inspect(record(self.draft))
        rows = inspection.record.rows[boundary.subject.rpartition(".")[2]]
        row = next(row for row in rows if row._path == self.slot.path)
        met, unmet = (
            self._judged(_instead(boundary.own, boundary.atom, told), row, inspection) for told in (ALWAYS, NEVER)
        )
        return bool(met != unmet)

    def _judged(self, own: Expr, row: Row, inspection: Inspection) -> Any:
        """Return the outcome on *row* with *own* in the place of the condition that holds the boundary."""
        entry = self.boundary.entry
        if entry is None:
            return judge(own, row, self.ground.vocabulary).truth
        changed = _with(entry.rule, self.boundary.own, own)
        return self.ground.corpus.judgement(replace(entry, rule=changed), row, inspection).verdict

    def _outcome(self, data: Data) -> Any:
        """Return the verdict of the rule, or the value of the defined fact."""
        corpus, boundary = self.ground.corpus, self.boundary
        if boundary.entry is not None:
            return judged(corpus, boundary.entry, data, self.slot.path).verdict
        rows = corpus.inspect(data).record.rows[boundary.subject]
        return next(getattr(row, _fact(boundary.name)) for row in rows if row._path == self.slot.path)


def _instead(condition: Expr, atom: Expr, other: Expr) -> Expr:
    """Return *condition* with *other* in the place of the very comparison *atom*."""
    if condition is atom:
        return other
    match condition:
        case Call(op, args):
            return Call(op, tuple(_instead(arg, atom, other) for arg in args))
        case Each(items, where, least):
            return Each(items, _instead(where, atom, other), least)
    return condition


def _with(rule: Rule, own: Expr, other: Expr) -> Rule:
    """Return *rule* with *other* in the place of its very condition *own*."""

    def changed(condition: Expr) -> Expr:
        return other if condition is own else condition

    return replace(
        rule,
        applies=changed(rule.applies),
        when=changed(rule.when),
        unless=tuple(replace(exclusion, when=changed(exclusion.when)) for exclusion in rule.unless),
        disputed=tuple(replace(reading, when=changed(reading.when)) for reading in rule.disputed),
    )


def _fact(name: str) -> str:
    return name.rpartition(".")[2]
