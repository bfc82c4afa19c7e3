"""Questions and answers: who answers all that is asked ends with nothing open."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ..asking import Question
from ..classify import Corpus
from ..facts import FactSpec, Vocabulary
from ..texts import Text
from .ground import Ground, Names
from .pools import Pick, raw
from .telling import BrokenLawError

__tracebackhide__ = True  # a failure is told by its message, not by our code
_ROUNDS = 40  # of questions and answers
_ANSWERED = date(2026, 1, 1)  # the day from which drawn answers count


def questions_settle(
    corpus: Corpus,
    record: Mapping[str, Any],
    answer: Callable[[Question], Any],
    *,
    industry: Names = None,
) -> None:
    """Check that answering every question, round after round, leaves no rule open and no kind to look at.

    *answer* gives an answer that the question allows. Answers that contradict each other end the asking.
    """
    data = copy.deepcopy(dict(record))
    for _ in range(_ROUNDS):
        result = corpus.classify(data, industry=industry)
        questions = result.questions()
        if any(notice.code == "contradiction" for notice in result.notices):
            return
        if not questions:
            break
        for question in sorted(questions, key=_inner_first):
            data = question.put(data, answer(question))
    if result.open or result.uncovered or questions:
        left = [f"{item.rule}: {'、'.join(item.missing)}" for item in result.open[:5]] + list(result.uncovered)
        message = Text(
            f"问题都答完了，还有定不下来的：{'；'.join(left)}",
            f"all questions are answered, and these are still open: {'; '.join(left)}",
        )
        raise BrokenLawError(message, data)


def _inner_first(question: Question) -> tuple[bool, int]:
    """Order questions so that an answer on a part stands before one on the list that it is in."""
    return question.type == "list", -len(question._steps)


def answering(ground: Ground, pick: Pick) -> Callable[[Question], Any]:
    """Return what answers questions by *pick*: with values at thresholds too; of a list mostly that there is none."""

    def answer(question: Question) -> Any:
        kind, spec = _asked(ground.vocabulary, question.path)
        if spec is None or spec.type == "list":
            return pick(([], [], [], [{"id": "x"}]))
        return raw(spec, pick(ground.values((kind, spec.id), _ANSWERED)))

    return answer


def _asked(vocabulary: Vocabulary, path: str) -> tuple[str, FactSpec | None]:
    """Return the kind and the fact at *path* of a record; no fact where it is a list of subjects."""
    first, *steps = (step.partition("[")[0] for step in re.findall(r"[^.\[\]]+(?:\[[^\]]*\])?", path))
    kind, around, spec = first, first, None
    for step in steps:
        around, spec = kind, vocabulary.kinds[kind].facts[step]
        kind = spec.of or kind
    return around, spec
