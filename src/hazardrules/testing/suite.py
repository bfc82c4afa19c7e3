"""Ready-made properties: standards put under tests with three lines of pytest.

    from hazardrules.testing import properties

    TestStandards = properties("my/standards")

Laws are asked of drawn records and shrink to a small one that breaks them; what a rule must be able to do
is looked for rule by rule, and every rule that cannot is named.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..classify import Corpus, default
from ..errors import StandardsError
from ..files import load, read
from ..places import adds, folder_of
from ..texts import Text
from . import laws
from .checks import failing_cases, idle_boundaries, never_clear, never_hit, none
from .contradictions import consistent
from .drafting import draft_for
from .ground import Ground, Names
from .hostile import spoiled
from .otherwise import reordered, respelled
from .pools import Pick
from .slots import Data
from .strategies import picker
from .telling import shown
from .writing import record, sketch


@dataclass(frozen=True, repr=False)
class Drawn:
    """A record to judge, the industry to judge it for, and what it is compared with."""

    industry: str | None
    record: Any
    other: Any = None

    def __repr__(self) -> str:
        told = [f"industry={self.industry!r}", f"record={shown(self.record)}"]
        return f"Drawn({', '.join([*told, *([] if self.other is None else [f'other={shown(self.other)}'])])})"


_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # which lines of ours ran explains nothing
_LENIENT = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def standards(place: str | Path | None = None) -> Corpus:
    """Return the corpus of the folder or installed package *place* (None: the standards shipped), with its cases.

    `hazardrules.load` gives one without them. What a folder adds to the shipped standards comes with its
    cases, the shipped ones without. Raises `StandardsError` with every problem of its files.
    """
    folder = None if place is None else folder_of(place)
    if folder is None or not adds(folder):
        return Corpus(load(folder))
    rulebook, found = read(folder, default().rulebook)
    if found.problems:
        raise StandardsError(found.problems)
    return Corpus(rulebook)


def properties(
    place: str | Path | Corpus | None = None, *, industry: Names = None, examples: int | None = None
) -> type[Any]:
    """Return a class of tests for pytest, one a property, for the standards in *place*.

    *place* is a folder, the name of an installed package, a corpus (of `standards`), or None for the
    standards shipped. Of a folder that adds to the shipped ones only its own rules are tested; *industry*
    narrows them. *examples* are drawn for each law (None: as the profile of Hypothesis says). Standards
    that cannot be read give a class with one test, which fails and says why.
    """
    try:
        corpus = place if isinstance(place, Corpus) else standards(place)
    except StandardsError as error:
        return _unreadable(error)
    own = None if place is None or isinstance(place, Corpus) else _own_rules(corpus, folder_of(place))
    ground = Ground(corpus, industry=industry, rule=own)
    often = settings(
        max_examples=examples or settings().max_examples,
        deadline=None,
        phases=_PHASES,
        report_multiple_bugs=False,
        suppress_health_check=_LENIENT,
    )

    class Properties:
        """The properties of one set of standards."""

        __test__ = True  # whatever its name in the module

        def __repr__(self) -> str:
            return f"<{place or 'the standards shipped'}>"

        def test_every_case_passes(self) -> None:
            """Every rule has cases, and both engines say of each what it expects."""
            none(failing_cases(ground), Text("用例没有通过", "cases that fail"))

        def test_every_rule_can_be_hit(self) -> None:
            """For every rule there is a record that it hits; of one that is only disputed, a disputed one."""
            none(never_hit(ground), Text("规则无论如何都命中不了", "rules that nothing hits"))

        def test_every_rule_can_be_clear(self) -> None:
            """For every rule there is a record of which it speaks and that is clear."""
            none(never_clear(ground), Text("规则管得到的都命中，没有未命中", "rules that hit whatever they speak of"))

        def test_every_boundary_decides(self) -> None:
            """For every number and date there is a record in which it alone decides, just where its operator says."""
            none(
                idle_boundaries(ground),
                Text("界限不起作用，或者不在所写的地方起作用", "boundaries that decide nothing, or not where they say"),
            )

        @often
        @given(_records(ground))
        def test_engines_agree(self, drawn: Drawn) -> None:
            """The compiled engine gives the verdicts of the reference engine."""
            laws.engines_agree(corpus, drawn.record, industry=drawn.industry)

        @often
        @given(_histories(ground))
        def test_more_knowledge_never_overturns(self, drawn: Drawn) -> None:
            """What is settled stays settled when gaps are filled in."""
            laws.knowledge_keeps(corpus, drawn.record, industry=drawn.industry)

        @often
        @given(_rewritten(ground, reordered))
        def test_order_does_not_matter(self, drawn: Drawn) -> None:
            """Facts, named subjects and chosen words may stand in any order."""
            laws.order_is_free(corpus, drawn.record, drawn.other, industry=drawn.industry)

        @often
        @given(_rewritten(ground, lambda made, pick: respelled(made, ground.vocabulary, pick)))
        def test_spelling_does_not_matter(self, drawn: Drawn) -> None:
            """Words or labels, one unit or another: the verdicts are the same."""
            laws.spelling_is_free(corpus, drawn.record, drawn.other, industry=drawn.industry)

        @often
        @given(_records(ground))
        def test_results_are_sound(self, drawn: Drawn) -> None:
            """A result reads back from JSON, and its levels, counts and reasons fit together."""
            laws.is_sound(corpus.classify(drawn.record, industry=drawn.industry), drawn.record)

        @often
        @given(_hostile(ground))
        def test_only_facts_errors_are_raised(self, drawn: Drawn) -> None:
            """Whatever a record holds, it is judged or refused with a reason."""
            laws.raises_only_facts_errors(corpus, drawn.record, industry=drawn.industry)

        @often
        @given(_records(ground), st.randoms(use_true_random=False))
        def test_questions_settle_everything(self, drawn: Drawn, chance: random.Random) -> None:
            """Who answers all questions ends with no rule open."""
            laws.questions_settle(corpus, drawn.record, laws.answering(ground, chance.choice), industry=drawn.industry)

    return Properties


def _unreadable(error: StandardsError) -> type[Any]:
    """Return a class whose one test fails with what *error* says."""

    class Properties:
        """Standards that cannot be read."""

        __test__ = True

        def test_standards_can_be_read(self) -> None:
            """Every file can be read."""
            raise AssertionError(error.say()) from None

    return Properties


def _own_rules(corpus: Corpus, folder: Path) -> list[str]:
    """Return the rules whose files lie in *folder*."""
    whole = folder.resolve()
    placed = [(clause.path, rule.id) for _, clause, rule in corpus.rulebook.rules() if clause.path]
    return [rule for path, rule in placed if Path(path).resolve().is_relative_to(whole)]


# --------------------------------------------------------------------------------- what is drawn


@st.composite
def _records(draw: DrawFn, ground: Ground) -> Drawn:
    pick = picker(draw)
    draft = draft_for(ground, pick)
    return Drawn(pick(_fields(ground, draft.rule)), record(draft, pick))


@st.composite
def _rewritten(draw: DrawFn, ground: Ground, rewrite: Callable[[Data, Pick], Data]) -> Drawn:
    pick = picker(draw)
    draft = draft_for(ground, pick)
    made = record(draft, pick)
    return Drawn(pick(_fields(ground, draft.rule)), made, rewrite(made, pick))


@st.composite
def _histories(draw: DrawFn, ground: Ground) -> Drawn:
    pick = picker(draw)
    draft = draft_for(ground, pick)
    made, field = consistent(ground.corpus, sketch(draft, pick)), pick(_fields(ground, draft.rule))
    told = ground.corpus.classify(made.whole, industry=field).notices
    return Drawn(None if any(notice.code == "industry_contradicted" for notice in told) else field, made)


@st.composite
def _hostile(draw: DrawFn, ground: Ground) -> Drawn:
    pick = picker(draw)
    draft = draft_for(ground, pick)
    return Drawn(pick(_fields(ground, draft.rule)), spoiled(record(draft, pick), ground.vocabulary, pick))


def _fields(ground: Ground, rule: str) -> tuple[str | None, ...]:
    """Return the industries that a record for *rule* may be judged for; now and then without one, which takes long."""
    return (*ground.industries(rule) * 3, None)
