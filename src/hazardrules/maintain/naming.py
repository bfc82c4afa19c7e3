"""How a clause's file is named: after the numbers of its label, 第十一条第（六）项 → 11-06."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..models import ChapterModel
from .lint.citations import numbers_in

_SIGNS = {"一": "([一二三四五六七八九十百零]+)", "1": r"(\d+)"}


def stem_of(label: str, chapters: Mapping[str, ChapterModel]) -> str | None:
    """Return the name (without its ending) of the file of the clause *label*; None where the label has no number.

    A clause of one of the document's *chapters* begins with the chapter's name, where the chapter's `numbering`
    or its own label says that it is one. 第一款、第二款 is named after the first.
    """
    first = label.partition("、")[0]
    for chapter, pattern in _patterns(chapters):
        if re.fullmatch(pattern, first):
            return _joined(chapter, numbers_in(first))
    within = [name for name, chapter in chapters.items() if label.startswith(chapter.clause)]
    for name in sorted(within, key=lambda name: -len(chapters[name].clause)):
        rest = first[len(chapters[name].clause) :]
        if not rest[:1].isdigit():  # 5.1 is no part of 5.10
            return _joined(name, numbers_in(rest))
    return _joined("", numbers_in(first)) if numbers_in(first) else None


def _joined(chapter: str, numbers: list[int]) -> str:
    return "-".join([chapter] * bool(chapter) + [f"{number:02d}" for number in numbers])


def _patterns(chapters: Mapping[str, ChapterModel]) -> Iterator[tuple[str, str]]:
    """Yield each way in which the labels of one chapter alone are written, after the chapter's name."""
    for name, chapter in chapters.items():
        stated = [chapter.numbering] if isinstance(chapter.numbering, str) else chapter.numbering or []
        for pattern in stated:
            if "{章}" not in pattern:
                yield name, re.sub("[^一1]+|[一1]", lambda found: _SIGNS.get(found[0]) or re.escape(found[0]), pattern)
