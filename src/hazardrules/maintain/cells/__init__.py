"""What conditions can say together, decided by looking at every case there is.

A comparison splits what its facts can be into a few cells; the cells of all facts together are the
*assignments*, numbered from 0. A condition is then a set of numbers, held as the bits of one int:
*all* is `&`, *any* is `|`, *not* swaps the two sets of an answer, and a question about every
assignment is one comparison. Beyond a stated limit there is no answer, never a guess.
"""

from .answers import answer
from .atoms import OPEN, at_atoms, atoms_of, facts_of, in_full
from .numbers import TooManyError
from .samples import samples
from .space import LIMIT, Bits, Space

__all__ = [
    "LIMIT",
    "OPEN",
    "Bits",
    "Space",
    "TooManyError",
    "answer",
    "at_atoms",
    "atoms_of",
    "facts_of",
    "in_full",
    "samples",
]
