"""Quantities are exact in every unit, and days are counted as the law counts them."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hazardrules import FactsError, dates, units
from hazardrules.dates import NEVER_DAY, NEVER_TIME, SHANGHAI, later, parse_day, parse_time, show
from hazardrules.facts import FactSpec, Kind, Vocabulary
from hazardrules.record import read
from hazardrules.texts import Text
from hazardrules.units import Number
from strategies import VOCABULARY, examples

# ----------------------------------------------------------------------------------------------- units

#: what one of a unit is, in another unit, as everybody knows it
EQUALS = [
    ("1 cm", "10 mm"), ("1 m", "100 cm"), ("1 km", "1000 m"), ("1 hm2", "10000 m2"), ("1 km2", "100 hm2"),
    ("1 m3", "1000 L"), ("1 万m3", "10000 m3"), ("1 kg", "1000 g"), ("1 t", "1000 kg"), ("1 万t", "10000 t"),
    ("1 min", "60 s"), ("1 h", "60 min"), ("1 d", "24 h"), ("1 m3/h", "24 m3/d"), ("1 m3/min", "60 m3/h"),
    ("1 m3/s", "60 m3/min"), ("1 kPa", "1000 Pa"), ("1 MPa", "1000 kPa"), ("1 kV", "1000 V"), ("1 kW", "1000 W"),
    ("1 MW", "1000 kW"), ("1 g/m3", "1000 mg/m3"), ("1 万元", "10000 元"), ("1 %", "10 ‰"), ("1:5", "20 %"),
    ("1:1", "100 %"), ("1:2.5", "40 %"), ("1：4", "250 ‰"), ("3.2 mm", "0.32 cm"), ("0.1 m", "100 mm"),
    ("1.5 t", "1500000 g"), ("1e3 mm", "1 m"), ("+2 m", "200 cm"), ("-5 ℃", "-5.0 ℃"), ("2.50m", "250 cm"),
]  # fmt: skip

ALIASES = [
    ("毫米", "mm"), ("米", "m"), ("公里", "km"), ("平方米", "m2"), ("m²", "m2"), ("公顷", "hm2"), ("ha", "hm2"),
    ("升", "L"), ("立方米", "m3"), ("m³", "m3"), ("方", "m3"), ("万立方米", "万m3"), ("克", "g"), ("公斤", "kg"),
    ("千克", "kg"), ("吨", "t"), ("万吨", "万t"), ("秒", "s"), ("分钟", "min"), ("小时", "h"), ("天", "d"), ("日", "d"),
    ("m³/h", "m3/h"), ("兆帕", "MPa"), ("千伏", "kV"), ("伏", "V"), ("千瓦", "kW"), ("°C", "℃"), ("度", "°"),
    ("mg/m³", "mg/m3"), ("％", "%"), ("PPM", "ppm"),
]  # fmt: skip


def base(text: str) -> Number:
    """Return the quantity in *text* in the base unit of its kind."""
    parsed = units.parse(text)
    assert parsed is not None
    number, unit = parsed
    return units.to_base(number, unit and units.canonical(unit))


def unit_of(text: str) -> str | None:
    """Return the known unit in *text*."""
    parsed = units.parse(text)
    assert parsed is not None
    return units.canonical(parsed[1]) if parsed[1] else None


@pytest.mark.parametrize(("one", "other"), EQUALS)
def test_conversions(one: str, other: str) -> None:
    assert base(one) == base(other)
    units_of_both = [unit_of(one), unit_of(other)]
    assert None not in units_of_both
    assert len({units.kind_of(unit or "") for unit in units_of_both}) == 1


def test_every_unit_is_converted() -> None:
    tried = {unit_of(text) for pair in EQUALS for text in pair}
    alone = {next(iter(table)) for table in units.KINDS.values() if len(table) == 1}
    assert tried | alone | {"1:m"} >= set(units.known_units())
    assert all(isinstance(factor, int) and factor > 0 for table in units.KINDS.values() for factor in table.values())


@pytest.mark.parametrize(("alias", "unit"), ALIASES)
def test_aliases(alias: str, unit: str) -> None:
    assert units.canonical(alias) == unit
    assert base(f"1.5{alias}") == base(f"1.5 {unit}")


def test_units_are_known_once() -> None:
    assert len(units.known_units()) == len(set(units.known_units())) == sum(map(len, units.KINDS.values()))
    assert all(units.canonical(unit) == unit for unit in units.known_units())
    assert units.canonical("rod") is None
    assert units.canonical("M") is None  # case tells M from m


numbers = st.decimals(-99_999, 99_999, places=4) | st.decimals(0, 1, places=4) | st.integers(0, 1000).map(Decimal)
plain_units = st.sampled_from([unit for unit in units.known_units() if unit != "1:m"])


@given(numbers, plain_units)
@examples(300)
def test_written_and_read_back(number: Decimal, unit: str) -> None:
    """The text of a quantity is in its unit where that is exact, and reads back as the very same quantity."""
    quantity = units.to_base(number, unit)
    assert Fraction(quantity) == Fraction(number) * units.KINDS[units.kind_of(unit)][unit]
    text = units.from_base(quantity, unit)
    assert text == f"{units.plain(number)} {unit}"
    assert base(text) == quantity


@given(numbers, plain_units, plain_units)
@examples(300)
def test_written_in_another_unit(number: Decimal, unit: str, other: str) -> None:
    """A quantity stated in one unit is written exactly for a fact in another unit of its kind."""
    assume(units.kind_of(unit) == units.kind_of(other))
    quantity = units.to_base(number, unit)
    assert base(units.from_base(quantity, other)) == quantity


@given(st.decimals("0.01", 1000, places=4))
@examples(200)
def test_gradients(run: Decimal) -> None:
    slope = base(f"1:{run}")
    assert Fraction(slope) == Fraction(1000) / Fraction(run)
    assert units.from_base(slope, "1:m") == f"1:{units.plain(run)}"
    for unit in ("1:m", "%", "‰"):
        assert base(units.from_base(slope, unit)) == slope
    steeper = base(f"1:{run - Decimal('0.001')}")
    assert steeper > slope
    assert not steeper <= slope


@given(st.decimals(0, 1000, places=4), st.sampled_from(("%", "‰")))
@examples(200)
def test_a_gradient_in_percent_is_written_for_a_ratio(number: Decimal, unit: str) -> None:
    """30 % has no finite 1:m; what is written for a fact in 1:m must still be the same gradient."""
    slope = units.to_base(number, unit)
    assert base(units.from_base(slope, "1:m")) == slope


any_number = numbers | st.fractions(-1000, 1000, max_denominator=999)


@given(any_number, any_number)
@examples(300)
def test_sums_and_products_are_exact(a: Number, b: Number) -> None:
    assert Fraction(units.add(a, b)) == Fraction(a) + Fraction(b)
    assert Fraction(units.subtract(a, b)) == Fraction(a) - Fraction(b)
    assert Fraction(units.multiply(a, b)) == Fraction(a) * Fraction(b)
    assert (a < b) == (Fraction(a) < Fraction(b))
    assert (a == b) == (Fraction(a) == Fraction(b))


@given(st.decimals("1e9", "1e17", places=0), st.decimals("1e-12", "1e-3", places=15))
@examples(100)
def test_great_and_small_are_exact(great: Decimal, small: Decimal) -> None:
    assert Fraction(units.add(great, small)) == Fraction(great) + Fraction(small)
    assert Fraction(units.multiply(great, small)) == Fraction(great) * Fraction(small)
    assert Fraction(units.to_base(great, "万t")) == Fraction(great) * 10**10


def test_the_caller_s_decimal_context_changes_nothing() -> None:
    """Whatever precision the calling program has set, numbers stay exact."""
    with localcontext() as context:
        context.prec = 3
        a, b = Decimal("1234567.891"), Decimal("7654321.234")
        assert units.add(a, b) == Decimal("8888889.125")
        assert units.subtract(b, a) == Decimal("6419753.343")
        assert str(units.multiply(a, Decimal("1.1"))) == "1358024.6801"
        assert base("1234567.891 m") == Decimal(1234567891)
        assert units.from_base(Decimal(1234567891), "m") == "1234567.891 m"
        assert recorded("m", "1234567.891 m") == Decimal(1234567891)


@given(any_number)
@examples(200)
def test_plain(number: Number) -> None:
    text = units.plain(number)
    assert Fraction(text) == Fraction(number)
    assert "e" not in text.lower()
    assert "." not in text or not text.endswith("0")
    assert text != "-0"


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("30", 30, None), (" 30 ", 30, None), ("3.20 mm", "3.2", "mm"), ("3.2mm", "3.2", "mm"), ("-1.5 ℃", "-1.5", "℃"),
        ("1e3", 1000, None), ("2E-3 m", "0.002", "m"), ("0.000", 0, None), ("007", 7, None), ("5 rods", 5, "rods"),
        ("１２ m", 12, "m"), ("999999999999999999", 999999999999999999, None), ("1:4", 250, "‰"), ("1 : 8", 125, "‰"),
    ],
)  # fmt: skip
def test_numbers_read(text: str, number: Any, unit: str | None) -> None:
    parsed = units.parse(text)
    assert parsed is not None
    assert parsed[0] == Decimal(number)
    assert parsed[1] == unit


@pytest.mark.parametrize(
    "text",
    [
        "", "m", "abc", "nan", "inf", "Infinity m", "-inf", "1:0", "1:-3", "1:2:3", "2:3", "1,000", "3,2 mm", "1.2.3", "--1", "+-1",
        "0x10", "½", ".5", "5.", "1e", "1e400", "1e-400", "1234567890123456789", "0.1234567890123456789", "1_000 m",
        "1e19", "3..5 m",
    ],
)  # fmt: skip
def test_numbers_refused(text: str) -> None:
    """What is no finite number of at most 18 digits is none; or its odd rest is no known unit."""
    parsed = units.parse(text)
    assert parsed is None or (parsed[1] is not None and units.canonical(parsed[1]) is None)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", Decimal("NaN"), "1e19", 10**19, "x", ""])
def test_not_a_number(value: Any) -> None:
    assert units.decimal(value) is None


def recorded(unit: str | None, raw: Any, **more: Any) -> Any:
    """Return what a record's *raw* value of a number declared in *unit* is read as."""
    spec = FactSpec("x", "number", Text("某数", "x"), unit=unit, **more)
    kind = Kind("thing", Text("某物", "thing"), {"x": spec})
    kinds = {**{name: VOCABULARY.kinds[name] for name in ("inspection", "enterprise", "depot")}, "thing": kind}
    return read({"thing": [{"x": raw}]}, Vocabulary(kinds)).rows["thing"][0].x


@pytest.mark.parametrize(
    ("unit", "raw", "expected"),
    [
        ("m", 3, 3000), ("m", 3.2, 3200), ("m", 0.1, 100), ("m", Decimal("1.1"), 1100), ("m", "3.2 mm", "3.2"),
        ("m", "3.2", 3200), ("cm", "1.5米", 1500), ("kg", "0.5 吨", 500_000), ("%", "1:4", 250), ("1:m", "25 %", 250),
        ("1:m", "1:4", 250), ("%", 30, 300), (None, "7", 7), ("m3/h", "1 m3/min", 1440), ("℃", "-5", -5),
    ],
)  # fmt: skip
def test_recorded_numbers(unit: str | None, raw: Any, expected: Any) -> None:
    assert recorded(unit, raw) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "raw", "says"),
    [
        ("m", "3 kg", "用 m"), ("m", "3 rods", "不认识单位“rods”"), (None, "3 m", "没有单位"), ("m", "1:3", "用 m"),
        ("1:m", 3, "1:3 这样的形式"), ("1:m", "30", "1:3 这样的形式"), ("m", float("nan"), "不是有限的数"),
        ("m", float("inf"), "不是有限的数"), ("m", "inf", "不是有限的数"), ("m", True, "应是一个数"), ("m", [3], "应是一个数"),
        ("m", "三米", "应是一个数"), ("m", 10**19, "18 位"), ("m", "3,5", "m"),
    ],
)  # fmt: skip
def test_recorded_numbers_refused(unit: str | None, raw: Any, says: str) -> None:
    with pytest.raises(FactsError, match=says):
        recorded(unit, raw)


def test_whole_and_least() -> None:
    assert recorded(None, "3.0", integer=True) == 3
    with pytest.raises(FactsError, match="整数"):
        recorded(None, 2.5, integer=True)
    with pytest.raises(FactsError, match="不应小于 0"):
        recorded(None, -1, integer=True)


def test_least_in_another_unit() -> None:
    assert recorded("m", "50 cm", min="0.5") == 500
    assert recorded("m", "0.4 km", min="0.5") == 400_000
    with pytest.raises(FactsError, match=r"不应小于 0\.5"):
        recorded("m", "49 cm", min="0.5")


@given(st.floats(0.001, 9999, allow_nan=False).map(lambda x: round(x, 4)))
@examples(100)
def test_a_float_counts_as_it_is_written(number: float) -> None:
    """0.1 in Python means 0.1, not the binary fraction beside it."""
    assert recorded("m", number) == recorded("m", repr(number))


# ----------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("day", "count", "period", "expected"),
    [
        ("2026-01-31", 1, "months", "2026-02-28"), ("2024-01-31", 1, "months", "2024-02-29"),
        ("2026-01-30", 1, "months", "2026-02-28"), ("2026-03-31", 1, "month", "2026-04-30"),
        ("2026-11-30", 3, "months", "2027-02-28"), ("2023-11-30", 3, "months", "2024-02-29"),
        ("2026-12-15", 1, "months", "2027-01-15"), ("2026-08-31", 18, "months", "2028-02-29"),
        ("2024-02-29", 1, "years", "2025-02-28"), ("2024-02-29", 4, "years", "2028-02-29"),
        ("2026-02-28", 1, "year", "2027-02-28"), ("2026-02-28", 1, "months", "2026-03-28"),
        ("2026-02-28", 1, "day", "2026-03-01"), ("2024-02-28", 2, "days", "2024-03-01"),
        ("2026-12-31", 1, "days", "2027-01-01"), ("2026-03-01", 0, "months", "2026-03-01"),
    ],
)  # fmt: skip
def test_periods(day: str, count: int, period: str, expected: str) -> None:
    assert later(date.fromisoformat(day), count, period) == date.fromisoformat(expected)


days = st.dates(date(1900, 1, 1), date(2900, 12, 31))
periods = st.sampled_from(("days", "months", "years"))


@given(days, days, st.integers(0, 600), periods)
@examples(300)
def test_periods_keep_the_order(one: date, other: date, count: int, period: str) -> None:
    first, second = sorted((one, other))
    assert later(first, count, period) <= later(second, count, period)
    assert later(first, count, period) >= first
    assert later(first, count + 1, period) > later(first, count, period)


@given(days, st.integers(0, 600))
@examples(200)
def test_months_end_in_the_right_month(day: date, count: int) -> None:
    """The month is exactly *count* later; the day is the same, or the last one of a shorter month."""
    moved = later(day, count, "months")
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
    assert later(day, count, "years") == later(day, 12 * count, "months")
    assert later(day, count, "days") - day == timedelta(days=count)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1)), st.integers(0, 100), periods)
@examples(100)
def test_periods_keep_the_time_of_day(moment: datetime, count: int, period: str) -> None:
    moved = later(moment, count, period)
    assert isinstance(moved, datetime)
    assert moved.time() == moment.time()
    assert moved.date() == later(moment.date(), count, period)


def test_what_never_happened_is_long_past() -> None:
    for never in (NEVER_DAY, NEVER_TIME):
        assert show(never) == "从未"
        for count, period in ((3, "years"), (600, "months"), (36500, "days")):
            assert later(never, count, period) < type(never)(1900, 1, 1)
    assert parse_day("从未") is None  # only a fact that may be so says it
    assert parse_day(NEVER_DAY) is None
    assert parse_time(NEVER_TIME) is None


@pytest.mark.parametrize(("count", "period"), [(10**4, "years"), (10**6, "months"), (10**7, "days"), (10**12, "days")])
def test_beyond_the_calendar(count: int, period: str) -> None:
    assert later(date(2026, 3, 1), count, period) == date.max
    assert later(datetime(2026, 3, 1, 8), count, period) == datetime.max


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01", "2026-3-1", "2026/3/1", "2026.03.01", "2026年3月1日", "2026年03月01", " 2026-03-01 ", "2026 年 3 月 1 日",
        "２０２６-０３-０１",
    ],
)  # fmt: skip
def test_days_read(text: str) -> None:
    assert parse_day(text) == date(2026, 3, 1)


IMPOSSIBLE = [
    "2026-02-29", "2026-02-30", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32",
    "1899-12-31", "3000-01-01", "0001-01-01", "26-03-01", "2026-03", "20260301", "March 1", "昨天", "", "从来没有",
    "2026-03-01 08:30",
]  # fmt: skip


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_impossible_days(text: str) -> None:
    assert parse_day(text) is None
    assert parse_time(f"{text} 08:30") is None


@pytest.mark.parametrize("value", [20260301, 2026.0, True, None, [], date(1500, 1, 1), date.max])
def test_no_days(value: object) -> None:
    assert parse_day(value) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 08:30", (2026, 3, 1, 8, 30)), ("2026-03-01T08:30", (2026, 3, 1, 8, 30)),
        ("2026年3月1日 8：30", (2026, 3, 1, 8, 30)), ("2026-03-01 08:30:59", (2026, 3, 1, 8, 30)),
        ("2026-03-01 00:00", (2026, 3, 1, 0, 0)), ("2026-03-01 23:59", (2026, 3, 1, 23, 59)),
        ("2026-03-01T00:30Z", (2026, 3, 1, 8, 30)), ("2026-02-28T23:30Z", (2026, 3, 1, 7, 30)),
        ("2026-03-01T08:30+08:00", (2026, 3, 1, 8, 30)), ("2026-03-01T08:30+0900", (2026, 3, 1, 7, 30)),
        ("2026-03-01T00:00:00.000-05:00", (2026, 3, 1, 13, 0)), ("2026-03-01 08:30+05:30", (2026, 3, 1, 11, 0)),
    ],
)  # fmt: skip
def test_times_read(text: str, expected: tuple[int, ...]) -> None:
    assert parse_time(text) == datetime(*expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01", "08:30", "2026-03-01 24:00", "2026-03-01 8:60", "2026-03-01 8:5", "2026-03-01 08:30:60",
        "2026-03-01 08:30+99:00", "2026-03-01 08:30+24:00", "2026-03-01 08:30+08:60", "2026-03-01 08:30 CST", "", "从未",
    ],
)  # fmt: skip
def test_impossible_times(text: str) -> None:
    assert parse_time(text) is None


@given(st.datetimes(datetime(1901, 1, 1), datetime(2998, 1, 1)), st.integers(-12 * 60, 14 * 60))
@examples(200)
def test_every_zone_is_shanghai_time(moment: datetime, offset: int) -> None:
    """A time with a zone is the same instant in Shanghai, and its day is the day there."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    expected = (aware.astimezone(UTC) + timedelta(hours=8)).replace(second=0, microsecond=0, tzinfo=None)
    assert parse_time(aware) == expected
    assert parse_day(aware) == expected.date()
    assert parse_time(aware.isoformat(timespec="seconds")) == expected


def test_a_naive_time_is_shanghai_time() -> None:
    assert parse_time(datetime(2026, 3, 1, 8, 30, 59, 1)) == datetime(2026, 3, 1, 8, 30)
    assert SHANGHAI.utcoffset(None) == timedelta(hours=8)


@pytest.mark.parametrize(
    "moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))]
)
def test_times_at_the_ends_of_the_calendar(moment: datetime) -> None:
    assert parse_time(moment) is None
    assert parse_day(moment) is None


def test_today_is_the_day_in_shanghai() -> None:
    before = (datetime.now(UTC) + timedelta(hours=8)).date()
    found = dates.today()
    after = (datetime.now(UTC) + timedelta(hours=8)).date()
    assert before <= found <= after


@given(days, st.times())
@examples(200)
def test_shown_and_read_back(day: date, clock: Any) -> None:
    assert parse_day(show(day)) == day
    moment = datetime.combine(day, clock).replace(second=0, microsecond=0)
    assert parse_time(show(moment)) == moment


# ------------------------------------------------------------------------------------ dates in records


def plant(**facts: Any) -> Any:
    """Return the row of a plant of which *facts* are recorded."""
    return read({"plant": [facts]}, VOCABULARY).rows["plant"][0]


@pytest.mark.parametrize("word", ["从未", "never", " Never "])
def test_never(word: str) -> None:
    assert plant(updated=word).updated == NEVER_DAY
    assert plant(started=word).started == NEVER_TIME
    for fact in ("checked", "ended"):
        with pytest.raises(FactsError, match="应写成 2026-03-01"):
            plant(**{fact: word})


@pytest.mark.parametrize("text", [text for text in IMPOSSIBLE if text])
def test_impossible_days_are_told(text: str) -> None:
    with pytest.raises(FactsError) as caught:
        plant(updated=text, id="A")
    (problem,) = caught.value.problems
    assert problem.where == "plant[A].updated"
    assert text in problem.message.zh
    assert "2026-03-01" in problem.message.zh
    assert "从未" in problem.message.zh
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_times_are_told() -> None:
    with pytest.raises(FactsError, match="2026-03-01 08:30"):
        plant(ended="2026-03-01")
    assert plant(ended="2026-03-01 8:05").ended == datetime(2026, 3, 1, 8, 5)
    assert plant(checked=datetime(2026, 2, 28, 23, 30, tzinfo=UTC)).checked == date(2026, 3, 1)
