"""Which engine runs: the pure-Python one unless durable-rules is asked for by name."""

from __future__ import annotations

from ..errors import HazardRulesError, Problem
from ..texts import Text
from .engine import Engine
from .machine import Machine

NAMES = ("python", "durable")


def engine(name: str = "python") -> Engine:
    """Return the engine called *name* ("python" or "durable").

    Raises `HazardRulesError` where there is none, or where durable-rules cannot be imported.
    """
    if name == "python":
        return Machine()
    if name == "durable":
        from .durable import Durable  # the only module that imports the library

        return Durable()
    message = Text(f"没有引擎“{name}”（可选：{'、'.join(NAMES)}）", f"no engine “{name}” (one of: {', '.join(NAMES)})")
    raise HazardRulesError([Problem("--engine", message)])
