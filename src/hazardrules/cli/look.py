"""How the command line looks: the help's fixed words and the complaints about arguments, in both languages."""

from __future__ import annotations

import re

import click

from ..texts import Text

_WORDS = {
    "Usage:": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]…",
    "Options:": "选项：",
    "Commands:": "命令：",
    "Show this message and exit.": "显示这份说明。",
    "[required]": "[必填]",
}


def _headed(text: str, lang: str) -> str:
    """Return a help *text* with its fixed words in *lang*."""
    for english, word in _WORDS.items() if lang == "zh" else ():
        text = text.replace(english, word, 1)
    return text


class Command(click.Command):
    """A command whose help has its fixed words in the language of the user."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the language of the user."""
        return _headed(super().get_help(ctx), str(ctx.find_root().obj))


class Group(click.Group):
    """A group of commands whose help has its fixed words in the language of the user."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the language of the user."""
        return _headed(super().get_help(ctx), str(ctx.find_root().obj))


def usage(error: click.ClickException, lang: str) -> str:
    """Return what is wrong with the command line, and where to look."""
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "hazardrules"
    tail = Text(f"。用 {where} --help 查看用法", f". See {where} --help").say(lang)
    return (_in_chinese(error) if lang == "zh" else error.format_message()).rstrip(".。") + tail


def _in_chinese(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.NoSuchCommand():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有命令 {error.command_name}{near}"
        case click.MissingParameter() if isinstance(error.param, click.Option):
            return f"缺少选项 {error.param.opts[0]}"
        case click.MissingParameter():
            return f"缺少 {error.param.make_metavar(error.ctx) if error.param and error.ctx else '参数'}"
        case click.BadParameter():
            name, wanted = (error.param.opts[0], _wanted(error.param.type)) if error.param else ("", "")
            return f"{name} 的值不对" + (f"，{wanted}" if wanted else f"：{error.message}")
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 要带一个值"
        case click.UsageError() if extra := _EXTRA.search(error.message):
            return f"多出来的参数：{extra[1]}"
    return f"用法不对：{error.message}"


_EXTRA = re.compile(r"^Got unexpected extra arguments? \((.*)\)$")  # click has no class of its own for it


def _wanted(kind: object) -> str:
    """Return in Chinese what a value of the parameter type *kind* may be; nothing where only click can say it."""
    match kind:
        case click.Choice():
            return f"可填 {'、'.join(map(str, kind.choices))}"
        case click.IntRange():
            ends = (f"从 {kind.min} 起" if kind.min is not None else "", f"到 {kind.max} 止" if kind.max else "")
            return f"要填整数，{''.join(ends)}"
    return ""
