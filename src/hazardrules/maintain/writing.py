"""Files are written whole or not at all: beside their place first, then moved there."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ..errors import HazardRulesError, Problem
from ..texts import Text


def write_whole(file: Path, text: str) -> None:
    """Put *text* into *file*, as UTF-8 with line feeds; its folder is made, its mode stays.

    Raises `HazardRulesError` where that is not possible; then the file is as it was.
    """
    file = file.resolve()  # a link stays one
    beside = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(text.encode())
            if file.exists():
                beside.chmod(stat.S_IMODE(file.stat().st_mode))
            beside.replace(file)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    except OSError as error:
        told = error.strerror or str(error)
        raise HazardRulesError(
            [Problem(str(file), Text(f"写不了这个文件（{told}）", f"cannot be written ({told})"))]
        ) from error


def create(files: Mapping[Path, str]) -> None:
    """Write each of *files*, none of which may be there yet. Raises `HazardRulesError` with every one that is."""
    there = [file for file in files if file.exists()]
    if there:
        refused = Text("已经有这个文件，没有改动它", "is there already and was left as it is")
        raise HazardRulesError(Problem(str(file), refused) for file in there)
    for file, text in files.items():
        write_whole(file, text)
