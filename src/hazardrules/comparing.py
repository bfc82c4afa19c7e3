"""One record under the law of two days: what changes, and the rules of either day that make it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .classification import Classification
from .classify import Corpus, default, parse_day
from .errors import FactsError, Problem
from .explain import LEVEL_WORDS, VERDICT_WORDS, as_text, explain
from .expr import Fact, walk
from .inspection import Inspection
from .judge import VERDICTS, Verdict
from .results import Finding, finding_data
from .rows import Row
from .rules import Edition, Entry, Rule
from .texts import Text


@dataclass(frozen=True, slots=True)
class Change:
    """A finding under the law of one day that the other day's law does not give."""

    finding: Finding
    day: date  # whose law gives it
    instead: tuple[Counterpart, ...]  # what the other day's law says of the same facts


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A rule of the other day on the same subject that reads the same facts."""

    rule: str
    clause: str
    summary: str
    verdict: Verdict
    explanation: str


@dataclass(frozen=True, slots=True)
class DateComparison:
    """A record judged by the law of two days."""

    days: tuple[date, date]
    results: tuple[Classification, Classification]
    gone: tuple[Change, ...]  # found under the first day's law only
    new: tuple[Change, ...]  # found under the second day's law only
    lang: str = "zh"

    @property
    def same(self) -> bool:
        """Whether level and findings are alike."""
        return self.results[0].level is self.results[1].level and not self.gone and not self.new

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data."""

        def change(item: Change) -> dict[str, Any]:
            instead = [
                {"rule": c.rule, "clause": c.clause, "summary": c.summary, "verdict": c.verdict.value}
                for c in item.instead
            ]
            return {"finding": finding_data(item.finding), "instead": instead}

        return {
            "days": [day.isoformat() for day in self.days],
            "levels": [result.level.value for result in self.results],
            "same": self.same,
            "gone": [change(item) for item in self.gone],
            "new": [change(item) for item in self.new],
            "results": [result.to_dict() for result in self.results],
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        def say(zh: str, en: str) -> str:
            return Text(zh, en).say(self.lang)

        for day, result in zip(self.days, self.results, strict=True):
            documents = "、".join(dict.fromkeys(f.citation.number for f in result.findings if f.citation.number))
            level = LEVEL_WORDS[result.level].say(self.lang)
            yield say(f"按 {day} 的标准：{level}", f"under the law of {day}: {level}") + (
                f" ({documents})" if documents else ""
            )
        if self.same:
            yield say("级别和发现都没有变化", "level and findings are the same")
        for title, changes in (
            (say("只按前一日构成的：", "found under the first day only:"), self.gone),
            (say("只按后一日构成的：", "found under the second day only:"), self.new),
        ):
            if changes:
                yield "\n" + title
            for change in changes:
                finding = change.finding
                words = LEVEL_WORDS[finding.level].say(self.lang), VERDICT_WORDS[finding.verdict].say(self.lang)
                yield f"- [{', '.join(words)}] {finding.summary} - {finding.subject} - {finding.citation}"
                for other in change.instead:
                    verdict = VERDICT_WORDS[other.verdict].say(self.lang)
                    yield f"    {say('另一日', 'other day')} {other.clause} {other.summary}: {verdict}"
                    yield from (f"      {line}" for line in other.explanation.splitlines()[1:])


def compare_dates(
    facts: Mapping[str, Any],
    first: date | str,
    second: date | str,
    *,
    industry: str | Iterable[str] | None = None,
    lang: str = "zh",
    corpus: Corpus | None = None,
) -> DateComparison:
    """Return *facts* judged by the law of two days; other arguments as `classify`.

    Raises `FactsError`, also where a day is none.
    """
    corpus = corpus or default()
    days = parse_day(first), parse_day(second)
    if days[0] is None or days[1] is None:
        raise FactsError(
            [Problem("", Text("要两个日期，如 2023-05-14 2023-05-15", "two days are needed, as 2023-05-14"))]
        )
    both = (days[0], days[1])
    results = tuple(corpus.classify(facts, industry=industry, on=day, lang=lang) for day in both)
    inspections = tuple(corpus.inspect(facts, industry=industry, on=day) for day in both)
    editions = tuple(corpus.program(day, inspections[0].industries).edition for day in both)

    def changes(here: int, there: int) -> tuple[Change, ...]:
        known = {(f.rule, f.subject, f.verdict) for f in results[there].findings}
        return tuple(
            Change(f, both[here], tuple(_counterparts(f, corpus, inspections[there], editions[here], lang)))
            for f in results[here].findings
            if (f.rule, f.subject, f.verdict) not in known
        )

    return DateComparison(both, (results[0], results[1]), changes(0, 1), changes(1, 0), lang)


def _counterparts(
    finding: Finding, corpus: Corpus, inspection: Inspection, own: Edition, lang: str
) -> list[Counterpart]:
    """Return what the law of the inspection's day says instead: rules on the subject that share the finding's facts.

    Rules that its *own* edition has too are no change of the law, and one whose gate is closed says
    nothing of the subject; they are left out.
    """
    found = corpus.rulebook.find(finding.rule)
    if found is None:
        return []
    facts = _decisive(found[2])
    both = {entry.rule.id for entry in own.entries}
    return [
        Counterpart(
            entry.rule.id,
            entry.clause.label,
            entry.rule.summary.say(lang),
            verdict,
            as_text(explain(corpus.judgement(entry, row, inspection), corpus.vocabulary), lang),
        )
        for entry, row, verdict in _on(finding, corpus, inspection)
        if entry.rule.id not in both and verdict is not Verdict.NOT_APPLICABLE and facts & _decisive(entry.rule)
    ]


def _on(finding: Finding, corpus: Corpus, inspection: Inspection) -> Iterator[tuple[Entry, Row, Verdict]]:
    for judged in corpus.judge(inspection):
        if judged.row._kind == finding.subject.kind and judged.row._path.endswith(f"[{finding.subject.id}]"):
            for entry, code in zip(judged.block.entries, judged.codes, strict=True):
                yield entry, judged.row, VERDICTS[code]


def _decisive(rule: Rule) -> set[str]:
    """Return the facts that the situation itself and its wider readings ask for."""
    conditions = (rule.when, *(reading.when for reading in rule.disputed))
    return {node.name for condition in conditions for node in walk(condition) if isinstance(node, Fact)}
