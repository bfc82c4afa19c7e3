"""The command for the maintainers of standards that asks whether their cases would notice a mistake: `mutate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .commands import Commands


def add(commands: Commands) -> None:
    """Add the commands of this module."""
    lang, say = commands.lang, commands.say

    @commands.add(
        "mutate",
        "故意改错规则，看用例能不能发现\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。"
        "没有用例发现的改错逐个列出，并给出能发现它的最小记录；能证明等价的不算。有没发现的，退出码是 1。",
        "make mistakes in the rules and see whether a case notices\n\n"
        "Every mistake that no case notices is shown with a small record that would; those proved equivalent do not "
        "count. Exits with 1 where one is not noticed.",
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    @click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help=say("同时用几个处理器核（默认：全部）", "cores to use (default: all)"),
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help=say("输出文字或 JSON", "text or JSON"),
    )
    @click.option(
        "--all",
        "everything",
        is_flag=True,
        help=say("证明等价的、读文件时就拒绝的也列出", "show also those proved equivalent and those refused"),
    )
    @click.option(
        "--fresh",
        is_flag=True,
        help=say("不用上次的结果，全部重做", "use nothing of an earlier run, do everything again"),
    )
    @click.option(
        "--state",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=say(
            "把结果记在这个文件里，下次接着做（默认记在用户缓存里）", "keep results here (default: the user's cache)"
        ),
    )
    def _mutate(
        paths: tuple[str, ...], jobs: int | None, form: str, state: Path | None, *, everything: bool, fresh: bool
    ) -> int:
        from ..maintain.mutation.command import Options, mutate

        live = sys.stderr.isatty()

        def show(line: str) -> None:
            click.echo(f"\r{line}\x1b[K" if live else line, err=True, nl=not live)

        options = Options(jobs, fresh=fresh, state=state, form=form, everything=everything, live=live)
        try:
            return mutate(paths, lang, click.echo, show, options)
        finally:
            if live:
                click.echo(err=True)
