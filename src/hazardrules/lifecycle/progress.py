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


class Teller:
    """Counts the pieces of one *stage*, which may come in several lots, and tells *progress* now and then."""

    def __init__(self, stage: Text, progress: Progress | None) -> None:
        self.stage, self.progress, self.count = stage, progress, 0

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield *items*, each counted once it is done with."""
        for item in items:
            yield item
            self.count += 1
            if self.progress and self.count % EVERY == 0:
                self.progress(self.stage, self.count)


def telling(items: Iterable[T], stage: Text, progress: Progress | None) -> Iterator[T]:
    """Yield *items*; tell *progress* of the *stage* now and then."""
    return Teller(stage, progress).each(items)
