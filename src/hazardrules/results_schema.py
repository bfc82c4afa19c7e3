"""The shape of a classification's JSON, schema 1: from here come its check and its JSON Schema."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

LevelWord = Literal["none", "ordinary", "major"]
_STRICT = ConfigDict(extra="forbid", strict=True)


@with_config(_STRICT)
class SubjectData(TypedDict):
    """What was judged."""

    kind: str
    id: str | None
    placed: NotRequired[Literal[True]]
    within: NotRequired[SubjectData]


@with_config(_STRICT)
class CitationData(TypedDict):
    """The clause that says so."""

    number: str
    title: str
    clause: str
    also: NotRequired[list[str]]


@with_config(_STRICT)
class FindingData(TypedDict):
    """A rule that hit, is disputed, or is deferred to another document."""

    rule: str
    level: Literal["ordinary", "major"]
    verdict: Literal["hit", "disputed", "deferred"]
    subject: SubjectData
    citation: CitationData
    summary: str
    remedy: str | None
    facts: dict[str, Any]
    unverified: bool
    defers_to: NotRequired[str]
    why: NotRequired[str]


@with_config(_STRICT)
class OpenData(TypedDict):
    """A rule that is still unknown."""

    rule: str
    subject: SubjectData
    missing: list[str]


@with_config(_STRICT)
class NoticeData(TypedDict):
    """Something that a reader must know."""

    code: str
    message: str


@with_config(_STRICT)
class CountsData(TypedDict):
    """How many rule × subject pairs came out in each way."""

    hit: int
    disputed: int
    unknown: int
    clear: int
    not_applicable: int
    deferred: int


@with_config(_STRICT)
class ClassificationData(TypedDict):
    """A classification."""

    schema: Literal[1]
    level: Literal["none", "ordinary", "major", "undetermined"]
    established: LevelWord
    possible: LevelWord
    conclusive: bool
    complete: bool
    findings: list[FindingData]
    open: list[OpenData]
    uncovered: list[str]
    notices: list[NoticeData]
    counts: CountsData
    fingerprint: str
