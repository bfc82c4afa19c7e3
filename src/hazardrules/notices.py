"""What a reader of a result must know beside the findings, and what keeps its level open.

Each notice has a code that never changes its meaning; `docs/semantics.md` lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from . import observations
from .facts import facts_in
from .inspection import Inspection, Outcome
from .results import Notice
from .rows import Row, look
from .rules import Clause, Edition, Level, Rulebook, Standard, on_enterprise
from .texts import Text
from .truth import NO, UNKNOWN, YES, Truth

Said = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Told:
    """The notices, the highest level that they leave possible, and facts that would settle them."""

    notices: tuple[Notice, ...]
    possible: Level
    asks: tuple[tuple[Row, str], ...]


def notices(
    rulebook: Rulebook,
    inspection: Inspection,
    editions: Mapping[date, Edition],
    doubtful: Iterable[str],
    deferred: Sequence[Outcome],
    lang: str,
) -> Told:
    """Return what is to be said of a judgment under *editions*.

    *doubtful* are the ids of the unverified rules among its findings and open rules, *deferred* what
    it leaves to other documents.
    """
    teller = _Teller(rulebook, inspection, editions, doubtful, deferred)
    parts = (teller.editions, teller.gaps, teller.gates, teller.yields, teller.findings)
    said = [line for part in parts for line in part()]
    said.append(
        (
            "disclaimer",
            Text("辅助判定，不替代执法认定", "an aid to judgment; it does not replace a finding of the authorities"),
        )
    )
    unique = dict.fromkeys((code, text.say(lang)) for code, text in said)
    return Told(tuple(Notice(code, message) for code, message in unique), teller.possible, tuple(teller.asks))


class _Teller:
    def __init__(
        self,
        rulebook: Rulebook,
        inspection: Inspection,
        editions: Mapping[date, Edition],
        doubtful: Iterable[str],
        deferred: Sequence[Outcome],
    ) -> None:
        self.vocabulary, self.inspection, self.doubtful, self.deferred = (
            rulebook.vocabulary, inspection, sorted(doubtful), deferred,
        )  # fmt: skip
        self.version, *self.added = rulebook.version.split("+")
        self.by_day = editions
        self.documents = {doc.id: doc for edition in editions.values() for doc in edition.documents}
        self.judged_by = dict(item for edition in editions.values() for item in edition.judged_by.items())
        self.enterprise = inspection.record.enterprise
        self.possible = Level.NONE
        self.asks: list[tuple[Row, str]] = []
        self._gate_truths: dict[tuple[str, str], Truth] = {}

    def major(self) -> None:
        self.possible = Level.MAJOR

    # -------------------------------------------------------------------- by which law, of which day

    def editions(self) -> Iterator[Said]:
        day = self.inspection.day.isoformat()
        if self.inspection.day_assumed:
            yield (
                "date_assumed",
                Text(
                    f"没有检查日期，按今天（{day}）有效的标准判定",
                    f"no inspection date: judged by the law of today ({day})",
                ),
            )
        if self.added:
            added = [name.replace(".", " ", 1) for name in self.added]  # yunze.1.0.0
            yield (
                "corpus",
                Text(
                    f"按自带的标准 {self.version} 和补充的 {'、'.join(added)} 判定",
                    f"judged by the shipped standards {self.version} with {', '.join(added)} added",
                ),
            )
        for standard in self.judged_by.values():
            name, name_en = _name(standard), _name_en(standard)
            yield (
                "edition",
                Text(f"按{name}判定（{_span(standard)}）", f"judged under {name_en} ({_span_en(standard)})"),
            )
            if standard.states_no_date:
                yield "no_effective_date", _no_effective_date(standard)
            if standard.unverified:
                yield (
                    "unverified",
                    Text(f"{name}的文号或日期尚未核实", f"number or dates of {name_en} are not verified"),
                )
        if not any(edition.has_ordinary for edition in self.by_day.values()):
            yield (
                "ordinary_not_encoded",
                Text(
                    "本次只判重大事故隐患：所选标准中还没有编入一般隐患的义务条款，“未发现”不等于没有一般隐患",
                    "only major hazards were judged: no ordinary duties are encoded here yet, so “none” does not mean "
                    "that there is no ordinary hazard",
                ),
            )

    def gaps(self) -> Iterator[Said]:
        """Say where there is law of those days that this corpus does not hold."""
        for day, edition in self.by_day.items():
            yield from self._missing_edition(day, edition)
        for standard in self.documents.values():
            lacking = [
                c for c in standard.clauses if c.why and self._taken(standard, c) and self._gate(standard, c) is not NO
            ]
            if lacking:
                self.major()
                more = f" 等 {len(lacking)} 项" if len(lacking) > 3 else ""
                labels = "、".join(c.label for c in lacking[:3])
                yield (
                    "unencoded",
                    Text(
                        f"{_name(standard)}的{labels}{more}没有编入（{lacking[0].why}），可能另有重大隐患",
                        f"{len(lacking)} clause(s) of {_name_en(standard)} are not encoded ({labels}); "
                        "there may be further major hazards",
                    ),
                )
            concerns = standard.id in self._chosen() or self._scope(standard) is YES
            if standard.note and lacking and concerns:
                yield "note", Text(standard.note, standard.note)

    def _missing_edition(self, day: date, edition: Edition) -> Iterator[Said]:
        standards = [document for document in edition.documents if document.judges_majors]
        for industry in self.inspection.industries:
            if not any(document.id in industry.documents for document in standards):
                self.major()
                yield (
                    "no_edition",
                    Text(
                        f"{day} 有效的{industry.title.zh}判定标准没有收录，不能判定",
                        f"no judgment standard for {industry.title.en} in force on {day} is held; cannot judge",
                    ),
                )
        if not self.inspection.industries and not standards:
            self.major()
            yield (
                "no_edition",
                Text(
                    f"{day} 有效的判定标准没有收录，不能判定",
                    f"no judgment standard in force on {day} is held; cannot judge",
                ),
            )

    def _chosen(self) -> set[str]:
        return {doc for industry in self.inspection.industries for doc in industry.documents}

    def _scope(self, standard: Standard) -> Truth:
        return self.inspection.holds(standard.scope)

    def _taken(self, standard: Standard, clause: Clause) -> bool:
        industries = self.inspection.industries
        return not industries or any(industry.takes(standard.id, clause) for industry in industries)

    def _gate(self, standard: Standard, clause: Clause) -> Truth:
        key = standard.id, clause.chapter
        if key not in self._gate_truths:
            gates = [gate for _, gate in standard.gate(clause) if on_enterprise(gate)]
            self._gate_truths[key] = self.inspection.gate(gates)
        return self._gate_truths[key]

    # --------------------------------------------------------------------------- scope and deferral

    def gates(self) -> Iterator[Said]:
        gates = dict(item for edition in self.by_day.values() for item in edition.gates.items())
        for (_, label, gate), standard in gates.items():
            answer = self.inspection.holds(gate)
            if answer is NO and self.inspection.industries and not self._any_applies():
                self.major()  # nothing was judged: what law does apply is another one
            if answer is NO and self.inspection.industries:
                yield (
                    "industry_contradicted",
                    Text(
                        f"所选行业与企业情况不符：不属于{_name(standard)}{label or ''}的适用范围",
                        f"the facts contradict the chosen industry: outside {label or ''} of {_name_en(standard)}",
                    ),
                )
            elif answer is UNKNOWN and not self.inspection.industries:
                self._ask(gate)

    def _any_applies(self) -> bool:
        """Return whether the scope of some document that was asked is not excluded."""
        scopes = [s.scope for s in self.judged_by.values()]
        return any(self.inspection.gate([s] if on_enterprise(s) else []) is not NO for s in scopes)

    def yields(self) -> Iterator[Said]:
        for standard in self.judged_by.values():
            if self.inspection.gate([standard.scope] if on_enterprise(standard.scope) else []) is NO:
                continue
            answers = [(item, self.inspection.holds(item.when)) for item in standard.yields]
            if any(answer > NO for _, answer in answers):
                self.major()
            for item, answer in answers:
                if answer is YES:
                    yield (
                        "yields",
                        Text(
                            f"涉及的问题另有判定规定：适用{item.to}，本次没有按它判定"
                            f"（{standard.scope_clause or _name(standard)}）",
                            f"a matter judged under other rules: {item.to} applies and was not judged here",
                        ),
                    )
                elif answer is UNKNOWN:
                    self._ask(item.when)
            if any(answer is UNKNOWN for _, answer in answers):
                names = "、".join(
                    dict.fromkeys(
                        name
                        for item, a in answers
                        if a is UNKNOWN
                        for name in facts_in(item.when)
                        if look(self.enterprise, name) is None
                    )
                )
                yield (
                    "yields_open",
                    Text(
                        f"没有填是否涉及另有判定规定的方面（{names}），不能排除按其他标准构成重大隐患",
                        f"not stated whether matters judged under other rules were seen ({names}); "
                        "a major hazard under those is not excluded",
                    ),
                )

    def _ask(self, condition: object) -> None:
        for name in facts_in(condition):  # type: ignore[arg-type]
            if look(self.enterprise, name) is None:
                self.asks.append((self.enterprise, name))

    # ------------------------------------------------------------------------------ of the findings

    def findings(self) -> Iterator[Said]:
        for contradiction in self.inspection.contradictions:
            yield (
                "contradiction",
                Text(*(f"{contradiction.path}: {contradiction.message.say(lang)}" for lang in ("zh", "en"))),
            )
        if self.doubtful:
            ids = "、".join(self.doubtful)
            yield (
                "unverified",
                Text(f"以下规则的条文或数值尚未与原文核实：{ids}", f"not yet verified against the wording: {ids}"),
            )
        for text in observations.unclassified(self.inspection.record.rows.get(observations.KIND, [])):
            yield "unclassified", text
        for outcome in self.deferred:
            to = "、".join(e.defers_to for e in outcome.entry.rule.unless if e.defers_to)
            yield (
                "deferred",
                Text(
                    f"{outcome.row._path}：按{to}判定，本次没有判定",
                    f"{outcome.row._path}: to be judged under {to}, which was not done here",
                ),
            )


def _name(standard: Standard) -> str:
    return f"《{standard.title}》（{standard.number}）"


def _name_en(standard: Standard) -> str:
    return f"{standard.title_en or standard.title} ({standard.number})"


def _no_effective_date(standard: Standard) -> Text:
    """Return what is said of a document without a day of coming into force; memory does not tell that it has none."""
    name, name_en = _name(standard), _name_en(standard)
    if standard.unverified:
        return Text(
            f"{name}从哪一天起施行没有核实，暂从印发日期 {standard.issued} 起适用",
            f"when {name_en} came into force is not verified; applied from {standard.issued}, its day of issue",
        )
    return Text(
        f"{name}没有写明施行日期，自发布之日起适用", f"{name_en} states no effective date; applied from its issue"
    )


def _span(standard: Standard) -> str:
    since, until = standard.in_force.since, standard.in_force.until
    start = "印发" if standard.states_no_date else "起施行"
    return (f"{since} {start}" if since else "施行日期不明") + (f"，{until} 起失效" if until else "")


def _span_en(standard: Standard) -> str:
    since, until = standard.in_force.since, standard.in_force.until
    start = "issued" if standard.states_no_date else "in force from"
    end = ", in force until" if standard.states_no_date else " until"
    return (f"{start} {since}" if since else "start unknown") + (f"{end} {until}" if until else "")
