"""From the bytes of a record to its verdicts, and on to the whole classification, step by step."""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Mapping
from datetime import date
from typing import Any

import jsonschema
import orjson

import hazardrules as hr
from hazardrules import forms

from . import synthetic
from .measuring import Table, in_turn, micros, ratio

SEED = 20260301
DAY = date(2026, 3, 1)
INDUSTRY = "dust_explosion"


def record(corpus: hr.Corpus, subjects: int, share: float = 0.5) -> dict[str, Any]:
    """Return a record of *subjects* dust systems, each with a *share* of its facts."""
    chance = random.Random(SEED)
    facts = [spec for spec in corpus.vocabulary.kinds["dust_system"].facts.values() if spec.type not in ("list", "text")]
    return {
        "enterprise": {"sectors": ["轻工"], "dust_explosion": True},
        "inspection": {"other_regimes": []},
        "dust_system": [
            {"id": f"{n}号除尘系统", **{s.id: _value(s, chance) for s in facts if chance.random() < share and _value(s, chance) is not None}}
            for n in range(subjects)
        ],
    }  # fmt: skip


def _value(spec: Any, chance: random.Random) -> Any:
    match spec.type:
        case "yes_no":
            return chance.random() < 0.5
        case "choices":
            return [word for word in spec.values if chance.random() < 0.3]
        case "number":
            return round(chance.random() * 10, 2) if spec.unit != "1:m" and not spec.integer else None
    return chance.choice(list(spec.values)) if spec.values else None


def measure() -> list[Table]:
    """Measure the steps for records of one, ten and a hundred subjects."""
    corpus = hr.default()
    schema = forms.as_schema(corpus.vocabulary, forms.asked(corpus.rulebook, corpus.chosen(INDUSTRY), None))
    validator = jsonschema.Draft202012Validator(schema)
    lines = []
    for subjects in (1, 10, 100):
        data = record(corpus, subjects)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(_line(corpus, str(subjects), text, validator, INDUSTRY))
    made = synthetic.corpus(synthetic.rules())
    data = synthetic.as_facts(synthetic.record())
    schema = forms.as_schema(made.vocabulary, {kind.id: list(kind.facts.values()) for kind in made.vocabulary.kinds.values()})
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    lines.append(_line(made, "1 with 3 lists, synthetic", text, jsonschema.Draft202012Validator(schema), None))
    return [
        Table(
            "From bytes to verdicts to a classification",
            "Records of dust removal systems with half of their facts, judged under all rules of the industry "
            "`dust_explosion`. Reading checks every value and makes typed rows. The first ratios are to parsing the same "
            "bytes with orjson alone, the last two to the step before: the whole classification with its level, notices "
            "and counts of what is open, and the same with every reason read (`to_dict`).",
            ("subjects", "bytes", "orjson", "read ÷ orjson", "verdicts ÷ orjson", "jsonschema ÷ orjson",
             "verdicts", "classify ÷ verdicts", "to_dict ÷ verdicts"),
            lines,
            (
                "Aims: bytes to verdicts at most 3 × orjson, classification at most 5 × verdicts.",
                "The first is not reached: a subject's rules alone cost more than parsing it (see the column of times), "
                "and reading in Python costs several times what parsing in C does.",
            ),
        )
    ]  # fmt: skip


def _line(corpus: hr.Corpus, subjects: str, text: bytes, validator: Any, industry: str | None) -> list[str]:
    def inspect() -> Any:
        return corpus.inspect(text, industry=industry, on=DAY)

    works: Mapping[str, Any] = {
        "parse": lambda: orjson.loads(text),
        "read": inspect,
        "verdicts": lambda: corpus.judge(inspect()),
        "classify": lambda: corpus.classify(text, industry=industry, on=DAY),
        "all": lambda: corpus.classify(text, industry=industry, on=DAY).to_dict(),
        "schema": lambda: validator.is_valid(orjson.loads(text)),
    }
    assert validator.is_valid(orjson.loads(text)), "the published schema must accept what the reader accepts"
    taken = in_turn(works, turns=7)
    return [
        subjects, f"{len(text):,}", micros(statistics.median(taken["parse"])),
        str(ratio(taken["read"], taken["parse"])), str(ratio(taken["verdicts"], taken["parse"])),
        str(ratio(taken["schema"], taken["parse"])), micros(statistics.median(taken["verdicts"])),
        str(ratio(taken["classify"], taken["verdicts"])), str(ratio(taken["all"], taken["verdicts"])),
    ]  # fmt: skip
