"""From verdicts to a classification: findings, open rules, counts, levels and the fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from . import dates, observations
from .asking import Question, questions
from .classification import Classification
from .explain import explain, failing
from .expr import Call, Fact
from .facts import Vocabulary
from .inspection import Inspection, Judged, Outcome
from .judge import VERDICTS, Judgement, Trace, Verdict
from .notices import notices
from .results import Citation, Details, Finding, Later, Open, Subject
from .rows import Row, container, path_of, stated
from .rules import Edition, Entry, Level, Rulebook, Standard
from .sentence import write_value
from .texts import Text
from .truth import NO, UNKNOWN, YES, Truth, negate
from .values import parse
from .version import VERSION

_FOUND = (Verdict.HIT, Verdict.DISPUTED, Verdict.DEFERRED)
_OUTSIDE = {Verdict.NOT_APPLICABLE.code}
_SHOWN = frozenset(verdict.code for verdict in (*_FOUND, Verdict.UNKNOWN))


class Report:
    """Turns verdicts into a classification."""

    def __init__(
        self,
        rulebook: Rulebook,
        inspection: Inspection,
        editions: Mapping[date, Edition],
        judged: list[Judged],
        unseen: list[Judged],
        judge: Callable[[Entry, Row], Judgement],
        lang: str,
    ) -> None:
        """Take the verdicts on subjects (*judged*) and on what nobody looked at (*unseen*).

        *editions* holds the law of the inspection's day, first, and of each `observed_on`.

        *judge* gives the reasoning of a verdict; it is asked only for what is shown.
        """
        self.rulebook, self.inspection, self.editions, self.lang = rulebook, inspection, editions, lang
        self.vocabulary = rulebook.vocabulary
        self.judged, self.unseen, self.judge = judged, unseen, judge

    def classification(self) -> Classification:
        """Return the classification. What is shown is put in order, and reasoned, when somebody asks for it."""
        shown = list(_expand(self.judged, _SHOWN))
        waiting = _opened(self.unseen)
        seen = self.inspection.record.rows.get(observations.KIND, [])
        others = tuple(observations.findings(seen, self.lang))
        deferred = sorted((o for o in shown if o.verdict is Verdict.DEFERRED), key=self._place)
        doubtful = {outcome.entry.rule.id for outcome in shown if outcome.entry.unverified}
        told = notices(self.rulebook, self.inspection, self.editions, doubtful, deferred, self.lang)
        is_open = any(outcome.verdict is Verdict.UNKNOWN for outcome in shown)
        uncovered = sorted(waiting, key=list(self.vocabulary.kinds).index)
        levels = [Level.NONE, *(other.level for other in others)]
        established = max([*levels, *(o.entry.rule.level for o in shown if o.verdict is Verdict.HIT)])
        possible = max([established, told.possible, *(o.entry.rule.level for o in shown), *waiting.values()])
        in_order = Later(lambda: sorted(shown, key=self._place))
        still_open = Later(lambda: [(o, self._judging(o)) for o in in_order() if o.verdict is Verdict.UNKNOWN])

        def found() -> tuple[Finding, ...]:
            hits = _fold([outcome for outcome in in_order() if outcome.verdict in _FOUND])
            return (*(self._finding(outcome) for outcome in hits), *others)

        def asked() -> tuple[Question, ...]:
            opened = [(outcome.entry, made) for outcome, made in still_open()]
            unseen = [(outcome.entry, outcome.row) for outcome in _expand(self.unseen, _SHOWN)]
            return questions(self.vocabulary, opened, unseen, told.asks, self.lang)

        return Classification(
            established=established,
            possible=possible,
            complete=not uncovered and not is_open and told.possible is Level.NONE,
            uncovered=tuple(uncovered),
            notices=told.notices,
            lang=self.lang,
            titles={kind: self.vocabulary.kinds[kind].title.say(self.lang) for kind in uncovered},
            _findings=Later(found),
            _open=Later(lambda: tuple(self._open(outcome, made) for outcome, made in still_open())),
            _counts=Later(self._counts),
            _fingerprint=Later(self._fingerprint),
            _questions=Later(asked),
            _verdicts=Later(partial(_by_name, self.judged)),
        )

    def _judging(self, outcome: Outcome) -> Later[Judgement]:
        return Later(partial(self.judge, outcome.entry, outcome.row))

    def _place(self, judged: Outcome) -> tuple[Any, ...]:
        return self.rulebook.order[judged.entry.rule.id], _row_key(judged.row)

    def _finding(self, outcome: Outcome) -> Finding:
        rule, made = outcome.entry.rule, self._judging(outcome)
        return Finding(
            rule=rule.id,
            level=rule.level,
            verdict=outcome.verdict,
            subject=subject_of(outcome.row),
            summary=rule.summary.say(self.lang),
            remedy=rule.remedy.say(self.lang) if rule.remedy else None,
            unverified=outcome.entry.unverified,
            _details=Later(lambda: self._details(outcome, made())),
            _explanation=Later(lambda: explain(made(), self.vocabulary)),
        )

    def _details(self, outcome: Outcome, made: Judgement) -> Details:
        standard = outcome.entry.standard
        also = failed_device(standard, made, self.vocabulary)
        deferral = next((e for e, t in made.unless if e.defers_to and t.truth is YES), None)
        return Details(
            Citation(standard.number, standard.title, outcome.entry.clause.label, (also,) if also else ()),
            self._facts(made),
            deferral.defers_to if deferral and outcome.verdict is Verdict.DEFERRED else None,
            self._why(outcome, made),
        )

    def _why(self, judged: Outcome, made: Judgement) -> str | None:
        """Return why a finding is disputed or deferred: the readings or exceptions that carry it."""
        if judged.verdict is Verdict.HIT:
            return self._why_ordinary(judged) if judged.entry.rule.level is Level.ORDINARY else None
        if judged.verdict is Verdict.DEFERRED:
            reasons = [e.why for e, trace in made.unless if e.defers_to and trace.truth is YES]
        elif made.when.truth is YES:
            reasons = [e.why for e, trace in made.unless if e.soft and trace.truth > NO]
        else:
            reasons = [r.why for r, trace in made.disputed if trace.truth is YES]
        return "；".join(reason.say(self.lang) for reason in reasons) or None

    def _why_ordinary(self, judged: Outcome) -> str | None:
        """Return why an ordinary hit is not the major hazard that it stands close to."""
        beside = (pair for rule_id in judged.entry.rule.near for pair in self._beside(rule_id, judged.row))
        lines = dict.fromkeys(line for entry, row in beside if (line := self._distance(entry, self.judge(entry, row))))
        return self._say("。", " ").join(line.say(self.lang) for line in lines) or None

    def _say(self, zh: str, en: str) -> str:
        return Text(zh, en).say(self.lang)

    def _distance(self, entry: Entry, made: Judgement) -> Text | None:
        """Return what a major rule that did not hit still lacks, or what keeps it from hitting."""
        clause = f"《{entry.standard.title}》{entry.clause.label}"
        if made.verdict is Verdict.UNKNOWN:
            facts = "、".join(self._title(row, name) for row, name in made.missing())
            return Text(
                f"查清后可能构成重大（{clause}）：{facts}", f"may be major under {clause}, depending on: {facts}"
            )
        if made.verdict is Verdict.DISPUTED:
            return Text(f"是否构成重大有争议（{clause}）", f"disputed whether it is major under {clause}")
        if made.verdict not in (Verdict.CLEAR, Verdict.NOT_APPLICABLE):
            return None
        traces = [trace for _, trace, _ in made.gates] + [made.applies, made.when]
        first = next((texts for trace in traces if (texts := failing(trace, self.vocabulary))), [])
        if not first:
            return None
        return Text(
            f"不构成重大（{clause}），因为不成立：{'；'.join(text.zh for text in first)}",
            f"not major under {clause}, since this fails: {'; '.join(text.en for text in first)}",
        )

    def _beside(self, rule_id: str, row: Row) -> Iterator[tuple[Entry, Row]]:
        """Yield a rule with the rows that it was judged on: *row* itself, what contains it, its parts."""
        for judged in self.judged:
            if container(judged.row, row._kind) is row or container(row, judged.row._kind) is judged.row:
                for entry in judged.block.entries:
                    if entry.rule.id == rule_id:
                        yield entry, judged.row

    def _open(self, outcome: Outcome, made: Later[Judgement]) -> Open:
        entry, standard = outcome.entry, outcome.entry.standard
        return Open(
            rule=entry.rule.id,
            subject=subject_of(outcome.row),
            level=entry.rule.level,
            citation=Citation(standard.number, standard.title, entry.clause.label),
            summary=entry.rule.summary.say(self.lang),
            _titles=Later(lambda: {path_of(row, name): self._title(row, name) for row, name in made().missing()}),
            _explanation=Later(lambda: explain(made(), self.vocabulary)),
        )

    def _title(self, row: Row, name: str) -> str:
        kind, _, fact = name.rpartition(".")
        own = self.vocabulary.kinds[kind or row._kind]
        title = own.facts[fact].title.say(self.lang)
        return (
            title
            if not kind or kind == row._kind
            else f"{own.title.say(self.lang)}{title if self.lang == 'zh' else f': {title}'}"
        )

    def _facts(self, made: Judgement) -> dict[str, Any]:
        """Return the known facts that the judgement read, by path, as the record states them."""
        traces = [trace for _, trace, _ in made.gates] + [made.applies, made.when]
        traces += [trace for _, trace in (*made.unless, *made.disputed)]
        facts: dict[str, Any] = {}
        for trace in traces:
            for leaf in _leaves(trace):
                if isinstance(leaf.expr, Fact) and leaf.value is not None and leaf.value is not UNKNOWN:
                    facts.setdefault(
                        path_of(leaf.row, leaf.expr.name), shown_value(leaf.row, leaf.expr.name, self.vocabulary)
                    )
        return facts

    def _counts(self) -> Mapping[str, int]:
        """Count verdicts over rule × subject; a rule without subjects counts once."""
        counts = Counter(code for judged in self.judged for code in judged.codes)
        rules = {entry.rule.id for judged in self.judged for entry in judged.block.entries}
        without: dict[str, set[int]] = {}
        for judged in self.unseen:
            for entry, code in zip(judged.block.entries, judged.codes, strict=True):
                if entry.rule.id not in rules:
                    without.setdefault(entry.rule.id, set()).add(code)
        for entry in self.editions[
            self.inspection.day
        ].entries:  # not looked at: unknown, unless the gates exclude it; `[]`: not applicable
            if entry.rule.id not in rules:
                outside = without.get(entry.rule.id, _OUTSIDE) <= _OUTSIDE
                counts[(Verdict.NOT_APPLICABLE if outside else Verdict.UNKNOWN).code] += 1
        order = (
            Verdict.HIT,
            Verdict.DISPUTED,
            Verdict.UNKNOWN,
            Verdict.CLEAR,
            Verdict.NOT_APPLICABLE,
            Verdict.DEFERRED,
        )
        return {verdict.value: counts[verdict.code] for verdict in order}

    def _fingerprint(self) -> str:
        import hashlib  # with json: what only a result that is stored wants
        import json

        facts = {
            f"{row._path}.{name}": str(shown_value(row, name, self.vocabulary))
            for rows in self.inspection.record.rows.values()
            for row in rows
            for name in row._stated
        }
        shape = sorted(row._path for rows in self.inspection.record.rows.values() for row in rows)
        gaps = [sorted(self.inspection.record.looked), sorted(gap.path for gap in self.inspection.record.gaps)]
        on = sorted((r._path, str(r._observed_on)) for rows in self.inspection.record.rows.values() for r in rows)
        whole = [
            self.rulebook.fingerprint, VERSION, self.inspection.day.isoformat(),
            sorted(i.id for i in self.inspection.industries), facts, shape, gaps, on,
        ]  # fmt: skip
        text = json.dumps(whole, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------------------------ small helps


def _expand(judged: Iterable[Judged], codes: frozenset[int]) -> Iterator[Outcome]:
    """Yield the outcomes whose verdict code is one of *codes*."""
    for item in judged:
        for entry, code in zip(item.block.entries, item.codes, strict=True):
            if code in codes:
                yield Outcome(entry, item.row, VERDICTS[code])


def _opened(unseen: Iterable[Judged]) -> dict[str, Level]:
    """Return the kinds that nobody looked at and rules ask about, each with the highest level of these."""
    highest: dict[str, Level] = {}
    for item in unseen:
        judged = zip(item.block.entries, item.codes, strict=True)
        if levels := [entry.rule.level for entry, code in judged if code in _SHOWN]:
            kind = item.row._kind
            highest[kind] = max(*levels, highest.get(kind, Level.NONE))
    return highest


def _by_name(judged: Iterable[Judged]) -> dict[tuple[str, str], Verdict]:
    """Return the verdicts by rule and subject, of the subjects that the record names itself.

    Where two have one name (in two lists of what contains them), a verdict that clears does not count.
    """
    found: dict[tuple[str, str], Verdict] = {}
    for item in judged:
        if (named := subject_of(item.row)).named:
            subject = str(named)
            for entry, code in zip(item.block.entries, item.codes, strict=True):
                key = entry.rule.id, subject
                if found.get(key, Verdict.CLEAR) in (Verdict.CLEAR, Verdict.NOT_APPLICABLE):
                    found[key] = VERDICTS[code]
    return found


def _fold(found: list[Outcome]) -> list[Outcome]:
    """Leave out an ordinary hit that a settled major hit on the same subject, or on its part, contains."""
    settled: dict[str, list[Row]] = {}  # the rows on which a major hit contains an ordinary rule
    for outcome in found:
        if outcome.verdict is Verdict.HIT and outcome.entry.rule.level is Level.MAJOR:
            for near in outcome.entry.rule.near:
                settled.setdefault(near, []).append(outcome.row)

    def contained(outcome: Outcome) -> bool:
        rows = settled.get(outcome.entry.rule.id, ()) if outcome.entry.rule.level is Level.ORDINARY else ()
        return any(container(row, outcome.row._kind) is outcome.row for row in rows)

    return [outcome for outcome in found if not (outcome.verdict is Verdict.HIT and contained(outcome))]


def _leaves(trace: Trace) -> Iterator[Trace]:
    yield trace
    for part in trace.parts:
        yield from _leaves(part)


def _holding(trace: Trace, answer: Truth = YES) -> Iterator[Trace]:
    """Yield the comparisons below *trace* whose *answer* carries its own."""
    if trace.value is not answer:
        return
    inner = [part for part in trace.parts if isinstance(part.value, Truth)]
    if not inner:
        yield trace
    turned = isinstance(trace.expr, Call) and trace.expr.op == "not"
    for part in inner:
        yield from _holding(part, negate(answer) if turned else answer)


def failed_device(standard: Standard, made: Judgement, vocabulary: Vocabulary) -> str | None:
    """Return the article of *standard* on failed devices where the verdict rests on one, else None."""
    if made.verdict not in (Verdict.HIT, Verdict.DISPUTED):
        return None
    traces = [made.when, *(trace for _, trace in made.disputed)]
    rests = any(_failed_device(leaf, vocabulary) for trace in traces for leaf in _holding(trace))
    return standard.failed_device if rests else None


def _failed_device(leaf: Trace, vocabulary: Vocabulary) -> bool:
    """Return whether *leaf* holds because a device is there and does not work."""
    for part in _leaves(leaf):
        if isinstance(part.expr, Fact) and isinstance(part.value, str):
            kind, _, fact = part.expr.name.rpartition(".")
            spec = vocabulary.kinds[kind or part.row._kind].facts[fact]
            if spec.type == "device" and part.value not in ("正常", "未设置"):
                return True
    return False


def _row_key(row: Row) -> tuple[Any, ...]:
    """Return a key that orders subjects by id where they have one, else by place."""
    around = () if row._up is None else _row_key(row._up)
    place = row._path.rpartition("[")[2].rstrip("]")
    return (
        *around,
        (row._kind, row._id is None, int(place) if row._id is None and place.isdigit() else 0, row._id or ""),
    )


def subject_of(row: Row) -> Subject:
    """Return how a result names *row*."""
    placed = row._id is None and row._path.endswith("]")
    name = row._path.rpartition("[")[2].rstrip("]") if placed else row._id
    around = row._up
    part = around is not None and around._up is not None and around._up._up is not None
    return Subject(row._kind, name, subject_of(around) if part and around else None, placed)


def shown_value(row: Row, name: str, vocabulary: Vocabulary) -> Any:
    """Return a fact as JSON shows it: words in the law's language, numbers and dates as recorded."""
    kind, _, fact = name.rpartition(".")
    owner = (container(row, kind) if kind else row) or row
    spec, value = vocabulary.kinds[owner._kind].facts[fact], getattr(owner, fact)
    said = stated(owner, fact)
    if spec.type == "list":
        return None if value is None else len(value.rows)
    if value is None and said is not None:
        value = parse(spec, said.raw)
    if isinstance(value, frozenset):
        return [word for word in spec.values if word in value]
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, date):
        return dates.show(value)
    if said is not None:
        return said.raw.strip() if isinstance(said.raw, str) else _json_number(said.raw)
    return write_value(value, spec)


def _json_number(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)
