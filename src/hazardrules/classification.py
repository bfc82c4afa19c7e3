"""A classification: the level, what carries it and what is open; the same bytes for the same input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .asking import Question
from .errors import FactsError, Problem
from .explain import LEVEL_WORDS, VERDICT_WORDS
from .judge import Verdict
from .results import Finding, Later, Notice, Open, Subject, finding_data, open_data, read_finding, read_open
from .rules import Level
from .texts import Text

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = 1


@dataclass(frozen=True, eq=False)
class Classification:
    """What an inspection's findings are under the standards in force.

    `established` is certain now; `possible` the highest level that unknown, disputed, deferred,
    uninspected or unencoded matters could still make it.
    """

    established: Level
    possible: Level
    complete: bool
    uncovered: tuple[str, ...]
    notices: tuple[Notice, ...]
    _findings: Later[tuple[Finding, ...]] = field(repr=False)
    _open: Later[tuple[Open, ...]] = field(repr=False)
    _counts: Later[Mapping[str, int]] = field(repr=False)
    _fingerprint: Later[str] = field(repr=False)
    lang: str = "zh"
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)  # of the uncovered kinds
    _questions: Later[tuple[Question, ...]] | None = field(default=None, repr=False)
    _verdicts: Later[Mapping[tuple[str, str], Verdict]] | None = field(default=None, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the documents, then of the subjects."""
        return self._findings()

    @property
    def open(self) -> tuple[Open, ...]:
        """The rules that are still unknown on a subject, in the same order."""
        return self._open()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rules came out how, over all subjects; a rule without subjects counts once."""
        return self._counts()

    @property
    def fingerprint(self) -> str:
        """A digest of all that the result follows from: the record, the standards, the day, the version."""
        return self._fingerprint()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Classification):
            return NotImplemented
        return self.fingerprint == other.fingerprint and self.lang == other.lang and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.established, self.possible, len(self.findings), len(self.open)))

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

    @property
    def living(self) -> bool:
        """Whether it came from `classify` just so: read back, it has no questions and not every verdict."""
        return self._verdicts is not None

    def verdict(self, rule: str, subject: Subject | str) -> Verdict | None:
        """Return how *rule* came out on *subject*, None where that is not known.

        It is not where the rule was not judged on it, where the subject is told only by its place in a
        list, and, of what is no finding and not open, once the result was read back from JSON.
        """
        key = rule, str(subject)
        if self._verdicts is not None:
            return self._verdicts().get(key)
        known = {(item.rule, str(item.subject)): item.verdict for item in self.findings if item.subject.named}
        known |= {(item.rule, str(item.subject)): Verdict.UNKNOWN for item in self.open if item.subject.named}
        return known.get(key)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data, as the published schema describes it."""
        return {
            "schema": SCHEMA,
            "level": self.level.value,
            "established": self.established.value,
            "possible": self.possible.value,
            "conclusive": self.conclusive,
            "complete": self.complete,
            "findings": [finding_data(f) for f in self.findings],
            "open": [open_data(o) for o in self.open],
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
        result = cls(
            established=Level(data["established"]),
            possible=Level(data["possible"]),
            complete=data["complete"],
            uncovered=tuple(data["uncovered"]),
            notices=tuple(Notice(n["code"], n["message"]) for n in data["notices"]),
            _findings=Later.now(tuple(read_finding(item) for item in data["findings"])),
            _open=Later.now(tuple(read_open(item) for item in data["open"])),
            _counts=Later.now(dict(data["counts"])),
            _fingerprint=Later.now(data["fingerprint"]),
        )
        if (result.level.value, result.conclusive) != (data["level"], data["conclusive"]):
            message = Text(
                "level、conclusive 与 established、possible 不符",
                "level or conclusive contradicts established and possible",
            )
            raise FactsError([Problem("level", message)])
        return result

    def __str__(self) -> str:
        """Return the level and the findings, a line each; `summary.render` tells more."""
        lines = [f"{LEVEL_WORDS[self.level].say(self.lang)} ({self.level.value})"]
        for n, finding in enumerate(self.findings, 1):
            level, verdict = LEVEL_WORDS[finding.level].say(self.lang), VERDICT_WORDS[finding.verdict].say(self.lang)
            lines.append(f"{n}. [{level}, {verdict}] {finding.summary} - {finding.subject} - {finding.citation}")
        if self.open or self.uncovered:
            waiting = Text(
                f"待定的规则 {len(self.open)} 条，没有查看或没有查全的对象 {len(self.uncovered)} 种",
                f"{len(self.open)} rules unknown, {len(self.uncovered)} kinds of subject not looked at",
            )
            lines.append(waiting.say(self.lang))
        return "\n".join(lines)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can only be asked of a living corpus."""
        state = dict(self.__dict__)
        state["_questions"] = state["_verdicts"] = None
        return state


def _loads(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FactsError([Problem("", Text(f"不是 JSON：{error}", f"not JSON: {error}"))]) from None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    from .results_schema import ClassificationData

    return TypeAdapter(ClassificationData)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `Classification.to_dict`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter().json_schema()}
