"""A draft as a raw record: as it is known in the end, and perhaps as it was known early.

Early, some facts and subjects were not known yet; nothing that was known early is untrue later. Written
with choices of Hypothesis, each fact and each subject may fall out by itself: so what is drawn for one
reason shrinks to what another needs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..facts import ENTERPRISE, INSPECTION
from .pools import Pick, raw
from .slots import Data, Draft, Parts, Slot, name_of
from .source import TODAY

_OUT, _LATE, _EARLY = 0, 1, 2  # when a fact became known; the first never, so that it is what shrinks to nothing
_KNOWN = (_OUT, *[_EARLY] * 31)
_SLOWLY = (_OUT, *[_LATE] * 9, *[_EARLY] * 22)
_AT_ONCE = (_OUT, *[_LATE] * 2, *[_EARLY] * 29)
_LISTS = ("all", "grown", "late", *["all"] * 5)  # how a list came to be whole, see `_Writer.table`


@dataclass(frozen=True)
class Sketch:
    """A record twice: what was known *early*, and the same with some of its gaps filled in."""

    early: Data
    whole: Data


def record(draft: Draft, pick: Pick | None = None) -> Data:
    """Return the record of *draft*; by choices of *pick* things fall out of it."""
    return _Writer(draft, pick, _KNOWN, None).sketch().whole


def whole_record(draft: Draft, tops: Collection[str], pick: Pick | None = None) -> Data:
    """Return the record of *draft*, in which nothing is open; by choices of *pick* subjects fall out of it.

    There are no parts but those that it lists, and of the kinds *tops* no subjects but those.
    """
    return _Writer(draft, pick, (_EARLY,), tops).sketch().whole


def sketch(draft: Draft, pick: Pick) -> Sketch:
    """Return the record of *draft* and an earlier state of it."""
    return _Writer(draft, pick, pick((_AT_ONCE, _SLOWLY)), None).sketch()


class _Writer:
    def __init__(self, draft: Draft, pick: Pick | None, states: tuple[int, ...], tops: Collection[str] | None) -> None:
        """Take when facts may become known, and the kinds of which there are no more (None: who knows)."""
        self.draft, self.pick, self.states, self.tops = draft, pick, states, tops
        self.grows = _LATE in states

    def sketch(self) -> Sketch:
        """Return the draft written down."""
        early: Data = {}
        whole: Data = {}
        for slot in (self.draft.inspection, self.draft.enterprise):
            early[slot.kind.id], whole[slot.kind.id] = self.subject(slot)
        for kind in self.draft.vocabulary.top:
            if kind in self.draft.tops:
                self.table(kind, self.draft.tops[kind], early, whole)
            elif kind in (self.tops or ()):
                early[kind] = whole[kind] = []
        return Sketch(early, whole)

    def subject(self, slot: Slot) -> tuple[Data, Data]:
        """Return the facts of *slot*, early and whole."""
        early: Data = {}
        whole: Data = {}
        if slot.kind.id not in (INSPECTION, ENTERPRISE):
            early["id"] = whole["id"] = slot.id
        for spec in slot.kind.facts.values():
            if spec.id in slot.values:
                state = _EARLY if (slot.kind.id, spec.id) == TODAY else self._picked(self.states, _EARLY)
                if state >= _LATE:
                    whole[spec.id] = raw(spec, slot.values[spec.id])
                if state >= _EARLY:
                    early[spec.id] = whole[spec.id]
            elif spec.id in slot.lists:
                self.table(spec.id, slot.lists[spec.id], early, whole)
            elif spec.type == "list" and self.tops is not None:
                early[spec.id] = whole[spec.id] = []
        return early, whole

    def table(self, key: str, parts: Parts, early: Data, whole: Data) -> None:
        """Write the subjects of a list under *key*.

        The list was complete all the time ("all"), grew to be so ("grown"), was made later ("late"), or
        may still have more than was seen ("seen").
        """
        how = self.pick(_LISTS) if self.pick and self.grows else "all"
        how = "seen" if how == "grown" and not parts.whole else how
        may_fall = self.tops is None or key in self.draft.tops  # a part may be one that the law demands
        states = _KNOWN if may_fall else (_EARLY,)
        made = [(slot, self.subject(slot), self._picked(states, _EARLY)) for slot in parts.slots]
        pairs = [pair for slot, pair, left in made if left or slot.kept]
        for n, pair in enumerate(pairs):
            pair[0]["id"] = pair[1]["id"] = name_of(n)
        before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if how in ("grown", "seen"):
            early[key] = {"seen": [subject for subject in before if self._picked((False, True), True)]}
        elif how == "all":
            early[key] = before if parts.whole else {"seen": before}
        whole[key] = after if parts.whole else {"seen": after}

    def _picked(self, options: tuple[Any, ...], otherwise: Any) -> Any:
        return otherwise if self.pick is None else self.pick(options)
