"""Commands for the maintainers of standards: `lint`, `test`."""

from __future__ import annotations

import click

from .commands import Commands


def add(commands: Commands) -> None:
    """Add the commands of this module."""
    lang = commands.lang

    @commands.add(
        "lint",
        "检查标准文件\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。",
        "check the files of standards",
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    def _lint(paths: tuple[str, ...]) -> int:
        from ..maintain import checking

        return checking.lint(paths, lang, click.echo)

    @commands.add(
        "test", "运行规则的用例\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。", "run the rules' cases"
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    def _test(paths: tuple[str, ...]) -> int:
        from ..maintain import checking

        return checking.test(paths, lang, click.echo)
