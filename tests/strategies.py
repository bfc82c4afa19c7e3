"""What the property tests draw: a small vocabulary, and random conditions, rules and records.

Conditions are well typed; values lie close together, so that comparisons often meet exactly; and
records have gaps: facts left out, lists that nobody looked at or saw only in part. A `Sketch` is a
record twice, as known early and with some of its gaps filled in. `HAZARDRULES_EXAMPLES=20` runs
twenty times as many examples; in CI (`CI` set) they are the same ones every time.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from hazardrules import Level, dates, units
from hazardrules.condition import Reader
from hazardrules.expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact
from hazardrules.facts import (
    ENTERPRISE,
    FIXED_WORDS,
    INSPECTION,
    Definition,
    FactSpec,
    Kind,
    Scope,
    Table,
    Vocabulary,
)
from hazardrules.record import Record
from hazardrules.rows import Row
from hazardrules.rules import (
    Chapter,
    Clause,
    Exclusion,
    Industry,
    InForce,
    Reading,
    Rule,
    Rulebook,
    Standard,
)
from hazardrules.texts import Text
from hazardrules.units import Number

SCALE = int(os.environ.get("HAZARDRULES_EXAMPLES", "1"))
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if "CI" in os.environ else "dev")


def examples(count: int) -> settings:
    """Return the settings of a test with *count* examples, times `HAZARDRULES_EXAMPLES`."""
    return settings(max_examples=count * SCALE)


# ------------------------------------------------------------------------------- a small vocabulary

METHODS, DUSTS, SECTORS = ("干式", "湿式", "不用"), ("木粉", "铝粉", "面粉"), ("甲业", "乙业", "丙业")
LISTS = {"risky_methods": frozenset({"干式", "不用"})}


def _fact(name: str, kind: str, *, words: Iterable[str] = (), **more: Any) -> FactSpec:
    values = FIXED_WORDS.get(kind) or {word: f"label of {word}" for word in words}
    return FactSpec(name, kind, Text(name, name), values=MappingProxyType(values), **more)


def _kind(name: str, *facts: FactSpec, within: tuple[str, ...] = (ENTERPRISE,), one: bool = False) -> Kind:
    return Kind(name, Text(name, name), MappingProxyType({fact.id: fact for fact in facts}), within, one)


_PLANT = (
    _fact("guarded", "yes_no"),
    _fact("permitted", "yes_no"),
    _fact("method", "choice", words=METHODS),
    _fact("method_design", "choice", words=METHODS),
    _fact("dusts", "choices", words=DUSTS),
    _fact("valve", "device"),
    _fact("rules", "procedure"),
    _fact("layout", "design"),
    _fact("height", "number", unit="m"),
    _fact("height_design", "number", unit="cm"),
    _fact("slope", "number", unit="1:m"),
    _fact("slope_design", "number", unit="%"),
    _fact("workers", "number", integer=True),
    _fact("weight", "number", unit="t"),
    _fact("updated", "date", never=True),
    _fact("checked", "date"),
    _fact("started", "time", never=True),
    _fact("ended", "time"),
    _fact("remark", "text"),
    _fact("vessels", "list", of="vessel"),
    _fact("sensors", "list", of="sensor"),
    _fact("vessel_count", "number", integer=True),
    _fact("within_design", "yes_no"),
    _fact("crowded", "yes_no"),
    _fact("grade", "choice", words=("低", "中", "高")),
)
KINDS = (
    _kind("inspection", _fact("date", "date"), _fact("kind", "choice", words=("自查", "执法")), one=True),
    _kind(
        "enterprise",
        _fact("sectors", "choices", words=SECTORS),
        _fact("certified", "yes_no"),
        _fact("staff", "number", integer=True),
        _fact("policy", "procedure"),
        _fact("depots", "list", of="depot"),
        one=True,
    ),
    _kind("plant", *_PLANT),
    _kind(
        "vessel",
        _fact("guarded", "yes_no"),  # the plant has a fact of this name too
        _fact("covered", "yes_no"),
        _fact("state", "device"),
        _fact("media", "choices", words=DUSTS),
        _fact("volume", "number", unit="m3"),
        _fact("height", "number", unit="mm"),
        _fact("tested", "date", never=True),
        _fact("nozzles", "list", of="nozzle"),
        _fact("sensors", "list", of="sensor"),
        _fact("sound", "yes_no"),
        within=("plant",),
    ),
    _kind(
        "nozzle",
        _fact("tight", "yes_no"),
        _fact("guarded", "yes_no"),
        _fact("bore", "number", unit="mm"),
        _fact("method", "choice", words=METHODS),
        within=("vessel",),
    ),
    _kind(
        "sensor",
        _fact("live", "device"),
        _fact("alarm", "number", unit="ppm"),
        _fact("calibrated", "date", never=True),
        within=("plant", "vessel"),
    ),
    _kind("depot", _fact("locked", "yes_no"), _fact("stock", "number", unit="t")),
)

#: every way to name a subject of a rule; the plant, which has the most parts, twice
SUBJECTS = ("plant", "vessel", "plant", "enterprise", "nozzle", "sensor", "plant.sensor", "vessel.sensor", "depot")


def reader(lists: Collection[str] = ()) -> Reader:
    """Return a reader of conditions for which every problem is an error of the test."""

    def report(path: tuple[str | int, ...], offset: int, message: Text) -> None:
        raise AssertionError(f"{path} at {offset}: {message.zh}")

    return Reader(lists, report)


def _defined() -> Vocabulary:
    """Return the vocabulary with every form of definition: whole, sufficient, counted, looked up."""
    bare = Vocabulary(MappingProxyType({kind.id: kind for kind in KINDS}))

    def read(data: Any, subject: str) -> Expr:
        return reader().read(data, (), bare.scope(subject))

    tall = read("height <= height_design", "plant")
    rows = (
        (read({"all": ["method == 干式", "height > 1 m"]}, "plant"), "高"),
        (read("method == 干式", "plant"), "中"),
        (read("method != 干式", "plant"), "低"),
    )
    two_open = {"some": "vessels", "at_least": 2, "where": "not covered"}
    definitions = {
        ("plant", "within_design"): Definition(yes=tall, no=Call("not", (tall,)), whole=True),
        ("plant", "vessel_count"): Definition(count="vessels", whole=True),
        ("plant", "crowded"): Definition(yes=read({"any": ["vessel_count > 2", "workers > 2"]}, "plant")),
        ("plant", "grade"): Definition(table=Table(rows), whole=True),
        ("vessel", "sound"): Definition(
            yes=read({"all": ["state == 正常", "covered", "plant.guarded"]}, "vessel"),
            no=read({"any": ["state in [失效, 未设置]", {"some": "nozzles", "where": "not tight"}]}, "vessel"),
        ),
        ("plant", "permitted"): Definition(no=read(two_open, "plant")),
    }
    return bare.with_conditions(definitions, {})


VOCABULARY = _defined()
BARE = Vocabulary(VOCABULARY.kinds)  # the same without definitions

# --------------------------------------------------------------------------------- values, drawn close

#: kind of quantity (None: bare) → values in its base unit, printable in every unit of the kind
NUMBERS: dict[str | None, tuple[Number, ...]] = {
    None: tuple(map(Decimal, range(4))),
    "length": tuple(map(Decimal, ("0", "1", "500", "999.9", "1000", "1000.1", "1100", "2000", "2200"))),
    "mass": tuple(map(Decimal, ("0", "500000", "1000000", "1100000", "2000000"))),
    "volume": tuple(map(Decimal, ("0", "999", "1000", "1500"))),
    "gradient": (Decimal(0), Decimal(200), Fraction(1000, 3), Decimal(400), Decimal(1000)),
    "volume fraction": tuple(map(Decimal, ("0", "9.99", "10", "25"))),
}
FACTORS = tuple(map(Decimal, ("0.2", "0.5", "1.1", "1.5", "2")))
DAYS = tuple(date.fromisoformat(day) for day in ("2023-11-30", "2024-02-29", "2024-03-31", "2025-02-28", "2025-03-01"))
TIMES = tuple(
    datetime.combine(day, datetime.min.time()) + timedelta(minutes=m) for day in DAYS[:2] for m in (0, 1, 480)
)
DAY = date(2025, 3, 1)

Pool = tuple[Any, ...]


def pool(spec: FactSpec, near: Iterable[Any] = ()) -> Pool:
    """Return the values that a drawn record or condition may have for the fact *spec*.

    *near* are constants that conditions compare it with: they and their neighbours are added.
    """
    if spec.type == "yes_no":
        return (True, False)
    if spec.is_word:
        return tuple(spec.values)
    if spec.type == "date":
        close = (day + timedelta(days=n) for day in near for n in (-1, 0, 1))
        return (*DAYS, *close, *([dates.NEVER_DAY] if spec.never else []))
    if spec.type == "time":
        close = (time + timedelta(minutes=n) for time in near for n in (-1, 0, 1))
        return (*TIMES, *close, *([dates.NEVER_TIME] if spec.never else []))
    assert spec.type == "number"
    found: list[Number] = [*_numbers(spec.unit), *near, *(units.add(c, Decimal(n)) for c in near for n in (-1, 1))]
    return tuple(value for value in found if _may_be(spec, value))


def _numbers(unit: str | None) -> tuple[Number, ...]:
    kind = units.kind_of(unit) if unit else None
    if kind in NUMBERS:
        return NUMBERS[kind]
    return tuple(units.to_base(Decimal(n), unit) for n in range(4))


def _may_be(spec: FactSpec, value: Number) -> bool:
    least = spec.min if spec.min is not None else "0"
    whole = not spec.integer or value == int(value)
    return whole and value >= units.to_base(Decimal(least), spec.unit)


def raw(spec: FactSpec, value: Any) -> Any:
    """Return the normalised *value* of the fact *spec* as a record may state it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return dates.show(value)
    if isinstance(value, frozenset):
        return [word for word in spec.values if word in value]
    if spec.unit == "1:m" and isinstance(value, Decimal):
        return f"{units.plain(value)} ‰"
    return units.from_base(value, spec.unit)


def values(spec: FactSpec, near: Iterable[Any] = ()) -> SearchStrategy[Any]:
    """Draw a known value of the fact *spec* as a record states it."""
    if spec.type == "text":
        return st.sampled_from(("", "甲", "随便写的"))
    if spec.type == "choices":
        return st.lists(st.sampled_from(tuple(spec.values)), unique=True, max_size=3)
    return st.sampled_from(pool(spec, near)).map(lambda value: raw(spec, value))


# ------------------------------------------------------------------------------------------ conditions

_SAME, _ORDER = ("eq", "ne"), ("eq", "ne", "lt", "le", "gt", "ge")


def conditions(
    subject: str, *, depth: int = 3, within: str | None = None, listed: bool = False
) -> SearchStrategy[Expr]:
    """Draw a well-typed condition on *subject*, at most *depth* blocks deep.

    *within* allows only the names of that container; *listed* allows word lists, which are
    written and read but resolved before anything is judged.
    """
    return _conditions(VOCABULARY.chain(subject), depth, within, listed)


@cache
def _conditions(chain: tuple[str, ...], depth: int, within: str | None, listed: bool) -> SearchStrategy[Expr]:
    sentence = _sentences(chain, within, listed)
    if not depth:
        return sentence
    inner = _conditions(chain, depth - 1, within, listed)
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    blocks = [
        sentence,
        st.builds(Call, st.sampled_from(("all", "any")), several),
        several.flatmap(lambda parts: st.integers(1, len(parts)).map(lambda n: Call("at_least", (Const(n), *parts)))),
        inner.map(lambda part: Call("not", (part,))),
    ]
    scope = Scope(VOCABULARY, chain)
    least = st.sampled_from((None, 1, 1, 2))
    lists = [name for name in _names(scope, within) if _spec(scope, name).type == "list"]
    each = [
        st.builds(Each, st.just(name), _conditions(scope.inside(name).chain, depth - 1, None, listed), least)
        for name in sorted(lists * 3, key=lambda name: "." in name)[: len(lists) * 2]  # the subject's own most often
        if within is None
    ]
    return _evenly(*blocks, *([_evenly(*each)] * 2 if each else []))


def _evenly(*forms: SearchStrategy[Expr]) -> SearchStrategy[Expr]:
    """Draw one of *forms*, each as often: `one_of` would weigh a form by the number of its own forms."""
    return st.sampled_from(forms).flatmap(lambda form: form)


def _spec(scope: Scope, name: str) -> FactSpec:
    spec = scope.find(name)
    assert spec is not None
    return spec


def _names(scope: Scope, within: str | None) -> list[str]:
    return [name for name in scope.names() if within is None or name.startswith(f"{within}.")]


@cache
def _sentences(chain: tuple[str, ...], within: str | None, listed: bool) -> SearchStrategy[Expr]:
    """Draw a sentence: on the subject's own facts as often as on those of each of its containers."""
    scope = Scope(VOCABULARY, chain)
    around: dict[str, list[SearchStrategy[Expr]]] = {}
    for name in _names(scope, within):
        spec = _spec(scope, name)
        drawn = around.setdefault(name.rpartition(".")[0], [])
        if spec.type == "yes_no":
            drawn.append(st.sampled_from((Fact(name), Call("not", (Fact(name),)))))
        elif spec.is_word:
            drawn.append(_compared(_SAME, st.just(Fact(name)), _likes(scope, name, within), spec))
            drawn.append(_among(("in", "not_in"), name, spec))
        elif spec.type == "choices":
            drawn.append(_among(("has", "lacks"), name, spec))
        elif spec.type in ("date", "time", "number"):
            drawn.append(_compared(_ORDER, _operands(scope, name, within), _likes(scope, name, within), spec))
        if listed and spec.type == "choice":
            question = Call("listed", (Fact(name), Const("risky_methods")))
            drawn.append(st.sampled_from((question, Call("not", (question,)))))
    return _evenly(*(_evenly(*drawn) for drawn in around.values() if drawn))


def _compared(
    ops: tuple[str, ...], left: SearchStrategy[Expr], likes: SearchStrategy[Expr] | None, spec: FactSpec
) -> SearchStrategy[Expr]:
    constant = st.sampled_from(_writable(spec)).map(Const)
    pairs = [st.tuples(left, constant), st.tuples(constant, left)]
    if likes is not None:
        pairs.append(st.tuples(left, likes))
    return st.builds(Call, st.sampled_from(ops), st.one_of(*pairs))


def _writable(spec: FactSpec) -> Pool:
    """Return the values that a sentence can state: every one but "never"."""
    return tuple(value for value in pool(spec) if value not in (dates.NEVER_DAY, dates.NEVER_TIME))


def _among(ops: tuple[str, str], name: str, spec: FactSpec) -> SearchStrategy[Expr]:
    words = st.frozensets(st.sampled_from(tuple(spec.values)), min_size=1, max_size=3)
    return st.builds(lambda op, chosen: Call(op, (Fact(name), Const(chosen))), st.sampled_from(ops), words)


def _sort(spec: FactSpec) -> tuple[Any, ...]:
    return spec.type, units.kind_of(spec.unit) if spec.unit else None, tuple(spec.values) if spec.is_word else ()


def _alike(scope: Scope, name: str, within: str | None) -> list[str]:
    """Return the names of the other facts that *name* may be compared with."""
    sort = _sort(_spec(scope, name))
    return [other for other in _names(scope, within) if other != name and _sort(_spec(scope, other)) == sort]


def _likes(scope: Scope, name: str, within: str | None) -> SearchStrategy[Expr] | None:
    others = _alike(scope, name, within)
    spec = _spec(scope, name)
    if not others:
        return None
    if spec.is_word:
        return st.sampled_from(others).map(Fact)
    return st.one_of(*(_operands(scope, other, within) for other in others[:3]))


def _operands(scope: Scope, name: str, within: str | None) -> SearchStrategy[Expr]:
    """Draw the date or number *name* itself, scaled or shifted."""
    spec, fact = _spec(scope, name), Fact(name)
    if spec.type in ("date", "time"):
        counts, periods = st.sampled_from((1, 2, 12)), st.sampled_from(("days", "months", "years"))
        shifted = st.builds(lambda count, period: Call("later", (fact, Const(count), Const(period))), counts, periods)
        return st.one_of(st.just(fact), shifted)
    scaled = st.sampled_from(FACTORS).map(lambda factor: Call("times", (Const(factor), fact)))
    addends: list[Expr] = [Const(value) for value in _writable(spec)]
    addends += [Fact(other) for other in _alike(scope, name, within)]
    shifts = st.tuples(st.sampled_from(("plus", "minus")), st.sampled_from(addends))
    return st.one_of(st.just(fact), scaled, shifts.map(lambda shift: Call(shift[0], (fact, shift[1]))))


# ----------------------------------------------------------------------------------------------- rules

_SAYS = Text("某种情形", "some situation")


def exclusions(subject: str) -> SearchStrategy[Exclusion]:
    """Draw an exception: firm, disputed, unverified, deferring, or deferring and disputed."""
    forms: tuple[dict[str, Any], ...] = ({}, {"disputed": "说法不一"}, {"unverified": True}, {"defers_to": "别的标准"})
    both = {"defers_to": "别的标准", "disputed": "说法不一"}
    form = st.sampled_from((*forms, both))
    return st.builds(lambda when, more: Exclusion(when, _SAYS, **more), conditions(subject, depth=1), form)


@st.composite
def rules(draw: DrawFn, subject: str, name: str = "doc-01") -> Rule:
    """Draw a rule on *subject* with gates, exceptions and wider readings."""
    few = conditions(subject, depth=1)
    return Rule(
        id=name,
        subjects=(subject,),
        level=draw(st.sampled_from((Level.MAJOR, Level.ORDINARY))),
        summary=_SAYS,
        applies=draw(st.one_of(st.just(ALWAYS), few)),
        when=draw(st.one_of(st.just(NEVER), few, conditions(subject, depth=2))),
        unless=tuple(draw(st.lists(exclusions(subject), max_size=3))),
        disputed=tuple(draw(st.lists(st.builds(Reading, few, st.just(_SAYS)), max_size=2))),
    )


@st.composite
def rulebooks(draw: DrawFn, subject: str) -> Rulebook:
    """Draw one document with one or two rules on *subject*, its scope and its chapter's gate."""
    drawn = tuple(draw(rules(subject, f"doc-01-{letter}")) for letter in "ab"[: draw(st.integers(1, 2))])
    on_enterprise = conditions(subject if subject != ENTERPRISE else "plant", depth=1, within=ENTERPRISE)
    scope = draw(st.one_of(st.just(ALWAYS), on_enterprise))
    gate = draw(st.one_of(st.just(ALWAYS), on_enterprise, conditions(subject, depth=0)))
    chapters = {"01": Chapter("一章", "一章", gate)}
    standard = Standard(
        "doc", "第1号", "某标准", None, "某部", DAY, InForce(), (Clause("一", "01", drawn),), scope, chapters=chapters
    )
    trade = Industry("trade", Text("某行业", "a trade"), {"doc": None})
    return Rulebook(VOCABULARY, (standard,), {}, {"trade": trade}, "drawn")


# --------------------------------------------------------------------------------------------- records

Wanted = frozenset[tuple[str, str]]


def read_by(vocabulary: Vocabulary, subject: str, asked: Iterable[Expr]) -> Wanted:
    """Return each (kind, fact) that the conditions *asked* on *subject* read, definitions followed."""
    found: set[tuple[str, str]] = set()
    queue = [read for condition in asked for read in vocabulary.reads(condition, subject)]
    while queue:
        key = queue.pop()
        if key in found:
            continue
        found.add(key)
        if definition := vocabulary.definitions.get(key):
            queue += [read for condition in definition.conditions for read in vocabulary.reads(condition, key[0])]
            queue += [(key[0], definition.count)] if definition.count else []
    return frozenset(found)


def constants(vocabulary: Vocabulary, subject: str, asked: Iterable[Expr]) -> dict[tuple[str, str], set[Any]]:
    """Return, for each fact, the numbers and dates that the conditions *asked* compare it with."""
    found: dict[tuple[str, str], set[Any]] = {}

    def visit(expr: Expr, scope: Scope) -> None:
        match expr:
            case Each(items, where, _):
                visit(where, scope.inside(items))
            case Call(_, (Fact(name), Const(value))) if isinstance(value, Decimal | Fraction | date):
                owner = scope.owner(name)
                assert owner is not None
                found.setdefault(owner, set()).add(value)
            case Call(_, args):
                for arg in args:
                    visit(arg, scope)

    for condition in asked:
        visit(condition, vocabulary.scope(subject))
    return found


@dataclass(frozen=True)
class Sketch:
    """A record twice: what was known early, and the same with some of its gaps filled in."""

    early: dict[str, Any]
    whole: dict[str, Any]


class Records:
    """Draws records over one vocabulary: the facts *wanted*, in values near the constants *near*."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        wanted: Wanted,
        near: Mapping[tuple[str, str], Collection[Any]] = MappingProxyType({}),
    ) -> None:
        self.kinds, self.wanted, self.near = vocabulary.kinds, wanted, near
        self.top = vocabulary.top
        self.leading = _leading(vocabulary, {kind for kind, _ in wanted})
        self.known: dict[tuple[str, str], SearchStrategy[Any]] = {}

    def values(self, kind: str, spec: FactSpec) -> SearchStrategy[Any]:
        """Draw a known value of a fact."""
        key = kind, spec.id
        if key not in self.known:
            self.known[key] = values(spec, sorted(self.near.get(key, ()), key=str))
        return self.known[key]

    def sketches(self, must: Collection[str] = (), most: int = 2) -> SearchStrategy[Sketch]:
        """Draw sketches; of each kind in *must* there is at least one subject, seen early."""
        return _sketches(self, frozenset(must), most)


def _leading(vocabulary: Vocabulary, kinds: set[str]) -> set[str]:
    """Return *kinds* and what contains them."""
    found: set[str] = set()
    queue = list(kinds)
    while queue:
        kind = queue.pop()
        if kind not in found:
            found.add(kind)
            queue += () if vocabulary.kinds[kind].one else vocabulary.kinds[kind].within
    return found


Pair = tuple[dict[str, Any], dict[str, Any]]  # a subject as known early, and as known later


@st.composite
def _sketches(draw: DrawFn, records: Records, must: frozenset[str], most: int) -> Sketch:
    early: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    for kind in (INSPECTION, ENTERPRISE):
        early[kind], whole[kind] = _subject(draw, records, kind, must, most)
    for kind in records.top:
        if kind in records.leading or kind in must:
            _table(draw, records, kind, kind, must, most, (early, whole))
    return Sketch(early, whole)


def _subject(draw: DrawFn, records: Records, kind: str, must: frozenset[str], most: int) -> Pair:
    early: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    for name, spec in records.kinds[kind].facts.items():
        if spec.type == "list":
            assert spec.of is not None
            if spec.of in records.leading or spec.of in must or (kind, name) in records.wanted:
                _table(draw, records, spec.of, name, must, most, (early, whole))
        elif (kind, name) in records.wanted:
            state = draw(st.sampled_from(("early", "gap", "late", "early", "early")))
            if state != "gap":
                whole[name] = draw(records.values(kind, spec))
            if state == "early":
                early[name] = whole[name]
    return early, whole


def _table(draw: DrawFn, records: Records, kind: str, key: str, must: frozenset[str], most: int, into: Pair) -> None:
    """Draw the subjects of *kind* into both records under *key*."""
    early, whole = into
    looked = ("all", "grown", "seen") if kind in must else ("all", "absent", "late", "grown", "seen", "all")
    how = draw(st.sampled_from(looked))
    if how == "absent":
        return
    pairs = [_subject(draw, records, kind, must, most) for _ in range(draw(st.integers(int(kind in must), most)))]
    for letter, pair in zip("abcdefgh", pairs, strict=False):
        for subject in pair:
            subject["id"] = letter
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if how in ("grown", "seen"):
        kept = [(n == 0 and kind in must) or draw(st.booleans()) for n in range(len(pairs))]
        early[key] = {"seen": [subject for subject, keep in zip(before, kept, strict=True) if keep]}
    elif how == "all":
        early[key] = before
    whole[key] = {"seen": after} if how == "seen" else after


def rows_of(record: Record, subject: str) -> list[Row]:
    """Return the rows that rules on *subject* (a kind, or `container.kind`) are judged on."""
    around, _, kind = subject.rpartition(".")
    found = record.rows.get(kind, [])
    return [row for row in found if not around or (row._up is not None and row._up._kind == around)]


def must_have(subject: str) -> tuple[str, ...]:
    """Return the kinds that a record must hold for there to be a row of *subject*."""
    around, _, kind = subject.rpartition(".")
    if kind == "sensor":
        return ("plant", "vessel", "sensor") if around == "vessel" else ("plant", "sensor")
    return tuple(k for k in VOCABULARY.chain(subject) if k not in (INSPECTION, ENTERPRISE))


@st.composite
def asked(draw: DrawFn, depth: int = 3) -> tuple[str, Expr, Sketch]:
    """Draw a subject, a condition on it, and a record that has such a subject."""
    subject = draw(st.sampled_from(SUBJECTS))
    condition = draw(conditions(subject, depth=depth))
    records = Records(VOCABULARY, read_by(VOCABULARY, subject, [condition]))
    return subject, condition, draw(records.sketches(must_have(subject)))


def subjects_in(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (path, kind, facts) of every subject in the raw *record*, all of which have ids."""
    for kind in (INSPECTION, ENTERPRISE):
        if kind in record:
            yield from _below(kind, kind, record[kind], vocabulary)
    for kind in vocabulary.top:
        if kind in record:
            yield from _inside(kind, kind, record[kind], vocabulary)


def _below(
    path: str, kind: str, facts: dict[str, Any], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield path, kind, facts
    for spec in vocabulary.kinds[kind].lists:
        if spec.id in facts:
            assert spec.of is not None
            yield from _inside(f"{path}.{spec.id}", spec.of, facts[spec.id], vocabulary)


def _inside(path: str, kind: str, table: Any, vocabulary: Vocabulary) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for facts in table["seen"] if isinstance(table, dict) else table:
        yield from _below(f"{path}[{facts['id']}]", kind, facts, vocabulary)


# ------------------------------------------------------------------- the same record, written otherwise


def reordered(data: Any, chance: random.Random) -> Any:
    """Return the raw record *data* with its facts, its subjects and its chosen words in another order."""
    if isinstance(data, dict):
        return {key: reordered(data[key], chance) for key in chance.sample(list(data), len(data))}
    if isinstance(data, list):
        return [reordered(item, chance) for item in chance.sample(data, len(data))]
    return data


def respelled(raw_record: Mapping[str, Any], vocabulary: Vocabulary, chance: random.Random) -> dict[str, Any]:
    """Return *raw_record* with every fact written in another way that means the same, gaps named as such."""
    changed = copy.deepcopy(dict(raw_record))
    for _, kind, facts in list(subjects_in(changed, vocabulary)):
        for spec in vocabulary.kinds[kind].facts.values():
            if spec.type == "list":
                continue
            if spec.id in facts:
                value = chance.choice(spellings(spec, facts[spec.id]))
                judged = {"value": value, "by": "张工", "at": "2026-03-01", "evidence": "照片"}
                facts[spec.id] = judged if chance.random() < 0.2 else value
            elif chance.random() < 0.3:
                facts[spec.id] = chance.choice((None, "不清楚", "unknown", "?", "", {"value": None, "by": "张工"}))
    return changed


def spellings(spec: FactSpec, value: Any) -> list[Any]:
    """Return ways to write the recorded *value* of *spec*."""
    match spec.type:
        case "yes_no":
            return [True, "是", "yes", " 有", "True"] if value is True else [False, "否", "no", "没有", "FALSE"]
        case "choices":
            labels = [spec.values[word] for word in value]
            none = [] if value or "没有" in spec.values else ["没有", "无"]
            return [value, tuple(value), frozenset(value), value[::-1], labels, *none]
        case "number":
            return _numbers_written(spec, value)
        case "date" | "time":
            return _moments_written(spec, value)
        case "text":
            return [value]
    return [value, f" {value} ", spec.values[value], spec.values[value].upper(), spec.values[value].replace(" ", "_")]


_ALIASES = {"m": "米", "cm": "厘米", "t": "吨", "m3": "m³", "℃": "°C", "%": "％", "kg": "公斤"}


def _numbers_written(spec: FactSpec, value: str) -> list[Any]:
    parsed = units.parse(value)
    assert parsed is not None
    number, unit = parsed
    if isinstance(number, Fraction) or spec.unit == "1:m":
        return [value, value.replace(":", "："), f" {value}"]
    assert isinstance(number, Decimal)
    found: list[Any] = [value, f" {value} ", f"{number:.6f} {unit or ''}", f"{number:e} {unit or ''}"]
    if unit == spec.unit:
        found += [number, float(number), str(number), *([int(number)] if number == int(number) else [])]
    if unit in _ALIASES:
        found.append(f"{number}{_ALIASES[unit]}")
    return found


def _moments_written(spec: FactSpec, value: str) -> list[Any]:
    if value == "从未":
        return ["从未", " never", "NEVER"]
    if spec.type == "date":
        day = date.fromisoformat(value)
        return [value, day, f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}"]
    moment = datetime.fromisoformat(value)
    there = moment.replace(tzinfo=dates.SHANGHAI)
    return [value, moment, there, there.astimezone(UTC), value.replace(" ", "T"), f"{moment:%Y年%m月%d日 %H：%M}"]
