"""What came of all mutants: the score of each document, and every survivor with a case that would kill it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ...explain import VERDICT_WORDS
from ...judge import Verdict
from ...reading import ReadingError, Source, read_file
from ...texts import Text
from ..cases import NOT_IN_FORCE
from ..style import styled
from .assess import OUTCOMES, Result, Suggestion
from .mutants import KINDS
from .units import FACTS, LISTS

_COUNTED = ("killed", "survived", "undecided")
_NAMES = {FACTS: Text("facts（定义）", "facts (definitions)"), LISTS: Text("lists（词表）", "lists (words)")}


@dataclass(frozen=True)
class Score:
    """How many mutants of a document came to what."""

    document: str
    counts: Mapping[str, int]

    @property
    def percent(self) -> float:
        """How many of a hundred mutants that a case can notice are noticed."""
        counted = sum(self.counts[outcome] for outcome in _COUNTED)
        return 100 * self.counts["killed"] / counted if counted else 100.0

    @property
    def total(self) -> int:
        """How many mutants there are."""
        return sum(self.counts.values())


def scores(results: Iterable[Result]) -> list[Score]:
    """Return the score of each document, in the order in which they come."""
    counts: dict[str, Counter[str]] = {}
    for result in results:
        counts.setdefault(result.document, Counter())[result.outcome] += 1
    return [Score(document, {outcome: count[outcome] for outcome in OUTCOMES}) for document, count in counts.items()]


def passes(results: Iterable[Result]) -> bool:
    """Return whether every mutant that a case can notice is noticed."""
    return all(result.outcome not in ("survived", "undecided") for result in results)


# ------------------------------------------------------------------------------------------- JSON


def as_json(results: Sequence[Result]) -> str:
    """Return the scores and every mutant that was not killed."""
    places = _Places()
    data = {
        "schema": 1,
        "documents": [{"document": s.document, "mutants": s.total, **s.counts, "percent": s.percent} for s in
                      scores(results)],
        "mutants": [
            {**asdict(result), "path": list(result.path), "where": places.where(result)}
            for result in results
            if result.outcome != "killed"
        ],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=1, default=float)


# ------------------------------------------------------------------------------------------- text


def as_text(results: Sequence[Result], lang: str, *, all_of_them: bool = False) -> Iterator[str]:
    """Yield the lines of the report; *all_of_them* shows also those proved equivalent and those refused."""
    if not results:
        yield _NOTHING.say(lang)
        return
    places, quiet = _Places(), () if all_of_them else ("equivalent", "refused")
    for result in results:
        if result.outcome != "killed" and result.outcome not in quiet:
            yield from _told(result, places, lang)
            yield ""
    yield from _table(scores(results), lang)


_NOTHING = Text(
    "这里没有规则、定义和词表：什么也没有改错",
    "no rules, definitions or word lists here: no mistake was made",
)


def _told(result: Result, places: _Places, lang: str) -> Iterator[str]:
    kind, outcome = KINDS[result.kind].say(lang), OUTCOMES[result.outcome].say(lang)
    yield f"{places.where(result)}: {result.owner}: {outcome}{Text('：', ': ').say(lang)}{kind}"
    yield from (f"    {line}" for line in _change(result.before, result.after, lang))
    if result.by:
        yield f"    {_WHY[result.by].say(lang) if result.by in _WHY else result.by}"
    if result.case:
        yield f"    {_advice(result.case, lang)}"
        yield from (f"      {line}" for line in _case(result.case))
    elif result.outcome == "survived":
        yield f"    {_BY_HAND.say(lang)}"


def _change(before: Any, after: Any, lang: str) -> Iterator[str]:
    """Yield the lines of what was changed: those that were, those that came instead, and those that stayed."""
    was, now = Text("原", "was").say(lang), Text("改", "now").say(lang)
    gone = [Text("（没有了）", "(gone)").say(lang)]
    old, new = (gone if part is None else yaml_lines(part) for part in (before, after))
    stays = " " * _width(was)
    for op, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if op == "equal":
            yield from (f"{stays}  {line}" for line in old[a:b])
        else:
            yield from (f"{was}  {line}" for line in old[a:b])
            yield from (f"{now}  {line}" for line in new[c:d])


_WHY = {
    "unasked": Text(
        "只有填了按 needs 并不存在的事实时才有区别，而表单不会问它",
        "it differs only where a fact is stated that does not exist by its `needs`; the form does not ask for it",
    ),
    "beyond cases": Text(
        "只有不知道是不是这个行业时才有区别，而用例认定行业；用别的测试看住它",
        "it differs only while the field of work is not known, which a case takes as given; test it in another way",
    ),
    "too large": Text(
        "这条规则的情形太多，没有逐一看完：不能说等价，请补一条用例",
        "too many cases to look at them all: not proved equivalent, write a case for it",
    ),
    "not shown": Text(
        "也许有区别，但没有找到能显出区别的记录，请想一条用例",
        "there may be a difference, but no record was found that shows it: think of a case",
    ),
}
_BY_HAND = Text(
    "给这份文件里依据失效装置命中的用例写上 also",
    "write `also` in a case that hits on a failed device",
)


def _advice(case: Suggestion, lang: str) -> str:
    now, instead = _word(case.expect), _word(case.instead)
    differ = Text(f"现在判{now.zh}，改错以后{instead.zh}", f"{now.en} now, {instead.en} with the mistake")
    if now == instead:
        differ = Text(
            f"都判{now.zh}，但依据或者还要问的事实不同", f"{now.en} both times, but for other reasons or wants"
        )
    return Text(
        f"给 {case.rule} 加这样一条用例就能发现（{differ.zh}；先按条文核对结论）：",
        f"a case of {case.rule} like this would notice ({differ.en}; check the outcome against the law first):",
    ).say(lang)


def _word(outcome: str) -> Text:
    return Text("没有生效", "not in force") if outcome == NOT_IN_FORCE else VERDICT_WORDS[Verdict(outcome)]


def _case(case: Suggestion) -> Iterator[str]:
    data: dict[str, Any] = {"given": dict(case.given), "expect": case.expect}
    if case.expect == "unknown" or (case.expect == case.instead == "disputed"):
        data["missing"] = list(case.missing)
    if case.exception:
        data["exception"] = True
    if case.also:
        data["also"] = case.also
    yield from yaml_lines([data])


def _table(found: Sequence[Score], lang: str) -> Iterator[str]:
    whole = Score(Text("合计", "all").say(lang), {o: sum(s.counts[o] for s in found) for o in OUTCOMES})
    heads = [Text("文件", "document"), Text("变异", "mutants"), *OUTCOMES.values(), Text("得分", "score")]
    rows = [[head.say(lang) for head in heads]]
    for score in (*found, whole):
        name = _NAMES[score.document].say(lang) if score.document in _NAMES else score.document
        counts = [score.counts[outcome] for outcome in OUTCOMES]
        rows.append([name, str(score.total), *map(str, counts), f"{_rounded(score)}%"])
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        padded = [" " * (width - _width(cell)) + cell for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([name + " " * (widths[0] - _width(name)), *padded])


def _rounded(score: Score) -> str:
    """Return the score with one place; only what is complete is called 100."""
    return "100" if score.percent == 100 else f"{min(score.percent, 99.9):.1f}"


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


# ------------------------------------------------------------------------------------------- YAML

_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)"(?=[],}])')  # as a value


def yaml_lines(data: Any) -> list[str]:
    """Return the lines of *data* in the style of the standards' files."""
    if isinstance(data, str):
        return [data]
    written = _DAY.sub(r"\1", json.dumps(data, ensure_ascii=False, default=float))
    return styled(written, "").splitlines()


class _Places:
    """Finds the line of a part of a standards file."""

    def __init__(self) -> None:
        self._read: dict[str, Source | None] = {}

    def where(self, result: Result) -> str:
        """Return the place of what was changed: file:line:column, the file alone where it cannot be read."""
        if result.file not in self._read:
            try:
                self._read[result.file] = read_file(Path(result.file))
            except ReadingError:
                self._read[result.file] = None
        source = self._read[result.file]
        return source.where(result.path) if source else result.file
