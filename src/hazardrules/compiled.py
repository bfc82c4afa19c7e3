"""Straight-line Python from the rules: the default hot path, equal to `judge` by law.

For each kind of subject one function is generated that returns the verdict codes of all its
rules. A rule asks "possibly so" first and "surely so" only where that holds. The source is kept
(`Program.source`) and can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import dates, truth, units
from .expr import ALWAYS, Call, Const, Each, Expr, Fact, all_of, any_of, negate
from .facts import ENTERPRISE, INSPECTION, Scope, Vocabulary
from .lower import possibly, surely
from .ops import OPS
from .rows import Row, container
from .rules import Edition, Entry, Rule, on_enterprise
from .truth import Truth

Codes = tuple[int, ...]
Places = tuple[str, ...]  # for each kind of a chain, the Python that holds its row
Function = Callable[[Row, Row, Row, "tuple[Truth, ...]"], Codes]


class Block:
    """The rules on one subject (a kind, or `container.kind`) and the function that judges them.

    The function is written when it is first asked for: of many kinds a record has no subject.
    """

    def __init__(self, subject: str, entries: tuple[Entry, ...], writer: _Writer) -> None:
        self.subject, self.entries, self._writer = subject, entries, writer

    @cached_property
    def source(self) -> str:
        """The generated Python, to be read."""
        return self._writer.source(self.entries)

    @cached_property
    def function(self) -> Function:
        """The function of a row, the enterprise, the inspection and the gates → a code for each of `entries`."""
        return self._writer.made(self.source)


@dataclass(frozen=True)
class Program:
    """An edition compiled: blocks by subject, and the gates that are asked once a record.

    A block's function takes the row, the enterprise, the inspection and the truth of each entry of
    `gates`, and returns a verdict code (`judge.Verdict.code`) for each of the block's entries.
    """

    blocks: dict[str, Block]
    gates: tuple[tuple[Callable[[Row], Truth], ...], ...]  # each a set of conditions on the enterprise

    def blocks_on(self, kind: str, around: str) -> tuple[Block, ...]:
        """Return the blocks that judge a subject of *kind* contained in one of the kind *around*."""
        found = (self.blocks.get(kind), self.blocks.get(f"{around}.{kind}"))
        return tuple(block for block in found if block)

    @property
    def source(self) -> str:
        """The generated Python, to be read."""
        return "\n\n".join(block.source for block in self.blocks.values())


def compile_edition(edition: Edition) -> Program:
    """Return the program that judges every rule of *edition*."""
    vocabulary = edition.rulebook.vocabulary
    by_subject: dict[str, list[Entry]] = {}
    for entry in edition.entries:
        for subject in entry.rule.subjects:
            by_subject.setdefault(subject, []).append(entry)
    distinct = dict.fromkeys(once for entry in edition.entries if (once := asked_once(entry)))
    gates = {once: place for place, once in enumerate(distinct)}
    blocks = {
        subject: Block(subject, tuple(entries), _Writer(subject, vocabulary, gates))
        for subject, entries in by_subject.items()
    }
    asked = tuple(tuple(truth_of(gate, vocabulary, ENTERPRISE) for gate in all_gates) for all_gates in gates)
    return Program(blocks, asked)


def asked_once(entry: Entry) -> tuple[Expr, ...]:
    """Return the gates of *entry* that are conditions on the enterprise: asked once a record."""
    return tuple(gate for _, gate in entry.gates if on_enterprise(gate))


def wide(rule: Rule) -> Expr:
    """Return what someone accepts, apart from gates and `applies`: any(W, D), not E, not Y."""
    firm = [negate(e.when) for e in rule.unless if e.defers_to or not e.soft]
    return _all(any_of(rule.when, *(reading.when for reading in rule.disputed)), *firm)


def narrow(rule: Rule) -> Expr:
    """Return what everyone accepts, apart from gates and `applies`: W, not E, not Es, not Y."""
    return _all(rule.when, *(negate(exclusion.when) for exclusion in rule.unless))


def _all(*parts: Expr) -> Expr:
    return all_of(*(part for part in parts if part != ALWAYS))


class _Writer:
    """Writes the function of one block."""

    def __init__(self, subject: str, vocabulary: Vocabulary, gates: Mapping[tuple[Expr, ...], int]) -> None:
        self.subject, self.vocabulary, self.gates = subject, vocabulary, gates
        self.chain = vocabulary.chain(subject)
        ends = {ENTERPRISE: "e", INSPECTION: "i"}
        self.places: Places = ("s", *(ends.get(kind, "s" + "._up" * n) for n, kind in enumerate(self.chain) if n))
        self.loops = 0
        self.names: dict[str, str] = {}  # fact → local name
        self.world: dict[str, Any] = {
            "multiply": units.multiply,
            "add": units.add,
            "subtract": units.subtract,
            "later": dates.later,
        }

    @property
    def name(self) -> str:
        """The name of the function."""
        return f"judge_{self.subject.replace('.', '_')}"

    def source(self, entries: tuple[Entry, ...]) -> str:
        """Return the function that judges *entries*, as Python."""
        by_gate: dict[tuple[Expr, ...], list[int]] = {}
        for i, entry in enumerate(entries):
            by_gate.setdefault(asked_once(entry), []).append(i)
        body = [line for once, places in by_gate.items() for line in self._gated(once, places, entries)]
        head = [f"def {self.name}(s, e, i, g):", *(f"    {local} = {where}" for where, local in self.names.items())]
        codes = ", ".join(f"c{i}" for i in range(len(entries)))
        return "\n".join([*head, *body, f"    return ({codes},)"])

    def made(self, source: str) -> Function:
        """Return the function that *source*, written by this writer, defines."""
        exec(compile(source, f"<rules on {self.subject}>", "exec"), self.world)  # noqa: S102
        return self.world[self.name]  # type: ignore[no-any-return]

    def _gated(self, once: tuple[Expr, ...], places: list[int], entries: tuple[Entry, ...]) -> Iterator[str]:
        """Yield the lines on the rules that stand behind the gates *once*."""
        if not once:
            for i in places:
                yield from (f"    {line}" for line in self._rule(i, entries[i], ""))
            return
        gate = f"g[{self.gates[once]}]"
        yield f"    if {gate} == 0:"
        yield f"        {' = '.join(f'c{i}' for i in places)} = -2"
        yield "    else:"
        for i in places:
            yield from (f"        {line}" for line in self._rule(i, entries[i], f"{gate} == 2 and "))

    def _rule(self, i: int, entry: Entry, sure: str) -> Iterator[str]:
        """Yield the lines on one rule; *sure* stands before what must surely hold."""
        rule, once = entry.rule, asked_once(entry)
        applies = _all(*(gate for _, gate in entry.gates if gate not in once), rule.applies)
        whole_wide, whole_narrow = _all(applies, wide(rule)), _all(applies, narrow(rule))
        yield f"# {rule.id}"
        first = "if"
        if applies != ALWAYS:
            yield f"if not ({self._text(possibly(applies))}):"
            yield f"    c{i} = -2"
            first = "elif"
        yield f"{first} not ({self._text(possibly(wide(rule)))}):"
        yield f"    c{i} = {self._otherwise(rule)}"
        yield f"elif {sure}({self._text(surely(whole_narrow))}):"
        yield f"    c{i} = 1"
        if whole_wide != whole_narrow:
            yield f"elif {sure}({self._text(surely(whole_wide))}):"
            yield f"    c{i} = -4"
        yield "else:"
        yield f"    c{i} = -1"

    def _otherwise(self, rule: Rule) -> str:
        """Return the code where the rule may apply and surely does not hit: deferred or clear."""
        deferrals = [e.when for e in rule.unless if e.defers_to]
        if not deferrals:
            return "0"
        firm = [negate(e.when) for e in rule.unless if not e.soft and not e.defers_to]
        met = possibly(_all(any_of(rule.when, *(r.when for r in rule.disputed)), *firm))
        return f"-3 if {self._text(surely(any_of(*deferrals)))} and {self._text(met)} else 0"

    def _text(self, condition: Expr) -> str:
        """Return a two-valued *condition* as a Python expression."""
        return self._write(condition, Scope(self.vocabulary, self.chain), self.places)

    def _write(self, expr: Expr, scope: Scope, places: Places) -> str:
        match expr:
            case Fact(name):
                return self._fact(name, scope, places)
            case Const(value):
                return self._const(value)
            case Each(items, where, least):
                return self._each(items, where, least, scope, places)
            case Call("all" | "any" as op, args):
                if not args:
                    return "True" if op == "all" else "False"
                joint = " and " if op == "all" else " or "
                return f"({joint.join(self._write(arg, scope, places) for arg in _telling(op, args))})"
            case Call("not", (arg,)):
                return f"not {self._write(arg, scope, places)}"
            case Call("at_least", (Const(n), *args)):
                count = " + ".join(f"({self._write(arg, scope, places)})" for arg in args)
                return f"({count} >= {n})"
            case Call(op, args):
                return OPS[op].python.format(*(self._write(arg, scope, places) for arg in args))
        raise TypeError(f"cannot compile {expr}")

    def _fact(self, name: str, scope: Scope, places: Places) -> str:
        kind, _, fact = name.rpartition(".")
        place = places[scope.chain.index(kind) if kind else 0]
        if place.startswith("p"):  # a part, in a loop
            return f"{place}.{fact}"
        where = f"{place}.{fact}"  # read once, at the head of the function
        return self.names.setdefault(where, f"{fact}_{len(self.names)}")

    def _each(self, items: str, where: Expr, least: int | None, scope: Scope, places: Places) -> str:
        inner = scope.inside(items)
        self.loops += 1
        part = f"p{self.loops}"  # its own name, as a loop may stand inside another over the same list
        around = places[len(places) - len(inner.chain) + 1 :]
        rows = f"{self._fact(items, scope, places)}.rows"
        condition = self._write(where, inner, (part, *around))
        if least is None:
            return f"all({condition} for {part} in {rows})"
        if least == 1:
            return f"any({condition} for {part} in {rows})"
        return f"(sum({condition} for {part} in {rows}) >= {least})"

    def _const(self, value: Any) -> str:
        if isinstance(value, (str, int)):
            return repr(value)
        name = next(
            (
                n
                for n, known in self.world.items()
                if n.startswith("K") and known == value and type(known) is type(value)
            ),
            None,
        )
        if name is None:
            name = f"K{len(self.world)}"
            self.world[name] = value
        return name


def _telling(op: str, args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Return *args*, joined by *op*, without asking first whether a fact is known where None answers rightly."""
    answered = {
        asked[0]
        for arg in args
        if isinstance(arg, Call) and arg.op in OPS and OPS[arg.op].of_none is (op == "any")
        if isinstance((asked := arg.args)[0], Fact) and isinstance(asked[1], Const)
    }
    needless = [Call("known" if op == "all" else "unknown", (fact,)) for fact in answered]
    return tuple(arg for arg in args if arg not in needless)


def truth_of(condition: Expr, vocabulary: Vocabulary, subject: str) -> Callable[[Row], Truth]:
    """Return *condition* on *subject* as a compiled function of a row; for definitions and tests."""
    writer = _Writer(subject, vocabulary, {})
    sure, maybe = writer._text(surely(condition)), writer._text(possibly(condition))
    lines = ["def ask(s, e=None, i=None):"]
    if any(where.startswith("e.") for where in writer.names):
        lines.append("    e = container(s, 'enterprise')")
    if any(where.startswith("i.") for where in writer.names):
        lines.append("    i = container(s, 'inspection')")
    lines += [f"    {local} = {where}" for where, local in writer.names.items()]
    lines += [f"    if not ({maybe}):", "        return NO", f"    return YES if {sure} else UNKNOWN"]
    world = {**writer.world, "container": container, "NO": truth.NO, "YES": truth.YES, "UNKNOWN": truth.UNKNOWN}
    exec(compile("\n".join(lines), f"<condition on {subject}>", "exec"), world)  # noqa: S102
    return world["ask"]  # type: ignore[no-any-return]


class Conditions:
    """Conditions on the enterprise, asked of many records: each is compiled when it is first asked."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._made: dict[Expr, Callable[[Row], Truth]] = {}

    def __call__(self, condition: Expr, enterprise: Row) -> Truth:
        """Return whether *condition* holds of the *enterprise*."""
        asked = self._made.get(condition)
        if asked is None:
            asked = self._made[condition] = truth_of(condition, self._vocabulary, ENTERPRISE)
        return asked(enterprise)
