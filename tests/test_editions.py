"""The two editions of the 工贸 standard: one record, judged on the last day of one and the first of the other.

Each example is a difference between 安监总管四〔2017〕129号 and 应急管理部令第10号 that turns a judgement round.
It names, for either day, the clauses that hit, those that are disputed, and those that surely do not hit. No
other clause may be found; a clause that surely does not hit may not be left open either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

import hazardrules as hr
from hazardrules.maintain import cases

OLD_DAY, NEW_DAY = date(2023, 5, 14), date(2023, 5, 15)
OLD, NEW = "安监总管四〔2017〕129号", "应急管理部令第10号"
Record = Mapping[str, list[dict[str, Any]] | dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """What one day's law says: clauses that hit, disputed ones, and ones that surely do not hit."""

    hits: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    topic: str
    industry: str
    record: Record
    old: Told
    new: Told
    also: tuple[str, ...] = field(default=())  # what the new hits cite beside the clause


def item(chapter: str, number: int) -> str:
    return f"2017版·{chapter}·{number}"


def article(number: str, part: str) -> str:
    return f"第{number}条第（{part}）项"


FREEZER_OLD, FREEZER_NEW = item("液氨制冷", 2), article("十二", "二")
DRY_WOOD = {"dusts": ["木质粉尘"], "method": "干式"}
FRAME = {"storeys": 3, "structure": "框架结构"}
JOB = {"stage": "进行中", "approval": "进入前已审批", "ventilate_test_work": True, "gas_test": "检测合格"}

EXAMPLES = (
    Example(
        "速冻机单独成间而超过 9 人：2017 用“且”，2023 用“或者”",
        "ammonia_refrigeration",
        {"quick_freezer": [{"placing": "单独作业间", "persons": 10}]},
        Told(never=(FREEZER_OLD,)),
        Told(hits=(FREEZER_NEW,)),
    ),
    Example(
        "速冻机不单独成间而只有 9 人",
        "ammonia_refrigeration",
        {"quick_freezer": [{"placing": "与其他作业同间", "persons": 9}]},
        Told(never=(FREEZER_OLD,)),
        Told(hits=(FREEZER_NEW,)),
    ),
    Example(
        "速冻机两样都占，两版都算",
        "ammonia_refrigeration",
        {"quick_freezer": [{"placing": "与其他作业同间", "persons": 10}]},
        Told(hits=(FREEZER_OLD,)),
        Told(hits=(FREEZER_NEW,) * 2),
    ),
    Example(
        "铝粉正压吹送而有可靠的火花探测消除：2023 只看正压",
        "dust_explosion",
        {"dust_system": [{"dusts": ["铝镁等金属粉尘"], "air_flow": "正压吹送", "spark_protection": "正常"}]},
        Told(never=(item("粉尘", 4),)),
        Told(hits=(article("十一", "四"),)),
    ),
    Example(
        "木粉正压吹送而没有防点燃源措施，两版都算",
        "dust_explosion",
        {
            "dust_system": [
                {
                    "dusts": ["木质粉尘"],
                    "air_flow": "正压吹送",
                    "spark_protection": "未设置",
                    "other_ignition_prevention": False,
                }
            ]
        },
        Told(hits=(item("粉尘", 4),)),
        Told(hits=(article("十一", "四"),)),
    ),
    Example(
        "干式系统只有隔爆：2017 算一种控爆措施，2023 不算",
        "dust_explosion",
        {
            "dust_system": [
                {"method": "干式", "explosion_controls": ["隔爆"], "isolation": "正常", "controls_to_code": True}
            ]
        },
        Told(never=(item("粉尘", 3),)),
        Told(hits=(article("十一", "三"),)),
    ),
    Example(
        "控爆措施装了而不合规范：2017 写“未规范采用”，2023 只看有没有起作用",
        "dust_explosion",
        {
            "dust_system": [
                {"method": "干式", "explosion_controls": ["泄爆"], "venting": "正常", "controls_to_code": False}
            ]
        },
        Told(hits=(item("粉尘", 3),)),
        Told(never=(article("十一", "三"),)),
    ),
    Example(
        "离居民区等太近：只有 2017 写了距离",
        "dust_explosion",
        {"dust_place": [{**FRAME, "rooms_inside": [], "safe_distance": False}]},
        Told(hits=(item("粉尘", 1),)),
        Told(never=(article("十一", "一"),)),
    ),
    Example(
        "作业区里面有办公室：2023 写明，2017 没有写明",
        "dust_explosion",
        {"dust_place": [{**FRAME, "rooms_inside": ["办公室"], "safe_distance": True}]},
        Told(disputed=(item("粉尘", 1),)),
        Told(hits=(article("十一", "一"),)),
    ),
    Example(
        "非框架的多层厂房，两版都算",
        "dust_explosion",
        {"dust_place": [{"storeys": 2, "structure": "砖混结构", "rooms_inside": [], "safe_distance": True}]},
        Told(hits=(item("粉尘", 1),)),
        Told(hits=(article("十一", "一"),)),
    ),
    Example(
        "几栋建筑、几个防火分区共用一套系统：2017 没有写共用",
        "dust_explosion",
        {
            "dust_system": [
                {
                    "other_medium": "没有",
                    "kinds_shared": False,
                    "buildings_served": 2,
                    "compartment_sharing": "跨防火分区",
                    "links": [],
                }
            ]
        },
        Told(never=(item("粉尘", 2),)),
        Told(hits=(article("十一", "二"),) * 2),
    ),
    Example(
        "不同种类的粉尘共用一套系统：2023 写明，2017 没有写明",
        "dust_explosion",
        {
            "dust_system": [
                {
                    "other_medium": "没有",
                    "kinds_shared": True,
                    "mixing_aggravates": True,
                    "buildings_served": 1,
                    "compartment_sharing": "不跨防火分区",
                    "links": [],
                }
            ]
        },
        Told(disputed=(item("粉尘", 2),)),
        Told(hits=(article("十一", "二"),)),
    ),
    Example(
        "粉尘与可燃气体共用一套系统，两版都算",
        "dust_explosion",
        {"dust_system": [{"other_medium": "可燃气体从别处接入", "kinds_shared": False, "buildings_served": 1}]},
        Told(hits=(item("粉尘", 2),)),
        Told(hits=(article("十一", "二"),)),
    ),
    Example(
        "不同防火分区的系统连通，两版都算；不同建筑的连通 2023 才写明",
        "dust_explosion",
        {
            "dust_system": [
                {
                    "links": [
                        {"across": "不同防火分区", "via": "除尘管道"},
                        {"across": "不同建筑", "via": "除尘管道"},
                    ]
                }
            ]
        },
        Told(hits=(item("粉尘", 2),), disputed=(item("粉尘", 2),)),
        Told(hits=(article("十一", "二"),) * 2),
    ),
    Example(
        "砂光机风管只能报警、不能灭火花：2017 要报警，2023 要消除",
        "dust_explosion",
        {
            "enterprise": {"wood_products": True},
            "dust_machine": [
                {
                    "kind": "砂光",
                    "foreign_body_removal": "正常",
                    "duct_spark_alarm": "正常",
                    "spark_alarm_to_code": True,
                    "duct_spark_elimination": "无效",
                }
            ],
        },
        Told(never=(item("粉尘", 8), item("粉尘", 9))),
        Told(hits=(article("十一", "八"),)),
        also=("第十四条",),
    ),
    Example(
        "没有清扫制度、没有及时清，而积尘不严重：2023 要造成积尘严重",
        "dust_explosion",
        {
            "dust_place": [
                {
                    **FRAME,
                    "rooms_inside": [],
                    "safe_distance": True,
                    "cleaning": "未制定",
                    "cleaned_in_time": False,
                    "accumulation_severe": False,
                }
            ]
        },
        Told(hits=(item("粉尘", 10),)),
        Told(never=(article("十一", "十"),)),
    ),
    Example(
        "有清扫制度而没有落实，积尘严重：2017 写的是没有制定制度",
        "dust_explosion",
        {
            "dust_place": [
                {
                    **FRAME,
                    "rooms_inside": [],
                    "safe_distance": True,
                    "cleaning": "未落实",
                    "accumulation_severe": True,
                }
            ]
        },
        Told(disputed=(item("粉尘", 10),)),
        Told(hits=(article("十一", "十"),)),
    ),
    Example(
        "镁粉干式储存处不通风、不防水：2017 没有这一项",
        "dust_explosion",
        {
            "metal_dust_store": [
                {
                    "metal": "镁及镁合金",
                    "mode": "干式",
                    "ventilation": "未设置",
                    "other_hydrogen_control": False,
                    "water_protection": "都没有",
                }
            ]
        },
        Told(),
        Told(hits=(article("十一", "九"),) * 2),
    ),
    Example(
        "只有窒息危险的空间没有辨识、没有标志：2023 只管有中毒风险的",
        "confined_space",
        {"confined_space": [{"hazards": ["缺氧窒息"], "identified": False, "in_ledger": False, "sign": False}]},
        Told(hits=(item("有限空间", 1),)),
        Told(never=(article("十三", "一"),)),
    ),
    Example(
        "辨识过、有台账而没有标志：2023 要两样都没有",
        "confined_space",
        {"confined_space": [{"hazards": ["硫化氢"], "identified": True, "in_ledger": True, "sign": False}]},
        Told(hits=(item("有限空间", 1),)),
        Told(never=(article("十三", "一"),)),
    ),
    Example(
        "没有审批就进入只有窒息危险的空间：2023 只管有中毒风险的",
        "confined_space",
        {
            "confined_space": [
                {
                    "hazards": ["缺氧窒息"],
                    "identified": True,
                    "in_ledger": True,
                    "sign": True,
                    "jobs": [{**JOB, "approval": "没有审批", "guard": "一直有人监护"}],
                }
            ]
        },
        Told(hits=(item("有限空间", 2),), never=(item("有限空间", 1),)),
        Told(never=(article("十三", "一"), article("十三", "二"))),
    ),
    Example(
        "批过而没有先通风检测、没有人监护：2017 只写审批",
        "confined_space",
        {
            "confined_space": [
                {
                    "hazards": ["硫化氢"],
                    "identified": True,
                    "in_ledger": True,
                    "sign": True,
                    "jobs": [{**JOB, "ventilate_test_work": False, "guard": "没有人监护"}],
                }
            ]
        },
        Told(never=(item("有限空间", 1), item("有限空间", 2))),
        Told(hits=(article("十三", "二"),) * 2),
    ),
    Example(
        "水性漆的喷漆室没有可燃气体报警：2023 只管非水性漆",
        "machinery",
        {
            "paint_room": [
                {
                    "kind": "喷漆室",
                    "paints": ["水性漆"],
                    "gas_alarm": "未设置",
                    "ventilation": "正常",
                    "electrical": "都防爆且合适",
                }
            ]
        },
        Told(hits=(item("机械", 7),)),
        Told(never=(article("七", "七"),)),
    ),
    Example(
        "喷漆室的电气不防爆：2023 不再写防爆电气",
        "machinery",
        {
            "paint_room": [
                {
                    "kind": "喷漆室",
                    "paints": ["非水性漆"],
                    "gas_alarm": "正常",
                    "gas_alarm_to_code": True,
                    "ventilation": "正常",
                    "electrical": "有非防爆电气",
                }
            ]
        },
        Told(hits=(item("机械", 7),)),
        Told(never=(article("七", "七"),)),
    ),
    Example(
        "机械的喷漆室用非水性漆、没有通风：2017 机械只写可燃气体报警和防爆电气",
        "machinery",
        {
            "paint_room": [
                {
                    "kind": "喷漆室",
                    "paints": ["非水性漆"],
                    "gas_alarm": "正常",
                    "gas_alarm_to_code": True,
                    "ventilation": "未设置",
                    "electrical": "都防爆且合适",
                }
            ]
        },
        Told(never=(item("机械", 7),)),
        Told(hits=(article("七", "七"),)),
    ),
    Example(
        "轻工的喷漆室用非水性漆、没有可燃气体报警：2017 轻工写的是通风和防爆电气",
        "light_industry",
        {
            "paint_room": [
                {
                    "kind": "喷漆室",
                    "paints": ["非水性漆"],
                    "gas_alarm": "未设置",
                    "ventilation": "正常",
                    "ventilation_to_code": True,
                    "electrical": "都防爆且合适",
                }
            ]
        },
        Told(never=(item("轻工", 6),)),
        Told(hits=(article("八", "六"),)),
    ),
    Example(
        "承包单位没有统一协调、管理，也没有检查过：2017 没有这一项",
        "machinery",
        {"contractor": [{"relation": "承包单位", "coordination": "没有做", "safety_inspections": "从未检查"}]},
        Told(),
        Told(hits=(article("三", "一"),) * 2),
    ),
    Example(
        "焊工无证上岗：2017 没有这一项",
        "confined_space",
        {"worker": [{"role": "其他人员", "work": "焊接与热切割作业", "working": True, "certificate": "无证"}]},
        Told(),
        Told(hits=(article("三", "二"),)),
    ),
    Example(
        "粮食出仓没有防护：商贸一项 2023 没有了",
        "commerce",
        {"grain_store_job": [{"store": "筒仓", "stage": "进行中", "steps_followed": False, "protection": "没有做"}]},
        Told(hits=(item("商贸", 1),)),
        Told(),
    ),
    Example(
        "吊运钢水的起重机、罐包耳轴、煤气柜选址：2023 没有了",
        "ferrous_metallurgy",
        {
            "molten_metal_crane": [
                {
                    "lifted": ["钢水"],
                    "meets_requirements": False,
                    "heavy_steel_ladle": True,
                    "fixed_gantry_hook": False,
                    "hook_parts_checked": "没有定期检查",
                    "defects_handled": "没有及时处理",
                }
            ],
            "molten_metal_ladle": [{"content": ["钢水"], "trunnion_test": "没有按期检测"}],
            "coal_gas_facility": [
                {
                    "kind": "煤气柜",
                    "isolation": "正常",
                    "purging": "正常",
                    "in_dense_housing": True,
                    "far_from_important": False,
                    "auxiliaries_ex": True,
                    "lightning_protection": "正常",
                }
            ],
        },
        Told(hits=(*(item("冶金", 2),) * 3, item("冶金", 3), item("冶金", 7)), never=(item("冶金", 9),)),
        Told(never=(article("四", "七"),)),
    ),
    Example(
        "机械吊运熔融金属的起重机：2023 没有了",
        "machinery",
        {
            "molten_metal_crane": [
                {
                    "lifted": ["铸造金属液"],
                    "meets_requirements": False,
                    "two_brakes": False,
                    "hook_parts_checked": "没有定期检查",
                }
            ]
        },
        Told(hits=(item("机械", 2),) * 3),
        Told(),
    ),
    Example(
        "锁气卸灰装置装了而失效：2017 没有失效视同没有设的条款",
        "dust_explosion",
        {"dust_system": [{**DRY_WOOD, "airlock": "失效", "airlock_to_code": True}]},
        Told(disputed=(item("粉尘", 6),)),
        Told(hits=(article("十一", "六"),)),
        also=("第十四条",),
    ),
    Example(
        "熏蒸前没有确认撤离而配了面具：2017 用“且”，2023 用“或者”",
        "tobacco",
        {
            "fumigation_place": [
                {"stage": "进行中", "evacuation_confirmed": False, "gas_masks": "正常", "phosphine_alarm": "正常"}
            ]
        },
        Told(never=(item("烟草", 1),)),
        Told(hits=(article("十", "一"),)),
    ),
)


def judged(example: Example, day: date) -> hr.Classification:
    return hr.classify(example.record, industry=example.industry, on=day)


def majors(result: hr.Classification) -> list[hr.Finding]:
    """Return the findings under the two editions; ordinary duties are other documents' and stay the same."""
    return [finding for finding in result.findings if finding.level is hr.Level.MAJOR]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.topic for example in EXAMPLES])
@pytest.mark.parametrize("day", [OLD_DAY, NEW_DAY], ids=str)
def test_each_day_has_its_law(example: Example, day: date) -> None:
    result = judged(example, day)
    number, told = (OLD, example.old) if day == OLD_DAY else (NEW, example.new)
    found = {verdict: [] for verdict in hr.Verdict}
    for finding in majors(result):
        assert finding.citation.number == number
        found[finding.verdict].append(finding.citation.clause)
    assert sorted(found.pop(hr.Verdict.HIT)) == sorted(told.hits)
    assert sorted(found.pop(hr.Verdict.DISPUTED)) == sorted(told.disputed)
    assert not any(found.values())
    still_open = {entry.citation.clause for entry in result.open if entry.citation}
    assert not still_open & set(told.never)
    assert clauses(number) >= {*told.hits, *told.disputed, *told.never}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.topic for example in EXAMPLES])
def test_article_14_is_cited_only_since_2023(example: Example) -> None:
    assert {finding.citation.also for finding in majors(judged(example, OLD_DAY))} <= {()}
    hits = [finding for finding in majors(judged(example, NEW_DAY)) if finding.verdict is hr.Verdict.HIT]
    assert {finding.citation.also for finding in hits} == ({example.also} if hits else set())


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.topic for example in EXAMPLES])
def test_the_day_of_the_inspection_chooses(example: Example) -> None:
    for day in (OLD_DAY, NEW_DAY):
        dated = {**example.record, "inspection": {"date": day.isoformat()}}
        result = hr.classify(dated, industry=example.industry)
        assert [f.rule for f in result.findings] == [f.rule for f in judged(example, day).findings]


def clauses(number: str) -> set[str]:
    """Return the labels of the document *number* that have rules."""
    return {clause.label for standard, clause, _ in hr.default().rulebook.rules() if standard.number == number}


def test_the_edition_of_2017_is_whole() -> None:
    """59 items, each with rules; all of them rest on copies and are said to be unverified."""
    numbers = {"粉尘": 10, "液氨制冷": 2, "有限空间": 2, "冶金": 11, "有色": 10, "建材": 6, "机械": 7}
    numbers |= {"轻工": 6, "纺织": 2, "烟草": 2, "商贸": 1}
    assert clauses(OLD) == {item(name, n + 1) for name, count in numbers.items() for n in range(count)}
    result = judged(EXAMPLES[2], OLD_DAY)
    assert [finding.unverified for finding in majors(result)] == [True]
    assert not [notice for notice in result.notices if notice.code == "unencoded"]


OWN = {
    "dust_explosion": "粉尘", "confined_space": "有限空间", "ammonia_refrigeration": "液氨制冷",
    "ferrous_metallurgy": "冶金", "nonferrous_metals": "有色", "building_materials": "建材", "machinery": "机械",
    "light_industry": "轻工", "textiles": "纺织", "tobacco": "烟草", "commerce": "商贸",
}  # fmt: skip


@pytest.mark.parametrize("industry", OWN)
def test_an_industry_sees_only_its_own_chapter_of_2017(industry: str) -> None:
    corpus = hr.default()
    edition = corpus.rulebook.edition(OLD_DAY, corpus.chosen(industry))
    entries = [entry for entry in edition.entries if entry.rule.level is hr.Level.MAJOR]
    assert {entry.clause.label.split("·")[1] for entry in entries} == {OWN[industry]}
    assert {entry.standard.number for entry in entries} == {OLD}


NO_PREVENTION = {"spark_protection": "未设置", "other_ignition_prevention": False}
NO_REMOVAL = {"foreign_body_removal": "未设置", "other_ignition_prevention": False}
NO_SPARK_ALARM = {"duct_spark_alarm": "未设置", "duct_spark_elimination": "未设置"}
CONTAINED = (
    (1, {"dust_place": [{"storeys": 2, "structure": "砖混结构"}]}),
    (1, {"dust_place": [{"rooms_inside": ["会议室"]}]}),
    (2, {"dust_system": [{"other_medium": "可燃气体从别处接入"}]}),
    (2, {"dust_system": [{"links": [{"across": "不同防火分区", "via": "除尘管道"}]}]}),
    (3, {"dust_system": [{"method": "干式", "explosion_controls": []}]}),
    (4, {"dust_system": [{"dusts": ["铝镁等金属粉尘"], "air_flow": "正压吹送", **NO_PREVENTION}]}),
    (4, {"dust_system": [{**DRY_WOOD, "spark_source": True, "air_flow": "正压吹送", **NO_PREVENTION}]}),
    (5, {"dust_system": [{"settling_chamber": True}]}),
    (5, {"dust_system": [{"tunnel_duct": "干式巷道"}]}),
    (6, {"dust_system": [{**DRY_WOOD, "airlock": "未设置"}]}),
    (7, {"dust_electrical": [{"zone": "20区", "ex_state": "不是防爆电气"}]}),
    (8, {"dust_machine": [{"kind": "粉碎", **NO_REMOVAL}]}),
    (9, {"enterprise": {"wood_products": True}, "dust_machine": [{"kind": "砂光", **NO_REMOVAL, **NO_SPARK_ALARM}]}),
    (10, {"dust_place": [{"cleaning": "未制定", "cleaned_in_time": False, "cleaned_each_shift": False}]}),
)


@pytest.mark.parametrize(("number", "record"), CONTAINED)
def test_a_major_hazard_of_2017_contains_its_ordinary_duties(number: int, record: Record) -> None:
    """Duties that the hazard contains are breached as well, and are not told a second time."""
    corpus = hr.default()
    result = corpus.classify(record, industry="dust_explosion", on=OLD_DAY)
    hits = [finding for finding in result.findings if finding.verdict is hr.Verdict.HIT]
    assert {finding.citation.clause for finding in hits} == {item("粉尘", number)}
    rules = {rule.id: rule for _, _, rule in corpus.rulebook.rules()}
    duties = {duty for finding in hits for duty in rules[finding.rule].near}
    told = {duty: cases.judged(corpus, record, OLD_DAY, duty, rules[duty].subjects[0])[1] for duty in duties}
    assert hr.Verdict.HIT in told.values()


BROKEN = {**DRY_WOOD, "explosion_controls": ["泄爆"], "venting": "失效", "controls_to_code": False}


def test_what_is_not_the_same_breach_is_told_beside_it() -> None:
    result = hr.classify({"dust_system": [BROKEN]}, industry="dust_explosion", on=OLD_DAY)
    told = {finding.rule for finding in result.findings if finding.verdict is hr.Verdict.HIT}
    assert told == {"gongmao-2017-dust-03", "dust-2021-17-02-a"}


def test_its_dates_are_told_as_far_as_they_are_known() -> None:
    """Nobody has seen whether it states a day of coming into force: the notice may not say that it states none."""
    notices = hr.classify({}, industry="dust_explosion", on=OLD_DAY).notices
    codes = ("edition", "no_effective_date")
    said = [notice.message for notice in notices if notice.code in codes and OLD in notice.message]
    assert len(said) == 2
    assert "2017-11-30 印发，2023-05-15 起失效" in said[0]
    assert "没有核实" in said[1]
    assert not any("没有写明施行日期" in text or "2017-11-30 起施行" in text for text in said)
