"""How the cost of verdicts grows with the number of rules and of subjects."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import date

import hazardrules as hr
from hazardrules.compiled import compile_edition
from hazardrules.rules import Edition
from hazardrules.truth import YES

from .measuring import Table, in_turn, micros
from .plot import curves
from .steps import DAY, INDUSTRY, record
from .verdicts import over, rows

RULES, SUBJECTS = (20, 60, 200, 600, 2000), (1, 5, 20, 100, 500)


def measure() -> list[Table]:
    """Measure both curves."""
    corpus = hr.default()
    edition = corpus.rulebook.edition(date(2026, 3, 1), corpus.chosen(INDUSTRY))
    own = [entry for entry in edition.entries if entry.rule.subjects == ("dust_system",)]
    subjects = rows(corpus, 0.2)[:50]
    lines, growth = [], []
    for count in RULES:
        copies = [replace(own[n % len(own)], rule=replace(own[n % len(own)].rule, id=f"copy-{n}")) for n in range(count)]
        program = compile_edition(Edition(edition.rulebook, edition.documents, tuple(copies)))
        function, gates = program.blocks["dust_system"].function, (YES,) * len(program.gates)
        taken = in_turn({"judge": over(function, subjects, None, None, gates)}, turns=7)
        each = statistics.median(taken["judge"]) / len(subjects)
        growth.append((count, each))
        lines.append([f"{count:,}", micros(each), f"{each / count * 1e9:.0f} ns"])
    curve, spans = [], {"verdicts": [], "classification": []}
    for count in SUBJECTS:
        data = record(corpus, count)
        taken = in_turn(
            {
                "verdicts": lambda data=data: corpus.judge(corpus.inspect(data, industry=INDUSTRY, on=DAY)),
                "classify": lambda data=data: corpus.classify(data, industry=INDUSTRY, on=DAY),
            },
            turns=7,
        )
        verdicts, whole = (statistics.median(taken[name]) for name in ("verdicts", "classify"))
        spans["verdicts"].append((count, verdicts))
        spans["classification"].append((count, whole))
        curve.append([str(count), micros(verdicts), micros(verdicts / count), micros(whole), micros(whole / count)])
    return [
        Table(
            "More rules",
            f"The rules of the shipped standards on dust removal systems ({len(own)}), repeated; one subject.",
            ("rules", "a subject", "a rule"),
            lines,
            plot=curves({"verdicts": growth}, "rules", "time of one subject"),
        ),
        Table(
            "More subjects",
            "Records as above; reading, verdicts and classification from Python data.",
            ("subjects", "verdicts", "a subject", "classification", "a subject"),
            curve,
            plot=curves(spans, "subjects in the record", "time of the record"),
        ),
    ]
