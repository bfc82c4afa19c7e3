"""Quantities: exact numbers, and a small table of the units that inspectors write.

A number is a `Decimal` read from its text (never a binary float: at `1.1 * design` a float misses
the legal boundary in half of the cases), in the base unit of its kind; a gradient written `1:m`
is a `Fraction`. Bases are chosen so that every factor is a whole number.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import NamedTuple

Number = Decimal | Fraction

DIGITS = 18  # significant digits, and the greatest power of ten, that a number may have
_EXACT = Context(prec=200, traps=[InvalidOperation, Overflow, Inexact])

#: kind of quantity → unit → how many base units it is
KINDS: dict[str, dict[str, int]] = {
    "length": {"mm": 1, "cm": 10, "m": 1000, "km": 1_000_000},
    "area": {"m2": 1, "hm2": 10_000, "km2": 1_000_000},
    "volume": {"L": 1, "m3": 1000, "万m3": 10_000_000},
    "mass": {"g": 1, "kg": 1000, "t": 1_000_000, "万t": 10_000_000_000},
    "duration": {"s": 1, "min": 60, "h": 3600, "d": 86_400},
    "speed": {"m/s": 1},
    "flow": {"m3/d": 1, "m3/h": 24, "m3/min": 1440, "m3/s": 86_400},
    "gas content": {"m3/t": 1},
    "pressure": {"Pa": 1, "kPa": 1000, "MPa": 1_000_000},
    "voltage": {"V": 1, "kV": 1000},
    "power": {"W": 1, "kW": 1000, "MW": 1_000_000},
    "apparent power": {"kVA": 1},
    "current": {"A": 1},
    "temperature": {"℃": 1},
    "angle": {"°": 1},
    "concentration": {"mg/m3": 1, "g/m3": 1000},
    "volume fraction": {"ppm": 1},
    "gradient": {"‰": 1, "%": 10, "1:m": 1},  # a ratio; `1:m` itself is read by `parse`
    "money": {"元": 1, "万元": 10_000},
}
_KIND_OF = {unit: kind for kind, table in KINDS.items() for unit in table}
_ALIASES = {
    "毫米": "mm", "厘米": "cm", "米": "m", "公里": "km", "千米": "km",
    "㎡": "m2", "m²": "m2", "平方米": "m2", "公顷": "hm2", "ha": "hm2", "km²": "km2",
    "升": "L", "l": "L", "m³": "m3", "立方米": "m3", "方": "m3", "万m³": "万m3", "万立方米": "万m3",
    "克": "g", "千克": "kg", "公斤": "kg", "吨": "t", "万吨": "万t",
    "秒": "s", "分钟": "min", "分": "min", "小时": "h", "天": "d", "日": "d",
    "m³/h": "m3/h", "m³/s": "m3/s", "m³/min": "m3/min", "m³/d": "m3/d", "m³/t": "m3/t",
    "帕": "Pa", "千帕": "kPa", "兆帕": "MPa", "伏": "V", "千伏": "kV", "千瓦": "kW", "兆瓦": "MW",
    "°C": "℃", "度": "°", "mg/m³": "mg/m3", "g/m³": "g/m3", "％": "%", "PPM": "ppm",
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(\S.*)?")
_RATIO = re.compile(r"1\s*[:：]\s*(\d+(?:\.\d+)?)")


def canonical(unit: str) -> str | None:
    """Return the table's spelling of *unit* ("米" → "m"), or None where it is not known."""
    unit = _ALIASES.get(unit, unit)
    return unit if unit in _KIND_OF else None


_SMALLEST, _GREATEST = 1e-12, 1e15  # of the numbers that `Scale` takes without a closer look


def kind_of(unit: str) -> str:
    """Return the kind of quantity that the known *unit* measures."""
    return _KIND_OF[unit]


def known_units() -> list[str]:
    """Return every unit in the table's spelling."""
    return list(_KIND_OF)


def spellings() -> list[str]:
    """Return every way in which a unit may be written."""
    return [*_KIND_OF, *_ALIASES]


def decimal(value: str | int | Decimal) -> Decimal | None:
    """Return *value* as an exact number; None where it is none, not finite or far too long."""
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite():
        return None
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if len(digits) > DIGITS or abs(number.adjusted()) > DIGITS or abs(exponent) > DIGITS * 2:
        return None
    return number


def parse(text: str) -> tuple[Number, str | None] | None:
    """Split "3.2 mm" into (3.2, "mm"), "30" into (30, None), "1:5" into (200, "‰").

    Returns None where *text* is no number; the unit is returned as written, known or not.
    """
    text = text.strip()
    if ratio := _RATIO.fullmatch(text):
        run = decimal(ratio[1])
        return (Fraction(1000) / Fraction(run), "‰") if run else None
    if found := _NUMBER.fullmatch(text):
        number = decimal(found[1])
        return None if number is None else (number, found[2] and found[2].strip())
    return None


def to_base(number: Number, unit: str | None) -> Number:
    """Return *number* of the known *unit* in the base unit of its kind (None: a bare number)."""
    return number if unit is None else multiply(number, Decimal(KINDS[_KIND_OF[unit]][unit]))


class Scale(NamedTuple):
    """How bare numbers of a fact become base-unit ones: by a factor (None: 1), and not below `least`."""

    factor: Decimal | None
    least: Decimal | None

    def __call__(self, raw: float) -> Decimal | None:
        """Return the usual int or float *raw* exactly in the base unit, None for what needs a closer look."""
        if not _SMALLEST < abs(raw) < _GREATEST and raw:
            return None
        number = Decimal(repr(raw))  # of a float the shortest text, which is the one written
        if self.factor is not None:
            number = _EXACT.multiply(number, self.factor)
        return None if self.least is not None and number < self.least else number


def scale(unit: str | None, least: str | None) -> Scale:
    """Return how numbers in *unit* are taken that must not be below *least*, in the same unit."""
    factor = Decimal(KINDS[_KIND_OF[unit]][unit]) if unit else Decimal(1)
    return Scale(None if factor == 1 else factor, None if least is None else _EXACT.multiply(Decimal(least), factor))


def from_base(number: Number, unit: str | None) -> str:
    """Return the shortest exact text of a base-unit *number* in *unit*: "30 m", "1:5", "3"."""
    if unit is None:
        return plain(number)
    kind = _KIND_OF[unit]
    if kind == "gradient":
        return _gradient(Fraction(number), unit)
    exact = Fraction(number) / KINDS[kind][unit]
    if _is_finite_decimal(exact):
        return f"{plain(exact)} {unit}"
    return f"{plain(number)} {next(iter(KINDS[kind]))}"


def _gradient(per_mille: Fraction, unit: str) -> str:
    """Return a gradient as *unit* has it, or as another unit has it exactly."""
    run = 1000 / per_mille if per_mille else None
    if run is not None and _is_finite_decimal(run) and (unit == "1:m" or not _is_finite_decimal(per_mille)):
        return f"1:{plain(run)}"
    return f"{plain(per_mille)} ‰" if unit == "‰" else f"{plain(per_mille / 10)} %"


def plain(number: Number) -> str:
    """Return *number* without exponent or trailing zeros ("1200", "0.98"); else "a/b"."""
    exact = Fraction(number)
    if not _is_finite_decimal(exact):
        return f"{exact.numerator}/{exact.denominator}"
    text = f"{_EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_finite_decimal(number: Fraction) -> bool:
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def multiply(a: Number, b: Number) -> Number:
    """Return the exact product."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return _EXACT.multiply(a, b)
    return Fraction(a) * Fraction(b)


def add(a: Number, b: Number) -> Number:
    """Return the exact sum."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return _EXACT.add(a, b)
    return Fraction(a) + Fraction(b)


def subtract(a: Number, b: Number) -> Number:
    """Return the exact difference."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return _EXACT.subtract(a, b)
    return Fraction(a) - Fraction(b)
