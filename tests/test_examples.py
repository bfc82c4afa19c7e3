"""Every example runs, and what the documents show is what really comes out."""

from __future__ import annotations

import builtins
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import documents
import hazardrules as hr
from hazardrules import forms
from hazardrules.reading import read_file

EXAMPLES = documents.ROOT / "examples"

#: record → industry, level, complete, and each (clause, verdict, subject) that must be found of major hazards
RECORDS = {
    "wood_workshop.yaml": (
        "dust_explosion", "major", False,
        {
            ("第十一条第（一）项", "hit", "dust_place[2号车间]"),
            ("第十一条第（六）项", "hit", "dust_system[砂光除尘]"),
            ("第十一条第（八）项", "hit", "dust_machine[宽带砂光机]"),
            ("第十一条第（八）项", "disputed", "dust_machine[宽带砂光机]"),
            ("第十一条第（十）项", "hit", "dust_place[2号车间]"),
        },
    ),
    "aluminium_polishing.yaml": (
        "dust_explosion", "undetermined", False,
        {
            ("第十一条第（七）项", "disputed", "dust_electrical[除尘器含尘侧接线盒]"),
            ("第十一条第（九）项", "disputed", "metal_dust_store[废铝粉暂存间]"),
        },
    ),
    "paper_mill_pool.yaml": (
        "confined_space", "major", False,
        {
            ("第三条第（一）项", "disputed", "contractor[清淤队]"),
            ("第十三条第（一）项", "hit", "confined_space[2号浆池]"),
            ("第十三条第（二）项", "hit", "confined_space[污水调节池].confined_space_job[5月17日清淤]"),
            ("第十三条第（二）项", "disputed", "confined_space[污水调节池].confined_space_job[5月17日清淤]"),
        },
    ),
    "lpg_tank_farm.yaml": (
        "chemicals", "major", False,
        {
            ("五", "hit", "tank_farm[球罐区]"),
            ("六", "hit", "hydrocarbon_tank[5号球罐（丙烯）]"),
            ("七", "hit", "loading_point[2号装车位]"),
        },
    ),
    "chlor_alkali.yaml": (
        "chemicals", "major", False,
        {
            ("五", "hit", "tank_farm[液氯罐区]"),
            ("七", "disputed", "loading_point[钢瓶充装位]"),
            ("八", "hit", "gas_pipeline[氯气外供管线]"),
            ("十五", "hit", "relief_device[2号液氯储罐爆破片]"),
        },
    ),
    "nitration_unit.yaml": (
        "chemicals", "major", False,
        {
            ("四", "hit", "process_unit[硝化车间]"),
            ("十四", "disputed", "process_unit[硝化车间]"),
            ("十九", "hit", "reaction[甲苯一硝化]"),
            ("二十", "hit", "warehouse[甲类仓库]"),
        },
    ),
    "underground_copper_mine.yaml": (
        "noncoal_mine", "major", False,
        {
            ("地下矿山第（一）项4", "hit", "underground_mine[东沟铜矿].mining_unit[-280米3号矿块]"),
            ("地下矿山第（一）项5", "hit", "underground_mine[东沟铜矿].surface_exit[回风井]"),
            ("地下矿山第（四）项1", "hit", "underground_mine[东沟铜矿].mine_drawing[通风系统图]"),
            ("地下矿山第（四）项5", "hit", "underground_mine[东沟铜矿]"),
            ("地下矿山第（七）项3", "disputed", "underground_mine[东沟铜矿].pump_room[-280米主水泵房]"),
            ("地下矿山第（十七）项", "hit", "underground_mine[东沟铜矿].goaf[-180米中段2号采空区]"),
            ("地下矿山第（十九）项", "hit", "underground_mine[东沟铜矿].mine_working[-280米3号矿块]"),
            ("地下矿山第（二十）项6", "hit", "underground_mine[东沟铜矿]"),
            ("地下矿山第（二十一）项", "hit", "underground_mine[东沟铜矿]"),
            ("地下矿山第（二十二）项2", "hit", "underground_mine[东沟铜矿].hoist[副井罐笼]"),
            ("地下矿山第（三十）项", "hit", "underground_mine[东沟铜矿].output_month[5月]"),
            ("地下矿山第（三十一）项", "hit", "underground_mine[东沟铜矿].safety_system[人员定位]"),
            ("地下矿山第（三十二）项", "hit", "underground_mine[东沟铜矿].mine_post[总工程师]"),
            ("地下矿山第（一）项", "hit", "underground_mine[东沟铜矿].surface_exit[副井]"),
            ("地下矿山第（四）项", "hit", "underground_mine[东沟铜矿].weather_warning[6月12日暴雨预警]"),
        },
    ),
    "tailings_pond_before_flood_season.yaml": (
        "noncoal_mine", "major", False,
        {
            ("尾矿库第（一）项", "hit", "tailings_pond[南沟尾矿库].pond_activity[右岸取土修路]"),
            ("尾矿库第（七）项", "hit", "tailings_pond[南沟尾矿库].dam[主坝].dam_section[II-II断面]"),
            ("尾矿库第（八）项", "hit", "tailings_pond[南沟尾矿库]"),
            ("尾矿库第（九）项2", "hit", "tailings_pond[南沟尾矿库].drainage_structure[1号排水斜槽]"),
            ("尾矿库第（九）项3", "hit", "tailings_pond[南沟尾矿库].drainage_structure[老排水井]"),
            ("尾矿库第（十九）项", "hit", "tailings_pond[南沟尾矿库]"),
            ("尾矿库第（一）项", "hit", "tailings_pond[南沟尾矿库].drainage_structure[1号排水斜槽]"),
            ("尾矿库第（一）项", "hit", "tailings_pond[南沟尾矿库].drainage_structure[老排水井]"),
        },
    ),
    "limestone_quarry_with_dump.yaml": (
        "noncoal_mine", "major", False,
        {
            ("露天矿山第（六）项", "hit", "open_pit[青山石灰石矿].slope[排土场下游坡面]"),
            ("露天矿山第（七）项1", "hit", "open_pit[青山石灰石矿].slope[北帮（已到界）]"),
            ("露天矿山第（九）项", "hit", "open_pit[青山石灰石矿].haul_road[排土道路]"),
            ("露天矿山第（十一）项1", "hit", "open_pit[青山石灰石矿].dump[西沟排土场]"),
            ("露天矿山第（十一）项3", "hit", "open_pit[青山石灰石矿].dump[西沟排土场]"),
            ("露天矿山第（十二）项", "hit", "open_pit[青山石灰石矿]"),
            ("露天矿山第（一）项", "hit", "open_pit[青山石灰石矿].gathering_place[值班宿舍]"),
            ("露天矿山第（二）项", "disputed", "open_pit[青山石灰石矿].weather_warning[2026-06-27暴雨]"),
        },
    ),
}  # fmt: skip


def judged(name: str) -> hr.Classification:
    return hr.classify(read_file(EXAMPLES / name).data, industry=RECORDS[name][0])


# ---------------------------------------------------------------------------------- the records


def test_every_record_is_tested() -> None:
    assert {path.name for path in EXAMPLES.glob("*.yaml")} == set(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_record(name: str) -> None:
    _, level, complete, expected = RECORDS[name]
    result = judged(name)
    assert (result.level.value, result.complete) == (level, complete)
    majors = [finding for finding in result.findings if finding.level is hr.Level.MAJOR]
    assert {(f.citation.clause, f.verdict.value, str(f.subject)) for f in majors} == expected


@pytest.mark.parametrize("name", RECORDS)
def test_record_fits_the_published_schema(name: str) -> None:
    corpus = hr.default()
    asked = forms.asked(corpus.rulebook, corpus.chosen(RECORDS[name][0]))
    jsonschema.validate(read_file(EXAMPLES / name).data, forms.as_schema(corpus.vocabulary, asked))


def test_wood_workshop_leaves_just_one_fact_of_the_major_hazards_open() -> None:
    result = judged("wood_workshop.yaml")
    majors = [rule for rule in result.open if rule.level is hr.Level.MAJOR]
    assert [rule.missing for rule in majors] == [("dust_system[开料除尘].venting",)]


def test_failed_devices_are_cited() -> None:
    found = {str(f.subject): f.citation.also for f in judged("wood_workshop.yaml").findings if f.rule.endswith("11-06")}
    assert found == {"dust_system[砂光除尘]": ("第十四条",)}


def test_every_example_is_described() -> None:
    text = documents.read("examples/README.md")
    files = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".yaml")}
    assert {name for name in files if f"]({name})" not in text} == set()


# ---------------------------------------------------------------------------------- the programs


def test_platform_stores_results_and_reads_them_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    platform = documents.module("examples/inspection_platform.py")
    path = tmp_path / "platform.db"
    platform.main(str(path))
    platform.main(str(path))  # the same records again: stored once
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT record, level, json FROM result").fetchall()
    assert {(record, level) for record, level, _ in rows} == {(name, RECORDS[name][1]) for name in RECORDS}
    assert len(rows) == len(RECORDS)
    for record, _, stored in rows:
        assert hr.Classification.from_json(stored).to_json() == stored == judged(record).to_json()
    assert f"wood_workshop.yaml: major, {judged('wood_workshop.yaml').counts['hit']} 项命中" in capsys.readouterr().out


def self_check(
    answers: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Run the self-check with *answers* by a word of the question, else blank; return all that was printed."""
    printed = []

    def answer(_prompt: str) -> str:
        printed.append(capsys.readouterr().out)
        if len(printed) > 200:
            raise AssertionError("it never stops asking")
        key = next((key for key, left in answers.items() if key in printed[-1] and left), None)
        return answers[key].pop(0) if key else ""

    monkeypatch.setattr(builtins, "input", answer)
    documents.module("examples/self_check.py").main("confined_space")
    return "".join([*printed, capsys.readouterr().out])


def test_self_check_with_blank_answers_leaves_all_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "尚不能判定 (undetermined)" in self_check({}, monkeypatch, capsys)


def test_self_check_asks_until_it_knows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {
        "另有判定标准": ["[]"],
        "有限空间：有哪些": ["调节池"],
        "承包、承租等外来单位：有哪些": ["无"],
        "人员：有哪些": ["[]"],
        "可能有哪些气体": ["硫化氢"],
        "认定为有限空间": ["也许", "否"],
        "台账里有没有": ["否"],
        "警示标志": ["否"],
        "有限空间作业：有哪些": ["没有"],
    }
    told = self_check(answers, monkeypatch, capsys)
    assert "confined_space[调节池].identified: 应填 是、否 或 不清楚，而不是“也许”" in told
    assert "重大事故隐患 (major)" in told
    assert "第十三条第（一）项" in told
    assert [key for key, left in answers.items() if left] == []


@pytest.mark.parametrize("program", ["inspection_platform.py", "self_check.py", "closed_loop.py"])
def test_program_runs_by_itself(program: str) -> None:
    """As the README says: `python examples/…`, here without any input."""
    done = subprocess.run(
        [sys.executable, f"examples/{program}"],
        cwd=documents.ROOT,
        input="",
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


# ----------------------------------------------------------------------------- what documents show


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_generated_blocks_are_fresh(name: str) -> None:
    text = documents.read(name)
    assert documents.refresh.refreshed(text) == text, "run: python scripts/refresh_docs.py"


def test_readme_shows_real_runs() -> None:
    shown = {what for _, what, _, _ in documents.refresh.BLOCK.findall(documents.read("README.md"))}
    assert "run classify examples/wood_workshop.yaml --industry dust_explosion" in shown
    assert {"documents zh", "documents en", "industries"} <= shown


def test_readme_has_the_two_commands() -> None:
    """Each sets up by itself; the first one's `hazardrules` part is run here."""
    setup = re.escape("python3 -m venv .venv && .venv/bin/pip install -q -e ")
    lines = [line for block in documents.blocks("README.md", "sh") for line in block.splitlines()]
    main = [found[1] for line in lines if (found := re.fullmatch(setup + r"\. && \.venv/bin/(hazardrules .+)", line))]
    tests = [line for line in lines if re.fullmatch(setup + r"'\.\[test\]' && \.venv/bin/pytest", line)]
    assert len(main) == len(tests) == 2  # Chinese and English
    for command in main:
        code, printed = documents.run(command, documents.ROOT)
        assert code == 0
        assert printed.strip() in documents.read("README.md")


@pytest.mark.parametrize("name", ["README.md", "examples/README.md"])
def test_commands_run(name: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    lines = documents.commands(name)
    assert lines
    for line in lines:
        code, printed = documents.run(line, tmp_path)
        assert code == 0, f"{line}\n{printed}"


@pytest.mark.parametrize("name", [name for name in documents.DOCUMENTS if documents.blocks(name, "python")])
def test_python_blocks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(documents.ROOT)
    names: dict[str, object] = {}
    for block in documents.blocks(name, "python"):
        for source, expected, found in documents.execute(block, names):
            assert found == expected, source


def test_a_wrong_python_block_is_noticed() -> None:
    assert documents.execute("x = 1\nx + 1  # → 3\n", {}) == [("x + 1", "3", "2")]


# ---------------------------------------------------------------- the worked example of the standards


@pytest.fixture(scope="module")
def own_standards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a reader of standards/README.md has done what it says."""
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(documents.ROOT / "standards", folder / "my-standards")
    for block in documents.blocks("standards/README.md", "yaml"):
        if found := re.match(r"# (my-standards/[\w/.-]+)(（加在末尾）)?\n", block):
            path = folder / found[1]
            path.parent.mkdir(exist_ok=True)
            before = path.read_text(encoding="utf-8") if found[2] else ""
            path.write_text(before + block, encoding="utf-8")
    return folder


def test_worked_example_passes(own_standards: Path) -> None:
    lines = documents.commands("standards/README.md")
    assert {line.split()[1] for line in lines} == {"lint", "test", "show", "facts", "classify"}
    for line in lines:
        code, printed = documents.run(line, own_standards)
        assert code == 0, f"{line}\n{printed}"


def test_worked_example_judges(own_standards: Path) -> None:
    record = {
        "charging_room": [
            {"id": "1号", "place": "室内", "chargers": 3, "ventilation": "停用", "combustibles": "没有堆放"}
        ]
    }
    result = hr.load(own_standards / "my-standards").classify(record, industry="charging", on="2026-03-01")
    assert [f.rule for f in result.findings] == ["group-2026-01"]
    assert json.loads(result.to_json())["level"] == "major"


def test_worked_example_fails_as_told(own_standards: Path, tmp_path: Path) -> None:
    shutil.copytree(own_standards / "my-standards", tmp_path / "my-standards")
    clause = tmp_path / "my-standards/group-2026/01.yaml"
    clause.write_text(clause.read_text(encoding="utf-8").replace("chargers >= 3", "chargers >= 2"), encoding="utf-8")
    code, printed = documents.run("hazardrules test my-standards/group-2026", tmp_path)
    assert code == 1
    told = [
        line
        for block in documents.blocks("standards/README.md", "text")
        for line in block.splitlines()
        if "用例 4" in line
    ]
    assert len(told) == 1
    assert told[0] in printed
