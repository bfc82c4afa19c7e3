"""The same rules over many subjects at once: frames of columns (polars), and Spark around the same kernel.

The engine stays the reference: the kernel says of every cell what the engine says of the record that
the row stands for, and hands over what it cannot take.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..errors import HazardRulesError, Problem
from ..texts import Text

if TYPE_CHECKING:
    from .frames import classify_frame
    from .kernel import Kernel

__all__ = ["Kernel", "classify_frame"]

_HOMES = {"Kernel": "kernel", "classify_frame": "frames"}


def require(library: str, extra: str) -> None:
    """Raise `HazardRulesError` where *library* is not installed, naming the *extra* that brings it."""
    if find_spec(library) is None:
        raise HazardRulesError(
            [
                Problem(
                    "",
                    Text(
                        f"这里要用 {library}：pip install 'hazardrules[{extra}]'",
                        f"this needs {library}: pip install 'hazardrules[{extra}]'",
                    ),
                )
            ]
        )


require("polars", "frames")


def __getattr__(name: str) -> Any:
    """Return a public name, imported when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hazardrules.backends' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
