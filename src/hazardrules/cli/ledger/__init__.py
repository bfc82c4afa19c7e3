"""Commands of the ledger, from finding to closing."""

from __future__ import annotations

from ..commands import Commands
from . import viewing, writing
from .options import Options


def add(commands: Commands) -> None:
    """Add the group `ledger` with its commands."""
    group = commands.branch(
        "ledger",
        "隐患台账：从发现到销号\n\n台账是一个文件（--ledger），只增不改；不起作用的事件（如条件不够的销号）"
        "也记下来，连同原因。退出码：0 已完成，1 记下了但没有生效，2 输入有误。",
        "the ledger of hazards: from finding to closing\n\nThe ledger is one file (--ledger) that is only appended "
        "to; what is of no effect (a closing whose conditions are not met) is written too, with the reason. "
        "Exit: 0 done, 1 written but of no effect, 2 bad input.",
    )
    options = Options(commands)
    writing.add(commands, group, options)
    viewing.add(commands, group, options)
