"""What no rule asks about: ordinary where a breach is named, never major, whatever its words."""

from __future__ import annotations

from typing import Any

import pytest

import hazardrules as hr

#: the matter of a reconsideration decided at Chifeng, published 2025-03-19: five trucks worked elsewhere without
#: filing; an enforcement body called it major, the ministry answered that it is not listed, the penalty fell
CHIFENG = {
    "text": "5辆货车在外地经营没有备案，执法机关按重大事故隐患处罚",
    "duty": "道路运输车辆异地经营备案的规定",
}


def judged(*observations: dict[str, Any], **record: Any) -> hr.Classification:
    whole = {"inspection": {"date": "2024-08-15", "other_regimes": []}, "observation": list(observations), **record}
    return hr.classify(whole, industry="dust_explosion")


def test_the_chifeng_case_is_ordinary_and_not_listed() -> None:
    (finding,) = judged({"id": "赤峰", **CHIFENG}).findings
    assert (finding.level, finding.verdict, finding.rule) == (hr.Level.ORDINARY, hr.Verdict.HIT, "observation")
    assert finding.citation.title == CHIFENG["duty"]
    assert "判定标准没有列举" in (finding.why or "")
    assert "判定标准没有列举" in finding.explain()


@pytest.mark.parametrize("words", ["重大安全隐患", "极其严重", "构成重大事故隐患，必须停产", "major accident hazard"])
@pytest.mark.parametrize("duty", [None, "安全生产法第三十六条"])
def test_no_word_makes_it_major(words: str, duty: str | None) -> None:
    result = judged({"text": f"地面有油，{words}", "duty": duty})
    assert result.established is (hr.Level.ORDINARY if duty else hr.Level.NONE)
    assert all(finding.level is hr.Level.ORDINARY for finding in result.findings)
    assert ("unclassified" in {notice.code for notice in result.notices}) is (duty is None)


def test_without_a_breach_it_is_unclassified_and_stays_visible() -> None:
    result = judged({"id": "油", "text": "地面有油"})
    (message,) = [notice.message for notice in result.notices if notice.code == "unclassified"]
    assert "observation[油]" in message
    assert "地面有油" in message


def test_it_stands_beside_a_major_hazard_and_reads_back() -> None:
    system = {"id": "A", "dusts": ["木质粉尘"], "method": "干式", "airlock": "未设置"}
    result = judged({"text": "地面有油", "duty": "某规定第三条"}, dust_system=[system], enterprise={"sectors": ["轻工"]})
    assert result.established is hr.Level.MAJOR
    assert [f.rule for f in result.findings if f.level is hr.Level.MAJOR] == ["gongmao-2023-11-06"]
    assert result.findings[-1].rule == "observation"
    assert hr.Classification.from_json(result.to_json()).to_json() == result.to_json()


def test_the_form_has_room_for_it() -> None:
    from hazardrules import forms

    corpus = hr.default()
    asked = forms.asked(corpus.rulebook, corpus.chosen("dust_explosion"))
    assert {spec.id for spec in asked["observation"]} == {"text", "place", "photo", "duty"}


def test_why_an_ordinary_hazard_is_not_major() -> None:
    """Thick dust, but the cleaning system is carried out: ordinary, and the result says what is lacking."""
    place = {"id": "1号车间", "cleaning": "落实", "accumulation_severe": True}
    result = judged(dust_place=[place], enterprise={"sectors": ["轻工"]})
    assert "gongmao-2023-11-10" not in {finding.rule for finding in result.findings}
    near = [f for f in result.findings if f.level is hr.Level.ORDINARY and "第十一条第（十）项" in (f.why or "")]
    assert near
    assert all("不构成重大" in (finding.why or "") for finding in near)


def test_a_settled_major_hit_folds_the_duty_that_it_contains() -> None:
    system = {"id": "A", "dusts": ["木质粉尘"], "method": "干式", "airlock": "未设置"}
    grain = {**system, "dusts": ["粮食饲料糖类粉尘"]}
    sectors = {"sectors": ["轻工"]}
    wood_rules = {f.rule for f in judged(dust_system=[system], enterprise=sectors).findings}
    grain_rules = {f.rule for f in judged(dust_system=[grain], enterprise=sectors).findings}
    assert "gongmao-2023-11-06" in wood_rules
    folded = hr.default().rulebook.find("gongmao-2023-11-06")[2].near
    assert folded
    assert not wood_rules & set(folded)
    assert grain_rules & set(folded)


def test_an_ordinary_hazard_beside_a_disputed_major_one_says_so() -> None:
    system = {"id": "A", "dusts": ["木质粉尘"], "method": "干式", "explosion_controls": ["泄爆", "抗爆"], "venting": "失效"}
    result = judged(dust_system=[system], enterprise={"sectors": ["轻工"]})
    assert [f.verdict.value for f in result.findings if f.rule == "gongmao-2023-11-03"] == ["disputed"]
    whys = [f.why or "" for f in result.findings if f.level is hr.Level.ORDINARY]
    assert any("有争议" in why and "第十一条第（三）项" in why for why in whys), whys
