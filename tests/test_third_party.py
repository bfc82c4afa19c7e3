"""Standards of third parties: added to the shipped ones under names of their own, by folder or by installed package."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import hazardrules as hr
from hazardrules import cache, places, stored
from hazardrules.cli import main
from hazardrules.errors import StandardsError
from hazardrules.files import load, read
from hazardrules.reading import read_file

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "local-standard" / "yunze_standards"
SHIPPED = load()
ALONE, BOTH = hr.Corpus(SHIPPED), hr.Corpus(read(EXAMPLE, SHIPPED)[0])
RECORD = {
    "inspection": {"date": "2026-05-01"},
    "enterprise": {"yunze_located": "是"},
    "dust_system": [{"id": "抛光", "dusts": ["铝镁等金属粉尘"], "method": "干式", "airlock": "失效", "yunze_platform": "停用"}],
    "yunze_charging_room": [{"id": "东间", "place": "室内", "chargers": 3, "ventilation": "未设置"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example."""
    made = tmp_path / "yunze_standards"
    shutil.copytree(EXAMPLE, made, ignore=shutil.ignore_patterns("__pycache__", "schema"))
    return made


def hits(result: hr.Classification) -> set[str]:
    return {finding.rule for finding in result.findings if finding.verdict is hr.Verdict.HIT}


# ----------------------------------------------------------------------------------------- judging


def test_own_and_shipped_rules_are_judged_together() -> None:
    both = BOTH.classify(RECORD, industry=["dust_explosion", "yunze_charging"])
    assert hits(both) >= {"yunze-2026-03", "yunze-2026-04", "gongmao-2023-11-06"}
    found = next(finding for finding in both.findings if finding.rule == "yunze-2026-03")
    assert "云泽市" in found.citation.title
    assert BOTH.rulebook.version == f"{SHIPPED.version}+yunze.1.0.0"
    assert BOTH.rulebook.fingerprint != SHIPPED.fingerprint
    assert stored.to_data(hr.load(EXAMPLE).rulebook) == stored.to_data(BOTH.rulebook)


def test_a_shipped_industry_takes_the_documents_that_are_added_to_it() -> None:
    result = BOTH.classify(RECORD, industry="dust_explosion")
    assert "yunze-2026-03" in hits(result)
    assert "yunze-2026-04" not in hits(result), "its chapter belongs to an industry of its own"


def test_elsewhere_they_do_not_count() -> None:
    elsewhere = {**RECORD, "enterprise": {"yunze_located": "否"}}
    assert not any(rule.startswith("yunze") for rule in hits(BOTH.classify(elsewhere)))


@pytest.mark.parametrize("record", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_added_changes_no_shipped_verdict(record: Path) -> None:
    data = read_file(record).data
    shipped, added = ALONE.verdicts(data), BOTH.verdicts(data)
    assert {key: verdict for key, verdict in added.items() if not key[0].startswith("yunze-")} == shipped


def test_the_shipped_standards_know_nothing_of_them() -> None:
    with pytest.raises(hr.FactsError, match="yunze_charging_room"):
        hr.classify(RECORD)


def test_two_are_added_side_by_side(folder: Path) -> None:
    other = folder.with_name("other")
    shutil.copytree(folder, other)
    for file in [path for path in other.rglob("*") if path.suffix == ".yaml"]:
        text = file.read_text("utf-8").replace("yunze", "hexi").replace("云泽", "河西").replace("叉车充电间", "叉车充电室")
        target = Path(str(file).replace("yunze-2026", "hexi-2026").replace("yunze_charging", "hexi_charging"))
        target.parent.mkdir(exist_ok=True)
        file.unlink()
        target.write_text(text, "utf-8")
    shutil.rmtree(other / "yunze-2026")
    corpus = hr.load(folder, other)
    assert {"yunze-2026", "hexi-2026", "gongmao-2023"} <= {standard.id for standard in corpus.rulebook.standards}
    assert corpus.rulebook.version.endswith("+yunze.1.0.0+hexi.1.0.0")
    assert {"yunze_platform", "hexi_platform"} <= set(corpus.vocabulary.kinds["dust_system"].facts)


def test_the_cache_knows_what_a_folder_builds_on(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAZARDRULES_CACHE", str(tmp_path / "kept"))
    fresh = stored.to_data(read(folder, SHIPPED)[0])
    assert [stored.to_data(hr.load(folder).rulebook) for _ in range(2)] == [fresh, fresh]
    assert len(list((tmp_path / "kept").iterdir())) == 1
    before = cache._key((folder,))
    assert before != cache._key((folder / "facts",))
    own_code = cache._own_code()
    monkeypatch.setattr(cache, "_own_code", lambda: own_code)
    (folder / "VERSION").write_text("1.0.1\n", "utf-8")
    assert cache._key((folder,)) != before
    (folder / "corpus.yaml").rename(folder / "corpus.txt")
    alone = cache._key((folder,))
    (folder / "corpus.txt").rename(folder / "corpus.yaml")
    assert cache._key((folder,)) != alone, "the shipped standards are part of what it is read from"


# ------------------------------------------------------------------------------------------- names


@dataclass(frozen=True)
class Bad:
    """An edit of the example, and what must be said of it: the place's end and words apart by |."""

    file: str
    old: str  # "" makes the file
    new: str
    where: str
    zh: str
    en: str


KIND = "title: 码头\nfacts: {}\n"
BAD = [
    Bad("corpus.yaml", "namespace: yunze", "namespace: Yun-ze", "corpus.yaml:2:12", "“Yun-ze”不能用|小写英文字母", "cannot be used"),
    Bad("corpus.yaml", "namespace: yunze", "namespace: dust", "corpus.yaml:2:12", "已有以它开头的名字“dust_|换一个", "already begins with it"),
    Bad("corpus.yaml", ">= 2026.11.21", ">= 2099.1", "corpus.yaml:5:12", "2099.1 以上|升级 hazardrules", "upgrade hazardrules"),
    Bad("corpus.yaml", "hazardrules >= 2026.11.21", "2026.11.21", "corpus.yaml:5:12", "应写成“hazardrules >= ", "write “hazardrules >= "),
    Bad("corpus.yaml", "builds_on:", "build_on:", "corpus.yaml:5:1", "是不是“builds_on”", "did you mean “builds_on”"),
    Bad("VERSION", "1.0.0", "one", "VERSION", "写一行版本号，如 1.0.0", "one line with a version"),
    Bad("facts/jetty.yaml", "", KIND, "jetty.yaml:1:1", "“jetty”是自己加的名字|以“yunze_”开头|“yunze_jetty”", "begin it with “yunze_”"),
    Bad("facts/dust_system.yaml", "", KIND, "dust_system.yaml:1:1", "是自带的种类|additions/dust_system.yaml", "is a shipped kind|additions/dust_system.yaml"),
    Bad("facts/_jetty.yaml", "", "facts: {}\n", "_jetty.yaml:1:1", "“jetty”是自己加的名字", "begin it with “yunze_”"),
    Bad("additions/dust_sistem.yaml", "", "facts: {}\n", "dust_sistem.yaml:1:1", "没有“dust_sistem”，是不是“dust_system”", "did you mean “dust_system”"),
    Bad("additions/enterprise.yaml", "yunze_located:", "located:", "enterprise.yaml:4:3", "“located”是自己加的名字|“yunze_located”", "begin it with “yunze_”"),
    Bad("lists/works.yaml", "", "title: 作业\neditions: []\n", "works.yaml:1:1", "“works”是自己加的名字", "begin it with “yunze_”"),
    Bad("tables/yunze_x.yaml", "", "a: 1\n", "yunze_x.yaml", "不能带 tables/", "only the library's own calculations"),
    Bad("city-2026/standard.yaml", "", "number: 1\ntitle: x\nissuer: y\n", "city-2026", "以“yunze-”开头", "begin it with “yunze-”"),
    Bad("industries.yaml", "yunze_charging:", "charging:", "industries.yaml:6:1", "“charging”是自己加的名字", "begin it with “yunze_”"),
    Bad("industries.yaml", "yunze-2026: ['03']", "gongmao-2023: all", "industries.yaml:5:5", "“gongmao-2023”是自己加的名字", "begin it with “yunze-”"),
    Bad("industries.yaml", "dust_explosion:\n", "dust_explosion:\n  title: 粉尘\n", "industries.yaml:4:3", "不认识“title”", "unknown key “title”"),
    Bad("yunze-2026/03.yaml", "level: major", "level: major\n    near: [dust-2021-15-55]", "03.yaml:9:12", "“dust-2021-15-55”不是已有的规则|dust-2021-15-05", "is no rule"),
    Bad("facts/yunze_charging_room.yaml", "facts:\n", "include: [openning]\nfacts:\n", "yunze_charging_room.yaml:6:11", "没有公用事实文件 _openning.yaml，是不是“opening”", "did you mean “opening”"),
]  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.file}-{case.where}")
def test_names_and_versions_are_checked(folder: Path, case: Bad) -> None:
    file = folder / case.file
    text = file.read_text("utf-8") if case.old else ""
    assert case.old in text
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace(case.old, case.new, 1) if case.old else case.new, "utf-8")
    _, read_folder = read(folder, SHIPPED)
    told = [problem for problem in read_folder.problems if problem.where.endswith(case.where)]
    assert told, read_folder.problems
    assert [word for word in case.zh.split("|") if word not in told[0].message.zh] == []
    assert [word for word in case.en.split("|") if word not in told[0].message.en] == []


def test_lint_tells_it_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "facts" / "jetty.yaml").write_text(KIND, "utf-8")
    assert main(["lint", str(folder)]) == 1
    assert "“jetty”是自己加的名字" in capsys.readouterr().out


def test_shipped_shared_facts_can_be_included(folder: Path) -> None:
    file = folder / "facts" / "yunze_charging_room.yaml"
    file.write_text(file.read_text("utf-8").replace("facts:\n", "include: [opening]\nfacts:\n"), "utf-8")
    shared = read_file(ROOT / "standards" / "facts" / "_opening.yaml").data["facts"]
    rulebook, _ = read(folder, SHIPPED)
    assert set(shared) <= set(rulebook.vocabulary.kinds["yunze_charging_room"].facts)


def test_a_kind_of_ones_own_may_be_part_of_a_shipped_one(folder: Path) -> None:
    (folder / "facts" / "yunze_hood.yaml").write_text("title: 吸尘罩\nwithin: dust_system\nfacts: {}\n", "utf-8")
    assert "要有一个 list 事实写 of: yunze_hood" in str(read(folder, SHIPPED)[1].problems[0])
    file = folder / "additions" / "dust_system.yaml"
    part = "  yunze_hoods:\n    type: list\n    of: yunze_hood\n    title: 吸尘罩\n"
    file.write_text(file.read_text("utf-8") + part, "utf-8")
    assert read(folder, SHIPPED)[0].vocabulary.chain("yunze_hood")[:2] == ("yunze_hood", "dust_system")


def test_a_folder_that_stands_alone_is_loaded_alone(folder: Path) -> None:
    alone = Path(__file__).parent / "bad_standards" / "good"
    assert "dust_system" not in hr.load(alone).vocabulary.kinds
    for pair in ((alone, folder), (folder, alone)):
        with pytest.raises(StandardsError, match="自成一套"):
            hr.load(*pair)


def test_one_namespace_is_taken_once(folder: Path) -> None:
    with pytest.raises(StandardsError, match="已有以它开头的名字“yunze_"):
        hr.load(folder, EXAMPLE)


# ------------------------------------------------------------------------------- by installed name


@pytest.fixture
def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the example, as an installed package offers it."""
    info = folder.parent / "yunze_standards-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: yunze-standards\nVersion: 1.0.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[hazardrules.standards]\nyunze = yunze_standards\nlost = nowhere_to_be\n", "utf-8")
    (folder / "__init__.py").write_text("raise RuntimeError('the package was run')\n", "utf-8")
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder


def test_an_installed_package_is_found_by_its_name_and_not_run(installed: Path) -> None:
    assert places.folder_of("yunze") == installed
    assert "yunze-2026" in {standard.id for standard in hr.load("yunze").rulebook.standards}
    assert "yunze_standards" not in sys.modules


def test_being_installed_changes_nothing(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards"]) == 0
    told = capsys.readouterr().out
    assert "yunze-2026" not in told
    assert "已安装、没有选用的标准：lost、yunze（用 --standards 选用）" in told


def test_a_folder_comes_before_a_name(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here" / "yunze").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert places.folder_of("yunze") == Path("yunze")
    assert places.folder_of("./nowhere/x") == Path("nowhere/x")


@pytest.mark.parametrize(("name", "zh", "en"), [
    ("yunzee", "没有文件夹“yunzee”，也没有安装叫这个名字的标准，是不是“yunze”？（已安装：lost、yunze）", "did you mean “yunze”"),
    ("lost", "“lost”已安装，但找不到它的文件夹（包 nowhere_to_be）；重新安装它", "install it again"),
])  # fmt: skip
def test_a_name_that_leads_nowhere(installed: Path, name: str, zh: str, en: str) -> None:
    with pytest.raises(StandardsError) as raised:
        hr.load(name)
    (problem,) = raised.value.problems
    assert problem.message.zh == zh
    assert en in problem.message.en


def test_without_any_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "packages", dict)
    with pytest.raises(StandardsError, match=re.escape("（一个也没有安装）")):
        hr.load("yunze")


def test_every_command_takes_the_name(installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "record.yaml"
    record.write_text("inspection: {date: 2026-05-01}\nenterprise: {yunze_located: 是}\nyunze_charging_room:\n  - {id: 1, place: 室内, chargers: 3, ventilation: 失效}\n", "utf-8")
    assert main(["classify", str(record), "--standards", "yunze", "--industry", "yunze_charging"]) == 0
    assert "云泽市工贸企业重大事故隐患补充判定规定" in capsys.readouterr().out
    for command, words in {
        "facts --standards yunze --subject yunze_charging_room": "chargers",
            "standards --standards yunze": "yunze-2026",
        "test yunze": "失败 0",
    }.items():
        assert main(command.split()) == 0, command
        assert words in capsys.readouterr().out


# ------------------------------------------------------------------------------------- maintaining


def test_the_example_passes_every_check_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(EXAMPLE)]) == 0
    assert "规则 2 条" in capsys.readouterr().out, "only its own are counted"
    assert main(["test", str(EXAMPLE)]) == 0
    assert re.search(r"通过 14，失败 0", capsys.readouterr().out)
    assert main(["fmt", "--check", str(EXAMPLE)]) == 0


def test_every_mutant_of_the_example_is_noticed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["mutate", str(EXAMPLE), "--jobs", "1", "--fresh", "--state", str(tmp_path / "state")]) == 0
    assert re.search(r"合计.* 100%", capsys.readouterr().out)


def test_a_failing_case_of_ones_own_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "yunze-2026" / "04.yaml"
    file.write_text(file.read_text("utf-8").replace("applies: chargers >= 3", "applies: chargers >= 2"), "utf-8")
    assert main(["test", str(folder)]) == 1
    assert "应为 not_applicable" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["README.md", "../../docs/local-standards.md"])
def test_what_is_shown_of_the_package_is_in_it(name: str) -> None:
    text = (EXAMPLE.parent / name).resolve().read_text("utf-8")
    shown = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert [block for block in shown if block not in (EXAMPLE.parent / "pyproject.toml").read_text("utf-8")] == []
