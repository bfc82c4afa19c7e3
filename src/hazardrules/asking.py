"""What to ask next: the facts that most of the open rules wait for, in the form's own words."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .explain import both
from .facts import FactSpec, Vocabulary
from .judge import Judgement, judge
from .rows import Row, container, path_of
from .rules import Entry, Level
from .texts import Text
from .truth import NO


@dataclass(frozen=True, slots=True)
class Question:
    """A question that would settle the most: ask it, and `put` the answer into the record."""

    path: str
    text: str
    type: str
    choices: tuple[str, ...]
    unit: str | None
    opens: int  # how many open rules wait for it
    majors: int = 0  # how many of them are on major hazards
    _steps: tuple[Any, ...] = field(default=(), repr=False)

    def put(self, record: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        """Return a copy of *record* with the answer in its place; *record* is not changed."""
        changed = copy.deepcopy(dict(record))
        here: Any = changed
        for step, after in zip(self._steps, self._steps[1:], strict=False):
            here = _descend(here, step, [] if isinstance(after, Mapping) else {})
        last, before = self._steps[-1], here.get(self._steps[-1])
        if self.type == "list" and isinstance(before, Mapping) and isinstance(answer, list):
            answer = _merged(before.get("seen") or [], answer)  # what was seen stays
        here[last] = answer
        return changed


def _descend(here: Any, step: Any, empty: Any) -> Any:
    """Return what stands under *step*, put there as *empty* where nothing does."""
    if isinstance(step, Mapping):  # the entry of a roster, by the fact that names it
        entries = here["seen"] if isinstance(here, dict) else here
        found = next((entry for entry in entries if all(entry.get(k) == v for k, v in step.items())), None)
        if found is None:
            found = dict(step)
            entries.append(found)
        return found
    if isinstance(step, int) or (step == "seen" and isinstance(here, list)):  # the list was completed meanwhile
        return here if step == "seen" else here[step]
    if here.get(step) is None:
        here[step] = empty
    return here[step]


def _merged(seen: list[Any], answer: list[Any]) -> list[Any]:
    """Return the entries that were seen, in their places, with what *answer* adds to them, then its others."""
    told = {entry["id"]: entry for entry in answer if isinstance(entry, Mapping) and entry.get("id") is not None}

    def both(entry: Any) -> Any:
        added = told.pop(entry["id"], None) if isinstance(entry, Mapping) and entry.get("id") is not None else None
        return entry if added is None else {**entry, **added}

    kept = [both(entry) for entry in seen]
    return [*kept, *(e for e in answer if not isinstance(e, Mapping) or e.get("id") is None or e["id"] in told)]


def questions(
    vocabulary: Vocabulary,
    still_open: Sequence[tuple[Entry, Callable[[], Judgement]]],
    unseen: Sequence[tuple[Entry, Row]],
    asks: Sequence[tuple[Row, str]],
    lang: str,
) -> tuple[Question, ...]:
    """Return the questions whose answers would settle the open rules: first what settles most majors.

    *unseen* holds a row for each rule that waits for a kind of subject that nobody looked at;
    *asks* are facts that decide scope. A fact that does not exist by its `needs` is not asked.
    """
    counts: dict[str, Counter[Level]] = {}
    made: dict[str, Question] = {}

    def note(question: Question | None, level: Level) -> None:
        if question is not None:
            made.setdefault(question.path, question)
            counts.setdefault(question.path, Counter())[level] += 1

    for row, name in asks:
        note(_of_fact(vocabulary, row, name, lang), Level.MAJOR)
    for entry, judgement in still_open:
        for row, name in judgement().missing():
            for below, fact in _first(vocabulary, row, name):
                note(_of_fact(vocabulary, below, fact, lang), entry.rule.level)
    for entry, row in unseen:
        note(_of_kind(vocabulary, row, lang), entry.rule.level)

    def weight(question: Question) -> tuple[int, int]:
        return -counts[question.path][Level.MAJOR], -counts[question.path].total()

    return tuple(
        replace(question, opens=counts[question.path].total(), majors=counts[question.path][Level.MAJOR])
        for question in sorted(made.values(), key=weight)
    )


def _first(vocabulary: Vocabulary, row: Row, name: str) -> list[tuple[Row, str]]:
    """Return the facts to ask for *name*: what may settle it by its definition, else the fact itself."""
    kind, _, fact = name.rpartition(".")
    owner = container(row, kind) if kind else row
    definition = owner and vocabulary.definitions.get((owner._kind, fact))
    if owner is None or not definition or fact in owner._stated:
        return [(row, name)]
    leaves = {
        path_of(at, leaf): (at, leaf)
        for condition in definition.conditions
        for at, leaf in judge(condition, owner, vocabulary).unknown_leaves()
    }
    return list(leaves.values()) or [(row, name)]


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
        f"{kind.title.zh}：有哪些？逐个列出，没有填 []{hint}",
        f"{kind.title.en}: which are there? list each one; [] if there is none",
    ).say(lang)
    return Question(path, text, "list", (), None, 1, _steps=steps)
