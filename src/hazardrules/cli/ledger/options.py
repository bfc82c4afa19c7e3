"""What the commands of the ledger take: which ledger, who, when, on what evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...places import folder_of
from ..commands import Commands, Places

if TYPE_CHECKING:
    from ...lifecycle.charts import Chart
    from ...lifecycle.ledger import Ledger

_FILE = "hazards.ledger"


@dataclass(frozen=True, slots=True)
class Book:
    """Which ledger, and which chart: what every command takes."""

    path: Path
    places: Places

    def open(self, *, create: bool = False, engine: str = "python") -> Ledger:
        """Return the ledger, to be closed; with *create* made where there is none."""
        from ...lifecycle.ledger import Ledger

        return Ledger(self.path, chart=self.chart(), engine=engine, create=create)

    def chart(self) -> Chart:
        """Return the chart: of the first of the places that has one, else the shipped one."""
        from ...lifecycle import chart_file

        own = [folder for folder in map(folder_of, self.places) if (folder / chart_file.FOLDER).is_dir()]
        return chart_file.load(own[0]) if own else chart_file.shipped()


class Options:
    """The options that several commands of the ledger take."""

    def __init__(self, commands: Commands) -> None:
        self.commands = commands
        say = commands.say
        self.by = click.option(
            "--by",
            required=True,
            envvar="HAZARDRULES_BY",
            help=say("谁做的（或环境变量 HAZARDRULES_BY）", "who did it (or HAZARDRULES_BY)"),
        )
        self.at = click.option(
            "--at", metavar="TIME", help=say("什么时候，如 “2026-03-01 08:30”（默认：现在）", "when (default: now)")
        )
        self.enterprise = click.option(
            "--enterprise",
            metavar="NAME",
            callback=lambda *given: given[2] and given[2].strip(),
            help=say("企业", "the enterprise"),
        )
        self.evidence = click.option("--evidence", metavar="TEXT", help=say("凭据", "evidence"))
        self.as_of = click.option(
            "--as-of", metavar="TIME", help=say("截至什么时候（默认：现在）", "as of when (default: now)")
        )
        self.as_json = click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "print JSON"))
        self._file = click.option(
            "--ledger",
            "path",
            type=click.Path(path_type=Path),
            default=_FILE,
            envvar="HAZARDRULES_LEDGER",
            help=say(
                f"台账文件（默认 {_FILE}，或环境变量 HAZARDRULES_LEDGER）", f"the ledger's file (default {_FILE})"
            ),
        )

    def book(self, function: Callable[..., int]) -> Callable[..., int]:
        """Add the options that say which ledger and which chart; *function* takes them as one `book`."""

        @wraps(function)
        def called(*args: Any, path: Path, places: Places, **options: Any) -> int:
            return function(*args, book=Book(path, places), **options)

        return self._file(self.commands.standards(called))
