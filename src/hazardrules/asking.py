"""What to ask next: the facts that most of the open rules wait for, in the form's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .explain import both
from .facts import FactSpec, Vocabulary
from .judge import Judgement, judge
from .results import Question
from .rows import Row, container, path_of
from .rules import Entry
from .texts import Text
from .truth import NO


def questions(
    vocabulary: Vocabulary,
    still_open: Sequence[tuple[Entry, Judgement]],
    unseen: Sequence[Row],
    asks: Sequence[tuple[Row, str]],
    lang: str,
) -> tuple[Question, ...]:
    """Return the questions whose answers would settle the open rules, most rules first.

    *unseen* holds one row for each rule that waits for a kind of subject that nobody looked at;
    *asks* are facts that decide scope. A fact that does not exist by its `needs` is not asked.
    """
    counts: dict[str, int] = {}
    made: dict[str, Question] = {}

    def note(question: Question | None) -> None:
        if question is not None:
            made.setdefault(question.path, question)
            counts[question.path] = counts.get(question.path, 0) + 1

    for row, name in asks:
        note(_of_fact(vocabulary, row, name, lang))
    for _, judgement in still_open:
        for row, name in judgement.missing():
            note(_of_fact(vocabulary, row, name, lang))
    for row in unseen:
        note(_of_kind(vocabulary, row, lang))
    ranked = sorted(made.values(), key=lambda question: -counts[question.path])
    return tuple(Question(q.path, q.text, q.type, q.choices, q.unit, counts[q.path], q._steps) for q in ranked)


def _of_fact(vocabulary: Vocabulary, row: Row, name: str, lang: str) -> Question | None:
    kind, _, fact = name.rpartition(".")
    owner = container(row, kind) if kind else row
    if owner is None or owner._phantom:
        return None
    spec = vocabulary.kinds[owner._kind].facts[fact]
    needs = vocabulary.needs.get((owner._kind, fact))
    if needs is not None and judge(needs, owner, vocabulary).truth is NO:
        return None
    subject = f"{vocabulary.kinds[owner._kind].title.say(lang)}"
    text = (spec.question or spec.title).say(lang)
    return Question(
        path=path_of(row, name),
        text=f"{subject}{f' {owner._id}' if owner._id else ''}{Text('：', ': ').say(lang)}{text}",
        type=spec.type,
        choices=_choices(spec, lang),
        unit=spec.unit,
        opens=1,
        _steps=(*owner._steps, fact),
    )


def _choices(spec: FactSpec, lang: str) -> tuple[str, ...]:
    if spec.type == "yes_no":
        return ("是", "否") if lang == "zh" else ("yes", "no")
    return tuple(both(word, spec).say(lang) for word in spec.values)


def _of_kind(vocabulary: Vocabulary, row: Row, lang: str) -> Question | None:
    """Ask whether there are subjects of a kind, at the outermost place that was not looked at."""
    while row._up is not None and row._up._phantom:
        row = row._up
    kind, up = vocabulary.kinds[row._kind], row._up
    if up is None:
        return None
    path = row._path.removesuffix("[?]")
    field = path.rpartition(".")[2]
    steps: tuple[Any, ...] = (field,) if "." not in path else (*up._steps, field)
    hint = f"（{kind.hint.zh}）" if kind.hint else ""
    text = Text(
        f"有{kind.title.zh}要记录吗？逐个列出；没有填 []{hint}",
        f"is there any {kind.title.en}? list each one; [] if there is none",
    ).say(lang)
    return Question(path, text, "list", (), None, 1, steps)
