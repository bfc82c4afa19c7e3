"""GB 18218-2018: the figures, inventories worked out by hand, every trap, and what must always hold.

The working of each inventory stands beside it: q/Q, then β·q/Q, then R = α × the sum.
"""

from __future__ import annotations

import json
import pickle
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hazardrules as hr
from hazardrules.cli import main
from hazardrules.completions.gb18218_tables import cas_numbers, plain_name
from hazardrules.facts import Vocabulary
from hazardrules.hazard_source import of_file
from hazardrules.reading import read_file

TABLES = hr.default().vocabulary.tables["gb18218-2018"]
EXAMPLES = Path(__file__).parents[1] / "examples"

#: Q of table 1, rows 1 to 85
Q = (
    "10 1 1 20 1 0.3 10 5 1 5 20 5 20 1 1 1 10 20 20 1 20 20 100 1 1 75 20 20 20 0.75 0.5 0.5 0.5 5 5 1 1 1 10 50 50 "
    "50 5 50 200 1000 5 50 50 50 5 50 5 1 50 200 50 500 500 50 50 500 10 500 500 200 500 10 500 500 10 10 50 1 1 20 "
    "20 100 100 20 100 50 100 1 10"
).split()
#: CAS numbers of table 1, a row's joined by /
CAS = (
    "7664-41-7 7783-41-7 10102-44-0 7446-09-5 7782-41-4 75-44-5 75-21-8 50-00-0 7803-51-2 7783-06-4 7647-01-0 "
    "7782-50-5 - 7784-42-1 7803-52-3 7783-07-5 74-83-9 75-86-5 107-02-8 7664-39-3 106-89-8 3132-64-7 26471-62-5 "
    "10025-67-9 74-90-8 7446-11-9 107-11-9 7726-95-6 151-56-4 624-83-9 18810-58-7 13424-46-9 628-86-4 28653-16-9 "
    "118-96-7 55-63-0 9004-70-0 9004-70-0 9004-70-0 9004-70-0 9004-70-0 9004-70-0 6484-52-2 6484-52-2 - 7757-79-1 "
    "106-99-0 115-10-6 74-82-8/8006-14-2 75-01-4 1333-74-0 68476-85-7/74-98-6/106-97-8 74-89-5 74-86-2 74-85-1 "
    "7782-44-7 71-43-2 100-42-5 67-64-1 107-13-1 75-15-0 110-82-7 75-56-9 108-88-3 67-56-1 86290-81-5 64-17-5 "
    "60-29-7 141-78-6 110-54-3 79-21-0 1338-23-4 12185-10-3 - 19624-22-7 17014-71-0 1313-60-6 3811-04-9 7775-09-9 "
    "52583-42-3 7697-37-2 506-93-4 75-20-7 7440-09-7 7440-23-5"
).split()
#: class → Q, β
CLASSES = {
    "J1": ("5", "4"), "J2": ("50", "1"), "J3": ("50", "2"), "J4": ("50", "2"), "J5": ("500", "1"),
    "W1.1": ("1", "2"), "W1.2": ("10", "2"), "W1.3": ("50", "2"), "W2": ("10", "1.5"), "W3": ("150", "1"),
    "W4": ("50", "1"), "W5.1": ("10", "1.5"), "W5.2": ("50", "1"), "W5.3": ("1000", "1"), "W5.4": ("5000", "1"),
    "W6.1": ("10", "1.5"), "W6.2": ("50", "1"), "W7.1": ("10", "1.5"), "W7.2": ("50", "1"), "W8": ("50", "1"),
    "W9.1": ("50", "1"), "W9.2": ("200", "1"), "W10": ("200", "1"), "W11": ("200", "1"),
}  # fmt: skip
BETA = {
    "一氧化碳": 2, "二氧化硫": 2, "氨": 2, "环氧乙烷": 2, "氯化氢": 3, "溴甲烷": 3, "氯": 4, "硫化氢": 5, "氟化氢": 5,
    "二氧化氮": 10, "氰化氢": 10, "碳酰氯": 20, "磷化氢": 20, "异氰酸甲酯": 20,
}  # fmt: skip
ALL_BETAS = (Fraction(1), Fraction(3, 2), Fraction(2), Fraction(4))
XYLENE = "1330-20-7"  # in no row of table 1
NITROCELLULOSE, AMMONIUM_NITRATE = range(37, 43), range(43, 45)


def found(*substances: dict[str, Any], people: int | None = 0, **more: Any) -> hr.MajorHazardSource:
    return hr.major_hazard_source(list(substances), people, **more)


def of(name: str, tonnes: Any, *classes: str, **more: Any) -> dict[str, Any]:
    """Return a substance as a record writes it; a name that looks like a CAS number is one."""
    key = "cas" if name[0].isdigit() and name.count("-") == 2 and cas_numbers(name) else "name"
    return {key: name, "design_quantity": tonnes, **({"hazard_classes": list(classes)} if classes else {}), **more}


# -------------------------------------------------------------------------------------- figures


def test_table_1() -> None:
    rows = TABLES["table1"]
    assert [row["no"] for row in rows] == list(range(1, 86))
    assert [row["q"] for row in rows] == [Decimal(q) for q in Q]
    assert ["/".join(row["cas"]) or "-" for row in rows] == CAS


def test_classes() -> None:
    assert {row["symbol"]: (row["q"], row["beta"]) for row in TABLES["classes"]} == {
        symbol: (Decimal(q), Decimal(beta)) for symbol, (q, beta) in CLASSES.items()
    }


def test_the_form_offers_every_class() -> None:
    words = hr.default().vocabulary.kinds["stored_substance"].facts["hazard_classes"].values
    for word, symbol in zip(words, CLASSES, strict=True):
        assert word.startswith(symbol)
        assert not word[len(symbol)].isascii()


def test_small_tables() -> None:
    assert {row["name"]: row["beta"] for row in TABLES["table3"]} == BETA
    assert [(row["from"], row["alpha"]) for row in TABLES["table5"]] == [
        (100, 2), (50, Decimal("1.5")), (30, Decimal("1.2")), (1, 1), (0, Decimal("0.5")),
    ]  # fmt: skip
    assert [(row["grade"], row["from"]) for row in TABLES["table6"]] == [
        ("一级", 100), ("二级", 50), ("三级", 10), ("四级", None),
    ]  # fmt: skip


def test_every_cas_number_checks() -> None:
    for row in (*TABLES["table1"], *TABLES["table3"]):
        for cas in (*row["cas"], *row.get("other_cas", ())):
            assert cas_numbers(cas) == {cas}


def test_a_name_means_one_row_but_for_what_shares_it() -> None:
    owners: dict[str, list[int]] = {}
    for row in TABLES["table1"]:
        for name in {plain_name(name) for name in (row["name"], *row["alias"], *row["names"])}:
            owners.setdefault(name, []).append(row["no"])
    assert {name: rows for name, rows in owners.items() if len(rows) > 1} == {
        "硝化棉": [37, 38, 39, 40, 41],
        "硝化纤维素": [37, 38, 39, 40, 41],
        "硝酸铵": [43, 44],
    }


def test_what_rests_on_memory_is_marked() -> None:
    unverified = {name for name, reading in TABLES["readings"].items() if reading["status"]}
    assert unverified == {"scope", "unit", "several_classes", "mixture"}


def test_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TABLES["table1"][0]["q"] = Decimal(1)


def test_tables_are_part_of_the_fingerprint(tmp_path: Path) -> None:
    import shutil

    source = Path(__file__).parents[1] / "standards"
    for folder in ("facts", "lists", "tables"):
        shutil.copytree(source / folder, tmp_path / "s" / folder)
    before = hr.load(tmp_path / "s").rulebook.fingerprint
    table = tmp_path / "s" / "tables" / "gb18218-2018.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace("q: 7.5", "q: 8").replace("q: 75", "q: 76"), "utf-8")
    after = hr.load(tmp_path / "s")
    assert before != after.rulebook.fingerprint
    sulphur_trioxide = [of("三氧化硫", 76)]
    assert hr.major_hazard_source(sulphur_trioxide, 0, corpus=after).S == 1
    table.unlink()
    with pytest.raises(hr.StandardsError, match=r"gb18218-2018\.yaml"):
        hr.load(tmp_path / "s")


# --------------------------------------------------------------- every row by name, alias and CAS


@pytest.mark.parametrize("row", TABLES["table1"], ids=lambda row: str(row["no"]))
def test_every_row_is_found_by_its_names(row: Any) -> None:
    for name in (row["name"], *row["alias"]):
        if name == "硝化棉":
            continue
        result = found(of(name, row["q"], "W10"))
        assert (result.S, result.terms[0].ways[0].row.no) == (1, row["no"])  # type: ignore[union-attr]


@pytest.mark.parametrize("row", TABLES["table1"], ids=lambda row: str(row["no"]))
def test_every_row_is_found_by_its_cas_number(row: Any) -> None:
    for cas in row["cas"]:
        result = found(of(cas, row["q"]))
        if row["no"] in (*NITROCELLULOSE, *AMMONIUM_NITRATE):
            assert result.S is None
            assert result.grade is None or result.grade != "不构成"
        else:
            assert result.S == 1


@pytest.mark.parametrize(("name", "beta"), BETA.items())
def test_every_listed_gas_has_its_beta(name: str, beta: int) -> None:
    result = found(of(name, 20, "W10"), people=1)
    assert result.terms[0].weighted.exact == beta * result.S  # type: ignore[operator]


@pytest.mark.parametrize("symbol", CLASSES)
def test_every_class(symbol: str) -> None:
    q, beta = map(Decimal, CLASSES[symbol])
    result = found(of("330-54-1", 2 * q, symbol), people=1)
    assert (result.S, result.R) == (2, 2 * beta)


@pytest.mark.parametrize(
    ("people", "alpha"),
    [(0, "0.5"), (1, "1"), (29, "1"), (30, "1.2"), (49, "1.2"), (50, "1.5"), (99, "1.5"), (100, "2"), (9000, "2")],
)
def test_alpha(people: int, alpha: str) -> None:
    result = found(of("液氯", 5), people=people)
    assert (result.alpha, result.R) == (Decimal(alpha), 4 * Decimal(alpha))


# -------------------------------------------------------------------- inventories worked by hand


def test_chlorine_and_methanol() -> None:
    # 液氯 60/5 = 12, β 4 (table 3) → 48;  甲醇 60/500 = 0.12, β 1 (W5.3) → 0.12
    # S = 12.12;  60 people: α = 1.5;  R = 1.5 × 48.12 = 72.18 → 50 ≤ R < 100
    result = found(of("液氯", 60, "J3"), of("甲醇", 60, "W5.3"), people=60)
    assert (result.S, result.R, result.grade) == (Decimal("12.12"), Decimal("72.18"), "二级")
    assert (result.is_source, result.questions, result.possible) == (True, (), ("二级",))


def test_liquefied_petroleum_gas() -> None:
    # 液化石油气 1000/50 = 20, β 1.5 (W2) → 30;  丙烯 (not in table 1) W2: 300/10 = 30, β 1.5 → 45
    # S = 50;  120 people: α = 2;  R = 2 × 75 = 150 → 一级;  nobody: R = 37.5 → 三级;  20 people: R = 75 → 二级
    stock = [of("68476-85-7", 1000, "W2"), of("115-07-1", 300, "W2")]
    assert (found(*stock, people=120).S, found(*stock, people=120).R) == (50, 150)
    assert [found(*stock, people=people).grade for people in (120, 20, 0)] == ["一级", "二级", "三级"]


def test_solvents_below_the_threshold() -> None:
    # 丙酮 100/500 = 0.2;  甲苯 150/500 = 0.3;  乙醇 200/500 = 0.4;  S = 0.9 < 1
    result = found(of("丙酮", 100, "W5.3"), of("甲苯", 150, "W5.3"), of("乙醇", 200, "W5.3"), people=500)
    assert (result.S, result.grade, result.is_source) == (Decimal("0.9"), "不构成", False)


def test_grade_four_has_no_lower_limit() -> None:
    # 苯 55/50 = 1.1, β 1;  nobody within 500 m: α = 0.5;  R = 0.55 < 1, and yet S ≥ 1
    result = found(of("苯", 55, "W5.3"), people=0)
    assert (result.S, result.R, result.grade) == (Decimal("1.1"), Decimal("0.55"), "四级")


def test_grade_four_needs_s() -> None:
    # 碳酰氯 0.27/0.3 = 0.9, β 20 → 18;  α = 2;  R = 36 would be 三级, but S < 1
    result = found(of("光气", Decimal("0.27")), people=100)
    assert (result.S, result.R, result.grade) == (Decimal("0.9"), 36, "不构成")


def test_mixed_works() -> None:
    # 氨 24/10 = 2.4, β 2 → 4.8;  氢 0.5/5 = 0.1, β 1.5 → 0.15;  硝酸(>70%) 30/100 = 0.3, β 1 (W9.1) → 0.3
    # 环氧乙烷 3/10 = 0.3, β 2 by name (not 1.5 by W2) → 0.6;  二甲苯 W5.4: 1000/5000 = 0.2, β 1 → 0.2
    # S = 3.3;  Σ = 6.05;  35 people: α = 1.2;  R = 7.26 → 四级
    result = found(
        of("液氨", 24, "J3", "W2"),
        of("氢气", Decimal("0.5"), "W2"),
        of("硝酸（发红烟的除外，含硝酸＞70%）", 30, "W9.1"),
        of("环氧乙烷", 3, "W2", "J3"),
        of(XYLENE, 1000, "W5.4"),
        people=35,
    )
    assert (result.S, result.R, result.grade) == (Decimal("3.3"), Decimal("7.26"), "四级")


def test_thirds_are_exact() -> None:
    # 三氧化硫 25/75 = 1/3;  异氰酸甲酯 0.5/0.75 = 2/3;  S = 1 exactly, which no decimal sum of thirds gives
    whole = found(of("三氧化硫", 25, "J5"), of("异氰酸甲酯", Decimal("0.5"), "J2"), people=1)
    # Σ = 1/3 × 1 + 2/3 × 20 = 41/3;  α = 1
    assert (whole.S, whole.R, whole.grade) == (1, Fraction(41, 3), "三级")
    less = found(of("三氧化硫", Decimal("24.999999999"), "J5"), of("异氰酸甲酯", Decimal("0.5"), "J2"), people=1)
    assert less.grade == "不构成"


# ------------------------------------------------------------------------------------ boundaries


@pytest.mark.parametrize(
    ("tonnes", "grade"),
    [
        # 液氯: S = q/5;  R = 1 × 4 × q/5 = 0.8 q
        ("4.99999999", "不构成"),
        ("5", "四级"),  # S = 1
        ("12.49999999", "四级"),
        ("12.5", "三级"),  # R = 10
        ("62.49999999", "三级"),
        ("62.5", "二级"),  # R = 50
        ("124.99999999", "二级"),
        ("125", "一级"),  # R = 100
    ],
)
def test_boundaries(tonnes: str, grade: str) -> None:
    assert found(of("液氯", Decimal(tonnes)), people=29).grade == grade


def test_units_are_converted() -> None:
    assert found(of("液氯", "5000 kg"), people=1).S == 1
    assert found(of("液氯", "0.0005 万t"), people=1).S == 1


# ----------------------------------------------------------------------------------------- traps


def test_q_is_the_design_maximum() -> None:
    """What lies there on the day is another fact and never counts."""
    with pytest.raises(hr.FactsError, match="design_quantity"):
        found({"name": "液氯", "quantity": 5})
    farm = {"quantity": 3, "exposed_population": 10, "substances": [of("液氯", 60)]}
    assert grade_of(farm) == "三级"  # 60/5 × 4 = 48


def test_a_listed_substance_comes_before_its_class() -> None:
    assert found(of("甲醇", 500, "W5.3")).S == 1  # not 500/1000
    assert found(of("硝酸钾", 1000, "W9.2")).S == 1  # not 1000/200
    assert found(of("1,3-丁二烯", 5, "W2")).S == 1  # not 5/10


def test_a_named_toxic_gas_comes_before_its_class() -> None:
    assert found(of("液氯", 5, "J3"), people=1).R == 4  # not 2
    assert found(of("环氧乙烷", 10, "W2", "J3"), people=1).R == 2  # not 1.5
    assert found(of("磷化氢", 1, "J1", "W2"), people=1).R == 20  # not 4
    assert found(of("砷化氢", 1, "J1"), people=1).R == 4  # toxic, but not in table 3


def test_carbon_monoxide_is_coal_gas_but_coal_gas_is_no_named_gas() -> None:
    assert (found(of("一氧化碳", 20, "W2"), people=1).S, found(of("一氧化碳", 20, "W2"), people=1).R) == (1, 2)
    assert (found(of("630-08-0", 20), people=1).S, found(of("630-08-0", 20), people=1).R) == (1, 2)
    assert found(of("煤气", 20, "W2"), people=1).R == Decimal("1.5")


def test_the_lowest_q_of_several_classes() -> None:
    result = found(of("78-10-4", 100, "W5.4", "J5", "W10"))  # 5000, 500 and 200
    assert (result.S, result.terms[0].ways[0].symbol) == (Decimal("0.5"), "W10")
    assert "未与原文核实" in result.working()[-1]  # clause 4.1.2 from memory


def test_several_classes_with_different_beta_are_all_possible() -> None:
    # J3: β 2;  W2: β 1.5, Q 10;  40/10 = 4;  Σ = 6 … 8;  α = 1.5
    result = found(of("74-93-1", 40, "J3", "W2"), people=60)
    assert (result.S, result.R) == (4, None)
    assert (result.assessment.r.least, result.assessment.r.most) == (9, 12)
    assert (result.possible, result.grade) == (("三级", "四级"), None)
    assert found(of("74-93-1", 40, "J3", "W2"), people=10).grade == "四级"  # 6 … 8: certain all the same


@pytest.mark.parametrize(
    ("mixture", "classes", "s"),
    [
        ("同类混合物", ["W5.3"], Decimal(2)),  # the whole mixture is methanol: 1000/500
        ("异类混合物", ["W5.4"], Decimal("0.2")),  # by its own class: 1000/5000
        ("异类混合物", [], Decimal(0)),  # in no class: does not count
        ("纯物质", ["W5.3"], Decimal(2)),
    ],
)
def test_mixtures(mixture: str, classes: list[str], s: Decimal) -> None:
    assert found(of("甲醇", 1000, mixture=mixture, hazard_classes=classes)).S == s


def test_a_mixture_of_another_class_has_not_the_beta_of_the_gas() -> None:
    result = found(of("氨", 100, "W4", mixture="异类混合物"), people=1)
    assert (result.S, result.R) == (2, 2)  # W4: Q 50, β 1; not Q 10, β 2


def test_a_mixture_without_class_is_unknown() -> None:
    assert found(of("甲醇", 1000, mixture="异类混合物")).S is None


@pytest.mark.parametrize("name", ["9004-70-0", "硝化棉", "硝化纤维素"])
def test_cas_does_not_decide_nitrocellulose(name: str) -> None:
    result = found(of(name, 45, "W10"), people=1)  # Q 1, 10 or 50
    assert (result.S, result.grade) == (None, None)
    assert result.assessment.s.least == Fraction(45, 50)
    assert found(of(name, 50, "W10"), people=1).is_source is True


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("硝化纤维素[干的或含水(或乙醇)<25%]", 1),
        ("硝化棉（含乙醇≥25%）", 10),
        ("硝化纤维素（含水 >= 25%）", 50),
        ("硝化棉溶液", 50),
        ("硝化纤维素(含氮≤12.6%)", 50),
        ("硝化棉（未改型的，或增塑的，含增塑剂<18%）", 1),
    ],
)
def test_the_full_name_decides_nitrocellulose(name: str, limit: int) -> None:
    assert found(of(name, limit, "W10", cas="9004-70-0")).S == 1


def test_cas_does_not_decide_ammonium_nitrate() -> None:
    for substance in (of("6484-52-2", 30, "W9.2"), of("硝酸铵", 30, "W9.2"), of("硝酸铵", 30, "W9.2", cas="6484-52-2")):
        result = found(substance, people=1)  # 30/50 or 30/5
        assert (result.S, result.is_source, result.grade) == (None, None, None)
        assert "第43、44项" in result.questions[0]
    assert found(of("硝酸铵（含可燃物≤0.2%）", 50, "W9.2")).S == 1
    assert found(of("硝酸铵(含可燃物＞0.2%)", 5, "W1.1", cas="6484-52-2")).S == 1
    assert found(of("硝酸铵肥料(含可燃物≤0.4%)", 200, "W9.2", cas="6484-52-2")).S == 1


def test_undecided_rows_never_make_it_no_source() -> None:
    result = found(of("6484-52-2", 1, "W9.2"))  # 1/50 or 1/5: below 1 either way, but not known
    assert (result.S, result.grade, result.is_source) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "cas"), [("盐酸", "7647-01-0"), ("37%甲醛溶液", "50-00-0"), ("稀硝酸", "7697-37-2"), ("甲醛", "50-00-0")]
)
def test_a_solution_is_not_the_row_that_shares_its_cas_number(name: str, cas: str) -> None:
    assert found(of(name, 500, cas=cas)).S is None
    assert found(of(name, 500, cas=cas, hazard_classes=[], mixture="异类混合物")).grade == "不构成"
    assert found(of(name, 500, cas=cas, mixture="纯物质")).is_source is True


@pytest.mark.parametrize("name", ["甲醛", "硝酸", "过氧化甲基乙基酮"])
def test_a_name_without_its_condition_does_not_decide(name: str) -> None:
    result = found(of(name, 150, "W9.2"))  # 硝酸: 150/100 or, by its class, 150/200
    assert (result.S, result.grade) == (None, None)


@pytest.mark.parametrize("name", ["液氢", "LPG", "氯乙", "甲醇溶液", "工业酒精", "苯酚"])
def test_a_name_that_resembles_is_not_matched(name: str) -> None:
    result = found(of(name, 100, "W5.4"))
    assert [way.row for way in result.terms[0].ways] == [None]
    assert result.S == Decimal("0.02")
    assert result.grade is None  # below 1, but it may be a listed substance by another name
    assert "CAS" in result.questions[0]


def test_names_are_matched_however_they_are_typed() -> None:
    assert found(of(" 液 氯 ", 5)).S == 1
    assert found(of("tdi", 100, "J5")).S == 1
    assert found(of("１，３-丁二烯", 5, "W2")).S == 1
    assert found({"cas": "CAS：7782–50–5", "design_quantity": 5}).S == 1


@pytest.mark.parametrize(
    "substance",
    [
        of("某新物质", 100_000),  # neither listed nor classed
        of(XYLENE, 100_000),
        {"design_quantity": 100_000, "hazard_classes": ["W5.3"]},  # neither name nor number
        of("液氯", 100, cas="71-43-2"),  # benzene's number
        of("液氯", 100, cas="7782-50-4"),  # a slip: the check digit is wrong
        of("氨", 100, cas="1336-21-6"),  # ammonia water
        {"name": "某物", "cas": "见说明书", "design_quantity": 1, "hazard_classes": ["W5.3"]},
    ],
)
def test_an_unknown_substance_leaves_all_unknown(substance: dict[str, Any]) -> None:
    result = found(substance, people=200)
    assert (result.S, result.R, result.grade, result.is_source) == (None, None, None, None)
    assert result.possible == ("一级", "二级", "三级", "四级", "不构成")
    assert len(result.questions) >= 1


def test_groups_have_more_than_the_printed_numbers() -> None:
    assert found(of("烷基铝", 1, "W8", cas="97-93-8")).S == 1  # triethylaluminium
    assert found(of("丁烷", 50, "W2", cas="75-28-5")).S == 1  # isobutane
    result = found(of("三乙基铝", 1, "W8", "W11", cas="97-93-8"))
    assert result.S == Decimal("0.02")
    assert "烷基铝" in result.working()[-1]  # a hint, for Q would be 1 t


def test_a_hint_at_what_has_no_cas_number_needs_all_its_classes() -> None:
    for classes in (["W8"], ["W11"], []):
        assert "烷基铝" not in found({"name": "某物", "design_quantity": 1, "hazard_classes": classes}).working()[-1]
    assert "烷基铝" in found(of("某物", 1, "W8", "W10", "W11")).working()[-1]


def test_notes_stand_where_they_matter() -> None:
    def notes(*substance: dict[str, Any]) -> str:
        return "".join(text.zh for text in found(*substance).terms[0].notes)

    assert notes(of("苯", 1, "W5.3", cas="71-43-2")) == ""
    assert notes(of("苯", 1, "W5.3", "J5")) == ""  # listed: no lowest Q is sought
    assert notes(of(XYLENE, 1, "W5.4")) == ""
    assert "4.1.2" in notes(of(XYLENE, 1, "W5.4", "W10"))
    assert notes(of("石油苯", 1, "W5.3", cas="71-43-2")) == "品名不是表1里的叫法，按CAS号认定"
    assert notes(of("盐酸", 1, cas="7647-01-0")) == ""
    assert "4.2.3" in notes(of("甲醇", 1, mixture="同类混合物"))
    assert notes(of("甲醇", 1, mixture="纯物质")) == ""


def test_questions_stand_where_they_matter() -> None:
    def asked(substance: dict[str, Any]) -> list[str]:
        return [text.zh for text in found(substance).terms[0].open]

    assert asked({"name": "盐酸", "cas": "7647-01-0", "hazard_classes": []})[-1] == "缺设计最大量"
    assert "表3、表4都没有它的校正系数β" in asked({"name": "硝酸", "design_quantity": 1, "hazard_classes": []})
    assert asked({"name": "苯", "design_quantity": 1}) == ["缺危险性类别，校正系数β定不了"]
    assert asked({"cas": XYLENE, "design_quantity": 1}) == ["缺危险性类别，临界量定不了"]
    assert asked(of("苯", 1, "W5.3")) == []


@pytest.mark.parametrize("one", CLASSES)
@pytest.mark.parametrize("other", ["J1", "W2", "W10"])
def test_two_classes(one: str, other: str) -> None:
    way = found(of("330-54-1", 1, one, other)).terms[0].ways[0]
    pairs = [tuple(map(Fraction, CLASSES[symbol])) for symbol in (one, other)]
    assert way.limit == min(limit for limit, _ in pairs)
    assert way.betas == tuple(sorted({beta for _, beta in pairs}))


def test_cas_numbers_are_checked() -> None:
    assert cas_numbers("74-98-6；106-97-8") == {"74-98-6", "106-97-8"}
    assert cas_numbers("74-98-6; 106-97-9") is None
    assert cas_numbers("007782-50-5") == {"7782-50-5"}
    assert cas_numbers("无") == cas_numbers("") == cas_numbers("—") == frozenset()
    assert cas_numbers("见说明书") is None
    assert cas_numbers("17782-50-55") is None


def test_what_is_in_no_class_does_not_count() -> None:
    result = found(of("氢氧化钠", 900, cas="1310-73-2", hazard_classes=[]))
    assert (result.S, result.grade, result.questions) == (0, "不构成", ())
    assert found().grade == "不构成"  # nothing hazardous at all


def test_a_code_will_do_for_a_class() -> None:
    words = hr.default().vocabulary.kinds["stored_substance"].facts["hazard_classes"].values
    word = next(word for word in words if word.startswith("W5.3"))
    assert found(of(XYLENE, 1000, word)).S == found(of(XYLENE, 1000, "W5.3")).S == 1
    assert found(of(XYLENE, 1000, words[word])).S == 1
    with pytest.raises(hr.FactsError, match="W5"):
        found(of(XYLENE, 1000, "W5"))


# ---------------------------------------------------------------------------------- what is unknown


def test_s_may_be_certain_from_the_known_part() -> None:
    result = found(of("液氯", 10), of("某新物质", 3), people=1)
    assert (result.S, result.is_source, result.grade) == (None, True, None)
    assert result.possible == ("一级", "二级", "三级", "四级")


def test_the_known_part_may_settle_grade_one() -> None:
    # 氯 150/5 × 4 = 120, α = 1: whatever the rest is, R ≥ 100
    for rest in (of("某新物质", 3), {"name": "甲醇"}, {}):
        result = found(of("液氯", 150), rest, people=1)
        assert (result.grade, result.S, result.R) == ("一级", None, None)


def test_unknown_population() -> None:
    assert found(of("液氯", 6), people=None).grade == "四级"  # 4.8 × 0.5 … 2 = 2.4 … 9.6
    assert found(of("液氯", 20), people=None).possible == ("三级", "四级")  # 16 × 0.5 … 2 = 8 … 32
    assert found(of("液氯", 250), people=None).grade == "一级"  # 200 × 0.5 … 2 = 100 … 400
    below = found(of("液氯", 4), people=None)
    assert (below.S, below.R, below.grade, below.questions) == (Decimal("0.8"), None, "不构成", ())


def test_missing_class_of_a_listed_substance() -> None:
    # 苯 60/50 = 1.2;  β 1 … 4 (table 4);  α = 1: R = 1.2 … 4.8
    result = found({"name": "苯", "design_quantity": 60}, people=1)
    assert (result.S, result.R, result.grade) == (Decimal("1.2"), None, "四级")
    assert result.terms[0].ways[0].betas == ALL_BETAS
    assert found({"name": "苯", "design_quantity": 40}, people=1).grade == "不构成"  # β has no part in S
    assert found({"name": "苯", "design_quantity": 200}, people=1).possible == ("三级", "四级")  # 4 … 16


def test_a_listed_substance_without_beta() -> None:
    result = found({"name": "三氧化硫", "design_quantity": 750, "hazard_classes": []}, people=1)  # S = 10
    assert (result.S, result.R) == (10, None)
    assert "表3、表4都没有" in result.questions[0]


def test_missing_quantity() -> None:
    result = found({"name": "液氯"}, people=1)
    assert (result.S, result.R, result.grade) == (None, None, None)
    assert result.questions == ("液氯：缺设计最大量",)
    assert found({"name": "烧碱", "cas": "1310-73-2", "hazard_classes": []}).grade == "不构成"  # it would not count


@pytest.mark.parametrize(
    ("seen", "grade"),
    [([of("液氯", 125)], "一级"), ([of("液氯", 60)], None), ([of("液氯", 1)], None), ([], None)],
)
def test_an_incomplete_list(seen: list[dict[str, Any]], grade: str | None) -> None:
    result = hr.major_hazard_source({"seen": seen}, 1)
    assert (result.grade, result.S) == (grade, None)
    assert "单元内的危险化学品没有列全" in result.questions


def test_nobody_looked() -> None:
    for nothing in (None, [{}], {"seen": []}, "不清楚"):
        result = hr.major_hazard_source(nothing)
        assert (result.grade, result.is_source, len(result.possible)) == (None, None, 5)


# ------------------------------------------------------------------------------- the public result


def test_result_is_a_value() -> None:
    result = found(of("液氯", 60), of("三氧化硫", 1), people=60, stated="二级")
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert str(again) == str(result)
    with pytest.raises(AttributeError):
        result.stated = "一级"  # type: ignore[misc]


def test_working_is_shown() -> None:
    result = found(of("液氯", 60, "J3"), of("甲醇", 60, "W5.3"), people=60)
    assert result.working() == (
        "计算级别：二级",
        "S = Σ q/Q = 12 + 0.12 = 12.12，≥ 1，构成重大危险源",
        "α = 1.5（表5，厂界外500米内常住人数 60 人）",
        "Σ β·q/Q = 48 + 0.12 = 48.12",
        "R = α·Σ β·q/Q = 1.5 × 48.12 = 72.18（二级：100 > R ≥ 50）",
        "液氯：q = 60 t；Q = 5 t（表1第12项 氯），β = 4（表3 氯）；q/Q = 12，β·q/Q = 48",
        "甲醇：q = 60 t；Q = 500 t（表1第65项 甲醇），β = 1（表4 W5.3）；q/Q = 0.12，β·q/Q = 0.12",
    )
    assert result.working("en")[0] == "computed grade: grade two"
    assert result.working("en")[4] == "R = α·Σ β·q/Q = 1.5 × 48.12 = 72.18 (grade two: 100 > R ≥ 50)"


def test_endless_numbers_are_shown_with_their_fraction() -> None:
    assert "≈0.133333（2/15）" in found(of("三氧化硫", 10, "J5")).working()[1]


def test_data() -> None:
    data = found(of("液氯", 60), of("某新物质", 1), people=60, stated="四级").to_dict()
    assert json.loads(json.dumps(data)) == data
    assert (data["S"], data["S_range"], data["R_range"], data["alpha"]) == (None, [12, None], [72, None], 1.5)
    assert (data["possible"], data["is_source"], data["agrees"]) == (["一级", "二级"], True, False)
    first = data["substances"][0]
    assert (first["q"], first["q/Q"], first["β·q/Q"]) == (60, 12, 48)
    assert first["counted_as"] == [{"Q": 5, "β": [4], "table1": 12, "table2": None, "β_from": ["氯"]}]


@pytest.mark.parametrize(
    ("stated", "tonnes", "agrees"),
    [("二级", 80, True), ("三级", 80, False), ("不构成", 80, False), (None, 80, None), ("grade two", 80, True)],
)
def test_a_stated_grade_is_compared(stated: str | None, tonnes: int, agrees: bool | None) -> None:
    assert found(of("液氯", tonnes), people=1, stated=stated).agrees is agrees  # 64: 二级


def test_a_stated_grade_may_stay_open() -> None:
    assert found(of("液氯", 20), people=None, stated="三级").agrees is None
    assert found(of("液氯", 20), people=None, stated="二级").agrees is False


@pytest.mark.parametrize(
    ("substances", "people", "message"),
    [
        ([{"name": "液氯", "design_quantity": -1}], 0, r"substances\[0\].design_quantity: 不应小于 0"),
        ([{"name": "液氯", "design_quantity": "3 m"}], 0, r"substances\[0\].design_quantity: 单位"),
        ([{"nmae": "液氯"}], 0, r"substances\[0\].nmae: .*“name”"),
        ([of("液氯", 1, "W99")], 0, "W99"),
        ("液氯", 0, "substances: .*应写成列表"),
        ([], 1.5, "exposed_population: 应是整数"),
        ([], -1, "exposed_population: 不应小于 0"),
    ],
)
def test_bad_input_is_told(substances: Any, people: Any, message: str) -> None:
    with pytest.raises(hr.FactsError, match=message):
        hr.major_hazard_source(substances, people)


# ------------------------------------------------------------------------------------- in a record


def classified(farm: dict[str, Any], lang: str = "zh") -> hr.Classification:
    record = {"enterprise": {"sectors": ["化工"]}, "tank_farm": [{"id": "1", **farm}]}
    return hr.classify(record, industry="chemicals", on="2026-03-01", lang=lang)


def grade_of(farm: dict[str, Any]) -> str | None:
    """Return the grade that a record's tank farm gets."""
    row: Any = hr.default().inspect({"tank_farm": [farm]}).record.rows["tank_farm"][0]
    grade: str | None = row.hazard_source_grade
    return grade


def item_5a(farm: dict[str, Any]) -> str:
    record = {"enterprise": {"sectors": ["化工"]}, "tank_farm": [{"id": "1", **farm}]}
    verdicts = hr.default().verdicts(record, industry="chemicals", on="2026-03-01")
    return verdicts["chemicals-2017-05-a", "tank_farm[1]"].value


CHLORINE = {"exposed_population": 60, "substances": [of("液氯", 60)]}  # R = 72: 二级


def test_item_5_goes_by_the_computed_grade() -> None:
    assert item_5a({"emergency_shutoff": "未设置", **CHLORINE}) == "hit"
    less = {"exposed_population": 0, "substances": [of("液氯", 60)]}  # R = 24: 三级
    assert item_5a({"emergency_shutoff": "未设置", **less}) == "not_applicable"
    seen = {"exposed_population": 0, "substances": {"seen": [of("液氯", 60)]}}
    assert item_5a({"emergency_shutoff": "未设置", **seen}) == "unknown"


def test_the_explanation_shows_the_working() -> None:
    finding = classified({"emergency_shutoff": "未设置", **CHLORINE}).findings[0]
    assert finding.facts["tank_farm[1].hazard_source_grade"] == "二级"
    for line in found(of("液氯", 60), people=60).working():
        assert line in finding.explain()
    assert "R = α·Σ β·q/Q = 1.5 × 48 = 72 (grade two: 100 > R ≥ 50)" in finding.explain("en")


def test_an_open_grade_shows_what_is_missing() -> None:
    farm = {"emergency_shutoff": "未设置", "exposed_population": 60, "substances": [{"name": "液氯"}]}
    opened = next(rule for rule in classified(farm).open if rule.rule == "chemicals-2017-05-a")
    assert "缺设计最大量" in opened.explain()


@pytest.mark.parametrize("stated", ["一级", "三级", "四级", "不构成"])
def test_a_stated_grade_that_contradicts_is_unknown(stated: str) -> None:
    farm = {"hazard_source_grade": stated, "emergency_shutoff": "未设置", **CHLORINE}
    assert grade_of(farm) is None
    assert item_5a(farm) == "unknown"
    messages = [notice.message for notice in classified(farm).notices]
    assert any(f"填的是“{stated}”" in text and "应为“二级”" in text for text in messages)


def test_a_stated_grade_that_is_excluded_is_unknown() -> None:
    """S ≥ 1 is certain, the grade is not: 不构成 cannot stand."""
    farm = {"hazard_source_grade": "不构成", "substances": [of("液氯", 20)]}  # R = 8 … 32
    assert grade_of(farm) is None
    messages = [notice.message for notice in classified(farm).notices]
    assert any("应为“三级或四级”" in text for text in messages)
    assert grade_of({**farm, "hazard_source_grade": "三级"}) == "三级"


def test_a_stated_grade_stands_where_nothing_contradicts() -> None:
    assert grade_of({"hazard_source_grade": "一级"}) == "一级"
    assert grade_of({"hazard_source_grade": "二级", **CHLORINE}) == "二级"


@pytest.mark.parametrize(("day", "verdict"), [("2019-02-28", "unknown"), ("2019-03-01", "hit")])
def test_the_grade_is_computed_only_since_the_standard_is_in_force(day: str, verdict: str) -> None:
    unit = {"id": "1", "emergency_shutoff": "未设置", **CHLORINE}
    record = {"enterprise": {"sectors": ["化工"]}, "tank_farm": [unit]}
    assert (
        hr.default().verdicts(record, industry="chemicals", on=day)["chemicals-2017-05-a", "tank_farm[1]"].value
        == verdict
    )
    later = {**record, "tank_farm": [{**unit, "observed_on": day}]}
    verdicts = hr.default().verdicts(later, industry="chemicals", on="2026-03-01")
    assert verdicts["chemicals-2017-05-a", "tank_farm[1]"].value == verdict
    if verdict == "unknown":
        opened = next(r for r in hr.classify(record, industry="chemicals", on=day).open if r.rule.endswith("05-a"))
        assert "自 2019-03-01 起施行" in opened.explain()


def test_every_kind_of_unit_is_graded() -> None:
    for kind in ("process_unit", "tank_farm", "warehouse"):
        rows: Any = hr.default().inspect({kind: [CHLORINE]}).record.rows
        assert rows[kind][0].hazard_source_grade == "二级"


def test_the_form_asks_what_the_grade_needs() -> None:
    from hazardrules import forms

    corpus = hr.default()
    asked = forms.asked(corpus.rulebook, corpus.chosen("chemicals"), "tank_farm")
    assert {"substances", "exposed_population", "hazard_source_grade"} <= {spec.id for spec in asked["tank_farm"]}
    assert {spec.id for spec in asked["stored_substance"]} == {
        "name", "cas", "mixture", "hazard_classes", "design_quantity",
    }  # fmt: skip


# ------------------------------------------------------------------------------------ the examples

#: example → unit, S, R, grade, by hand
WORKED = {
    "lpg_tank_farm.yaml": {
        # 1800/50 = 36, β 1.5;  400/10 = 40, β 1.5;  S = 76;  45 people: R = 1.2 × 114
        "tank_farm[球罐区]": ("76", "136.8", "一级"),
    },
    "chlor_alkali.yaml": {
        # 3/5 = 0.6, β 4;  0.2/5 = 0.04, β 1.5;  S = 0.64;  nobody: R = 0.5 × 2.46
        "process_unit[电解及氯氢处理]": ("0.64", "1.23", "不构成"),
        # 240/5 = 48, β 4;  R = 0.5 × 192
        "tank_farm[液氯罐区]": ("48", "96", "二级"),
        "tank_farm[酸碱罐区]": ("0", "0", "不构成"),
    },
    "nitration_unit.yaml": {
        # 30/500 = 0.06;  25/100 = 0.25;  20/200 = 0.1;  β 1 each;  S = 0.41;  150 people: R = 2 × 0.41
        "process_unit[硝化车间]": ("0.41", "0.82", "不构成"),
        # 300/100 = 3, β 1;  R = 2 × 3
        "tank_farm[硝酸罐区]": ("3", "6", "四级"),
        "warehouse[甲类仓库]": (None, None, None),
    },
}


@pytest.mark.parametrize("name", WORKED)
def test_examples(name: str) -> None:
    units = dict(of_file(read_file(EXAMPLES / name).data))
    assert set(units) == set(WORKED[name])
    for path, (s, r, grade) in WORKED[name].items():
        numbers = [None if number is None else Decimal(number) for number in (s, r)]
        assert [units[path].S, units[path].R, units[path].grade] == [*numbers, grade]


def test_examples_show_a_contradiction() -> None:
    record = read_file(EXAMPLES / "nitration_unit.yaml").data
    assert dict(of_file(record))["tank_farm[硝酸罐区]"].agrees is False
    notices = [n.message for n in hr.classify(record, industry="chemicals").notices if n.code == "contradiction"]
    assert len(notices) == 1
    assert "填的是“三级”，按其他事实应为“四级”" in notices[0]


# ------------------------------------------------------------------------------ the command line


UNIT = """
hazard_source_grade: 三级
exposed_population: 60
substances:
  - name: 液氯
    design_quantity: 60
"""


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "unit.yaml"
    path.write_text(UNIT, encoding="utf-8")
    assert main(["major-hazard-source", str(path)]) == 0
    told = capsys.readouterr().out
    assert "计算级别：二级\n填报级别：三级，与计算矛盾，请核对\n" in told
    assert "R = α·Σ β·q/Q = 1.5 × 48 = 72" in told
    assert main(["major-hazard-source", str(path), "--lang", "en"]) == 0
    assert "stated grade: grade three, which contradicts" in capsys.readouterr().out
    assert main(["major-hazard-source", str(path), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["S"], data["R"], data["grade"], data["agrees"]) == (12, 72, "二级", False)


def test_command_on_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.json"
    empty = {"id": "空", "substances": []}
    path.write_text(json.dumps({"tank_farm": [{"id": "甲", **CHLORINE}], "warehouse": [empty]}), encoding="utf-8")
    assert main(["major-hazard-source", str(path), "--format", "json"]) == 0
    units = json.loads(capsys.readouterr().out)
    assert {unit["unit"]: unit["grade"] for unit in units} == {"tank_farm[甲]": "二级", "warehouse[空]": "不构成"}
    assert main(["major-hazard-source", str(path)]) == 0
    assert "tank_farm[甲]\n计算级别：二级" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("substances: [{name: 液氯, quantity: 3}]", "design_quantity"),
        ("substances: []\npopulation: 3", "exposed_population"),
        ("substances: []\nhazard_source_grade: 五级", "五级"),
        ("tank_farm: []", "没有列出危险化学品"),
        ("- 液氯", "结构"),
    ],
)
def test_command_with_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str) -> None:
    path = tmp_path / "unit.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["major-hazard-source", str(path)]) == 2
    assert message in capsys.readouterr().err


# --------------------------------------------------------------------------------- what must hold

LISTED = {
    "液氯": ("5", "4"),
    "甲醇": ("500", None),
    "三氧化硫": ("75", None),
    "光气": ("0.3", "20"),
    "苯": ("50", None),
}
quantities = st.decimals(0, 2000, places=4)
classes = st.frozensets(st.sampled_from(sorted(CLASSES)), max_size=3)


@st.composite
def substances(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a substance of which everything is known, but perhaps not which row it is."""
    identity = draw(
        st.sampled_from(
            [
                {"name": name, **more}
                for name in ("液氯", "甲醇", "三氧化硫", "光气", "硝酸铵", "硝化棉", "某物", "甲醛")
                for more in ({}, {"mixture": "同类混合物"}, {"mixture": "异类混合物"})
            ]
            + [{"cas": cas} for cas in ("7782-50-5", "67-56-1", "6484-52-2", "9004-70-0", XYLENE)]
            + [{"name": "盐酸", "cas": "7647-01-0"}, {"name": "液氯", "cas": XYLENE}]
        )
    )
    return {**identity, "hazard_classes": sorted(draw(classes)), "design_quantity": draw(quantities)}


inventories = st.lists(substances(), max_size=4)
people = st.sampled_from([0, 1, 29, 30, 49, 50, 99, 100, 5000])


def without(draw: st.DrawFn, substance: dict[str, Any]) -> dict[str, Any]:
    """Forget some of what is known of a substance; what it is, is forgotten as a whole."""
    for forgotten in (("hazard_classes",), ("design_quantity",), ("name", "cas", "mixture")):
        if draw(st.integers(0, 3)) == 0:
            substance = {key: value for key, value in substance.items() if key not in forgotten}
    return substance


@given(st.data())
def test_more_knowledge_never_overturns(data: st.DataObject) -> None:
    known, population = data.draw(inventories), data.draw(people)
    less: Any = [without(data.draw, substance) for substance in known]
    if data.draw(st.booleans()):
        less = {"seen": [substance for substance in less if data.draw(st.booleans())]}
    early = hr.major_hazard_source(less, data.draw(st.sampled_from([population, None])))
    late = hr.major_hazard_source(known, population)
    assert set(late.possible) <= set(early.possible)
    if early.grade is not None:
        assert late.grade == early.grade
    if early.is_source is not None:
        assert late.is_source == early.is_source
    for before, after in ((early.assessment.s, late.assessment.s), (early.assessment.r, late.assessment.r)):
        assert before.least <= after.least
        assert before.most is None or (after.most is not None and after.most <= before.most)


@given(inventories, people, st.randoms(use_true_random=False))
def test_order_does_not_matter(known: list[dict[str, Any]], population: int, chance: random.Random) -> None:
    mixed = known[:]
    chance.shuffle(mixed)
    one, other = hr.major_hazard_source(known, population), hr.major_hazard_source(mixed, population)
    assert (one.S, one.R, one.grade, one.possible) == (other.S, other.R, other.grade, other.possible)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(LISTED)), quantities, st.sampled_from(sorted(CLASSES))), max_size=6),
    people,
)
def test_arithmetic_is_exact(stock: list[tuple[str, Decimal, str]], population: int) -> None:
    result = found(*(of(name, tonnes, symbol) for name, tonnes, symbol in stock), people=population)
    s = r = Fraction(0)
    for name, tonnes, symbol in stock:
        limit, beta = LISTED[name]
        s += Fraction(tonnes) / Fraction(limit)
        r += Fraction(tonnes) / Fraction(limit) * Fraction(beta or CLASSES[symbol][1])
    alpha = next(
        Fraction(a) for least, a in ((100, "2"), (50, "1.5"), (30, "1.2"), (1, "1"), (0, "0.5")) if population >= least
    )
    assert (result.S, result.R) == (s, alpha * r)
    bound = alpha * r
    grade = "一级" if bound >= 100 else "二级" if bound >= 50 else "三级" if bound >= 10 else "四级"
    assert result.grade == (grade if s >= 1 else "不构成")


@given(inventories, people)
def test_no_source_is_said_only_where_all_is_known(known: list[dict[str, Any]], population: int) -> None:
    result = hr.major_hazard_source(known, population)
    if result.grade == "不构成":
        assert result.S is not None
        assert result.S < 1
        assert all(term.sure for term in result.terms)
    if result.grade in ("一级", "二级", "三级", "四级"):
        assert result.assessment.s.least >= 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_may_be_a_name(name: str, cas: str) -> None:
    try:
        result = found({"name": name, "cas": cas, "design_quantity": 1, "hazard_classes": ["W5.3"]})
    except hr.FactsError:
        return
    assert str(result)


def test_a_vocabulary_without_tables_has_none() -> None:
    assert Vocabulary({}).tables == {}
