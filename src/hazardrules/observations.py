"""What an inspector saw that no rule asks about: ordinary where a breach is named, never major.

The judgment standards are closed lists, so no word of an observation can make it a major hazard,
however grave it sounds; and no text is searched for words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .explain import Line
from .judge import Verdict
from .results import Citation, Details, Finding, Later, Subject
from .rows import Row, stated
from .rules import Level
from .texts import Text

KIND = "observation"

_WHY = Text(
    "判定标准没有列举这种情形，按检查人引用的规定列为一般隐患",
    "not listed in the judgment standards; an ordinary hazard by the duty that the inspector cites",
)


def _facts(row: Row) -> dict[str, Any]:
    return {f"{row._path}.{name}": said.raw for name in row._stated if (said := stated(row, name))}


def findings(rows: Iterable[Row], lang: str) -> Iterator[Finding]:
    """Yield an ordinary hazard for each observation that names the duty it breaks."""
    for row in rows:
        if row.duty:
            line = Line(_WHY, None, (Line(Text(f"违反的规定：{row.duty}", f"duty: {row.duty}")),))
            yield Finding(
                rule=KIND,
                level=Level.ORDINARY,
                verdict=Verdict.HIT,
                subject=subject(row),
                summary=row.text or row.duty,
                remedy=None,
                unverified=True,
                _details=Later.now(Details(Citation("", row.duty, ""), _facts(row), why=_WHY.say(lang))),
                _explanation=Later.now(line),
            )


def unclassified(rows: Iterable[Row]) -> Iterator[Text]:
    """Yield what is to be said of each observation that names no breach."""
    for row in rows:
        if not row.duty:
            shown = (row.text or "").strip() or row._path
            yield Text(
                f"{row._path}：没有写明违反哪条规定，不作分级（{shown}）",
                f"{row._path}: no duty is named, so it is not classified ({shown})",
            )


def subject(row: Row) -> Subject:
    """Return how a result names the observation."""
    return Subject(KIND, row._path.rpartition("[")[2].rstrip("]"), placed=row._id is None)
