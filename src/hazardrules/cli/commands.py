"""What the commands are made with: their language, their help, and the options that several of them take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..classify import Corpus, default, load
from ..version import VERSION, standards_version
from .look import Command, Group

BAD_INPUT = 2  # the exit code
Places = tuple[str, ...]  # what --standards names


class Commands:
    """The commands in one language. Each module of commands has an `add` that takes this."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        say = self.say
        self.language = click.option(
            "--lang",
            type=click.Choice(["zh", "en"]),
            default=lang,
            help=say("输出语言", "language of the output"),
            expose_value=False,
        )
        self.standards = click.option(
            "--standards",
            "places",
            multiple=True,
            metavar="S",
            help=say(
                "用这个文件夹里的标准，或者已安装的这个名字的标准包；有 corpus.yaml 的加在自带的标准之上，可重复",
                "use the standards in this folder, or in the installed package of this name; those with a corpus.yaml "
                "are added to the shipped ones, may be repeated",
            ),
        )
        self.industry = click.option(
            "--industry",
            "industries",
            multiple=True,
            metavar="I",
            help=say("行业，可重复；hazardrules standards 列出", "field of work, may be repeated"),
        )
        self.group = self._group()

    def say(self, zh: str, en: str) -> str:
        """Return the text in the language of the commands."""
        return zh if self.lang == "zh" else en

    def add(
        self, name: str, zh: str, en: str, *, to: click.Group | None = None
    ) -> Callable[[Callable[..., Any]], click.Command]:
        """Return a decorator that adds a command with this help to the group *to* (the application's)."""

        def made(function: Callable[..., Any]) -> click.Command:
            help_ = self.say(zh, en)
            command = click.command(name, cls=Command, help=help_, short_help=help_.split("\n")[0])(
                self.language(function)
            )
            (to or self.group).add_command(command)
            return command

        return made

    def branch(self, name: str, zh: str, en: str) -> Group:
        """Return a new group of commands with this help, added to the application's."""
        help_ = self.say(zh, en)

        @click.group(name, cls=Group, help=help_, short_help=help_.split("\n")[0])
        @self.language
        def group() -> None:
            pass

        made: Group = group
        self.group.add_command(made)
        return made

    def _group(self) -> click.Group:
        @click.group(
            cls=Group,
            help=self.say(
                "判定检查发现的问题是重大事故隐患还是一般事故隐患，并引出所依据的条款。\n\n"
                "先用 hazardrules facts --industry dust_explosion > 记录.yaml 得到空白记录，填好后用 "
                "hazardrules classify 记录.yaml --industry dust_explosion 判定。",
                "Tell whether what an inspection found is a major accident hazard or an ordinary one, "
                "and cite the clause.\n\n"
                "First hazardrules facts --industry dust_explosion > record.yaml gives an empty record; fill it in, "
                "then hazardrules classify record.yaml --industry dust_explosion judges it.",
            ),
        )
        @click.version_option(
            VERSION,
            message=f"hazardrules %(version)s, {self.say('标准', 'standards')} {standards_version()}",
            help=self.say("显示版本", "show the version"),
        )
        @self.language
        def group() -> None:
            pass

        made: click.Group = group
        return made


def corpus_in(places: Places) -> Corpus:
    """Return the corpus at *places* (folders, or names of installed packages); the shipped one where none."""
    return load(*places) if places else default()
