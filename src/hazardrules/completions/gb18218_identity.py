"""Which row of table 1 a recorded substance is, and whether it may count by its class instead."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..texts import Text
from .gb18218_tables import Listed, Tables, cas_numbers, plain_name

PURE, SAME_CLASS, OTHER_CLASS = "纯物质", "同类混合物", "异类混合物"  # words of the fact `mixture`


@dataclass(frozen=True, slots=True)
class Substance:
    """A hazardous chemical of a unit as recorded; None where not known."""

    label: str
    name: str | None
    cas: str | None
    classes: frozenset[str] | None  # symbols: W5.3
    quantity: Fraction | None  # greatest quantity by design, in t
    mixture: str | None


@dataclass(frozen=True, slots=True)
class Identity:
    """The rows of table 1 that a substance may be, and whether it may be none of them.

    Without any row and not by class nothing is known of it. *sure*: it cannot be another row.
    """

    rows: tuple[Listed, ...] = ()
    by_class: bool = False
    sure: bool = False
    open: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


def identify(substance: Substance, tables: Tables) -> Identity:
    """Return what *substance* is by its CAS number and by the names that the tables list."""
    if substance.mixture == OTHER_CLASS:
        return Identity(by_class=True, sure=True)
    cas = cas_numbers(substance.cas or "")
    name = plain_name(substance.name) if substance.name else None
    if cas is None:
        shown = (substance.cas or "").strip()
        return Identity(open=(Text(f"CAS号“{shown}”写得不对，请核对", f"“{shown}” is no CAS number; please check"),))
    if not name and not cas:
        return Identity(open=(Text("缺品名和CAS号", "neither name nor CAS number"),))
    named, numbered = tables.named(name) if name else (), tables.numbered(cas)
    rows = named or numbered
    if named and cas:
        rows = tuple(row for row in named if row in numbered)
        rows = rows or tuple(row for row in named if row.group and not (numbered and row.cas))
        if not rows:
            return Identity(open=(_conflict(named),))
    if not rows:
        return _unlisted(substance, bool(cas), tables)
    by_number = bool(name) and not named
    vague = any(name in row.unsure or (by_number and row.condition) for row in rows)
    by_class = vague and substance.mixture != PURE
    notes = []
    if by_number and not vague:
        notes.append(
            Text("品名不是表1里的叫法，按CAS号认定", "the name is not that of table 1; identified by CAS number")
        )
    return Identity(rows, by_class, sure=True, open=tuple(_undecided(rows, by_class)), notes=tuple(notes))


def _unlisted(substance: Substance, numbered: bool, tables: Tables) -> Identity:
    """Return what is in no row: it counts by its class, and a name alone does not prove that it is in none."""
    classes = substance.classes or frozenset()
    like = [row for row in tables.listed if row.looks_like and row.looks_like <= classes]
    notes = tuple(
        Text(
            f"若是{row.name}（表1第{row.no}项，临界量 {row.limit} t），品名请写“{row.name}”",
            f"if it is one of {row.name} (table 1 no. {row.no}, Q {row.limit} t), name it so",
        )
        for row in like
    )
    doubt = Text(
        "品名不在表1的名称和别名里，又没有CAS号，按危险性类别计算；请给出CAS号，混合物请注明",
        "not a name of table 1 and no CAS number, so it counts by class; state the CAS number, or that it is a mixture",
    )
    return Identity(by_class=True, sure=numbered, open=() if numbered else (doubt,), notes=notes)


def _undecided(rows: tuple[Listed, ...], by_class: bool) -> list[Text]:
    numbers = "、".join(str(row.no) for row in rows)
    if by_class:
        names = "、".join(row.name for row in rows)
        return [
            Text(
                f"品名没有写明是不是表1第{numbers}项“{names}”；请写明含量、状态，或注明是纯物质还是混合物",
                f"it may or may not be table 1 no. {numbers} “{names}”; state its content, or whether it is a mixture",
            )
        ]
    if len(rows) > 1:
        return [
            Text(
                f"可能是表1第{numbers}项，CAS号和这个品名定不了是哪一项；品名请照表1写全",
                f"table 1 nos. {numbers} share the CAS number; write the name in full as in table 1",
            )
        ]
    return []


def _conflict(named: tuple[Listed, ...]) -> Text:
    numbers = "、".join(str(row.no) for row in named)
    return Text(
        f"品名是表1第{numbers}项，CAS号却不是它的，请核对",
        f"by its name it is table 1 no. {numbers}, but not by its CAS number; please check",
    )
