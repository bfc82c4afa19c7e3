"""Lists grown part by part: what questions over a list can say together, each with a short list that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...expr import Each, Expr
from ...truth import NO, UNKNOWN, YES, Truth, all_of
from .numbers import TooManyError

Kind = tuple[Mapping[Expr, Truth], Mapping[str, Any]]  # what the conditions say of a part, and its facts
State = tuple[tuple[int, int], ...]  # of each question, as `_counted` has it


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as one of the cells has it: parts with their own facts, and whether they are all there are."""

    parts: tuple[Mapping[str, Any], ...]
    complete: bool = True


def listings(
    asked: Sequence[Each], kinds: Sequence[Kind], limit: int, *, unknown: bool
) -> dict[tuple[Truth, ...], Listing | None]:
    """Return every way in which the questions *asked* over one list can come out, each with a list; None: not seen.

    *kinds* are the kinds of part that the conditions tell apart. Raises `TooManyError` beyond *limit*.
    """
    start: State = tuple((0, 0) for _ in asked)
    lists: dict[State, tuple[Mapping[str, Any], ...]] = {start: ()}
    queue = [start]
    for state in queue:
        for truths, facts in kinds:
            grown = tuple(
                _counted(each.least, counts, truths[each.where]) for each, counts in zip(asked, state, strict=True)
            )
            if grown not in lists:
                lists[grown] = (*lists[state], facts)
                queue.append(grown)
        if len(lists) > limit:
            raise TooManyError
    found: dict[tuple[Truth, ...], Listing | None] = {tuple(UNKNOWN for _ in asked): None} if unknown else {}
    for complete in (True, False) if unknown else (True,):
        for state, parts in lists.items():
            told = tuple(
                _told(each.least, counts, complete=complete) for each, counts in zip(asked, state, strict=True)
            )
            found.setdefault(told, Listing(parts, complete))
    return found


def _counted(least: int | None, counts: tuple[int, int], truth: Truth) -> tuple[int, int]:
    """Return the state of a question over a list after one more part: for n (yes, possible), for every (no, open)."""
    if least is None:
        return (int(bool(counts[0]) or truth is NO), int(bool(counts[1]) or truth is UNKNOWN))
    return min(least, counts[0] + (truth is YES)), min(least, counts[1] + (truth is not NO))


def _told(least: int | None, counts: tuple[int, int], *, complete: bool) -> Truth:
    """Return what a question over a list in this state says."""
    if least is None:
        return all_of([NO if counts[0] else YES, UNKNOWN if counts[1] or not complete else YES])
    if counts[0] >= least:
        return YES
    return UNKNOWN if counts[1] >= least or not complete else NO
