"""Days and minutes around every one at which a comparison changes, given those chosen before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ... import dates
from ...expr import Call, Expr, Fact, walk
from .answers import value_of
from .numbers import Specs, Values

_DAYS = range(date(1900, 1, 1).toordinal(), date(2999, 12, 31).toordinal() + 1)
_EPOCH = datetime(1900, 1, 1)
_MINUTES = range((_DAYS[-1] - _DAYS[0] + 1) * 24 * 60)


def moments(specs: Specs, atoms: Sequence[Expr]) -> Iterator[Values]:
    """Yield days (or minutes) around every one at which a comparison changes, given those chosen before."""
    timed = next(iter(specs.values())).type == "time"
    names = list(specs)
    never = dates.NEVER_TIME if timed else dates.NEVER_DAY

    def lift(chosen: dict[str, Any], left: list[str]) -> Iterator[Values]:
        if not left:
            yield chosen
            return
        name, *rest = left
        cuts = _turns(name, chosen, rest, atoms, timed=timed)
        for value in _around(cuts, timed=timed, spread=len(names) > 1):
            yield from lift({**chosen, name: value}, rest)
        if specs[name].never:
            yield from lift({**chosen, name: never}, rest)

    yield from lift({}, names)


def _turns(name: str, chosen: Values, later: Sequence[str], atoms: Sequence[Expr], *, timed: bool) -> set[int]:
    """Return the places from which on a comparison with *name* comes out otherwise, whatever *later* are."""
    cuts: set[int] = set()
    for atom in atoms:
        assert isinstance(atom, Call)
        inside = {node.name for node in walk(atom) if isinstance(node, Fact)}
        if name not in inside:
            continue
        unset = inside & set(later)
        if not unset:
            cuts |= _turning(atom, name, chosen, timed=timed)
            continue
        (other,) = unset
        without = [atom for atom in atoms if Fact(name) not in walk(atom)]
        for turn in _turns(other, chosen, [n for n in later if n != other], without, timed=timed):
            for at in (turn - 1, turn):
                if 0 <= _place(at, timed=timed) < len(_line(timed=timed)):
                    near = _turning(atom, name, {other: _moment(at, timed=timed)}, timed=timed)
                    cuts |= {cut + step for cut in near for step in (-1, 0, 1)}
    return {cut for cut in cuts if cut in _line(timed=timed)}


def _turning(atom: Call, name: str, values: Values, *, timed: bool) -> set[int]:
    """Return where the comparison *atom*, running through *name*, meets its other side and where it passes it."""
    left, right = atom.args
    if any(node == Fact(name) for node in walk(right)):
        left, right = right, left
    goal, line = value_of(right, {**values, name: None}), _line(timed=timed)
    if goal is None:  # both sides run
        return set()

    def side(place: int) -> Any:
        return value_of(left, {**values, name: _moment(place, timed=timed)})

    meets = bisect_left(line, True, key=lambda place: side(place) >= goal)
    passes = bisect_left(line, True, key=lambda place: side(place) > goal)
    return {line[at] for at in (meets, passes) if at < len(line)}


def _line(*, timed: bool) -> range:
    return _MINUTES if timed else _DAYS


def _place(at: int, *, timed: bool) -> int:
    return at - _line(timed=timed)[0]


def _moment(at: int, *, timed: bool) -> date:
    return _EPOCH + timedelta(minutes=at) if timed else date.fromordinal(at)


def _around(cuts: set[int], *, timed: bool, spread: bool) -> Iterator[date]:
    """Yield a day in each piece between *cuts*: its first; with *spread* one within and its last, too."""
    step = 24 * 60 if timed else 1
    line = _line(timed=timed)
    middle = (date(2024, 6, 12).toordinal() - _DAYS[0]) * step + line[0]
    inner = sorted(cuts) or [middle]
    starts = [max(line[0], inner[0] - 400 * step), *inner]
    ends = [*(cut - 1 for cut in inner), min(line[-1], inner[-1] + 400 * step)]
    for start, end in zip(starts, ends, strict=True):
        first = end if start == starts[0] else start
        others = (start, (start + end) // 2, end) if spread else ()
        for at in dict.fromkeys((first, *others)):
            if start <= at <= end:
                yield _moment(at, timed=timed)
