"""The shipped chart is sound and cites what it rests on; a chart with mistakes is refused with their places."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import documents
from hazardrules import StandardsError
from hazardrules.lifecycle import chart_file
from hazardrules.lifecycle.charts import NEW, Chart, Within, gone_by

SHIPPED = documents.ROOT / "standards/lifecycle/hazard.yaml"


@pytest.fixture(scope="module")
def chart() -> Chart:
    return chart_file.load()


def test_every_state_can_be_reached_and_every_open_one_left(chart: Chart) -> None:
    ways = {(source, t.to) for t in chart.transitions for source in t.source if t.to}
    reached, border = {NEW}, {NEW}
    while border:
        border = {to for source, to in ways if source in border} - reached
        reached |= border
    assert reached == {NEW, *chart.states}
    for state in chart.states.values():
        assert any(source == state.id and to != state.id for source, to in ways)


def test_every_kind_of_event_on_a_hazard_can_do_something(chart: Chart) -> None:
    assert {kind.id for kind in chart.events.values() if kind.about == "hazard"} == {t.on for t in chart.transitions}


def test_only_closing_and_withdrawing_end_a_hazard(chart: Chart) -> None:
    ends = {(t.on, t.to) for t in chart.transitions if t.to and not chart.states[t.to].open}
    assert ends == {("closed", "closed"), ("withdrawn", "withdrawn")}


def test_every_mark_can_be_set_and_every_fact_is_used(chart: Chart) -> None:
    set_marks = {mark for t in chart.transitions for mark in t.mark} | {d.mark for d in chart.deadlines}
    assert set_marks == set(chart.marks)
    stated = {fact for kind in chart.events.values() for fact in kind.facts} | set(chart.blank)
    stated |= {fact for transition in chart.transitions for fact in transition.stamp}
    assert set(chart.facts) - stated == {"major_open", "void"}  # worked out where patterns are looked for


def test_what_the_law_demands_is_cited(chart: Chart) -> None:
    """The articles that the issue names; whatever was not compared with the wording says so."""
    cited = {
        (b.citation.number, b.citation.clause)
        for part in (*chart.events.values(), *chart.transitions, *chart.deadlines, *chart.correlations)
        for b in part.basis
    }
    law = {clause for number, clause in cited if number == "主席令第88号"}
    assert {"第四十一条第二款", "第四十一条第三款", "第六十五条第一款第（三）项", "第一百一十三条第（一）项"} <= law
    assert ("国家安全生产监督管理总局令第16号", "第十五条") in cited
    assert ("法释〔2022〕19号", "第三条") in cited
    for part in (*chart.events.values(), *chart.transitions, *chart.deadlines):
        for basis in part.basis:
            if basis.citation.clause in ("第十八条", "第二十三条", "五落实"):
                assert basis.unverified
    closing = next(t for t in chart.transitions if t.on == "closed" and len(t.basis) > 1)
    assert closing.basis[0].unverified is False


def test_every_open_deadline_is_a_parameter(chart: Chart) -> None:
    for deadline in chart.deadlines:
        assert deadline.until == "due" or deadline.days in chart.parameters


def test_glossary_has_every_word_of_the_chart(chart: Chart) -> None:
    text = documents.read("docs/glossary.md")
    titles = [part.title.zh for part in (*chart.states.values(), *chart.marks.values())]
    assert [title for title in (*titles, "五落实", "闭环", "复判") if title not in text] == []


def test_stretches_are_counted_like_the_law_counts() -> None:
    from datetime import date, datetime

    first = date(2026, 3, 10)
    assert Within(180).last(first) == date(2026, 9, 6)
    assert Within(1, "year").last(first) == date(2027, 3, 10)
    assert Within(1, "month").last(date(2026, 1, 31)) == date(2026, 2, 28)
    assert gone_by(date(2026, 2, 28)) == datetime(2026, 3, 1)
    assert gone_by(date.max) == datetime.max


# ------------------------------------------------------------------------------------- mistakes


def changed(tmp_path: Path, change: Callable[[str], str]) -> str:
    """Return what is said of the shipped chart with a mistake put into it, without the folder's name."""
    folder = tmp_path / "lifecycle"
    folder.mkdir()
    text = SHIPPED.read_text(encoding="utf-8")
    wrong = change(text)
    assert wrong != text
    (folder / "hazard.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        chart_file.load(tmp_path)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  - on: submitted ", "  - on: submited ", r"hazard.yaml:\d+:9: 没有事件“submited”，是不是“submitted”？"),
        ("    to: rectifying\n    mark", "    to: rectify\n    mark", r"hazard.yaml:\d+:9: 没有状态“rectify”，是不是“rectifying”？"),
        ("    unmark: [supervised]\n    marked", "    unmark: [watched]\n    marked", r"hazard.yaml:\d+:5: 没有标记“watched”"),
        ("    from: [closed]", "    from: [shut]", r"hazard.yaml:\d+:5: 没有状态“shut”"),
        ("    applies: level == 重大", "    applies: level == 严重", r"hazard.yaml:\d+:23: “level”没有“严重”这个值（可写：重大、一般）"),
        ("        - measures\n", "        - mesures\n", r"hazard.yaml:\d+:11: hazard 没有事实“mesures”，是不是“measures”？"),
        ("    set:\n      removed: 是", "    set:\n      removed: 是的", r"hazard.yaml:\d+:16: 应填 是、否 或 不清楚"),
        ("    set:\n      removed: 是", "    set:\n      remuved: 是", r"hazard.yaml:\d+:7: 没有事实“remuved”，是不是“removed”？"),
        ("      - document: slogan\n", "      - document: slogen\n", r"hazard.yaml:\d+:19: 没有文件“slogen”，是不是“slogan”？"),
        ("    until: due\n", "    until: to\n", r"hazard.yaml:\d+:12: 没有日期“to”"),
        ("    days: assign_days\n", "", r"要写 until 或者 days"),
        ("    stamp: [judge_from]", "    stamp: [verdict]", r"没有日期“verdict”"),
        ("  - id: rectify\n", "  - id: assign\n", r"hazard.yaml:\d+:9: “assign”已经有了，换一个名字"),
        ("  - id: rectify\n", "  - id: seen_again\n", r"hazard.yaml:\d+:9: “seen_again”已经有了"),
        ("  - id: penalties_year\n", "  - id: repeated\n", r"hazard.yaml:\d+:9: “repeated”已经有了"),
        ("    sequence: [device_bypassed, device_reset, device_bypassed]", "    sequence: [device_bypassed]",
         r"hazard.yaml:\d+:5: 先后至少要两种事件；只有一种用 count"),
        ("    by: [enterprise, subject]\n", "    by: [enterprise, subject]\n    where: under_law\n",
         r"hazard.yaml:\d+:12: sequence 不看 where"),
        ("    days: report_days\n", "    days: reports\n", r"没有参数“reports”，是不是“report_days”？"),
        ("    within: 180 days", "    within: 半年", r"“半年”不是时间：写 180 days、1 year，或者参数的名字"),
        ("    count: [penalty]\n    by: [enterprise]\n    where: under_law\n    when: major_open\n    distinct",
         "    count: [penality]\n    by: [enterprise]\n    where: under_law\n    when: major_open\n    distinct",
         r"没有事件“penality”，是不是“penalty”？"),
        ("    after: [assign, rectify, examine, close]", "    after: [assign]\n    sequence: [opened]", r"count、sequence、after 写一个，只写一个"),
        ("    by: [enterprise, document, clause]", "    by: [enterprise, dokument]", r"没有事实“dokument”，是不是“document”？"),
        ("    needs: [due, reason]", "    needs: [due, raison]", r"没有事实“raison”，是不是“reason”？"),
        ("    at_least: 4", "    at_least: 1", r"“at_least”"),
        ("    about: ledger", "    about: book", r"“book”不是可写的值（可写：hazard, enterprise, ledger）"),
        ("transitions:\n", "transition:\n", r"缺少“transitions”"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    message = changed(tmp_path, lambda text: text.replace(old, new, 1))
    assert re.search(words, message), message


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    message = changed(tmp_path, lambda text: text.replace("- funds\n", "- fonds\n").replace("to: closed", "to: shut"))
    assert len(message.splitlines()) == 3  # two closings, one guard


def test_a_folder_without_a_chart_is_told(tmp_path: Path) -> None:
    with pytest.raises(StandardsError, match="这个文件夹里要有一个闭环的文件（YAML），现有 0 个"):
        chart_file.load(tmp_path)


def test_the_standards_themselves_do_not_read_the_chart(tmp_path: Path) -> None:
    from hazardrules import files

    shutil.copytree(documents.ROOT / "standards/facts", tmp_path / "facts")
    shutil.copytree(documents.ROOT / "standards/lists", tmp_path / "lists")
    shutil.copytree(documents.ROOT / "standards/tables", tmp_path / "tables")
    shutil.copytree(documents.ROOT / "standards/lifecycle", tmp_path / "lifecycle")
    assert files.load(tmp_path).standards == ()
