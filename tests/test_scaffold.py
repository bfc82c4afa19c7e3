"""`hazardrules new`: fresh files have nothing wrong but their blanks, and filled in they pass every check."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import documents
from hazardrules.cli import main
from hazardrules.facts import TYPES
from hazardrules.files import load, read
from hazardrules.files.blanks import BLANK
from hazardrules.maintain.naming import stem_of
from hazardrules.models import ChapterModel, ClauseModel, StandardModel
from hazardrules.reading import read_file

ROOT = Path(__file__).resolve().parents[1]
STANDARDS = ROOT / "standards"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of a small folder of standards, in style."""
    made = tmp_path / "mine"
    shutil.copytree(Path(__file__).parent / "bad_standards" / "good", made)
    assert main(["fmt", str(made)]) == 0
    return made


def new(*words: object) -> int:
    return main(["new", *map(str, words)])


def only_blanks(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check that lint names every blank of *file* at its place, and nothing else in *folder*; that it is in style."""
    text = file.read_text("utf-8")
    assert text.count(BLANK) > 0
    capsys.readouterr()
    assert main(["lint", str(folder)]) == 1
    told = capsys.readouterr().out.splitlines()
    places = set()
    for line in told[:-1]:
        found = re.fullmatch(r".*?:(\d+):(\d+): .*还没有填：(.+)", line)
        assert found, line
        at, column, hint = int(found[1]), int(found[2]), found[3]
        assert text.splitlines()[at - 1][column - 1 :].startswith(BLANK + hint), line
        places.add((at, column))
    assert len(places) == text.count(BLANK)
    assert told[-1] == f"{len(places)} 个问题"
    assert main(["fmt", "--check", str(folder)]) == 0


# --------------------------------------------------------------------------------- fresh and filled


def test_a_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("standard", folder, "group-2026") == 0
    file = folder / "group-2026" / "standard.yaml"
    assert "处待填，hazardrules lint " in capsys.readouterr().out
    only_blanks(folder, file, capsys)
    text = file.read_text("utf-8")
    for old, value in {"文号": "某〔2026〕1号", "文件标题": "清单", "英文标题": "List", "发文机关": "某集团", "发布日期": "2026-01-10",
                       "施行的第一天": "2026-02-01", "条款号的写法": "第一条第（一）项"}.items():  # fmt: skip
        text = re.sub(rf"{BLANK}{old}.*", value, text)
    file.write_text(re.sub(r"scope(_clause)?: .*\n", "", text), "utf-8")
    rulebook, read_folder = read(folder)
    assert read_folder.problems == []
    made = next(standard for standard in rulebook.standards if standard.id == "group-2026")
    assert (made.number, str(made.in_force.since)) == ("某〔2026〕1号", "2026-02-01")


def test_a_clause(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("clause", folder / "tanks-2024", "第五条第（三）项", "--subject", "tank") == 0
    file = folder / "tanks-2024" / "05-03.yaml"
    only_blanks(folder, file, capsys)
    text = file.read_text("utf-8")
    assert "- id: tanks-2024-05-03\n" in text
    assert [found for found in ("hit", "clear", "unknown", "not_applicable") if f"expect: {found}\n" not in text] == []
    facts = ("content: 酸\n          level: 12 m", "content: 酸\n          level: 10 m", "content: 酸", "content: 水\n          level: 12 m")
    for given in facts:
        text = re.sub(rf"{BLANK}.*: {BLANK}它的值", given, text, count=1)
    text = text.replace(f"[{BLANK}还缺的事实]", "[level]")
    for old, value in {"用自己的话": "酸罐液位太高", "前提": "content == 酸", "情形": "level > 10 m", "怎样消除": "降低液位"}.items():
        text = re.sub(rf"{BLANK}{old}.*", value, text)
    assert BLANK not in text
    file.write_text(text, "utf-8")
    assert main(["fmt", "--check", str(file)]) == 0
    assert main(["test", str(file)]) == 0
    assert main(["lint", str(file)]) == 0, capsys.readouterr().out


def test_a_clause_of_several_limbs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("clause", folder / "tanks-2024", "第五条", "--rules", 3, "--level", "ordinary") == 0
    text = (folder / "tanks-2024" / "05.yaml").read_text("utf-8")
    assert re.findall(r"- id: (\S+)", text) == ["tanks-2024-05-a", "tanks-2024-05-b", "tanks-2024-05-c"]
    assert text.count("level: ordinary") == 3
    assert "subject: 待填：判断的是哪种对象" in text
    only_blanks(folder, folder / "tanks-2024" / "05.yaml", capsys)


def test_a_clause_that_is_not_encoded_yet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("clause", folder / "tanks-2024", "附则", "--file", "99", "--unencoded") == 0
    file = folder / "tanks-2024" / "99.yaml"
    only_blanks(folder, file, capsys)
    file.write_text(re.sub(rf"{BLANK}.*", "只说由谁解释", file.read_text("utf-8")), "utf-8")
    assert read(folder)[1].problems == []


def test_a_kind_with_a_fact_of_each_type(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = [word for n, type_ in enumerate(TYPES) for word in ("--fact", f"fact_{n}:{type_}")]
    assert new("subject", folder, "pump", *wanted, "--within", "tank") == 0
    file = folder / "facts" / "pump.yaml"
    only_blanks(folder, file, capsys)
    facts = read_file(file).data["facts"]
    assert [fact["type"] for fact in facts.values()] == list(TYPES)
    assert read_file(file).data["within"] == "tank"
    assert new("subject", folder, "fan", "--fact", "choice", "--fact", "on:yes_no") == 0
    only = read_file(folder / "facts" / "fan.yaml").data["facts"]
    assert list(only) == ["待填：choice 事实的英文小写名", "on"]
    assert new("subject", folder, "duct") == 0
    assert len(read_file(folder / "facts" / "duct.yaml").data["facts"]) == 4


def test_a_kind_filled_in(folder: Path) -> None:
    assert new("subject", folder, "pump", "--fact", "state:device", "--fact", "speed:number", "--fact", "make:choice") == 0
    file = folder / "facts" / "pump.yaml"
    text = file.read_text("utf-8")
    for n, found in enumerate(re.findall(rf"{BLANK}[^:\n]+(?=: )|{BLANK}[^\n]+", text)):
        text = text.replace(found, "mm" if "单位" in found else f"甲{n}", 1)
    file.write_text(text, "utf-8")
    rulebook, read_folder = read(folder)
    assert read_folder.problems == []
    assert {spec.type for spec in rulebook.vocabulary.kinds["pump"].facts.values()} == {"device", "number", "choice"}


def test_a_half_filled_file_is_never_judged_by(folder: Path) -> None:
    assert new("clause", folder / "tanks-2024", "第五条", "--subject", "tank") == 0
    with pytest.raises(Exception, match="还没有填"):
        load(folder)


def test_a_folder_that_adds_to_the_shipped_standards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine"
    assert new("corpus", mine, "hexi", "河西市补充规定") == 0
    assert (mine / "VERSION").read_text("utf-8") == "0.1.0\n"
    assert (mine / "schema" / "editor" / "clause.json").is_file()
    assert main(["lint", str(mine)]) == 0
    assert new("standard", mine, "hexi-2026") == 0
    assert new("clause", mine / "hexi-2026", "第一条", "--subject", "dust_system") == 0
    assert new("subject", mine, "dust_system", "--fact", "online:device") == 0
    assert list(read_file(mine / "additions" / "dust_system.yaml").data["facts"]) == ["hexi_online"]
    for words, told in {("standard", mine, "city-2026"): "“hexi-city-2026”", ("subject", mine, "jetty"): "“hexi_jetty”"}.items():
        capsys.readouterr()
        assert new(*words) == 2
        assert told in capsys.readouterr().err
    assert main(["fmt", "--check", str(mine)]) == 0


# ---------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("words", [
    ("standard", "{}", "tanks-2024"), ("clause", "{}/tanks-2024", "第一条第（一）项", "--subject", "tank"), ("subject", "{}", "tank"),
    ("corpus", "{}/old", "hexi", "补充规定"),
])  # fmt: skip
def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "VERSION").write_text("7\n", "utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert new(*(word.format(folder) for word in words)) == 2
    assert "已经有这个文件，没有改动它" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("words", "zh"), [
    (("standard", "{}", "Group 2026"), "只用小写英文字母、数字和连字符"),
    (("standard", "{}/tanks-2024", "x"), "不是标准文件夹"),
    (("standard", "{}/nowhere", "x"), "不是标准文件夹"),
    (("clause", "{}/nowhere", "第一条"), "这里没有 standard.yaml；先用 hazardrules new standard"),
    (("clause", "{}/tanks-2024", "附则"), "条款号里没有数字，定不了文件名；用 --file 写出"),
    (("clause", "{}/tanks-2024", "第五条", "--subject", "tonk"), "没有这种对象，是不是“tank”？"),
    (("clause", "{}/tanks-2024", "第五条", "--rules", "0"), "--rules 的值不对，要填整数，从 1 起到 26 止"),
    (("subject", "{}", "Pump"), "只用小写英文字母、数字和下划线"),
    (("subject", "{}", "pump", "--fact", "on:yes"), "写成 名字:类型"),
    (("subject", "{}", "pump", "--fact", "开:yes_no"), "写成 名字:类型"),
    (("subject", "{}", "pump", "--within", "tonk"), "是不是“tank”？"),
    (("corpus", "{}/new", "He-xi", "x"), "只用小写英文字母和数字"),
])  # fmt: skip
def test_what_cannot_be_made_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], zh: str) -> None:
    before = sorted(folder.rglob("*"))
    assert new(*(word.format(folder) for word in words)) == 2
    assert zh in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


# ------------------------------------------------------------------------------------------- names


def test_every_shipped_clause_has_the_name_that_its_label_gives() -> None:
    others = []
    for place in sorted(STANDARDS.glob("*/standard.yaml")):
        document = StandardModel.model_validate(read_file(place).data)
        for file in place.parent.glob("*.yaml"):
            if file != place:
                label = ClauseModel.model_validate(read_file(file).data).clause
                if stem_of(label, document.chapters) != file.stem:
                    others.append(f"{place.parent.name}/{file.stem}")
    assert others == ["hazchem-regulation-2011/25"], "第二十五条第一款, of which there is no second"


@pytest.mark.parametrize(("label", "name"), [
    ("第十一条第（六）项", "11-06"), ("二十", "20"), ("第一百零三条", "103"), ("5.1.10", "05-01-10"), ("第4章", "04"),
    ("第十八条第一款、第二款", "18-01"), ("甲·粉尘·3", "dust-03"), ("地下矿山第（二）项1", "underground-02-01"), ("附则", None),
])  # fmt: skip
def test_names_from_labels(label: str, name: str | None) -> None:
    chapters = {
        "dust": ChapterModel(clause="甲·粉尘"),
        "underground": ChapterModel(clause="一", numbering=["地下矿山第（一）项", "地下矿山第（一）项1"]),
    }
    assert stem_of(label, chapters) == name


def test_the_guide_works_as_written(tmp_path: Path) -> None:
    for name in ("facts", "lists", "tables"):  # what new files need to know
        shutil.copytree(STANDARDS / name, tmp_path / "standards" / name)
    lines = documents.commands("docs/workbench.md")
    assert len(lines) == 6
    for line in lines:
        code, printed = documents.run(line, tmp_path)
        assert code == 0, f"{line}\n{printed}"
    _, printed = documents.run("hazardrules lint standards/group-2027", tmp_path)
    (shown,) = documents.blocks("docs/workbench.md", "text")
    assert shown.strip() in printed
    (modeline,) = documents.blocks("docs/workbench.md", "yaml")
    assert (tmp_path / "standards" / "group-2027" / "02-03.yaml").read_text("utf-8").startswith(modeline)


def test_a_clause_made_from_within_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "standards"
    shutil.copytree(Path(__file__).parent / "bad_standards/good", folder)
    monkeypatch.chdir(folder / "tanks-2024")
    assert main(["new", "clause", ".", "第五条"]) == 0
    assert "id: tanks-2024-05\n" in (folder / "tanks-2024/05.yaml").read_text("utf-8")
    assert main(["new", "clause", ".", "第六条", "--file", "../../x"]) == 2
    assert "只写文件名" in capsys.readouterr().err
    assert not (tmp_path / "x.yaml").exists()
