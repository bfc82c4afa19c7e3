"""How a condition, a rule or a comparison comes out as wanted: what that asks of the facts, chosen at random.

An *all* that shall hold wants all its parts, an *any* one of them; a question over a list makes parts
for it; a fact that follows from others is stated, or left to follow. What is wanted in the end are
single comparisons, noted with the subjects whose facts they read; `filling` draws the facts by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from ..expr import ALWAYS, NEVER, Call, Const, Each, Expr
from ..facts import Definition, FactSpec, Scope
from ..maintain.cells import answer
from ..maintain.mutation.killing import behind
from ..rules import Entry, Exclusion
from ..truth import YES
from .slots import Draft, Slot, Want
from .source import Key, full, names_in


class Aim(Enum):
    """What a record may be aimed at for a rule."""

    LOOSE = "loose"  # nothing in particular
    WITHIN = "within"  # the rule speaks of the subject
    HIT = "hit"
    CLEAR = "clear"
    OUTSIDE = "outside"
    DISPUTED = "disputed"
    EXCEPTED = "excepted"
    DEFERRED = "deferred"


def aims_of(entry: Entry) -> tuple[Aim, ...]:
    """Return what a record may be aimed at for the rule of *entry*: nothing in particular first, hits most often."""
    rule = entry.rule
    firm, soft, deferring = sorted_exclusions(rule.unless)
    if_met = [] if rule.when == NEVER else [Aim.HIT, Aim.HIT]
    found = [Aim.LOOSE, *if_met, Aim.WITHIN, Aim.CLEAR]
    found += [Aim.OUTSIDE] * bool(entry.gates or rule.applies != ALWAYS)
    found += [Aim.DISPUTED] * bool(rule.disputed or soft)
    found += [Aim.EXCEPTED] * bool(firm)
    found += [Aim.DEFERRED] * bool(deferring)
    return tuple(found)


class Aimer:
    """Notes in a draft what is wanted of it."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.pick, self.vocabulary = draft, draft.pick, draft.vocabulary

    # --------------------------------------------------------------------------------------- rules

    def aim(self, entry: Entry, slot: Slot, scope: Scope, aim: Aim) -> None:
        """Want that the rule of *entry* comes out on *slot* as *aim* says."""
        rule = entry.rule
        firm, soft, deferring = sorted_exclusions(rule.unless)
        met, unmet = [*(gate for _, gate in entry.gates), rule.applies], [*firm, *soft, *deferring]
        match aim:
            case Aim.WITHIN:
                unmet = []
            case Aim.HIT:
                met += [rule.when]
            case Aim.CLEAR:
                unmet += [rule.when, *(reading.when for reading in rule.disputed)]
            case Aim.OUTSIDE:
                met, unmet = [], [self.pick([condition for condition in met if condition != ALWAYS])]
            case Aim.DISPUTED:
                readings = [reading.when for reading in rule.disputed]
                if soft and (not readings or self.pick((False, True))):
                    doubt = self.pick(soft)
                    met += [rule.when, doubt]
                    unmet.remove(doubt)
                else:
                    met += [self.pick(readings)]
                    unmet += [rule.when]
            case Aim.EXCEPTED | Aim.DEFERRED:
                way = self.pick(firm if aim is Aim.EXCEPTED else deferring)
                met += [rule.when, way]
                unmet = [other for other in firm if other is not way]
            case Aim.LOOSE:
                return
        for condition in met:
            self.want(condition, slot, scope, truth=True)
        for condition in unmet:
            self.want(condition, slot, scope, truth=False)

    # ---------------------------------------------------------------------------------- conditions

    def want(self, condition: Expr, slot: Slot, scope: Scope, *, truth: bool) -> None:
        """Want that *condition*, asked on *slot*, comes out as *truth*."""
        match condition:
            case Call("not", (inner,)):
                self.want(inner, slot, scope, truth=not truth)
            case Call("all" | "any" as op, args):
                chosen = args if (op == "all") is truth or not args else (self.pick(args),)
                for arg in chosen:
                    self.want(arg, slot, scope, truth=truth)
            case Call("at_least", (Const(n), *args)):
                for arg in self.some_of(args, n if truth else len(args) - n + 1):
                    self.want(arg, slot, scope, truth=truth)
            case Each():
                self._each(condition, slot, scope, truth=truth)
            case _:
                self._compare(condition, slot, scope, truth=truth)

    def some_of(self, options: Sequence[Expr], count: int) -> list[Expr]:
        """Return *count* of *options*, or all of them."""
        left = list(options)
        return [left.pop(self.pick(range(len(left)))) for _ in range(min(count, len(left)))]

    # --------------------------------------------------------------------------------------- lists

    def _each(self, question: Each, slot: Slot, scope: Scope, *, truth: bool) -> None:
        owner, spec = self.owner(question.items, slot, scope)
        if owner is None:
            return
        inner, parts = scope.inside(question.items), owner.parts(spec.id)
        exists = question.least is not None  # some or at least n, wanted true; or every, wanted false
        if exists is truth:
            for part in self._parts(owner, spec, question.least or 1):
                self.want(question.where, part, inner, truth=truth)
            return
        parts.closed = True
        parts.each.append((question.where, inner, truth))
        self.call_the_roll(owner, spec)
        for _ in range(self.pick((1, 0, 2)) - len(parts.slots)):
            self.draft.part(owner, spec)
        for part in parts.slots:
            self.want(question.where, part, inner, truth=truth)

    def _parts(self, owner: Slot, spec: FactSpec, count: int) -> Iterator[Slot]:
        """Yield *count* parts for a question over the list *spec*: some that are there, else new ones."""
        there = list(owner.parts(spec.id).slots)
        for _ in range(count):
            chosen = self.pick([*there, None]) if there else None
            if chosen is None:
                chosen = self.new_part(owner, spec)
            else:
                there.remove(chosen)
            yield chosen

    def new_part(self, owner: Slot, spec: FactSpec) -> Slot:
        """Return a new part in the list *spec* of *owner*, of which what holds for every part is wanted."""
        part = self.draft.part(owner, spec)
        for where, scope, truth in owner.parts(spec.id).each:
            self.want(where, part, scope, truth=truth)
        return part

    def call_the_roll(self, owner: Slot, spec: FactSpec) -> None:
        """Put the parts that the law demands by name into the list *spec* of *owner*."""
        for fact, words in spec.roster.items():
            there = {part.values.get(fact) for part in owner.parts(spec.id).slots}
            for word in words:
                if word not in there:
                    self.draft.part(owner, spec).values[fact] = word

    # --------------------------------------------------------------------------------- comparisons

    def owner(self, name: str, slot: Slot, scope: Scope) -> tuple[Slot | None, FactSpec]:
        """Return the subject that has the fact *name* as *slot* sees it, and the fact."""
        owner, spec = scope.owner(name), scope.find(name)
        assert owner is not None
        assert spec is not None
        return slot.around(owner[0]), spec

    def _compare(self, atom: Expr, slot: Slot, scope: Scope, *, truth: bool) -> None:
        if isinstance(atom, Call) and atom.op == "listed":  # its words are not settled before a day is
            return
        owners = []
        for name in names_in(atom):
            owner, spec = self.owner(name, slot, scope)
            if owner is None:
                return
            key = owner.kind.id, spec.id
            if (definition := self.vocabulary.definitions.get(key)) and not self._is_stated(owner, key, definition):
                if self._follow(atom, name, owner, definition, truth=truth):
                    return
                owner.stated[spec.id] = True
            owners.append((owner, spec.id))
        for owner, fact in owners:
            owner.wants.setdefault(fact, []).append(Want(full(atom, scope), truth, slot))

    def _is_stated(self, owner: Slot, key: Key, definition: Definition) -> bool:
        """Return whether the record states the defined fact *key* of *owner*; decided once."""
        if key[1] not in owner.stated:
            may_follow = definition.yes is not None or definition.table is not None
            stated = not may_follow or self.pick((True, False))
            owner.stated[key[1]] = stated
            if stated:
                owner.quiet |= {fact for kind, fact in behind({key}, self.vocabulary) if kind == key[0]} - {key[1]}
        return owner.stated[key[1]]

    def _follow(self, atom: Expr, name: str, owner: Slot, definition: Definition, *, truth: bool) -> bool:
        """Want of what *definition* reads that the defined fact *name* makes *atom* come out as *truth*.

        Returns False where that is not to be had: the definition is only sufficient, or no row of its table fits.
        """
        scope = self.vocabulary.scope(owner.kind.id)
        if definition.table:
            if names_in(atom) != [name]:
                return False
            rows = definition.table.rows
            fitting = [n for n, (_, value) in enumerate(rows) if (answer(atom, {name: value}) is YES) is truth]
            if not fitting:
                return False
            chosen = self.pick(fitting)
            for holds, _ in rows[:chosen]:
                self.want(holds, owner, scope, truth=False)
            self.want(rows[chosen][0], owner, scope, truth=True)
            return True
        side = definition.yes if truth else definition.no
        if side is None:
            return False
        self.want(side, owner, scope, truth=True)
        return True


def sorted_exclusions(exclusions: Iterable[Exclusion]) -> tuple[list[Expr], list[Expr], list[Expr]]:
    """Return when the firm, the soft and the deferring ones of *exclusions* hold."""
    firm: list[Expr] = []
    soft: list[Expr] = []
    deferring: list[Expr] = []
    for exclusion in exclusions:
        (deferring if exclusion.defers_to else soft if exclusion.soft else firm).append(exclusion.when)
    return firm, soft, deferring
