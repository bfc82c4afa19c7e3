"""Whether anybody could notice a mistake: all that the rule's facts can be, looked at; a record that shows it.

A `Space` holds every case there is, and each thing that can be seen of a rule is a set of its cases. Where
all these sets are the same before and after, the mutant is proved equivalent. Else a case in which they
differ is written as a record, and counts only if the engine judges it in two ways. Too much to look at
is an answer of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from ... import dates
from ...errors import FactsError
from ...judge import Verdict
from ..cells import TooManyError
from .killing import Bench, Observed
from .seeing import TODAY, Ground, Law, differing, law_of


class Proof(Enum):
    """Why there is no record that tells two apart: the worst first."""

    TOO_LARGE = "too large"  # there are too many cases to look at
    NOT_SHOWN = "not shown"  # they may differ, but no record was found that shows it
    BEYOND = "beyond cases"  # they differ only where a gate is not known, and a case asserts its gates
    UNASKED = "unasked"  # they differ only where a fact is stated that does not exist by its `needs`
    EQUIVALENT = "equivalent"  # every case was looked at


def worst(proofs: Iterable[Proof]) -> Proof:
    """Return what is left of several searches that found nothing."""
    return min(proofs, key=list(Proof).index, default=Proof.EQUIVALENT)


@dataclass(frozen=True)
class Witness:
    """A record that tells two rules apart, as `given` of a case, and how each comes out; None: not in force."""

    given: Mapping[str, Any]
    subject: str
    before: Observed | None
    after: Observed | None


def compare(one: Bench, other: Bench) -> Witness | Proof:
    """Return a small record that the rule of *one* and that of *other* judge differently, or why there is none.

    Both are the same rule with the same definitions; it, its document and the word lists may differ.
    """
    proofs, done = list[Proof](), list[Any]()
    for day in _days(one, other):
        laws = [law_of(entry) for entry in (one.entry(day), other.entry(day))]
        if laws in done or laws[0] == laws[1]:
            continue
        done.append(laws)
        for subject in one.rule.subjects:
            try:
                found = _apart(one, other, laws, subject, day)
            except TooManyError:
                found = Proof.TOO_LARGE
            if isinstance(found, Witness):
                return found
            proofs.append(found)
    return worst(proofs)


def _days(one: Bench, other: Bench) -> Iterator[date]:
    """Yield a day in each span in which the law is one and the same for both: the first in force foremost."""
    yield one.first_day
    turns = {day for bench in (one, other) for day in bench.turning_days}
    yield from sorted({day + timedelta(days=step) for day in turns for step in (-1, 0)})


def _apart(one: Bench, other: Bench, laws: list[Law | None], subject: str, day: date) -> Witness | Proof:
    """Return a record on *day* that the two judge differently.

    A record is sought where facts are as their definitions say; but what contradicts its definition is not
    known, so the proof looks at every case, whatever the definitions say.
    """
    known = [law for law in laws if law is not None]
    stated = {} if day == one.first_day == other.first_day else {TODAY: dates.show(day)}

    def show(given: Mapping[str, Any]) -> Witness | None:
        return shown(one, other, subject, {**given, **stated})

    found: Witness | Proof = Proof.EQUIVALENT
    for defined in (True, False):
        ground = Ground(one, subject, [e for law in known for e in law.conditions()], defined=defined)

        def differences(*, asserted: bool, ground: Ground = ground) -> list[int]:
            sides = [ground.seen(law, asserted=asserted) for law in known]
            return differing(*sides) if len(sides) == 2 else [sides[0][verdict] for verdict in Verdict]

        found = search(ground, differences, show)
        if found is not Proof.EQUIVALENT:
            break
    return smallest(one, other, found) if isinstance(found, Witness) else found


def search(
    ground: Ground, differences: Callable[..., list[int]], show: Callable[[Mapping[str, Any]], Witness | None]
) -> Witness | Proof:
    """Return a record of one of the *differences* (sets of the cases of *ground*) that can be shown, or why not."""
    wanted = differences(asserted=True)
    there = [cases & ground.possible for cases in wanted if cases & ground.possible]
    for cases in there:
        if witness := show(ground.space.example(cases)):
            return witness
    if there:
        return Proof.NOT_SHOWN
    if any(cases & ground.in_force for cases in wanted):
        return Proof.UNASKED
    beyond = any(cases & ground.possible for cases in differences(asserted=False))
    return Proof.BEYOND if beyond else Proof.EQUIVALENT


# ---------------------------------------------------------------------------------------- records


def shown(one: Bench, other: Bench, subject: str, given: Mapping[str, Any]) -> Witness | None:
    """Return what *given* shows of both, None where they come out alike or it cannot be read."""
    try:
        before, after = one.observed(given, subject), other.observed(given, subject)
    except FactsError:
        return None
    return None if before == after else Witness(given, subject, before, after)


def smallest(one: Bench, other: Bench, witness: Witness) -> Witness:
    """Return *witness* without the facts that it does not need to tell the same difference."""
    for name in tuple(witness.given):
        less = shown(one, other, witness.subject, {n: v for n, v in witness.given.items() if n != name})
        if less is not None and _told(less) == _told(witness):
            witness = less
    return witness


def _told(witness: Witness) -> tuple[Any, ...]:
    """Return the difference that *witness* tells: the two verdicts, and where they are the same what else differs."""
    before, after = witness.before, witness.after
    if before is None or after is None or before.verdict is not after.verdict:
        return tuple(seen and seen.verdict for seen in (before, after))
    return before.verdict, before.exception != after.exception, before.also != after.also
