"""One record under the law of two days: `compare_dates` and `hazardrules compare-dates`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import hazardrules as hr
from hazardrules.cli import main

OLD, NEW = "2023-05-14", "2023-05-15"

def isolation_only() -> dict[str, Any]:
    """A dry system with nothing but isolation: enough in 2017, not since 2023."""
    system = {"id": "A", "dusts": ["木质粉尘"], "method": "干式", "explosion_controls": ["隔爆"]}
    system |= {"isolation": "正常", "controls_to_code": True}
    return {"enterprise": {"sectors": ["轻工"]}, "dust_system": [system]}


def test_what_changes_and_why() -> None:
    made = hr.compare_dates(isolation_only(), OLD, NEW, industry="dust_explosion")
    assert not made.same
    (change,) = [item for item in made.new if item.finding.level is hr.Level.MAJOR]
    assert change.finding.citation.clause == "第十一条第（三）项"
    instead = {other.clause: other for other in change.instead}
    assert "2017版·粉尘·5" in instead or instead
    assert any(other.verdict is hr.Verdict.CLEAR and "隔爆" in other.explanation for other in change.instead)
    assert "第十一条第（三）项" in str(made)
    assert "只按后一日构成的" in str(made)


def test_the_other_way_round_it_is_gone() -> None:
    made = hr.compare_dates(isolation_only(), NEW, OLD, industry="dust_explosion")
    assert "第十一条第（三）项" in {item.finding.citation.clause for item in made.gone}


def test_the_same_day_changes_nothing() -> None:
    made = hr.compare_dates(isolation_only(), NEW, NEW, industry="dust_explosion")
    assert made.same
    assert made.gone == made.new == ()


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(hr.FactsError, match="2023-02-30"):
        hr.compare_dates({}, "2023-02-30", NEW)


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(isolation_only(), ensure_ascii=False), encoding="utf-8")
    arguments = ["compare-dates", str(file), OLD, NEW, "--industry", "dust_explosion"]
    assert main(arguments) == 0
    assert "第十一条第（三）项" in capsys.readouterr().out
    assert main([*arguments, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["days"] == [OLD, NEW]
    assert not data["same"]
    assert {"finding", "instead"} == set(data["new"][0])
    assert main(["compare-dates", str(file), OLD, "bald", "--industry", "dust_explosion"]) == 2
