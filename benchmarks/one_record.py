"""Verdicts of one subject: the compiled rules beside the same rules written by hand.

    python benchmarks/one_record.py

Both sides judge the same typed rows, and must give the same verdicts before anything is timed.
Prints ratios of medians over repeats, with their spread; never a limit that a test would assert.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import by_hand

import hazardrules as hr
from hazardrules.compiled import compile_edition
from hazardrules.rows import new_row
from hazardrules.truth import YES

ROWS, REPEATS, SEED = 400, 15, 20260301


def rows(corpus: hr.Corpus, gaps: float) -> list[Any]:
    """Return random dust systems with a share *gaps* of their facts not known."""
    chance = random.Random(SEED)
    kind = corpus.vocabulary.kinds["dust_system"]
    made = []
    for n in range(ROWS):
        row = new_row(kind, f"dust_system[{n}]", None)
        for spec in kind.facts.values():
            if spec.type not in ("list", "text") and chance.random() >= gaps:
                setattr(row, spec.id, value(spec, chance))
        made.append(row)
    return made


def value(spec: Any, chance: random.Random) -> Any:
    """Return a random value of a fact."""
    if spec.type == "yes_no":
        return chance.random() < 0.5
    if spec.type == "choices":
        return frozenset(word for word in spec.values if chance.random() < 0.3)
    return chance.choice(list(spec.values)) if spec.values else None


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of CPU that *work* takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def judge_all(function: Callable[..., Any], subjects: list[Any], gates: tuple[Any, ...] | None = None) -> None:
    """Judge every subject; the compiled function also takes what contains it and its gates."""
    if gates is None:
        for row in subjects:
            function(row)
    else:
        for row in subjects:
            function(row, None, None, gates)


def main() -> None:
    """Check, measure and print."""
    corpus = hr.default()
    edition = corpus.rulebook.edition(date(2026, 3, 1), corpus.chosen("dust_explosion"))
    kept = tuple(entry for entry in edition.entries if entry.rule.id in by_hand.RULES)
    program = compile_edition(type(edition)(edition.rulebook, edition.documents, kept))
    function, gates = program.blocks["dust_system"].function, (YES,) * len(program.gates)
    print(f"{len(kept)} rules, {ROWS} subjects, median of {REPEATS} repeats (CPU time)")
    for gaps in (0.0, 0.2, 0.5):
        subjects = rows(corpus, gaps)
        for row in subjects:
            assert function(row, None, None, gates) == by_hand.verdicts(row), row.__dict__
        ratios, ours = [], []
        for _ in range(REPEATS):
            compiled = timed(partial(judge_all, function, subjects, gates))
            hand = timed(partial(judge_all, by_hand.verdicts, subjects))
            ours.append(compiled / ROWS * 1e6)
            ratios.append(compiled / hand)
        print(
            f"{gaps:4.0%} of the facts missing: compiled / by hand = {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f}-{max(ratios):.2f}), {statistics.median(ours):.1f} µs a subject"
        )


if __name__ == "__main__":
    main()
