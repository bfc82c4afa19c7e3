"""The command line: parse arguments, call, print. Chinese by default, `--lang en` for English."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from ..errors import HazardRulesError
from . import authoring, judging, ledger, maintaining, many, mutating, showing
from .commands import BAD_INPUT, Commands
from .look import usage


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 a check failed, 2 bad input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = _language(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        result = application(lang).main(args=arguments, prog_name="hazardrules", standalone_mode=False, obj=lang)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.ClickException as error:
        click.echo(usage(error, lang), err=True)
        return BAD_INPUT
    except HazardRulesError as error:
        click.echo(error.say(lang), err=True)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - nobody reads on
        return 0
    except KeyboardInterrupt:
        return 130


def _language(arguments: Sequence[str]) -> str:
    """Return the language asked for, before anything is parsed: the help is in it too."""
    wanted = os.environ.get("HAZARDRULES_LANG", "zh")
    for n, argument in enumerate(arguments):
        if argument == "--lang" and n + 1 < len(arguments):
            wanted = arguments[n + 1]
        elif argument.startswith("--lang="):
            wanted = argument.partition("=")[2]
    return "en" if wanted == "en" else "zh"


def application(lang: str) -> click.Group:
    """Return the commands with their help in *lang*."""
    commands = Commands(lang)
    for module in (judging, many, showing, ledger, maintaining, mutating, authoring):
        module.add(commands)
    return commands.group
