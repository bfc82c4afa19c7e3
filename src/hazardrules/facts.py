"""The vocabulary: which kinds of subject there are, and which facts are recorded of each.

Kinds and facts are declared in `standards/facts/*.yaml` and shared by all standards, so that one
inspection record serves them all. This module only declares; `record` reads a record against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from . import units
from .expr import Each, Expr, Fact, children, walk
from .texts import Text

ENTERPRISE, INSPECTION = "enterprise", "inspection"

#: state of a device → English
DEVICE = {
    "正常": "normal", "失效": "failed", "无效": "ineffective",
    "停用": "off", "旁路": "bypassed", "未设置": "absent",
}  # fmt: skip
#: state of a rule or system on paper → English
PROCEDURE = {"落实": "carried_out", "未落实": "not_carried_out", "未制定": "not_established"}
#: reality against the approved design → English
DESIGN = {"符合": "conforms", "不符": "deviates", "未实施": "not_done", "设计无此项": "not_in_design"}
FIXED_WORDS = {"device": DEVICE, "procedure": PROCEDURE, "design": DESIGN}

WORD_TYPES = ("choice", "device", "procedure", "design")
TYPES = ("yes_no", *WORD_TYPES, "choices", "number", "date", "time", "text", "list")


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One declared fact; `values` maps each allowed word to its English label."""

    id: str
    type: str
    title: Text
    question: Text | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    integer: bool = False
    min: str | None = None
    of: str | None = None
    roster: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: bool = False
    judged: str | None = None
    evidence: tuple[str, ...] = ()
    group: str | None = None
    where: str = ""  # file:line:column of its declaration
    source: str | None = None
    unverified: bool = False

    @property
    def is_word(self) -> bool:
        """Whether the value is one word out of a declared set."""
        return self.type in WORD_TYPES


@dataclass(frozen=True, slots=True)
class Table:
    """A looked-up value: the first row whose cells all hold gives it; the cells are conditions."""

    rows: tuple[tuple[Expr, object], ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """What a function of `completions` goes by: a table, and facts (those of a list's parts after its name)."""

    table: str
    facts: tuple[str, ...]


#: what `python:` may name
COMPUTED = {
    "gb18218": Computed(
        "gb18218-2018",
        (
            "exposed_population",
            "substances",
            "substances.name",
            "substances.cas",
            "substances.mixture",
            "substances.hazard_classes",
            "substances.design_quantity",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Definition:
    """How a fact follows from others; a definition with `yes` and `no` may be only sufficient."""

    yes: Expr | None = None
    no: Expr | None = None
    table: Table | None = None
    count: str | None = None  # a list fact whose parts are counted
    python: str | None = None  # a function of `completions`
    reads: tuple[tuple[str, str], ...] = ()  # the (kind, fact) that it goes by
    whole: bool = False  # it decides in every case, so its parts are asked and not the fact

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """Every condition that the definition reads."""
        rows = self.table.rows if self.table else ()
        return tuple(e for e in (self.yes, self.no, *(row[0] for row in rows)) if e is not None)


@dataclass(frozen=True)
class Kind:
    """A kind of subject and the facts recorded of it; `within` names the kinds that contain it."""

    id: str
    title: Text
    facts: Mapping[str, FactSpec]
    within: tuple[str, ...] = (ENTERPRISE,)
    one: bool = False
    hint: Text | None = None
    where: str = ""  # the place of its file

    @cached_property
    def nothing(self) -> Mapping[str, None]:
        """Every fact of the kind, not known: what a new row starts from."""
        return dict.fromkeys(self.facts)

    @cached_property
    def words(self) -> Mapping[str, Mapping[str | bool, Any]]:
        """The usual words of each fact that takes words, with the value that each stands for."""
        return {spec.id: usual for spec in self.facts.values() if (usual := _usual(spec))}

    @cached_property
    def several(self) -> Mapping[str, frozenset[str]]:
        """The words of each fact of which several may be chosen."""
        return {spec.id: frozenset(spec.values) for spec in self.facts.values() if spec.type == "choices"}

    @cached_property
    def numbers(self) -> Mapping[str, units.Scale]:
        """How a bare number is taken for each fact that has one; a gradient's is not, nor a whole number's."""
        return {
            spec.id: units.scale(spec.unit, spec.min)
            for spec in self.facts.values()
            if spec.type == "number" and not spec.integer and spec.unit != "1:m"
        }

    @cached_property
    def lists(self) -> tuple[FactSpec, ...]:
        """The list facts: which parts a subject of this kind has."""
        return tuple(spec for spec in self.facts.values() if spec.type == "list")


def _usual(spec: FactSpec) -> Mapping[str | bool, Any]:
    """Return the words of *spec* as a record usually writes them; others are left to `values`."""
    if spec.type == "yes_no":
        return {"是": True, "否": False, True: True, False: False}
    return {word: word for word in spec.values} if spec.is_word else {}


@dataclass(frozen=True)
class Vocabulary:
    """All kinds, the definitions of facts that follow from others, and when a fact exists."""

    kinds: Mapping[str, Kind]
    definitions: Mapping[tuple[str, str], Definition] = field(default_factory=dict)
    needs: Mapping[tuple[str, str], Expr] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)  # of other standards: figures to calculate with

    def with_conditions(
        self,
        definitions: Mapping[tuple[str, str], Definition],
        needs: Mapping[tuple[str, str], Expr],
    ) -> Vocabulary:
        """Return the vocabulary completed by what could only be read once all facts were known."""
        return replace(self, definitions=MappingProxyType(definitions), needs=MappingProxyType(needs))

    def leading_to(self, kinds: Iterable[str]) -> set[str]:
        """Return *kinds* and the kinds that contain them, without those of which there is only one."""
        found: set[str] = set()
        queue = list(kinds)
        while queue:
            kind = queue.pop()
            if kind not in found and not self.kinds[kind].one:
                found.add(kind)
                queue += self.kinds[kind].within
        return found

    @cached_property
    def top(self) -> tuple[str, ...]:
        """The kinds that a record lists at its top level."""
        parts = {spec.of for spec in self.kinds[ENTERPRISE].lists}
        return tuple(
            kind.id
            for kind in self.kinds.values()
            if not kind.one and ENTERPRISE in kind.within and kind.id not in parts
        )

    @cached_property
    def order(self) -> tuple[tuple[str, str], ...]:
        """The defined facts in an order in which each follows those that it reads.

        Raises `ValueError` naming the facts of a circle.
        """
        done: dict[tuple[str, str], None] = {}
        path: list[tuple[str, str]] = []

        def visit(key: tuple[str, str]) -> None:
            if key in done or key not in self.definitions:
                return
            if key in path:
                circle = " → ".join(".".join(k) for k in [*path[path.index(key) :], key])
                raise ValueError(circle)
            path.append(key)
            for condition in self.definitions[key].conditions:
                for read in self.reads(condition, key[0]):
                    visit(read)
            for read in self.definitions[key].reads:
                visit(read)
            done[path.pop()] = None

        for key in self.definitions:
            visit(key)
        return tuple(done)

    def chain(self, subject: str) -> tuple[str, ...]:
        """Return the kinds that a subject sees, nearest first.

        *subject* is a kind, or `container.kind` where a kind has several containers.
        """
        container, _, kind = subject.rpartition(".")
        within = self.kinds[kind].within
        if kind == INSPECTION:
            return (kind,)
        if kind == ENTERPRISE:
            return (kind, INSPECTION)
        if container:
            return (kind, *self.chain(container))
        if len(within) == 1:
            return (kind, *self.chain(within[0]))
        return (kind, ENTERPRISE, INSPECTION)

    def scope(self, subject: str) -> Scope:
        """Return the names that a condition on *subject* may use."""
        return Scope(self, self.chain(subject))

    def reads(self, condition: Expr, subject: str) -> Iterable[tuple[str, str]]:
        """Yield the (kind, fact) that *condition* on *subject* reads, those of parts included."""
        scope = self.scope(subject)

        def visit(expr: Expr, scope: Scope) -> Iterable[tuple[str, str]]:
            if isinstance(expr, Fact) and (owner := scope.owner(expr.name)):
                yield owner
            if isinstance(expr, Each) and (owner := scope.owner(expr.items)):
                yield owner
                yield from visit(expr.where, scope.inside(expr.items))
            else:
                for child in children(expr):
                    yield from visit(child, scope)

        return visit(condition, scope)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a name means for one kind of subject: its own facts, and by dotted name those around."""

    vocabulary: Vocabulary
    chain: tuple[str, ...]

    def owner(self, name: str) -> tuple[str, str] | None:
        """Return the (kind, fact) that *name* stands for, or None."""
        kind, _, fact = name.rpartition(".")
        kind = kind or self.chain[0]
        if kind in self.chain and fact in self.vocabulary.kinds[kind].facts:
            return kind, fact
        return None

    def find(self, name: str) -> FactSpec | None:
        """Return the declaration of the fact *name*, or None."""
        owner = self.owner(name)
        return self.vocabulary.kinds[owner[0]].facts[owner[1]] if owner else None

    def inside(self, items: str) -> Scope:
        """Return the scope of a part in the list fact *items*."""
        spec = self.find(items)
        assert spec is not None
        assert spec.of is not None
        owner = self.owner(items)
        assert owner is not None
        return Scope(self.vocabulary, (spec.of, *self.chain[self.chain.index(owner[0]) :]))

    def names(self) -> list[str]:
        """Return every name that may be used, own facts first."""
        own, *around = self.chain
        kinds = self.vocabulary.kinds
        return [*kinds[own].facts, *(f"{kind}.{fact}" for kind in around for fact in kinds[kind].facts)]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of *words* that *word* was probably meant to be, or None."""
    import difflib  # only a mistake wants it

    words = list(words)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return close[0]
    return next((w for w in words if word and (word in w or w in word)), None)


def facts_in(condition: Expr) -> list[str]:
    """Return the names that *condition* reads, in order, each once (parts' own facts included)."""
    return list(dict.fromkeys(node.name for node in walk(condition) if isinstance(node, Fact)))
