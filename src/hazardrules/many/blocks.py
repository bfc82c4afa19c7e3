"""A file cut into blocks that can be judged apart: lines of text, or rows of Parquet.

A block of text ends at the end of a line, and in a CSV not inside a quoted cell. Cutting reads the
file once, in order and with little memory; a worker reads its block again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LONGEST = 20_000_000  # bytes of one line; a longer one is not read at all


@dataclass(frozen=True)
class Block:
    """A piece of the file: its bytes from `start` to `end`, or its rows; `row` is the number of its first."""

    number: int
    start: int
    end: int
    row: int
    too_long: bool = False  # one line that is longer than any record may be


def of_rows(count: int, size: int) -> Iterator[Block]:
    """Yield the blocks of a file of *count* rows; one without rows where there is none."""
    for number, start in enumerate(range(0, max(count, 1), size)):
        yield Block(number, start, min(start + size, count), start + 1)


def of_text(path: Path, size: int, *, start: int = 0, row: int = 1, quoted: bool = False) -> Iterator[Block]:
    """Yield the blocks of a file of lines from the byte *start*, which is in line *row*; one of no lines for none.

    *quoted*: a line that ends inside quotes goes on, as in a CSV.
    """
    number = 0
    with path.open("rb") as file:
        while True:
            file.seek(start)
            data = file.read(size)
            if not data:
                if not number:
                    yield Block(number, start, start, row)
                return
            # quotes that never end do not swallow the file: then it is cut at a line after all
            cut = len(data) if len(data) < size else (quoted and _outside(data)) or data.rfind(b"\n") + 1
            if cut:
                yield Block(number, start, start + cut, row)
                row += data.count(b"\n", 0, cut)
            else:
                cut = _line(file, start, size)
                yield Block(number, start, start + cut, row, too_long=cut > LONGEST)
                row += 1
            start += cut
            number += 1


def _outside(data: bytes) -> int:
    """Return where the last line of *data* ends that does not end inside quotes; 0 for nowhere."""
    cut = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, cut) % 2
    while odd and cut:
        earlier = data.rfind(b"\n", 0, cut - 1) + 1
        odd ^= data.count(b'"', earlier, cut) % 2
        cut = earlier
    return cut


def _line(file: IO[bytes], start: int, size: int) -> int:
    """Return the length of the line at *start*, of which no more than *size* bytes are held at once."""
    file.seek(start)
    seen = 0
    while piece := file.readline(size):
        seen += len(piece)
        if piece.endswith(b"\n"):
            break
    return seen
