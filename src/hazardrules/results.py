"""What `classify` returns: frozen, picklable, and the same bytes for the same input."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import explain as telling
from . import summary
from .errors import FactsError, Problem
from .explain import Line
from .judge import Verdict
from .rules import Level
from .texts import Text

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = 1


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
    citation: Citation | None = field(default=None, compare=False)  # not in JSON, as the next two
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


@dataclass(frozen=True, slots=True)
class Question:
    """A question that would settle the most: ask it, and `put` the answer into the record."""

    path: str
    text: str
    type: str
    choices: tuple[str, ...]
    unit: str | None
    opens: int  # how many open rules wait for it
    _steps: tuple[Any, ...] = field(default=(), repr=False)

    def put(self, record: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        """Return a copy of *record* with the answer in its place; *record* is not changed."""
        changed = copy.deepcopy(dict(record))
        here: Any = changed
        for step, after in zip(self._steps, self._steps[1:], strict=False):
            here = _descend(here, step, [] if isinstance(after, Mapping) else {})
        last, before = self._steps[-1], here.get(self._steps[-1])
        if self.type == "list" and isinstance(before, Mapping) and isinstance(answer, list):
            answer = _merged(before.get("seen") or [], answer)  # what was seen stays
        here[last] = answer
        return changed


def _descend(here: Any, step: Any, empty: Any) -> Any:
    """Return what stands under *step*, put there as *empty* where nothing does."""
    if isinstance(step, Mapping):  # the entry of a roster, by the fact that names it
        entries = here["seen"] if isinstance(here, dict) else here
        found = next((entry for entry in entries if all(entry.get(k) == v for k, v in step.items())), None)
        if found is None:
            found = dict(step)
            entries.append(found)
        return found
    if isinstance(step, int):
        return here[step]
    if here.get(step) is None:
        here[step] = empty
    return here[step]


def _merged(seen: list[Any], answer: list[Any]) -> list[Any]:
    named = {entry.get("id") for entry in answer if isinstance(entry, Mapping) and entry.get("id") is not None}
    kept = [entry for entry in seen if not (isinstance(entry, Mapping) and entry.get("id") in named)]
    return [*kept, *answer]


@dataclass(frozen=True)
class Classification:
    """What an inspection's findings are under the standards in force.

    `established` is certain now; `possible` the highest level that unknown, disputed, deferred,
    uninspected or unencoded matters could still make it.
    """

    established: Level
    possible: Level
    complete: bool
    findings: tuple[Finding, ...]
    open: tuple[Open, ...]
    uncovered: tuple[str, ...]
    notices: tuple[Notice, ...]
    counts: Mapping[str, int]
    fingerprint: str
    lang: str = "zh"
    titles: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)  # of the uncovered kinds
    _questions: Callable[[], tuple[Question, ...]] | None = field(default=None, repr=False, compare=False)

    @property
    def conclusive(self) -> bool:
        """Whether nothing still open could change the level."""
        return self.established is self.possible

    @property
    def level(self) -> Level:
        """`established` where it is conclusive, else `Level.UNDETERMINED`."""
        return self.established if self.conclusive else Level.UNDETERMINED

    def questions(self) -> tuple[Question, ...]:
        """Return what to ask next, first what settles most; none once read back from JSON."""
        return self._questions() if self._questions else ()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data, as the published schema describes it."""
        return {
            "schema": SCHEMA,
            "level": self.level.value,
            "established": self.established.value,
            "possible": self.possible.value,
            "conclusive": self.conclusive,
            "complete": self.complete,
            "findings": [_finding(f) for f in self.findings],
            "open": [{"rule": o.rule, "subject": _subject(o.subject), "missing": list(o.missing)} for o in self.open],
            "uncovered": list(self.uncovered),
            "notices": [{"code": n.code, "message": n.message} for n in self.notices],
            "counts": dict(self.counts),
            "fingerprint": self.fingerprint,
        }

    def to_json(self, indent: int | None = None) -> str:
        """Return the result as JSON text, the same for the same input."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Classification:
        """Read back what `to_json` wrote; `to_json` of it gives the same text again.

        Raises `FactsError` where *text* is no such JSON.
        """
        return cls.from_dict(_loads(text))

    @classmethod
    def from_dict(cls, data: Any) -> Classification:
        """Read back what `to_dict` returned. Raises `FactsError`."""
        from pydantic import ValidationError

        try:
            _adapter().validate_python(data)
        except ValidationError as error:
            problems = (
                Problem(
                    ".".join(str(part) for part in item["loc"]),
                    Text(f"不是判定结果：{item['msg']}", f"no classification: {item['msg']}"),
                )
                for item in error.errors()
            )
            raise FactsError(problems) from None
        return cls(
            established=Level(data["established"]),
            possible=Level(data["possible"]),
            complete=data["complete"],
            findings=tuple(_read_finding(item) for item in data["findings"]),
            open=tuple(Open(o["rule"], _read_subject(o["subject"]), tuple(o["missing"])) for o in data["open"]),
            uncovered=tuple(data["uncovered"]),
            notices=tuple(Notice(n["code"], n["message"]) for n in data["notices"]),
            counts=dict(data["counts"]),
            fingerprint=data["fingerprint"],
        )

    def __str__(self) -> str:
        return summary.render(self)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can only be asked of a living corpus."""
        state = dict(self.__dict__)
        state["_questions"] = None
        return state


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


def _loads(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FactsError([Problem("", Text(f"不是 JSON：{error}", f"not JSON: {error}"))]) from None


def _subject(subject: Subject) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": subject.kind, "id": subject.id}
    if subject.within:
        data["within"] = _subject(subject.within)
    return data


def _read_subject(data: Mapping[str, Any]) -> Subject:
    return Subject(data["kind"], data["id"], _read_subject(data["within"]) if data.get("within") else None)


def _finding(finding: Finding) -> dict[str, Any]:
    citation = finding.citation
    cited: dict[str, Any] = {"number": citation.number, "title": citation.title, "clause": citation.clause}
    if citation.also:
        cited["also"] = list(citation.also)
    data = {
        "rule": finding.rule,
        "level": finding.level.value,
        "verdict": finding.verdict.value,
        "subject": _subject(finding.subject),
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


def _read_finding(data: Mapping[str, Any]) -> Finding:
    cited = data["citation"]
    return Finding(
        rule=data["rule"],
        level=Level(data["level"]),
        verdict=Verdict(data["verdict"]),
        subject=_read_subject(data["subject"]),
        citation=Citation(cited["number"], cited["title"], cited["clause"], tuple(cited.get("also", ()))),
        summary=data["summary"],
        remedy=data["remedy"],
        facts=dict(data["facts"]),
        unverified=data["unverified"],
        defers_to=data.get("defers_to"),
        why=data.get("why"),
    )


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    from .results_schema import ClassificationData

    return TypeAdapter(ClassificationData)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `Classification.to_dict`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter().json_schema()}
