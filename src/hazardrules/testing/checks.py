"""What must exist for every rule: cases that pass, a record that hits, one that is clear, one for each boundary.

Each check yields a line for every rule that lacks it: its place, its id, and how a try came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..expr import ALWAYS, NEVER
from ..judge import Verdict
from ..maintain import cases
from ..texts import Text
from .aims import Aim, aims_of
from .boundaries import Boundary, of_definition, of_rule
from .deciding import decided
from .ground import Ground
from .reach import missed
from .source import Key
from .telling import BrokenLawError

__tracebackhide__ = True  # a failure is told by its message, not by our code


def none(found: Iterable[str], told: Text) -> None:
    """Raise `BrokenLawError` where anything was *found*."""
    lines = list(found)
    if lines:
        message = Text(f"{told.zh}（{len(lines)}）", f"{told.en} ({len(lines)})")
        raise BrokenLawError(message, more="\n".join(lines))


def failing_cases(ground: Ground) -> Iterator[str]:
    """Yield the rules without cases, and the cases that do not come out as they expect."""
    for name in ground.days:
        standard, clause, rule = ground.places[name]
        if not rule.cases and not rule.where:
            yield (
                "hazardrules.load 读的不带用例，用 hazardrules.testing.standards 读 "
                "(hazardrules.load reads no cases, hazardrules.testing.standards does)"
            )
            return
        if not rule.cases:
            yield f"{rule.where}: {name}: 没有用例 no cases"
        for outcome in cases.run(ground.corpus, rule, standard, clause):
            if outcome.problem:
                problem = f"{outcome.problem.zh} ({outcome.problem.en})"
                yield f"{rule.where}: {name}: 用例 case {outcome.number}: {problem}\n{outcome.explanation.zh}"


def never_hit(ground: Ground) -> Iterator[str]:
    """Yield the rules that no record hits; of those that are only ever disputed, the ones that none disputes."""
    for name in ground.days:
        rule = ground.places[name][2]
        wanted, aim = (Verdict.DISPUTED, Aim.DISPUTED) if rule.when == NEVER else (Verdict.HIT, Aim.HIT)
        if (told := missed(ground, name, wanted, aim)) is not None:
            yield f"{rule.where}: {name}\n{told}"


def never_clear(ground: Ground) -> Iterator[str]:
    """Yield the rules that hit whatever they speak of, but for those that say no more than of what they speak."""
    for name, days in ground.days.items():
        rule = ground.places[name][2]
        aims = [aim for aim in (Aim.CLEAR, Aim.EXCEPTED) if aim in aims_of(ground.on(days[0])[name])]
        if rule.when != ALWAYS and (told := missed(ground, name, Verdict.CLEAR, *aims)) is not None:
            yield f"{rule.where}: {name}\n{told}"


def idle_boundaries(ground: Ground) -> Iterator[str]:
    """Yield the numbers and dates, of rules and of the definitions behind them, that decide nothing as written."""
    for boundary in _boundaries(ground):
        if decided(ground, boundary) is None:
            yield f"{boundary.where}: {boundary.name}: {boundary.sentence}"


def _boundaries(ground: Ground) -> Iterator[Boundary]:
    defined: dict[Key, None] = {}
    for name, days in ground.days.items():
        yield from of_rule(ground, name)
        read = ground.source(ground.on(days[0])[name], days[0]).read
        defined.update(dict.fromkeys(key for key in sorted(read) if key in ground.vocabulary.definitions))
    latest = max(days[0] for days in ground.days.values())
    for key in defined:
        yield from of_definition(ground, key, latest)
