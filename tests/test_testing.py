"""`hazardrules.testing`: what it draws, how that shrinks, and that each property fails where standards are broken in just that way."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import documents
import hazardrules as hr
import hazardrules.testing
from hazardrules import Corpus, HazardRulesError, Verdict, findings, lower, ops, values
from hazardrules.expr import Call, Const, Expr, Fact, all_of, walk
from hazardrules.files import load
from hazardrules.reading import read_yaml
from hazardrules.testing import (
    BrokenLawError,
    Sketch,
    as_yaml,
    facts,
    histories,
    hostile_facts,
    hostile_records,
    laws,
    properties,
    records,
    reordered,
    respelled,
    standards,
    subjects,
    subjects_in,
)
from hazardrules.testing.boundaries import of_rule
from hazardrules.testing.deciding import decided
from hazardrules.testing.drafting import draft_for
from hazardrules.testing.ground import Ground
from hazardrules.testing.reach import chosen_by
from hazardrules.testing.writing import record, whole_record
from strategies import examples

ROOT = Path(__file__).parents[1]
GOOD = ROOT / "tests" / "bad_standards" / "good"
YUNZE = ROOT / "examples" / "local-standard" / "yunze_standards"
TANKS = Corpus(load(GOOD))
SHIPPED = hr.default()
Data = dict[str, Any]

# ------------------------------------------------------------------------------------- what is drawn


def drawn(corpus: Corpus, count: int, *, gaps: bool = True, **options: Any) -> list[Data]:
    """Return records drawn with seeded choices."""
    ground = Ground(corpus, **options)
    drafts = [draft_for(ground, chosen_by(n), gaps=gaps) for n in range(count)]
    return [record(draft) if gaps else whole_record(draft, ground.tops) for draft in drafts]


def test_every_verdict_is_met_and_hits_are_frequent() -> None:
    """Of the rules that a record is drawn for: what is aimed at is mostly met."""
    ground, met = Ground(SHIPPED), Counter[Verdict]()
    for n in range(400):
        draft = draft_for(ground, chosen_by(n))
        found = SHIPPED.verdicts(record(draft))
        met.update({verdict for (rule, _), verdict in found.items() if rule == draft.rule})
    assert set(met) >= set(Verdict) - {Verdict.DEFERRED}
    assert met[Verdict.HIT] > 60
    deferring = [rule.id for _, _, rule in SHIPPED.rulebook.rules() if any(e.defers_to for e in rule.unless)]
    found = [verdict for data in drawn(SHIPPED, 100, rule=deferring) for verdict in SHIPPED.verdicts(data).values()]
    assert Verdict.DEFERRED in found


def test_every_rule_is_drawn_for_sooner_or_later() -> None:
    ground = Ground(TANKS)
    rules = Counter(draft_for(ground, chosen_by(n)).rule for n in range(200))
    assert set(rules) == {rule.id for _, _, rule in TANKS.rulebook.rules()}
    assert min(rules.values()) > 10


def thresholds_of(kind: str, fact: str, **options: Any) -> set[Any]:
    """Return all that is drawn for a fact of the tanks."""
    spec_values = facts(kind, fact, TANKS, **options)
    seen: set[Any] = set()

    @settings(max_examples=200, database=None)
    @given(spec_values)
    def look(value: Any) -> None:
        seen.add(value)

    look()
    return seen


def test_numbers_lie_at_each_threshold_and_one_step_beside() -> None:
    """Of the rules and of the definitions behind them: 9 m in a rule, 5 m in the table of the size."""
    levels = {Decimal(value) for value in thresholds_of("tank", "level")}
    assert levels >= {Decimal(n) for n in ("8.9", "9", "9.1", "4.9", "5", "5.1", "0", "1")}
    counts = thresholds_of("tank", "valve_count")
    assert counts >= {1, 2, 3}
    assert all(isinstance(count, int) and count >= 0 for count in counts)


def test_dates_lie_around_the_end_of_each_period() -> None:
    """`checked_on + 6 months < inspection.date`: the last day of the period and the days beside it, and never."""
    assert thresholds_of("tank", "checked_on", on="2024-08-31") >= {"2024-02-28", "2024-02-29", "2024-03-01", "从未"}


def test_facts_compared_with_facts_meet() -> None:
    """`level <= design_level`: the second is drawn around the first, whatever that is."""
    tanks = [tank for data in drawn(TANKS, 400, gaps=False) for tank in data.get("tank", ())]
    steps = Counter(
        (Decimal(tank["level"]) - Decimal(tank["design_level"])).copy_abs() for tank in tanks if "design_level" in tank
    )
    assert steps[Decimal(0)] > 20
    assert sum(steps[Decimal(n).scaleb(-1)] for n in range(1, 4)) > 20


def test_days_lie_at_the_edges_of_what_is_in_force() -> None:
    days = {data["inspection"]["date"] for data in drawn(SHIPPED, 300, industry="dust_explosion")}
    assert {"2023-05-14", "2023-05-15", "2021-09-01"} <= days
    rules = {rule.id: standard for standard, _, rule in SHIPPED.rulebook.rules()}
    for rule, found in Ground(SHIPPED).days.items():
        assert all(rules[rule].in_force.on(day) for day in found)


def test_a_day_may_be_settled() -> None:
    assert {data["inspection"]["date"] for data in drawn(TANKS, 30, on="2025-07-01")} == {"2025-07-01"}
    with pytest.raises(HazardRulesError, match="没有生效"):
        records(TANKS, on="2019-01-01")


@pytest.mark.parametrize("industry", [None, "dust_explosion", "confined_space", "chemicals"])
def test_without_gaps_all_is_decided(industry: str | None) -> None:
    corpus = SHIPPED if industry else TANKS
    sound = 0
    for data in drawn(corpus, 25, gaps=False, industry=industry):
        result = corpus.classify(data, industry=industry)
        if any(notice.code == "contradiction" for notice in result.notices):
            continue
        assert not result.open, as_yaml(data)
        assert not result.uncovered
        sound += 1
    assert sound > 15


@given(histories(TANKS))
@examples(100)
def test_what_was_known_early_is_known_later(sketch: Sketch) -> None:
    later = {path: told for path, _, told in subjects_in(sketch.whole, TANKS.vocabulary)}
    for path, kind, told in subjects_in(sketch.early, TANKS.vocabulary):
        lists = {spec.id for spec in TANKS.vocabulary.kinds[kind].lists}
        assert {k: v for k, v in told.items() if k not in lists}.items() <= {
            k: v for k, v in later[path].items() if k not in lists
        }.items()
    assert not TANKS.inspect(sketch.whole).contradictions


@given(subjects("valve", TANKS), subjects("worker"))
@examples(30)
def test_subjects(valve: Data, worker: Data) -> None:
    assert set(valve) <= {"id", "state"}
    assert set(worker) - {"id"} <= set(SHIPPED.vocabulary.kinds["worker"].facts)


def test_a_kind_that_no_rule_reads_has_its_facts_drawn(tmp_path: Path) -> None:
    folder = copied(tmp_path, ("facts/valve.yaml", "facts:\n", "facts:\n  bore: {type: number, unit: mm, title: 口径, question: 多粗？}\n"))
    (folder / "facts/pump.yaml").write_text("title: 泵\nfacts:\n  head: {type: number, title: 扬程, question: 多高？}\n", encoding="utf-8")
    pumps = [pump for data in drawn(Corpus(load(folder)), 30, kind="pump") for pump in data["pump"]]
    assert {"head"} < {key for pump in pumps for key in pump}


@given(records(TANKS, kind="valve"))
@examples(50)
def test_records_for_a_kind_have_one(data: Data) -> None:
    assert "valve" in {kind for _, kind, _ in subjects_in(data, TANKS.vocabulary)}


@given(facts("tank", "valves", TANKS), facts("enterprise", "sectors", TANKS), facts("tank", "sign", TANKS))
@examples(30)
def test_facts_of_every_sort(valves: Any, sectors: Any, sign: Any) -> None:
    data = {"enterprise": {"sectors": sectors}, "tank": [{"sign": sign, "valves": valves}]}
    assert TANKS.verdicts(data)


@given(hostile_records(TANKS), hostile_facts("tank", "level", TANKS))
@examples(150)
def test_hostile_records_are_judged_or_refused(data: Any, level: Any) -> None:
    laws.raises_only_facts_errors(TANKS, data)
    laws.raises_only_facts_errors(TANKS, {"tank": [{"level": level}]})


def test_hostile_records_are_of_every_sort() -> None:
    ground = Ground(TANKS)
    from hazardrules.testing.hostile import spoiled

    told, judged = Counter[str](), 0
    for n in range(1500):
        pick = chosen_by(n)
        data = spoiled(record(draft_for(ground, pick)), TANKS.vocabulary, pick)
        try:
            TANKS.classify(data)
            judged += 1
        except HazardRulesError as error:
            told.update(re.sub(r"“[^”]*”|\d+", "…", problem.message.zh) for problem in error.problems)
    assert judged > 50
    heard = " ".join(told)
    for complaint in ("出现了 … 次", "没有…这项事实", "没有…这种对象", "没有…这个选项", "不认识单位", "应是一个数", "不是日期", "应写成列表", "编号应是", "应填 是、否"):
        assert complaint in heard


def test_the_same_choices_give_the_same_record_in_every_process() -> None:
    """What Hypothesis keeps of a failure must mean the same tomorrow."""
    code = (
        "import json, sys; sys.path.insert(0, 'tests'); import hazardrules as hr\n"
        "from hazardrules.testing.ground import Ground; from hazardrules.testing.drafting import draft_for\n"
        "from hazardrules.testing.writing import record; from hazardrules.testing.reach import chosen_by\n"
        "ground = Ground(hr.default(), industry='chemicals')\n"
        "print(json.dumps([record(draft_for(ground, chosen_by(n))) for n in range(40)], default=str))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: records(TANKS, kind="tnak"), "没有对象“tnak”，是不是“tank”？"),
        (lambda: records(TANKS, rule="tanks-2024-01-2"), "没有规则“tanks-2024-01-2”，是不是“tanks-2024-0"),
        (lambda: records(TANKS, industry="tnaks"), "没有行业“tnaks”，是不是“tanks”？"),
        (lambda: records(TANKS, kind="inspection", rule="tanks-2024-02"), "没有这样的规则"),
        (lambda: facts("tank", "levl", TANKS), "没有事实“levl”，是不是“level”？"),
        (lambda: facts("tnak", "level", TANKS), "没有对象“tnak”"),
        (lambda: hostile_facts("tank", "levl", TANKS), "there is no fact “levl”; did you mean “level”?"),
    ],
)
def test_a_name_that_there_is_not(call: Callable[[], Any], says: str) -> None:
    with pytest.raises(HazardRulesError) as caught:
        call()
    assert says in caught.value.say("en" if says.startswith("there") else "zh")


# ------------------------------------------------------------------------------ the same, written otherwise


@given(records(TANKS), st.randoms(use_true_random=False))
@examples(60)
def test_another_order_holds_the_same(data: Data, chance: random.Random) -> None:
    other = reordered(data, chance.choice)
    assert unordered(other) == unordered(data)


def unordered(data: Any) -> Any:
    """Return *data* so that order does not count."""
    if isinstance(data, dict):
        return {key: unordered(data[key]) for key in sorted(data)}
    return sorted(map(unordered, data), key=str) if isinstance(data, list) else data


def test_subjects_without_a_name_keep_their_place() -> None:
    data = {"tank": [{"level": n} for n in range(9)]}
    assert reordered(data, random.Random(1).choice) == data


@given(records(TANKS, gaps=False), st.randoms(use_true_random=False))
@examples(60)
def test_other_words_are_other_words(data: Data, chance: random.Random) -> None:
    other = respelled(data, TANKS.vocabulary, chance.choice)
    assert TANKS.verdicts(other) == TANKS.verdicts(data)
    assert [path for path, _, _ in subjects_in(other, TANKS.vocabulary)] == [p for p, _, _ in subjects_in(data, TANKS.vocabulary)]


@given(records(TANKS))
@examples(100)
def test_a_record_that_is_shown_reads_back(data: Data) -> None:
    """What a failure prints can be saved and judged."""
    back = read_yaml(as_yaml(data), "record").data
    assert TANKS.classify(back).to_json() == TANKS.classify(data).to_json()


@pytest.mark.parametrize("data", [{}, {"a": {1: None}}, {"a": [[1], {}]}, {"a": "null"}, {"a": "x: y"}, {"a": 10**5000}, [], "文"])
def test_anything_can_be_shown(data: Any) -> None:
    assert as_yaml(data)
    endless: list[Any] = []
    endless.append(endless)
    assert as_yaml({"a": endless})


# ----------------------------------------------------------------------------------------- shrinking


def smallest(strategy: Any, holds: Callable[[Any], bool]) -> Any:
    return find(strategy, holds, settings=settings(max_examples=2000, database=None, derandomize=True))


@pytest.mark.parametrize(
    ("rule", "minimal"),
    [
        ("tanks-2024-02", {"content": "油", "sign": False}),
        ("tanks-2024-01-02-b", {"valves": [{"id": "a", "state": "失效"}]}),
        ("tanks-2024-01-02-c", {"level": Decimal("9.1")}),
    ],
)
def test_a_hit_shrinks_to_the_facts_that_it_needs(rule: str, minimal: Data) -> None:
    def hits(data: Data) -> bool:
        return any(r == rule and verdict is Verdict.HIT for (r, _), verdict in TANKS.verdicts(data).items())

    assert smallest(records(TANKS, rule=rule), hits) == {
        "inspection": {"date": "2024-01-01"},
        "enterprise": {"sectors": ["机械"]},
        "tank": [{"id": "a", **minimal}],
    }


def test_what_one_rule_drew_shrinks_to_what_another_needs() -> None:
    """Drawn for any rules of all the standards: what is left is one subject with the facts of the one found."""

    def hits(data: Data) -> bool:
        found = SHIPPED.verdicts(data, industry="dust_explosion")
        return any(r == "gongmao-2023-11-06" and verdict is Verdict.HIT for (r, _), verdict in found.items())

    chosen = [name for name in SHIPPED.rulebook.order if name.startswith("gongmao-2023-11-")]
    assert smallest(records(industry="dust_explosion", rule=chosen), hits) == {
        "inspection": {"date": "2023-05-15"},
        "enterprise": {},
        "dust_system": [{"id": "a", "dusts": ["铝镁等金属粉尘"], "method": "干式", "airlock": "失效"}],
    }


def test_a_spoiled_record_shrinks_to_what_spoils_it() -> None:
    def refused(data: Any) -> bool:
        try:
            TANKS.classify(data)
        except HazardRulesError as error:
            return "出现了 2 次" in str(error)
        return False

    small = smallest(hostile_records(TANKS), refused)
    assert len(small["tank"]) == 2
    assert small["tank"][0] == small["tank"][1]
    assert set(small["tank"][0]) == {"id"}


# ------------------------------------------------------------------------------------ the properties

NAMES = [name for name in dir(properties(TANKS)) if name.startswith("test_")]
QUICK = [name for name in NAMES if name.startswith("test_every_")]


def copied(place: Path, *edits: tuple[str, str, str]) -> Path:
    """Return a copy of the folder of tanks with some texts of its files replaced."""
    folder = place / "tanks"
    shutil.copytree(GOOD, folder)
    for name, old, new in edits:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) >= 1, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def broken_law(suite: Any, name: str) -> str:
    """Return what the property *name* says is broken."""
    with pytest.raises(BrokenLawError) as caught:
        getattr(suite(), name)()
    return str(caught.value)


SIGN = "tanks-2024/02.yaml"
PARTS = "tanks-2024/01-02.yaml"
HIT_CASE = "      - given:\n          content: 酸\n          sign: 否\n        expect: hit\n"
CLEAR_CASE = "      - given:\n          content: 油\n          sign: 是\n        expect: clear\n"

#: property → how the standards are broken, and what the failure must say
BROKEN: dict[str, tuple[list[tuple[str, str, str]], list[str]]] = {
    "test_every_case_passes": (
        [(SIGN, "expect: hit", "expect: clear")],
        ["tanks/tanks-2024/02.yaml:5:9: tanks-2024-02: 用例 case 1", "应为 clear（未命中），实为 hit（命中）", "✓ 情形"],
    ),
    "test_every_rule_can_be_hit": (
        [(SIGN, "    when: not sign\n", "    when:\n      all:\n        - not sign\n        - sign\n"), (SIGN, HIT_CASE, "")],
        ["规则无论如何都命中不了（1）", "rules that nothing hits (1)", "02.yaml:5:9: tanks-2024-02\n", "✗ 情形"],
    ),
    "test_every_rule_can_be_clear": (
        [(SIGN, "    when: not sign\n", "    when:\n      any:\n        - not sign\n        - sign\n"), (SIGN, CLEAR_CASE, "")],
        ["没有未命中（1）", "02.yaml:5:9: tanks-2024-02\n"],
    ),
    "test_every_boundary_decides": (
        [(PARTS, "- level > 9 m\n", "- level > 9 m\n        - level > 5 m\n"), (PARTS, "level: 9 m\n", "level: 5 m\n")],
        ["界限不起作用", "01-02.yaml:46:9: tanks-2024-01-02-c: level > 9 m"],
    ),
    "test_spelling_does_not_matter": (
        [("facts/tank.yaml", "油: oil", "油: water")],
        ["换一种写法", "written otherwise", "content: 油", "content: water"],
    ),
    "test_results_are_sound": (
        [
            ("lists/watched_works.yaml", "from: 2024-01-01", "from: 2034-01-01"),
            (PARTS, "            - valve_count > 2\n", ""),
        ],
        ["待定的规则没有说缺什么", "an open rule does not tell what is missing", "work:"],
    ),
    "test_questions_settle_everything": (
        [("facts/_sign.yaml", "question: 看得见警示标志吗？", "question: 看得见警示标志吗？\n    needs: content == 油")],
        ["问题都答完了，还有定不下来的", "tanks-2024-02: tank[", "].sign"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_property_fails_on_standards_broken_in_just_that_way(name: str, tmp_path: Path) -> None:
    edits, words = BROKEN[name]
    suite = properties(copied(tmp_path, *edits), examples=3000)
    told = broken_law(suite, name)
    assert [word for word in words if word not in told] == []
    for other in set(QUICK) - {name}:
        if name != "test_results_are_sound":  # without the list of words its cases fail too
            getattr(suite(), other)()


def closed_world(op: str, args: tuple[Expr, ...], *, holds: bool, sure: bool) -> Expr:
    """Lower a comparison as one would who takes what is not known for untrue."""
    leaves = [node for arg in args for node in walk(arg) if isinstance(node, Fact)]
    opposite = op if holds else ops.OPS[op].opposite
    assert opposite is not None
    return all_of(*(Call("known", (fact,)) for fact in leaves), Call(opposite, args))


def engine(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Put the mistake into the library that the property *name* is there for."""
    match name:
        case "test_engines_agree":
            monkeypatch.setitem(ops.OPS, "gt", replace(ops.OPS["gt"], python="{0} >= {1}"))
        case "test_more_knowledge_never_overturns":
            monkeypatch.setattr(lower, "_strict", closed_world)
        case "test_order_does_not_matter":
            monkeypatch.setattr(findings, "_row_key", lambda row: (str(row._kind), str(row._n)))
        case "test_only_facts_errors_are_raised":
            monkeypatch.setattr(values, "_show", lambda raw: str(int(raw) if isinstance(raw, float) else raw)[:40])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("test_engines_agree", ["参照引擎判 ", "编译引擎判 ", "the reference engine says"]),
        ("test_more_knowledge_never_overturns", ["多知道一些以后", "with more known", "后来 later:"]),
        ("test_order_does_not_matter", ["换一个次序", "in another order"]),
        ("test_only_facts_errors_are_raised", ["判定时出了 ", "judging raised "]),
    ],
)
def test_each_law_of_the_engine_fails_where_the_engine_is_broken(
    name: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder of standards can break these: they hold by the library, which is broken here instead."""
    engine(monkeypatch, name)
    told = broken_law(properties(Corpus(load(GOOD)), examples=3000), name)
    assert [word for word in words if word not in told] == []


def test_every_property_was_shown_to_fail() -> None:
    by_engine = {"test_engines_agree", "test_more_knowledge_never_overturns", "test_order_does_not_matter", "test_only_facts_errors_are_raised"}
    assert {*BROKEN, *by_engine} == set(NAMES)


class TestTanks(properties(GOOD, examples=25)):  # type: ignore[misc]
    """The small corpus passes."""


class TestShipped(properties(examples=10)):  # type: ignore[misc]
    """The shipped standards pass; their cases are tests of their own, in test_standards."""

    test_every_case_passes = None


class TestExample(properties(YUNZE, examples=5)):  # type: ignore[misc]
    """The local standard among the examples passes."""


with chdir(ROOT):  # as its reader runs it
    EXAMPLE = documents.module("examples/local-standard/test_yunze.py")
test_example_says_what_the_clause_says = EXAMPLE.test_the_clause_in_my_own_words


def test_a_folder_that_adds_to_the_shipped_standards_has_its_own_rules_tested() -> None:
    corpus = standards(YUNZE)
    assert len(corpus.rulebook.order) > 100
    suite = properties(YUNZE, examples=1)
    told = [cell.cell_contents for cell in suite.test_every_case_passes.__closure__]
    (ground,) = [content for content in told if isinstance(content, Ground)]
    assert set(ground.days) == {"yunze-2026-03", "yunze-2026-04"}


def test_standards_that_cannot_be_read_fail_and_say_why(tmp_path: Path) -> None:
    suite = properties(copied(tmp_path, (SIGN, "not sign", "not sing"), ("facts/valve.yaml", "type: device", "type: devise")))
    assert [name for name in dir(suite) if name.startswith("test_")] == ["test_standards_can_be_read"]
    with pytest.raises(AssertionError, match=r"valve\.yaml"):
        suite().test_standards_can_be_read()


def test_a_rule_without_cases_fails(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / SIGN).read_text(encoding="utf-8")
    (folder / SIGN).write_text(text.partition("    cases:\n")[0], encoding="utf-8")
    assert "tanks-2024-02: 没有用例 no cases" in broken_law(properties(folder), "test_every_case_passes")


def test_standards_read_without_their_cases_are_told_from_rules_that_have_none() -> None:
    told = broken_law(properties(hr.load(GOOD)), "test_every_case_passes")
    assert "hazardrules.load 读的不带用例，用 hazardrules.testing.standards 读" in told
    assert "没有用例 no cases" not in told
    properties(standards(GOOD))().test_every_case_passes()


THREE_LINES = """\
from hazardrules.testing import properties

test_standards = properties({folder!r}, examples=200)
"""


def test_three_lines_of_pytest(tmp_path: Path) -> None:
    """As a third party has them: collected under any name, a test a property; a failure shows the record."""
    copied(tmp_path, ("facts/tank.yaml", "油: oil", "油: water"))
    (tmp_path / "test_own.py").write_text(THREE_LINES.format(folder="tanks"), encoding="utf-8")

    def pytest(*arguments: str) -> str:
        command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", *arguments, "test_own.py"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False).stdout

    named = re.findall(r"^test_own\.py::test_standards::(\w+)$", pytest("--collect-only", "-q"), re.MULTILINE)
    assert sorted(named) == NAMES
    told = pytest("-v", "--hypothesis-seed=1", "-k", "spelling or test_every")
    assert set(re.findall(r"test_own\.py::test_standards::(\w+) PASSED", told)) == set(QUICK)
    assert re.findall(r"test_own\.py::test_standards::(\w+) FAILED", told) == ["test_spelling_does_not_matter"]
    assert "content: water" in told
    assert "<tanks>" in told
    assert "Explanation" not in told


def test_without_hypothesis_the_extra_is_named() -> None:
    code = "import sys; sys.modules['hypothesis'] = None\nimport hazardrules.testing"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert "HazardRulesError: hazardrules.testing: 要用 Hypothesis：运行 pip install 'hazardrules[testing]'" in ran.stderr


# ----------------------------------------------------------------------------------------- the guide

GUIDE = documents.read("docs/testing.md")


def test_the_guide_names_every_property_and_all_that_is_public() -> None:
    half = GUIDE.partition("## In English")
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", half[0]))))
    assert set(NAMES) - told == set()
    assert set(hazardrules.testing.__all__) - told - {"Sketch"} == set()
    strategies = {"records", "histories", "subjects", "facts", "hostile_records", "hostile_facts", "properties"}
    assert strategies - set(re.findall(r"\w+", half[2])) == set()


#: the cases of the first draft in the guide, all in agreement with it
DRAFT_CASES = """\
    cases:
      - given: {place: 室内, chargers: 4, ventilation: 未设置}
        expect: hit
      - given: {place: 室内, chargers: 4, ventilation: 失效}
        expect: hit
      - given: {place: 室内, chargers: 4, ventilation: 正常}
        expect: clear
      - given: {place: 室内, chargers: 3, ventilation: 未设置}
        expect: not_applicable
      - given: {place: 敞棚, chargers: 4, ventilation: 未设置}
        expect: clear
        exception: yes
      - given: {chargers: 4, ventilation: 未设置}
        expect: unknown
        missing: [place]
"""


def test_the_guide_finds_two_holes_as_told(tmp_path: Path) -> None:
    """Lint and all cases pass on the draft; what the guide shows of each failure is what comes."""
    folder = tmp_path / "yunze_standards"
    shutil.copytree(YUNZE, folder, ignore=shutil.ignore_patterns("schema", "__pycache__"))
    clause = folder / "yunze-2026/04.yaml"

    def edit(file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def own_words() -> Callable[[], None]:
        source = (ROOT / "examples/local-standard/test_yunze.py").read_text(encoding="utf-8")
        names: dict[str, Any] = {}
        exec(source.replace("examples/local-standard/yunze_standards", str(folder)), names)
        found: Callable[[], None] = names["test_the_clause_in_my_own_words"]
        return found

    def shown(error: BaseException) -> list[str]:
        return [line.strip() for line in "\n".join([str(error), *getattr(error, "__notes__", ())]).splitlines()]

    (draft,) = documents.blocks("docs/testing.md", "yaml")
    _, second, third = documents.blocks("docs/testing.md", "text")
    text = clause.read_text(encoding="utf-8")
    rule = draft.partition("\n")[2]
    begin, reading, cases = (text.index(f"    {key}:") for key in ("applies", "reading", "cases"))
    clause.write_text(text[:begin] + rule + text[reading:cases] + DRAFT_CASES, encoding="utf-8")
    for command in ("lint", "test"):
        code, printed = documents.run(f"hazardrules {command} {folder}", tmp_path)
        assert code == 0, printed

    left = [
        (second, "ventilation in [未设置, 失效]", "ventilation != 正常"),
        (third, "chargers > 3", "chargers >= 3"),
    ]
    while left:  # whichever is found first
        with pytest.raises(AssertionError) as caught:
            own_words()()
        (found,) = [hole for hole in left if {*map(str.strip, hole[0].splitlines())} <= {*shown(caught.value)}]
        left.remove(found)
        edit(clause, *found[1:])
    own_words()()


# --------------------------------------------------------------------------------------- boundaries


def boundary_record(folder: Path, rule: str, sentence: str) -> Data | None:
    """Return the record in which the boundary *sentence* of *rule* decides."""
    ground = Ground(Corpus(load(folder)))
    (found,) = [boundary for boundary in of_rule(ground, rule) if boundary.sentence == sentence]
    return decided(ground, found)


@pytest.mark.parametrize("op", [">", ">=", "<", "<=", "==", "!="])
def test_a_boundary_decides_by_every_operator(op: str, tmp_path: Path) -> None:
    folder = copied(tmp_path, (PARTS, "level > 9 m", f"level {op} 9 m"))
    data = boundary_record(folder, "tanks-2024-01-02-c", f"level {op} 9 m")
    assert data is not None
    assert data["tank"][0]["level"] == 9


def test_a_boundary_in_a_period_decides_on_its_day() -> None:
    data = boundary_record(GOOD, "tanks-2024-01-02-a", "checked_on + 6 months < inspection.date")
    assert data is not None
    checked, seen = (date.fromisoformat(data[k][0][f] if k == "tank" else data[k][f]) for k, f in (("tank", "checked_on"), ("inspection", "date")))
    assert timedelta(180) <= seen - checked <= timedelta(185)


def test_a_boundary_that_the_engines_see_otherwise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ops.OPS, "gt", replace(ops.OPS["gt"], python="{0} >= {1}"))
    with pytest.raises(BrokenLawError, match="编译引擎判"):
        boundary_record(GOOD, "tanks-2024-01-02-c", "level > 9 m")


def test_a_boundary_that_no_record_can_reach_is_idle(tmp_path: Path) -> None:
    """A whole number is never between: `valve_count < 0` has nothing below it."""
    folder = copied(tmp_path, (PARTS, "valve_count > 2", "valve_count < 0"))
    assert boundary_record(folder, "tanks-2024-01-02-c", "valve_count < 0") is None


def test_conditions_have_constants() -> None:
    """The strategies rest on the comparisons of the rules: there are such."""
    ground = Ground(SHIPPED)
    found = [boundary for rule in ground.days for boundary in of_rule(ground, rule)]
    assert len(found) > 10
    assert all(any(isinstance(node, Const) for node in walk(boundary.atom)) for boundary in found if boundary.sentence.count(" ") == 2)
