"""The cache of standards: what is kept is what the files say, whole, of this content, and harmless."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hazardrules import StandardsError, cache, stored
from hazardrules.classify import Corpus, load
from hazardrules.files import load as load_files

RECORD = {"pump": [{"id": "1", "guard": "未设置"}]}
FACTS = """\
title: 泵
en: pump
facts:
  guard:
    type: device
    title: 护罩
    en: guard
    question: 联轴器外有没有护罩？
"""
DOCUMENT = """\
number: 演1号
title: 演示标准
issuer: 演示机关
issued: 2020-01-01
in_force: {from: 2020-01-01}
"""
CLAUSE = """\
clause: 第一条
summary: 泵没有能用的护罩
rules:
  - id: demo-01
    subject: pump
    level: major
    when: guard != 正常
    reading: 失效与没有一样看待，演示用
    cases:
      - given:
          guard: 未设置
        expect: hit
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the cache, empty."""
    place = tmp_path / "kept"
    monkeypatch.setenv("HAZARDRULES_CACHE", str(place))
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small standards folder."""
    root = tmp_path / "mine"
    (root / "facts").mkdir(parents=True)
    (root / "demo").mkdir()
    (root / "facts" / "pump.yaml").write_text(FACTS, encoding="utf-8")
    for one in ("enterprise", "inspection"):
        shipped = Path(__file__).parents[1] / "standards" / "facts" / f"{one}.yaml"
        shutil.copy(shipped, root / "facts")
    (root / "demo" / "standard.yaml").write_text(DOCUMENT, encoding="utf-8")
    (root / "demo" / "01.yaml").write_text(CLAUSE, encoding="utf-8")
    return root


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make reading the files impossible: what comes now comes from the cache."""

    def refuse(folder: object = None) -> None:
        raise AssertionError("the files were read")

    monkeypatch.setattr("hazardrules.files.load", refuse)


def test_the_shipped_rulebook_survives_the_way_through_data() -> None:
    data = stored.to_data(load_files())
    assert stored.to_data(stored.from_data(data)) == data


def test_kept_and_fresh_judge_alike(kept: Path, folder: Path) -> None:
    fresh = Corpus(load_files(folder)).classify(RECORD, on="2026-03-01")
    assert [load(folder).classify(RECORD, on="2026-03-01") for _ in range(2)] == [fresh, fresh]
    assert len(list(kept.iterdir())) == 1


def test_a_second_reading_needs_no_files(kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(folder)
    unread(monkeypatch)
    assert load(folder).classify(RECORD, on="2026-03-01").level.value == "major"


@pytest.mark.parametrize("cache", ["on", "off"])
def test_nothing_of_a_maintainer_is_kept(kept: Path, folder: Path, cache: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the first time either: what a caller gets does not hang on what was read before."""
    if cache == "off":
        monkeypatch.setenv("HAZARDRULES_CACHE", "off")
    for _ in ("new", "kept"):
        rule = load(folder).rulebook.standards[0].clauses[0].rules[0]
        assert rule.cases == ()
        assert rule.where == ""


@pytest.mark.parametrize("change", ["content", "name", "new file", "same length"])
def test_other_content_is_never_stale(kept: Path, folder: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load(folder)
    clause = folder / "demo" / "01.yaml"
    before = clause.stat()
    match change:
        case "content":
            clause.write_text(CLAUSE.replace("!= 正常", "== 失效"), encoding="utf-8")
        case "same length":
            clause.write_text(CLAUSE.replace("major", "MAJOR"), encoding="utf-8")  # no level: must be complained of
            os.utime(clause, ns=(before.st_atime_ns, before.st_mtime_ns))
        case "name":
            clause.rename(clause.with_name("02.yaml"))
        case "new file":
            (folder / "VERSION").write_text("9.9\n", encoding="utf-8")
    unread(monkeypatch)
    with pytest.raises(AssertionError, match="the files were read"):
        load(folder)


def test_other_code_is_never_stale(kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(folder)
    monkeypatch.setattr(cache, "_own_code", lambda: b"another version of the reader")
    unread(monkeypatch)
    with pytest.raises(AssertionError, match="the files were read"):
        load(folder)


def test_what_changes_while_it_is_read_is_not_kept(kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(root: Path | None = None) -> object:
        made = load_files(root)
        (folder / "demo" / "01.yaml").write_text(CLAUSE.replace("!= 正常", "== 失效"), encoding="utf-8")
        return made

    monkeypatch.setattr("hazardrules.files.load", meanwhile)
    load(folder)
    assert not kept.exists()


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "nothing of ours"])
def test_a_damaged_form_is_made_anew(kept: Path, folder: Path, harm: str) -> None:
    load(folder)
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(
        {"cut": whole[:-10], "changed": whole.replace(b"pump", b"pomp"), "empty": b"", "nothing of ours": b"x" * 200}[harm]
    )
    assert load(folder).classify(RECORD, on="2026-03-01").level.value == "major"
    assert file.read_bytes() == whole


def test_off_keeps_nothing(kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAZARDRULES_CACHE", "off")
    load(folder)
    assert not kept.exists()


def test_where_nothing_can_be_written_all_is_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("HAZARDRULES_CACHE", str(blocked / "below"))
    assert load(folder).classify(RECORD, on="2026-03-01").level.value == "major"


def test_bad_standards_are_complained_of_every_time(kept: Path, folder: Path) -> None:
    (folder / "demo" / "01.yaml").write_text(CLAUSE.replace("level: major", "level: big"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(StandardsError, match="big"):
            load(folder)
    assert not kept.exists()


def test_a_missing_folder_is_no_content(kept: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(StandardsError, match="没有这个标准文件夹"):
            load(tmp_path / "nowhere")


def test_only_our_own_old_files_are_tidied_away(kept: Path, folder: Path) -> None:
    kept.mkdir()
    (kept / "letter.txt").write_text("mine", encoding="utf-8")
    for n in range(30):
        old = kept / f"{n:064x}"
        old.write_bytes(b"old")
        os.utime(old, (n, n))
    load(folder)
    left = {file.name for file in kept.iterdir()}
    assert "letter.txt" in left
    assert len(left) == 17
    assert f"{29:064x}" in left
    assert f"{0:064x}" not in left


def read_many(folder: str) -> list[str]:
    """Load again and again while others do the same; return the levels."""
    return [load(folder).classify(RECORD, on="2026-03-01").level.value for _ in range(5)]


def test_several_writers_at_once(kept: Path, folder: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        told = pool.map(read_many, [str(folder)] * 4)
    assert {level for levels in told for level in levels} == {"major"}
    assert [file.name for file in kept.iterdir() if file.name.startswith("new-")] == []


def test_importing_reads_neither_pydantic_nor_yaml() -> None:
    code = "import sys, hazardrules; print(sorted({'pydantic', 'yaml', 'jsonschema', 'click'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"
