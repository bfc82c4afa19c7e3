"""Commands that look: `list`, `history`, `overdue`, `replay`."""

from __future__ import annotations

import click

from ...texts import Text
from ..commands import Commands
from ..look import Group
from . import output
from .given import moment_of, state_of
from .options import Book, Options


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

        with book.open() as ledger:
            chart = ledger.chart
            chosen = {state_of(ledger, name) for name in states}
            picture = ledger.picture(moment_of(as_of), enterprise=enterprise, progress=output.progress(lang))
            courses = [
                course
                for course in telling.in_a_list(picture.courses.values())
                if (course.state in chosen if chosen else every or telling.is_open(chart, course))
            ]
            if as_json:
                output.data([telling.course_data(chart, course, lang) for course in courses])
                return 0
            for course in courses:
                click.echo("\n".join(telling.hazard_lines(chart, course, lang)) + "\n")
            counts = telling.counted(chart, picture.courses.values(), lang) or say("没有隐患", "no hazards")
            click.echo(
                say(
                    f"截至 {telling.minute(picture.until)}：{counts}",
                    f"as of {telling.minute(picture.until)}: {counts}",
                )
            )
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

        with book.open() as ledger:
            chart = ledger.chart
            picture = ledger.picture(moment_of(as_of), enterprise=enterprise, progress=output.progress(lang))
            courses = telling.in_a_list(picture.courses.values())
            late = [course for course in courses if any(running.lapsed for running in course.running)]
            if as_json:
                alerts = [telling.alert_data(chart, alert, lang) for alert in picture.alerts]
                hazards = [telling.course_data(chart, course, lang) for course in late]
                output.data({"until": plain(picture.until), "overdue": hazards, "alerts": alerts})
                return 0
            for course in late:
                click.echo("\n".join(telling.hazard_lines(chart, course, lang)) + "\n")
            for alert in picture.alerts:
                click.echo(telling.alert_line(chart, alert, lang))
            until = telling.minute(picture.until)
            told = Text(
                f"截至 {until}：逾期 {len(late)}，警示 {len(picture.alerts)}",
                f"as of {until}: {len(late)} overdue, {len(picture.alerts)} alerts",
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

        with book.open(engine=engine) as ledger:
            chart = ledger.chart
            done = ledger.replay(moment_of(until, "--until"), head=head, progress=output.progress(lang))
            digest = telling.states_digest(chart, done.picture)
            if as_json:
                data = {"head": done.head, "entries": done.entries, "states": digest, "engine": engine}
                output.data({**data, **telling.picture_data(chart, done.picture)})
                return 0
            counts = telling.counted(chart, done.picture.courses.values(), lang) or say("没有隐患", "no hazards")
            lines = Text(
                f"核对了 {done.entries} 条，没有改动；摘要 {done.head}\n"
                f"截至 {telling.minute(done.picture.until)}：{counts}；警示 {len(done.picture.alerts)}\n"
                f"状态的摘要 {digest}（{engine}）",
                f"{done.entries} entries checked, all as written; digest {done.head}\n"
                f"as of {telling.minute(done.picture.until)}: {counts}; {len(done.picture.alerts)} alerts\n"
                f"digest of the states {digest} ({engine})",
            )
            click.echo(lines.say(lang))
        return 0
