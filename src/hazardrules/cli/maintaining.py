"""Commands for the maintainers of standards: `lint`, `test`, `handbook`."""

from __future__ import annotations

from pathlib import Path

import click

from .commands import Commands, Places


def add(commands: Commands) -> None:
    """Add the commands of this module."""
    say, lang = commands.say, commands.lang

    @commands.add(
        "lint",
        "检查标准文件\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。退出码：0 没有问题，1 有问题，2 输入有误。",
        "check the files of standards\n\nPATH is a standards folder or a file in it (default: the shipped standards). "
        "Exit: 0 no problems, 1 problems, 2 bad input.",
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "sarif", "github"]),
        default="text",
        help=say("输出形式：github 是 GitHub Actions 的标注", "form of the output; github annotates GitHub Actions"),
    )
    def _lint(paths: tuple[str, ...], form: str) -> int:
        from ..maintain import checking

        return checking.lint(paths, lang, click.echo, form)

    @commands.add(
        "test",
        "运行规则的用例和公开案例\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。"
        "退出码：0 全部通过，1 有失败的或没有用例的规则，2 输入有误。",
        "run the rules' cases and the published cases\n\nPATH is a standards folder or a file in it "
        "(default: the shipped standards). Exit: 0 all passed, 1 one failed or a rule has none, 2 bad input.",
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "junit"]),
        default="text",
        help=say("输出形式：junit 是 JUnit XML", "form of the output; junit is JUnit XML"),
    )
    def _test(paths: tuple[str, ...], form: str) -> int:
        from ..maintain import checking

        return checking.test(paths, lang, click.echo, form)

    @commands.add(
        "handbook",
        "把全部标准写成手册网站\n\n"
        "OUT 是要写的文件夹：新的、空的，或者以前写的手册。写好后用浏览器打开里面的 index.html，不用联网。",
        "write all standards as a site to read\n\n"
        "OUT is the folder to write: new, empty, or an older handbook. Then open its index.html; no network is needed.",
    )
    @click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
    @commands.standards
    def _handbook(out: Path, places: Places) -> int:
        from .. import handbook
        from ..files import load
        from ..places import folder_of

        count = handbook.write(load(*map(folder_of, places)), out, lang)
        click.echo(say(f"写了 {count} 页，打开 {out / 'index.html'}", f"{count} pages; open {out / 'index.html'}"))
        return 0
