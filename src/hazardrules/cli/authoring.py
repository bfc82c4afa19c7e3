"""Commands for those who write standards: `new`, `fmt`, `schemas`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from ..texts import Text
from .commands import Commands


def add(commands: Commands) -> None:
    """Add the commands of this module."""
    say, lang = commands.say, commands.lang
    _add_new(commands)

    @commands.add(
        "fmt",
        "整理标准文件的写法，注释和内容不变\n\n"
        "PATH 是标准文件夹或其中的文件（默认：当前文件夹所在的标准文件夹，或其中的 standards）。"
        "退出码：0 已整理，1 --check 发现不合写法的，2 输入有误。",
        "put the files of standards in style\n\n"
        "Comments and meaning stay. PATH is a standards folder or a file in it (default: the one of the working "
        "folder, or standards in it). Exit: 0 done, 1 --check found some, 2 bad input.",
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    @click.option("--check", is_flag=True, help=say("只检查，不改文件", "only check, change nothing"))
    def _fmt(paths: tuple[str, ...], check: bool) -> int:
        from ..maintain import formatting

        return formatting.fmt(paths, check, lang, click.echo)

    @commands.add(
        "schemas",
        "生成编辑器用的结构，写的时候就提示事实和选项\n\n"
        "FOLDER 是标准文件夹（默认：当前文件夹，或其中的 standards）；写到它的 schema/editor 里。"
        "退出码：0 已生成，1 --check 发现不是最新，2 输入有误。",
        "write the schemas by which editors offer facts and words\n\n"
        "FOLDER is a standards folder (default: the working folder, or standards in it); they go into its "
        "schema/editor. Exit: 0 written, 1 --check found some out of date, 2 bad input.",
    )
    @click.argument("folder", required=False, metavar="[FOLDER]")
    @click.option("--check", is_flag=True, help=say("只检查，不写文件", "only check, write nothing"))
    def _schemas(folder: str | None, check: bool) -> int:
        from ..maintain import editors

        return editors.write(folder, check, lang, click.echo)


def _add_new(commands: Commands) -> None:
    """Add `new` with what can be new."""
    say, lang = commands.say, commands.lang
    group = commands.branch(
        "new",
        "建新的标准文件，留空待填\n\n每处空白写着“待填：”和要写什么，hazardrules lint 逐一列出。已有的文件不覆盖。",
        "make new files of standards with blanks to fill in\n\nEach blank says what to write there, and "
        "hazardrules lint names every one. No file is overwritten.",
    )
    folder = click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))

    @commands.add(
        "corpus",
        "建一个补充自带标准的文件夹\n\nNAMESPACE 是自己加的名字都要用的开头，如 yunze。",
        "make a folder of standards that add to the shipped ones\n\n"
        "NAMESPACE is what each name of your own begins with, as yunze.",
        to=group,
    )
    @folder
    @click.argument("namespace", metavar="NAMESPACE")
    @click.argument("title", metavar="TITLE")
    def _corpus(folder: Path, namespace: str, title: str) -> int:
        from ..maintain import editors, scaffold

        _create(scaffold.corpus(folder, namespace, title), lang)
        return editors.write(folder, check=False, lang=lang, echo=lambda _: None)

    @commands.add(
        "standard",
        "建一份文件\n\nFOLDER 是标准文件夹，NAME 是新文件的文件夹名，如 group-2026。",
        "make a document\n\nFOLDER is a standards folder, NAME the new document's folder in it, as group-2026.",
        to=group,
    )
    @folder
    @click.argument("name", metavar="NAME")
    def _standard(folder: Path, name: str) -> int:
        from ..maintain import scaffold

        return _create(scaffold.standard(folder, name), lang)

    @commands.add(
        "clause",
        "建一个条款\n\nDOCUMENT 是那份文件的文件夹，LABEL 是条款号，与原文完全一样；文件按条款号取名。",
        "make a clause\n\nDOCUMENT is the document's folder, LABEL the clause's label just as the text has it; "
        "the file is named after its numbers.",
        to=group,
    )
    @click.argument("document", metavar="DOCUMENT", type=click.Path(path_type=Path))
    @click.argument("label", metavar="LABEL")
    @click.option("--subject", metavar="S", help=say("判断的是哪种对象", "the kind of subject that is judged"))
    @click.option(
        "--level",
        type=click.Choice(["major", "ordinary"]),
        default="major",
        help=say("重大还是一般，默认重大", "default: major"),
    )
    @click.option(
        "--rules", type=click.IntRange(1, 26), default=1, metavar="N", help=say("几支写几条规则", "how many rules")
    )
    @click.option("--unencoded", is_flag=True, help=say("先不编规则，只写原因", "no rules yet, only why"))
    @click.option("--file", metavar="NAME", help=say("文件名（不带 .yaml）", "the file's name without .yaml"))
    def _clause(
        document: Path, label: str, subject: str | None, level: str, rules: int, unencoded: bool, file: str | None
    ) -> int:
        from ..maintain import scaffold

        made = scaffold.clause(
            document, label, file=file, subject=subject, level=level, rules=rules, unencoded=unencoded
        )
        return _create(made, lang)

    @commands.add(
        "subject",
        "建一种对象，或给自带的对象加事实\n\nFOLDER 是标准文件夹，NAME 是种类名，如 charging_room。",
        "make a kind of subject, or add facts to a shipped one\n\n"
        "FOLDER is a standards folder, NAME the kind's name, as charging_room.",
        to=group,
    )
    @folder
    @click.argument("name", metavar="NAME")
    @click.option(
        "--fact",
        "facts",
        multiple=True,
        metavar="NAME:TYPE",
        help=say("要记的事实，如 airlock:device；可重复", "a fact to record, as airlock:device; may be repeated"),
    )
    @click.option("--within", metavar="S", help=say("属于哪种对象", "the kind that contains it"))
    def _subject(folder: Path, name: str, facts: tuple[str, ...], within: str | None) -> int:
        from ..maintain import scaffold

        return _create(scaffold.subject(folder, name, facts, within), lang)


def _create(files: Mapping[Path, str], lang: str) -> int:
    """Write new *files*, none of which is there, and say what is left to do."""
    from ..files import shown
    from ..files.blanks import BLANK
    from ..maintain.writing import create

    create(files)
    for file, text in files.items():
        if not text.count(BLANK):
            click.echo(shown(file))
            continue
        left = text.count(BLANK)
        told = Text(
            f"{left} 处待填，hazardrules lint {shown(file)} 逐一列出",
            f"{left} blanks to fill in; hazardrules lint {shown(file)} names them",
        )
        click.echo(f"{shown(file)}: {told.say(lang)}")
    return 0
