"""Whether an inspection record can tell what became of a hazard: whose it is, of which day, under which rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from ..classify import Corpus
from ..errors import Problem
from ..inspection import Inspection
from ..results import Subject
from ..rows import Row
from ..texts import Text
from .courses import Course


def day_of(inspection: Inspection, subject: str | None) -> date | None:
    """Return the day on which a record itself says that *subject* was inspected.

    That is the day of the inspection, or an earlier one on which the subject or a part of it was seen.
    """
    stated = inspection.record.inspection
    if "date" not in stated._stated:
        return None
    rows = (row for several in inspection.record.rows.values() for row in several)
    seen = [row._observed_on for row in rows if row._observed_on and any(up._path == subject for up in _upwards(row))]
    day: date = min([stated.date, *seen])
    return day


def subject_name(subject: Subject) -> str:
    """Return by what name the ledger keeps *subject*: that of its path in a record where it can be told again."""
    return str(subject) if subject.named else f"{subject}{_UNNAMED}"


def _upwards(row: Row | None) -> Iterator[Row]:
    """Yield *row* and all of which it is a part."""
    while row is not None:
        yield row
        row = row._up


_UNNAMED = "#"  # after a subject that was told only by its place in a list: no path in a record ends so


def unfit(course: Course, inspection: Inspection, at: datetime, corpus: Corpus) -> Iterator[Problem]:
    """Yield why a hazard cannot be examined *at* that time by a record, if it cannot."""
    rule, since = course.facts.get("rule"), course.facts.get("judge_from")
    inspected = day_of(inspection, course.facts.get("subject"))
    name: str | None = getattr(inspection.record.enterprise, "name", None)
    if rule in (None, "observation"):
        message = Text("不是由规则判定的，不能复判；由人验收", "found by no rule: examine it by hand")
        yield Problem(course.hazard, message)
    if str(course.facts.get("subject")).endswith(_UNNAMED):
        message = Text(
            "立案时这个对象没有编号，认不出记录里的哪一个是它；由人验收，或者给它编号、重新判定立案，撤回这一条",
            "the subject had no id when it was found and cannot be told again: examine it by hand, or give it an id, "
            "classify and open again, and withdraw this one",
        )
        yield Problem(course.hazard, message)
    if name is not None and name.strip() != course.enterprise:
        message = Text(
            f"这份记录是“{name}”的，隐患是“{course.enterprise}”的",
            f"the record is of “{name}”, the hazard of “{course.enterprise}”",
        )
        yield Problem("enterprise.name", message)
    if inspected is None:
        message = Text(
            "记录要写检查日期，才知道是不是整改以后的",
            "state the day of the inspection, to show that it came after the rectification",
        )
        yield Problem("inspection.date", message)
        return
    if since is not None and inspected < since:
        message = Text(
            f"这份记录是 {inspected} 检查的，在 {since} 发现、报请验收或者上次复判之前；要用整改以后的记录",
            f"the record is of {inspected}, before the finding, the submission or the last re-judgment on {since}: "
            "use a later one",
        )
        yield Problem("inspection.date", message)
    if at.date() < inspected:
        message = Text(
            f"验收的时间 {at:%Y-%m-%d} 在记录的检查日期 {inspected} 之前",
            f"the examination on {at:%Y-%m-%d} lies before the inspection of the record on {inspected}",
        )
        yield Problem("at", message)
    programs = (corpus.program(day, inspection.industries) for day in inspection.days)
    if not any(entry.rule.id == rule for program in programs for entry in program.edition.entries):
        message = Text(
            f"规则 {rule} 在 {inspection.day} 按所选的行业不判；检查 --industry，版本换了的用 --on 写发现那天",
            f"the rule {rule} is not judged on {inspection.day} in the chosen industry; see --industry, "
            "or --on the day of the finding where the edition changed",
        )
        yield Problem("--industry", message)
