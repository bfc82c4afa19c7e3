"""What some conditions read: the facts that a record needs for them, and the comparisons that cut a fact's values.

Definitions are followed, so that the facts from which a fact follows are read too. Comparisons stand in
full names (`kind.fact`), so that a part and what contains it speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..expr import Call, Const, Each, Expr, Fact, children, walk
from ..expr import replace as rewrite
from ..facts import INSPECTION, FactSpec, Scope, Vocabulary
from ..maintain.cells import answer, samples
from ..maintain.mutation.killing import behind
from ..ops import COMPARISONS
from ..truth import YES
from . import pools

Key = tuple[str, str]  # kind, fact
TODAY: Key = (INSPECTION, "date")
COMPARED = frozenset(COMPARISONS.values())


class Source:
    """The facts and comparisons of conditions, each asked on a kind of subject."""

    def __init__(self, vocabulary: Vocabulary, asked: Iterable[tuple[str, Expr]]) -> None:
        self.vocabulary = vocabulary
        self.cuts: dict[Key, tuple[Expr, ...]] = {}
        self.read: frozenset[Key] = frozenset()
        self.facts: Mapping[str, tuple[str, ...]] = {}  # by kind
        self._known: dict[tuple[Key, date, tuple[Expr, ...]], tuple[Any, ...]] = {}  # values found once
        read: set[Key] = set()
        for subject, condition in asked:
            read.update(vocabulary.reads(condition, subject))
            self._cut(condition, vocabulary.scope(subject))
        self._reading(behind(read, vocabulary))
        for key in sorted(self.read):  # in an order that is the same every time
            if definition := vocabulary.definitions.get(key):
                for condition in definition.conditions:
                    self._cut(condition, vocabulary.scope(key[0]))

    def _cut(self, condition: Expr, scope: Scope) -> None:
        """Note, for each number and date, the comparisons of *condition* that read it."""
        match condition:
            case Each(items, where, _):
                self._cut(where, scope.inside(items))
            case Call(op, _) if op in COMPARED:
                atom = full(condition, scope)
                for name in names_in(atom):
                    kind, _, fact = name.rpartition(".")
                    self.cuts[kind, fact] = tuple(dict.fromkeys((*self.cuts.get((kind, fact), ()), atom)))
            case _:
                for child in children(condition):
                    self._cut(child, scope)

    @classmethod
    def joined(cls, vocabulary: Vocabulary, sources: Sequence[Source]) -> Source:
        """Return what any of *sources* reads."""
        if len(sources) == 1:
            return sources[0]
        made = cls(vocabulary, ())
        made._known = sources[0]._known if sources else {}
        for source in sources:
            for key, atoms in source.cuts.items():
                made.cuts[key] = tuple(dict.fromkeys((*made.cuts.get(key, ()), *atoms)))
        return made._reading(key for source in sources for key in source.read)

    @classmethod
    def of_kind(cls, vocabulary: Vocabulary, kind: str) -> Source:
        """Return what reads every fact of *kind*."""
        return cls(vocabulary, ())._reading((kind, fact) for fact in vocabulary.kinds[kind].facts)

    def _reading(self, read: Iterable[Key]) -> Source:
        """Return itself, reading the facts *read*."""
        self.read = frozenset(read) - {TODAY}
        self.facts = _by_kind(self.vocabulary, self.read)
        return self

    def values(self, key: Key, day: date, known: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what the fact *key* may be on an inspection of *day*: plain values, then those around each threshold.

        *known* holds the facts, by full name, with which comparisons may be settled.
        """
        atoms = tuple(
            alone for atom in self.cuts.get(key, ()) if (alone := _alone(atom, ".".join(key), known)) is not None
        )
        if (key, day, atoms) not in self._known:
            self._known[key, day, atoms] = tuple(self._values(key, day, atoms))
        return self._known[key, day, atoms]

    def _values(self, key: Key, day: date, atoms: tuple[Expr, ...]) -> Iterator[Any]:
        """Yield the values: those around thresholds twice, as more depends on them."""
        spec = self.vocabulary.kinds[key[0]].facts[key[1]]
        near: list[Any] = []
        if atoms and spec.type in ("number", "date", "time"):
            for value in thresholds(spec, ".".join(key), atoms):
                near += [value, *pools.neighbours(spec, value)]
        yield from pools.fitting(spec, (*pools.plain(spec, day), *near, *pools.far(spec)))
        yield from pools.fitting(spec, near)


def thresholds(spec: FactSpec, name: str, atoms: Sequence[Expr]) -> Iterator[Any]:
    """Yield the values of the number or date *name* at which each of *atoms*, which read no other fact, turns.

    That is where its two sides meet; where no value makes them meet, the values beside that place.
    """
    for atom in atoms:
        assert isinstance(atom, Call)
        meeting = Call("eq", atom.args)
        found = [values[name] for values in samples({name: spec}, [atom, meeting])[0]]
        known = [value for value in found if value not in pools.NEVER]
        meets = [value for value in known if answer(meeting, {name: value}) is YES]
        yield from meets or [value for value in known if _turns(spec, name, atom, value)]


def _turns(spec: FactSpec, name: str, atom: Expr, value: Any) -> bool:
    low, high = pools.neighbours(spec, value)
    return len({answer(atom, {name: each}) for each in (low, value, high)}) > 1


def _by_kind(vocabulary: Vocabulary, read: Iterable[Key]) -> Mapping[str, tuple[str, ...]]:
    """Return the facts in *read* by kind, in the order of their declaration."""
    wanted = set(read)
    kinds = {kind for kind, _ in wanted}
    return {
        kind: tuple(fact for fact in vocabulary.kinds[kind].facts if (kind, fact) in wanted)
        for kind in vocabulary.kinds
        if kind in kinds
    }


def full(condition: Expr, scope: Scope) -> Expr:
    """Return the comparison *condition* with every fact named in full."""

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Fact):
            owner = scope.owner(expr.name)
            assert owner is not None
            return Fact(".".join(owner))
        return expr

    return rewrite(condition, change)


def _alone(atom: Expr, name: str, known: Mapping[str, Any]) -> Expr | None:
    """Return *atom* with the values *known* in place of all facts but *name*; None where one is not known."""
    others = [other for other in names_in(atom) if other != name]
    if any(known.get(other) is None for other in others):
        return None
    return settled(atom, {other: known[other] for other in others})


def settled(atom: Expr, known: Mapping[str, Any]) -> Expr:
    """Return *atom* with the values *known* in place of their facts."""
    return rewrite(atom, lambda e: Const(known[e.name]) if isinstance(e, Fact) and e.name in known else e)


def names_in(atom: Expr) -> list[str]:
    """Return the names of the facts that the comparison *atom* reads, each once."""
    return list(dict.fromkeys(node.name for node in walk(atom) if isinstance(node, Fact)))
