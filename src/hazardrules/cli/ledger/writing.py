"""Commands that write: `open`, `assign`, `record`, `verify`, `close`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ...errors import FactsError, Problem
from ...judge import Verdict
from ...reading import read_file
from ...texts import Text
from ..commands import Commands, corpus_in
from ..look import Group
from . import output
from .given import classifications, events_in, facts_in
from .options import Book, Options

if TYPE_CHECKING:
    from ...lifecycle.ledger import Ledger, Outcome

_OF_NO_EFFECT = 1  # the exit code


def add(commands: Commands, group: Group, options: Options) -> None:
    """Add the commands of this module to *group*."""
    say, lang = commands.say, commands.lang

    def finish(ledger: Ledger, outcomes: list[Outcome], *, as_json: bool) -> int:
        output.outcomes(ledger, outcomes, lang, as_json=as_json)
        return _OF_NO_EFFECT if any(outcome.refused for outcome in outcomes) else 0

    def recorded(
        book: Book, kind: str, hazard: str | None, common: dict[str, Any], facts: dict[str, Any], *, as_json: bool
    ) -> int:
        with book.open() as ledger:
            data = {"kind": kind, **{key: value for key, value in common.items() if value is not None}}
            if hazard is not None:
                data["hazard"] = ledger.find(hazard)
                data.setdefault("enterprise", ledger.enterprise(data["hazard"]))
            given = {name: value for name, value in facts.items() if value is not None}
            return finish(ledger, ledger.record({**data, "facts": given}), as_json=as_json)

    @commands.add(
        "open",
        "按判定结果立案\n\nFILE 是 hazardrules classify --format json 的输出，- 表示标准输入。"
        "同一份结果再来一次，什么也不变。",
        "open hazards from a classification\n\nFILE is what hazardrules classify --format json prints, - is standard "
        "input. The same result again changes nothing.",
        to=group,
    )
    @click.argument("file", metavar="FILE")
    @options.book
    @click.option("--enterprise", required=True, metavar="NAME", help=say("企业", "the enterprise"))
    @options.by
    @options.at
    @click.option(
        "--verdict",
        "verdicts",
        type=click.Choice(["hit", "disputed", "deferred"]),
        multiple=True,
        default=["hit"],
        help=say("哪些结论立案，可重复（默认 hit）", "which verdicts, may be repeated (default: hit)"),
    )
    @options.as_json
    def _open(
        file: str, book: Book, enterprise: str, by: str, at: str | None, verdicts: tuple[str, ...], as_json: bool
    ) -> int:
        results = classifications(file)
        with book.open(create=True) as ledger:
            wanted = [Verdict(verdict) for verdict in verdicts]
            outcomes = ledger.open(*results, enterprise=enterprise, by=by, at=at, verdicts=wanted)
            if as_json:
                output.outcomes(ledger, outcomes, lang, as_json=True)
                return 0
            output.opened(ledger, outcomes, lang)
            left = sum(finding.verdict not in wanted for result in results for finding in result.findings)
            if left:
                told = Text(
                    f"另有 {left} 项有争议或者按另一文件判定，没有立案（要立案用 --verdict）",
                    f"{left} findings are disputed or deferred and were not opened (see --verdict)",
                )
                click.echo(told.say(lang))
        return 0

    @commands.add("assign", "交办", "assign a hazard", to=group)
    @click.argument("hazard", metavar="HAZARD")
    @options.book
    @click.option("--to", required=True, metavar="NAME", help=say("整改责任人", "who is in charge"))
    @click.option(
        "--due",
        metavar="DATE",
        help=say("整改期限（不写的按参数 rectify_days）", "the deadline (default: by the parameter rectify_days)"),
    )
    @options.by
    @options.at
    @options.as_json
    def _assign(hazard: str, book: Book, to: str, due: str | None, by: str, at: str | None, as_json: bool) -> int:
        return recorded(book, "assigned", hazard, {"by": by, "at": at}, {"to": to, "due": due}, as_json=as_json)

    @commands.add(
        "record",
        "记一个事件，或者一批\n\nKIND 是事件的种类；不写时列出所有种类和各自要写的事实。针对隐患的写 HAZARD（编号，"
        "或编号的开头），其余的写 --enterprise。一批事件用 --file：JSON 列表，或者一行一个。",
        "record an event, or many\n\nKIND is a kind of event; without it all kinds are listed, with the facts that "
        "they state. Those on a hazard take HAZARD (its id, or the beginning of it), others --enterprise. Many come "
        "with --file: a JSON list, or one a line.",
        to=group,
    )
    @click.argument("kind", metavar="[KIND]", required=False)
    @click.argument("hazard", metavar="[HAZARD]", required=False)
    @options.book
    @options.enterprise
    @click.option(
        "--set", "settings", multiple=True, metavar="FACT=VALUE", help=say("写一项事实，可重复", "state a fact")
    )
    @options.evidence
    @click.option("--by", envvar="HAZARDRULES_BY", help=say("谁做的（或环境变量 HAZARDRULES_BY）", "who did it"))
    @options.at
    @click.option("--id", "event_id", metavar="ID", help=say("事件的编号（默认由内容得出）", "the event's own id"))
    @click.option(
        "--file", "events", metavar="FILE", help=say("一批事件，- 表示标准输入", "many events, - is standard input")
    )
    @options.as_json
    def _record(
        kind: str | None, hazard: str | None, book: Book, enterprise: str | None, settings: tuple[str, ...],
        evidence: str | None, by: str | None, at: str | None, event_id: str | None, events: str | None, as_json: bool,
    ) -> int:  # fmt: skip
        if events is not None:
            with book.open(create=True) as ledger:
                many = events_in(events)
                places, data = [place for place, _ in many], [event for _, event in many]
                done = ledger.load(data, places=places, progress=output.progress(lang))
                output.loaded(ledger, len(many), done, lang, as_json=as_json)
            return _OF_NO_EFFECT if done.refused else 0
        if kind is None:
            return output.kinds(book.chart(), lang, as_json=as_json)
        facts = {**facts_in(settings), "evidence": evidence}
        common = {"enterprise": enterprise, "by": by, "at": at, "id": event_id}
        return recorded(book, kind, hazard, common, facts, as_json=as_json)

    @commands.add(
        "verify",
        "验收\n\n用 --record 给出整改以后的检查记录，按原来的规则重新判定：未命中、不适用算合格，其余（待定、有争议、"
        "没有记录等）都不合格。由人验收的用 --passed 或 --failed。",
        "examine a rectification\n\n--record gives a record made after it, to be judged by the hazard's own rule: "
        "clear and not applicable are accepted, all else (unknown, disputed, not recorded …) is rejected. --passed or "
        "--failed tell what a person found.",
        to=group,
    )
    @click.argument("hazard", metavar="HAZARD")
    @options.book
    @click.option("--record", "record", metavar="FILE", help=say("整改以后的检查记录", "the record made after it"))
    @commands.industry
    @click.option("--on", metavar="DATE", help=say("按哪一天有效的标准判定", "the day whose law counts"))
    @click.option("--passed", is_flag=True, help=say("由人验收，合格", "a person accepted it"))
    @click.option("--failed", metavar="REASON", help=say("由人验收，不合格，理由", "a person rejected it, why"))
    @options.evidence
    @options.by
    @options.at
    @options.as_json
    def _verify(
        hazard: str, book: Book, record: str | None, industries: tuple[str, ...], on: str | None,
        passed: bool, failed: str | None, evidence: str | None, by: str, at: str | None, as_json: bool,
    ) -> int:  # fmt: skip
        if (record is not None) + passed + (failed is not None) != 1:
            text = Text(
                "--record、--passed、--failed 写一个，只写一个", "give just one of --record, --passed, --failed"
            )
            raise FactsError([Problem("", text)])
        if record is None:
            kind, stated = ("verified", {"evidence": evidence}) if passed else ("rejected", {"reason": failed})
            return recorded(book, kind, hazard, {"by": by, "at": at}, stated, as_json=as_json)
        data, corpus = read_file(record).data, corpus_in(book.places)
        with book.open() as ledger:
            told = ledger.examine(
                ledger.find(hazard), data, by=by, at=at, industry=industries or None, on=on, corpus=corpus,
                evidence=evidence,
            )  # fmt: skip
            rejected = any(outcome.event.kind == "rejected" for outcome in told)
            return max(finish(ledger, told, as_json=as_json), _OF_NO_EFFECT if rejected else 0)

    @commands.add(
        "close",
        "销号\n\n重大隐患要五落实都有记录、验收合格，并且复判未命中或者不适用，或者对象已经拆除而有凭据。",
        "close a hazard\n\nA major one needs the five fulfilments recorded, an acceptance, and a re-judgment that is "
        "clear or not applicable, or the removal of the subject with evidence.",
        to=group,
    )
    @click.argument("hazard", metavar="HAZARD")
    @options.book
    @options.evidence
    @options.by
    @options.at
    @options.as_json
    def _close(hazard: str, book: Book, evidence: str | None, by: str, at: str | None, as_json: bool) -> int:
        return recorded(book, "closed", hazard, {"by": by, "at": at}, {"evidence": evidence}, as_json=as_json)
