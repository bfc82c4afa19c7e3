"""Standards read once for a content: the compiled form is kept between runs, as data.

The key is the content of every file of the standards and of this library's own code, so that a kept
form is never stale. A kept form is written beside its place and moved there whole, carries its own
checksum, and is read only where it belongs to the user; what cannot be read or written is made anew.
`HAZARDRULES_CACHE` names another folder, `off` means none.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from . import stored
from .places import adds
from .rules import Rulebook

_KEPT = 16  # forms that are left when a new one is written
_HEAD = 64  # characters of a SHA-256 in hexadecimal
_NEW = "new-"  # a form that is being written, or whose writer was stopped
_OURS = re.compile(rf"[0-9a-f]{{{_HEAD}}}|{_NEW}.*")


def rulebook(*folders: Path) -> Rulebook:
    """Return the rulebook in *folders* (none: the standards shipped), without its cases and places.

    Raises `StandardsError` with every problem of every file.
    """
    place = _place()
    key = _key(folders) if place else None
    if place and key:
        found = _read(place / key)
        if found is not None:
            return found
    from .files import load  # pydantic and YAML, wanted only where something is new

    data = json.dumps(stored.to_data(load(*folders)), ensure_ascii=False, separators=(",", ":")).encode()
    if place and key and key == _key(folders):  # else somebody wrote in between: of which content it is, is not known
        _write(place / key, data)
    return _rulebook(data)  # just what the next run gets


def _place() -> Path | None:
    """Return the folder for kept forms, None where there shall be none."""
    named = os.environ.get("HAZARDRULES_CACHE", "")
    if named.lower() == "off":
        return None
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "hazardrules"
    except RuntimeError:  # no home
        return None


def _key(folders: tuple[Path, ...]) -> str | None:
    """Return the key of the standards in *folders*: a digest of all that they are read from; None if unreadable."""
    digest = hashlib.sha256(_own_code())
    roots = [*folders]
    if not folders or any(map(adds, folders)):
        roots.insert(0, Path(importlib.import_module("hazardrules.standards").__path__[0]))
    try:
        for root in roots:
            if not root.is_dir():
                return None
            digest.update(b"\0folder\0")
            for file in _files(root):
                content = file.read_bytes()
                name = file.relative_to(root).as_posix()
                digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
                digest.update(content)
    except OSError:
        return None
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    """Yield the files that a rulebook is read from, in an order of their own."""
    for folder, inner, names in os.walk(root):
        inner.sort()
        for name in sorted(names):
            if name.endswith((".yaml", ".yml")) or name == "VERSION":
                yield Path(folder, name)


@lru_cache(maxsize=1)
def _own_code() -> bytes:
    """Return a digest of the code that reads standards: with other code the same files may mean other rules."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted((*here.glob("*.py"), *(here / "files").glob("*.py"))):
        digest.update(file.read_bytes())
    return digest.digest()


def _read(file: Path) -> Rulebook | None:
    """Return the rulebook kept in *file*; None where there is none, or it is not whole, or another user's."""
    try:
        if hasattr(os, "getuid") and file.stat().st_uid != os.getuid():
            return None
        content = file.read_bytes()
    except OSError:
        return None
    checksum, data = content[:_HEAD], content[_HEAD:]
    if hashlib.sha256(data).hexdigest().encode() != checksum:
        return None
    return _rulebook(data)


def _rulebook(data: bytes) -> Rulebook:
    found = stored.from_data(json.loads(data))
    assert isinstance(found, Rulebook)
    return found


def _write(file: Path, data: bytes) -> None:
    """Keep *data* in *file*, whole or not at all."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = file.with_name(f"{_NEW}{os.urandom(8).hex()}")
        try:
            with new.open("xb") as writer:
                writer.write(hashlib.sha256(data).hexdigest().encode() + data)
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
        _tidy(file.parent)


def _tidy(place: Path) -> None:
    """Leave the newest of our files and delete the others."""
    ours = (file for file in place.iterdir() if _OURS.fullmatch(file.name))
    newest = sorted(ours, key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest[_KEPT:]:
        file.unlink(missing_ok=True)
