"""What a fact may be: its plain values, the neighbours of a value, and how a record writes it.

Values are normalised, as rows have them; plain ones stand first, so that what is drawn from a pool
shrinks towards them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from .. import dates, units
from ..facts import FactSpec
from ..units import Number
from ..values import FactValueError, parse

T = TypeVar("T")


class Pick(Protocol):
    """Where choices come from: Hypothesis, which can shrink them, or a seeded `Random`."""

    def __call__(self, options: Sequence[T], /) -> T:
        """Return one of *options*."""


NEVER = (dates.NEVER_DAY, dates.NEVER_TIME)
_GRADIENTS: tuple[Number, ...] = (Decimal(200), Fraction(1000, 3), Decimal(1000))  # 1:5, 1:3 and 1:1
_AGO = (0, -1, -30, -400, 1)  # days from the inspection
_FAR = (Decimal(10), Decimal("0.5"))
_TEXTS = ("甲", "随便写的一句话")


def plain(spec: FactSpec, day: date) -> tuple[Any, ...]:
    """Return the plain values of the fact *spec* on an inspection of *day*; of `choices` those of one word."""
    if spec.type == "yes_no":
        return True, False
    if spec.is_word:
        return tuple(spec.values)
    if spec.type == "choices":
        return (frozenset(), *(frozenset({word}) for word in spec.values))
    if spec.type == "text":
        return _TEXTS
    if spec.type == "number":
        return tuple(fitting(spec, _numbers(spec)))
    days = [day + timedelta(days=ago) for ago in _AGO]
    if spec.type == "date":
        return (*days, *([dates.NEVER_DAY] if spec.never else []))
    times = [datetime.combine(each, time(8)) for each in days]
    return (*times, datetime.combine(day, time(0)), *([dates.NEVER_TIME] if spec.never else []))


def _numbers(spec: FactSpec) -> Iterator[Number]:
    if spec.unit and units.kind_of(spec.unit) == "gradient":
        yield from _GRADIENTS
        return
    least = Decimal(spec.min or 0)
    for number in (1, 0, 2):
        yield units.to_base(max(Decimal(number), least), spec.unit)


def far(spec: FactSpec) -> tuple[Number, ...]:
    """Return numbers that lie apart from the plain ones."""
    return tuple(units.to_base(number, spec.unit) for number in _FAR) if spec.type == "number" else ()


def fitting(spec: FactSpec, values: Iterable[Any]) -> Iterator[Any]:
    """Yield those of *values* that a record can state of the fact *spec*, each once."""
    seen = set()
    for value in values:
        if value not in seen and _may_be(spec, value):
            seen.add(value)
            yield value


def _may_be(spec: FactSpec, value: Any) -> bool:
    """Return whether a record can state *value*: no half of a person, no length below the least one."""
    try:
        return bool(parse(spec, raw(spec, value)) == value)
    except FactValueError:
        return False


def neighbours(spec: FactSpec, value: Any) -> tuple[Any, Any]:
    """Return what lies one step below and above *value*: a day, a minute, one person, a tenth of its last place."""
    if isinstance(value, datetime):
        return value - timedelta(minutes=1), value + timedelta(minutes=1)
    if isinstance(value, date):
        return value - timedelta(days=1), value + timedelta(days=1)
    step = _step(spec, value)
    return units.subtract(value, step), units.add(value, step)


def _step(spec: FactSpec, value: Number) -> Decimal:
    unit = Decimal(1) if spec.unit is None else Decimal(units.KINDS[units.kind_of(spec.unit)][spec.unit])
    if spec.integer:
        return unit
    text = units.plain(Fraction(value) / Fraction(unit))
    if "/" in text:  # 1:3 has no last place
        return Decimal(1)
    places = len(text.partition(".")[2])
    return unit * Decimal(1).scaleb(-places - 1)


def raw(spec: FactSpec, value: Any) -> Any:
    """Return the normalised *value* of the fact *spec* as a record states it.

    Words are words, dates text, and a number is an `int` or an exact `Decimal` in the fact's own unit;
    where it is none (1:3, 1/24 m3/h) it is text with a unit.
    """
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return dates.show(value)
    if isinstance(value, frozenset):
        return [word for word in spec.values if word in value]
    if spec.unit == "1:m" and isinstance(value, Decimal):
        return f"{units.plain(value)} ‰"
    text = units.from_base(value, spec.unit)
    parsed = units.parse(text)
    if parsed is None or parsed[1] != spec.unit or not isinstance(parsed[0], Decimal):
        return text
    return int(parsed[0]) if parsed[0] == int(parsed[0]) else parsed[0]
