"""Hypothesis strategies: records, subjects and facts of any standards, sound or spoiled.

What is drawn shrinks towards few rules, few facts, and plain values. A record is plain data, as
`Corpus.classify` takes it: words, text, `int` and `Decimal`, lists and dicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .. import dates
from ..classify import Corpus, default, parse_day
from ..expr import Expr
from ..facts import Vocabulary
from . import hostile, pools
from .aims import Aimer
from .contradictions import consistent
from .drafting import draft_for
from .filling import Filler
from .ground import Ground, Names, check
from .otherwise import subjects_in
from .pools import Pick
from .slots import Data, Draft
from .source import Source
from .writing import Sketch, record, sketch, whole_record

T = TypeVar("T")


@lru_cache(maxsize=4096)
def _below(count: int) -> SearchStrategy[int]:
    return st.integers(0, count - 1)


def picker(draw: DrawFn) -> Pick:
    """Return the choices of Hypothesis as a `Pick`: they shrink towards the first option."""

    def pick(options: Sequence[T], /) -> T:
        return options[draw(_below(len(options)))] if len(options) > 1 else options[0]

    return pick


def records(
    corpus: Corpus | None = None,
    *,
    industry: Names = None,
    kind: str | None = None,
    rule: Names = None,
    on: date | str | None = None,
    gaps: bool = True,
) -> SearchStrategy[Data]:
    """Draw inspection records for some rules of *corpus* (None: the standards shipped).

    The rules are those of *industry*, those that read facts of *kind*, those named *rule*, else any. Each
    record has subjects aimed at one to three of them: to be hit, clear, excepted, disputed, outside, or
    nothing in particular; numbers and dates lie at thresholds and one step beside. It is of a day on
    which the rule is in force, or of *on*. With *gaps* facts are missing, lists seen in part, and stated
    facts may contradict; without, all that these rules read of its subjects is known, and of all else that
    they read there is none. Raises `HazardRulesError` for a name that there is not.
    """
    ground = Ground(corpus or default(), industry=industry, kind=kind, rule=rule, on=on)
    return records_of(ground) if gaps else whole_records_of(ground)


@st.composite
def records_of(draw: DrawFn, ground: Ground) -> Data:
    """Draw records with gaps for the rules of *ground*."""
    pick = picker(draw)
    return record(draft_for(ground, pick), pick)


@st.composite
def whole_records_of(draw: DrawFn, ground: Ground) -> Data:
    """Draw records without gaps for the rules of *ground*."""
    pick = picker(draw)
    return whole_record(draft_for(ground, pick, gaps=False), ground.tops, pick)


def histories(
    corpus: Corpus | None = None,
    *,
    industry: Names = None,
    kind: str | None = None,
    rule: Names = None,
    on: date | str | None = None,
) -> SearchStrategy[Sketch]:
    """Draw records twice: as known `early`, and `whole`, with some gaps filled in; neither contradicts itself.

    Arguments and errors as `records`.
    """
    return histories_of(Ground(corpus or default(), industry=industry, kind=kind, rule=rule, on=on))


@st.composite
def histories_of(draw: DrawFn, ground: Ground) -> Sketch:
    """Draw what `histories` draws for the rules of *ground*."""
    pick = picker(draw)
    return consistent(ground.corpus, sketch(draft_for(ground, pick), pick))


@st.composite
def sketches_for(
    draw: DrawFn, vocabulary: Vocabulary, asked: Sequence[tuple[str, Expr]], days: Sequence[date]
) -> Sketch:
    """Draw records for bare conditions, each *asked* on a subject that there is, on one of *days*.

    A condition is wanted to hold, not to hold, or nothing is wanted of it.
    """
    pick = picker(draw)
    draft = Draft(vocabulary, pick(days), pick)
    aimer = Aimer(draft)
    places = {subject: draft.place(subject) for subject, _ in asked}
    for subject in places:
        draft.keep(subject.rpartition(".")[2])
    for subject, condition in asked:
        wanted = pick((None, True, False, True, False))
        if wanted is not None:
            aimer.want(condition, places[subject], vocabulary.scope(subject), truth=wanted)
    Filler(draft, aimer, Source(vocabulary, asked), gaps=True).fill()
    return sketch(draft, pick)


def subjects(
    kind: str, corpus: Corpus | None = None, *, industry: Names = None, rule: Names = None, gaps: bool = True
) -> SearchStrategy[Data]:
    """Draw subjects of *kind* with their parts, for the rules that read facts of it; arguments as `records`."""
    corpus = corpus or default()

    def of_kind(data: Data) -> Data:
        return next(facts for _, name, facts in subjects_in(data, corpus.vocabulary) if name == kind)

    return records(corpus, industry=industry, kind=kind, rule=rule, gaps=gaps).map(of_kind)


def facts(kind: str, fact: str, corpus: Corpus | None = None, *, on: date | str | None = None) -> SearchStrategy[Any]:
    """Draw values of one *fact* of *kind* as a record states it: plain ones, and at and beside each threshold.

    *on* is the day of the inspection, from which dates are counted. Raises `HazardRulesError` for a name
    that there is not.
    """
    corpus = corpus or default()
    check("kind", [kind], corpus.vocabulary.kinds)
    check("fact", [fact], corpus.vocabulary.kinds[kind].facts)
    spec = corpus.vocabulary.kinds[kind].facts[fact]
    if spec.of:
        return st.lists(subjects(spec.of, corpus), max_size=2).map(_named)
    if spec.type == "choices":
        return st.lists(st.sampled_from(tuple(spec.values)), unique=True, max_size=3)
    day = parse_day(on) or dates.today()
    found = Ground(corpus, kind=kind).values((kind, fact), day)
    return st.sampled_from([pools.raw(spec, value) for value in found])


def _named(parts: list[Data]) -> list[Data]:
    """Return *parts* with an id each."""
    return [{**part, "id": f"{n}号"} for n, part in enumerate(parts, 1)]


def hostile_records(
    corpus: Corpus | None = None, *, industry: Names = None, kind: str | None = None, rule: Names = None
) -> SearchStrategy[Any]:
    """Draw what no inspector should write: records with wrong types and words, odd units, duplicates, hostile text.

    Some are understood all the same. Arguments and errors as `records`.
    """
    return hostile_records_of(Ground(corpus or default(), industry=industry, kind=kind, rule=rule))


@st.composite
def hostile_records_of(draw: DrawFn, ground: Ground) -> Any:
    """Draw what `hostile_records` draws for the rules of *ground*."""
    pick = picker(draw)
    return hostile.spoiled(record(draft_for(ground, pick), pick), ground.vocabulary, pick)


def hostile_facts(kind: str, fact: str, corpus: Corpus | None = None) -> SearchStrategy[Any]:
    """Draw what nobody should write for one *fact* of *kind*; some of it is understood all the same."""
    corpus = corpus or default()
    check("kind", [kind], corpus.vocabulary.kinds)
    check("fact", [fact], corpus.vocabulary.kinds[kind].facts)
    return st.sampled_from(hostile.values(corpus.vocabulary.kinds[kind].facts[fact]))
