"""What the checks look at: the standards as far as they could be read, and where each part of them stands.

A check goes over `Book` and yields findings. What could not be read is left out here once, so that no
check complains of what follows from it; and a `lint:` key beside a finding says that it is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ... import files
from ...condition import Path as DataPath
from ...errors import Problem, StandardsError
from ...expr import Call, Const, Expr, Fact, all_of
from ...facts import INSPECTION, FactSpec, Kind, Vocabulary, facts_in
from ...files.additions import ADDITIONS
from ...files.folder import Folder
from ...lifecycle import chart_file
from ...reading import Source
from ...rules import Clause, Rule, Rulebook, Standard
from ...texts import Text
from .. import published
from ..cells import Space, TooManyError

LIMIT = 1 << 20  # cases of a rule's facts that are looked at


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a file; `key` means the key under which it stands, and not its value."""

    source: Source
    path: DataPath = ()
    key: bool = False

    def at(self, *steps: str | int, key: bool = False) -> Spot:
        """Return the part that these steps lead to from here."""
        return Spot(self.source, (*self.path, *steps), key)

    @property
    def data(self) -> Any:
        """What stands there; None where nothing does."""
        found = self.source.data
        for step in self.path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    @property
    def where(self) -> str:
        """The place as file:line:column."""
        return self.source.where(self.path, key=self.key)

    def around(self) -> Iterator[Spot]:
        """Yield the parts that this one lies in, itself first."""
        for length in range(len(self.path), -1, -1):
            yield Spot(self.source, self.path[:length])


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: where, and what is wrong there and what to do."""

    spot: Spot
    message: Text


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its code, what it is about in a line, and the function that goes over a book."""

    code: str
    title: Text
    run: Callable[[Book], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule with its document, its clause, and its place in the clause's file."""

    standard: Standard
    clause: Clause
    rule: Rule
    spot: Spot

    def finding(self, zh: str, en: str, *steps: str | int) -> Finding:
        """Return a finding about the rule, at the part of it that the steps lead to (none: at its id)."""
        spot = self.spot.at(*steps) if steps else self.spot.at("id")
        return Finding(spot, Text(f"{self.rule.id}: {zh}", f"{self.rule.id}: {en}"))

    def given(self) -> Expr:
        """Return what holds wherever the rule is asked: the gates of its document and chapter."""
        return all_of(*(gate for _, gate in self.standard.gate(self.clause)))

    def day(self) -> Expr:
        """Return that the rule is in force on the day of the inspection, where its conditions look at the day."""
        today = Fact(f"{INSPECTION}.date")
        spans = [span for span in (self.standard.in_force, self.rule.in_force) if _reads(self.rule, today.name)]
        parts = [Call("ge", (today, Const(span.since))) for span in spans if span.since]
        return all_of(*parts, *(Call("lt", (today, Const(span.until))) for span in spans if span.until))


def _reads(rule: Rule, name: str) -> bool:
    return any(name in facts_in(condition) for condition in rule.conditions())


def _problems_of_chart(folder: Folder) -> tuple[Problem, ...]:
    """Return what is wrong with the chart of what becomes of a hazard, where *folder* has one of its own."""
    if (folder.root / chart_file.FOLDER).is_dir():
        try:
            chart_file.load(folder.root)
        except StandardsError as error:
            return error.problems
    return ()


class Book:
    """The standards in a folder, and what could not be decided about them within the limit."""

    def __init__(self, folder: Path | None = None) -> None:
        rulebook, read = files.read(folder)
        self.rulebook: Rulebook = rulebook
        self.folder: Folder = read
        self.whole = not read.problems  # all the law could be read: else what seems unused may be used
        self.published = tuple(published.read(read))
        self.problems: tuple[Problem, ...] = (*read.problems, *_problems_of_chart(read))
        self.undecided: list[Finding] = []
        self._broken = {problem.where.rsplit(":", 2)[0] for problem in read.problems} | {
            problem.where for problem in read.problems
        }
        self._spaces: dict[Any, Space | None] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The kinds of subject and their facts."""
        return self.rulebook.vocabulary

    @property
    def sources(self) -> Mapping[str, Source]:
        """The folder's own files that could be read, by the name that messages show."""
        return self.folder.sources

    @property
    def knows_facts(self) -> bool:
        """Whether all files that declare facts could be read: else a name that seems wrong may be right."""
        return not any(Path(name).absolute().parent.name in ("facts", ADDITIONS) for name in self._broken)

    # ------------------------------------------------------------------------------------- the law

    @cached_property
    def rules(self) -> tuple[Placed, ...]:
        """The folder's own rules that could be read together with all that they rest on."""
        return tuple(placed for placed in self._own_rules() if not self._rests_on_broken(placed))

    def _own_rules(self) -> Iterator[Placed]:
        sound = {standard.id for standard, _ in self.standards}
        for standard, clause, rule in self.rulebook.rules():
            if standard.id in sound and clause.path in self.sources and clause.path not in self._broken:
                source = self.sources[clause.path]
                spots = (Spot(source, ("rules", n)) for n in range(len(source.data["rules"])))
                yield next(Placed(standard, clause, rule, spot) for spot in spots if spot.at("id").where == rule.where)

    def _rests_on_broken(self, placed: Placed) -> bool:
        conditions = (*placed.rule.conditions(), placed.given())
        return any(
            self._place_of(owner) in self._broken
            for subject in placed.rule.subjects
            for condition in conditions
            for owner in self.reads(condition, subject)
        )

    def _place_of(self, owner: tuple[str, str]) -> str:
        return self.vocabulary.kinds[owner[0]].facts[owner[1]].where.rsplit(":", 2)[0]

    def reads(self, condition: Expr, subject: str) -> Iterator[tuple[str, str]]:
        """Yield the facts that *condition* reads, and those that they follow from."""
        queue, seen = list(self.vocabulary.reads(condition, subject)), set()
        while queue:
            owner = queue.pop()
            if owner not in seen:
                seen.add(owner)
                yield owner
                for part in (
                    self.vocabulary.definitions[owner].conditions if owner in self.vocabulary.definitions else ()
                ):
                    queue += self.vocabulary.reads(part, owner[0])

    @cached_property
    def standards(self) -> tuple[tuple[Standard, Spot], ...]:
        """The folder's own documents that could be read, each with its `standard.yaml`."""
        found = []
        for standard in self.rulebook.standards:
            for name, source in self.sources.items():
                path = Path(name).absolute()  # the name may be counted from the folder itself
                if path.name == "standard.yaml" and path.parent.name == standard.id and name not in self._broken:
                    found.append((standard, Spot(source)))
        return tuple(found)

    # -------------------------------------------------------------------------------- the vocabulary

    @cached_property
    def kinds(self) -> tuple[tuple[Kind, Spot], ...]:
        """The folder's own kinds of subject, each with its file."""
        files_ = {source.where(): source for source in self.sources.values()}
        return tuple(
            (kind, Spot(files_[kind.where]))
            for kind in self.vocabulary.kinds.values()
            if kind.where in files_ and files_[kind.where].name not in self._broken
        )

    @cached_property
    def facts(self) -> tuple[tuple[Kind, FactSpec, Spot], ...]:
        """The facts that the folder's own files declare, each of every kind that has it, with its declaration."""
        spots = {
            spot.where: spot
            for source in self.sources.values()
            if isinstance(source.data, dict) and isinstance(source.data.get("facts"), dict)
            for name in source.data["facts"]
            if (spot := Spot(source, ("facts", name), key=True)) and source.name not in self._broken
        }
        return tuple(
            (kind, spec, spots[spec.where])
            for kind in self.vocabulary.kinds.values()
            for spec in kind.facts.values()
            if spec.where in spots
        )

    # ------------------------------------------------------------------------------------- every case

    def space(self, subject: str, conditions: Iterable[Expr], about: Finding) -> Space | None:
        """Return all that *conditions* on *subject* can say together; None where that is too much.

        What is too much is noted in `undecided` as *about*.
        """
        wanted = tuple(conditions)
        key = subject, wanted
        if key not in self._spaces:
            try:
                self._spaces[key] = Space(self.vocabulary, subject, wanted, unknown=True, limit=LIMIT)
            except TooManyError:
                self._spaces[key] = None
        if self._spaces[key] is None and about not in self.undecided:
            self.undecided.append(about)
        return self._spaces[key]
