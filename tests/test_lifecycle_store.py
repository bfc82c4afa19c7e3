"""The log keeps what it accepted, once, and shows what was done to it."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hazardrules import HazardRulesError
from hazardrules.lifecycle import store
from hazardrules.lifecycle.chart_file import shipped
from hazardrules.lifecycle.events import Event
from hazardrules.lifecycle.store import Log
from lifecycle_stories import THE_HAZARD, event, found, whole_way


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with Log(path, shipped(), create=True) as made:
        yield made


def raw(path: Path, *statements: str) -> None:
    """Do to the file what somebody with another tool could."""
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


WITHOUT_GUARDS = ("DROP TRIGGER log_kept", "DROP TRIGGER log_unchanged")


# ------------------------------------------------------------------------------------- what it keeps


def test_what_was_appended_is_read_back_in_the_order_of_writing(log: Log) -> None:
    story = whole_way()
    assert log.append(story) == story
    assert list(log.events()) == story
    assert [entry.seq for entry in log.entries()] == [*range(1, 9)]
    assert log.count() == 8


def test_a_repeated_event_changes_nothing(log: Log) -> None:
    log.append(whole_way())
    head = log.check()
    assert log.append(whole_way()) == []
    assert log.append([found(), found()]) == []
    assert (log.count(), log.check()) == (8, head)


def test_an_id_with_another_content_is_refused_and_nothing_is_written(log: Log) -> None:
    log.append([event("started", "2026-03-02", own_id="工单1", by="张三")])
    other = event("started", "2026-03-03", own_id="工单1", by="李四")
    with pytest.raises(HazardRulesError, match="编号 工单1 已经有了，内容不同（started，2026-03-02 00:00:00，张三）"):
        log.append([found(), other])
    assert log.count() == 1
    assert log.append([found(), other], keep=True) == [found()]
    assert [e.by for e in log.events() if e.id == "工单1"] == ["张三"]


def test_a_hazard_and_an_enterprise_are_read_by_themselves(log: Log) -> None:
    longer = event("parameter", "2026-02-01", facts={"parameter": "assign_days", "value": 3})
    penalty = event("penalty", "2026-02-01", facts={"number": "1", "under_law": "是"})
    elsewhere = found(enterprise="别家")
    log.append([found(), longer, penalty, elsewhere])
    assert list(log.events(hazard=THE_HAZARD)) == [found(), longer]  # what sets a parameter concerns all
    assert list(log.events(enterprise="别家")) == [elsewhere, longer]
    assert log.enterprise(THE_HAZARD) == "某家具厂"
    assert log.enterprise("none") is None
    assert log.hazards(THE_HAZARD[:5]) == [THE_HAZARD]
    assert len(log.hazards("")) == 2


def test_it_is_kept_on_the_disk_in_wal_mode(path: Path) -> None:
    with Log(path, shipped(), create=True) as log:
        assert log.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert log.db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert log.db.execute("PRAGMA user_version").fetchone() == (store.SCHEMA,)
        log.append([found()])
    with Log(path, shipped()) as log:
        assert list(log.events()) == [found()]


def test_long_work_tells_how_far_it_is(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hazardrules.lifecycle.progress.EVERY", 3)
    told: list[tuple[str, int]] = []
    log.append(whole_way(), progress=lambda stage, n: told.append((stage.zh, n)))
    log.check(lambda stage, n: told.append((stage.en, n)))
    assert told == [("写", 3), ("写", 6), ("checked", 3), ("checked", 6)]


# ------------------------------------------------------------------------------------- what it shows


def test_the_database_itself_refuses_to_change_or_delete(log: Log, path: Path) -> None:
    log.append([found()])
    for statement in ("DELETE FROM log", "UPDATE log SET event = '{}'", "UPDATE log SET written = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="the log is only appended to"):
            raw(path, statement)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE log SET event = replace(event, '某人', '别人') WHERE seq = 3", "第 3 条与写入时不符：记录被改过"),
        ("UPDATE log SET written = '2020-01-01 00:00:00+08:00' WHERE seq = 3", "第 3 条与写入时不符"),
        ("UPDATE log SET hazard = 'other' WHERE seq = 3", "第 3 条与写入时不符"),
        ("UPDATE log SET enterprise = 'other' WHERE seq = 3", "第 3 条与写入时不符"),
        ("UPDATE log SET id = 'other' WHERE seq = 3", "第 3 条与写入时不符"),
        ("UPDATE log SET chain = '0' WHERE seq = 3", "第 3 条与写入时不符"),
        ("DELETE FROM log WHERE seq = 3", r"第 3 条不在了（下一条是第 4 条）：记录被删改过"),
        ("DELETE FROM log WHERE seq = 1", r"第 1 条不在了"),
        ("UPDATE log SET seq = 100 WHERE seq = 8", r"第 8 条不在了（下一条是第 100 条）"),
        ("UPDATE log SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4)", "第 1 条不在了"),
    ],
)
def test_what_was_done_to_it_is_found(log: Log, path: Path, statement: str, words: str) -> None:
    log.append(whole_way())
    raw(path, *WITHOUT_GUARDS, statement)
    with pytest.raises(HazardRulesError, match=words):
        log.check()


def test_an_index_that_hides_an_entry_is_found(log: Log, path: Path) -> None:
    """The chain is whole, but what is worked out by the index would lack the entry."""
    log.append(whole_way())
    raw(
        path,
        "PRAGMA writable_schema = ON",
        "DROP INDEX log_enterprise",
        "CREATE INDEX log_enterprise ON log (enterprise) WHERE seq <> 7",
        "UPDATE sqlite_master SET sql = 'CREATE INDEX log_enterprise ON log (enterprise)' WHERE name = 'log_enterprise'",
    )
    with Log(path, shipped()) as again, pytest.raises(HazardRulesError, match="记录会看漏"):
        again.check()


def test_text_that_cannot_be_read_and_a_column_more_are_no_traceback(log: Log, path: Path) -> None:
    log.append(whole_way())
    raw(path, *WITHOUT_GUARDS, "ALTER TABLE log ADD COLUMN more TEXT")
    assert log.check()
    raw(path, "UPDATE log SET event = CAST(x'ff00fe' AS TEXT) WHERE seq = 3")
    with pytest.raises(HazardRulesError, match="台账读写不了"):
        log.check()


def test_a_log_cut_short_or_made_anew_is_found_by_its_head(log: Log, path: Path, tmp_path: Path) -> None:
    log.append(whole_way())
    head = log.check()
    assert log.holds(head)
    raw(path, *WITHOUT_GUARDS, "DELETE FROM log WHERE seq > 6")
    assert log.check() != head  # the chain itself is whole …
    assert not log.holds(head)  # … but the head that was noted is gone
    with Log(tmp_path / "other.db", shipped(), create=True) as forged:
        forged.append(whole_way()[:7])
        assert not forged.holds(head)


def test_every_entry_is_chained_to_all_before_it(log: Log) -> None:
    heads = []
    for one in whole_way():
        log.append([one])
        heads.append(log.check())
    assert len(set(heads)) == len(heads)
    assert all(log.holds(head) for head in heads)


# ------------------------------------------------------------------------------------- what it is not


def test_no_file_is_made_by_reading(path: Path) -> None:
    with pytest.raises(HazardRulesError, match="没有这个台账；用 hazardrules ledger open 建立"):
        Log(path, shipped())
    assert not path.exists()


def test_another_file_is_no_ledger(path: Path) -> None:
    path.write_text("something else " * 1000)
    for create in (False, True):
        with pytest.raises(HazardRulesError, match="这个文件不是台账，或者损坏了"):
            Log(path, shipped(), create=create)
    assert path.read_text() == "something else " * 1000


def test_another_database_is_no_ledger(path: Path) -> None:
    raw(path, "CREATE TABLE customers (id)")
    for create in (False, True):
        with pytest.raises(HazardRulesError, match="这个文件不是隐患台账；换一个文件名"):
            Log(path, shipped(), create=create)
    raw(path, "PRAGMA user_version = 1")
    with pytest.raises(HazardRulesError, match="这个文件不是隐患台账"):
        Log(path, shipped())


def test_a_file_of_which_only_the_beginning_was_made_is_made_to_the_end(path: Path) -> None:
    raw(path, "PRAGMA journal_mode = WAL")  # what a crash right at the beginning leaves
    with pytest.raises(HazardRulesError, match="没有这个台账"):
        Log(path, shipped())
    with Log(path, shipped(), create=True) as log:
        assert log.append([found()]) == [found()]


def test_a_newer_format_is_refused(path: Path) -> None:
    Log(path, shipped(), create=True).close()
    raw(path, "PRAGMA user_version = 7")
    with pytest.raises(HazardRulesError, match=r"台账是新版本写的（格式 7，这里认识到 1）；升级 hazardrules"):
        Log(path, shipped())


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(HazardRulesError, match="台账读写不了"):
        Log(tmp_path, shipped(), create=True)
    with pytest.raises(HazardRulesError, match="台账读写不了"):
        Log(tmp_path / "no" / "such" / "folder.db", shipped(), create=True)


def test_a_full_disk_is_told_and_nothing_of_it_is_written(log: Log) -> None:
    log.append([found()])
    pages = log.db.execute("PRAGMA page_count").fetchone()[0]
    log.db.execute(f"PRAGMA max_page_count = {pages}")
    many = [found(subject=f"dust_system[{n}]") for n in range(500)]
    with pytest.raises(HazardRulesError, match=r"台账读写不了（database or disk is full）；磁盘满了或者坏了，这一次什么也没有记下"):
        log.append(many)
    assert log.count() == 1
    log.db.execute("PRAGMA max_page_count = 1000000")
    assert log.append(many) == many


def test_a_copy_that_cannot_be_written_is_read(log: Log, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disc, or in a folder of which one may only read: SQLite would want to make files beside it."""
    log.append([found()])
    log.close()
    monkeypatch.setattr("hazardrules.lifecycle.store.os.access", lambda *_: False)
    with Log(path, shipped()) as copy:
        assert [*copy.events()] == [found()]
        copy.check()
        with pytest.raises(HazardRulesError, match="还要有写这个文件和它所在文件夹的权限"):
            copy.append([found(subject="x")])
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_copy_with_entries_beside_the_file_is_not_read_without_them(
    log: Log, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append([found()])  # still in the file beside it
    monkeypatch.setattr("hazardrules.lifecycle.store.os.access", lambda *_: False)
    with Log(path, shipped()) as copy:
        assert [*copy.events()] == [found()]


def test_what_another_chart_wrote_is_told(log: Log, path: Path) -> None:
    log.append([found()])
    raw(path, *WITHOUT_GUARDS, "UPDATE log SET event = replace(event, '\"opened\"', '\"seen\"')")
    with pytest.raises(HazardRulesError, match=r"第 1 条读不懂（'seen'）；是不是用别的闭环文件写的？"):
        list(log.events())


def test_who_waits_too_long_is_told(log: Log, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_WAIT", 0.05)
    with Log(path, shipped()) as second:
        log.db.execute("BEGIN IMMEDIATE")
        with pytest.raises(HazardRulesError, match="别的程序一直在写这个台账"):
            second.append([found()])
        log.db.execute("ROLLBACK")
        assert second.append([found()]) == [found()]


# ------------------------------------------------------------------------------------- two at once


def _write(path: Path, name: str, count: int) -> None:
    with Log(path, shipped(), create=True) as log:
        for n in range(count):
            log.append([found(by=name, subject=f"dust_system[{name}{n}]"), found(by="共同", subject=f"dust_system[{n}]")])


def test_two_processes_write_to_one_new_log(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, name, 40)) for name in ("甲", "乙")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with Log(path, shipped()) as log:
        log.check()
        events: list[Event] = list(log.events())
    assert len(events) == len({e.id for e in events}) == 120
    assert [sum(e.by == name for e in events) for name in ("甲", "乙", "共同")] == [40, 40, 40]
