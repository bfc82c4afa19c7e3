"""What the property tests draw: a small vocabulary, random conditions and rules, and records for them.

Conditions are well typed, and their values lie close together, so that comparisons often meet exactly.
Records are drawn by `hazardrules.testing`, as a user's are. `HAZARDRULES_EXAMPLES=20` runs twenty times
as many examples; in CI (`CI` set) they are the same ones every time.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
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
from hazardrules.expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact, walk
from hazardrules.facts import (
    ENTERPRISE,
    FIXED_WORDS,
    Definition,
    FactSpec,
    Kind,
    Scope,
    Table,
    Vocabulary,
)
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
from hazardrules.testing import Sketch
from hazardrules.testing.pools import NEVER as LONG_AGO
from hazardrules.testing.pools import fitting, neighbours, raw
from hazardrules.testing.source import Source, thresholds
from hazardrules.testing.strategies import sketches_for
from hazardrules.texts import Text
from hazardrules.units import Number

__all__ = [
    "BARE", "DAY", "DAYS", "LISTS", "SUBJECTS", "VOCABULARY", "Sketch", "Wanted", "asked", "conditions", "constants",
    "examples", "pool", "raw", "read_by", "reader", "rulebooks", "rules", "sketches",
]  # fmt: skip

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
    """Return the values that a drawn condition may compare the fact *spec* with, those at and beside *near* too."""
    if spec.type == "yes_no":
        return (True, False)
    if spec.is_word:
        return tuple(spec.values)
    never: Pool = ()
    if spec.type in ("date", "time"):
        own, last = (DAYS, dates.NEVER_DAY) if spec.type == "date" else (TIMES, dates.NEVER_TIME)
        never = (last,) if spec.never else ()
    else:
        own = _numbers(spec.unit)
    beside = (value for each in near if each not in LONG_AGO for value in neighbours(spec, each))
    return tuple(fitting(spec, (*own, *never, *near, *beside)))


def _numbers(unit: str | None) -> tuple[Number, ...]:
    kind = units.kind_of(unit) if unit else None
    if kind in NUMBERS:
        return NUMBERS[kind]
    return tuple(units.to_base(Decimal(n), unit) for n in range(4))


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
    return tuple(value for value in pool(spec) if value not in LONG_AGO)


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
    return Source(vocabulary, [(subject, condition) for condition in asked]).read


def constants(vocabulary: Vocabulary, subject: str, asked: Iterable[Expr]) -> dict[tuple[str, str], set[Any]]:
    """Return, for each fact, the numbers and dates at which a comparison of it alone in *asked* turns."""
    found = {}
    for (kind, fact), atoms in Source(vocabulary, [(subject, condition) for condition in asked]).cuts.items():
        spec, name = vocabulary.kinds[kind].facts[fact], f"{kind}.{fact}"
        alone = [atom for atom in atoms if {node.name for node in walk(atom) if isinstance(node, Fact)} == {name}]
        if spec.type in ("number", "date", "time") and alone:
            found[kind, fact] = set(thresholds(spec, name, alone))
    return found


def sketches(subject: str, asked: Sequence[Expr], vocabulary: Vocabulary = VOCABULARY) -> SearchStrategy[Sketch]:
    """Draw records that have a *subject* for the conditions *asked* on it, as known early and in the end."""
    return sketches_for(vocabulary, [(subject, condition) for condition in asked], DAYS)


@st.composite
def asked(draw: DrawFn, depth: int = 3) -> tuple[str, Expr, Sketch]:
    """Draw a subject, a condition on it, and a record that has such a subject."""
    subject = draw(st.sampled_from(SUBJECTS))
    condition = draw(conditions(subject, depth=depth))
    return subject, condition, draw(sketches(subject, [condition]))
