"""Does a boundary decide? Its fact is moved: one step below the threshold, at it, one step above.

All around the comparison is aimed so that the outcome hangs on it. Where the operator turns, and nowhere
else, the outcome must turn; and by this comparison, not by another that turns at the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ..expr import ALWAYS, NEVER, Call, Each, Expr
from ..inspection import Inspection
from ..judge import judge
from ..maintain.cells import answer
from ..rows import Row
from ..rules import Rule
from ..truth import YES
from .aims import Aimer
from .boundaries import Boundary
from .filling import Filler
from .ground import Ground
from .hinge import hinge
from .pools import Pick, fitting, neighbours
from .reach import TRIES, chosen_by, judged
from .slots import Data, Draft, Slot, name_of
from .source import TODAY, full, names_in, settled, thresholds
from .writing import record


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
        view = hinge(aimer, self.boundary.own, self.boundary.atom, self.slot, scope)
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
