"""The kernel over columns says of every cell what the engine says of the record that the row stands for."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from framing import Drawer, Framer, flat, standing
from hazardrules import Corpus, FactsError, Level, dates, default, units, values
from hazardrules.backends import Kernel, classify_frame, columns, physical
from hazardrules.backends.kernel import PROBLEM
from hazardrules.backends.naming import subjects
from hazardrules.backends.steps import later
from hazardrules.expr import Call, Const, Each, Expr, Fact
from hazardrules.rules import Clause, Entry, InForce, Rule, Rulebook, Standard
from hazardrules.testing.laws import rows_of
from hazardrules.texts import Text
from strategies import DAY, VOCABULARY, Sketch, constants, examples, read_by, rulebooks, sketches
from test_laws import ruled, turned

SAYS = Text("某种情形", "some situation")


def by_engine(kernel: Kernel, row: Mapping[str, Any]) -> dict[str, int | None]:
    """Return the codes that the engine gives for the record of *row*."""
    codes, problems = kernel.by_engine(row)
    assert not problems
    return {rule: codes.get(rule) for rule in kernel.rules}


def check(kernel: Kernel, frame: pl.DataFrame, event: Callable[[str], None] = lambda _: None) -> None:
    """Assert that the kernel and the engine agree on every cell of *frame*; tell *event* what came out."""
    columns, whole = kernel.judge(frame), kernel(frame)
    assert whole.schema == kernel.output
    for n, row in enumerate(frame.iter_rows(named=True)):
        expected = by_engine(kernel, row)
        assert whole.row(n, named=True) == {name: row[name] for name in kernel.carried} | {PROBLEM: None} | expected
        event("odd" if columns.odd[n] else "by columns")
        if not columns.odd[n]:
            assert columns.codes.row(n, named=True) == expected, kernel.record(row)
        for code in expected.values():
            event(f"code {code}")


@given(ruled(), st.sampled_from((None, "trade")), st.randoms(use_true_random=False))
@examples(90)
def test_the_kernel_is_the_engine(drawn: tuple[str, Rulebook, Sketch], industry: str | None, chance: random.Random) -> None:
    subject, rulebook, sketch = drawn
    corpus = Corpus(rulebook)
    named = f"plant.{subject}" if subject == "sensor" else subject
    chain = VOCABULARY.chain(named)
    rows = [{"id": "1"} | flat(chain, around) for raw in (sketch.early, sketch.whole) for around in standing(raw, named, VOCABULARY)]
    frame = Framer(VOCABULARY, chance).frame(named, rows)
    check(Kernel(frame.schema, named, industry=industry, on=DAY, corpus=corpus), frame, event)


@st.composite
def plants(draw: DrawFn) -> tuple[Rulebook, Sketch]:
    """Draw a document with rules on plants that apply to one of them, and a record that has it."""
    rulebook = draw(rulebooks("plant"))
    asked = [condition for _, _, rule in rulebook.rules() for condition in rule.conditions()]
    sketch = draw(sketches("plant", asked))
    rows = rows_of(Corpus(rulebook).inspect(sketch.whole, on=DAY).record, "plant")
    assume(rows)
    return turned(rulebook, rows[0], met=True), sketch


@given(plants(), st.randoms(use_true_random=False))
@examples(40)
def test_a_row_says_what_its_whole_record_says(drawn: tuple[Rulebook, Sketch], chance: random.Random) -> None:
    """Where a frame can hold all that the record holds, the verdicts are those of the record itself."""
    rulebook, sketch = drawn
    corpus, chain = Corpus(rulebook), VOCABULARY.chain("plant")
    rows = [flat(chain, around) for around in standing(sketch.whole, "plant", VOCABULARY)]
    frame = Framer(VOCABULARY, chance).frame("plant", rows)
    codes = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)(frame)
    verdicts = corpus.verdicts(sketch.whole, on=DAY)
    for row in codes.iter_rows(named=True):
        for rule in [rule.id for _, _, rule in rulebook.rules()]:
            assert row[rule] == verdicts[rule, f"plant[{row['id']}]"].code


# ----------------------------------------------------------------------------------- numbers are exact


def corpus_of(**conditions: Any) -> Corpus:
    """Return a corpus of one rule for each of *conditions* (an `Expr`), named after it, on a plant."""
    rules = tuple(Rule(f"doc-01-{name}", ("plant",), Level.MAJOR, SAYS, when=when) for name, when in conditions.items())
    clause = Clause("一", "01", rules)
    standard = Standard("doc", "第1号", "某标准", None, "某部", DAY, InForce(), (clause,))
    return Corpus(Rulebook(VOCABULARY, (standard,), {}, {}, "made"))


def codes_of(corpus: Corpus, frame: pl.DataFrame, subject: str = "plant") -> pl.DataFrame:
    """Return the codes of *frame*, columns named after the conditions of `corpus_of`."""
    found = Kernel(frame.schema, subject, on=DAY, corpus=corpus)(frame)
    assert found[PROBLEM].null_count() == frame.height
    return found.drop(PROBLEM).rename(lambda name: name.removeprefix("doc-01-"))


COMPARISONS = ("lt", "le", "eq", "ne", "ge", "gt")
FORMS: dict[str, tuple[Any, Any]] = {
    "decimal": (pl.Decimal(38, 14), Decimal),
    "text": (pl.String, str),
    "float": (pl.Float64, float),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("k", ["0.2", "0.3333", "0.98", "1.1", "1.15", "1.2", "2", "7.0001"])
def test_at_k_times_design(k: str, form: str) -> None:
    """A value at k × design, and one step beside it, for designs that a binary float cannot hold."""
    corpus = corpus_of(**{op: Call(op, (Fact("height"), Call("times", (Const(Decimal(k)), Fact("height_design"))))) for op in COMPARISONS})
    chance = random.Random(k)
    designs = [Decimal(n) / 100 for n in range(1, 300)] + [round(Decimal(chance.uniform(0, 99999)), 4) for _ in range(300)]
    steps = [chance.choice((-1, 0, 1)) for _ in designs]
    heights = [Decimal(k) * design / 100 + Decimal(step).scaleb(-10) for design, step in zip(designs, steps, strict=True)]  # m, cm
    dtype, write = FORMS[form]
    texts = [f"{height:f}" for height in heights]
    kept = [n for n, text in enumerate(texts) if heights[n] >= 0 and (form != "float" or len(text.replace(".", "").lstrip("0")) <= 15)]
    assert len(kept) > 300
    columns = {"height": [write(texts[n]) for n in kept], "height_design": [write(f"{designs[n]:f}") for n in kept]}
    codes = codes_of(corpus, pl.DataFrame(columns, schema=dict.fromkeys(columns, dtype)))
    for row, n in zip(codes.iter_rows(named=True), kept, strict=True):
        step = steps[n]
        expected = {"lt": step < 0, "le": step <= 0, "eq": step == 0, "ne": step != 0, "ge": step >= 0, "gt": step > 0}
        assert row == {op: int(holds) for op, holds in expected.items()}, (heights[n], designs[n])


def test_plain_decimals_are_judged_by_columns() -> None:
    """At k × design with few places nothing is handed to the engine."""
    corpus = corpus_of(gt=Call("gt", (Fact("height"), Call("times", (Const(Decimal("1.1")), Fact("height_design"))))))
    designs = [n / 100 for n in range(1, 5000)]
    for dtype in (pl.Float64, pl.String, pl.Decimal(18, 6)):
        frame = pl.DataFrame({"height_design": designs, "height": [round(1.1 * design / 100, 6) for design in designs]})
        frame = frame.cast(dtype) if dtype != pl.String else frame.select(pl.all().round(6).cast(pl.String))
        judged = Kernel(frame.schema, "plant", on=DAY, corpus=corpus).judge(frame)
        assert not judged.odd.any()
        assert judged.codes.to_series().to_list() == [0] * frame.height


@pytest.mark.parametrize("unit", ["height", "slope"])
def test_no_comparison_overflows(unit: str) -> None:
    """Numbers too large for the whole numbers of a comparison are the engine's."""
    left, right = (Call("times", (Const(Decimal(k)), Fact(name))) for k, name in (("1000.0001", unit), ("0.9997", f"{unit}_design")))
    corpus = corpus_of(gt=Call("gt", (left, right)), le=Call("le", (left, Const(Decimal(10**6)))))
    numbers = [1, 10**3, 10**6, 10**9, 10**10, 10**11, 10**12 - 1]
    ends = ("", "") if unit == "height" else ("%", "%")
    rows = [{unit: f"{a}{ends[0]}", f"{unit}_design": f"{b}{ends[1]}"} for a in numbers for b in numbers]
    frame = pl.DataFrame(rows)
    kernel = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)
    assert 0 < kernel.judge(frame).odd.sum() < len(rows)
    check(kernel, frame)


def test_at_a_gradient() -> None:
    """A slope recorded as 1:run, where thirds are exact, against k × a design in %."""
    runs = ["0.5", "0.75", "1.5", "2.75", "3", "7", "11"]
    limit = Call("times", (Const(Decimal("1.1")), Fact("slope_design")))
    corpus = corpus_of(**{op: Call(op, (Fact("slope"), limit)) for op in COMPARISONS})
    rows, expected = [], []
    for run in runs:
        slope = Fraction(1000) / Fraction(run)
        exact = slope / Fraction("1.1") / 10  # in %
        for percent in (exact, exact + Fraction(1, 10**6), exact - Fraction(1, 10**6)):
            if (text := units.plain(percent)).count("/") == 0:
                rows.append({"slope": f"1:{run}", "slope_design": f"{text}%"})
                expected.append((percent < exact) - (percent > exact))
        rows.append({"slope": f"1:{run}", "slope_design": f"{float(exact):.6f} %"})
        near = Fraction(f"{float(exact):.6f}")
        expected.append((near < exact) - (near > exact))
    frame = pl.DataFrame(rows)
    assert not Kernel(frame.schema, "plant", on=DAY, corpus=corpus).judge(frame).odd.any()
    for row, step in zip(codes_of(corpus, frame).iter_rows(named=True), expected, strict=True):
        assert row == {"lt": step < 0, "le": step <= 0, "eq": step == 0, "ne": step != 0, "ge": step >= 0, "gt": step > 0}


def test_periods_run_forward_as_dates_do() -> None:
    days = [date(1999, 12, 1) + timedelta(days=n) for n in range(2000)] + [date(2024, 2, 29), dates.NEVER_DAY, date(2999, 12, 31)]
    times = [datetime(2024, 1, 31, 23, 59), datetime(2024, 2, 29), dates.NEVER_TIME]
    for period, count in ((period, count) for period in dates.PERIODS for count in (1, 2, 3, 6, 11, 12, 36)):
        for moments in (days, times):
            frame = pl.DataFrame({"day": moments})
            found = frame.select(later(pl.col("day"), count, period)).to_series().to_list()
            assert found == [dates.later(moment, count, period) for moment in moments]


# ------------------------------------------------------------------------- columns are read as records

NUMBERS = [VOCABULARY.kinds["plant"].facts[name] for name in ("height", "height_design", "workers", "weight")]
number_texts = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-100, max_value=10**7).map(str),
    st.from_regex(r"[+-]?[0-9]{1,8}(\.[0-9]{0,9})?([eE][+-]?[0-9]{1,2})? ?(m|cm|mm|t|kg)?", fullmatch=True),
    st.sampled_from(["", " ", "不清楚", "nan", "inf", "-0", "１２", "1_000", "1,000", ".5", "5.", "1e5", "007", " 7 ", "0.1000000000000000055", "9" * 30, "是"]),
)  # fmt: skip


def same(spec: Any, held: int | None, raw: Any) -> bool:
    """Return whether *held* is what the parser of records makes of *raw*."""
    value = values.parse(spec, raw)
    return held == (None if value is None else physical.steps(spec, value))


@given(st.sampled_from(NUMBERS), st.lists(number_texts, min_size=1, max_size=5))
@examples(150)
def test_numbers_in_text_are_read_as_in_records(spec: Any, texts: list[str]) -> None:
    read = columns.reader(spec, pl.String())
    for _ in range(2):  # the second time from memory
        found, odd = read(pl.Series(texts, dtype=pl.String), physical.Limits())
        for n, text in enumerate(texts):
            if odd is not None and odd[n]:
                event("odd")
                continue
            assert same(spec, found[""][n], text), text


@given(st.sampled_from(NUMBERS), st.lists(st.floats() | st.integers(-10, 10**9).map(lambda n: n / 1000), min_size=1))
@examples(200)
def test_floats_are_the_shortest_decimals_that_read_as_them(spec: Any, floats: list[float]) -> None:
    found, odd = columns.reader(spec, pl.Float64())(pl.Series(floats, dtype=pl.Float64), physical.Limits())
    for n, number in enumerate(floats):
        if odd is None or not odd[n]:
            assert same(spec, found[""][n], number), number


@pytest.mark.parametrize("limit", [10**6, 10**9])
def test_numbers_beyond_the_limits_are_odd(limit: int) -> None:
    spec, limits = NUMBERS[0], physical.Limits(number=limit)
    most = limit // 10**6
    for dtype in (pl.Int64(), pl.Float64(), pl.String(), pl.Decimal(20, 2)):
        series = pl.Series([most, most + 1, 2**62 // 10**6 + 1, 0], dtype=pl.Int64).cast(dtype)
        found, odd = columns.reader(spec, dtype)(series, limits)
        assert odd is not None
        assert odd.to_list() == [False, True, True, False], dtype
        assert found[""].to_list()[::3] == [most * 10**6, 0]
    smallest = pl.Series([-(2**63), 2**63 - 1], dtype=pl.Int64)
    _, odd = columns.reader(spec, pl.Int64())(smallest, physical.Limits())
    assert odd is not None
    assert odd.all()


# ------------------------------------------------------------------------------ the shipped standards

ON = date(2026, 3, 1)


def asked_of(subject: str, industry: str | None = None) -> list[Entry]:
    """Return the rules that are in force on a *subject*."""
    kind = subject.rpartition(".")[2]
    edition = default().rulebook.edition(ON, default().chosen(industry))
    return [entry for entry in edition.entries if {kind, subject} & {*entry.rule.subjects}]


def drawer_of(subject: str, entries: list[Entry], chance: random.Random) -> Drawer:
    """Return what draws rows of the facts that the rules *entries* on *subject* read."""
    vocabulary = default().vocabulary
    wanted: set[tuple[str, str]] = set()
    near: dict[tuple[str, str], set[Any]] = {}
    for entry in entries:
        named = next(name for name in entry.rule.subjects if name in (subject, subject.rpartition(".")[2]))
        asked = [*entry.rule.conditions(), *(gate for _, gate in entry.gates)]
        wanted |= read_by(vocabulary, named, asked)
        for key, found in constants(vocabulary, named, asked).items():
            near.setdefault(key, set()).update(found)
    for kind, fact in wanted:
        if definition := vocabulary.definitions.get((kind, fact)):
            for key, found in constants(vocabulary, kind, definition.conditions).items():
                near.setdefault(key, set()).update(found)
    return Drawer(vocabulary, frozenset(wanted), near, chance)


JUDGED = [subject for subject in subjects(default().vocabulary) if asked_of(subject)]


@pytest.mark.parametrize("subject", JUDGED)
def test_the_shipped_rules_by_columns_and_by_the_engine(subject: str) -> None:
    """The engine is left with lists of substances, from which it computes GB 18218, and with seven decimal places."""
    chance = random.Random(subject)
    drawer = drawer_of(subject, asked_of(subject), chance)
    rows = [drawer.row(subject, gaps) for gaps in (0, 0.1, 0.3, 0.6) for _ in range(4)]
    frame = Framer(default().vocabulary, chance).frame(subject, rows)
    for industry in (None, chance.choice([name for name in default().industries if asked_of(subject, name)])):
        kernel = Kernel(frame.schema, subject, on=ON, industry=industry)
        assert not kernel.refused
        check(kernel, frame)
    listed = [any(name.endswith(("substances", "substances.seen")) for name in row) for row in rows]
    long = [any(re.search(r"\.\d{7}", str(value)) for value in row) for row in frame.iter_rows()]
    odd = Kernel(frame.schema, subject, on=ON).judge(frame).odd.to_list()
    assert all(o == is_listed for o, is_listed, is_long in zip(odd, listed, long, strict=True) if not is_long)


# ------------------------------------------------------------------------------------ the law of a day

DAYS = [date(2016, 1, 1), date(2017, 11, 13), date(2022, 8, 31), date(2023, 5, 15), date(2024, 4, 22), date(2026, 7, 1), None]


@pytest.mark.parametrize("on", [None, ON])
def test_each_row_is_judged_by_the_law_of_its_day(on: date | None) -> None:
    chance = random.Random(7)
    drawer = drawer_of("dust_system", asked_of("dust_system"), chance)
    rows = [drawer.row("dust_system", 0.3) for _ in range(14)]
    for row in rows:
        row.pop("inspection.date", None)
    frame = Framer(default().vocabulary, chance).frame("dust_system", rows)
    for column in ("observed_on", "inspection.date"):
        dated = frame.with_columns(pl.Series(column, [DAYS[n % len(DAYS)] for n in range(len(rows))], dtype=pl.Date))
        kernel = Kernel(dated.schema, "dust_system", on=on)
        check(kernel, dated)
        codes = kernel(dated)
        judged_by = [rule for rule in kernel.rules if codes[rule].null_count() < len(rows)]
        assert any(rule.startswith("gongmao-2017") for rule in judged_by) is (column == "observed_on" or on is None)
        assert any(rule.startswith("gongmao-2023") for rule in judged_by)
        texts = dated.with_columns(pl.col(column).dt.to_string("%Y年%m月%d日"))
        assert Kernel(texts.schema, "dust_system", on=on)(texts).equals(codes)


def test_an_inspection_without_a_date_is_of_the_day_asked_for() -> None:
    corpus = corpus_of(old=Call("lt", (Fact("updated"), Fact("inspection.date"))))
    frame = pl.DataFrame({"updated": [date(2025, 1, 1)] * 2, "inspection.date": [None, date(2024, 1, 1)]})
    kernel = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)
    assert kernel(frame)["doc-01-old"].to_list() == [1, 0]
    check(kernel, frame)


def test_a_part_is_judged_by_the_day_of_what_contains_it() -> None:
    frame = pl.DataFrame({"dust_system.observed_on": [date(2018, 1, 1), None], "observed_on": [None, ON], "id": ["a", "b"]})
    corpus = default()
    kernel = Kernel(frame.schema, "dust_link", on=ON, corpus=corpus)
    for row, day in zip(frame.iter_rows(named=True), ("2018-01-01", "2026-03-01"), strict=True):
        assert kernel.judge(frame).odd.to_list() == [False, False]
        assert by_engine(kernel, row) == kernel(frame).filter(pl.col("id") == row["id"]).drop("id", PROBLEM).row(0, named=True), day


# -------------------------------------------------------------------------------------- rows that are odd

BAD = [
    ({"method": "干法"}, "没有“干法”这个选项"),
    ({"dusts": ["木质粉尘", None]}, "没有“NoneType”这个选项"),
    ({"dusts": ["木头"]}, "没有“木头”这个选项"),
    ({"buildings_served": "两座"}, "应是一个数"),
    ({"buildings_served": "1.5"}, "应是整数"),
    ({"buildings_served": "-1"}, "不应小于 1"),
    ({"buildings_served": "2 m"}, "没有单位"),
    ({"id": " "}, "编号应是文字或数字"),
    ({"id": "a\nb"}, "编号应是文字或数字"),
    ({"observed_on": "去年"}, "不是日期"),
    ({"settling_chamber": "大概"}, "应填 是、否 或 不清楚"),
    ({"links": [{"id": "a", "via": "风机"}, {"id": "a", "via": "其他"}]}, "编号“a”出现了 2 次"),
]
GOOD = {
    "id": "a",
    "method": "干式",
    "dusts": ["木质粉尘"],
    "buildings_served": "2",
    "observed_on": "2026-03-01",
    "settling_chamber": "否",
    "links": [{"id": "a", "via": None}],
}
SCHEMA = {
    **dict.fromkeys(GOOD, pl.String),
    "dusts": pl.List(pl.String),
    "links": pl.List(pl.Struct({"id": pl.String, "via": pl.String})),
}


@pytest.mark.parametrize(("change", "reason"), BAD)
def test_a_bad_row_keeps_its_place_and_says_why(change: dict[str, Any], reason: str) -> None:
    frame = pl.DataFrame([GOOD, GOOD | change, GOOD | {"id": "c"}], schema=SCHEMA)
    kernel = Kernel(frame.schema, "dust_system", industry="dust_explosion")
    found = kernel(frame)
    assert kernel.judge(frame).odd.to_list() == [False, True, False]
    assert found[PROBLEM].is_null().to_list() == [True, False, True]
    assert reason in found[PROBLEM][1]
    assert set(found.row(1)[2:]) == {None}
    english = Kernel(frame.schema, "dust_system", industry="dust_explosion", lang="en")(frame)[PROBLEM][1]
    assert english.isascii() is False or reason not in english
    alone = Kernel(frame.schema, "dust_system", industry="dust_explosion")(frame[[0, 2]])
    assert found[[0, 2]].equals(alone)


FAR = [2**31 - 1, -(2**31), 3_000_000, -800_000]  # days before the year 1 or after 9999


@pytest.mark.parametrize("name", ["observed_on", "inspection.date", "enterprise.safety_evaluation"])
def test_a_day_that_python_cannot_hold_is_a_bad_row(name: str) -> None:
    """polars holds days and times that a date cannot; such a row is told, and stops nothing."""
    days = pl.Series([*FAR, 20_000, None], dtype=pl.Int32).cast(pl.Date)
    times = [pl.Series([2**63 - 1, 1 - 2**63, 10**18, -(10**18), 0, None]).cast(pl.Datetime(unit)) for unit in ("ms", "us")]
    for column in (days, *times):
        frame = pl.DataFrame({"method": ["干式"] * 6, name: column, "kept": column})
        kernel = Kernel(frame.schema, "dust_system", keep=["kept"])
        found = kernel(frame)
        assert found[PROBLEM].is_null().to_list() == [False] * 4 + [True] * 2
        assert name.removeprefix("inspection.") in found[PROBLEM][0]
        assert found["kept"].equals(column)
        check(kernel, frame[4:])


def test_a_part_with_a_day_that_python_cannot_hold_is_bad() -> None:
    day = pl.Series([2**31 - 1], dtype=pl.Int32).cast(pl.Date)
    frame = pl.DataFrame({"links": [pl.DataFrame({"observed_on": day}).to_struct()]})
    found = Kernel(frame.schema, "dust_system")(frame)
    assert "links[0].observed_on: 不是日期" in found[PROBLEM][0]


def test_times_with_a_zone_are_those_in_shanghai() -> None:
    corpus = corpus_of(old=Call("lt", (Fact("updated"), Const(date(2025, 1, 1)))))
    late = [datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2024, 12, 31, 16, tzinfo=UTC), None]
    for zone in ("UTC", "America/New_York"):
        frame = pl.DataFrame({"updated": pl.Series(late).dt.convert_time_zone(zone)})
        kernel = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)
        assert kernel(frame)["doc-01-old"].to_list() == [1, 0, -1]
        assert not kernel.judge(frame).odd.any()
        check(kernel, frame)


def test_a_day_observed_that_is_not_known_is_none() -> None:
    frame = pl.DataFrame({"id": ["a", "№"], "observed_on": ["", "不清楚"], "method": ["干式", "dry"]})
    kernel = Kernel(frame.schema, "dust_system")
    assert kernel(frame)[PROBLEM].to_list() == [None, None]
    check(kernel, frame)


def test_an_id_may_be_any_integer_that_a_record_takes() -> None:
    frame = pl.DataFrame({"id": pl.Series([2**127 - 1, 2**63 - 1, 7], dtype=pl.Int128)})
    kernel = Kernel(frame.schema, "dust_system")
    assert kernel(frame)[PROBLEM].is_null().to_list() == [False, True, True]
    check(kernel, frame[1:])


def test_what_is_unusual_and_right_is_judged() -> None:
    """Values that only the parser of records knows, and entries left blank, get the engine's verdicts."""
    frame = pl.DataFrame(
        {
            "id": ["甲", "№7", "a\u200bb", "c", "d"],
            "method": [" 干式 ", "dry", "Dry", "不清楚", ""],
            "dusts": ["木质粉尘;其他金属粉尘", "无", '["木质粉尘"]', "grain, starch, feed or sugar dust", "其他可燃性粉尘、木质粉尘"],
            "buildings_served": ["２", "1e0", "3.0", " 2 ", None],
            "links": [None, "[]", '[{"id": "1"}]', '{"seen": [{}]}', "无"],
        }
    )
    kernel = Kernel(frame.schema, "dust_system")
    check(kernel, frame[[0, 1, 3, 4]])
    assert kernel(frame)[PROBLEM].is_null().to_list() == [True, True, False, True, True]
    assert kernel.judge(frame).odd.to_list() == [False, True, True, True, True]


def test_a_part_left_blank_was_not_looked_at() -> None:
    """As in a record: an entry of the empty form is no part, and the list may have more."""
    one = Call("eq", (Fact("vessel_count"), Const(Decimal(1))))
    parts = [[{"id": None, "covered": None}], [{"id": "a", "covered": None}], [{"id": None, "covered": True}], [None], []]
    schema = {"vessels": pl.List(pl.Struct({"id": pl.String, "covered": pl.Boolean}))}
    frame = pl.DataFrame({"vessels": parts}, schema=schema)
    kernel = Kernel(frame.schema, "plant", on=DAY, corpus=corpus_of(one=one))
    assert kernel(frame)["doc-01-one"].to_list() == [-1, 1, 1, -1, 0]
    assert kernel.judge(frame).odd.to_list() == [True, False, False, True, False]
    check(kernel, frame)


def test_a_table_answers_only_where_no_earlier_row_may_say_otherwise() -> None:
    """A dry plant of unknown height may be of the high grade or of the middle one."""
    corpus = corpus_of(**{grade: Call("eq", (Fact("grade"), Const(grade))) for grade in ("低", "中", "高")})
    frame = pl.DataFrame({"method": ["干式", "干式", "干式", "湿式", None], "height": [None, 0.5, 2.0, None, 0.5]})
    codes = codes_of(corpus, frame)
    assert codes.rows() == [(-1, -1, -1), (0, 1, 0), (0, 0, 1), (1, 0, 0), (-1, -1, -1)]


def test_all_and_seen_of_one_list_exclude_each_other() -> None:
    parts = pl.List(pl.Struct({"id": pl.String, "covered": pl.Boolean}))
    one = [{"id": "a", "covered": True}]
    frame = pl.DataFrame({"vessels": [one, None, one, None], "vessels.seen": [None, one, one, None]}, schema=dict.fromkeys(("vessels", "vessels.seen"), parts))
    corpus = corpus_of(every=Each("vessels", Fact("covered"), None), some=Each("vessels", Fact("covered"), 1))
    found = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)(frame)
    assert found["doc-01-every"].to_list() == [1, -1, None, -1]
    assert found["doc-01-some"].to_list() == [1, 1, None, -1]
    assert "应写成列表" in found[PROBLEM][2]


# --------------------------------------------------------------------------------------- what is refused

REFUSED = [
    ({"methd": pl.String}, "methd: 除尘系统没有“methd”这一列可记，是不是“method”"),
    ({"zzz": pl.String}, "没有“zzz”这一列可记；hazardrules facts 列出可记的事实"),
    ({"method": pl.Int64}, "method: 除尘方式的列应是文字"),
    ({"settling_chamber": pl.Int8}, "应是 Boolean 或文字，而不是 Int8"),
    ({"buildings_served": pl.Float32}, "Float32 存不准一位小数"),
    ({"dusts": pl.List(pl.Int64)}, "应是文字的列表 List(String)"),
    ({"dusts.木质粉尘": pl.Boolean}, "每个词一列时，每个词都要有列；还缺：铝镁等金属粉尘"),
    ({"links": pl.List(pl.String)}, "部件清单应是结构的列表 List(Struct)"),
    ({"links": pl.List(pl.Struct({"x": pl.String}))}, "links.x: "),
    ({"id": pl.Float64}, "编号应是文字或整数，而不是 Float64"),
    ({"observed_on": pl.Int32}, "应是 Date、Datetime 或文字，而不是 Int32"),
    ({"dust_system.method": pl.String}, "没有“dust_system.method”这一列可记，是不是“method”"),
]


@pytest.mark.parametrize(("schema", "message"), REFUSED)
def test_a_column_that_means_nothing_is_refused_by_name(schema: dict[str, Any], message: str) -> None:
    with pytest.raises(FactsError) as caught:
        classify_frame(pl.LazyFrame(schema=schema), "dust_system")
    assert message in str(caught.value)
    assert caught.value.say("en") != str(caught.value)


def test_all_problems_of_the_columns_come_at_once() -> None:
    with pytest.raises(FactsError) as caught:
        classify_frame(pl.LazyFrame(schema={"a": pl.String, "b": pl.String}), "dust_system")
    assert [problem.where for problem in caught.value.problems] == ["a", "b"]


def test_subjects_and_what_contains_them_are_named() -> None:
    empty = pl.LazyFrame(schema={"id": pl.String})
    for subject, message in (
        ("dust_sistem", "没有这种对象，是不是“dust_system”"),
        ("inspection", "没有这种对象"),
        ("stored_substance", "要写明在什么里面：process_unit.stored_substance"),
        ("dust_system.stored_substance", "没有这种对象"),
    ):
        with pytest.raises(FactsError, match=re.escape(message)):
            classify_frame(empty, subject)
    with pytest.raises(FactsError, match="每行是其中的一个"):
        classify_frame(pl.LazyFrame(schema={"dust_system.links": pl.List(pl.Struct({"id": pl.String}))}), "dust_link")
    with pytest.raises(FactsError, match="没有行业"):
        classify_frame(empty, "dust_system", industry="dust")
    with pytest.raises(FactsError, match="不是日期"):
        classify_frame(empty, "dust_system", on="2026-13-01")


def test_columns_that_are_kept() -> None:
    frame = pl.DataFrame({"id": [1, 2], "plant_code": ["x", None], "method": ["干式", "湿式"]})
    found = Kernel(frame.schema, "dust_system", keep=["plant_code"])(frame)
    assert found.columns[:3] == ["id", "plant_code", PROBLEM]
    assert found["plant_code"].to_list() == ["x", None]
    assert Kernel(frame.schema, "dust_system", keep="plant_code")(frame).equals(found)
    taken = ["id", PROBLEM, "gongmao-2023-11-06"]
    for keep, message in [(["zzz"], "没有这一列"), *(([name], f"{name}: 结果里另有这个列名") for name in taken)]:
        with pytest.raises(FactsError, match=message):
            wanted = ["plant_code", *keep]
            Kernel(frame.schema | dict.fromkeys(set(keep) - {"zzz"}, pl.String()), "dust_system", keep=wanted)


def test_a_fact_that_is_kept_is_judged_too() -> None:
    frame = pl.DataFrame({"dusts": [["木质粉尘"]], "method": ["干式"], "airlock": ["未设置"]})
    found = Kernel(frame.schema, "dust_system", industry="dust_explosion", on=ON, keep=["method", "method"])(frame)
    assert found.select("method", "gongmao-2023-11-06").row(0) == ("干式", 1)


# ------------------------------------------------------------------------------------------- lazy frames


def test_a_lazy_frame_gives_what_the_kernel_gives(tmp_path: Path) -> None:
    chance = random.Random(3)
    drawer = drawer_of("dust_system", asked_of("dust_system"), chance)
    rows = [drawer.row("dust_system", 0.3) for _ in range(50)]
    frame = Framer(default().vocabulary, chance).frame("dust_system", rows)
    expected = Kernel(frame.schema, "dust_system", on=ON)(frame)
    lazy = classify_frame(frame.lazy(), "dust_system", on=ON)
    assert lazy.collect_schema() == expected.schema
    assert lazy.collect().equals(expected)
    assert lazy.collect(engine="streaming").sort("id").equals(expected.sort("id"))
    many = pl.concat([frame] * 2500)  # several batches of the streaming engine
    many.write_parquet(tmp_path / "in.parquet")
    classify_frame(pl.scan_parquet(tmp_path / "in.parquet"), "dust_system", on=ON).sink_parquet(tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").equals(pl.concat([expected] * 2500))
    hits = lazy.filter(pl.any_horizontal(pl.col("^gongmao.*$") == 1)).select("id").collect()
    assert hits.height == expected.filter(pl.any_horizontal(pl.col("^gongmao.*$") == 1)).height


def test_frames_without_rows_or_without_rules() -> None:
    empty = pl.LazyFrame(schema={"id": pl.String, "method": pl.String})
    assert classify_frame(empty, "dust_system", on=ON).collect().height == 0
    dated = pl.LazyFrame(schema={"id": pl.String, "observed_on": pl.Date})
    assert classify_frame(dated, "dust_system", on=ON).collect().height == 0
    none = classify_frame(pl.LazyFrame({"id": ["a"]}), "dust_system", on=date(1999, 1, 1)).collect()
    assert none.to_dicts() == [{"id": "a", PROBLEM: None}]
    unknown = classify_frame(pl.LazyFrame({"id": ["a", "b"]}), "dust_system", on=ON).collect()
    assert set(unknown.drop("id", PROBLEM).row(1)) <= {-1, -2, 0}


def test_which_rows_are_worth_a_full_classification() -> None:
    corpus = corpus_of(a=Fact("guarded"), b=Fact("permitted"))
    frame = pl.DataFrame({"guarded": [True, False, None, False], "permitted": [False, False, False, None]})
    kernel = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)
    codes = kernel(frame)
    assert codes.select(kernel.shown()).to_series().to_list() == [True, False, True, True]
    assert codes.select(kernel.shown(unknown=False)).to_series().to_list() == [True, False, False, False]
    nothing = kernel.shown(major=False, disputed=False, unknown=False)
    assert codes.with_columns(nothing.alias("x"))["x"].to_list() == [False] * 4


def test_eight_threads_share_a_kernel() -> None:
    chance = random.Random(5)
    drawer = drawer_of("dust_system", asked_of("dust_system"), chance)
    frames = [Framer(default().vocabulary, random.Random(0)).frame("dust_system", [drawer.row("dust_system", 0.0) for _ in range(20)]) for _ in range(8)]
    frames = [frame.select(frames[0].columns).cast(dict(frames[0].schema)) for frame in frames if set(frame.columns) == set(frames[0].columns)]
    expected = [Kernel(frame.schema, "dust_system", on=ON)(frame) for frame in frames]
    shared = Kernel(frames[0].schema, "dust_system", on=ON)
    start, interval = threading.Barrier(8), sys.getswitchinterval()

    def work(_: int) -> list[pl.DataFrame]:
        start.wait()
        return [shared(frame) for frame in frames]

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as threads:
            for found in threads.map(work, range(8)):
                assert all(one.equals(wanted) for one, wanted in zip(found, expected, strict=True))
    finally:
        sys.setswitchinterval(interval)


def test_what_columns_compute_can_be_read() -> None:
    frame = pl.DataFrame({"height": [1.0], "height_design": [1.0], "vessels": [[{"covered": True}]]})
    limit = Call("times", (Const(Decimal("1.1")), Fact("height_design")))
    kernel = Kernel(frame.schema, "plant", corpus=corpus_of(a=Call("gt", (Fact("height"), limit)), b=Each("vessels", Fact("covered"), 2)))
    assert "(col('height') * 1000 > col('height_design') * 11)" in kernel.source  # in steps of m and of cm
    assert "at least 2 vessels." in kernel.source


def test_without_polars_the_extra_is_named() -> None:
    code = "import sys; sys.modules['polars'] = None\ntry:\n import hazardrules.backends.frames\nexcept Exception as e: print(type(e).__mro__[1].__name__, e)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert "pip install 'hazardrules[frames]'" in done.stdout


# ----------------------------------------------------------------------- what columns cannot say, by name


def demanding(name: str, subject: str, when: Expr) -> Corpus:
    """Return a corpus of the shipped vocabulary with one rule."""
    clause = Clause("一", "01", (Rule(f"doc-01-{name}", (subject,), Level.MAJOR, SAYS, when=when),))
    standard = Standard("doc", "第1号", "某标准", None, "某部", DAY, InForce(), (clause,))
    return Corpus(Rulebook(default().vocabulary, (standard,), {}, {}, "made"))


def test_a_rule_that_columns_cannot_say_is_the_engines_and_named() -> None:
    frame = pl.DataFrame({"method": ["干式", "湿式", None], "grade": ["低", None, "中"]})
    corpus = corpus_of(a=Call("eq", (Fact("method"), Fact("grade"))), b=Call("eq", (Fact("method"), Const("干式"))))
    kernel = Kernel(frame.schema, "plant", on=DAY, corpus=corpus)
    assert {rule: why.zh for rule, why in kernel.refused.items()} == {"doc-01-a": "method、grade 的选项不是同一套词"}
    assert kernel(frame)["doc-01-b"].to_list() == [1, 0, -1]
    check(kernel, frame)


def test_parts_that_the_law_demands_by_name_are_counted_by_the_engine() -> None:
    """Of a mine that records only one of its five posts the others are not known, and are not forgotten."""
    posts = default().vocabulary.kinds["mine_post"].facts
    fact = next(name for name, spec in posts.items() if spec.type == "yes_no")
    when = Each("posts", Fact(fact), None)
    frame = pl.DataFrame({"id": ["a", "b"], "posts": [[{"role": "矿长", fact: True}], None]})
    kernel = Kernel(frame.schema, "underground_mine", on=DAY, corpus=demanding("all", "underground_mine", when))
    assert kernel(frame)["doc-01-all"].to_list() == [-1, -1]
    assert kernel.judge(frame).odd.to_list() == [True, False]
    part = pl.DataFrame({"role": ["矿长"], fact: [False]})
    above = demanding("all", "mine_post", Each("underground_mine.posts", Fact(fact), 1))
    kernel = Kernel(part.schema, "mine_post", on=DAY, corpus=above)
    assert [*kernel.refused] == ["doc-01-all"]
    check(kernel, part)


def test_a_rule_on_a_fact_that_only_the_engine_computes_is_the_engines() -> None:
    """The grade of the unit that holds the row's substance follows from its substances, of which the row is one."""
    grade = Call("eq", (Fact("process_unit.hazard_source_grade"), Const("一级")))
    corpus = demanding("grade", "process_unit.stored_substance", grade)
    row = {"name": "氯", "cas": "7782-50-5", "design_quantity": 9000.0, "process_unit.hazard_source_grade": "一级"}
    frame = pl.DataFrame([row, row | {"process_unit.hazard_source_grade": "四级"}])
    kernel = Kernel(frame.schema, "process_unit.stored_substance", on=DAY, corpus=corpus)
    assert [*kernel.refused] == ["doc-01-grade"]
    check(kernel, frame)


def test_the_row_itself_is_the_part_that_was_seen() -> None:
    """A question over the list in which the row hangs knows of the row, and that there may be others."""
    frame = pl.DataFrame({"id": ["a", "b", "c"], "covered": [True, False, None]})
    conditions = {"some": 1, "two": 2, "every": None}
    rules = tuple(
        Rule(f"doc-01-{name}", ("vessel",), Level.MAJOR, SAYS, when=Each("plant.vessels", Fact("covered"), least))
        for name, least in conditions.items()
    )
    standard = Standard("doc", "第1号", "某标准", None, "某部", DAY, InForce(), (Clause("一", "01", rules),))
    kernel = Kernel(frame.schema, "vessel", on=DAY, corpus=Corpus(Rulebook(VOCABULARY, (standard,), {}, {}, "made")))
    codes = kernel(frame)
    assert not kernel.judge(frame).odd.any()
    assert [codes[f"doc-01-{name}"].to_list() for name in conditions] == [[1, -1, -1], [-1, -1, -1], [-1, 0, -1]]
    check(kernel, frame)
