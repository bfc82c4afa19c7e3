"""What can be seen of a rule, as sets of cases: its verdicts, the facts it waits for, what cleared it or is cited.

The verdict follows the same formula as `judge`, over all cases of a `Space` at once; the tests hold both to
each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from ...compiled import narrow, wide
from ...expr import Call, Const, Each, Expr, Fact, all_of, any_of, children, replace
from ...facts import INSPECTION, Scope, facts_in
from ...judge import Verdict
from ...rules import Entry, Rule, on_enterprise
from ..cells import Bits, Space, atoms_of, facts_of, in_full
from .killing import Bench, behind

TODAY = f"{INSPECTION}.date"
UNKNOWN = Call("eq", (Const(None), Const(None)))  # a comparison of what is not known
Seen = dict[Any, int]  # what can be seen → the cases in which it is


@dataclass(frozen=True)
class Law:
    """A rule as it stands on a day, with its gates; those on the enterprise alone are asserted by a case."""

    rule: Rule
    asserted: tuple[Expr, ...]
    gates: tuple[Expr, ...]

    def conditions(self) -> Iterator[Expr]:
        """Yield everything that the law reads."""
        yield from (*self.asserted, *self.gates, *self.rule.conditions())

    def rewritten(self, change: Callable[[Expr], Expr]) -> Law:
        """Return the law with `change` applied to every node of every condition."""
        gates = (tuple(replace(gate, change) for gate in gates) for gates in (self.asserted, self.gates))
        return Law(self.rule.rewritten(change), *gates)


def law_of(entry: Entry | None) -> Law | None:
    """Return what *entry* says; None where nothing is in force."""
    if entry is None:
        return None
    gates = [gate for _, gate in entry.gates]
    own = tuple(gate for gate in gates if not on_enterprise(gate))
    return Law(entry.rule, tuple(gate for gate in gates if on_enterprise(gate)), own)


def differing(before: Seen, after: Seen) -> list[int]:
    """Return sets of cases in which the two are seen to differ, the plainest differences first."""
    pairs = sorted(permutations(Verdict, 2), key=lambda pair: Verdict.UNKNOWN in pair)
    verdicts = [before[one] & after[two] for one, two in pairs]
    others = [key for key in dict.fromkeys((*before, *after)) if not isinstance(key, Verdict)]
    return [cases for cases in (*verdicts, *(before.get(key, 0) ^ after.get(key, 0) for key in others)) if cases]


class Ground:
    """Every case of what some conditions on a subject of the rule on *bench* read, and what is seen of a law there.

    A record does not state a fact that does not exist by its `needs`; such cases are not `possible`. Unless
    *defined*, facts may be what their definitions deny.
    """

    def __init__(self, bench: Bench, subject: str, conditions: Iterable[Expr], *, defined: bool = True) -> None:
        self.bench, self.subject = bench, subject
        read = list(conditions)
        names = {name for condition in read for name in facts_in(condition)}
        vocabulary = bench.corpus.vocabulary
        if not defined:
            vocabulary = vocabulary.with_conditions({}, vocabulary.needs)
        scope = vocabulary.scope(subject)
        devices = {name for name in names if (spec := scope.find(name)) and spec.type == "device"}
        self.devices = devices if bench.standard.failed_device else None
        states = [state for name in self.devices or () for state in _states(name)]
        during = list(_during(bench)) if TODAY in names else []
        needed = [pair for condition in read for pair in _needed(condition, scope)]
        told = (*read, *states, *during, *(needs for _, needs in needed))
        self.space = Space(vocabulary, subject, told, unknown=True)
        self.in_force = self.possible = self.space.bits(all_of(*during)).yes
        for atom, needs in needed:
            bits = self.space.bits(atom)
            self.possible &= ~((bits.yes | bits.no) & self.space.bits(needs).no)

    def seen(self, law: Law, *, asserted: bool = True) -> Seen:
        """Return what can be seen of *law*, each with the cases in which it is so.

        Gates on the enterprise alone count as met while they are not known, as in a case, if *asserted*.
        """
        space, rule, every = self.space, law.rule, self.space.possible
        gate, own = space.bits(all_of(*law.asserted)), all_of(*law.gates, rule.applies)
        open_gate = every & ~gate.no if asserted else gate.yes
        applies = Bits(open_gate & space.bits(own).yes, gate.no | space.bits(own).no)
        sure, held = space.bits(narrow(rule)), space.bits(wide(rule))
        met = space.bits(any_of(rule.when, *(reading.when for reading in rule.disputed)))
        firm = space.bits(any_of(*(e.when for e in rule.unless if not e.soft and not e.defers_to)))
        deferral = space.bits(any_of(*(e.when for e in rule.unless if e.defers_to)))

        never = applies.no | held.no
        hit, disputed = applies.yes & sure.yes, applies.yes & held.yes & ~sure.yes
        is_open = every & ~never & ~hit & ~disputed
        deferred = never & ~applies.no & deferral.yes & ~met.no & ~firm.yes
        clear = never & ~applies.no & ~deferred
        seen: Seen = {
            Verdict.HIT: hit, Verdict.DISPUTED: disputed, Verdict.UNKNOWN: is_open, Verdict.DEFERRED: deferred,
            Verdict.NOT_APPLICABLE: never & applies.no, Verdict.CLEAR: clear,
            "exception": clear & firm.yes & ~met.no,
        }  # fmt: skip
        waits = is_open | disputed
        for condition in (own, rule.when, *(e.when for e in rule.unless), *(() if asserted else law.asserted)):
            asked(space, condition, waits, seen)
        for reading in rule.disputed:  # beside the sure core it is not asked about
            asked(space, reading.when, waits & ~space.bits(rule.when).yes, seen)
        if self.devices is not None:
            for condition in (rule.when, *(reading.when for reading in rule.disputed)):
                self._carried(condition, hit | disputed, seen)
            for key in [key for key in seen if isinstance(key, tuple) and key[0] == "perhaps also"]:  # one is enough
                seen[key] &= ~seen.get("also", 0)
        return seen

    def _carried(self, condition: Expr, cases: int, seen: Seen, *, holds: bool = True) -> None:
        """Note in which of *cases* the verdict rests on a device that is there and does not work.

        It may rest on what *holds*, or below a negation on what does not.
        """
        bits = self.space.bits(condition)
        cases &= bits.yes if holds else bits.no
        match condition:
            case Call("not", (inner,)):
                self._carried(inner, cases, seen, holds=not holds)
            case Call("all" | "any" | "at_least", args) if cases:
                for part in args:
                    if not isinstance(part, Const):
                        self._carried(part, cases, seen, holds=holds)
            case Fact() | Each() if self._follows_from_devices(condition):
                key = "perhaps also", condition, holds
                seen[key] = seen.get(key, 0) | cases
            case Call():
                for name in (self.devices or set()).intersection(facts_in(condition)):
                    normal, absent = (self.space.bits(state) for state in _states(name))
                    seen["also"] = seen.get("also", 0) | cases & normal.no & absent.no

    def _follows_from_devices(self, condition: Expr) -> bool:
        """Return whether *condition*, of one fact or of parts, may hold because of a device behind it."""
        vocabulary = self.bench.corpus.vocabulary
        read = behind(set(vocabulary.reads(condition, self.subject)), vocabulary)
        return any(vocabulary.kinds[kind].facts[fact].type == "device" for kind, fact in read)


def asked(space: Space, condition: Expr, cases: int, seen: Seen) -> None:
    """Note in which of *cases* each comparison of *condition* is what keeps it open, by the facts that it reads."""
    bits = space.bits(condition)
    cases &= ~(bits.yes | bits.no)
    if not cases:
        return
    if isinstance(condition, Call) and condition.op in ("all", "any", "at_least", "not"):
        for part in children(condition):
            if not isinstance(part, Const):
                asked(space, part, cases, seen)
        return
    whole = in_full(condition, space.scope)
    key = "missing", whole if isinstance(whole, Each) or whole == UNKNOWN else frozenset(facts_of(whole))
    seen[key] = seen.get(key, 0) | cases


def _during(bench: Bench) -> Iterator[Expr]:
    """Yield that the day of the inspection is one on which the rule is in force."""
    for span in (bench.standard.in_force, bench.rule.in_force):
        for op, day in (("ge", span.since), ("lt", span.until)):
            if day is not None:
                yield Call(op, (Fact(TODAY), Const(day)))


def _needed(condition: Expr, scope: Scope) -> Iterator[tuple[Expr, Expr]]:
    """Yield the comparisons in *condition* with a fact that exists only given another, each with what it needs."""
    for atom in atoms_of(condition):
        for name in facts_of(atom):
            owner = scope.owner(name)
            if owner and (needs := scope.vocabulary.needs.get(owner)) is not None:
                around = Scope(scope.vocabulary, scope.chain[scope.chain.index(owner[0]) :])
                yield atom, in_full(needs, around)


def _states(name: str) -> tuple[Expr, Expr]:
    """Return what tells a device that failed from one that runs and one that is not there."""
    normal, absent = (Call("eq", (Fact(name), Const(word))) for word in ("正常", "未设置"))
    return normal, absent
