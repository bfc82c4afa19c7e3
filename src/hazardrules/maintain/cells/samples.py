"""Values that show everything that some comparisons can say: of one fact, or of facts compared with each other.

Between two thresholds nothing changes, so one value at each and one between speak for all. Words are
alike where no comparison tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product

from ...expr import Expr
from ...facts import FactSpec
from ...truth import Truth
from .answers import answer
from .moments import moments
from .numbers import Specs, TooManyError, Values, numbers

_MOST = 20_000  # samples of one group of facts


def samples(specs: Specs, atoms: Sequence[Expr]) -> tuple[list[Values], bool]:
    """Return values of the facts *specs* that show all that *atoms* can say together.

    The second result is False where some of them may be combinations that cannot occur. Raises
    `TooManyError`.
    """
    kinds = {spec.type for spec in specs.values()}
    exact = True
    if kinds == {"number"}:
        found: Iterable[Values] = numbers(specs, atoms)
    elif kinds in ({"date"}, {"time"}):
        found = moments(specs, atoms)
        exact = len(specs) <= 3
    elif len(specs) == 1 and kinds == {"choices"}:
        ((name, spec),) = specs.items()
        found = _sets(name, spec, atoms)
    else:
        found = _words(specs)
    kept: dict[tuple[Truth, ...], Values] = {}
    for n, values in enumerate(found):
        if n >= _MOST:
            raise TooManyError
        told = tuple(answer(atom, values) for atom in atoms)
        if told not in kept or (_is_writable(specs, values) and not _is_writable(specs, kept[told])):
            kept[told] = values
    return list(kept.values()), exact and all(_is_writable(specs, values) for values in kept.values())


def _is_writable(specs: Specs, values: Values) -> bool:
    """Return whether a record can state *values*: no third of a metre, no half of a person."""
    stated = [(specs[name], value) for name, value in values.items() if specs[name].type == "number"]
    return all(isinstance(n, Decimal) and (not spec.integer or n == int(n)) for spec, n in stated)


# ------------------------------------------------------------------------------------------ words


def _words(specs: Specs) -> Iterator[Values]:
    names = list(specs)
    for values in product(*((True, False) if spec.type == "yes_no" else tuple(spec.values) for spec in specs.values())):
        yield dict(zip(names, values, strict=True))


def _sets(name: str, spec: FactSpec, atoms: Sequence[Expr]) -> list[Values]:
    """Return sets of words: each answer of `has` comes of the words in it, so sets are built word by word."""

    def told(words: frozenset[str]) -> tuple[Truth, ...]:
        return tuple(answer(atom, {name: words}) for atom in atoms)

    found = {told(frozenset()): frozenset[str]()}
    singles = {told(frozenset({word})): word for word in reversed(tuple(spec.values))}
    for word in singles.values():
        for words in list(found.values()):
            found.setdefault(told(words | {word}), words | {word})
            if len(found) > _MOST:
                raise TooManyError
    return [{name: words} for words in found.values()]
