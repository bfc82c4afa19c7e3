"""The language of conditions: what is written is what is read, and what is refused says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hazardrules import condition, dates, default, sentence, units
from hazardrules.condition import Reader
from hazardrules.expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact
from hazardrules.facts import ENTERPRISE, Scope
from hazardrules.ops import COMPARISONS, CONNECTIVES, OPS, ORDERED
from hazardrules.reading import read_json
from hazardrules.rows import Parts
from hazardrules.sentence import SentenceError
from hazardrules.texts import Text
from strategies import LISTS, SUBJECTS, VOCABULARY, conditions, examples, reader

PLANT = VOCABULARY.scope("plant")

# -------------------------------------------------------------------------------- written and read back


def on_any_subject(depth: int) -> SearchStrategy[tuple[Scope, Expr]]:
    """Draw a subject's scope and a condition on it."""
    return st.sampled_from(SUBJECTS).flatmap(
        lambda subject: st.tuples(st.just(VOCABULARY.scope(subject)), conditions(subject, depth=depth, listed=True))
    )


@given(on_any_subject(0))
@examples(300)
def test_sentences_are_read_as_they_are_written(drawn: tuple[Scope, Expr]) -> None:
    scope, condition_ = drawn
    text = sentence.write(condition_, scope)
    event(text.split()[1] if " " in text else "fact")
    assert sentence.read(text, scope, LISTS) == condition_
    assert sentence.read(f"{text.replace(' ', '   ')}  ", scope, LISTS) == condition_


@given(on_any_subject(4))
@examples(200)
def test_conditions_are_read_as_they_are_written(drawn: tuple[Scope, Expr]) -> None:
    scope, condition_ = drawn
    data = condition.write(condition_, scope)
    assert reader(LISTS).read(data, (), scope) == condition_
    text = json.dumps(data, ensure_ascii=False)
    assert reader(LISTS).read(read_json(text, "drawn").data, (), scope) == condition_


def of_the_standards() -> Iterator[tuple[str, Scope, Expr]]:
    """Yield every condition of the shipped standards: where it stands, its scope, itself."""
    rulebook = default().rulebook
    vocabulary = rulebook.vocabulary
    for standard, _, rule in rulebook.rules():
        for subject in rule.subjects:
            scope = vocabulary.scope(subject)
            yield from ((rule.id, scope, asked) for asked in rule.conditions() if asked not in (ALWAYS, NEVER))
    for standard in rulebook.standards:
        around = vocabulary.scope(ENTERPRISE)
        yield from ((standard.id, around, item.when) for item in standard.yields)
    for (kind, fact), definition in vocabulary.definitions.items():
        yield from ((f"{kind}.{fact}", vocabulary.scope(kind), asked) for asked in definition.conditions)
    for (kind, fact), needs in vocabulary.needs.items():
        yield f"{kind}.{fact}", vocabulary.scope(kind), needs


def test_the_standards_are_read_as_they_are_written() -> None:
    lists = default().rulebook.lists
    count = 0
    for where, scope, asked in of_the_standards():
        count += 1
        assert reader(lists).read(condition.write(asked, scope), (), scope) == asked, where
    assert count > 500


def test_every_word_of_the_standards_can_be_written() -> None:
    vocabulary = default().vocabulary
    for kind in vocabulary.kinds.values():
        scope = vocabulary.scope(kind.id)
        for spec in kind.facts.values():
            for word in spec.values:
                words = Const(frozenset([word]))
                asked = (
                    Call("has", (Fact(spec.id), words))
                    if spec.type == "choices"
                    else Call("in", (Fact(spec.id), words))
                )
                assert sentence.read(sentence.write(asked, scope), scope) == asked
                if spec.is_word:
                    same = Call("eq", (Fact(spec.id), Const(word)))
                    assert sentence.read(sentence.write(same, scope), scope) == same


NAMES = (
    "guarded",
    "method",
    "dusts",
    "valve",
    "height",
    "height_design",
    "updated",
    "workers",
    "enterprise.staff",
    "nope",
)
SIGNS = ("<", "<=", "==", "!=", ">", "in", "has", "not", "not in", "+", "-", "*", "and")
LITERALS = (
    "3 m",
    "2",
    "1.5",
    "1:3",
    "干式",
    "[干式, 湿式]",
    "[木粉]",
    "2026-03-01",
    "3 months",
    "risky_methods",
    "从未",
)


@given(st.lists(st.sampled_from((*NAMES, *SIGNS, *LITERALS)), min_size=1, max_size=7).map(" ".join))
@examples(400)
def test_what_is_accepted_can_be_written_back(text: str) -> None:
    """Random words are refused with a message inside the sentence, or mean what their writing means."""
    try:
        found = sentence.read(text, PLANT, LISTS)
    except SentenceError as error:
        event("refused")
        assert error.message.zh
        assert error.message.en
        assert 0 <= error.offset <= len(text)
        return
    event("read")
    assert sentence.read(sentence.write(found, PLANT), PLANT, LISTS) == found


SCALARS = st.none() | st.booleans() | st.integers(-2, 4) | st.text("ab :[]{}全不", max_size=6) | st.sampled_from(NAMES)
KEYS = st.sampled_from(("all", "any", "not", "some", "every", "where", "at_least", "some_list", ""))
ANY_DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3) | st.just("vessels"),
    max_leaves=8,
)


@given(ANY_DATA)
@examples(300)
def test_any_data_is_read_or_reported(data: Any) -> None:
    """Whatever stands where a condition is due is a condition, or is reported with its place."""
    problems: list[tuple[tuple[str | int, ...], int, Text]] = []
    found = Reader(LISTS, lambda *problem: problems.append(problem)).read(data, ("when",), PLANT)
    for path, _, message in problems:
        assert path[0] == "when"
        assert message.zh
        assert message.en
    if not problems:
        assert reader(LISTS).read(condition.write(found, PLANT), (), PLANT) == found


# ----------------------------------------------------------------------------------- what is understood


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("guarded", Fact("guarded")),
        ("not guarded", Call("not", (Fact("guarded"),))),
        ("enterprise.certified", Fact("enterprise.certified")),
        ("valve != 正常", Call("ne", (Fact("valve"), Const("正常")))),
        ("干式 == method", Call("eq", (Const("干式"), Fact("method")))),
        ("method == method_design", Call("eq", (Fact("method"), Fact("method_design")))),
        ("method in [干式,湿式 ]", Call("in", (Fact("method"), Const(frozenset({"干式", "湿式"}))))),
        ("dusts not has [木粉]", Call("lacks", (Fact("dusts"), Const(frozenset({"木粉"}))))),
        ("method not in risky_methods", Call("not", (Call("listed", (Fact("method"), Const("risky_methods"))),))),
        ("height < 3 m", Call("lt", (Fact("height"), Const(Decimal(3000))))),
        ("height < 3 米", Call("lt", (Fact("height"), Const(Decimal(3000))))),
        ("height < 300cm", Call("lt", (Fact("height"), Const(Decimal(3000))))),
        ("3000 mm > height", Call("gt", (Const(Decimal(3000)), Fact("height")))),
        ("height >= 1.1 * height_design",
         Call("ge", (Fact("height"), Call("times", (Const(Decimal("1.1")), Fact("height_design")))))),
        ("height == height_design + 30 cm",
         Call("eq", (Fact("height"), Call("plus", (Fact("height_design"), Const(Decimal(300))))))),
        ("height - height_design > 0.2 m",
         Call("gt", (Call("minus", (Fact("height"), Fact("height_design"))), Const(Decimal(200))))),
        ("workers > 9", Call("gt", (Fact("workers"), Const(Decimal(9))))),
        ("slope > 1:3", Call("gt", (Fact("slope"), Const(Fraction(1000, 3))))),
        ("slope > 30 %", Call("gt", (Fact("slope"), Const(Decimal(300))))),
        ("slope <= slope_design", Call("le", (Fact("slope"), Fact("slope_design")))),
        ("checked < 2026-03-01", Call("lt", (Fact("checked"), Const(date(2026, 3, 1))))),
        ("started < 2026-03-01 08:30", Call("lt", (Fact("started"), Const(datetime(2026, 3, 1, 8, 30))))),
        ("updated + 1 month < inspection.date",
         Call("lt", (Call("later", (Fact("updated"), Const(1), Const("months"))), Fact("inspection.date")))),
        ("updated + 3 years >= checked + 2 days",
         Call("ge", (Call("later", (Fact("updated"), Const(3), Const("years"))),
                     Call("later", (Fact("checked"), Const(2), Const("days")))))),
    ],
)  # fmt: skip
def test_understood(text: str, expected: Expr) -> None:
    assert sentence.read(text, PLANT, LISTS) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"not": "guarded"}, Call("not", (Fact("guarded"),))),
        ({"all": ["guarded"]}, Call("all", (Fact("guarded"),))),
        ({"any": ["guarded", "permitted"], "at_least": 2},
         Call("at_least", (Const(2), Fact("guarded"), Fact("permitted")))),
        ({"some": "vessels", "where": "covered"}, Each("vessels", Fact("covered"), 1)),
        ({"some": "vessels", "at_least": 2, "where": "not covered"},
         Each("vessels", Call("not", (Fact("covered"),)), 2)),
        ({"every": "vessels", "where": {"some": "nozzles", "where": {"any": ["tight", "vessel.covered", "plant.guarded"]}}},
         Each("vessels",
              Each("nozzles", Call("any", (Fact("tight"), Fact("vessel.covered"), Fact("plant.guarded"))), 1), None)),
        ({"some": "enterprise.depots", "where": {"all": ["locked", "enterprise.certified"]}},
         Each("enterprise.depots", Call("all", (Fact("locked"), Fact("enterprise.certified"))), 1)),
    ],
)  # fmt: skip
def test_blocks_understood(data: Any, expected: Expr) -> None:
    assert reader(LISTS).read(data, (), PLANT) == expected


# ------------------------------------------------------------------------------------- what is refused

#: sentence on a plant → where the message points, words of the Chinese and of the English message
REFUSED = [
    ("gaurded", "gaurded", ["gaurded", "没有", "是不是“guarded”"], ["no fact", "guarded"]),
    ("not gaurded", "gaurded", ["是不是“guarded”"], ["did you mean “guarded”"]),
    ("quite_other", "quite_other", ["没有事实“quite_other”", "声明"], ["declare"]),
    ("vessel.covered", "vessel.covered", ["没有事实“vessel.covered”"], ["no fact “vessel.covered”"]),
    ("enterprise.certifed", "enterprise.certifed", ["是不是“enterprise.certified”"], ["enterprise.certified"]),
    ("remark == 甲", "remark", ["“remark”是文字", "条件不能读它"], ["is text"]),
    ("height", "height", ["number", "不能单独成句"], ["no sentence by itself"]),
    ("not valve", "valve", ["device", "不能单独成句"], ["no sentence by itself"]),
    ("guarded == 是", "guarded", ["yes_no", "not guarded"], ["not guarded"]),
    ("dusts == 木粉", "dusts", ["choices", "dusts has [词]"], ["dusts has ["]),
    ("vessels == 2", "vessels", ["list", "some / every / count"], ["list"]),
    ("valve == 坏", "坏", ["“valve”没有“坏”这个值", "正常", "未设置"], ["no value “坏”", "正常"]),
    ("method == 干", "干", ["是不是“干式”"], ["did you mean “干式”"]),
    ("method in [干式, 温式]", "温式", ["“method”没有“温式”", "湿式"], ["温式", "湿式"]),
    ("dusts has []", "]", ["没有“”这个值"], ["no value"]),
    ("dusts in [木粉]", "in", ["要写 has 而不是 in"], ["write has, not in"]),
    ("valve has [正常]", "has", ["要写 in 而不是 has"], ["write in, not has"]),
    ("height in [1 m]", "height", ["number", "不能用 in"], ["in cannot be used"]),
    ("guarded in [是]", "guarded", ["yes_no", "不能用 in"], ["in cannot be used"]),
    ("method in risky_method", "risky_method", ["词表", "是不是“risky_methods”"], ["word list", "risky_methods"]),
    ("valve in risky_methods", "valve", ["device", "只有 choice 能查词表"], ["only a choice"]),
    ("method < 干式", "method", ["没有大小", "==、!=、in"], ["no order"]),
    ("valve >= backup", "", ["没有大小"], ["no order"]),
    ("method == valve", "valve", ["不能相比", "choice", "device"], ["cannot be compared"]),
    ("method == enterprise.policy", "enterprise.policy", ["不能相比", "procedure"], ["cannot be compared"]),
    ("height < 3", "3", ["“height”的单位是 m", "“3”"], ["is in m", "“3”"]),
    ("height < 3 kg", "3 kg", ["单位是 m"], ["is in m"]),
    ("workers < 3 m", "3 m", ["没有单位", "只写数"], ["has no unit"]),
    ("height < 3 rods", "3 rods", ["“3 rods”", "已知单位"], ["known unit"]),
    ("slope > 30", "30", ["单位是 1:m"], ["1:m"]),
    ("slope > 1:0", "1:0", ["“1:0”"], ["1:0"]),
    ("height < workers", "workers", ["不能相比", "height", "workers"], ["cannot be compared"]),
    ("height < 2 * weight", "2 * weight", ["不能相比"], ["cannot be compared"]),
    ("height + weight < 3 m", "weight", ["不能相比"], ["cannot be compared"]),
    ("height + 1 kg < 3 m", "1 kg", ["单位是 m"], ["is in m"]),
    ("updated < started", "started", ["不能相比", "date", "time"], ["cannot be compared"]),
    ("height < hieght_design", "hieght_design", ["是不是“height_design”"], ["height_design"]),
    ("checked < 2026-02-30", "2026-02-30", ["“2026-02-30”不是日期"], ["no date"]),
    ("checked < 3 m", "3 m", ["不是日期"], ["no date"]),
    ("started < 2026-03-01 25:00", "2026-03-01 25:00", ["不是日期"], ["no date"]),
    ("updated - 3 months < checked", "3 months", ["只能向后推", "updated + 3 months"], ["run forward only"]),
    ("updated + 3 weeks < checked", "3 weeks", ["days、months、years"], ["days, months, years"]),
    ("updated + checked < checked", "checked", ["只能向后推"], ["run forward only"]),
    ("method + 1 == 干式", "method", ["不能加减"], ["cannot be added"]),
    ("2 * method == 干式", "method", ["不是数，不能乘"], ["no number to multiply"]),
    ("1.2.3 * height < 3 m", "1.2.3", ["“1.2.3”不是数"], ["no number"]),
    ("1 m < height < 2 m", "< 2 m", ["一句话只写一个比较", "all"], ["one comparison a sentence"]),
    ("3 m < 4 m", "3 m", ["“3 m”不是已声明的事实"], ["no declared fact"]),
    ("height <3 m", "", ["读不懂", "运算符两边留空格"], ["spaces around the operator"]),
    ("guarded and permitted", "", ["读不懂"], ["cannot read"]),
    ("", "", ["读不懂"], ["cannot read"]),
    ("not not guarded", "", ["读不懂"], ["cannot read"]),
    ("height < 1234567890123456789 m", "1234567890123456789 m", ["1234567890123456789"], ["1234567890123456789"]),
    ("height < nan m", "nan m", ["“nan m”"], ["nan m"]),
]


@pytest.mark.parametrize(("text", "culprit", "zh", "en"), REFUSED, ids=[row[0] or "empty" for row in REFUSED])
def test_refused(text: str, culprit: str, zh: list[str], en: list[str]) -> None:
    with pytest.raises(SentenceError) as caught:
        sentence.read(text, PLANT, LISTS)
    message, offset = caught.value.message, caught.value.offset
    assert all(word in message.zh for word in zh), message.zh
    assert all(word in message.en for word in en), message.en
    assert str(caught.value) == message.zh
    assert text[offset:].startswith(culprit)


@pytest.mark.parametrize(
    "text",
    [
        "height - height_design - 1 m > 2 m",
        "height + height_design + 1 m > 2 m",
        "height - 2 * height_design > 2 m",
        "2 * height + 1 m > 2 m",
        "updated + 1 months + 2 days < checked",
    ],
)
def test_one_operator_an_operand(text: str) -> None:
    """There is no precedence to get wrong: a second operator in an operand is refused."""
    with pytest.raises(SentenceError):
        sentence.read(text, PLANT, LISTS)


@pytest.mark.parametrize(
    ("data", "path", "zh", "en"),
    [
        (5, (), ["一句条件", "all / any / not / some / every"], ["expected a sentence"]),
        (None, (), ["一句条件"], ["expected a sentence"]),
        (["guarded"], (), ["一句条件"], ["expected a sentence"]),
        ({}, (), ["缺条件"], ["missing"]),
        ({"al": ["guarded"]}, (), ["“al”", "是不是“all”"], ["did you mean “all”"]),
        ({"all": ["guarded"], "any": ["permitted"]}, (), ["all、any", "同一层"], ["side by side"]),
        ({"all": ["guarded"], "at_least": 1}, (), ["“at_least”"], ["at_least"]),
        ({"all": []}, ("all",), ["一列条件", "- "], ["list of conditions"]),
        ({"any": "guarded"}, ("any",), ["一列条件"], ["list of conditions"]),
        ({"any": ["guarded"], "at_least": 2}, ("at_least",), ["只有 1 条", "至少 2 条"], ["only 1", "not 2"]),
        ({"any": ["guarded"], "at_least": 0}, ("at_least",), ["1 以上的整数"], ["whole number from 1"]),
        ({"any": ["guarded"], "at_least": True}, ("at_least",), ["1 以上的整数"], ["whole number from 1"]),
        ({"some": "vessels", "at_least": "2", "where": "covered"}, ("at_least",), ["1 以上的整数"], ["from 1"]),
        ({"some": "vessels"}, ("some",), ["vessels", "where"], ["where"]),
        ({"some": "guarded", "where": "covered"}, ("some",), ["部件清单", "vessels"], ["list of parts"]),
        ({"some": ["vessels"], "where": "covered"}, ("some",), ["部件清单"], ["list of parts"]),
        ({"every": "vessels", "at_least": 2, "where": "covered"}, (), ["“at_least”"], ["at_least"]),
        ({"some": "vessels", "were": "covered"}, (), ["“were”", "是不是“where”"], ["did you mean “where”"]),
        ({"some": "vessels", "where": "permitted"}, ("where",), ["vessel 没有事实“permitted”"], ["permitted"]),
        ({"not": {"all": ["guarded", {"any": ["permited"]}]}}, ("not", "all", 1, "any", 0), ["permitted"], ["permitted"]),
        ({"not": ["guarded"]}, ("not",), ["一句条件"], ["expected a sentence"]),
    ],
)  # fmt: skip
def test_blocks_refused(data: Any, path: tuple[str | int, ...], zh: list[str], en: list[str]) -> None:
    problems: list[tuple[tuple[str | int, ...], int, Text]] = []
    Reader(LISTS, lambda *problem: problems.append(problem)).read(data, (), PLANT)
    ((where, _, message),) = problems
    assert where == path
    assert all(word in message.zh for word in zh), message.zh
    assert all(word in message.en for word in en), message.en


def test_all_problems_at_once() -> None:
    problems: list[Any] = []
    data = {"all": ["gaurded", "guarded", {"any": ["height < 3 kg", {"some": "vessels", "where": "state == 坏"}]}]}
    Reader(LISTS, lambda *problem: problems.append(problem)).read(data, (), PLANT)
    assert [(path, offset) for path, offset, _ in problems] == [
        (("all", 0), 0),
        (("all", 2, "any", 0), len("height < ")),
        (("all", 2, "any", 1, "where"), len("state == ")),
    ]


def test_word_lists_may_be_forbidden() -> None:
    """Where the day is not known (a definition), a dated list cannot be asked."""
    with pytest.raises(SentenceError, match="词表"):
        sentence.read("method in risky_methods", PLANT, None)


# ---------------------------------------------------------------------------------------- the operators

WORDS = st.sampled_from(("甲", "乙", "丙"))
SETS = st.frozensets(WORDS)
QUANTITIES = st.sampled_from((Decimal(0), Decimal("0.1"), Decimal(1), Fraction(1, 3), Fraction(1, 10), Fraction(2)))
MOMENTS = st.sampled_from((dates.NEVER_DAY, date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 1)))
FLAGS = st.sampled_from((True, False, None))
LISTED = st.sampled_from((Parts(()), Parts((), complete=False)))

#: operator → what its operands may be, all known
OPERANDS: dict[str, SearchStrategy[tuple[Any, ...]]] = {
    **dict.fromkeys(("eq", "ne"), st.tuples(QUANTITIES, QUANTITIES) | st.tuples(MOMENTS, MOMENTS) | st.tuples(WORDS, WORDS)),
    **dict.fromkeys(ORDERED, st.tuples(QUANTITIES, QUANTITIES) | st.tuples(MOMENTS, MOMENTS)),
    **dict.fromkeys(("in", "not_in"), st.tuples(WORDS, SETS)),
    **dict.fromkeys(("has", "lacks"), st.tuples(SETS, SETS)),
    **dict.fromkeys(("known", "unknown"), st.tuples(st.none() | WORDS | FLAGS | SETS | QUANTITIES)),
    **dict.fromkeys(("true", "false", "not_true", "not_false"), st.tuples(FLAGS)),
    **dict.fromkeys(("complete", "partial"), st.tuples(LISTED)),
    **dict.fromkeys(("times", "plus", "minus"), st.tuples(QUANTITIES, QUANTITIES)),
    "later": st.tuples(MOMENTS, st.integers(0, 30), st.sampled_from(("days", "months", "years"))),
}  # fmt: skip
VALUES = ("times", "plus", "minus", "later")


def test_every_operator_is_tried() -> None:
    assert set(OPERANDS) == set(OPS)
    assert set(COMPARISONS.values()) == {"eq", "ne", *ORDERED}
    assert not set(OPS) & set(CONNECTIVES)
    assert {name for name, op in OPS.items() if op.opposite is None} == set(VALUES)


@pytest.mark.parametrize("name", sorted(set(OPS) - set(VALUES)))
def test_an_opposite_is_the_negation(name: str) -> None:
    op = OPS[name]
    assert op.opposite is not None
    opposite = OPS[op.opposite]
    assert opposite.opposite == name
    answers = set()

    @given(OPERANDS[name])
    @examples(60)
    def law(operands: tuple[Any, ...]) -> None:
        answer = bool(op.meaning(*operands))
        answers.add(answer)
        assert bool(opposite.meaning(*operands)) is not answer

    law()
    assert answers == {True, False}


@pytest.mark.parametrize("name", sorted(OPS))
def test_python_spells_what_is_meant(name: str) -> None:
    op = OPS[name]
    world = {"multiply": units.multiply, "add": units.add, "subtract": units.subtract, "later": dates.later}

    @given(OPERANDS[name])
    @examples(40)
    def law(operands: tuple[Any, ...]) -> None:
        names = [f"x{i}" for i in range(len(operands))]
        text = op.python.format(*names)
        assert eval(text, world, dict(zip(names, operands, strict=True))) == op.meaning(*operands)

    law()


@pytest.mark.parametrize("name", sorted(OPS))
def test_every_operator_can_be_told(name: str) -> None:
    count = (
        3 if name == "later" else 2 if name in {*COMPARISONS.values(), "in", "not_in", "has", "lacks", *VALUES} else 1
    )
    words = ("甲甲", "乙乙", "丙丙")[:count]
    for says in OPS[name].says:
        assert all(word in says.format(*words) for word in words)
