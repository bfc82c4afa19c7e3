"""Commands that look: `list`, `history`, `overdue`, `replay`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ...texts import Text
from ..commands import Commands
from ..look import Group
from . import output
from .given import moment_of, state_of
from .options import Book, Options

if TYPE_CHECKING:
    from ...lifecycle.courses import Course
    from ...lifecycle.engine import Alert


def add(commands: Commands, group: Group, options: Options) -> None:
    """Add the commands of this module to *group*."""
    say, lang = commands.say, commands.lang

    @commands.add("list", "列出隐患", "list the hazards", to=group)
    @options.book
    @options.enterprise
    @click.option(
        "--state", "states", multiple=True, metavar="STATE", help=say("只要这些状态，可重复", "only these states")
    )
    @click.option("--all", "every", is_flag=True, help=say("已销号、撤回的也列出", "also those closed or withdrawn"))
    @options.as_of
    @options.as_json
    def _list(
        book: Book, enterprise: str | None, states: tuple[str, ...], every: bool, as_of: str | None, as_json: bool
    ) -> int:
        from ...lifecycle import telling
        from ...lifecycle.ledger import now

        with book.open() as ledger:
            chart = ledger.chart
            chosen = {state_of(ledger, name) for name in states}
            until, counts = moment_of(as_of) or now(), Counter[str]()

            def wanted() -> Iterator[Course]:
                for part in ledger.parts(until, enterprise=enterprise, progress=output.progress(lang)):
                    counts.update(course.state for course in part.courses.values())
                    for course in telling.in_a_list(part.courses.values()):
                        if course.state in chosen if chosen else every or telling.is_open(chart, course):
                            yield course

            if as_json:
                output.items(telling.course_data(chart, course, lang) for course in wanted())
                click.echo()
                return 0
            for course in wanted():
                click.echo("\n".join(telling.hazard_lines(chart, course, lang)) + "\n")
            told = telling.counted(chart, counts, lang)
            click.echo(say(f"截至 {telling.minute(until)}：{told}", f"as of {telling.minute(until)}: {told}"))
        return 0

    @commands.add("history", "一个隐患从头到尾", "everything that happened to a hazard", to=group)
    @click.argument("hazard", metavar="HAZARD")
    @options.book
    @options.as_of
    @options.as_json
    def _history(hazard: str, book: Book, as_of: str | None, as_json: bool) -> int:
        from ...lifecycle import telling

        with book.open() as ledger:
            name, until = ledger.find(hazard), moment_of(as_of)
            course, told = ledger.course(name, until), ledger.history(name, until)
            if as_json:
                steps = [telling.told_data(ledger.chart, item, lang) for item in told]
                output.data({"hazard": telling.course_data(ledger.chart, course, lang), "steps": steps})
                return 0
            click.echo("\n".join(telling.hazard_lines(ledger.chart, course, lang)) + "\n")
            for item in told:
                click.echo(telling.told_line(ledger.chart, item, lang))
        return 0

    @commands.add("overdue", "逾期的隐患，和各种反复、处罚的警示", "what is overdue, and patterns over time", to=group)
    @options.book
    @options.enterprise
    @options.as_of
    @options.as_json
    def _overdue(book: Book, enterprise: str | None, as_of: str | None, as_json: bool) -> int:
        from ...lifecycle import telling
        from ...lifecycle.events import plain
        from ...lifecycle.ledger import now

        with book.open() as ledger:
            chart = ledger.chart
            until, count = moment_of(as_of) or now(), 0
            alerts: list[Alert] = []

            def late() -> Iterator[Course]:
                for part in ledger.parts(until, enterprise=enterprise, progress=output.progress(lang)):
                    alerts.extend(part.alerts)
                    for course in telling.in_a_list(part.courses.values()):
                        if any(running.lapsed for running in course.running):
                            yield course

            def fields() -> Iterator[tuple[str, Any]]:
                yield "until", plain(until)
                yield "overdue", (telling.course_data(chart, course, lang) for course in late())
                yield "alerts", [telling.alert_data(chart, alert, lang) for alert in sorted(alerts)]
                yield "parameters", [telling.setting_data(entry) for entry in settings]

            settings = ledger.settings(until)  # by which it was told what is overdue
            if as_json:
                return output.stream(fields())
            for course in late():
                count += 1
                click.echo("\n".join(telling.hazard_lines(chart, course, lang)) + "\n")
            for alert in sorted(alerts):
                click.echo(telling.alert_line(chart, alert, lang))
            for entry in settings:
                click.echo(telling.setting_line(chart, entry, lang))
            at = telling.minute(until)
            told = Text(
                f"截至 {at}：逾期 {count}，警示 {len(alerts)}", f"as of {at}: {count} overdue, {len(alerts)} alerts"
            )
            click.echo(told.say(lang))
        return 0

    @commands.add(
        "replay",
        "核对台账有没有被改过，并从头重算所有状态\n\n打印的摘要记在别处，以后用 --head 核对。",
        "check that the ledger is as it was written, and work out every state anew\n\nNote the digest that it prints "
        "elsewhere, and check it later with --head.",
        to=group,
    )
    @options.book
    @click.option(
        "--until",
        metavar="TIME",
        help=say("截至什么时候（默认：最后一个事件）", "as of when (default: the last event)"),
    )
    @click.option("--head", metavar="DIGEST", help=say("以前记下的摘要", "a digest noted earlier"))
    @click.option(
        "--engine",
        type=click.Choice(["python", "durable"]),
        default="python",
        help=say("用哪个引擎", "which engine runs"),
    )
    @options.as_json
    def _replay(book: Book, until: str | None, head: str | None, engine: str, as_json: bool) -> int:
        from ...lifecycle import telling
        from ...lifecycle.events import plain
        from ...lifecycle.ledger import now

        with book.open(engine=engine) as ledger:
            chart = ledger.chart
            progress, counts = output.progress(lang), Counter[str]()
            alerts: list[Alert] = []
            with ledger.log.frozen():
                done = ledger.check(head=head, progress=progress)
                at = moment_of(until, "--until") or (done.last if done.entries else now())
                digest = telling.StatesDigest(chart, at)

                def courses() -> Iterator[Course]:
                    for part in ledger.parts(at, progress=progress):
                        digest.add(part)
                        alerts.extend(part.alerts)
                        yield from part.courses.values()

                def fields() -> Iterator[tuple[str, Any]]:
                    yield from {"head": done.head, "entries": done.entries, "engine": engine}.items()
                    yield from {"schema": telling.SCHEMA, "until": plain(at)}.items()
                    yield "hazards", (telling.course_data(chart, course, lang) for course in courses())
                    yield "alerts", [telling.alert_data(chart, alert, lang) for alert in sorted(alerts)]
                    yield "states", str(digest)

                if as_json:
                    return output.stream(fields())
                counts.update(course.state for course in courses())
            told = telling.counted(chart, counts, lang)
            lines = Text(
                f"核对了 {done.entries} 条，没有改动；摘要 {done.head}\n"
                f"截至 {telling.minute(at)}：{told}；警示 {len(alerts)}\n"
                f"状态的摘要 {digest}（{engine}）",
                f"{done.entries} entries checked, all as written; digest {done.head}\n"
                f"as of {telling.minute(at)}: {told}; {len(alerts)} alerts\n"
                f"digest of the states {digest} ({engine})",
            )
            click.echo(lines.say(lang))
        return 0
