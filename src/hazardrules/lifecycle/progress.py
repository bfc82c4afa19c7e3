"""Long work tells how far it is: which stage, and how many pieces are done, every ten thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ..texts import Text

T = TypeVar("T")

#: is told the stage, and how many pieces of it are done
Progress = Callable[[Text, int], None]

READING, WRITING = Text("读", "read"), Text("写", "written")
CHECKING, WORKING_OUT = Text("核对", "checked"), Text("推算隐患", "hazards worked out")
EVERY = 10_000


def telling(items: Iterable[T], stage: Text, progress: Progress | None) -> Iterator[T]:
    """Yield *items*; tell *progress* of the *stage* now and then."""
    for n, item in enumerate(items, 1):
        yield item
        if progress and n % EVERY == 0:
            progress(stage, n)
