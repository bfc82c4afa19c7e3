"""What is known from the last run: a result for each unit, kept under the content that it was worked out from.

The key is a digest of everything that the result hangs on (the rule with its cases, its document, the
definitions and kinds that it can meet, the word lists, and all code of this library), so nothing kept is ever stale. A
file that is torn, foreign or not writable only means that there is more to do.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from ... import cache as caching
from ... import stored
from ...rules import Standard
from .assess import Result, read_again
from .killing import Place, behind, read_by
from .units import Unit, Work

Results = list[Result]


def place_for(root: Path | None) -> Path | None:
    """Return the file in which the results for the standards in *root* are kept, None where there shall be none."""
    folder = caching._place()
    name = hashlib.sha256(str(root or "").encode()).hexdigest()[:16]
    return folder and folder / f"mutation-{name}.jsonl"


class Kept:
    """The results of earlier runs, by key; new ones are written at once, so that a run can be stopped at any time."""

    def __init__(self, file: Path | None, *, fresh: bool = False) -> None:
        self.file = file
        self.found: dict[str, Any] = dict(_lines(file)) if file and not fresh else {}
        self._first = True  # what is written next: before it a line may be torn

    def get(self, key: str) -> Results | None:
        """Return the results kept under *key*, None where there are none or they cannot be read."""
        try:
            return [read_again(data) for data in self.found[key]]
        except (KeyError, TypeError, ValueError):
            return None

    def add(self, key: str, results: Results) -> None:
        """Keep *results* under *key*."""
        self.found[key] = data = [asdict(result) for result in results]
        if self.file:
            with contextlib.suppress(OSError):
                self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self.file.open("a", encoding="utf-8") as out:
                    out.write("\n" * self._first + _line(key, data))
                self._first = False

    def tidy(self, keys: set[str]) -> None:
        """Leave in the file what stands under *keys* alone; whole or not at all."""
        if not self.file or self.found.keys() <= keys:
            return
        new = self.file.with_suffix(".new")
        with contextlib.suppress(OSError):
            new.write_text("".join(_line(k, v) for k, v in self.found.items() if k in keys), encoding="utf-8")
            new.replace(self.file)


def _line(key: str, data: Any) -> str:
    return json.dumps([key, data], ensure_ascii=False, default=float) + "\n"


def _lines(file: Path) -> Iterator[tuple[str, Any]]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for line in file.read_text(encoding="utf-8").split("\n"):
            with contextlib.suppress(ValueError, TypeError):  # a line half written when a run was stopped
                key, data = json.loads(line)
                yield key, data


# ------------------------------------------------------------------------------------------- keys


class Keys:
    """The key of each unit of a rulebook."""

    def __init__(self, work: Work) -> None:
        self.work, self.rulebook = work, work.rulebook
        self.code = _own_code()
        self.lists = _digest({name: stored.to_data(words) for name, words in self.rulebook.lists.items()})
        self._parts: dict[Any, str] = {}

    def of(self, unit: Unit) -> str:
        """Return the key of *unit*."""
        on = [self._rule(place) for place in self.work.concerned(unit)]
        return _digest([self.code, self.lists, unit.kind, unit.name, unit.file, unit.keys, on])

    def _rule(self, place: Place) -> str:
        standard, clause, rule = place
        if rule.id not in self._parts:
            vocabulary = self.rulebook.vocabulary
            keys = behind(read_by(standard, clause, rule, vocabulary), vocabulary)
            named = {name.rpartition(".")[0] for case in rule.cases for name in case.given}
            kinds = {kind for kind, _ in keys} | {kind for s in rule.subjects for kind in vocabulary.chain(s)} | named
            cases = [[dict(c.given), c.expect, c.missing, c.exception, c.also] for c in rule.cases]
            self._parts[rule.id] = _digest([
                stored.to_data(rule), cases, clause.chapter, clause.rules.index(rule), clause.path,
                self._standard(standard), sorted(map(self._kind, self._reached(kinds - {""}))),
                [stored.to_data(d) for k in sorted(keys) if (d := vocabulary.definitions.get(k))],
            ])  # fmt: skip
        return self._parts[rule.id]

    def _standard(self, standard: Standard) -> str:
        if standard.id not in self._parts:
            self._parts[standard.id] = _digest(stored.to_data(replace(standard, clauses=())))
        return self._parts[standard.id]

    def _kind(self, name: str) -> str:
        if ("kind", name) not in self._parts:
            self._parts["kind", name] = _digest(stored.to_data(self.rulebook.vocabulary.kinds[name]))
        return self._parts["kind", name]

    def _reached(self, names: set[str]) -> set[str]:
        """Return the kinds *names*, what contains them, and their parts."""
        kinds, found, queue = self.rulebook.vocabulary.kinds, set[str](), list(names)
        while queue:
            if (name := queue.pop()) in found or name not in kinds:
                continue
            found.add(name)
            queue += [*kinds[name].within, *(spec.of for spec in kinds[name].lists if spec.of)]
        return found


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


@cache
def _own_code() -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(caching.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
