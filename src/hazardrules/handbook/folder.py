"""A handbook written to a folder, whole or not at all; nothing that is not a handbook is ever overwritten."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from ..errors import HazardRulesError, Problem
from ..texts import Text

MANIFEST = "handbook.json"  # what makes a folder a handbook: which files are ours
_LEFT = 3600  # seconds after which a folder of our making belongs to no run that still goes on


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Write *files* (by path) and a manifest to the folder *out*, in place of an older handbook there.

    Raises `HazardRulesError` where something else is there, and where it cannot be written.
    """
    out = out.resolve()
    new, old = (out.with_name(f".{out.name}-{os.urandom(8).hex()}-{which}") for which in ("new", "old"))
    try:
        _check(out)
        for name, content in {**files, MANIFEST: _manifest(files)}.items():
            file = new / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        _swap(new, out, old)
        _tidy(out)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(out, Text(f"写不了（{reason}）", f"cannot be written ({reason})")) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _swap(new: Path, out: Path, old: Path) -> None:
    """Put *new* in the place of *out*; what was there stays until it is."""
    if not out.exists():
        new.rename(out)
        return
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _tidy(out: Path) -> None:
    """Delete what runs that were killed left beside *out*."""
    ours = re.compile(rf"\.{re.escape(out.name)}-[0-9a-f]{{16}}-(new|old)")
    with contextlib.suppress(OSError):  # the handbook is written
        for path in out.parent.iterdir():
            if ours.fullmatch(path.name) and time.time() - path.stat().st_mtime > _LEFT:
                shutil.rmtree(path, ignore_errors=True)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return (json.dumps({"handbook": 1, "files": sorted(files)}, ensure_ascii=False, indent=1) + "\n").encode()


def _check(out: Path) -> None:
    """Refuse a place whose content is not ours, every file of it."""
    if not out.exists():
        return
    if not out.is_dir():
        raise _refused(out, Text("这是文件，不是文件夹；换一个名字", "is a file and no folder; take another name"))
    if Path.cwd().is_relative_to(out):
        raise _refused(
            out, Text("正在这个文件夹里；写到它里面的一个新文件夹", "is where you are; name a new folder inside it")
        )
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir() or path.is_symlink()}
    if not there and not any(out.iterdir()):
        return
    ours = _listed(out / MANIFEST)
    if ours is None:
        raise _refused(
            out,
            Text(
                "里面有东西，又不是手册；换一个文件夹，或者先清空它",
                "holds something that is no handbook; name another folder or empty it first",
            ),
        )
    strangers = sorted(there - ours - {MANIFEST})
    if strangers:
        named = "、".join(strangers[:3]) + ("……" if len(strangers) > 3 else "")
        raise _refused(
            out,
            Text(
                f"手册文件夹里有别的文件：{named}；先移走，免得丢失",
                f"the handbook's folder holds other files: {named}; move them away first",
            ),
        )


def _listed(manifest: Path) -> set[str] | None:
    """Return the files that a manifest lists, None where it is none."""
    try:
        told = json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return None
    files = told.get("files") if isinstance(told, dict) and told.get("handbook") == 1 else None
    return set(map(str, files)) if isinstance(files, list) else None


def _refused(out: Path, message: Text) -> HazardRulesError:
    return HazardRulesError([Problem(str(out), message)])
