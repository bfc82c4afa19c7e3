"""What one worker does at a time: all mutants of one rule, document, definition or word list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...condition import Path as DataPath
from ...expr import Call, Const, walk
from ...facts import ENTERPRISE
from ...rules import Rule, Rulebook
from . import mutants
from .killing import Key, Place, behind, read_by
from .mutants import Mutant

FACTS, LISTS = "facts", "lists"  # what stands for a document in the score


@dataclass(frozen=True)
class Unit:
    """One thing of which there are mutants, and the rules whose cases may notice them."""

    kind: str  # rule, document, definition, list
    name: str
    document: str
    file: str
    keys: tuple[Key, ...] = field(default=(), compare=False)  # the facts of a definition: of each kind that includes it


class Work:
    """The units of a rulebook with their mutants."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.places: dict[str, Place] = {found[2].id: found for found in rulebook.rules()}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit, in the order of the documents; definitions and word lists last."""
        return (*self._rules(), *self._documents(), *self._definitions(), *self._lists())

    def _rules(self) -> Iterator[Unit]:
        for standard, clause, rule in self.places.values():
            yield Unit("rule", rule.id, standard.id, clause.path)

    def _documents(self) -> Iterator[Unit]:
        for standard in self.rulebook.standards:
            if path := next((clause.path for clause in standard.clauses if clause.rules), None):
                yield Unit("document", standard.id, standard.id, str(Path(path).with_name("standard.yaml")))

    def _definitions(self) -> Iterator[Unit]:
        """Yield the definitions: one that several kinds include is one."""
        kinds, found = self.rulebook.vocabulary.kinds, dict[str, list[Key]]()
        for key, definition in self.rulebook.vocabulary.definitions.items():
            if definition.conditions:
                found.setdefault(kinds[key[0]].facts[key[1]].where or ".".join(key), []).append(key)
        for where, keys in found.items():
            yield Unit("definition", ".".join(keys[0]), FACTS, where.rsplit(":", 2)[0], tuple(keys))

    def _lists(self) -> Iterator[Unit]:
        roots = dict.fromkeys(Path(clause.path).parent.parent for _, clause, _ in self.places.values())
        for name in self.rulebook.lists:
            file = next((file for root in roots if (file := root / "lists" / f"{name}.yaml").is_file()), Path(name))
            yield Unit("list", name, LISTS, str(file))

    # ----------------------------------------------------------------------------------- of a unit

    def mutants(self, unit: Unit) -> list[Mutant[Any]]:
        """Return the mutants of *unit*."""
        vocabulary = self.rulebook.vocabulary
        match unit.kind:
            case "rule":
                rule = self.places[unit.name][2]
                return list(mutants.of_rule(rule, vocabulary.scope(rule.subjects[0])))
            case "document":
                standard = next(s for s in self.rulebook.standards if s.id == unit.name)
                subjects = {c.chapter: rule.subjects[0] for c in standard.clauses for rule in c.rules}
                scopes = {chapter: vocabulary.scope(subject) for chapter, subject in subjects.items()}
                return list(mutants.of_standard(standard, vocabulary.scope(ENTERPRISE), scopes))
            case "definition":
                key = unit.keys[0]
                spec = vocabulary.kinds[key[0]].facts[key[1]]
                return list(mutants.of_definition(vocabulary.definitions[key], vocabulary.scope(key[0]), spec))
        return list(mutants.of_list(self.rulebook.lists[unit.name]))

    def path(self, unit: Unit, mutant: Mutant[Any]) -> DataPath:
        """Return the place of *mutant* in the data of the file of *unit*."""
        if unit.kind == "rule":
            _, clause, rule = self.places[unit.name]
            return "rules", clause.rules.index(rule), *mutant.path
        return ("facts", unit.keys[0][1], *mutant.path) if unit.kind == "definition" else mutant.path

    def concerned(self, unit: Unit) -> list[Place]:
        """Return the rules whose cases may notice a mistake in *unit*."""
        match unit.kind:
            case "rule":
                return [self.places[unit.name]]
            case "document":
                return [place for place in self.places.values() if place[0].id == unit.name]
            case "list":
                return [place for place in self.places.values() if _looks_up(place[2], unit.name)]
        return self._depending(unit.keys)

    def _depending(self, keys: Sequence[Key]) -> list[Place]:
        """Return the rules that depend on the facts *keys*: first those whose cases speak of what these follow from."""
        sources = {key[1] for key in behind(set(keys), self.rulebook.vocabulary) - set(keys)}
        found = [place for place, read in self._reads if not read.isdisjoint(keys)]
        return sorted(found, key=lambda place: sources.isdisjoint(_spoken_of(place[2])))

    @cached_property
    def _reads(self) -> list[tuple[Place, set[Key]]]:
        vocabulary = self.rulebook.vocabulary
        return [(place, behind(read_by(*place, vocabulary), vocabulary)) for place in self.places.values()]


def _looks_up(rule: Rule, name: str) -> bool:
    return any(
        isinstance(node, Call) and node.op == "listed" and node.args[1] == Const(name)
        for expr in rule.conditions()
        for node in walk(expr)
    )


def _spoken_of(rule: Rule) -> set[str]:
    """Return the facts that the cases of *rule* give."""
    return {name.rpartition(".")[2] for case in rule.cases for name in case.given}
