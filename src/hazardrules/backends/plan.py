"""What has to be computed for the rules on one kind of subject, in which order, from which columns.

The plan first fills in the facts that follow from others, then asks the rules: all in two-valued
conditions by `lower`, each spelled as text that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..compiled import asked_once, narrow, wide
from ..expr import ALWAYS, NEVER, Call, Each, Expr, Fact, all_of, any_of, negate
from ..facts import Definition, FactSpec, Vocabulary
from ..lower import possibly, surely
from ..rules import Entry
from ..texts import Text
from . import physical
from .fitting import Ground, Table, renamed
from .layout import Layout
from .physical import Limits
from .spelling import RefusalError, Speller, check, column, each_in, shared

Key = tuple[str, str]  # kind, fact


@dataclass(frozen=True)
class Compute:
    """Add columns to a table: each a name and the text of its expression."""

    table: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Spread:
    """Give each part the facts of what contains it: its name for one → the container's name."""

    table: str
    parent: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Gather:
    """Add to a table, as `name`, whether `least` parts in `items` hold (None: every one of them)."""

    table: str
    name: str
    parts: str
    items: str
    holds: str
    least: int | None


Step = Compute | Spread | Gather


@dataclass
class Plan:
    """The steps that lead to a code for each of `rules`, and what is left to the engine.

    A row is the engine's where a list of `for_engine` (table, list) is recorded of it; a rule of
    `refused` is the engine's on every row, for the reason that stands there.
    """

    steps: list[Step] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)  # rule → text of its code
    refused: dict[str, Text] = field(default_factory=dict)
    for_engine: set[tuple[str, str]] = field(default_factory=set)
    limits: Limits = field(default_factory=Limits)


def plan(layout: Layout, entries: Iterable[Entry], *, asserted: bool) -> Plan:
    """Return the plan for the rules of *entries* on the subjects of *layout*.

    *asserted*: an industry was chosen, which counts as YES the gates on the enterprise that are not known.
    """
    return _Planner(layout, tuple(entries), asserted=asserted).plan()


class _Planner:
    def __init__(self, layout: Layout, entries: tuple[Entry, ...], *, asserted: bool) -> None:
        self.vocabulary, self.entries, self.asserted = layout.vocabulary, entries, asserted
        self.ground = Ground(layout)
        self.spellers: dict[str, Speller] = {}
        self.made = Plan()
        self.count = 0

    def plan(self) -> Plan:
        needed = _needed(self.vocabulary, self.ground.subjects.layout.chain, self.entries)
        for key in self.vocabulary.order:
            if key in needed:
                for table, prefix in list(self.ground.with_kind(key[0])):
                    self._complete(table, prefix, key)
        asked: dict[str, dict[str, Expr]] = {}
        for entry in self.entries:
            try:
                conditions = self._asked(entry)
                for condition in conditions.values():
                    check(condition, self.ground.subjects.scope)
                asked[entry.rule.id] = conditions
            except RefusalError as refusal:
                self.made.refused[entry.rule.id] = refusal.message
        self.made.rules = self._spell(asked)
        self.made.for_engine = self.ground.for_engine
        return self.made

    # ------------------------------------------------------------------------------------ rules

    def _asked(self, entry: Entry) -> dict[str, Expr]:
        """Return the two-valued conditions that the code of a rule goes by."""
        rule, table = entry.rule, self.ground.subjects
        once = asked_once(entry)
        gates = _all(*(self.ground.fit(gate, table) for gate in once))
        applies = self.ground.fit(_all(*(g for _, g in entry.gates if g not in once), rule.applies), table)
        inner, outer = self.ground.fit(narrow(rule), table), self.ground.fit(wide(rule), table)
        deferrals = [self.ground.fit(e.when, table) for e in rule.unless if e.defers_to]
        firm = [negate(self.ground.fit(e.when, table)) for e in rule.unless if not e.soft and not e.defers_to]
        met = any_of(self.ground.fit(rule.when, table), *(self.ground.fit(r.when, table) for r in rule.disputed))
        gate = possibly(gates) if self.asserted else surely(gates)
        handed = _and(surely(any_of(*deferrals)), possibly(_all(met, *firm))) if deferrals else NEVER
        conditions = {
            "hit": _and(gate, surely(_all(applies, inner))),
            "disputed": _and(gate, surely(_all(applies, outer))),
            "unknown": _and(possibly(gates), possibly(_all(applies, outer))),
            "applicable": _and(possibly(gates), possibly(applies)),
            "deferred": handed,
        }
        if conditions["disputed"] == conditions["hit"]:
            conditions["disputed"] = NEVER
        return conditions

    def _spell(self, asked: dict[str, dict[str, Expr]]) -> dict[str, str]:
        """Return the text of each rule's code."""
        table, texts = self.ground.subjects, dict[str, str]()
        self._prepare(table, [c for conditions in asked.values() for c in conditions.values()])
        speller = self._speller(table)
        for rule, conditions in asked.items():
            parts = (f"{name}={speller.text(c)}" for name, c in conditions.items() if c != _USUAL[name])
            texts[rule] = f"verdict({', '.join(parts)})"
        return texts

    # --------------------------------------------------------------------------- facts that follow

    def _complete(self, table: Table, prefix: str, key: Key) -> None:
        """Fill in a fact that follows from others, where it can."""
        name, definition = prefix + key[1], self.vocabulary.definitions[key]
        spec = self.vocabulary.kinds[key[0]].facts[key[1]]
        try:
            text = self._follows(table, prefix, key, definition, spec)
        except RefusalError as refusal:
            self.ground.refused[table.name, name] = refusal.message
            return
        if text is not None:
            self.made.steps.append(Compute(table.name, {name: text}))
            table.held.add(name)

    def _follows(self, table: Table, prefix: str, key: Key, definition: Definition, spec: FactSpec) -> str | None:
        """Return the text of what follows together with what is stated; None where nothing can."""
        name = prefix + key[1]
        stated = column(name) if name in table.held else "None"
        if definition.python:
            lists = [fact for kind, fact in definition.reads if kind == key[0] and self._is_list(key[0], fact)]
            for fact in lists:
                self.ground.to_engine(table, prefix + fact)
            return None
        if definition.count:
            items = prefix + definition.count
            if self.ground.hangs(table, items) or items not in table.held:
                return None
            self.ground.listed(table, items)
            one = physical.in_unit(spec)
            return f"agree(count({column(items)}, {column(items + physical.LENGTH)}, {one}), {stated})"
        if definition.table:
            return self._looked_up(table, prefix, definition, spec, stated)
        yes, no = (
            NEVER if condition is None else surely(self.ground.fit(renamed(condition, prefix), table))
            for condition in (definition.yes, definition.no)
        )
        if yes == no == NEVER:
            return None
        self._prepare(table, [yes, no])
        text = self._speller(table).text
        return f"settle({text(yes)}, {text(no)}, {stated})"

    def _looked_up(self, table: Table, prefix: str, definition: Definition, spec: FactSpec, stated: str) -> str | None:
        assert definition.table is not None
        if physical.is_ratio(spec):
            raise RefusalError(Text(f"查表得出的坡度 {spec.id}", f"a gradient from a table, {spec.id}"))
        rows = [
            (self.ground.fit(renamed(condition, prefix), table), value) for condition, value in definition.table.rows
        ]
        rails = [(surely(condition), possibly(condition), value) for condition, value in rows]
        if all(sure == NEVER for sure, _, _ in rails):
            return None
        self._prepare(table, [rail for sure, may, _ in rails for rail in (sure, may)])
        speller = self._speller(table)
        texts = [f"({speller.text(sure)}, {speller.text(may)}, {_held(spec, value)})" for sure, may, value in rails]
        dtype = f"UInt{physical.width(spec)}" if spec.values else "Int64"
        return f"agree(look_up({dtype!r}, [{', '.join(texts)}]), {stated})"

    def _is_list(self, kind: str, fact: str) -> bool:
        return self.vocabulary.kinds[kind].facts[fact].type == "list"

    # -------------------------------------------------------------------------------- writing steps

    def _speller(self, table: Table) -> Speller:
        if table.name not in self.spellers:
            self.spellers[table.name] = Speller(table.scope, self.made.limits)
        return self.spellers[table.name]

    def _prepare(self, table: Table, conditions: Iterable[Expr]) -> None:
        """Write the steps for all that *conditions* read of other tables, and for what they share."""
        conditions = [c for c in conditions if c not in (ALWAYS, NEVER)]
        speller = self._speller(table)
        for each in dict.fromkeys(each for condition in conditions for each in each_in(condition)):
            if each not in speller.named:
                speller.named[each] = self._gather(table, each)
        self._spread(table, conditions)
        for stage in shared(conditions):
            fresh = [condition for condition in stage if condition not in speller.named]
            names = {condition: self._name() for condition in fresh}
            texts = {names[condition]: speller.text(condition) for condition in fresh}
            speller.named |= names
            if texts:
                self.made.steps.append(Compute(table.name, texts))

    def _gather(self, table: Table, each: Each) -> str:
        """Write the steps that ask a question over parts; return the column of the answer."""
        top, items = self.ground.owner(table, each.items)
        child = self.ground.child(top, items)
        self._prepare(child, [each.where])
        holds, name = self._name(), self._name()
        text = self._speller(child).text(each.where)
        self.made.steps.append(Compute(child.name, {holds: text if text not in ("True", "False") else f"lit({text})"}))
        self.made.steps.append(Gather(top.name, name, child.name, items, holds, each.least))
        while top is not table:  # asked of a list of what contains it: the answer is spread like a fact
            path = [table]
            while path[-1].parent is not top:
                path.append(path[-1].parent)  # type: ignore[arg-type]
            self.made.steps.append(Spread(path[-1].name, top.name, {name: name}))
            top = path[-1]
        return name

    def _spread(self, table: Table, conditions: Iterable[Expr]) -> None:
        """Fetch the facts of containers that *conditions* on parts read."""
        if table.parent is None:
            return
        names = {name for condition in conditions for name in _read(condition) if "." in name} - table.spread
        columns = {}
        for name in sorted(names):
            above = table.above(name)
            for suffix in ("", physical.DENOMINATOR) if physical.is_ratio(self.ground.spec(table, name)) else ("",):
                columns[name + suffix] = above + suffix
        if columns:
            table.spread |= names
            self._spread(table.parent, [Call("known", (Fact(table.above(name)),)) for name in sorted(names)])
            self.made.steps.append(Spread(table.name, table.parent.name, columns))

    def _name(self) -> str:
        self.count += 1
        return f"_{self.count}"


_USUAL = {"hit": NEVER, "disputed": NEVER, "unknown": NEVER, "applicable": ALWAYS, "deferred": NEVER}


def _all(*parts: Expr) -> Expr:
    return all_of(*(part for part in parts if part != ALWAYS))


def _and(*rails: Expr) -> Expr:
    """Return that all of the two-valued *rails* hold, without what changes nothing."""
    return NEVER if NEVER in rails else _all(*rails)


def _held(spec: FactSpec, value: object) -> int:
    """Return how the value of a table is held."""
    if isinstance(value, str):
        return physical.bits(spec, [value])
    held = physical.steps(spec, value)  # type: ignore[arg-type]
    if held is None:
        raise RefusalError(Text(f"{spec.id} 的小数位太多", f"{spec.id} has too many decimal places"))
    return held


def _read(condition: Expr) -> Iterator[str]:
    """Yield the names that *condition* reads itself, not those inside a question over parts."""
    match condition:
        case Fact(name):
            yield name
        case Call(_, args):
            for arg in args:
                yield from _read(arg)


def _needed(vocabulary: Vocabulary, chain: tuple[str, ...], entries: Iterable[Entry]) -> set[Key]:
    """Return each (kind, fact) that the rules read, with what those follow from."""
    kind, around = chain[0], chain[1] if len(chain) > 1 else ""
    found: set[Key] = set()
    queue: list[Key] = []
    for entry in entries:
        subject = kind if kind in entry.rule.subjects else f"{around}.{kind}"
        conditions = [*entry.rule.conditions(), *(gate for _, gate in entry.gates)]
        queue += [key for condition in conditions for key in vocabulary.reads(condition, subject)]
    while queue:
        key = queue.pop()
        if key not in found:
            found.add(key)
            if definition := vocabulary.definitions.get(key):
                queue += [read for condition in definition.conditions for read in vocabulary.reads(condition, key[0])]
                queue += definition.reads
                queue += [(key[0], definition.count)] if definition.count else []
    return found
