"""What holds of every record under any standards: each law is a function that raises `BrokenLawError` where it fails.

They are put together by `properties`, and may be called in tests of one's own on records of one's own.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..classification import Classification
from ..classify import Corpus
from ..errors import FactsError
from ..judge import Verdict, judge_rule
from ..reading import ReadingError
from ..record import Record
from ..rows import Row
from ..rules import on_enterprise
from ..texts import Text
from .asked import answering, questions_settle
from .ground import Names
from .reach import differ
from .soundness import is_sound
from .telling import BrokenLawError, as_yaml, shown
from .writing import Sketch

__tracebackhide__ = True  # a failure is told by its message, not by our code

__all__ = [
    "SETTLED",
    "answering",
    "by_reference",
    "engines_agree",
    "is_sound",
    "knowledge_keeps",
    "order_is_free",
    "questions_settle",
    "raises_only_facts_errors",
    "rows_of",
    "spelling_is_free",
]

#: what each verdict may become when more is known
SETTLED: Mapping[Verdict, frozenset[Verdict]] = {
    Verdict.HIT: frozenset({Verdict.HIT}),
    Verdict.DISPUTED: frozenset({Verdict.DISPUTED, Verdict.HIT}),
    Verdict.CLEAR: frozenset({Verdict.CLEAR, Verdict.NOT_APPLICABLE, Verdict.DEFERRED}),
    Verdict.NOT_APPLICABLE: frozenset({Verdict.NOT_APPLICABLE}),
    Verdict.DEFERRED: frozenset({Verdict.DEFERRED, Verdict.CLEAR, Verdict.NOT_APPLICABLE}),
    Verdict.UNKNOWN: frozenset(Verdict),
}


def rows_of(record: Record, subject: str) -> list[Row]:
    """Return the rows that rules on *subject* (a kind, or `container.kind`) are judged on."""
    around, _, kind = subject.rpartition(".")
    found = record.rows.get(kind, [])
    return [row for row in found if not around or (row._up is not None and row._up._kind == around)]


def by_reference(
    corpus: Corpus, record: Mapping[str, Any], *, industry: Names = None, on: date | str | None = None
) -> dict[tuple[str, str], Verdict]:
    """Return the verdicts by (rule, path) as the reference engine gives them; arguments as `Corpus.verdicts`."""
    inspection = corpus.inspect(record, industry=industry, on=on)
    found = {}
    for day in inspection.days:
        for entry in corpus.program(day, inspection.industries).edition.entries:
            gates = [gate for _, gate in entry.gates if inspection.industries and on_enterprise(gate)]
            for subject in entry.rule.subjects:
                for row in rows_of(inspection.record, subject):
                    if (row._observed_on or inspection.day) == day:
                        made = judge_rule(entry.rule, row, corpus.vocabulary, entry.gates, frozenset(gates))
                        found[entry.rule.id, row._path] = made.verdict
    return found


def engines_agree(
    corpus: Corpus, record: Mapping[str, Any], *, industry: Names = None, on: date | str | None = None
) -> None:
    """Check that the compiled engine gives the verdicts of the reference engine, no more and no fewer."""
    expected = by_reference(corpus, record, industry=industry, on=on)
    found = corpus.verdicts(record, industry=industry, on=on)
    for rule, path in dict.fromkeys((*expected, *found)):
        one, two = expected.get((rule, path)), found.get((rule, path))
        if one is not two:
            raise BrokenLawError(differ(rule, path, one, two), record)


def knowledge_keeps(corpus: Corpus, sketch: Sketch, *, industry: Names = None, on: date | str | None = None) -> None:
    """Check that nothing settled by the early state of *sketch* is overturned by the whole.

    No verdict, and no level: what is established is never lowered, what is possible never raised. The
    facts of *sketch* must not contradict themselves (see `consistent`), nor the industry.
    """
    options: dict[str, Any] = {"industry": industry, "on": on}
    earlier, later = (corpus.verdicts(raw, **options) for raw in (sketch.early, sketch.whole))
    for (rule, path), verdict in earlier.items():
        after = later.get((rule, path))  # a part that the law demands by name gives way to the recorded one
        if after is not None and after not in SETTLED[verdict]:
            message = Text(
                f"多知道一些以后，{rule} 在 {path} 上的结论从 {verdict.value} 变成了 {after.value}",
                f"with more known, {rule} on {path} turned from {verdict.value} to {after.value}",
            )
            raise BrokenLawError(message, sketch.early, _later(sketch))
    first, last = (corpus.classify(raw, **options) for raw in (sketch.early, sketch.whole))
    if last.established.rank < first.established.rank or last.possible.rank > first.possible.rank:
        levels = [f"{result.established.value}/{result.possible.value}" for result in (first, last)]
        message = Text(
            f"多知道一些以后，级别（已定/可能）从 {levels[0]} 变成了 {levels[1]}",
            f"with more known, the level (established/possible) turned from {levels[0]} to {levels[1]}",
        )
        raise BrokenLawError(message, sketch.early, _later(sketch))


def _later(sketch: Sketch) -> str:
    return f"后来 later:\n{as_yaml(sketch.whole)}"


def order_is_free(
    corpus: Corpus, record: Mapping[str, Any], other: Mapping[str, Any], *, industry: Names = None
) -> None:
    """Check that *record* and *other*, the same in another order (see `reordered`), give a result of the same bytes."""
    one, two = (corpus.classify(raw, industry=industry).to_json() for raw in (record, other))
    if one != two:
        message = Text("同样的事实换一个次序写，结果就不同了", "the same facts in another order give another result")
        raise BrokenLawError(message, record, f"另一种次序 in another order:\n{as_yaml(other)}")


def spelling_is_free(
    corpus: Corpus, record: Mapping[str, Any], other: Mapping[str, Any], *, industry: Names = None
) -> None:
    """Check that *record* and *other*, the same in other words and units (see `respelled`), give the same verdicts."""
    expected = corpus.verdicts(record, industry=industry)
    more = f"另一种写法 written otherwise:\n{as_yaml(other)}"
    try:
        found = corpus.verdicts(other, industry=industry)
    except FactsError as error:
        message = Text(f"换一种写法就读不进来：{error}", f"written otherwise it cannot be read: {error.say('en')}")
        raise BrokenLawError(message, record, more) from error
    for rule, path in dict.fromkeys((*expected, *found)):
        before, after = expected.get((rule, path)), found.get((rule, path))
        if before is not after:
            one, two = (verdict.value if verdict else "—" for verdict in (before, after))
            message = Text(
                f"换一种写法，{rule} 在 {path} 上的结论从 {one} 变成了 {two}",
                f"written otherwise, {rule} on {path} turned from {one} to {two}",
            )
            raise BrokenLawError(message, record, more)


def raises_only_facts_errors(
    corpus: Corpus,
    data: Any,
    *,
    industry: Names = None,
    on: date | str | None = None,
    lang: str = "zh",
) -> Classification | None:
    """Check that *data*, whatever it is, is judged soundly or refused with a `FactsError` that says why.

    Of bytes, which are read as JSON, it may also be a `ReadingError`. Returns the classification; None
    where it was refused.
    """
    before = copy.deepcopy(data)
    refusals = (FactsError, ReadingError) if isinstance(data, bytes) else (FactsError,)
    try:
        result = corpus.classify(data, industry=industry, on=on, lang=lang)
    except refusals as error:
        if not error.problems or any(not all(problem.message) for problem in error.problems):
            message = Text("拒绝了记录，却没有说明原因", "the record was refused without a reason")
            raise BrokenLawError(message, data) from error
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        return None
    except Exception as error:
        kind = type(error).__name__
        message = Text(f"判定时出了 {kind}：{error}", f"judging raised {kind}: {error}")
        raise BrokenLawError(message, data) from error
    if shown(before) != shown(data):
        raise BrokenLawError(Text("判定改动了记录", "judging changed the record"), before)
    is_sound(result, data)
    return result
