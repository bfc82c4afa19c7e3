"""What holds of every result: it reads back from JSON, and its levels, counts and reasons fit together."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from typing import Any

from ..classification import Classification
from ..judge import Verdict
from ..rules import Level
from ..texts import Text
from .telling import BrokenLawError

__tracebackhide__ = True  # a failure is told by its message, not by our code
_FORMS = [(lang, form) for lang in ("zh", "en") for form in ("text", "markdown", "data")]


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
