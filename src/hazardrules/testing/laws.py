"""What holds of every record under any standards: each law is a function that raises `BrokenLawError` where it fails.

They are put together by `properties`, and may be called in tests of one's own on records of one's own.
"""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ..asking import Question
from ..classification import Classification
from ..classify import Corpus
from ..errors import FactsError
from ..facts import FactSpec, Vocabulary
from ..judge import Verdict, judge_rule
from ..reading import ReadingError
from ..record import Record
from ..rows import Row
from ..rules import Level, on_enterprise
from ..texts import Text
from .ground import Ground
from .pools import Pick, raw
from .reach import differ
from .telling import BrokenLawError, as_yaml, shown
from .writing import Sketch

Industry = str | Iterable[str] | None

_FORMS = [(lang, form) for lang in ("zh", "en") for form in ("text", "markdown", "data")]
__tracebackhide__ = True  # a failure is told by its message, not by our code
_ROUNDS = 40  # of questions and answers
_ANSWERED = date(2026, 1, 1)  # the day from which drawn answers count

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
    corpus: Corpus, record: Mapping[str, Any], *, industry: Industry = None, on: date | str | None = None
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
    corpus: Corpus, record: Mapping[str, Any], *, industry: Industry = None, on: date | str | None = None
) -> None:
    """Check that the compiled engine gives the verdicts of the reference engine, no more and no fewer."""
    expected = by_reference(corpus, record, industry=industry, on=on)
    found = corpus.verdicts(record, industry=industry, on=on)
    for rule, path in dict.fromkeys((*expected, *found)):
        one, two = expected.get((rule, path)), found.get((rule, path))
        if one is not two:
            raise BrokenLawError(differ(rule, path, one, two), record)


def knowledge_keeps(corpus: Corpus, sketch: Sketch, *, industry: Industry = None, on: date | str | None = None) -> None:
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
    corpus: Corpus, record: Mapping[str, Any], other: Mapping[str, Any], *, industry: Industry = None
) -> None:
    """Check that *record* and *other*, the same in another order (see `reordered`), give a result of the same bytes."""
    one, two = (corpus.classify(raw, industry=industry).to_json() for raw in (record, other))
    if one != two:
        message = Text("同样的事实换一个次序写，结果就不同了", "the same facts in another order give another result")
        raise BrokenLawError(message, record, f"另一种次序 in another order:\n{as_yaml(other)}")


def spelling_is_free(
    corpus: Corpus, record: Mapping[str, Any], other: Mapping[str, Any], *, industry: Industry = None
) -> None:
    """Check that *record* and *other*, the same in other words and units (see `respelled`), give the same verdicts."""
    expected = corpus.verdicts(record, industry=industry)
    more = f"另一种写法 written otherwise:\n{as_yaml(other)}"
    try:
        found = corpus.verdicts(other, industry=industry)
    except FactsError as error:
        message = Text(f"换一种写法就读不进来：{error}", f"written otherwise it cannot be read: {error.say('en')}")
        raise BrokenLawError(message, record, more) from error
    for (rule, path), verdict in expected.items():
        after = found.get((rule, path))
        if after is not verdict:
            told = after.value if after else "—"
            message = Text(
                f"换一种写法，{rule} 在 {path} 上的结论从 {verdict.value} 变成了 {told}",
                f"written otherwise, {rule} on {path} turned from {verdict.value} to {told}",
            )
            raise BrokenLawError(message, record, more)


def raises_only_facts_errors(
    corpus: Corpus,
    data: Any,
    *,
    industry: Industry = None,
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


def is_sound(result: Classification, record: Any = None) -> None:
    """Check what holds of every result: it reads back from JSON, and its levels, counts and reasons fit together."""
    for message in _unsound(result):
        raise BrokenLawError(message, record, str(result))


def _unsound(result: Classification) -> Iterator[Text]:
    """Yield what is wrong with *result*."""
    text, copied = result.to_json(), pickle.loads(pickle.dumps(result))  # noqa: S301 - our own
    back = Classification.from_json(text)
    if back.to_json() != text or not back.to_dict() == json.loads(text) == result.to_dict():
        yield Text("JSON 读回来不是原样", "JSON does not read back to the same")
    if copied != result or copied.to_json() != text or _reasons(copied) != _reasons(result):
        yield Text("用 pickle 存取一次不是原样", "a pickled copy is not the same")
    lowest, highest = result.established, result.possible
    if lowest.rank > highest.rank:
        yield Text("已定的级别高于可能的级别", "the established level is above the possible one")
    if result.level is not (lowest if lowest is highest else Level.UNDETERMINED):
        yield Text("级别与已定、可能的级别不符", "the level does not follow from established and possible")
    found = [finding.verdict for finding in result.findings]
    if (lowest is Level.NONE) is (Verdict.HIT in found):
        yield Text("已定的级别与命中不符", "the established level does not fit the hits")
    exact = all(result.counts[v.value] == found.count(v) for v in (Verdict.DISPUTED, Verdict.DEFERRED))
    if not exact or result.counts["hit"] < found.count(Verdict.HIT) or result.counts["unknown"] < len(result.open):
        yield Text("计数与列出的不符", "the counts do not fit what is listed")
    if result.complete and result.open:
        yield Text("说清单完整，却有待定的规则", "the list is told to be complete, and rules are open")
    if not all(item.missing for item in result.open):
        yield Text("待定的规则没有说缺什么", "an open rule does not tell what is missing")
    if not all(map(all, _reasons(result))):
        yield Text("有的发现或待定没有判定过程", "a finding or an open rule has no reasoning")
    weights = [(question.majors, question.opens) for question in result.questions()]
    if weights != sorted(weights, reverse=True):
        yield Text("问题没有按要紧的先后排", "questions do not stand in the order of their weight")


def _reasons(result: Classification) -> list[list[Any]]:
    """Return the reasoning of a few findings and open rules, in every form."""
    findings = [[found.explain(lang, form) for lang, form in _FORMS] for found in result.findings[:5]]
    return findings + [[item.explain(lang, form) for lang, form in _FORMS] for item in result.open[:5]]


def questions_settle(
    corpus: Corpus, record: Mapping[str, Any], answer: Callable[[Question], Any], *, industry: Industry = None
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
