"""The case runner: every rule's inline cases, judged by the reference and by the compiled code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import dates, record
from ..classify import Corpus
from ..errors import FactsError
from ..explain import VERDICT_WORDS, as_text, explain
from ..facts import ENTERPRISE, INSPECTION, Vocabulary
from ..findings import failed_device
from ..inspection import Inspection
from ..judge import VERDICTS, Judgement, Verdict
from ..rows import Row, path_of
from ..rules import Case, Clause, Industry, Rule, Standard
from ..texts import Text

NOTHING = Text("", "")
NOT_IN_FORCE = "not_in_force"  # what a case expects of a rule on a day on which it does not hold


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case came out; `problem` is None where it passed."""

    rule: str
    number: int
    where: str  # the file
    subject: str
    expect: str
    problem: Text | None = None
    explanation: Text = NOTHING


def run(corpus: Corpus, rule: Rule, standard: Standard, clause: Clause) -> Iterator[Outcome]:
    """Yield the outcome of each inline case of *rule*, for each kind of subject that it is on."""
    for number, case in enumerate(rule.cases, 1):
        for subject in rule.subjects:
            yield _run(corpus, rule, standard, clause, case, number, subject)


def _run(
    corpus: Corpus, rule: Rule, standard: Standard, clause: Clause, case: Case, number: int, subject: str
) -> Outcome:
    def outcome(problem: Text | None, made: Judgement | None = None) -> Outcome:
        told = reasoning(made, corpus) if made and problem else NOTHING
        return Outcome(rule.id, number, clause.path, subject, case.expect, problem, told)

    try:
        data = as_record(case.given, subject, corpus.vocabulary)
        day = case_day(case, standard, rule)
        made, compiled = judged(corpus, data, day, rule.id, subject)
    except FactsError as error:
        return outcome(Text(error.say("zh"), error.say("en")))
    except LookupError:
        if case.expect == NOT_IN_FORCE:
            return outcome(None)
        return outcome(
            Text(f"规则在 {day} 没有生效，给这条用例写 inspection.date", f"the rule is not in force on {day}")
        )
    if compiled is not made.verdict:
        return outcome(
            Text(f"引擎不一致：judge {made.verdict.value}，compiled {compiled.value}", "engines differ"), made
        )
    return outcome(differs(case, made, standard, corpus), made)


def reasoning(made: Judgement, corpus: Corpus) -> Text:
    """Return how *made* came out, as a tree of lines."""
    line = explain(made, corpus.vocabulary)
    return Text(as_text(line), as_text(line, "en"))


def differs(case: Case, made: Judgement, standard: Standard, corpus: Corpus) -> Text | None:
    """Return in what the judgement *made* is not what *case* demands, None where it is."""
    if case.expect == NOT_IN_FORCE:
        return Text("规则在这一天应当不在有效期内，实际有效", "expected not to be in force on that day, but it is")
    if made.verdict.value != case.expect:
        wanted, got = VERDICT_WORDS[Verdict(case.expect)], VERDICT_WORDS[made.verdict]
        return Text(
            f"应为 {case.expect}（{wanted.zh}），实为 {made.verdict.value}（{got.zh}）",
            f"expected {case.expect}, got {made.verdict.value}",
        )
    missing = [own_name(row, name, made.row) for row, name in made.missing()]
    if case.missing is not None and set(case.missing) != set(missing):
        return Text(
            f"missing 应为 {list(case.missing)}，实为 {missing}",
            f"expected missing {list(case.missing)}, got {missing}",
        )
    if case.exception is not None and case.exception != (made.cleared_by is not None):
        return Text("exception 与判定过程不符", "exception does not agree with the reasoning")
    also = failed_device(standard, made, corpus.vocabulary)
    if case.also != also:
        return Text(f"also 应为 {case.also or '无'}，实为 {also or '无'}", f"expected also {case.also}, got {also}")
    return None


def judged(corpus: Corpus, data: Mapping[str, Any], day: date, rule_id: str, subject: str) -> tuple[Judgement, Verdict]:
    """Return how the rule comes out on the one subject in *data*: by the reference, and compiled.

    Scope and enterprise-level gates are asserted. Raises `LookupError` where it is not in force.
    """
    row, inspection = placed(corpus, data, day, subject)
    program = corpus.program(day, ()).program
    block = program.blocks.get(subject)
    places = [n for n, entry in enumerate(block.entries) if entry.rule.id == rule_id] if block else []
    if not block or not places:
        raise LookupError(rule_id)
    read = inspection.record
    codes = block.function(row, read.enterprise, read.inspection, corpus.gates(inspection, program))
    return corpus.judgement(block.entries[places[0]], row, inspection), VERDICTS[codes[places[0]]]


def placed(corpus: Corpus, data: Mapping[str, Any], day: date, subject: str) -> tuple[Row, Inspection]:
    """Return the one subject in *data* with all that follows filled in, and the inspection that it stands in."""
    read = record.read(data, corpus.vocabulary)
    asserted = Industry("case", Text("用例", "case"), {})
    inspection = corpus.complete(read, day, (asserted,))
    return read.rows[subject.rpartition(".")[2]][0], inspection


def own_name(row: Row, name: str, subject: Row) -> str:
    """Return how a case of *subject* writes the fact *name* of *row*: bare where it is its own."""
    path = path_of(row, name)
    fact = name.rpartition(".")[2]
    if path == f"{subject._path}.{fact}":
        return fact
    kind = name.rpartition(".")[0]
    return f"{kind}.{fact}" if kind else f"{row._kind}.{fact}"


def case_day(case: Case, standard: Standard, rule: Rule) -> date:
    """Return the day of a case: its inspection's, else the first on which the rule is in force."""
    stated = dates.parse_day(case.given.get(f"{INSPECTION}.date"))
    starts = [span.since for span in (standard.in_force, rule.in_force) if span.since]
    return stated or max(starts, default=dates.today())


def as_record(given: Mapping[str, Any], subject: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the record that a case means: *given* with own facts bare, others dotted."""
    data: dict[str, Any] = {}
    chain = list(vocabulary.chain(subject))
    if len(chain) > 2 and chain[1] == ENTERPRISE and ENTERPRISE not in vocabulary.kinds[chain[0]].within:
        chain[1:1] = _around(vocabulary, chain[0])
    inner: dict[str, dict[str, Any]] = {kind: {} for kind in chain}
    inner.setdefault(INSPECTION, {})
    inner.setdefault(ENTERPRISE, {})
    for name, value in given.items():
        kind, _, fact = name.rpartition(".")
        inner.setdefault(kind or chain[0], {})[fact] = value
    data[INSPECTION], data[ENTERPRISE] = inner[INSPECTION], inner[ENTERPRISE]
    parts = [kind for kind in chain if kind not in (ENTERPRISE, INSPECTION)]
    holder, within = data, ENTERPRISE
    for kind in reversed(parts):
        spec = next((spec.id for spec in vocabulary.kinds[within].lists if spec.of == kind), None)
        if spec and within == ENTERPRISE:
            holder = data[ENTERPRISE]
        holder[spec or kind] = [{"id": "1", **inner[kind]}]
        holder, within = holder[spec or kind][0], kind
    for kind, facts in inner.items():
        if kind not in (*parts, ENTERPRISE, INSPECTION):
            data[kind] = [facts]
    return data


def _around(vocabulary: Vocabulary, kind: str) -> list[str]:
    """Return the containers of a kind that has several: the first of each, outwards."""
    around = vocabulary.kinds[kind].within[0]
    return [] if around == ENTERPRISE else [around, *_around(vocabulary, around)]
