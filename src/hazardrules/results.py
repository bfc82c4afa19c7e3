"""What a classification is made of: findings, open rules and notices, frozen and picklable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import explain as telling
from .explain import Line
from .judge import Verdict
from .rules import Level
from .texts import Text


class Explanation:
    """An explanation that is made only when somebody asks, or when it is pickled."""

    __slots__ = ("_line", "_make")

    def __init__(self, make: Callable[[], Line] | None, line: Line | None = None) -> None:
        self._make, self._line = make, line

    def __call__(self) -> Line:
        """Return the explanation's lines."""
        if self._line is None:
            assert self._make is not None
            self._line = self._make()
        return self._line

    def __reduce__(self) -> tuple[type[Explanation], tuple[None, Line]]:
        return Explanation, (None, self())


@dataclass(frozen=True, slots=True)
class Subject:
    """What was judged: its kind, its id (or its place in the list), and what it is a part of."""

    kind: str
    id: str | None = None
    within: Subject | None = None

    def __str__(self) -> str:
        own = f"{self.kind}[{self.id}]" if self.id is not None else self.kind
        return f"{self.within}.{own}" if self.within else own


@dataclass(frozen=True, slots=True)
class Citation:
    """The clause that says so; `also` holds a further article, such as that on failed devices."""

    number: str
    title: str
    clause: str
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.number:  # as an inspector wrote it
            return self.title
        return f"《{self.title}》（{self.number}）{'、'.join((self.clause, *self.also))}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that hit a subject, or may have: `verdict` is hit, disputed or deferred."""

    rule: str
    level: Level
    verdict: Verdict
    subject: Subject
    citation: Citation
    summary: str
    remedy: str | None
    facts: Mapping[str, Any]
    unverified: bool
    defers_to: str | None = None
    why: str | None = None  # why it is disputed, or left to another document
    _explanation: Explanation | None = field(default=None, repr=False, compare=False)

    def explain(self, lang: str = "zh", form: str = "text") -> Any:
        """Return the reasoning in *lang* as "text", "markdown" or "data" (nested dicts)."""
        return _told(self._explanation, lang, form)


@dataclass(frozen=True, slots=True)
class Open:
    """A rule that is still unknown on a subject, and the facts that leave it so."""

    rule: str
    subject: Subject
    missing: tuple[str, ...]
    level: Level | None = field(default=None, compare=False)  # not in JSON, as the next three
    citation: Citation | None = field(default=None, compare=False)
    summary: str = field(default="", compare=False)
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)  # of the missing facts, by path
    _explanation: Explanation | None = field(default=None, repr=False, compare=False)

    def explain(self, lang: str = "zh", form: str = "text") -> Any:
        """Return the reasoning so far, as `Finding.explain`."""
        return _told(self._explanation, lang, form)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reader of the result must know; `code` never changes its meaning."""

    code: str
    message: str


def _told(explanation: Explanation | None, lang: str, form: str) -> Any:
    if explanation is None:
        line = Line(
            Text(
                "这份结果由 JSON 读回，没有带判定过程；请用原始记录重新判定",
                "read back from JSON without its reasoning; classify the record again",
            )
        )
    else:
        line = explanation()
    renderers: dict[str, Callable[[Line, str], Any]] = {
        "text": telling.as_text,
        "markdown": telling.as_markdown,
        "data": telling.as_data,
    }
    return renderers[form](line, lang)


# ------------------------------------------------------------------------------------------- JSON


def subject_data(subject: Subject) -> dict[str, Any]:
    """Return *subject* as its JSON object."""
    data: dict[str, Any] = {"kind": subject.kind, "id": subject.id}
    if subject.within:
        data["within"] = subject_data(subject.within)
    return data


def read_subject(data: Mapping[str, Any]) -> Subject:
    """Return the subject in its JSON object."""
    return Subject(data["kind"], data["id"], read_subject(data["within"]) if data.get("within") else None)


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return *finding* as its JSON object; keys that say nothing are left out."""
    citation = finding.citation
    cited: dict[str, Any] = {"number": citation.number, "title": citation.title, "clause": citation.clause}
    if citation.also:
        cited["also"] = list(citation.also)
    data = {
        "rule": finding.rule,
        "level": finding.level.value,
        "verdict": finding.verdict.value,
        "subject": subject_data(finding.subject),
        "citation": cited,
        "summary": finding.summary,
        "remedy": finding.remedy,
        "facts": dict(finding.facts),
        "unverified": finding.unverified,
    }
    if finding.defers_to:
        data["defers_to"] = finding.defers_to
    if finding.why:
        data["why"] = finding.why
    return data


def read_finding(data: Mapping[str, Any]) -> Finding:
    """Return the finding in its JSON object."""
    cited = data["citation"]
    return Finding(
        rule=data["rule"],
        level=Level(data["level"]),
        verdict=Verdict(data["verdict"]),
        subject=read_subject(data["subject"]),
        citation=Citation(cited["number"], cited["title"], cited["clause"], tuple(cited.get("also", ()))),
        summary=data["summary"],
        remedy=data["remedy"],
        facts=dict(data["facts"]),
        unverified=data["unverified"],
        defers_to=data.get("defers_to"),
        why=data.get("why"),
    )


def open_data(item: Open) -> dict[str, Any]:
    """Return an open rule as its JSON object."""
    return {"rule": item.rule, "subject": subject_data(item.subject), "missing": list(item.missing)}


def read_open(data: Mapping[str, Any]) -> Open:
    """Return the open rule in its JSON object."""
    return Open(data["rule"], read_subject(data["subject"]), tuple(data["missing"]))
