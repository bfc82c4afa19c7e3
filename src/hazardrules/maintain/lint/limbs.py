"""Rules and limbs beside each other: one that another contains, and thresholds that miss each other.

Limbs are the rules of a clause, the parts of an *any*, and the rows of a table. Two of them that compare
the same number leave a gap where a value belongs to neither, and overlap where it belongs to both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from ...compiled import narrow
from ...expr import NEVER, Call, Const, Expr, Fact, all_of
from ...rules import Rule
from ...sentence import write_value
from ...texts import Text
from ..cells import Space, TooManyError, atoms_of
from .book import Book, Check, Finding, Placed, Spot
from .conditions import Part, part_of

# --------------------------------------------------------------------------------------- containment


def contained_rules(book: Book) -> Iterator[Finding]:
    """Yield the rules that say nothing beside another one: wherever they hit, it hits as well."""
    groups: dict[Any, list[Placed]] = defaultdict(list)
    for placed in book.rules:
        if placed.rule.when != NEVER:
            groups[placed.standard.id, placed.rule.subjects, placed.rule.level].append(placed)
    for group in groups.values():
        read = {id(placed): _reads(book, placed) for placed in group}
        for inner, outer in permutations(group, 2):
            if (
                read[id(outer)] <= read[id(inner)]
                and _together(inner.rule, outer.rule)
                and _contains(book, outer, inner)
            ):
                if inner.rule.id < outer.rule.id and _contains(book, inner, outer):
                    continue  # they are the same: told once, of the later one
                yield inner.finding(
                    f"凡是它命中的，{outer.rule.id} 也都命中；合并，或者查哪一条的条件写错了",
                    f"wherever it hits, {outer.rule.id} hits too; merge them, or see whose conditions are wrong",
                    "when",
                )


def _whole(placed: Placed) -> Expr:
    return all_of(placed.given(), placed.rule.applies, narrow(placed.rule))


def _reads(book: Book, placed: Placed) -> set[tuple[str, str]]:
    """Return the facts on which the rule rests in the end: for one that is defined, those from which it follows."""
    read = {owner for subject in placed.rule.subjects for owner in book.reads(_whole(placed), subject)}
    return {owner for owner in read if owner not in book.vocabulary.definitions}


def _together(one: Rule, other: Rule) -> bool:
    """Return whether there is a day on which both rules are in force."""
    starts = [rule.in_force.since for rule in (one, other) if rule.in_force.since]
    ends = [rule.in_force.until for rule in (one, other) if rule.in_force.until]
    return not starts or not ends or max(starts) < min(ends)


def _contains(book: Book, outer: Placed, inner: Placed) -> bool:
    for subject in inner.rule.subjects:
        try:
            space = Space(book.vocabulary, subject, [_whole(inner), _whole(outer)])
        except TooManyError:
            about = f"{outer.rule.id} 是否包含它", f"whether {outer.rule.id} contains it"
            book.undecided.append(
                inner.finding(f"情况太多，没有核对{about[0]}", f"too many cases: {about[1]} is not checked")
            )
            return False
        hits = space.bits(_whole(inner)).yes
        if not hits or hits & space.bits(_whole(outer)).no:
            return False
    return True


# ---------------------------------------------------------------------------------------- thresholds


@dataclass(frozen=True, slots=True)
class _Limb:
    """A condition that stands beside others, and how a message calls it."""

    expr: Expr
    spot: Spot
    name: Text


@dataclass(frozen=True, slots=True)
class _Limbs:
    """Limbs beside each other: `rows` of a table, which should take up every value, or `parts` of an *any*."""

    subject: str
    limbs: tuple[_Limb, ...]
    rows: bool = False
    parts: bool = False


def _limbs(book: Book) -> Iterator[_Limbs]:
    clauses: dict[Any, list[Placed]] = defaultdict(list)
    for placed in book.rules:
        rule = placed.rule
        clauses[placed.clause.path, rule.subjects].append(placed)
        if rule.when != NEVER:
            for parts in _anys(part_of(placed.spot.at("when").data, rule.when, ("when",))):
                named = (_Limb(part.expr, placed.spot.at(*part.path), _nth(n, "支", "limb")) for n, part in parts)
                yield _Limbs(rule.subjects[0], tuple(named), parts=True)
    for (_, subjects), group in clauses.items():
        rules = (_Limb(all_of(p.rule.applies, p.rule.when), p.spot.at("id"), Text(p.rule.id, p.rule.id)) for p in group)
        yield _Limbs(subjects[0], tuple(rules))
    for kind, spec, spot in book.facts:
        definition = book.vocabulary.definitions.get((kind.id, spec.id))
        if definition and definition.table:
            rows = enumerate(definition.table.rows)
            named = (_Limb(expr, spot.at("table", "rows", n), _nth(n + 1, "行", "row")) for n, (expr, _) in rows)
            yield _Limbs(kind.id, tuple(named), rows=True)


def _nth(n: int, zh: str, en: str) -> Text:
    return Text(f"第 {n} {zh}", f"{en} {n}")


def _anys(part: Part) -> Iterator[list[tuple[int, Part]]]:
    """Yield the parts of each *any* of the subject's own in a condition, counted from 1."""
    if isinstance(part.expr, Call):
        if part.expr.op == "any" and part.parts:
            yield list(enumerate(part.parts, 1))
        for inner in part.parts:
            yield from _anys(inner)


@dataclass(frozen=True, slots=True)
class _Miss:
    """Two limbs that share a value of a number, or leave one to neither."""

    lower: _Limb
    upper: _Limb
    fact: str
    value: str
    gap: bool


def _misses(book: Book) -> Iterator[_Miss]:
    for beside in _limbs(book):
        compared = [_compared(limb.expr) for limb in beside.limbs]
        for name in dict.fromkeys(name for found in compared for name in found):
            limbs = [limb for limb, found in zip(beside.limbs, compared, strict=True) if name in found]
            ends = set().union(*(found[name] for found in compared if name in found))
            if len(limbs) > 1:
                try:
                    yield from _between(book, beside, limbs, name, ends)
                except TooManyError:
                    zh, en = f"情况太多，没有核对“{name}”的界限", f"too many cases: thresholds of “{name}” unchecked"
                    book.undecided.append(Finding(limbs[0].spot, Text(zh, en)))


def _compared(expr: Expr) -> dict[str, set[Any]]:
    """Return the facts that a condition compares with constants, and with which."""
    found: dict[str, set[Any]] = defaultdict(set)
    for atom in atoms_of(expr):
        match atom:
            case Call("lt" | "le" | "gt" | "ge", (Fact(name), Const(value)) | (Const(value), Fact(name))):
                found[name].add(value)
    return found


def _between(book: Book, beside: _Limbs, limbs: list[_Limb], name: str, ends: set[Any]) -> Iterator[_Miss]:
    """Yield where limbs that each take one stretch of the line of *name* do not meet.

    A single value at a threshold is told where what else the two ask can hold of one subject. A stretch
    is told only where they ask nothing else: shared, of rules and rows; left out, of rows alone, as too
    low and too high with what is right between them are commonly two limbs.
    """
    marks = [Call("eq", (Fact(name), Const(end))) for end in ends]
    space = Space(book.vocabulary, beside.subject, [*(limb.expr for limb in limbs), *marks])
    spec, line = space.scope.find(name), space.line(name)
    assert spec is not None
    yes = [space.bits(limb.expr).yes for limb in limbs]
    takes = [[n for n, (_, cases) in enumerate(line) if cases & mine] for mine in yes]
    rests = [space.any_value(name, mine) if line else 0 for mine in yes]
    for one, other in permutations(range(len(limbs)), 2):
        low, high = takes[one], takes[other]
        if not (_is_run(low) and _is_run(high) and low[0] < high[0] and low[-1] < high[-1]):
            continue
        left = [n for n in range(low[-1] + 1, high[0]) if not any(n in taken for taken in takes)]
        off = left or [n for n in low if n in high]
        if not off or (not left and beside.parts):
            continue
        at_one_end = len(off) == 1 and line[off[0]][0] in ends
        alike = rests[one] == rests[other] and (beside.rows or not left) and not beside.parts
        if alike or (at_one_end and rests[one] & rests[other]):
            yield _Miss(limbs[one], limbs[other], name, write_value(line[off[0]][0], spec), gap=bool(left))


def _is_run(taken: Sequence[int]) -> bool:
    """Return whether *taken* is one unbroken stretch."""
    return bool(taken) and list(taken) == list(range(taken[0], taken[-1] + 1))


def threshold_gaps(book: Book) -> Iterator[Finding]:
    """Yield pairs of limbs between whose thresholds a value belongs to neither."""
    for miss in _misses(book):
        if miss.gap:
            yield _told(
                miss,
                Text("两边都不包括；把其中一边改成含本数，或接上界限", "takes it; include it in one, or let them meet"),
                "neither of",
            )


def threshold_overlaps(book: Book) -> Iterator[Finding]:
    """Yield pairs of limbs whose thresholds share a value."""
    for miss in _misses(book):
        if not miss.gap:
            yield _told(
                miss,
                Text("两边都包括；把其中一边改成不含本数，或错开界限", "take it; leave it out of one, or part them"),
                "both of",
            )


def _told(miss: _Miss, what: Text, how_many: str) -> Finding:
    return Finding(
        miss.upper.spot,
        Text(
            f"“{miss.fact}”为 {miss.value} 时，{miss.lower.name.zh} 和 {miss.upper.name.zh} {what.zh}",
            f"“{miss.fact}” = {miss.value}: {how_many} {miss.lower.name.en} and {miss.upper.name.en} {what.en}",
        ),
    )


CHECKS = (
    Check("contained-rule", Text("被另一条规则包含的规则", "a rule that another contains"), contained_rules),
    Check("threshold-gap", Text("各支的界限之间有缺口", "a gap between the thresholds of limbs"), threshold_gaps),
    Check("threshold-overlap", Text("各支的界限重叠", "thresholds of limbs that overlap"), threshold_overlaps),
)
