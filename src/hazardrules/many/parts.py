"""What comes of a block, and how it is written: the files of one part.

The pieces are those of two passes: codes for all rows, then full classifications, with their
reasons, of those that are major, disputed or open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from ..classification import Classification
from ..judge import Verdict
from .job import ROW
from .rows import Bad
from .store import BAD, CODES, FULL


@dataclass
class Part:
    """What comes of a block: frames of codes by kind of subject, lines of full classifications, bad rows.

    The lines are made while they are written: there may be a thousand times as much of them as was read.
    """

    codes: dict[str, pl.DataFrame] = field(default_factory=dict)
    rules: dict[str, Sequence[str]] = field(default_factory=dict)  # the columns that are codes
    full: Iterable[bytes] = ()
    bad: list[Bad] = field(default_factory=list)
    judged: int = 0  # rows
    by_engine: int = 0

    def write(self, folder: Path, lang: str) -> dict[str, Any]:
        """Write the files of the part; return its counts."""
        for subject, codes in self.codes.items():
            codes.write_parquet(folder / CODES.format(subject))
        full = 0
        with (folder / FULL).open("wb") as file:
            for line in self.full:
                file.write(line)
                full += 1
        (folder / BAD).write_bytes(b"".join(bad.line(lang) for bad in sorted(self.bad, key=lambda bad: bad.row)))
        return {
            "judged": self.judged,
            "bad": len(self.bad),
            "full": full,
            "by_engine": self.by_engine,
            "verdicts": {subject: _counts(codes, self.rules[subject]) for subject, codes in self.codes.items()},
        }


def full_line(row: int, result: Classification, path: str | None, lang: str) -> bytes:
    """Return a full classification as a line: the row, where its subject is, the result, a text for each finding."""
    told = {ROW: row, **({"path": path} if path else {}), "result": result.to_dict()}
    told["explanations"] = [finding.explain(lang) for finding in result.findings]
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _counts(codes: pl.DataFrame, rules: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how often each of *rules* came out in each way."""
    found = {}
    for rule in rules:
        counts = {verdict.value: int((codes[rule] == verdict.code).sum()) for verdict in Verdict}
        found[rule] = {word: count for word, count in counts.items() if count}
    return found
