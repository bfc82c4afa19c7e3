"""What rules can come to: records that bring a rule to a wanted verdict.

Records are aimed and tried with seeded choices, so the answer is the same every time. That none was found
is no proof; but what is aimed at is missed only where the rule stands in its own way.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from ..classify import Corpus
from ..explain import as_text, explain
from ..judge import Judgement, Verdict
from ..rules import Entry
from ..texts import Text
from .aims import Aim, Aimer
from .filling import Filler
from .ground import Ground
from .pools import Pick
from .slots import Data, Draft
from .telling import BrokenLawError
from .writing import record

T = TypeVar("T")
TRIES = 60


def chosen_by(seed: int) -> Pick:
    """Return choices that are the same for the same *seed*."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret

    def pick(options: Sequence[T], /) -> T:
        return options[int(chance.random() * len(options))]

    return pick


def missed(ground: Ground, rule: str, wanted: Verdict, *aims: Aim) -> str | None:
    """Return None where a record drawn for one of *aims* brings *rule* to *wanted*; else the reasoning of a try."""
    told = ""
    for n in range(TRIES):
        day = ground.turns(rule)[n % len(ground.turns(rule))]
        entry = ground.on(day)[rule]
        draft = Draft(ground.vocabulary, day, chosen_by(n))
        aimer = Aimer(draft)
        subject = draft.pick(entry.rule.subjects)
        slot = draft.place(subject)
        aimer.aim(entry, slot, ground.vocabulary.scope(subject), aims[n % len(aims)])
        Filler(draft, aimer, ground.source(entry, day), gaps=True).fill()
        made = judged(ground.corpus, entry, record(draft), slot.path)
        if made.verdict is wanted:
            return None
        told = told or as_text(explain(made, ground.vocabulary))
    return told


def judged(corpus: Corpus, entry: Entry, data: Data, path: str) -> Judgement:
    """Return how the rule of *entry* comes out on the subject at *path* of the record *data*.

    Raises `BrokenLawError` where the two engines say different things.
    """
    inspection = corpus.inspect(data)
    row = next(row for rows in inspection.record.rows.values() for row in rows if row._path == path)
    made = corpus.judgement(entry, row, inspection)
    compiled = corpus.verdicts(data).get((entry.rule.id, path))
    if compiled is not made.verdict and compiled is not None:  # None: moved to a day on which it is not in force
        raise BrokenLawError(differ(entry.rule.id, path, made.verdict, compiled), data)
    return made


def differ(rule: str, path: str, reference: Verdict | None, compiled: Verdict | None) -> Text:
    """Return in words that the engines differ."""
    one, two = (verdict.value if verdict else "—" for verdict in (reference, compiled))
    return Text(
        f"{rule} 在 {path} 上：参照引擎判 {one}，编译引擎判 {two}",
        f"{rule} on {path}: the reference engine says {one}, the compiled one {two}",
    )
