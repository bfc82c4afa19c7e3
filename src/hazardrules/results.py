"""What a classification is made of: findings, open rules and notices, frozen and picklable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from . import explain as telling
from .explain import Line
from .judge import Verdict
from .rules import Level
from .texts import Text

T = TypeVar("T")


class Later(Generic[T]):
    """A value that is made when somebody first asks for it, or when it is pickled."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._made: tuple[T] | None = None

    @classmethod
    def now(cls, value: T) -> Later[T]:
        """Return *value* as one that is there already."""
        made = cls.__new__(cls)
        made._make, made._made = None, (value,)
        return made

    def __call__(self) -> T:
        """Return the value."""
        if self._made is None:
            make = self._make
            if make is None:  # another thread was quicker
                return self()
            self._made = (make(),)
            self._make = None
        return self._made[0]

    def __reduce__(self) -> tuple[Callable[[T], Later[T]], tuple[T]]:
        return Later.now, (self(),)


@dataclass(frozen=True, slots=True)
class Subject:
    """What was judged: its kind, its id (or its place in the list), and what it is a part of."""

    kind: str
    id: str | None = None
    within: Subject | None = None
    placed: bool = False  # it has no id of its own: `id` is its place in the list, from 0

    @property
    def named(self) -> bool:
        """Whether it and what it is a part of can be told again: each has an id of its own, or is the only one."""
        return not self.placed and (self.within is None or self.within.named)

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
class Details:
    """What only the reasoning tells of a finding."""

    citation: Citation
    facts: Mapping[str, Any]
    defers_to: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A rule that hit a subject, or may have: `verdict` is hit, disputed or deferred."""

    rule: str
    level: Level
    verdict: Verdict
    subject: Subject
    summary: str
    remedy: str | None
    unverified: bool
    _details: Later[Details] = field(repr=False)
    _explanation: Later[Line] | None = field(default=None, repr=False)

    @property
    def citation(self) -> Citation:
        """The clause that says so."""
        return self._details().citation

    @property
    def facts(self) -> Mapping[str, Any]:
        """The known facts that were decisive, by path, as the record states them."""
        return self._details().facts

    @property
    def defers_to(self) -> str | None:
        """The document that is to judge it instead, where the verdict is deferred."""
        return self._details().defers_to

    @property
    def why(self) -> str | None:
        """Why it is disputed, left to another document, or ordinary and not major."""
        return self._details().why

    def _key(self) -> tuple[Any, ...]:
        return self.rule, self.level, self.verdict, self.subject

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Finding):
            return NotImplemented
        return self._key() == other._key() and finding_data(self) == finding_data(other)

    def __hash__(self) -> int:
        return hash(self._key())

    def explain(self, lang: str = "zh", form: str = "text") -> Any:
        """Return the reasoning in *lang* as "text", "markdown" or "data" (nested dicts)."""
        return _told(self._explanation, lang, form)


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """A rule that is still unknown on a subject, and the facts that leave it so."""

    rule: str
    subject: Subject
    level: Level | None  # this and the next two are not in JSON
    citation: Citation | None
    summary: str
    _titles: Later[Mapping[str, str]] = field(repr=False)
    _explanation: Later[Line] | None = field(default=None, repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The paths of the facts that are missing."""
        return tuple(self._titles())

    @property
    def titles(self) -> Mapping[str, str]:
        """The titles of the missing facts, by path; empty where it was read back from JSON."""
        return self._titles()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Open):
            return NotImplemented
        return (self.rule, self.subject) == (other.rule, other.subject) and self.missing == other.missing

    def __hash__(self) -> int:
        return hash((self.rule, self.subject))

    def explain(self, lang: str = "zh", form: str = "text") -> Any:
        """Return the reasoning so far, as `Finding.explain`."""
        return _told(self._explanation, lang, form)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reader of the result must know; `code` never changes its meaning."""

    code: str
    message: str


def _told(explanation: Later[Line] | None, lang: str, form: str) -> Any:
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
    if subject.placed:
        data["placed"] = True
    if subject.within:
        data["within"] = subject_data(subject.within)
    return data


def read_subject(data: Mapping[str, Any]) -> Subject:
    """Return the subject in its JSON object."""
    within = read_subject(data["within"]) if data.get("within") else None
    return Subject(data["kind"], data["id"], within, data.get("placed", False))


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
        summary=data["summary"],
        remedy=data["remedy"],
        unverified=data["unverified"],
        _details=Later.now(
            Details(
                Citation(cited["number"], cited["title"], cited["clause"], tuple(cited.get("also", ()))),
                dict(data["facts"]),
                data.get("defers_to"),
                data.get("why"),
            )
        ),
    )


def open_data(item: Open) -> dict[str, Any]:
    """Return an open rule as its JSON object."""
    return {"rule": item.rule, "subject": subject_data(item.subject), "missing": list(item.missing)}


def read_open(data: Mapping[str, Any]) -> Open:
    """Return the open rule in its JSON object."""
    titles: Later[Mapping[str, str]] = Later.now(dict.fromkeys(data["missing"], ""))
    return Open(data["rule"], read_subject(data["subject"]), None, None, "", titles)
