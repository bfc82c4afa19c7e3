"""A ledger of hazards: what the commands do, over the log, the chart and an engine.

Every well-formed event is written, also one that is of no effect: who tried to close what is part of
the record. What takes effect follows from all events in the order of their own time.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from .. import dates
from ..classification import Classification
from ..classify import Corpus, default
from ..errors import FactsError, HazardRulesError, Problem
from ..explain import VERDICT_WORDS
from ..facts import ENTERPRISE
from ..judge import Verdict
from ..results import Finding
from ..rules import Level
from ..texts import Text
from .chart_file import shipped
from .charts import HAZARD, Chart
from .courses import Course, Step, Track
from .engine import Engine
from .engines import engine as engine_named
from .events import Event, hazard_id, in_order, is_finding, moment, read_event
from .examining import day_of, subject_name, unfit
from .pictures import Part, Picture, joined, owners, part, settled
from .progress import READING, WORKING_OUT, Progress, Teller, telling
from .reasons import why_refused
from .store import Entry, Log

_MOST = 50  # problems of one input that are listed
_NOT_RECORDED = "没有记录"  # the verdict where the record does not have the subject, or the rule was not judged


@dataclass(frozen=True, slots=True)
class Told:
    """A step of a hazard with where it stands in the log, and why it was of no effect."""

    step: Step
    seq: int | None = None  # None for a deadline gone by
    written: str = ""
    late: bool = False  # entered after something that happened later
    leans_on: tuple[int, ...] = ()  # entries of what happened before, that were written only after it
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an event."""

    event: Event
    new: bool  # False: it was in the log already
    course: Course | None = None  # of the hazard, where it is about one
    why: Text | None = None  # why it was of no effect
    turned: tuple[Event, ...] = ()  # earlier entries whose effect it changed, as it happened before them

    @property
    def refused(self) -> bool:
        """Whether it was of no effect."""
        return self.why is not None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of many events: how many were new, and which of those are of no effect."""

    new: int
    refused: tuple[Outcome, ...]


class Checked(NamedTuple):
    """A ledger that is as it was written: the digest of its last entry, how many there are, the latest moment."""

    head: str
    entries: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """The whole ledger, checked and worked out anew."""

    head: str  # digest of the last entry: note it elsewhere, and a later check can show that all is as it was
    entries: int
    picture: Picture


class Ledger:
    """The ledger in the file *path*. Close it, or use it in a `with`."""

    def __init__(
        self, path: str | Path, *, chart: Chart | None = None, engine: str | Engine = "python", create: bool = False
    ) -> None:
        """Open the ledger; with *create* make it where there is none. Raises `HazardRulesError`."""
        self.chart = chart or shipped()
        self.engine = engine_named(engine) if isinstance(engine, str) else engine
        self.log = Log(path, self.chart, create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.log.close()

    # ---------------------------------------------------------------------------------- writing

    def open(
        self,
        *results: Classification,
        enterprise: str,
        by: str,
        at: str | datetime | None = None,
        verdicts: Iterable[Verdict] = (Verdict.HIT,),
    ) -> list[Outcome]:
        """Open a hazard for each finding of *results* with one of *verdicts*, all or none.

        The same result again changes nothing. *at* is when they were found (default: now). Raises `FactsError`.
        """
        wanted, when, enterprise = set(verdicts), at or now(), enterprise.strip()
        data = [
            self._opened(finding, result.fingerprint, enterprise, by, when)
            for result in results
            for finding in result.findings
            if finding.verdict in wanted
        ]
        events = [read_event(item, self.chart, f"findings[{n}]") for n, item in enumerate(data)]
        return self._written(events, keep=True)

    def record(self, *data: Mapping[str, Any]) -> list[Outcome]:
        """Write events, all or none, and return what came of each; `at` left out is now.

        Raises `FactsError` for what is no event, `HazardRulesError` where the log refuses it.
        """
        return self._written(self._read(data), keep=False)

    def load(
        self, data: Iterable[Mapping[str, Any]], *, places: Sequence[str] = (), progress: Progress | None = None
    ) -> Loaded:
        """Write many events, all or none, and return how many were new, and those that are of no effect.

        *places* says where each of them stands, for messages. Raises as `record`.
        """
        new = self.log.append(self._read(data, places, progress), progress=progress)
        ids, refused = {event.id for event in new}, list[Outcome]()
        for hazard in telling(dict.fromkeys(event.hazard for event in new if event.hazard), WORKING_OUT, progress):
            events, course = self._told(hazard, whole=True)
            own = [s.event for s in (course.steps if course else ()) if s.event and s.refused and s.event.id in ids]
            refused += [Outcome(event, True, course, self._why(events, event)) for event in own]
        return Loaded(len(new), tuple(refused))

    def examine(
        self, hazard: str, record: Mapping[str, Any], *, by: str, at: str | datetime | None = None,
        industry: str | Iterable[str] | None = None, on: date | str | None = None, corpus: Corpus | None = None,
        evidence: str | None = None,
    ) -> list[Outcome]:  # fmt: skip
        """Examine a hazard by a *record* made after the rectification: its own rule on its own subject.

        Writes the verdict with the fingerprint of the judgment, and that the hazard was accepted where
        the verdict is clear or not applicable, rejected where it is anything else. Raises `FactsError`
        where *record* cannot tell: no rule found the hazard, it is of another enterprise, bears no date
        or one before the submission, or the rule is not judged on that day in that industry.
        """
        corpus = corpus or default()
        course = self._last(hazard)
        inspection = corpus.inspect(record, industry=industry, on=on)
        inspected = day_of(inspection, course.facts.get("subject"))
        when = moment(at if at is not None else now())
        if when is None:
            raise FactsError([Problem("at", Text(f"“{at}”不是时间，应写成 2026-03-01 08:30",
                                                 f"“{at}” is no time; write it as 2026-03-01 08:30"))])  # fmt: skip
        problems = list(unfit(course, inspection, when, corpus))
        if problems:
            raise FactsError(problems)
        result = corpus.classify(record, industry=industry, on=on)
        verdict = result.verdict(course.facts["rule"], course.facts["subject"])
        word = VERDICT_WORDS[verdict].zh if verdict else _NOT_RECORDED
        common = {"at": when, "by": by, ENTERPRISE: course.enterprise, HAZARD: hazard}
        facts = {"verdict": word, "fingerprint": result.fingerprint, "inspected_on": inspected, "evidence": evidence}
        judged = {**common, "kind": "rejudged", "facts": facts}
        if verdict in (Verdict.CLEAR, Verdict.NOT_APPLICABLE):
            return self.record(judged, {**common, "kind": "verified", "facts": {"evidence": evidence}})
        return self.record(judged, {**common, "kind": "rejected", "facts": {"reason": f"复判结论：{word}"}})

    # ---------------------------------------------------------------------------------- reading

    def course(self, hazard: str, until: datetime | None = None) -> Course:
        """Return what became of one hazard, as of *until* (default: now). Raises `FactsError` where there is none."""
        course = self._told(hazard, until)[1]
        if course is None:
            raise FactsError([Problem("", Text(f"那时还没有隐患“{hazard}”", f"no hazard “{hazard}” by then"))])
        return course

    def find(self, beginning: str) -> str:
        """Return the id of the one hazard whose id begins so. Raises `FactsError` for none or several."""
        beginning = beginning.strip()
        found = self.log.hazards(beginning) if beginning else []
        if len(found) == 1 or beginning in found:
            return found[0]
        message = (
            Text(f"以“{beginning}”开头的隐患不止一个", f"several hazards begin with “{beginning}”")
            if found
            else Text(
                f"没有隐患“{beginning}”；hazardrules ledger list 列出编号",
                f"there is no hazard “{beginning}”; hazardrules ledger list shows the ids",
            )
        )
        raise FactsError([Problem("HAZARD", message)])

    def enterprise(self, hazard: str) -> str:
        """Return the enterprise of a hazard. Raises `FactsError` where there is none."""
        return self._last(hazard).enterprise

    def history(self, hazard: str, until: datetime | None = None) -> list[Told]:
        """Return every step of a hazard as it happened, with its entry in the log, lapses and refusals too."""
        with self.log.frozen():  # nothing may be written between the two
            entries = {entry.event.id: entry for entry in self.log.entries(hazard=hazard)}
            events, course = self._told(hazard, until)
        told, steps = [], course.steps if course else ()
        seqs = [entries[step.event.id].seq if step.event and not step.refused else 0 for step in steps]
        for n, step in enumerate(steps):
            if step.event is None:
                told.append(Told(step))
                continue
            entry = entries[step.event.id]
            late = any(0 < seq < entry.seq for seq in seqs[n + 1 :])
            leans_on = tuple(sorted(seq for seq in seqs[:n] if seq > entry.seq))
            why = self._why(events, step.event) if step.refused else None
            told.append(Told(step, entry.seq, entry.written, late, leans_on, why))
        return told

    def entries(self, enterprise: str | None = None) -> Iterator[Entry]:
        """Yield the log as it was written."""
        return self.log.entries(enterprise=enterprise)

    def settings(self, until: datetime | None = None) -> list[Entry]:
        """Return the entries that set a parameter for all, as of *until* (default: now), in order of time."""
        until = _as_of(until)
        entries = (entry for entry in self.log.entries(enterprise="") if entry.event.at <= until)
        return sorted(entries, key=lambda entry: (entry.event.at, entry.event.id))

    def picture(
        self, until: datetime | None = None, *, enterprise: str | None = None, progress: Progress | None = None
    ) -> Picture:
        """Return every hazard and every pattern over time, as of *until* (default: now)."""
        until = _as_of(until)
        return joined(until, self.parts(until, enterprise=enterprise, progress=progress))

    def parts(
        self, until: datetime | None = None, *, enterprise: str | None = None, progress: Progress | None = None
    ) -> Iterator[Part]:
        """Yield what `picture` returns, one enterprise after the other: no more of it is in memory at once.

        All of it is of one moment of the log; nothing can be written by this ledger meanwhile.
        """
        until = _as_of(until)
        reading, working = Teller(READING, progress), Teller(WORKING_OUT, progress)
        with self.log.frozen():
            chart = settled(self.chart, self._by(until, self.log.entries(enterprise="")))
            strays = defaultdict[str, list[Event]](list)  # of hazards that some events ascribe to another enterprise
            astray = self.log.astray()
            for hazard in astray:
                events = self._by(until, self.log.entries(hazard=hazard))
                strays[owners(events).get(hazard, "")] += events
            for name in [enterprise] if enterprise is not None else sorted({*self.log.enterprises(), *strays}):
                own = (e for e in reading.each(self.log.entries(enterprise=name)) if e.event.hazard not in astray)
                events = in_order(chart, [*self._by(until, own), *strays[name]])
                if events:
                    yield part(chart, name, events, self.engine, until, working)

    def replay(
        self, until: datetime | None = None, *, head: str | None = None, progress: Progress | None = None
    ) -> Replayed:
        """Check the whole log and work out everything anew, as of *until* (default: the last event).

        With *head*, a digest noted earlier, also that it is still the digest of an entry. Raises
        `HazardRulesError` where the log is not what was written.
        """
        with self.log.frozen():
            found, entries, last = self.check(head=head, progress=progress)
            return Replayed(found, entries, self.picture(until or last, progress=progress))

    def check(self, *, head: str | None = None, progress: Progress | None = None) -> Checked:
        """Check the whole log, as `replay` does, and work nothing out. Raises `HazardRulesError`."""
        found = self.log.check(progress)
        if head is not None and not self.log.holds(head):
            message = Text(
                "台账里没有这个摘要：末尾被截去过，或者整个换过",
                "no entry has this digest: the end was cut off, or the whole was replaced",
            )
            raise HazardRulesError([Problem(str(self.log.path), message)])
        return Checked(found, self.log.count(), self.log.last())

    # ---------------------------------------------------------------------------------- small helps

    def _by(self, until: datetime, entries: Iterable[Entry]) -> list[Event]:
        """Return the events of *entries* that happened by then, in order."""
        return in_order(self.chart, (entry.event for entry in entries if entry.event.at <= until))

    def _opened(self, finding: Finding, fingerprint: str, enterprise: str, by: str, at: Any) -> dict[str, Any]:
        rule, subject, citation = finding.rule, subject_name(finding.subject), finding.citation
        facts = {
            "rule": rule,
            "document": citation.number or citation.title,
            "clause": citation.clause or citation.title,
            "also": "、".join(citation.also) or None,
            "subject": subject,
            "level": "major" if finding.level is Level.MAJOR else "ordinary",
            "fingerprint": fingerprint,
            "summary": finding.summary,
            "unverified": finding.unverified,
        }
        name = hashlib.sha256(f"{hazard_id(enterprise, rule, subject)}\0{fingerprint}".encode()).hexdigest()[:20]
        return {"id": name, "kind": "opened", "at": at, "by": by, ENTERPRISE: enterprise, "facts": facts}

    def _read(self, data: Iterable[Any], places: Sequence[str] = (), progress: Progress | None = None) -> list[Event]:
        events, problems = list[Event](), list[Problem]()
        data = list(data)
        places = places or [_place(n, data) for n in range(len(data))]
        for n, item in enumerate(telling(data, READING, progress)):
            stamped = {**item, "at": now()} if isinstance(item, Mapping) and item.get("at") is None else item
            try:
                events.append(read_event(stamped, self.chart, places[n]))
            except FactsError as error:
                problems += error.problems
                if len(problems) >= _MOST:
                    break
        if not problems:
            problems += self._misplaced(events, places)
        if problems:
            raise FactsError(problems)
        return events

    def _misplaced(self, events: Sequence[Event], places: Sequence[str]) -> list[Problem]:
        """Return what is wrong with events that name another enterprise than the finding of their hazard."""
        found = {event.hazard: event.enterprise for event in events if is_finding(event)}
        wrong = []
        for n, event in enumerate(events):
            if event.hazard is None:
                continue
            if event.hazard not in found:
                found[event.hazard] = self.log.enterprise(event.hazard) or event.enterprise
            if event.enterprise != found[event.hazard]:
                message = Text(
                    f"隐患 {event.hazard} 是“{found[event.hazard]}”的，不是“{event.enterprise}”的",
                    f"hazard {event.hazard} is of “{found[event.hazard]}”, not of “{event.enterprise}”",
                )
                wrong.append(Problem(f"{places[n]}.enterprise", message))
        return wrong[:_MOST]

    def _written(self, events: Sequence[Event], *, keep: bool) -> list[Outcome]:
        hazards = {event.hazard for event in events if event.hazard}
        before = {hazard: _effects(self._told(hazard, whole=True)[1]) for hazard in hazards}
        new = {event.id for event in self.log.append(events, keep=keep)}
        after = {hazard: self._told(hazard, whole=True) for hazard in hazards}
        return [
            Outcome(event, event.id in new)
            if event.hazard is None
            else self._outcome(event, event.id in new, before[event.hazard], *after[event.hazard])
            for event in events
        ]

    def _outcome(
        self, event: Event, new: bool, before: Mapping[str, bool], events: list[Event], course: Course | None
    ) -> Outcome:
        event = next(other for other in events if other.id == event.id)  # as it was written, if it was before
        effects = _effects(course)
        turned = [other for other in events if before.get(other.id, effects.get(other.id)) != effects.get(other.id)]
        why = None if effects[event.id] else self._why(events, event)
        return Outcome(event, new, course, why, tuple(turned))

    def _told(
        self, hazard: str, until: datetime | None = None, *, whole: bool = False
    ) -> tuple[list[Event], Course | None]:
        """Return the events that concern a hazard, in order, and its course; None where it has no events.

        As of *until*; with *whole*, of its own last event.
        """
        events = in_order(self.chart, self.log.events(hazard=hazard))
        if whole:
            until = max((event.at for event in events if event.hazard == hazard), default=None)
        until = _as_of(until)
        events = [event for event in events if event.at <= until]
        own = [event for event in events if event.hazard == hazard]
        return events, self.engine.follow(settled(self.chart, events), own, until) if own else None

    def _last(self, hazard: str) -> Course:
        """Return the course of a hazard as of its own last event. Raises `FactsError` where it has none."""
        course = self._told(hazard, whole=True)[1]
        if course is None:
            raise FactsError([Problem("", Text(f"没有隐患“{hazard}”", f"there is no hazard “{hazard}”"))])
        return course

    def _why(self, events: Sequence[Event], event: Event) -> Text:
        """Return why *event*, one of *events*, was of no effect."""
        before = [other for other in events[: events.index(event)] if other.hazard == event.hazard]
        chart = settled(self.chart, events)
        nothing = Track(chart, event.hazard or "", event.enterprise).course()
        return why_refused(chart, self.engine.follow(chart, before, event.at) if before else nothing, event)


def now() -> datetime:
    """Return the time that it is in Asia/Shanghai: what `at` is where a command is not told."""
    return datetime.now(dates.SHANGHAI).replace(tzinfo=None)


def _place(n: int, events: Sequence[Any]) -> str:
    """Return how messages name the *n*-th of *events*."""
    return f"events[{n}]" if len(events) > 1 else "event"


def _as_of(until: datetime | None) -> datetime:
    return now() if until is None else until


def _effects(course: Course | None) -> dict[str, bool]:
    """Return of each event whether it took effect."""
    return {step.event.id: not step.refused for step in course.steps if step.event} if course else {}
