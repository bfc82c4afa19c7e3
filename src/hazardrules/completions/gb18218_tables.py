"""The tables of GB 18218-2018 as values: who is listed, Q, β, α and the grades.

Figures are exact fractions. A substance is known by its CAS number or by a name that the table
lists, never by one that merely resembles it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..facts import Vocabulary
from ..texts import Text

TABLE = "gb18218-2018"  # its file in `standards/tables`

_CAS = re.compile(r"(?<![\d-])(\d{2,7})-(\d{2})-(\d)(?![\d-])")
_SYMBOL = re.compile(r"[JW]\d+(?:\.\d)?")
_NO_CAS = ("", "无", "没有", "-", "/", "不适用", "混合物", "none", "n/a")
_SAME = str.maketrans("[]{}【】〔〕‐‑‒–—−≧≦", "()()()()------≥≤")


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of table 1."""

    no: int
    name: str
    names: frozenset[str]  # that say that it is this row
    unsure: frozenset[str]  # that leave it open: they lack the content or the state
    cas: frozenset[str]
    condition: bool  # other things share the CAS number: solutions, other contents
    group: bool  # several substances, not all of them with a CAS number here
    looks_like: frozenset[str]
    limit: Fraction  # Q, in t


@dataclass(frozen=True, slots=True)
class Hazard:
    """A class of tables 2 and 4."""

    symbol: str
    limit: Fraction  # Q, in t
    beta: Fraction


@dataclass(frozen=True, slots=True)
class Gas:
    """A toxic gas of table 3."""

    name: str
    names: frozenset[str]
    cas: frozenset[str]
    beta: Fraction


@dataclass(frozen=True, slots=True)
class Tables:
    """All six tables; `alphas` and `grades` begin with the highest bound."""

    listed: tuple[Listed, ...]
    hazards: Mapping[str, Hazard]
    gases: tuple[Gas, ...]
    alphas: tuple[tuple[int, Fraction], ...]
    grades: tuple[tuple[str, Fraction | None], ...]
    readings: Mapping[str, tuple[str, Text, bool]]  # clause, how it is read, from memory
    since: date  # in force from

    def named(self, name: str) -> tuple[Listed, ...]:
        """Return the rows that *name* (as `plain_name` gives it) says or may say."""
        return tuple(row for row in self.listed if name in row.names or name in row.unsure)

    def numbered(self, cas: Iterable[str]) -> tuple[Listed, ...]:
        """Return the rows that have one of the CAS numbers."""
        wanted = frozenset(cas)
        return tuple(row for row in self.listed if wanted & row.cas)

    def gas(self, name: str | None, cas: frozenset[str], row: Listed | None) -> Gas | None:
        """Return the gas of table 3 that a substance is: by name, CAS number or row of table 1."""
        known = cas | (row.cas if row and not row.group else frozenset())
        return next((gas for gas in self.gases if name in gas.names or known & gas.cas), None)

    def alpha(self, population: int) -> Fraction:
        """Return α of table 5 for so many residents."""
        return next(alpha for least, alpha in self.alphas if population >= least)

    @property
    def betas(self) -> tuple[Fraction, ...]:
        """Every β of table 4, the least first."""
        return tuple(sorted({hazard.beta for hazard in self.hazards.values()}))


def tables(vocabulary: Vocabulary) -> Tables:
    """Return the tables that the *vocabulary* was read with."""
    data = vocabulary.tables[TABLE]
    return Tables(
        listed=tuple(
            Listed(
                no=row["no"],
                name=row["name"],
                names=frozenset(map(plain_name, (row["name"], *row["alias"], *row["names"]))),
                unsure=frozenset(map(plain_name, row["unsure"])),
                cas=frozenset((*row["cas"], *row["other_cas"])),
                condition=row["condition"],
                group=row["group"],
                looks_like=frozenset(row["looks_like"]),
                limit=Fraction(row["q"]),
            )
            for row in data["table1"]
        ),
        hazards={
            row["symbol"]: Hazard(row["symbol"], Fraction(row["q"]), Fraction(row["beta"])) for row in data["classes"]
        },
        gases=tuple(
            Gas(
                row["name"],
                frozenset(map(plain_name, (row["name"], *row["names"]))),
                frozenset(row["cas"]),
                Fraction(row["beta"]),
            )
            for row in data["table3"]
        ),
        alphas=tuple((row["from"], Fraction(row["alpha"])) for row in data["table5"]),
        grades=tuple((row["grade"], None if row["from"] is None else Fraction(row["from"])) for row in data["table6"]),
        readings={
            name: (item["clause"], Text(item["reading"], item["reading_en"]), item["status"] is not None)
            for name, item in data["readings"].items()
        },
        since=data["in_force"]["from"],
    )


# --------------------------------------------------------------------------- names as people write


def plain_name(text: str) -> str:
    """Return a name without what writing varies in: width, blanks, brackets, dashes, case."""
    text = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    return re.sub(r"\s+", "", text).replace(">=", "≥").replace("<=", "≤")


def cas_numbers(text: str) -> frozenset[str] | None:
    """Return the CAS numbers in *text*; none where it says that there is none, None where one is wrong."""
    text = plain_name(text)
    if text in _NO_CAS:
        return frozenset()
    found = _CAS.findall(text)
    if not found or not all(_checks(*parts) for parts in found):
        return None
    return frozenset("-".join((parts[0].lstrip("0"), *parts[1:])) for parts in found)


def _checks(head: str, middle: str, check: str) -> bool:
    """Return whether the check digit fits: the digits before it, weighted from the right, modulo 10."""
    return sum(n * int(digit) for n, digit in enumerate(reversed(head + middle), 1)) % 10 == int(check)


def symbol(word: str) -> str:
    """Return the symbol with which the word for a hazard class begins: "W5.3"."""
    found = _SYMBOL.match(word)
    assert found is not None, word
    return found[0]
