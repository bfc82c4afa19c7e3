"""A rule's cases as tables: what is given of the facts, and the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .. import values
from ..explain import VERDICT_WORDS, both, fact_title
from ..facts import FactSpec, Vocabulary
from ..rules import Rule
from ..texts import Text
from .pages import CaseView, GivenView, Words

NOT_IN_FORCE = Text("没有生效", "not in force")  # on the case's day: no verdict of a rule that is not judged
_OUTCOMES = {verdict.value: words for verdict, words in VERDICT_WORDS.items()}
_NONE = Text("没有", "none")
_SOME = Text("只看了这些", "only these were looked at")


def views(rule: Rule, vocabulary: Vocabulary) -> Iterator[CaseView]:
    """Yield the cases of *rule* as a page shows them, in their order."""
    kind = rule.subjects[0].rpartition(".")[2]
    first = rule.cases[0].given if rule.cases else {}
    for number, case in enumerate(rule.cases, 1):
        yield CaseView(
            number,
            tuple(
                _given(name, raw, kind, vocabulary, changed=name not in first or first[name] != raw)
                for name, raw in case.given.items()
            ),
            case.expect,
            _OUTCOMES.get(case.expect, NOT_IN_FORCE),
            tuple(fact_title(name, kind, vocabulary) for name in case.missing or ()),
            bool(case.exception),
            case.also,
            case.note,
        )


def _given(name: str, raw: Any, kind: str, vocabulary: Vocabulary, *, changed: bool) -> GivenView:
    spec = _spec(name, kind, vocabulary)
    title: Words = fact_title(name, kind, vocabulary) if spec else name
    if spec is None or spec.type != "list":
        return GivenView(title, _value(raw, spec), changed=changed)
    seen = raw.get("seen") if isinstance(raw, Mapping) else None
    parts = seen if isinstance(seen, list) else raw
    if not isinstance(parts, list) or not parts:
        return GivenView(title, _NONE if parts == [] else _value(raw, None), changed=changed)
    inner = tuple(
        tuple(_given(own, value, spec.of or kind, vocabulary, changed=changed) for own, value in part.items())
        for part in parts
        if isinstance(part, Mapping)
    )
    return GivenView(title, _SOME if seen is not None else Text("", ""), inner, changed)


def _spec(name: str, kind: str, vocabulary: Vocabulary) -> FactSpec | None:
    owner, _, fact = name.rpartition(".")
    found = vocabulary.kinds.get(owner or kind)
    return found.facts.get(fact) if found else None


def _value(raw: Any, spec: FactSpec | None) -> Words:
    """Return a recorded value in words; as it was written where it is none of the fact's."""
    if isinstance(raw, Mapping) and "value" in raw:
        said = _value(raw["value"], spec)
        who = "，".join(str(raw[key]) for key in ("by", "at", "evidence") if raw.get(key))
        return f"{said}〔{who}〕" if who else said
    if values.is_unknown(raw):
        return Text("不清楚", "not known")
    if spec is None or (spec.type == "number" and isinstance(raw, str)):
        return str(raw)
    try:
        return both(values.parse(spec, raw), spec)
    except values.FactValueError:
        return str(raw)
