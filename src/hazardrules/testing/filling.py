"""The facts of a draft, drawn: as is wanted where something is wanted, else plain values and those at thresholds.

Containers are filled before their parts, and a fact after those that it is compared with as far as they
stand before it. Where no value fits all that is wanted of a fact it gets any: a draft is a good try.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..expr import Call, Const, Expr
from ..facts import FactSpec
from ..maintain.cells import answer
from ..truth import YES
from .aims import Aimer
from .slots import Draft, Parts, Slot, Want
from .source import Source, names_in

_SELDOM = (False, False, False, True)
_MODES = ("bare", "whole", "some", "whole")  # which facts are stated beside those that are wanted


class Filler:
    """Fills in the facts and the parts of a draft that *source* reads."""

    def __init__(self, draft: Draft, aimer: Aimer, source: Source, *, gaps: bool) -> None:
        """Take what is wanted from *aimer*; without *gaps* everything that *source* reads becomes known."""
        self.draft, self.aimer, self.source, self.gaps = draft, aimer, source, gaps
        self.pick, self.vocabulary = draft.pick, draft.vocabulary
        kinds = source.facts if gaps else {slot.kind.id for slot in draft.slots()}
        self.leading = draft.vocabulary.leading_to(kinds)

    def fill(self) -> None:
        """Fill in the whole draft."""
        for kind, parts in self.draft.tops.items():
            self._grow(self.draft.enterprise, kind, parts)
        queue = [self.draft.inspection, self.draft.enterprise]
        queue += [slot for parts in self.draft.tops.values() for slot in parts.slots]
        for slot in queue:
            self._subject(slot)
            queue += [part for parts in slot.lists.values() for part in parts.slots]

    # -------------------------------------------------------------------------------------- lists

    def _grow(self, up: Slot, kind: str, parts: Parts) -> None:
        """Put a second subject beside one that is aimed at, now and then."""
        if self.pick(_SELDOM):
            self.draft.add(self.vocabulary.kinds[kind], up, kind, parts)
        if self.gaps:
            parts.whole = not self.pick(_SELDOM)

    def _list(self, slot: Slot, spec: FactSpec) -> None:
        """Settle what the record says of a list that is read."""
        assert spec.of is not None
        there = slot.lists.get(spec.id)
        if there is None:
            if self.gaps and not self.pick((False, True)):
                return
            there = slot.parts(spec.id)
            for _ in range(self.pick((0, 1, 2))):
                self.aimer.new_part(slot, spec)
        if self.gaps and not there.closed:
            there.whole = not self.pick(_SELDOM)

    # -------------------------------------------------------------------------------------- facts

    def _subject(self, slot: Slot) -> None:
        mode = self.pick(_MODES) if self.gaps else "whole"
        for spec in slot.kind.lists:
            if not self.gaps:
                self.aimer.call_the_roll(slot, spec)
            read = self.gaps and (slot.kind.id, spec.id) in self.source.read
            if read or spec.of in self.leading or spec.id in slot.lists:
                self._list(slot, spec)
        for name in self.asked(slot):
            if name not in slot.values and self._is_known(slot, name, mode):
                self.state(slot, name)

    def asked(self, slot: Slot) -> list[str]:
        """Return the facts of *slot*, lists apart, that are read or wanted."""
        names = dict.fromkeys((*self.source.facts.get(slot.kind.id, ()), *slot.wants))
        return [name for name in names if slot.kind.facts[name].type != "list"]

    def state(self, slot: Slot, fact: str) -> None:
        """Draw the *fact* of *slot*."""
        slot.values[fact] = self._value(slot, slot.kind.facts[fact])

    def _is_known(self, slot: Slot, name: str, mode: str) -> bool:
        if name in slot.wants:
            return True
        if not self.gaps:  # what follows from other facts is stated only where it does not
            return (slot.kind.id, name) not in self.vocabulary.definitions
        if name in slot.quiet or not slot.stated.get(name, True):
            return False
        return mode == "whole" or (mode == "some" and self.pick((False, True)))

    def _value(self, slot: Slot, spec: FactSpec) -> Any:
        wants = slot.wants.get(spec.id, ())
        if spec.type == "choices":
            return self._words(spec, [(want.atom, want.truth) for want in wants])
        key = slot.kind.id, spec.id
        values = self.source.values(key, self.draft.day, self._known(slot))
        name = ".".join(key)
        asked = [(want, known) for want in wants if (known := self._others(want, name)) is not None]
        fitting = [
            value
            for value in values
            if all((answer(want.atom, {**known, name: value}) is YES) is want.truth for want, known in asked)
        ]
        return self.pick(fitting or values)

    def _words(self, spec: FactSpec, wants: Sequence[tuple[Expr, bool]]) -> frozenset[str]:
        """Return a set of words that has, and lacks, what is wanted."""
        wanted: list[frozenset[str]] = []
        unwanted: set[str] = set()
        for atom, truth in wants:
            assert isinstance(atom, Call)
            words = atom.args[1]
            assert isinstance(words, Const)
            if (atom.op == "has") is truth:
                wanted.append(words.value)
            else:
                unwanted |= words.value
        free = [word for word in spec.values if word not in unwanted]
        found = {self.pick(sure) for words in wanted if (sure := [word for word in free if word in words])}
        more = self.pick((0, 1, 2)) if free else 0
        return frozenset(found | {self.pick(free) for _ in range(more)})

    def _known(self, slot: Slot) -> dict[str, Any]:
        """Return what *slot* and those around it are known to be, by full name."""
        known: dict[str, Any] = {}
        here: Slot | None = slot
        while here is not None:
            known |= {f"{here.kind.id}.{fact}": value for fact, value in here.values.items()}
            here = here.up
        return known

    def _others(self, want: Want, name: str) -> dict[str, Any] | None:
        """Return the values of all facts of *want* but *name*; None where one is not drawn yet."""
        found: dict[str, Any] = {}
        for other in names_in(want.atom):
            if other != name:
                kind, _, fact = other.rpartition(".")
                owner = want.view.around(kind)
                if owner is None or fact not in owner.values:
                    return None
                found[other] = owner.values[fact]
        return found
