"""Mutation of the rules: each kind of mistake is noticed by its case and missed without it; proofs hold; runs resume."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice, product
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import hazardrules
from hazardrules import Level
from hazardrules.cli import main
from hazardrules.errors import HazardRulesError
from hazardrules.expr import ALWAYS, Call, Const, Each, Expr, Fact, walk
from hazardrules.facts import DEVICE, Definition, FactSpec, Kind, Vocabulary
from hazardrules.files import load
from hazardrules.maintain.mutation import defined, equivalence, report, running
from hazardrules.maintain.mutation.assess import OUTCOMES, Result, assess
from hazardrules.maintain.mutation.equivalence import Proof, Witness
from hazardrules.maintain.mutation.kept import Kept, Keys
from hazardrules.maintain.mutation.killing import Bench
from hazardrules.maintain.mutation.mutants import KINDS, of_definition, of_rule
from hazardrules.maintain.mutation.units import Unit, Work
from hazardrules.maintain.mutation.variants import variants
from hazardrules.rules import Clause, Exclusion, InForce, Reading, Rule, Rulebook, Standard
from hazardrules.texts import Text
from strategies import examples

GOOD = Path(__file__).parent / "bad_standards" / "good"

# ------------------------------------------------------------------------------- a folder of standards

FACTS = {
    "inspection": "title: 检查\none: yes\nfacts:\n  date: {type: date, title: 日期, question: 哪天？}\n",
    "enterprise": """\
title: 企业
one: yes
facts:
  sectors: {type: choices, title: 行业, question: 什么行业？, values: {机械: a, 轻工: b, 商贸: c}}
  big: {type: yes_no, title: 规模大, question: 规模大吗？}
""",
    "tank": """\
title: 储罐
facts:
  sign: {type: yes_no, title: 标志, question: 有标志吗？}
  lit: {type: yes_no, title: 照明, question: 有照明吗？}
  dry: {type: yes_no, title: 干燥, question: 干燥吗？}
  content: {type: choice, title: 介质, question: 装什么？, values: {水: a, 油: b, 酸: c}}
  oil_kind: {type: choice, title: 油品, question: 什么油？, needs: content == 油, values: {轻: a, 重: b}}
  works: {type: choices, title: 作业, question: 什么作业？, values: {动火: a, 清罐: b, 登高: c}}
  alarm: {type: device, title: 报警, question: 报警好用吗？}
  level: {type: number, unit: m, title: 液位, question: 多高？}
  design: {type: number, unit: m, title: 设计液位, question: 多高？}
  slope: {type: number, unit: '1:m', title: 坡比, question: 多陡？}
  staff: {type: number, integer: true, title: 人数, question: 几人？}
  checked: {type: date, never: true, title: 检验, question: 哪天？}
  full:
    type: yes_no
    title: 满
    question: 满吗？
    yes_when: level >= design
    no_when: otherwise
  safe:
    type: yes_no
    title: 安全
    question: 安全吗？
    yes_when:
      all:
        - sign
        - lit
    no_when: not sign
  grade:
    type: choice
    title: 级别
    question: 几级？
    values: {大: a, 小: b}
    table:
      by: [content, level]
      rows:
        - [水, '*', 小]
        - [油, '< 5 m', 小]
        - [油, '>= 5 m', 大]
  valves: {type: list, of: valve, title: 阀门, question: 有哪些？}
""",
    "valve": """\
title: 阀门
within: tank
facts:
  tight: {type: yes_no, title: 严密, question: 严密吗？}
  open: {type: yes_no, title: 开着, question: 开着吗？}
""",
}
STANDARD = """\
number: 储罐〔2024〕1号
title: 储罐标准
issuer: 储罐部
in_force: {from: 2024-01-01, until: 2025-01-01}
scope: enterprise.sectors has [机械, 轻工]
failed_device: 第九条
chapters:
  '01': {clause: 第一章, title: 储罐, applies: enterprise.big}
"""
LIST = """\
title: 特殊介质
editions:
  - {from: 2024-01-01, until: 2024-07-01, words: [油], citation: 甲}
  - {from: 2024-07-01, words: [油, 酸], citation: 乙}
"""


def folder_of(place: Path, rule: str, cases: str, *, standard: str = STANDARD) -> Path:
    """Return a standards folder with one rule in it, its conditions and its cases as given."""
    for name, text in FACTS.items():
        write(place / "facts" / f"{name}.yaml", text)
    write(place / "lists" / "special.yaml", LIST)
    write(place / "tanks" / "standard.yaml", standard)
    body = indented(rule.strip("\n"), 4)
    write(
        place / "tanks" / "01-01.yaml",
        f"clause: 第一条\nsummary: 一\nrules:\n  - id: tanks-01-01\n    subject: tank\n    level: major\n{body}\n"
        f"    cases:\n{indented(cases.strip(chr(10)), 6)}\n",
    )
    return place


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))


def case(expect: str, *facts: str, **more: str) -> str:
    """Return a case as it stands in a file."""
    lines = [f"    {fact}" for fact in facts]
    given = ["  given:", *lines] if facts else ["  given: {}"]
    rest = [f"  {key}: {value}" for key, value in more.items()]
    return "\n".join([f"- {given[0].strip()}", *given[1:], f"  expect: {expect}", *rest])


def results_of(place: Path, kind: str = "") -> list[Result]:
    """Return what becomes of the mutants of the units of *kind* in the folder *place*."""
    work = Work(load(place))
    return [result for unit in work.units if unit.kind.startswith(kind) for result in assess(work, unit)]


# --------------------------------------------------------------------------------- each kind of mistake


@dataclass(frozen=True)
class Shown:
    """A rule, a mistake in it, and the one case that notices that mistake (`catch`) among others."""

    kind: str
    rule: str
    before: Any
    after: Any
    others: tuple[str, ...]
    catch: str
    unit: str = "rule"

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.unit}-{self.after}"


HIT, CLEAR, UNKNOWN = "hit", "clear", "unknown"
SHOWN = (
    Shown("operator", "when: content == 油", "content == 油", "content != 油", (case(UNKNOWN),),
          case(HIT, "content: 油")),
    Shown("operator", "when: content in [油, 酸]", "content in [油, 酸]", "content not in [油, 酸]", (case(UNKNOWN),),
          case(CLEAR, "content: 水")),
    Shown("operator", "when: works has [动火]", "works has [动火]", "works not has [动火]", (case(UNKNOWN),),
          case(CLEAR, "works: []")),
    Shown("operator", "when: level > 5 m", "level > 5 m", "level <= 5 m", (case(UNKNOWN),), case(HIT, "level: 6 m")),
    Shown("boundary", "when: level > 5 m", "level > 5 m", "level >= 5 m",
          (case(HIT, "level: 6 m"), case(CLEAR, "level: 4 m")), case(CLEAR, "level: 5 m")),
    Shown("boundary", "when: level < design", "level < design", "level <= design",
          (case(HIT, "level: 6 m", "design: 7 m"),), case(CLEAR, "level: 7 m", "design: 7 m")),
    Shown("threshold", "when: level > 5 m", "level > 5 m", "level > 6 m", (case(CLEAR, "level: 5 m"),),
          case(HIT, "level: 6 m")),
    Shown("threshold", "when: level > 0.5 m", "level > 0.5 m", "level > 0.4 m", (case(HIT, "level: 0.6 m"),),
          case(CLEAR, "level: 0.5 m")),
    Shown("threshold", "when: slope > 1:3", "slope > 1:3", "slope > 1:2", (case(CLEAR, "slope: 1:3"),),
          case(HIT, "slope: 1:2.5")),
    Shown("threshold", "when: level > 1.1 * design", "level > 1.1 * design", "level > 1.2 * design",
          (case(CLEAR, "level: 11 m", "design: 10 m"),), case(HIT, "level: 11.5 m", "design: 10 m")),
    Shown("threshold", "when: level > design + 2 m", "level > design + 2 m", "level > design + 3 m",
          (case(CLEAR, "level: 12 m", "design: 10 m"),), case(HIT, "level: 12.5 m", "design: 10 m")),
    Shown("limb", "when:\n  all:\n    - sign\n    - lit", "lit", None, (case(HIT, "sign: 是", "lit: 是"),),
          case(CLEAR, "sign: 是", "lit: 否")),
    Shown("limb", "when:\n  any:\n    - sign\n    - lit", "lit", None, (case(HIT, "sign: 是", "lit: 否"),),
          case(HIT, "sign: 否", "lit: 是")),
    Shown("joint", "when:\n  any:\n    - sign\n    - lit", {"any": ["sign", "lit"]}, {"all": ["sign", "lit"]},
          (case(HIT, "sign: 是", "lit: 是"),), case(HIT, "sign: 是", "lit: 否")),
    Shown("negation", "when: not sign", "not sign", "sign", (case(UNKNOWN),), case(HIT, "sign: 否")),
    Shown("negation", "when: sign", "sign", "not sign", (case(UNKNOWN),), case(HIT, "sign: 是")),
    Shown("negation", "when:\n  not:\n    any:\n      - sign\n      - lit", {"not": {"any": ["sign", "lit"]}},
          {"any": ["sign", "lit"]}, (case(UNKNOWN),), case(HIT, "sign: 否", "lit: 否")),
    Shown("word", "when: content in [油, 酸]", "content in [油, 酸]", "content in [酸]", (case(HIT, "content: 酸"),),
          case(HIT, "content: 油")),
    Shown("word", "when: works not has [动火, 清罐]", "works not has [动火, 清罐]", "works not has [清罐]",
          (case(HIT, "works: [登高]"),), case(CLEAR, "works: [动火]")),
    Shown("quantifier", "when:\n  some: valves\n  where: not tight", {"some": "valves", "where": "not tight"},
          {"every": "valves", "where": "not tight"},
          (case(HIT, "valves:", "  - tight: 否"),), case(HIT, "valves:", "  - tight: 否", "  - tight: 是")),
    Shown("quantifier", "when:\n  every: valves\n  where: tight", {"every": "valves", "where": "tight"},
          {"some": "valves", "where": "tight"}, (case(HIT, "valves:", "  - tight: 是"),), case(HIT, "valves: []")),
    Shown("count", "when:\n  any:\n    - sign\n    - lit\n    - dry\n  at_least: 2",
          {"any": ["sign", "lit", "dry"], "at_least": 2}, {"any": ["sign", "lit", "dry"], "at_least": 3},
          (case(CLEAR, "sign: 是", "lit: 否", "dry: 否"),), case(HIT, "sign: 是", "lit: 是", "dry: 否")),
    Shown("count", "when:\n  some: valves\n  where: open", {"some": "valves", "where": "open"},
          {"some": "valves", "at_least": 2, "where": "open"}, (case(HIT, "valves:", "  - open: 是", "  - open: 是"),),
          case(HIT, "valves:", "  - open: 是")),
    Shown("exception", "when: sign\nunless:\n  - when: lit\n    why: 有照明", "lit", None,
          (case(HIT, "sign: 是", "lit: 否"),), case(CLEAR, "sign: 是", "lit: 是", exception="yes")),
    Shown("reading", "when: sign\ndisputed:\n  - when: lit\n    why: 有照明", "lit", None,
          (case(HIT, "sign: 是"),), case("disputed", "sign: 否", "lit: 是")),
    Shown("settled", "when: sign\ndisputed:\n  - when: lit\n    why: 有照明", {"disputed": "lit"}, {"when": "lit"},
          (case(HIT, "sign: 是"),), case("disputed", "sign: 否", "lit: 是")),
    Shown("settled", "when: sign\nunless:\n  - when: lit\n    why: 有照明\n    disputed: 有人不认",
          {"disputed": "有人不认"}, None, (case(HIT, "sign: 是", "lit: 否"),), case("disputed", "sign: 是", "lit: 是")),
    Shown("gate", "applies: content == 油\nwhen: sign", "content == 油", None, (case(HIT, "content: 油", "sign: 是"),),
          case("not_applicable", "content: 水", "sign: 是")),
    Shown("date", "when: checked < 2020-01-01", "checked < 2020-01-01", "checked < 2020-01-02",
          (case(HIT, "checked: 2019-12-31"),), case(CLEAR, "checked: 2020-01-01")),
    Shown("period", "when: checked + 6 months < inspection.date", "checked + 6 months < inspection.date",
          "checked + 7 months < inspection.date",
          (case(HIT, "checked: 从未"),), case(HIT, "checked: 2024-01-31", "inspection.date: 2024-08-01")),
    Shown("date", "when: sign\nin_force: {from: 2024-02-01}", "2024-02-01", "2024-02-02", (case(HIT, "sign: 是"),),
          case(HIT, "sign: 是", "inspection.date: 2024-02-01")),
    Shown("date", "when: sign\nin_force: {from: 2024-02-01}", "2024-02-01", "2024-01-31", (case(HIT, "sign: 是"),),
          case("not_in_force", "sign: 是", "inspection.date: 2024-01-31")),
    # what stands in standard.yaml
    Shown("date", "when: sign", "2025-01-01", "2024-12-31", (case(HIT, "sign: 是"),),
          case(HIT, "sign: 是", "inspection.date: 2024-12-31"), "document"),
    Shown("date", "when: sign", "2024-01-01", "2023-12-31", (case(HIT, "sign: 是"),),
          case("not_in_force", "sign: 是", "inspection.date: 2023-12-31"), "document"),
    Shown("gate", "when: sign", "enterprise.big", None, (case(HIT, "sign: 是"),),
          case("not_applicable", "sign: 是", "enterprise.big: 否"), "document"),
    Shown("word", "when: sign", "enterprise.sectors has [机械, 轻工]", "enterprise.sectors has [机械]",
          (case(HIT, "sign: 是", "enterprise.sectors: [机械]"),), case(HIT, "sign: 是", "enterprise.sectors: [轻工]"),
          "document"),
    # definitions
    Shown("boundary", "when: full", "level >= design", "level > design", (case(HIT, "level: 6 m", "design: 5 m"),),
          case(HIT, "level: 5 m", "design: 5 m"), "definition"),
    Shown("limb", "when: safe", "lit", None, (case(HIT, "sign: 是", "lit: 是"),),
          case(UNKNOWN, "sign: 是", "lit: 否", missing="[safe]"), "definition"),
    Shown("limb", "when: safe", "not sign", None, (case(HIT, "sign: 是", "lit: 是"),), case(CLEAR, "sign: 否"),
          "definition"),
    Shown("row", "when: grade == 小", {"when": "content == 水", "value": "小"}, None,
          (case(HIT, "content: 油", "level: 4 m"),), case(HIT, "content: 水"), "definition"),
    Shown("threshold", "when: grade == 小", "level < 5 m", "level < 4 m", (case(CLEAR, "content: 油", "level: 5 m"),),
          case(HIT, "content: 油", "level: 4 m"), "definition"),
    # word lists
    Shown("word", "when: content in special", "酸", None, (case(HIT, "content: 油"),),
          case(HIT, "content: 酸", "inspection.date: 2024-07-01"), "list"),
    Shown("date", "when: content in special", "2024-07-01", "2024-07-02", (case(CLEAR, "content: 酸"),),
          case(HIT, "content: 酸", "inspection.date: 2024-07-01"), "list"),
)  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.id)
def test_the_mistake_is_noticed_by_its_case_and_by_no_other(tmp_path: Path, shown: Shown) -> None:
    with_it = folder_of(tmp_path / "with", shown.rule, "\n".join((*shown.others, shown.catch)))
    without = folder_of(tmp_path / "without", shown.rule, "\n".join(shown.others))
    missed = the_one(results_of(without, shown.unit), shown)
    assert missed.outcome == "survived"
    assert missed.case is not None
    told = [result for result in results_of(with_it, shown.unit) if same_mistake(result, shown)]
    assert told == [], "noticed mutants are not told"
    # the record that the report gives notices it as well, as it stands there
    printed = "\n".join(report._case(missed.case))
    again = folder_of(tmp_path / "again", shown.rule, "\n".join((*shown.others, printed)))
    assert [result for result in results_of(again, shown.unit) if same_mistake(result, shown)] == []


def same_mistake(result: Result, shown: Shown) -> bool:
    return result.outcome != "killed" and (result.kind, result.before, result.after) == (
        shown.kind, shown.before, shown.after,
    )  # fmt: skip


def the_one(results: list[Result], shown: Shown) -> Result:
    found = [result for result in results if same_mistake(result, shown)]
    assert found, [(r.kind, r.before, r.after, r.outcome) for r in results if r.outcome != "killed"]
    return found[0]


def test_every_kind_of_mistake_is_shown() -> None:
    assert {shown.kind for shown in SHOWN} | {"article"} == set(KINDS)


def test_an_article_on_failed_devices_is_held_by_also(tmp_path: Path) -> None:
    absent = case(HIT, "alarm: 未设置")
    (missed,) = (r for r in results_of(folder_of(tmp_path / "a", "when: alarm != 正常", absent), "document")
                 if r.kind == "article")  # fmt: skip
    assert (missed.outcome, missed.before, missed.case) == ("survived", "第九条", None)
    failed = f"{absent}\n{case(HIT, 'alarm: 失效', also='第九条')}"
    found = results_of(folder_of(tmp_path / "b", "when: alarm != 正常", failed), "document")
    assert "article" not in {result.kind for result in found if result.outcome != "killed"}
    assert "article" in {result.kind for result in found}


# ------------------------------------------------------------------------------------ other outcomes


def one_result(place: Path, kind: str, before: Any, unit: str = "rule") -> Result:
    (found,) = (r for r in results_of(place, unit) if (r.kind, r.before) == (kind, before) and r.outcome != "killed")
    return found


def test_a_limb_that_changes_nothing_is_proved_equivalent(tmp_path: Path) -> None:
    rule = "when:\n  any:\n    - level > 5 m\n    - level > 6 m"
    place = folder_of(tmp_path, rule, "\n".join((case(HIT, "level: 5.5 m"), case(CLEAR, "level: 5 m"))))
    assert one_result(place, "limb", "level > 6 m").outcome == "equivalent"


def test_a_limb_that_only_changes_what_is_asked_is_not(tmp_path: Path) -> None:
    rule = "when:\n  any:\n    - sign\n    - all:\n        - not sign\n        - lit"
    place = folder_of(tmp_path, rule, "\n".join((case(HIT, "sign: 是"), case(CLEAR, "sign: 否", "lit: 否"))))
    found = one_result(place, "limb", "not sign")
    assert found.outcome == "survived"
    assert found.case is not None
    assert (found.case.expect, found.case.instead) == (UNKNOWN, HIT)  # lit alone would do


def test_what_lint_refuses_needs_no_case(tmp_path: Path) -> None:
    """Without its guard the rule would wait for a fact that does not exist."""
    rule = "applies:\n  all:\n    - content == 油\n    - oil_kind == 轻\nwhen: sign"
    place = folder_of(tmp_path, rule, case(HIT, "content: 油", "oil_kind: 轻", "sign: 是"))
    found = one_result(place, "limb", "content == 油")
    assert (found.outcome, found.by) == ("refused", "lint unguarded")


def test_what_a_case_takes_as_given_is_beyond_it(tmp_path: Path) -> None:
    """With the word gone the trade says yes and no of the gate: not known, and a case takes it as given."""
    active = """\
  active:
    type: yes_no
    title: 在产
    question: 在产吗？
    yes_when: sectors has [机械]
    no_when: sectors not has [机械, 轻工]
"""
    standard = re.sub("scope.*\n", "", STANDARD).replace("enterprise.big", "enterprise.active")
    cases = [case(HIT, "sign: 是"), case("not_applicable", "sign: 是", "enterprise.sectors: [商贸]"),
             case(HIT, "sign: 是", "enterprise.sectors: [轻工]")]  # fmt: skip
    place = folder_of(tmp_path, "when: sign", "\n".join(cases), standard=standard)
    write(place / "facts" / "enterprise.yaml", FACTS["enterprise"] + active)
    found = [r for r in results_of(place, "definition") if r.after == "sectors not has [轻工]"]
    assert [(r.kind, r.outcome, r.by) for r in found] == [("word", "beyond", "beyond cases")]
    assert report.passes(found)
    assert "用别的测试看住它" in "\n".join(report.as_text(found, "zh"))


def test_differences_that_no_record_can_show() -> None:
    class Ground:
        space, possible, in_force = None, 0b0011, 0b0111

    def search(asserted: int, otherwise: int) -> Any:
        def differences(*, asserted: bool, told: tuple[int, int] = (asserted, otherwise)) -> list[int]:
            return [told[not asserted]]

        return equivalence.search(Ground(), differences, lambda _: None)  # type: ignore[arg-type]

    assert search(0b0100, 0) is Proof.UNASKED  # in force, but a fact is stated that does not exist
    assert search(0b1000, 0) is Proof.EQUIVALENT  # not in force
    assert search(0, 0b0001) is Proof.BEYOND
    assert search(0, 0b0100) is Proof.EQUIVALENT
    assert equivalence.worst([Proof.EQUIVALENT, Proof.UNASKED, Proof.NOT_SHOWN]) is Proof.NOT_SHOWN
    assert equivalence.worst([]) is Proof.EQUIVALENT


def test_too_many_cases_are_no_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def space(*_: Any, **__: Any) -> None:
        raise equivalence.TooManyError

    place = folder_of(tmp_path, "when:\n  all:\n    - sign\n    - lit", case(UNKNOWN))
    monkeypatch.setattr("hazardrules.maintain.mutation.seeing.Space", space)
    results = [result for result in results_of(place, "rule") if result.outcome != "killed"]
    assert {(result.outcome, result.by) for result in results} == {("undecided", "too large")}
    assert not report.passes(results)
    assert report.scores(results)[0].percent == 0
    told = "\n".join(report.as_text(results, "zh"))
    assert "不能说等价" in told


def test_a_case_that_fails_already_is_said(tmp_path: Path) -> None:
    place = folder_of(tmp_path, "when: sign", "\n".join((case(HIT, "sign: 是"), case(HIT, "sign: 否"))))
    with pytest.raises(HazardRulesError, match="用例 2 现在就不通过；先运行 hazardrules test 改好"):
        results_of(place)


def test_what_is_beyond_cases_in_the_shipped_standards() -> None:
    """A mine is known by its trade, without `industry=`: tests/heavy/test_mutation.py names the mutants."""
    record = {"enterprise": {"sectors": ["非煤矿山"]}, "open_pit": [{"id": "甲", "banned_material_used": "是"}]}
    found = hazardrules.classify(record, on="2026-03-01").findings
    assert "noncoal-2022-openpit-02-b" in {finding.rule for finding in found}


# ------------------------------------------------------------------- proofs against looking at everything


def fact(name: str, kind: str, words: Mapping[str, str] | None = None) -> FactSpec:
    return FactSpec(name, kind, Text(name, name), values=MappingProxyType(dict(words or {})))


THING = ("a", "b", "word", "n", "state")
KINDS_OF_SUBJECT = {
    kind.id: kind
    for kind in (
        Kind("inspection", Text("i", "i"), {"date": fact("date", "date")}, one=True),
        Kind("enterprise", Text("e", "e"), {"big": fact("big", "yes_no")}, one=True),
        Kind(
            "thing",
            Text("t", "t"),
            {
                "a": fact("a", "yes_no"),
                "b": fact("b", "yes_no"),
                "word": fact("word", "choice", {"x": "x", "y": "y", "z": "z"}),
                "n": fact("n", "number"),
                "state": fact("state", "device", DEVICE),
                "f": fact("f", "yes_no"),
                "parts": FactSpec("parts", "list", Text("p", "p"), of="part"),
            },
        ),
        Kind("part", Text("p", "p"), {"c": fact("c", "yes_no"), "d": fact("d", "yes_no")}, within=("thing",)),
    )
}
VALUES: dict[str, tuple[Any, ...]] = {
    "a": (None, True, False),
    "b": (None, True, False),
    "f": (None, True, False),
    "word": (None, "x", "y", "z"),
    "n": (None, *(Decimal(n) / 2 for n in range(-1, 8))),
    "state": (None, "正常", "失效", "未设置"),
    "enterprise.big": (None, True, False),
}
VOCABULARY = Vocabulary(MappingProxyType(KINDS_OF_SUBJECT))
SINCE = date(2024, 1, 1)

SENTENCES = st.one_of(
    st.sampled_from((Fact("a"), Fact("b"))),
    st.builds(lambda op, word: Call(op, (Fact("word"), Const(word))), st.sampled_from(("eq", "ne")), st.sampled_from("xyz")),
    st.builds(
        lambda op, words: Call(op, (Fact("word"), Const(words))),
        st.sampled_from(("in", "not_in")),
        st.frozensets(st.sampled_from("xyz"), min_size=1, max_size=3),
    ),
    st.builds(
        lambda op, n: Call(op, (Fact("n"), Const(Decimal(n)))),
        st.sampled_from(("lt", "le", "gt", "ge", "eq", "ne")),
        st.sampled_from((1, 2)),
    ),
    st.builds(lambda op, word: Call(op, (Fact("state"), Const(word))), st.sampled_from(("eq", "ne")),
              st.sampled_from(("正常", "未设置"))),
)  # fmt: skip


def blocks(inner: SearchStrategy[Expr]) -> SearchStrategy[Expr]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Call, st.sampled_from(("all", "any")), several),
        several.map(lambda parts: Call("at_least", (Const(2), *parts))),
        inner.map(lambda part: Call("not", (part,))),
    )


CONDITIONS: SearchStrategy[Expr] = st.recursive(SENTENCES, blocks, max_leaves=4)
PARTS = st.builds(Each, st.just("parts"), st.recursive(st.sampled_from((Fact("c"), Fact("d"))), blocks, max_leaves=2),
                  st.sampled_from((None, 1, 2)))  # fmt: skip


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    when = draw(CONDITIONS)
    exclusion = st.builds(
        lambda e, soft, defers: Exclusion(e, Text("w", "w"), disputed=soft, defers_to=defers),
        CONDITIONS, st.sampled_from((None, "argued")), st.sampled_from((None, None, "elsewhere")),
    )  # fmt: skip
    return Rule(
        "r", ("thing",), Level.MAJOR, Text("s", "s"),
        applies=draw(st.one_of(st.just(ALWAYS), SENTENCES)),
        when=when,
        unless=tuple(draw(st.lists(exclusion, max_size=1))),
        disputed=tuple(draw(st.lists(st.builds(Reading, CONDITIONS, st.just(Text("w", "w"))), max_size=1))),
    )  # fmt: skip


def bench_of(rule: Rule, *, article: str | None, definitions: Mapping[Any, Definition] | None = None) -> Bench:
    standard = Standard("s", "s", "s", None, "s", None, InForce(SINCE), (), scope=Fact("enterprise.big"),
                        failed_device=article)  # fmt: skip
    clause = Clause("c", "01", (rule,))
    vocabulary = VOCABULARY.with_conditions(definitions or {}, {})
    book = Rulebook(vocabulary, (replace(standard, clauses=(clause,)),), MappingProxyType({}), MappingProxyType({}))
    return Bench.of(book, standard, clause, rule)


def read_of(*rules: Rule) -> list[str]:
    names = {node.name for rule in rules for e in rule.conditions() for node in walk(e) if isinstance(node, Fact)}
    return [name for name in VALUES if name in names]


def all_records(names: list[str]) -> Iterator[dict[str, Any]]:
    for values in product(*(VALUES[name] for name in names)):
        yield {name: said(value) for name, value in zip(names, values, strict=True) if value is not None}


def said(value: Any) -> Any:
    return {True: "是", False: "否"}.get(value, value) if isinstance(value, bool) else value


def differs_somewhere(one: Bench, other: Bench, names: list[str], most: int) -> dict[str, Any] | None:
    """Return a record on which the engine judges the two differently, by trying every one; None where there is none."""
    records = list(islice(all_records(names), most + 1))
    assume(len(records) <= most)
    return next((r for r in records if one.observed(r, "thing") != other.observed(r, "thing")), None)


@given(rules(), st.data(), st.sampled_from((None, "第九条")))
@examples(60)
def test_what_is_proved_equivalent_is_and_what_is_not_is_shown(rule: Rule, data: st.DataObject, article: str | None) -> None:
    mutants = list(of_rule(rule, VOCABULARY.scope("thing")))
    assume(mutants)
    mutant = data.draw(st.sampled_from(mutants))
    one = bench_of(rule, article=article)
    other = one.changed(rule=mutant.made)
    found = equivalence.compare(one, other)
    truly = differs_somewhere(one, other, read_of(rule, mutant.made), 800)
    event(f"{mutant.kind}: {'equivalent' if truly is None else 'differs'}")
    if truly is None:
        assert found is Proof.EQUIVALENT, found
    else:
        assert isinstance(found, Witness), truly
        assert one.observed(found.given, "thing") == found.before != found.after
        assert all(
            one.observed(less, "thing") == other.observed(less, "thing")
            or equivalence._told(equivalence.shown(one, other, "thing", less)) != equivalence._told(found)  # type: ignore[arg-type]
            for name in found.given
            if (less := {n: v for n, v in found.given.items() if n != name}) is not None
        ), "no fact of the record is needless"


@given(CONDITIONS, st.one_of(st.none(), CONDITIONS, st.just("otherwise")), st.data())
@examples(50)
def test_proofs_of_definitions(yes: Expr, no: Any, data: st.DataObject) -> None:
    definition = Definition(yes=yes, no=Call("not", (yes,)), whole=True) if no == "otherwise" else Definition(yes, no)
    mutants = list(of_definition(definition, VOCABULARY.scope("thing"), KINDS_OF_SUBJECT["thing"].facts["f"]))
    assume(mutants)
    mutant = data.draw(st.sampled_from(mutants))
    when = data.draw(st.sampled_from((Fact("f"), Call("not", (Fact("f"),)), Call("all", (Fact("f"), Fact("a"))),
                                      Call("any", (Call("not", (Fact("f"),)), Fact("b"))))))  # fmt: skip
    key = ("thing", "f")
    rule = Rule("r", ("thing",), Level.MAJOR, Text("s", "s"), when=when)
    one = bench_of(rule, article=None, definitions={key: definition})
    other = one.defined({key: mutant.made})
    found = defined.compare([one], key, definition, mutant.made)
    read = {node.name for side in (definition, mutant.made) for e in side.conditions for node in walk(e)
            if isinstance(node, Fact)} | {"f", *read_of(rule)}  # fmt: skip
    truly = differs_somewhere(one, other, [name for name in VALUES if name in read], 1500)
    event("equivalent" if truly is None else "differs")
    if truly is None:
        assert found is Proof.EQUIVALENT, found
    else:
        assert not isinstance(found, Proof), (found, truly)
        assert one.observed(found[1].given, "thing") == found[1].before != found[1].after


@given(SENTENCES, st.one_of(st.none(), SENTENCES), st.data())
@examples(60)
def test_proofs_hold_where_records_contradict_definitions(yes: Expr, no: Expr | None, data: st.DataObject) -> None:
    """A rule reads a fact beside what it follows from; a record may state it otherwise: then it is not known."""
    beside = st.one_of(SENTENCES, st.sampled_from((Fact("f"), Fact("f"), Call("not", (Fact("f"),)), yes)))
    when = data.draw(st.builds(Call, st.sampled_from(("all", "any")), st.lists(beside, min_size=2, max_size=3).map(tuple)))
    rule = Rule("r", ("thing",), Level.MAJOR, Text("s", "s"), when=when)
    definition = Definition(yes=yes, no=no)
    mutant = data.draw(st.sampled_from(list(of_rule(rule, VOCABULARY.scope("thing")))))
    one = bench_of(rule, article=None, definitions={("thing", "f"): definition})
    other = one.changed(rule=mutant.made)
    found = equivalence.compare(one, other)
    read = {node.name for e in (*definition.conditions, when) for node in walk(e) if isinstance(node, Fact)}
    truly = differs_somewhere(one, other, [name for name in VALUES if name in read | {"f"}], 1000)
    event(f"{found.value if isinstance(found, Proof) else 'shown'}, {'equivalent' if truly is None else 'differs'}")
    if truly is None:
        assert found in (Proof.EQUIVALENT, Proof.NOT_SHOWN)
    else:
        assert found is not Proof.EQUIVALENT, truly


@given(PARTS, st.data())
@examples(30)
def test_proofs_about_parts(where: Each, data: st.DataObject) -> None:
    rule = Rule("r", ("thing",), Level.MAJOR, Text("s", "s"), when=where)
    variant = data.draw(st.sampled_from(list(variants(where, VOCABULARY.scope("thing")))))
    one = bench_of(rule, article=None)
    other = one.changed(rule=replace(rule, when=variant.made))
    found = equivalence.compare(one, other)
    part = [{n: said(v) for n, v in zip("cd", values, strict=True) if v is not None}
            for values in product((None, True, False), repeat=2)]  # fmt: skip
    lists = [[dict(p, id=str(n)) for n, p in enumerate(parts)] for size in range(3) for parts in product(part, repeat=size)]
    records = [{}, *({"parts": parts} for parts in lists), *({"parts": {"seen": parts}} for parts in lists)]
    truly = next((r for r in records if told_of(one, r) != told_of(other, r)), None)
    event("equivalent" if truly is None else "differs")
    if truly is None:
        assert found is not Proof.TOO_LARGE
        assert not isinstance(found, Witness) or len(found.given["parts"]) > 2
    else:
        assert isinstance(found, Witness) or found is Proof.NOT_SHOWN, (found, truly)
        assert found is not Proof.EQUIVALENT


def told_of(bench: Bench, record: dict[str, Any]) -> Any:
    return bench.observed(record, "thing")


# ------------------------------------------------------------------------------------- runs that resume


@pytest.fixture
def tanks(tmp_path: Path) -> Path:
    """Return a copy of the small corpus of the other tests."""
    place = tmp_path / "standards"
    shutil.copytree(GOOD, place)
    return place


def run_on(place: Path, kept: Kept, told: list[str] | None = None, *, jobs: int = 1) -> dict[Unit, list[Result]]:
    work = Work(load(place))
    shown = told if told is not None else []
    return dict(running.run(place, work, work.units, kept, jobs=jobs, show=shown.append, lang="zh", pause=0.0))


def count_assessed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []

    def counted(work: Work, unit: Unit) -> list[Result]:
        done.append(unit.name)
        return assess(work, unit)

    monkeypatch.setattr(running, "assess", counted)
    return done


def test_a_run_that_was_stopped_goes_on(tanks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "deep" / "state.jsonl"
    work, done = Work(load(tanks)), count_assessed(monkeypatch)
    whole = run_on(tanks, Kept(None))
    done.clear()
    stopped = running.run(tanks, work, work.units, Kept(state), jobs=1, show=lambda _: None, lang="zh")
    list(islice(stopped, 3))
    stopped.close()
    first = list(done)
    assert len(first) in (3, 4)  # the one under way may be lost
    with state.open("a", encoding="utf-8") as file:
        file.write('["half a line", [{"docu')  # a power cut while writing
    done.clear()
    again = run_on(tanks, Kept(state))
    assert len(done) == len(work.units) - 3
    assert set(done).isdisjoint(first[:3])
    assert again == whole
    done.clear()
    assert run_on(tanks, Kept(state)) == whole
    assert done == []
    run_on(tanks, Kept(state, fresh=True))
    assert len(done) == len(work.units)


def test_nothing_kept_is_stale(tanks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, done = tmp_path / "state.jsonl", count_assessed(monkeypatch)

    def changed(file: str, old: str, new: str) -> set[str]:
        """Return what is assessed again after an edit of *file*."""
        text = (tanks / file).read_text(encoding="utf-8")
        assert old in text
        (tanks / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        done.clear()
        run_on(tanks, Kept(state))
        return set(done)

    run_on(tanks, Kept(state))
    assert changed("tanks-2024/01-02.yaml", "checked_on: 2024-01-31", "checked_on: 2024-01-30") == {
        "tanks-2024-01-02-a", "tanks-2024",
    }  # a case  # fmt: skip
    assert changed("tanks-2024/01-02.yaml", "level > 9 m", "level >= 9.05 m") == {
        "tanks-2024-01-02-c", "tanks-2024", "watched_works",
    }  # a condition  # fmt: skip
    assert changed("facts/tank.yaml", "yes_when: level <= design_level", "yes_when: design_level >= level") == {
        "tanks-2024-01-01", "tanks-2024", "tank.level_within_design", "tank.size",
    }  # a definition: what shares rules with it, too  # fmt: skip
    every = {unit.name for unit in Work(load(tanks)).units}
    assert changed("facts/tank.yaml", "      大: large", "      大: very large") == every  # what a fact may be
    assert changed("lists/watched_works.yaml", "citation: 《", "citation: 新《") == every
    assert changed("tanks-2024/standard.yaml", "title: ", "title: 新的") == every
    before = Keys(Work(load(tanks))).of(next(u for u in Work(load(tanks)).units if u.name == "tanks-2024-02"))
    monkeypatch.setattr("hazardrules.maintain.mutation.kept._own_code", lambda: "another version of the library")
    after = Keys(Work(load(tanks))).of(next(u for u in Work(load(tanks)).units if u.name == "tanks-2024-02"))
    assert before != after


def test_a_comment_changes_nothing_but_the_place(tanks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, done = tmp_path / "state.jsonl", count_assessed(monkeypatch)
    first = told_at(run_on(tanks, Kept(state)))
    file = tanks / "tanks-2024" / "standard.yaml"
    file.write_text("# a comment\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    done.clear()
    second = told_at(run_on(tanks, Kept(state)))
    assert done == []
    moved = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    assert moved
    assert [line_of(b) - line_of(a) for a, b in moved] == [1] * len(moved), moved


def line_of(where: str) -> int:
    return int(where.rsplit(":", 2)[1])


def told_at(found: dict[Unit, list[Result]]) -> list[str]:
    places, units = report._Places(), sorted(found, key=lambda unit: (unit.kind, unit.name))
    return [places.where(result) for unit in units for result in found[unit] if result.outcome != "killed"]


def test_a_state_that_cannot_be_kept_is_no_harm(tanks: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    whole = run_on(tanks, Kept(None))
    assert run_on(tanks, Kept(tmp_path / "file" / "state.jsonl")) == whole
    (tmp_path / "folder").mkdir()
    assert run_on(tanks, Kept(tmp_path / "folder")) == whole
    odd = tmp_path / "odd.jsonl"
    odd.write_bytes(b"\xff\xfe\x00 no text")
    assert run_on(tanks, Kept(odd)) == whole
    odd.write_text('[1, 2]\n{"a": 1}\n["key", "value"]\n[]\n', encoding="utf-8")
    assert run_on(tanks, Kept(odd)) == whole


def test_old_results_do_not_pile_up(tanks: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    state.write_text('["gone", []]\n', encoding="utf-8")
    run_on(tanks, Kept(state))
    keys = [json.loads(line)[0] for line in state.read_text(encoding="utf-8").splitlines()]
    assert "gone" not in keys
    assert len(keys) == len(set(keys)) == len(Work(load(tanks)).units)


def test_workers_say_the_same_as_one(tanks: Path) -> None:
    told: list[str] = []
    alone, together = run_on(tanks, Kept(None), told), run_on(tanks, Kept(None), jobs=2)
    assert alone == together
    total = sum(len(results) for results in alone.values())
    assert re.fullmatch(rf"{total}/{total} 个变异，每秒 \d+ 个，还要 0:00", told[-1])
    done = [int(line.partition("/")[0]) for line in told]
    assert done == sorted(done)


def test_the_time_that_is_left() -> None:
    told: list[str] = []
    progress = running.Progress(1000, told.append, "en", 0.0)
    progress.add(400, kept=True)
    assert told == []
    progress.worked, progress.done = 100, 500
    assert progress.line(10.0) == "500/1000 mutants, 10 a second, 0:50 left"
    assert progress.line(0.0) == "500/1000 mutants, 0 a second, 0:00 left"


def test_a_worker_notices_other_standards(tanks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_worker", [])
    running._start(tanks, "the fingerprint of what the parent read")
    with pytest.raises(HazardRulesError, match="标准文件在运行中被改了；再运行一次"):
        running._assess("rule", "tanks-2024-02")


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="workers must begin as copies of this one")
def test_a_worker_that_is_killed_ends_the_run_with_a_word(tanks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "assess", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(HazardRulesError, match="工作进程被终止了"):
        run_on(tanks, Kept(None), jobs=2)


# ------------------------------------------------------------------------------------ the command


def told_by(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["mutate", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command(tanks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "state.jsonl"
    code, out, err = told_by(capsys, tanks, "--state", state, "--jobs", 1)
    assert code == 1
    assert re.search(r"tanks-2024.standard.yaml:\d+:\d+: tanks-2024: 没有用例发现：漏了一个词\n"
                     r"    原  enterprise.sectors has \[机械, 轻工\]\n    改  enterprise.sectors has \[轻工\]\n"
                     r"    给 tanks-2024-01-01 加这样一条用例就能发现（现在判命中，改错以后不适用；先按条文核对结论）：\n"
                     r"      - given:\n          enterprise.sectors: \[机械\]\n", out)  # fmt: skip
    lines = out.splitlines()
    assert lines[-1].startswith("合计")
    assert re.search(r"tanks-2024 .* \d\d\.\d%$", lines[-4])
    assert "个变异，每秒" in err
    assert "证明等价：" not in out
    assert "证明等价：" in told_by(capsys, tanks, "--state", state, "--all")[1]
    code, out, _ = told_by(capsys, tanks, "--state", state, "--lang", "en")
    assert code == 1
    assert "survived: word dropped" in out
    assert "hit now, not applicable with the mistake" in out


def test_the_command_in_json(tanks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told_by(capsys, tanks, "--format", "json", "--state", tmp_path / "state.jsonl")
    data = json.loads(out)
    assert code == 1
    assert data["schema"] == 1
    by_name = {document["document"]: document for document in data["documents"]}
    assert set(by_name) == {"tanks-2024", "facts", "lists"}
    for document in by_name.values():
        assert document["mutants"] == sum(document[outcome] for outcome in OUTCOMES)
    told = [m for m in data["mutants"] if m["outcome"] == "survived"]
    assert len(told) == sum(document["survived"] for document in by_name.values())
    assert {"where", "owner", "kind", "before", "after", "case"} <= set(told[0])
    assert not [m for m in data["mutants"] if m["outcome"] == "killed"]


def test_with_the_cases_that_it_asks_for_the_command_is_content(
    tanks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a maintainer would: paste each case as it is printed, and run again."""
    for _ in range(4):
        code, out, _ = told_by(capsys, tanks, "--state", tmp_path / "state.jsonl")
        if code == 0:
            break
        for rule, text in re.findall(r"    给 (\S+) 加这样一条用例[^\n]*\n((?:      .*\n)+)", out):
            paste(tanks, rule, text)
    assert code == 0
    assert out.splitlines()[-1].endswith("100%")
    assert main(["test", str(tanks)]) == 0


def paste(place: Path, rule: str, text: str) -> None:
    (file,) = (f for f in place.rglob("*.yaml") if f"id: {rule}\n" in f.read_text(encoding="utf-8"))
    whole = file.read_text(encoding="utf-8")
    start = whole.index(f"id: {rule}\n")
    end = whole.find("\n  - id: ", start)
    end = len(whole) if end < 0 else end + 1
    if text not in whole[start:end]:
        file.write_text(whole[:end] + text + whole[end:], encoding="utf-8")


def test_the_command_on_one_file(tanks: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = told_by(capsys, tanks / "tanks-2024" / "02.yaml", "--state", tmp_path / "s")
    assert code == 0
    assert re.search(r"^tanks-2024 +1 +1 ", out, re.MULTILINE), out
    assert "facts" not in out


def test_the_command_where_there_is_nothing_to_mutate(
    tanks: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = told_by(capsys, tanks / "industries.yaml", "--state", tmp_path / "s")
    assert (code, out) == (0, "这里没有规则、定义和词表：什么也没有改错\n")


def test_the_command_on_what_cannot_be_read(tanks: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    code, _, err = told_by(capsys, tmp_path / "nowhere", "--state", state)
    assert (code, "没有这个文件或文件夹" in err) == (2, True)
    file = tanks / "tanks-2024" / "02.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("when: not sign", "when: sign"), encoding="utf-8")
    code, _, err = told_by(capsys, tanks, "--state", state, "--jobs", 2)
    assert code == 2
    assert "用例 1 现在就不通过；先运行 hazardrules test 改好" in err
    file.write_text("clause: [", encoding="utf-8")
    code, _, err = told_by(capsys, tanks, "--state", state)
    assert code == 2
    assert "02.yaml:" in err
    code, _, err = told_by(capsys, tanks, "--jobs", "0")
    assert (code, "--jobs" in err) == (2, True)


def test_the_state_lies_with_the_users_own(tanks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                           capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setenv("HAZARDRULES_CACHE", str(tmp_path / "cache"))
    told_by(capsys, tanks, "--jobs", 1)
    assert [file.suffix for file in (tmp_path / "cache").iterdir() if file.name.startswith("mutation-")] == [".jsonl"]
    monkeypatch.setenv("HAZARDRULES_CACHE", "off")
    assert told_by(capsys, tanks, "--jobs", 1)[0] == 1


# ------------------------------------------------------------------------------------ what it prints


def test_a_change_is_shown_line_by_line() -> None:
    before = {"any": ["sign", {"all": ["lit", "level > 5 m"]}]}
    after = {"any": ["sign", {"any": ["lit", "level > 5 m"]}]}
    assert list(report._change(before, after, "zh")) == [
        "    any:",
        "      - sign",
        "原    - all:",
        "改    - any:",
        "          - lit",
        "          - level > 5 m",
    ]
    assert list(report._change("a == b", None, "en")) == ["was  a == b", "now  (gone)"]


def test_a_score_is_a_hundred_only_when_it_is() -> None:
    counts = dict.fromkeys(OUTCOMES, 0)
    assert report._rounded(report.Score("d", {**counts, "killed": 9999, "survived": 1})) == "99.9"
    assert report._rounded(report.Score("d", {**counts, "killed": 3, "equivalent": 5, "refused": 1})) == "100"
    assert report._rounded(report.Score("d", {**counts, "killed": 1, "undecided": 1})) == "50.0"
    assert report._rounded(report.Score("d", counts)) == "100"


# ------------------------------------------------------------------------------------ the document


DOCUMENT = Path(__file__).parents[1] / "docs" / "mutation.md"


def test_every_kind_and_outcome_is_explained() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    told_of = dict(re.findall(r"^\| `(\w+)` (\S+) \|", text, re.MULTILINE))
    assert told_of == {kind: told.zh for kind, told in KINDS.items()}
    for outcome, told in OUTCOMES.items():
        assert f"| {told.zh} |" in text
        assert f"`{outcome}`" in text
    for field in ("where", "owner", "kind", "outcome", "before", "after", "by", "case", *vars(report.Suggestion("", {}, ""))):
        assert f"`{field}`" in text


def test_the_output_in_the_document_is_real(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, table = re.findall(r"```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    shutil.copytree(GOOD, tmp_path / "good")
    monkeypatch.chdir(tmp_path)
    assert shown in told_by(capsys, "good", "--state", tmp_path / "one")[1]
    local = DOCUMENT.parents[1] / "examples" / "local-standard" / "yunze_standards"
    assert told_by(capsys, local, "--state", tmp_path / "two")[1] == table
