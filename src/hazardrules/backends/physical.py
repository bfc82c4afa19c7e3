"""How a fact is held in a column that the kernel computes with, so that every comparison is exact.

One word is a bit and several words are the sum of theirs; a number is a whole count of small steps
(a millionth of a metre for a height in m); a gradient, which may be 1:3, is two whole numbers:
numerator and denominator. `Limits` keeps every sum of such numbers within 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from .. import units
from ..facts import FactSpec
from ..units import Number

PARTS = 10**6  # steps in the declared unit, or in what is left of it without its last zeros
BITS = 64
DENOMINATOR = "/"  # the suffix of a gradient's second column
LENGTH = "#"  # the suffix of the column that counts the parts in a list
MOST = 2**62  # no sum that the kernel computes may reach this
LARGEST = 10**units.DIGITS - 1  # as many digits as a number may have


@dataclass
class Limits:
    """How large the numbers of a column may be, so that no comparison overflows."""

    number: int = LARGEST
    ratio: int = LARGEST

    def hold(self, factors: int, constant: int, ratios: int) -> None:
        """Keep a comparison within bounds: the sum of its factors, its constant, how many ratios it multiplies."""
        if not ratios:
            self.number = min(self.number, (MOST - constant) // max(factors, 1))
            return
        whole = MOST // (factors + constant)
        root = int(whole ** (1 / ratios))
        while root**ratios > whole:
            root -= 1
        self.ratio = min(self.ratio, root)


def is_ratio(spec: FactSpec) -> bool:
    """Return whether the number is held as numerator and denominator, in per mille."""
    return spec.type == "number" and spec.unit is not None and units.kind_of(spec.unit) == "gradient"


def step(spec: FactSpec) -> Fraction:
    """Return how many base units one step of a held number is."""
    factor = str(1 if spec.unit is None else units.KINDS[units.kind_of(spec.unit)][spec.unit])
    zeros = len(factor) - len(factor.rstrip("0"))
    return Fraction(10**zeros, PARTS)


def in_unit(spec: FactSpec) -> int:
    """Return how many steps the declared unit is."""
    factor = 1 if spec.unit is None else units.KINDS[units.kind_of(spec.unit)][spec.unit]
    return int(factor / step(spec))


def steps(spec: FactSpec, value: Number) -> int | None:
    """Return how a number in its base unit is held, None where it has more places than are counted."""
    held = Fraction(value) / step(spec)
    return held.numerator if held.denominator == 1 else None


def bits(spec: FactSpec, words: Iterable[str]) -> int:
    """Return the sum of the bits of *words*."""
    place = {word: n for n, word in enumerate(spec.values)}
    return sum(1 << place[word] for word in words)


def width(spec: FactSpec) -> int:
    """Return how many bits a column of words of *spec* has: 8, 16, 32 or 64."""
    return next(size for size in (8, 16, 32, 64) if len(spec.values) <= size)
