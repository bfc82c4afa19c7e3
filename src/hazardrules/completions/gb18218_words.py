"""The working of an assessment in words: the grade, S, α and R, and a line for each substance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

from ..texts import Text
from ..units import plain
from .gb18218 import NO_SOURCE, Assessment, Range, Term, Way

GRADES = {
    "一级": "grade one",
    "二级": "grade two",
    "三级": "grade three",
    "四级": "grade four",
    NO_SOURCE: "not a major hazard source",
}
_ROUND = Context(prec=6)
_LONGEST = 12  # digits shown in full


def working(found: Assessment) -> tuple[Text, ...]:
    """Return the working, the result first."""
    return (conclusion(found), _s(found), *_r(found), *map(_term, found.terms))


def not_yet(since: date) -> Text:
    """Return why a unit was not graded that was looked at before the standard was in force."""
    return Text(
        f"GB 18218-2018 自 {since} 起施行，检查在此之前，没有计算级别",
        f"GB 18218-2018 is in force from {since}; the inspection is earlier, so no grade was computed",
    )


def conclusion(found: Assessment) -> Text:
    """Return the grade, or what is still possible."""
    if found.grade:
        return Text(f"计算级别：{found.grade}", f"computed grade: {GRADES[found.grade]}")
    zh, en = "、".join(found.possible), ", ".join(GRADES[grade] for grade in found.possible)
    if found.possible == (NO_SOURCE,):
        zh, en = (
            "已知部分不到临界量，但还有没定下来的，不能判为不构成",
            "below the threshold as far as known, but not all is known",
        )
        return Text(f"级别尚不能确定：{zh}", f"the grade is not certain: {en}")
    return Text(f"级别尚不能确定，可能是：{zh}", f"the grade is not certain; possible: {en}")


def questions(found: Assessment) -> tuple[Text, ...]:
    """Return what would have to be known to make S, R and the grade certain."""
    asked = [
        Text(f"{term.substance.label}：{text.zh}", f"{term.substance.label}: {text.en}")
        for term in found.terms
        for text in term.open
    ]
    if not found.complete:
        asked.append(Text("单元内的危险化学品没有列全", "not all hazardous chemicals of the unit are listed"))
    if found.population is None and found.grade != NO_SOURCE:
        asked.append(
            Text(
                "缺厂界外500米内的常住人数，校正系数α定不了", "the residents within 500 m are missing, so there is no α"
            )
        )
    return tuple(asked)


def _s(found: Assessment) -> Text:
    sums = _sum([term.share for term in found.terms], found.complete)
    state = Text("", "")
    if found.s.least >= 1:
        state = Text("，≥ 1，构成重大危险源", ", ≥ 1: a major hazard source")
    elif found.s.most is not None and found.s.most < 1:
        state = Text("，< 1", ", < 1")
    value = show_range(found.s)
    return Text(f"S = Σ q/Q = {sums.zh}{value.zh}{state.zh}", f"S = Σ q/Q = {sums.en}{value.en}{state.en}")


def _r(found: Assessment) -> Iterator[Text]:
    alpha, value = show_range(found.alpha), show_range(found.r)
    sums = _sum([term.weighted for term in found.terms], found.complete)
    weighted = show_range(found.weighted)
    people = Text("未知", "unknown")
    if found.population is not None:
        people = Text(f" {found.population} 人", f"{found.population}")
    yield Text(
        f"α = {alpha.zh}（表5，厂界外500米内常住人数{people.zh}）",
        f"α = {alpha.en} (table 5; residents within 500 m: {people.en})",
    )
    yield Text(f"Σ β·q/Q = {sums.zh}{weighted.zh}", f"Σ β·q/Q = {sums.en}{weighted.en}")
    yield Text(
        f"R = α·Σ β·q/Q = {alpha.zh} × {weighted.zh} = {value.zh}{_span(found).zh}",
        f"R = α·Σ β·q/Q = {alpha.en} × {weighted.en} = {value.en}{_span(found).en}",
    )


def _span(found: Assessment) -> Text:
    """Return what R has to be for the grade."""
    least, below = found.bounds
    if found.grade == NO_SOURCE:
        return Text("（S < 1，不分级）", " (S < 1: no grade)")
    if found.grade is None or (least is None and below is None):
        return Text("", "")
    span = f"R < {show(below)}" if below else "R"
    if least:
        span = f"{show(below)} > R ≥ {show(least)}" if below else f"R ≥ {show(least)}"
    return Text(f"（{found.grade}：{span}）", f" ({GRADES[found.grade]}: {span})")


def _sum(parts: list[Range], complete: bool) -> Text:
    """Return "a + b + … = ", nothing where it is one number alone."""
    shown = [show_range(part) for part in parts]
    rest = [] if complete else [Text("没有列出的", "what is not listed")]
    if len(shown) + len(rest) < 2:
        return Text("", "")
    return Text(
        " + ".join(text.zh for text in shown + rest) + " = ", " + ".join(text.en for text in shown + rest) + " = "
    )


# ---------------------------------------------------------------------------------- one substance


def _term(term: Term) -> Text:
    quantity = term.substance.quantity
    q = Text("未知", "unknown") if quantity is None else Text(f"{show(quantity)} t", f"{show(quantity)} t")
    ways = [_way(way, term) for way in term.ways]
    both = Text("；或：".join(way.zh for way in ways), "; or: ".join(way.en for way in ways))
    if not ways:
        both = Text("Q 未知", "Q unknown")
    share, weighted = show_range(term.share), show_range(term.weighted)
    result = Text(f"q/Q = {share.zh}，β·q/Q = {weighted.zh}", f"q/Q = {share.en}, β·q/Q = {weighted.en}")
    more = [*term.open, *term.notes]
    tail = Text("".join(f"；{text.zh}" for text in more), "".join(f"; {text.en}" for text in more))
    label = term.substance.label
    return Text(
        f"{label}：q = {q.zh}；{both.zh}；{result.zh}{tail.zh}", f"{label}: q = {q.en}; {both.en}; {result.en}{tail.en}"
    )


def _way(way: Way, term: Term) -> Text:
    if way.limit is None:
        return Text("不属于表1、表2，不计", "in neither table 1 nor table 2: does not count")
    limit = f"Q = {show(way.limit)} t"
    if way.row:
        source = Text(f"表1第{way.row.no}项 {way.row.name}", f"table 1 no. {way.row.no} {way.row.name}")
    else:
        others = len(term.substance.classes or ()) > 1
        source = Text(f"表2 {way.symbol}", f"table 2 {way.symbol}")
        source = Text(f"{source.zh}，几类中最小", f"{source.en}, the lowest of several") if others else source
    beta = "/".join(map(show, way.betas))
    named = "、".join(way.beta_from)
    if not named:
        origin = Text("表4，类别未定", "table 4, class open")
    elif way.beta_from[0] in _symbols(term):
        origin = Text(f"表4 {named}", f"table 4 {named}")
    else:
        origin = Text(f"表3 {named}", f"table 3 {named}")
    return Text(
        f"{limit}（{source.zh}），β = {beta}（{origin.zh}）", f"{limit} ({source.en}), β = {beta} ({origin.en})"
    )


def _symbols(term: Term) -> frozenset[str]:
    return term.substance.classes or frozenset()


# --------------------------------------------------------------------------------------- numbers


def show_range(number: Range) -> Text:
    """Return the number, or between what bounds it lies."""
    least = show(number.least)
    if number.exact is not None:
        return Text(least, least)
    if number.most is None:
        return Text("未知", "unknown") if not number.least else Text(f"至少 {least}", f"at least {least}")
    return Text(f"{least}～{show(number.most)}", f"{least} to {show(number.most)}")


def show(number: Fraction) -> str:
    """Return the exact number where it is short, else rounded with the fraction that it is."""
    text = plain(number)
    if "/" not in text and len(text) <= _LONGEST:
        return text
    rounded = _ROUND.divide(Decimal(number.numerator), Decimal(number.denominator))
    fraction = f"{number.numerator}/{number.denominator}"
    return f"≈{rounded:f}" + (f"（{fraction}）" if len(fraction) <= _LONGEST else "")
