"""Blanks: what `hazardrules new` leaves for its author to fill in, `待填：` and what to write there.

A file with blanks is not understood any further, so that nothing half-written is ever judged by, and
lint names the blanks and nothing that only follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..condition import Path
from ..errors import Problem
from ..reading import Source
from ..texts import Text

BLANK = "待填："


def blanks(source: Source) -> Iterator[Problem]:
    """Yield a problem for each blank in *source*, keys and values."""
    for path, text, is_key in _blank(source.data, ()):
        hint = text.removeprefix(BLANK)
        name = "" if is_key else next((step for step in reversed(path) if isinstance(step, str)), "")
        name = "" if name.startswith(BLANK) else name
        named = Text(f"“{name}”" if name else "", f"“{name}” " if name else "")
        yield Problem(
            source.where(path, key=is_key),
            Text(f"{named.zh}还没有填：{hint}", f"{named.en}is still to be filled in: {hint}"),
        )


def _blank(data: Any, path: Path) -> Iterator[tuple[Path, str, bool]]:
    if isinstance(data, str) and data.startswith(BLANK):
        yield path, data, False
    elif isinstance(data, list):
        for n, item in enumerate(data):
            yield from _blank(item, (*path, n))
    elif isinstance(data, dict):
        for key, value in data.items():
            if key.startswith(BLANK):
                yield (*path, key), key, True
            yield from _blank(value, (*path, key))
