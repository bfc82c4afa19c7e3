"""Two inspections of one place compared: what was closed, is still there, got worse, is new, or is not told.

A finding that is not in the later result is not closed by that: closed is only what the later record
shows to be clear or not applicable. A fact that went missing, a subject that nobody looked at and a
rule that was not judged leave it *unrecorded*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..classification import Classification
from ..explain import LEVEL_WORDS
from ..judge import Verdict
from ..results import Finding, Subject, finding_data
from ..texts import Text

_CERTAINTY = {Verdict.DEFERRED: 0, Verdict.DISPUTED: 1, Verdict.HIT: 2}

#: the groups, in the order in which they are told
GROUPS = {
    "worse": Text("加重的", "worse"),
    "new": Text("新出现的", "new"),
    "still": Text("仍然存在的", "still there"),
    "unrecorded": Text("这次没有记录、不能算整改完的", "not recorded this time, which is not closed"),
    "closed": Text("整改完的", "closed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a finding: as the later result has it, or else the earlier one; `why` where it is unrecorded."""

    finding: Finding
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The findings of two results, by what became of them."""

    worse: tuple[Change, ...]
    new: tuple[Change, ...]
    still: tuple[Change, ...]
    unrecorded: tuple[Change, ...]
    closed: tuple[Change, ...]
    lang: str = "zh"

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        return {group: [_change_data(item, self.lang) for item in getattr(self, group)] for group in GROUPS}

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for group, title in GROUPS.items():
            changes = getattr(self, group)
            if changes:
                yield (
                    f"{title.say(self.lang)}（{len(changes)}）" if self.lang == "zh" else f"{title.en} ({len(changes)})"
                )
            for change in changes:
                finding = change.finding
                level = LEVEL_WORDS[finding.level].say(self.lang)
                yield f"- [{level}] {finding.summary} - {finding.subject} - {finding.citation}"
                if change.why is not None:
                    yield f"    {change.why.say(self.lang)}"


def compare(before: Classification, after: Classification) -> Comparison:
    """Return what became of the findings of *before* in *after*, a later result on the same place.

    *after* should come from `classify`: read back from JSON it does not hold what came out clear, and
    nothing can be shown to be closed. Subjects are the same where their kind and id are.
    """
    later: dict[tuple[str, Subject], Finding] = {}
    for finding in sorted(after.findings, key=_weight):
        later[finding.rule, finding.subject] = finding  # the gravest, where two subjects have one name
    groups: dict[str, list[Change]] = {group: [] for group in GROUPS}
    for finding in before.findings:
        now = later.get((finding.rule, finding.subject))
        if now is not None:
            groups["worse" if _weight(now) > _weight(finding) else "still"].append(Change(now))
        else:
            group, why = _gone(finding, after)
            groups[group].append(Change(finding, why))
    known = {(finding.rule, finding.subject) for finding in before.findings}
    groups["new"] = [Change(finding) for finding in after.findings if (finding.rule, finding.subject) not in known]
    return Comparison(**{group: tuple(changes) for group, changes in groups.items()}, lang=after.lang)


def _gone(finding: Finding, after: Classification) -> tuple[str, Text | None]:
    """Return what became of a finding that the later result does not have, and why it is not told."""
    # a place in a list is no id: a later subject that happens to be called so is another one
    verdict = after.verdict(finding.rule, finding.subject) if finding.subject.named else None
    if verdict in (Verdict.CLEAR, Verdict.NOT_APPLICABLE):
        return "closed", None
    if verdict is Verdict.UNKNOWN:
        missing = next((o.missing for o in after.open if (o.rule, o.subject) == (finding.rule, finding.subject)), ())
        facts = "、".join(missing)
        return "unrecorded", Text(f"现在待定，缺 {facts}", f"unknown now, missing {facts}")
    if verdict is not None:  # an ordinary hit that a major one on the same subject contains
        return "still", None
    if not after.living:
        return "unrecorded", Text(
            "后一份结果由 JSON 读回，看不出是否未命中；用它的记录重新判定",
            "the later result was read back from JSON and does not tell; classify its record again",
        )
    return "unrecorded", Text(
        "这次没有记这个对象（或者它没有编号），或者没有判这条规则",
        "the subject was not recorded this time (or has no id), or the rule was not judged",
    )


def _weight(finding: Finding) -> tuple[int, int]:
    return finding.level.rank, _CERTAINTY[finding.verdict]


def _change_data(change: Change, lang: str) -> dict[str, Any]:
    data = finding_data(change.finding)
    return {"finding": data} if change.why is None else {"finding": data, "why": change.why.say(lang)}
