"""Citations: a clause's label says the same numbers as its file, in the way its document counts.

`11-06.yaml` is 第十一条第（六）项. Where `standard.yaml` states the document's `numbering`, the label
must be written just so; without it the numbers alone are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...rules import Standard
from ...texts import Text
from .book import Book, Check, Finding, Spot

_DIGITS = "零一二三四五六七八九"
_NUMERAL = re.compile(r"[一二三四五六七八九十百零]+|\d+")
_BLANK, _CHAPTER = re.compile("[一1]"), "{章}"


def chinese(number: int) -> str:
    """Return *number* (1 to 999) in Chinese numerals as the law writes them: 一, 十一, 二十, 一百零三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{_DIGITS[hundreds]}百" if hundreds else ""
    middle = "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十" if tens else ""
    gap = "零" if hundreds and ones and not tens else ""
    return head + middle + gap + (_DIGITS[ones] if ones else "")


_ARABIC = {chinese(n): n for n in range(1, 1000)}


def numbers_in(label: str) -> list[int]:
    """Return the numbers that *label* states, Chinese or Arabic, in order."""
    return [
        int(found) if found.isdigit() else _ARABIC[found]
        for found in _NUMERAL.findall(label)
        if found.isdigit() or found in _ARABIC
    ]


def label(pattern: str, standard: Standard, stem: str) -> str | None:
    """Return the label that *pattern* gives to the file *stem*; None where it has another count of numbers.

    The pattern is the label of the first clause: each 一 in it stands for the next number of the file's name in
    Chinese, each 1 for it in Arabic numerals. `{章}` is the label of the chapter, the first part of the name.
    """
    parts = stem.split("-")
    chapter = standard.chapters.get(parts[0])
    if _CHAPTER in pattern:
        if chapter is None:
            return None
        parts = parts[1:]
    numbers = [int(part) for part in parts if part.isdigit()]
    blanks = _BLANK.findall(pattern)
    if len(numbers) != len(blanks):
        return None
    words = (chinese(n) if blank == "一" else str(n) for n, blank in zip(numbers, blanks, strict=True))
    return _BLANK.sub(lambda _: next(words), pattern).replace(_CHAPTER, chapter.clause if chapter else "")


def _patterns(spot: Spot, chapter: str) -> list[str]:
    stated = spot.at("chapters", chapter, "numbering").data or spot.at("numbering").data
    return [stated] if isinstance(stated, str) else list(stated or ())


def clause_numbers(book: Book) -> Iterator[Finding]:
    """Yield the clauses whose label is not that of their file.

    A document without `numbering` is looked at only where most of its files carry the numbers of their clauses.
    """
    for standard, spot in book.standards:
        guessed, told = [], 0
        for clause in standard.clauses:
            if not clause.where or clause.path not in book.sources:
                continue
            patterns = _patterns(spot, clause.chapter)
            problem = _differs(standard, clause.label, clause.stem, patterns)
            if patterns and problem:
                yield Finding(Spot(book.sources[clause.path], ("clause",)), problem)
            elif not patterns:
                told += 1
                guessed += [Finding(Spot(book.sources[clause.path], ("clause",)), problem)] if problem else []
        if len(guessed) * 2 < told:
            yield from guessed


def _differs(standard: Standard, stated: str, stem: str, patterns: Sequence[str]) -> Text | None:
    wanted = [made for pattern in patterns if (made := label(pattern, standard, stem))]
    if wanted:
        either = "或".join(f"“{made}”" for made in wanted)
        return (
            None
            if stated in wanted
            else Text(
                f"“{stated}”与文件名 {stem} 和本文件的编号写法不符，应是{either}",
                f"“{stated}” does not fit the file name {stem} and the document's numbering: it should be {either}",
            )
        )
    numbers = [int(part) for part in stem.split("-") if part.isdigit()]
    said = numbers_in(stated)
    runs = (said[n : n + len(numbers)] for n in range(len(said) - len(numbers) + 1))
    return None if numbers in runs else _numbers_differ(stated, Text(f"文件名 {stem}", f"the file name {stem}"))


def _numbers_differ(stated: str, other: Text) -> Text:
    return Text(
        f"“{stated}”与{other.zh} 的数字不同；改其中一个",
        f"the numbers of “{stated}” are not those of {other.en}; change one of them",
    )


CHECKS = (Check("clause-number", Text("条款号与文件名不符", "a label that does not fit its file"), clause_numbers),)
