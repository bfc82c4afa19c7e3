"""The handbook: all standards of a corpus as a site of plain files, to read, to search and to print.

What a page holds (`pages`, made by `documents`, `facts`, `cases`, `industries`, `words`) is apart from
how it looks (`rendering`, the templates and the one style sheet). `folder` writes it whole or not at all.
"""

from __future__ import annotations

from pathlib import Path

from ..rules import Rulebook
from . import folder
from .rendering import files
from .site import site

__all__ = ["files", "site", "write"]


def write(rulebook: Rulebook, out: Path, lang: str = "zh") -> int:
    """Write the handbook of *rulebook*, read with its cases, to the folder *out*; return how many pages it has.

    Raises `HazardRulesError` where *out* holds anything else, cannot be written, or jinja2 is missing.
    """
    made = files(site(rulebook), lang)
    folder.write(made, out)
    return sum(name.endswith(".html") for name in made)
