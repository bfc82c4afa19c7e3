"""The folder of a run: what the run is, its parts, and the whole at the end.

OUT/manifest.json           the job; a resumption must be of the same
OUT/parts/000000/           a block judged: codes-*.parquet, full.ndjson, bad.ndjson, counts.json
OUT/bad.ndjson              all that could not be judged, each with its reason
OUT/summary.json            the counts; there only when everything is done
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from ..errors import HazardRulesError, Problem
from ..texts import Text
from .job import NAMES

CODES, FULL, BAD, COUNTS = "codes-{}.parquet", "full.ndjson", "bad.ndjson", "counts.json"
_WRITING = ".writing-"


class Store:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = folder / "parts"
        self.manifest = folder / "manifest.json"
        self.summary = folder / "summary.json"

    @contextlib.contextmanager
    def opened(self, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Take the folder for the job *told*, new or begun before; give the job as it began.

        No other process can take it meanwhile. Raises `HazardRulesError` where it holds another run,
        or something that is no run.
        """
        began = self._began(json.loads(json.dumps(told)))
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            if not _lock(file):  # it ends with the process, however that ends
                _fail(self.folder, "另一个进程正在写这里", "another process is writing here")
            self.parts.mkdir(exist_ok=True)
            if not self.manifest.is_file():
                write_whole(self.manifest, json.dumps(began, ensure_ascii=False, indent=1))
            self.clean()
            yield began

    def _began(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return the job that the folder holds, *told* where it is new."""
        if self.manifest.is_file():
            try:
                before: dict[str, Any] = json.loads(self.manifest.read_text("utf-8"))
            except ValueError:
                _fail(self.manifest, "读不懂；换一个结果文件夹", "cannot be understood; name another folder")
            if different := list(dict.fromkeys(NAMES[key] for key in NAMES if before.get(key) != told.get(key))):
                listed = "、".join(name.zh for name in different)
                _fail(
                    self.folder,
                    f"这里是另一次运行的结果，不同的是：{listed}；换一个文件夹，或先删去它",
                    f"the results of another run are here (other: {', '.join(name.en for name in different)}); "
                    "name another folder or delete it first",
                )
            return before
        if self.folder.exists() and (
            not self.folder.is_dir() or {path.name for path in self.folder.iterdir()} - {"lock"}
        ):
            _fail(
                self.folder,
                "已经有了，而且不是空文件夹；换一个名字",
                "it is there already and no empty folder; name another",
            )
        return told

    def clean(self) -> None:
        """Take away what a process that was stopped had begun to write."""
        for left in self.parts.glob(f"{_WRITING}*"):
            shutil.rmtree(left)

    def done(self) -> dict[int, dict[str, Any]]:
        """Return the counts of the parts that are there, by number."""
        found = (path for path in self.parts.iterdir() if path.name.isdigit())
        return {int(path.name): json.loads((path / COUNTS).read_text("utf-8")) for path in sorted(found)}

    def commit(self, number: int, write: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
        """Let *write* fill the folder of part *number* and return its counts; then the part is there at once."""
        place, made = self.parts / f"{number:06d}", self.parts / f"{_WRITING}{number:06d}-{os.getpid()}"
        made.mkdir()
        counts = write(made)
        write_whole(made / COUNTS, json.dumps(counts, ensure_ascii=False))
        for path in made.iterdir():
            _flush(path)
        _flush(made)
        try:
            made.rename(place)
        except OSError:
            if not place.is_dir():
                raise
            shutil.rmtree(made)  # there already: by a worker of a run that was stopped just before
            found: dict[str, Any] = json.loads((place / COUNTS).read_text("utf-8"))
            return found
        _flush(self.parts)
        return counts

    def finish(self, summary: dict[str, Any]) -> None:
        """Put together what could not be judged, and write the summary last."""
        made = self.folder / f"{_WRITING}{BAD}"
        with made.open("wb") as out:
            for part in sorted(self.parts.iterdir()):
                with (part / BAD).open("rb") as file:
                    shutil.copyfileobj(file, out)
        _flush(made)
        made.replace(self.folder / BAD)
        write_whole(self.summary, json.dumps(summary, ensure_ascii=False, indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write *text* to *path*, which holds the old or the new content at any moment."""
    made = path.with_name(f"{_WRITING}{path.name}")
    made.write_text(text + "\n", encoding="utf-8")
    _flush(made)
    made.replace(path)


def _flush(path: Path) -> None:
    """Bring what was written to *path* to the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(file: IO[str]) -> bool:
    """Return whether *file* could be locked."""
    try:
        import fcntl
    except ImportError:  # Windows: a file that is open there cannot be opened for writing twice in this way
        import msvcrt

        locking: Any = msvcrt
        with contextlib.suppress(OSError):
            locking.locking(file.fileno(), locking.LK_NBLCK, 1)
            return True
        return False
    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _fail(where: Path, zh: str, en: str) -> NoReturn:
    raise HazardRulesError([Problem(str(where), Text(zh, en))])
