"""A draft for some of the rules of a ground: one rule and a few companions, each aimed at something.

Companions stand on the same subject or on subjects of their own, so a record stays small however many
rules there are, and rules still meet.
"""

from __future__ import annotations

from ..rules import Entry
from .aims import Aimer, aims_of
from .filling import Filler
from .ground import Ground
from .pools import Pick
from .slots import Draft, Slot
from .source import Source
from .writing import whole_record

_COMPANIONS = (0, 1, 0, 2)  # how many rules beside the first
_PLACES = ("own", "same", "none")  # on what subject a companion is drawn
_ROUNDS = 5  # of stating what does not follow


def draft_for(ground: Ground, pick: Pick, *, gaps: bool = True) -> Draft:
    """Return a draft for some of the rules of *ground*; without *gaps* all that rules on its subjects read is known."""
    return _Drafting(ground, pick, gaps=gaps).draft() if ground.days else _of_kind(ground, pick, gaps=gaps)


def _of_kind(ground: Ground, pick: Pick, *, gaps: bool) -> Draft:
    """Return a draft with a subject of the kind that *ground* is for, of which no rule reads anything."""
    assert ground.kind is not None
    draft = Draft(ground.vocabulary, ground.today, pick)
    draft.keep(ground.kind)
    Filler(draft, Aimer(draft), Source.of_kind(ground.vocabulary, ground.kind), gaps=gaps).fill()
    return draft


class _Drafting:
    def __init__(self, ground: Ground, pick: Pick, *, gaps: bool) -> None:
        self.ground, self.pick, self.gaps = ground, pick, gaps
        rule = pick(tuple(ground.days))
        edges = ground.days[rule]
        self.day = pick(pick((edges, edges, ground.turns(rule))))
        self.entries = ground.on(self.day)
        self.first = self.entries[rule]
        self.made = Draft(ground.vocabulary, self.day, pick, rule)
        self.aimer = Aimer(self.made)

    def draft(self) -> Draft:
        """Return the draft, aimed and filled."""
        subject = self.pick(self.first.rule.subjects)
        slot = self._aimed(self.first, subject)
        chosen = [self.first, *(self._companion(subject, slot) for _ in range(self.pick(_COMPANIONS)))]
        if self.ground.kind is not None:
            self.made.keep(self.ground.kind)
        filler = Filler(self.made, self.aimer, self._source(chosen), gaps=self.gaps)
        filler.fill()
        if not self.gaps:
            self._complete(filler)
        return self.made

    def _companion(self, subject: str, slot: Slot) -> Entry:
        """Return another rule: aimed at the same *slot*, at a subject of its own, or at none."""
        place = self.pick(_PLACES)
        beside = [e for e in self.entries.values() if subject in e.rule.subjects] if place == "same" else []
        companion = self.pick(beside or tuple(self.entries.values()))
        if beside:
            self._aimed(companion, subject, slot)
        elif place == "own":
            self._aimed(companion, self.pick(companion.rule.subjects))
        return companion

    def _aimed(self, entry: Entry, subject: str, slot: Slot | None = None) -> Slot:
        """Return a subject (*slot*, or a new one) that the rule of *entry* is aimed at."""
        slot = slot or self.made.place(subject)
        self.aimer.aim(entry, slot, self.ground.vocabulary.scope(subject), self.pick(aims_of(entry)))
        return slot

    def _source(self, chosen: list[Entry]) -> Source:
        """Return what the record is filled in by: what the chosen rules read, or all that rules on its subjects do."""
        if self.gaps:
            sources = [self.ground.source(entry, self.day) for entry in chosen]
            return Source.joined(self.ground.vocabulary, sources)
        for slot in self.made.slots():  # those that the roll adds come up too
            for spec in slot.kind.lists:
                self.aimer.call_the_roll(slot, spec)
        return self.ground.everything(frozenset(slot.kind.id for slot in self.made.slots()), self.day)

    def _complete(self, filler: Filler) -> None:
        """State what follows from nothing; draw anew what is stated and follows otherwise, or comes out both ways."""
        for _ in range(_ROUNDS):
            inspection = self.ground.corpus.inspect(whole_record(self.made, self.ground.tops))
            rows = {row._path: row for rows in inspection.record.rows.values() for row in rows}
            wrong = {contradiction.path for contradiction in inspection.contradictions}
            changed = False
            for slot in self.made.slots():
                for fact in filler.asked(slot):
                    if f"{slot.path}.{fact}" in wrong:
                        self._reconsider(slot, fact, filler)
                    elif getattr(rows[slot.path], fact) is None:
                        filler.state(slot, fact)
                    else:
                        continue
                    changed = True
            if not changed:
                return

    def _reconsider(self, slot: Slot, fact: str, filler: Filler) -> None:
        """Leave a fact that contradicts to follow from the others; where it is not stated, draw those anew."""
        if slot.values.pop(fact, None) is not None:
            return
        for condition in self.ground.vocabulary.definitions[slot.kind.id, fact].conditions:
            for _, name in dict.fromkeys(self.ground.vocabulary.reads(condition, slot.kind.id)):
                if name in slot.values:
                    filler.state(slot, name)
