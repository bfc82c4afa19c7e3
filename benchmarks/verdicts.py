"""Verdicts of one subject: the compiled rules beside the same rules by hand, and three answers beside two."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from datetime import date
from typing import Any

import hazardrules as hr
from hazardrules.compiled import _Writer as Writer
from hazardrules.compiled import compile_edition, narrow, wide
from hazardrules.expr import ALWAYS, negate
from hazardrules.lower import possibly, surely
from hazardrules.rows import new_row
from hazardrules.rules import Edition
from hazardrules.truth import YES

from . import by_hand
from .measuring import Table, in_turn, micros, ratio

ROWS, SEED = 400, 20260301


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


def two_valued(edition: Edition, subject: str) -> Callable[[Any], tuple[int, ...]]:
    """Return the same verdicts without *unknown* by the same compiler: what is not surely so is not so."""
    writer = Writer(subject, edition.rulebook.vocabulary, {})
    body = []
    for i, entry in enumerate(edition.entries):
        rule = entry.rule
        asked = [("-2", negate(rule.applies)), ("1", narrow(rule)), ("-4", wide(rule))]
        asked = [(code, condition) for code, condition in asked if code != "-2" or rule.applies != ALWAYS]
        asked = [one for n, one in enumerate(asked) if one[1] not in [other for _, other in asked[:n]]]
        for n, (code, condition) in enumerate(asked):
            test = writer._text(possibly(rule.applies) if code == "-2" else surely(condition))
            body += [f"    {'elif' if n else 'if'} {'not ' if code == '-2' else ''}({test}):", f"        c{i} = {code}"]
        body += ["    else:", f"        c{i} = 0"]
    head = [f"    {local} = {where}" for where, local in writer.names.items()]
    codes = ", ".join(f"c{i}" for i in range(len(edition.entries)))
    source = "\n".join(["def judge(s, e, i, g):", *head, *body, f"    return ({codes},)"])
    exec(source, writer.world)
    return writer.world["judge"]  # type: ignore[no-any-return]


def over(function: Callable[..., Any], subjects: list[Any], *rest: Any) -> Callable[[], None]:
    """Return the work of judging all *subjects*."""

    def work() -> None:
        for row in subjects:
            function(row, *rest)

    return work


def measure() -> list[Table]:
    """Check that all give the same verdicts, and measure."""
    corpus = hr.default()
    edition = corpus.rulebook.edition(date(2026, 3, 1), corpus.chosen("dust_explosion"))
    kept = tuple(entry for entry in edition.entries if entry.rule.id in by_hand.RULES)
    edition = Edition(edition.rulebook, edition.documents, kept)
    program = compile_edition(edition)
    function, gates = program.blocks["dust_system"].function, (YES,) * len(program.gates)
    plain = two_valued(edition, "dust_system")
    lines = []
    for gaps in (0.0, 0.2, 0.5):
        subjects = rows(corpus, gaps)
        for row in subjects:
            codes = function(row, None, None, gates)
            assert codes == by_hand.verdicts(row), row.__dict__
            assert gaps or codes == plain(row, None, None, gates), row.__dict__
        taken = in_turn(
            {
                "ours": over(function, subjects, None, None, gates),
                "hand": over(by_hand.verdicts, subjects),
                "two": over(plain, subjects, None, None, gates),
            }
        )
        lines.append(
            [
                f"{gaps:.0%}",
                micros(statistics.median(taken["ours"]) / ROWS),
                str(ratio(taken["ours"], taken["hand"])),
                str(ratio(taken["ours"], taken["two"])),
            ]
        )
    return [
        Table(
            "Verdicts of one subject",
            f"{len(kept)} rules of order 10, article 11, on the same {ROWS} typed rows; the verdicts are compared first. "
            "By hand: what a careful programmer would write with three answers. Two answers: the same compiler "
            "without the verdict *unknown*. Aims: at most 0.5 of hand-written, at most 1.3 of two answers.",
            ("facts missing", "a subject", "beside written by hand", "beside two answers"),
            lines,
            ("With every fact known the second aim holds; where facts are missing a question is asked twice, possibly so and surely so.",),
        )
    ]
