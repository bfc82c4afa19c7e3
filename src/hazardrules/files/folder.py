"""What reading a standards folder needs everywhere: its files, and the problems found in them."""

from __future__ import annotations

import hashlib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .. import condition
from ..condition import Path as DataPath
from ..errors import Problem
from ..reading import ReadingError, Source, read_text, read_yaml
from ..texts import Text
from .blanks import BLANK, blanks
from .structure import explain_structure

SHIPPED = resources.files("hazardrules.standards")  # the folder of the standards shipped with the library
M = TypeVar("M", bound=BaseModel)
_LIMIT = 2_000_000  # bytes a standards file may have


class Folder:
    """A standards folder; problems are collected, not raised, so that all come at once."""

    def __init__(self, root: Traversable) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()
        self.list_names: set[str] = set()
        self.unread: set[str] = set()  # stems and folders of files that could not be read
        self.sources: dict[str, Source] = {}  # by the name that messages show

    def files(self, name: str) -> list[Traversable]:
        """Return the YAML files in its folder *name*, in order."""
        folder = self.root / name
        return yaml_files(folder) if folder.is_dir() else []

    def source(self, file: Traversable) -> Source | None:
        """Return the data of *file*, or None with the problems noted."""
        try:
            text = read_text(Path(str(file)), _LIMIT)
            self.digest.update(f"{file.name}\0{text}\0".encode())
            source = read_yaml(text, shown(file))
        except ReadingError as error:
            self.problems.extend(Problem(p.where.replace(str(file), shown(file), 1), p.message) for p in error.problems)
            self._note_unread(shown(file))
            return None
        if BLANK in text and (unfilled := list(blanks(source))):
            self.problems.extend(unfilled)
            self._note_unread(source.name)
            return None
        self.sources[source.name] = source
        return source

    def _note_unread(self, name: str) -> None:
        path = Path(name).absolute()
        self.unread |= {path.stem, path.parent.name}

    def model(self, source: Source, kind: type[M], data: Any = None, path: DataPath = ()) -> M | None:
        """Return *data* (the whole of *source*) as the file model *kind*, or None."""
        try:
            return kind.model_validate(source.data if data is None else data)
        except ValidationError as error:
            said = set()
            for item in error.errors():
                loc = (*path, *(part for part in item["loc"] if not _of_union(part)))
                place = source.where(loc, key=item["type"] == "extra_forbidden")
                message = explain_structure(item, loc, kind)
                if place not in said:  # a union reports each of its sides
                    said.add(place)
                    self.problem(place, message)
            self._note_unread(source.name)
            return None

    def problem(self, where: str, message: Text) -> None:
        """Note that something is wrong at *where* (file:line:column)."""
        self.problems.append(Problem(where, message))

    def conditions(self, source: Source, *, dated: bool = True) -> condition.Reader:
        """Return a reader of conditions whose problems are placed in *source*.

        With *dated* they may look up the dated word lists: only rules can, which are resolved by day.
        """

        def report(path: DataPath, offset: int, message: Text) -> None:
            self.problem(_shift(source.where(path), offset), message)

        return condition.Reader(self.list_names if dated else None, report)


def _of_union(part: str | int) -> bool:
    """Return whether a step of pydantic's path names a side of a union and no key of the data."""
    return isinstance(part, str) and ("[" in part or part in ("str", "literal", "bool"))


def yaml_files(folder: Traversable) -> list[Traversable]:
    """Return the YAML files of *folder*, in the order of their names."""
    return sorted((f for f in folder.iterdir() if f.name.endswith((".yaml", ".yml"))), key=lambda f: f.name)


def shown(file: Traversable) -> str:
    """Return the path of *file* as messages show it: from the working folder where it lies in it."""
    path = Path(str(file))
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def stem(file: Traversable) -> str:
    """Return the name of *file* without its ending."""
    return file.name.rpartition(".")[0]


def _shift(where: str, offset: int) -> str:
    """Return *where* ("file:line:column") moved right by *offset* characters."""
    head, _, column = where.rpartition(":")
    return f"{head}:{int(column) + offset}" if offset and column.isdigit() else where
