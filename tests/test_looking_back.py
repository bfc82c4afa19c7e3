"""Two inspections compared: closed is only what the later record shows to be so."""

from __future__ import annotations

import pickle
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import documents
import hazardrules as hr
from hazardrules import findings
from hazardrules.lifecycle.looking_back import GROUPS, Comparison
from hazardrules.reading import read_file
from hazardrules.results import finding_data
from hazardrules.rows import new_row

COLLECTOR = {"id": "砂光除尘", "dusts": ["木质粉尘"], "method": "干式", "airlock": "失效"}
RULE = "gongmao-2023-11-06"


def judged(*collectors: dict[str, Any], industry: str = "dust_explosion", on: str = "2026-03-01") -> hr.Classification:
    return hr.classify({"dust_system": list(collectors)}, industry=industry, on=on)


BEFORE = judged(COLLECTOR)


def group(made: Comparison, rule: str = RULE) -> list[str]:
    """Return in which groups the findings of *rule* are."""
    return [name for name in GROUPS for change in getattr(made, name) if change.finding.rule == rule]


def changed(result: hr.Classification, findings: list[hr.Finding]) -> hr.Classification:
    """Return *result*, read back, with these findings."""
    return hr.Classification.from_dict({**result.to_dict(), "findings": [finding_data(f) for f in findings]})


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (COLLECTOR, ["still"]),
        ({**COLLECTOR, "airlock": "未设置"}, ["still"]),
        ({**COLLECTOR, "airlock": "正常"}, ["closed"]),
        ({**COLLECTOR, "method": "湿式"}, ["closed"]),  # not applicable, by what was stated
        ({**COLLECTOR, "airlock": None}, ["unrecorded"]),
        ({**COLLECTOR, "id": "另一台"}, ["new", "unrecorded"]),
        ({**COLLECTOR, "id": "另一台", "airlock": "正常"}, ["unrecorded"]),
    ],
)
def test_what_became_of_a_finding(later: dict[str, Any], expected: list[str]) -> None:
    assert sorted(group(hr.compare(BEFORE, judged(later)))) == expected


def test_a_fact_that_went_missing_is_named() -> None:
    (change,) = hr.compare(BEFORE, judged({**COLLECTOR, "airlock": None})).unrecorded
    assert change.why == (
        "现在待定，缺 dust_system[砂光除尘].airlock",
        "unknown now, missing dust_system[砂光除尘].airlock",
    )


def test_no_subject_or_no_rule_is_not_closed() -> None:
    for later in (
        judged(),
        hr.classify({}, industry="dust_explosion", on="2026-03-01"),
        judged({**COLLECTOR, "airlock": "正常"}, industry="confined_space"),
        judged({**COLLECTOR, "airlock": "正常"}, on="2023-05-14"),  # the edition before
    ):
        (change,) = [c for c in hr.compare(BEFORE, later).unrecorded if c.finding.rule == RULE]
        assert change.why is not None
        assert change.why.zh == "这次没有记这个对象（或者它没有编号），或者没有判这条规则"


def test_a_subject_without_an_id_is_never_closed() -> None:
    """Its place in the list says nothing of which collector it is."""
    without = {key: value for key, value in COLLECTOR.items() if key != "id"}
    made = hr.compare(judged(without), judged({**without, "airlock": "正常"}))
    assert group(made) == ["unrecorded"]
    assert group(hr.compare(judged(without), judged(without))) == ["still"]
    called_so = judged({**COLLECTOR, "id": "0", "airlock": "正常"})
    assert group(hr.compare(judged(without), called_so)) == ["unrecorded"]
    assert group(hr.compare(judged({**COLLECTOR, "id": "0"}), called_so)) == ["closed"]
    read_back = hr.Classification.from_json(judged(without).to_json())
    assert group(hr.compare(read_back, called_so)) == ["unrecorded"]
    assert sorted(group(hr.compare(read_back, judged({**COLLECTOR, "id": "0"})))) == ["new", "unrecorded"]
    assert sorted(group(hr.compare(judged({**COLLECTOR, "id": "0"}), read_back))) == ["new", "unrecorded"]


def test_what_was_read_back_shows_nothing_to_be_closed() -> None:
    later = judged({**COLLECTOR, "airlock": "正常"})
    for again in (hr.Classification.from_json(later.to_json()), pickle.loads(pickle.dumps(later))):
        made = hr.compare(BEFORE, again)
        assert group(made) == ["unrecorded"]
        assert made.unrecorded[0].why is not None
        assert made.unrecorded[0].why.en.startswith("the later result was read back from JSON")
    before_again = hr.Classification.from_json(BEFORE.to_json())
    assert group(hr.compare(before_again, later)) == ["closed"]


def test_what_was_disputed_and_now_hits_is_worse() -> None:
    before = hr.classify(read_file(documents.ROOT / "examples/wood_workshop.yaml").data, industry="dust_explosion")
    disputed = next(f for f in before.findings if f.verdict is hr.Verdict.DISPUTED)
    hit = changed(before, [replace(f, verdict=hr.Verdict.HIT) if f is disputed else f for f in before.findings])
    made = hr.compare(before, hit)
    assert [change.finding.rule for change in made.worse] == [disputed.rule]
    back = hr.compare(hit, before)
    assert (back.worse, len(back.still)) == ((), len(before.findings))


def test_an_ordinary_finding_that_a_major_one_contains_is_still_there() -> None:
    """The ordinary duty `near` a major rule is folded into it, which does not put it right."""
    record = read_file(documents.ROOT / "examples/wood_workshop.yaml").data
    after = hr.classify(record, industry="dust_explosion")
    hits = {f.rule for f in after.findings}
    folded = [
        (rule, str(finding.subject))
        for finding in after.findings
        for rule in hr.default().rulebook.find(finding.rule)[2].near
        if rule not in hits and after.verdict(rule, finding.subject) is hr.Verdict.HIT
    ]
    assert folded
    rule, subject = folded[0]
    template = next(f for f in after.findings if str(f.subject) == subject)
    before = changed(after, [replace(template, rule=rule, level=hr.Level.ORDINARY)])
    assert group(hr.compare(before, after), rule) == ["still"]


def test_every_finding_is_told_once() -> None:
    before = hr.classify(read_file(documents.ROOT / "examples/wood_workshop.yaml").data, industry="dust_explosion")
    path = documents.ROOT / "examples/closed-loop/wood_workshop_after.yaml"
    after = hr.classify(read_file(path).data, industry="dust_explosion")
    made = hr.compare(before, after)
    old = [c for name in GROUPS if name != "new" for c in getattr(made, name)]
    assert sorted((c.finding.rule, str(c.finding.subject)) for c in old) == sorted(
        (f.rule, str(f.subject)) for f in before.findings
    )
    now = [c for name in ("worse", "still", "new") for c in getattr(made, name)]
    assert sorted(c.finding.rule for c in now) == sorted(f.rule for f in after.findings)
    assert {name: len(getattr(made, name)) for name in GROUPS} == {
        "worse": 0, "new": 1, "still": 2, "unrecorded": 2, "closed": 3,
    }  # fmt: skip


def test_it_is_told_in_words_and_as_data() -> None:
    later = judged({**COLLECTOR, "airlock": None}, {**COLLECTOR, "id": "另一台"})
    made = hr.compare(BEFORE, later)
    basis = "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条第（六）项、第十四条"
    assert str(made).splitlines() == [
        "新出现的（1）",
        f"- [重大事故隐患] 铝镁类金属或木质粉尘的干式除尘没有能用的锁气卸灰装置 - dust_system[另一台] - {basis}",
        "这次没有记录、不能算整改完的（1）",
        f"- [重大事故隐患] 铝镁类金属或木质粉尘的干式除尘没有能用的锁气卸灰装置 - dust_system[砂光除尘] - {basis}",
        "    现在待定，缺 dust_system[砂光除尘].airlock",
    ]
    data = made.to_dict()
    assert list(data) == list(GROUPS)
    assert data["unrecorded"][0]["why"] == "现在待定，缺 dust_system[砂光除尘].airlock"
    assert data["new"][0]["finding"]["subject"]["id"] == "另一台"
    assert hr.compare(BEFORE, BEFORE).to_dict()["closed"] == []


def test_in_english() -> None:
    before = hr.classify({"dust_system": [COLLECTOR]}, industry="dust_explosion", on="2026-03-01", lang="en")
    after = hr.classify({"dust_system": [{**COLLECTOR, "airlock": "正常"}]}, industry="dust_explosion", on="2026-03-01", lang="en")
    assert str(hr.compare(before, after)).startswith("closed (1)\n- [major accident hazard] ")


def test_of_two_subjects_with_one_name_the_graver_counts() -> None:
    """Only two lists of one container can hold such; then nothing may be cleared by the other."""
    (finding,) = [f for f in BEFORE.findings if f.rule == RULE]
    disputed = replace(finding, verdict=hr.Verdict.DISPUTED)
    made = hr.compare(changed(BEFORE, [disputed]), changed(BEFORE, [finding, disputed]))
    assert [change.finding.verdict for change in made.worse] == [hr.Verdict.HIT]

    vocabulary = hr.default().vocabulary
    rows = [new_row(vocabulary.kinds["dust_system"], name, None, id="1") for name in ("first", "second")]
    entry = SimpleNamespace(rule=SimpleNamespace(id=RULE))
    for verdicts, expected in (
        ((hr.Verdict.HIT, hr.Verdict.CLEAR), hr.Verdict.HIT),
        ((hr.Verdict.CLEAR, hr.Verdict.UNKNOWN), hr.Verdict.UNKNOWN),
        ((hr.Verdict.CLEAR, hr.Verdict.NOT_APPLICABLE), hr.Verdict.NOT_APPLICABLE),
    ):
        judged = [
            SimpleNamespace(row=row, block=SimpleNamespace(entries=[entry]), codes=[verdict.code])
            for row, verdict in zip(rows, verdicts, strict=True)
        ]
        assert findings._by_name(judged) == {(RULE, "dust_system[1]"): expected}
