"""All assignments of the facts that some conditions read, and how the conditions come out in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import prod
from operator import and_, or_
from typing import Any

from ... import sentence, units
from ...expr import Call, Const, Each, Expr
from ...facts import FactSpec, Scope, Vocabulary
from ...truth import NO, UNKNOWN, YES, Truth
from .answers import answer
from .atoms import atoms_of, facts_of, in_full
from .laws import TODAY, Laws
from .listings import Kind, Listing, listings
from .numbers import Specs, TooManyError, Values
from .samples import samples

LIMIT = 1 << 18  # assignments


@dataclass(frozen=True, slots=True)
class Bits:
    """How a condition comes out: the assignments where it is YES, and those where it is NO."""

    yes: int
    no: int


@dataclass(slots=True)
class _Group:
    """Facts that comparisons tie together (or one list): its cells, and how each atom comes out in each."""

    cells: list[Values]
    truths: dict[Expr, list[Truth]]
    stride: int = 0
    names: tuple[str, ...] = ()
    silent: int = 0  # the assignments in which nothing is known of it


class Space:
    """All assignments of the facts that some conditions on one kind of subject read.

    With *unknown* a fact may also be not known (all but the day of the inspection, which always is). Definitions
    of facts are respected where a condition reads both a fact and what it follows from. *exact* is
    False where some assignments may be impossible: what is proved of all of them stands all the
    same, but one found in such a space may be no true example. Raises `TooManyError` beyond *limit*.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        subject: str | Scope,
        conditions: Iterable[Expr],
        *,
        unknown: bool = False,
        limit: int = LIMIT,
    ) -> None:
        self.vocabulary, self.unknown, self.limit = vocabulary, unknown, limit
        self.scope = vocabulary.scope(subject) if isinstance(subject, str) else subject
        read = [in_full(condition, self.scope) for condition in conditions]
        definitions = Laws(vocabulary, self.scope, unknown=unknown)
        laws = definitions.among(read)
        self.exact = definitions.exact
        self._groups = self._divide([*read, *(part for law in laws for part in law)])
        self.size = prod(len(group.cells) for group in self._groups)
        if self.size > limit:
            raise TooManyError
        self.every = (1 << self.size) - 1
        stride = 1
        for group in self._groups:
            group.stride, stride = stride, stride * len(group.cells)
        self._known: dict[Expr, Bits] = {}
        self.possible = self.every  # the assignments that no definition rules out
        for premise, conclusion in laws:
            self.possible &= ~self._bits(premise).yes | self._bits(conclusion).yes

    # ------------------------------------------------------------------------------------ asking

    def bits(self, condition: Expr) -> Bits:
        """Return how *condition* comes out on the possible assignments; it must be one of those given."""
        found = self._bits(in_full(condition, self.scope))
        return Bits(found.yes & self.possible, found.no & self.possible)

    def example(self, wanted: int) -> dict[str, Any]:
        """Return the facts of the plainest assignment in *wanted* (not 0): as few as can be, by name.

        Names and values are those that `given` of an inline case has.
        """
        facts = self._example(wanted)
        own = self.scope.chain[0]
        return {
            name.removeprefix(f"{own}."): self._written(name, value)
            for name, value in facts.items()
            if value is not None
        }

    def line(self, name: str) -> list[tuple[Any, int]]:
        """Return the known values of the number, date or time *name* in order, each with its assignments.

        Empty where a comparison ties the fact to another one, so that its values stand for nothing by themselves.
        """
        full = ".".join(self.scope.owner(name) or ())
        for group in self._groups:
            if group.names == (full,):
                values = [(values[full], self._spread(group, [n])) for n, values in enumerate(group.cells)]
                return sorted((pair for pair in values if pair[0] is not None), key=lambda pair: pair[0])
        return []

    def any_value(self, name: str, cases: int) -> int:
        """Return *cases* and those that differ from one of them in the value of *name* alone."""
        full = ".".join(self.scope.owner(name) or ())
        group = next(group for group in self._groups if group.names == (full,))
        found = 0
        for n in range(len(group.cells)):
            here = cases & self._spread(group, [n])
            for other in range(len(group.cells)):
                step = (other - n) * group.stride
                found |= here << step if step >= 0 else here >> -step
        return found

    def _example(self, wanted: int) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for group in self._groups:
            silent = [n for n, values in enumerate(group.cells) if all(value is None for value in values.values())]
            group.silent = self._spread(group, silent)
        wanted = next(kept for count in range(len(self._groups) + 1) if (kept := self._told_by(count, 0, wanted)))
        for group in self._groups:
            for n, values in enumerate(group.cells):
                if here := wanted & self._spread(group, [n]):
                    facts |= values
                    wanted = here
                    break
        return facts

    def _told_by(self, count: int, place: int, wanted: int) -> int:
        """Return those of *wanted* in which *count* groups at most, from *place* on, say anything: the first such."""
        if not wanted or place == len(self._groups):
            return wanted
        silent = wanted & self._groups[place].silent
        return self._told_by(count, place + 1, silent) or (
            self._told_by(count - 1, place + 1, wanted & ~silent) if count else 0
        )

    def _written(self, name: str, value: Any) -> Any:
        if isinstance(value, Listing):
            parts = [dict(part) for part in value.parts]
            return parts if value.complete else {"seen": parts}
        kind, _, fact = name.rpartition(".")
        spec = self.vocabulary.kinds[kind].facts[fact]
        if isinstance(value, frozenset):
            return [word for word in spec.values if word in value]
        if spec.unit == "1:m" and isinstance(value, Decimal):
            return f"{units.plain(value)} ‰"
        return sentence.write_value(value, spec)

    def _spec_of(self, name: str) -> FactSpec:
        kind, _, fact = name.rpartition(".")
        return self.vocabulary.kinds[kind].facts[fact]

    # ------------------------------------------------------------------------------------ cells

    def _divide(self, conditions: Sequence[Expr]) -> list[_Group]:
        """Return the facts of *conditions* in groups that no comparison ties to each other."""
        atoms = dict.fromkeys(atom for condition in conditions for atom in atoms_of(condition))
        groups: dict[str, set[str]] = {}
        for atom in atoms:
            names = set(facts_of(atom))
            joined = set().union(names, *(groups[name] for name in names if name in groups))
            groups.update(dict.fromkeys(joined, joined))
        made: list[_Group] = []
        for together in dict.fromkeys(frozenset(names) for names in groups.values()):
            mine = [atom for atom in atoms if together.intersection(facts_of(atom))]
            listed = isinstance(mine[0], Each)
            made.append(self._listed(next(iter(together)), mine) if listed else self._compared(together, mine))
            if prod(len(group.cells) for group in made) > self.limit:
                raise TooManyError
        free = [atom for atom in atoms if not facts_of(atom)]
        return [*made, _Group([{}], {atom: [answer(atom, {})] for atom in free})]

    def _compared(self, names: Iterable[str], atoms: Sequence[Expr]) -> _Group:
        specs: Specs = {name: self._spec_of(name) for name in sorted(names)}
        looked_up = [atom for atom in atoms if isinstance(atom, Call) and atom.op == "listed"]
        plain = [atom for atom in atoms if atom not in looked_up]
        found, exact = samples(specs, plain)
        self.exact = self.exact and exact and not looked_up
        if self.unknown:
            found = [_without(values, hidden) for values in found for hidden in self._hidings(specs)]
        cells: dict[tuple[tuple[Truth, ...], bool], Values] = {}
        for values in sorted(found, key=lambda v: sum(value is not None for value in v.values())):
            told = tuple(answer(atom, values) for atom in plain)
            cells.setdefault((told, bool(looked_up) and None in values.values()), values)
        rows = [(values, list(told)) for (told, _), values in cells.items()]
        known = [YES, NO, *([UNKNOWN] if self.unknown else [])]  # the words of a dated list change with the day
        for _ in looked_up:
            rows = [
                (values, [*told, truth])
                for values, told in rows
                for truth in ([UNKNOWN] if None in values.values() else known)
            ]
        order = [*plain, *looked_up]
        return _Group([v for v, _ in rows], {atom: [told[n] for _, told in rows] for n, atom in enumerate(order)},
                      names=tuple(specs))  # fmt: skip

    def _hidings(self, specs: Specs) -> list[frozenset[str]]:
        """Return which facts of a group may together be not known, most of them first."""
        hidings = [frozenset[str]()]
        for name in specs:
            if name != TODAY:
                hidings += [hidden | {name} for hidden in hidings]
        return hidings

    def _listed(self, name: str, atoms: Sequence[Expr]) -> _Group:
        """Return the cells of the list *name*: lists grown part by part while they say something new."""
        asked = [atom for atom in atoms if isinstance(atom, Each)]
        kinds = self._kinds_of_part(name, list(dict.fromkeys(atom.where for atom in asked)))
        found = listings(asked, kinds, self.limit, unknown=self.unknown)
        truths: dict[Expr, list[Truth]] = {each: [told[n] for told in found] for n, each in enumerate(asked)}
        return _Group([{name: value} for value in found.values()], truths, names=(name,))

    def _kinds_of_part(self, name: str, wheres: Sequence[Expr]) -> list[Kind]:
        """Return what the conditions *wheres* can say together of one part of the list, each with an example."""
        scope = self.scope.inside(name)
        space = Space(self.vocabulary, scope, wheres, unknown=self.unknown, limit=self.limit)
        own = f"{scope.chain[0]}."
        around = any(not fact.startswith(own) for group in space._groups for fact in group.names)
        beside = scope.chain[0] in self.scope.chain  # the subject itself is among the parts
        self.exact = self.exact and space.exact and not around and not beside  # parts are drawn by themselves
        found: list[tuple[dict[Expr, Truth], int]] = [({}, space.possible)]
        for where in wheres:
            bits = space.bits(where)
            found = [
                ({**truths, where: truth}, both)
                for truths, here in found
                for truth, side in ((YES, bits.yes), (NO, bits.no), (UNKNOWN, ~(bits.yes | bits.no)))
                if (both := here & side)
            ]
        return [
            (truths, {fact: value for fact, value in space.example(here).items() if "." not in fact})
            for truths, here in found
        ]

    # ------------------------------------------------------------------------------------ bits

    def _spread(self, group: _Group, cells: Iterable[int]) -> int:
        """Return the assignments in which *group* is in one of *cells*."""
        block = (1 << group.stride) - 1
        pattern = reduce(or_, (block << (n * group.stride) for n in cells), 0)
        length = group.stride * len(group.cells)
        while pattern and length < self.size:
            pattern |= pattern << length
            length *= 2
        return pattern & self.every

    def _bits(self, condition: Expr) -> Bits:
        known = self._known.get(condition)
        if known is None:
            known = self._known[condition] = self._computed(condition)
        return known

    def _computed(self, condition: Expr) -> Bits:
        match condition:
            case Call("all" | "any" as op, args):
                parts = [self._bits(arg) for arg in args]
                both = [reduce(and_, (p.yes for p in parts), self.every), reduce(or_, (p.no for p in parts), 0)]
                if op == "any":
                    both = [reduce(or_, (p.yes for p in parts), 0), reduce(and_, (p.no for p in parts), self.every)]
                return Bits(*both)
            case Call("not", (inner,)):
                bits = self._bits(inner)
                return Bits(bits.no, bits.yes)
            case Call("at_least", (Const(n), *args)):
                parts = [self._bits(arg) for arg in args]
                return Bits(
                    self._at_least(n, [p.yes for p in parts]),
                    self._at_least(len(parts) - n + 1, [p.no for p in parts]),
                )
        group = next(group for group in self._groups if condition in group.truths)
        truths = group.truths[condition]
        return Bits(*(self._spread(group, (n for n, t in enumerate(truths) if t is side)) for side in (YES, NO)))

    def _at_least(self, n: int, sets: Sequence[int]) -> int:
        """Return the assignments that are in *n* or more of *sets*."""
        reached = [self.every, *[0] * max(n, 0)]
        for members in sets:
            for count in range(len(reached) - 1, 0, -1):
                reached[count] |= reached[count - 1] & members
        return reached[max(n, 0)]


def _without(values: Values, hidden: frozenset[str]) -> Values:
    return {name: None if name in hidden else value for name, value in values.items()}
