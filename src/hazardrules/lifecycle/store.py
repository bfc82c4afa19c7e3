"""The event log: one SQLite file to which is only ever appended, each entry chained to the one before.

States are not stored; they follow from the log. Several processes may write: a write is one
transaction, an event id stands once, and what was written survives a crash. The chain of digests
shows whether an entry was changed, taken out or put in between; whoever keeps its head (the digest
of the last entry) elsewhere can show it of the whole log. The database itself refuses to change or
delete an entry.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .. import dates
from ..errors import HazardRulesError, Problem
from ..texts import Text
from .charts import Chart
from .events import Event, from_stored
from .progress import CHECKING, WRITING, Progress, telling

SCHEMA = 1
_APPLICATION = 0x485A4C47  # "HZLG": tells our files from other databases
_WAIT = 30.0  # seconds for another process to finish writing
_START = "0" * 64  # what the first entry is chained to

_TABLES = f"""
CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise TEXT NOT NULL,
    hazard TEXT,
    event TEXT NOT NULL,
    written TEXT NOT NULL,
    chain TEXT NOT NULL
) STRICT;
CREATE INDEX log_hazard ON log (hazard);
CREATE INDEX log_enterprise ON log (enterprise);
CREATE TRIGGER log_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER log_unchanged BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {SCHEMA};
"""

_SPACE = Text("；磁盘满了或者坏了，这一次什么也没有记下", "; the disk is full or failing, and nothing was written")
_RIGHTS = Text(
    "；检查路径，还要有写这个文件和它所在文件夹的权限", "; see the path, and the right to write file and folder"
)
_HINTS = {
    sqlite3.SQLITE_FULL: _SPACE,
    sqlite3.SQLITE_IOERR: _SPACE,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
}
_NONE = Text("没有这个台账；用 hazardrules ledger open 建立", "no ledger there; hazardrules ledger open makes it")
_NOT_OURS = Text("这个文件不是隐患台账；换一个文件名", "this file is no ledger of hazards; name another")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: its number, the event, when it was written (by the process's clock), its digest."""

    seq: int
    event: Event
    written: str  # tells when somebody entered it; no state depends on it
    chain: str


class Log:
    """The log in the file *path*. Close it, or use it in a `with`."""

    def __init__(self, path: str | Path, chart: Chart, *, create: bool = False) -> None:
        """Open the log; with *create* make it where there is none.

        Raises `HazardRulesError` where there is none, or the file is something else.
        """
        self.path, self.chart = Path(path), chart
        if not create and not self.path.exists():
            raise self._error(_NONE)
        try:
            with self._told():
                address = _address(self.path)
                self.db = sqlite3.connect(address, timeout=_WAIT, isolation_level=None, uri=address != str(self.path))
                self._prepare(create=create)
        except BaseException:
            if hasattr(self, "db"):
                self.db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    # ---------------------------------------------------------------------------------- writing

    def append(self, events: Iterable[Event], *, keep: bool = False, progress: Progress | None = None) -> list[Event]:
        """Append *events*, all or none, and return those that were not in the log already.

        An event whose id is there with the same content changes nothing; with *keep*, nor does one that
        was told before, whoever told it. Raises `HazardRulesError` where the id is there with another
        content, or the file cannot be written.
        """
        new: list[Event] = []
        with self._told(), self._writing():
            last = self.db.execute("SELECT seq, chain FROM log ORDER BY seq DESC LIMIT 1").fetchone()
            seq, chain = last or (0, _START)
            for event in telling(events, WRITING, progress):
                text = _text(event)
                known = self.db.execute("SELECT event FROM log WHERE id = ?", (event.id,)).fetchone()
                if known is not None:
                    if known[0] != text and not (keep and _tells(known[0], event)):
                        raise self._error(_contradicts(event, known[0]))
                    continue
                seq, written = seq + 1, datetime.now(dates.SHANGHAI).isoformat(sep=" ", timespec="seconds")
                chain = _link(chain, seq, written, text)
                row = (seq, event.id, event.enterprise, event.hazard, text, written, chain)
                self.db.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                new.append(event)
        return new

    # ---------------------------------------------------------------------------------- reading

    def entries(self, *, hazard: str | None = None, enterprise: str | None = None) -> Iterator[Entry]:
        """Yield the entries in the order in which they were written: all, of a hazard, or of an enterprise."""
        where, given = "", tuple[str, ...]()
        if hazard is not None:
            where, given = " WHERE hazard = ?", (hazard,)
        elif enterprise is not None:
            where, given = " WHERE enterprise = ?", (enterprise,)
        with self._told():
            query = f"SELECT seq, event, written, chain FROM log{where} ORDER BY seq"  # noqa: S608 - fixed words
            for seq, text, written, chain in self.db.execute(query, given):
                yield Entry(seq, self._event(seq, text), written, chain)

    def events(self, *, hazard: str | None = None, enterprise: str | None = None) -> Iterator[Event]:
        """Yield the events of `entries`, and those that set parameters, which concern all."""
        for entry in self.entries(hazard=hazard, enterprise=enterprise):
            yield entry.event
        if hazard is not None or enterprise is not None:
            for entry in self.entries(enterprise=""):
                yield entry.event

    def hazards(self, beginning: str) -> list[str]:
        """Return the ids of hazards that begin so, at most two; one that is just so comes first."""
        with self._told():
            query = "SELECT DISTINCT hazard FROM log WHERE hazard >= ? AND hazard < ? ORDER BY hazard LIMIT 2"
            return [row[0] for row in self.db.execute(query, (beginning, beginning + "\U0010ffff"))]

    def enterprise(self, hazard: str) -> str | None:
        """Return the enterprise of a hazard, None where nothing is written of it."""
        with self._told():
            # that of its finding, whatever else was ascribed to the hazard before
            first = "ORDER BY json_extract(event, '$.facts.rule') IS NULL, seq LIMIT 1"
            query = f"SELECT enterprise FROM log WHERE hazard = ? {first}"  # noqa: S608 - fixed words
            row = self.db.execute(query, (hazard,)).fetchone()
            return None if row is None else str(row[0])

    def enterprises(self) -> list[str]:
        """Return the enterprises of which something is written, sorted."""
        with self._told():
            rows = self.db.execute("SELECT DISTINCT enterprise FROM log WHERE enterprise <> '' ORDER BY enterprise")
            return [row[0] for row in rows]

    def astray(self) -> set[str]:
        """Return the hazards that not all events ascribe to the same enterprise: found later than first named."""
        with self._told():
            several = "SELECT hazard FROM log GROUP BY hazard HAVING min(enterprise) < max(enterprise)"
            return {hazard for (hazard,) in self.db.execute(several) if hazard is not None}

    def last(self) -> datetime:
        """Return when the latest event happened; `datetime.min` where there is none."""
        with self._told():
            found = self.db.execute("SELECT max(json_extract(event, '$.at')) FROM log").fetchone()[0]
            return datetime.min if found is None else datetime.fromisoformat(found)

    def count(self) -> int:
        """Return how many entries there are."""
        with self._told():
            return int(self.db.execute("SELECT count(*) FROM log").fetchone()[0])

    def check(self, progress: Progress | None = None) -> str:
        """Return the head of the chain, after every link was worked out again.

        Raises `HazardRulesError` naming the first entry that is not what was written.
        """
        chain, expected = _START, 1
        with self._told():
            rows = self.db.execute("SELECT seq, id, enterprise, hazard, event, written, chain FROM log ORDER BY seq")
            for seq, id_, enterprise, hazard, text, written, link in telling(rows, CHECKING, progress):
                if seq != expected:
                    raise self._error(
                        Text(
                            f"第 {expected} 条不在了（下一条是第 {seq} 条）：记录被删改过",
                            f"entry {expected} is gone (the next is {seq}): the log was tampered with",
                        )
                    )
                chain = _link(chain, seq, written, text)
                if chain != link or (id_, enterprise, hazard) != _columns(text):
                    raise self._error(
                        Text(
                            f"第 {seq} 条与写入时不符：记录被改过",
                            f"entry {seq} is not what was written: the log was tampered with",
                        )
                    )
                expected += 1
            # an index that leaves an entry out would hide it from all that is worked out
            sound = self.db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if sound != "ok":
            message = Text(
                f"文件的结构不对，记录会看漏（{sound}）：文件被改过或者损坏了",
                f"the file is not sound, and entries would be overlooked ({sound}): tampered with, or damaged",
            )
            raise self._error(message)
        return chain

    def holds(self, head: str) -> bool:
        """Return whether *head*, noted earlier, is the digest of one of the entries."""
        with self._told():
            return self.db.execute("SELECT 1 FROM log WHERE chain = ?", (head,)).fetchone() is not None

    # ---------------------------------------------------------------------------------- the file

    def _prepare(self, *, create: bool) -> None:
        version = self._version()
        if version == 0 and create:
            self.db.execute("PRAGMA journal_mode = WAL")
            with self._writing():
                version = self._version()  # another process may have made it meanwhile
                if version == 0:
                    if not self._empty():
                        raise self._error(_NOT_OURS)
                    for statement in _statements(_TABLES):
                        self.db.execute(statement)
                    version = SCHEMA
        if version == 0 or self.db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise self._error(_NONE if self._empty() else _NOT_OURS)
        if version > SCHEMA:
            raise self._error(
                Text(
                    f"台账是新版本写的（格式 {version}，这里认识到 {SCHEMA}）；升级 hazardrules",
                    f"the ledger is of a newer version (format {version}, known here: {SCHEMA}); upgrade hazardrules",
                )
            )
        self.db.execute("PRAGMA synchronous = FULL")  # what was accepted survives a loss of power

    def _version(self) -> int:
        return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    def _empty(self) -> bool:
        return not self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def _event(self, seq: int, text: str) -> Event:
        try:
            return from_stored(json.loads(text), self.chart)
        except (ValueError, KeyError, TypeError) as error:
            message = Text(
                f"第 {seq} 条读不懂（{error}）；是不是用别的闭环文件写的？",
                f"entry {seq} cannot be understood ({error}); was it written with another chart?",
            )
            raise self._error(message) from None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Read the log as of one moment, whatever others write meanwhile."""
        if self.db.in_transaction:
            yield
            return
        with self._told():
            self.db.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the only right to write; all of it is written at the end, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # the file was closed while somebody still read: that rolls back, too
            if self.db.in_transaction:  # after a full disk SQLite has done it already
                self.db.execute("ROLLBACK")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell in the user's words what SQLite complains of."""
        try:
            yield
        except sqlite3.OperationalError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # none where the text itself cannot be read
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                message = Text(
                    f"别的程序一直在写这个台账，等了 {_WAIT:.0f} 秒；稍后再试",
                    f"another program has been writing to the ledger for {_WAIT:.0f} seconds; try again later",
                )
            else:
                hint = _HINTS.get(code, Text("", ""))
                message = Text(
                    f"台账读写不了（{error}）{hint.zh}", f"the ledger cannot be read or written ({error}){hint.en}"
                )
            raise self._error(message) from None
        except sqlite3.DatabaseError as error:
            message = Text(f"这个文件不是台账，或者损坏了（{error}）", f"no ledger, or a damaged one ({error})")
            raise self._error(message) from None

    def _error(self, message: Text) -> HazardRulesError:
        return HazardRulesError([Problem(str(self.path), message)])


def _address(path: Path) -> str:
    """Return what SQLite is to open: in a folder to which nothing can be written, a file that nobody changes."""
    beside = Path(f"{path}-wal")  # what was not yet taken over into the file itself
    fixed = path.is_file() and not os.access(path.parent, os.W_OK) and not (beside.exists() and beside.stat().st_size)
    return f"{path.absolute().as_uri()}?immutable=1" if fixed else str(path)


def _text(event: Event) -> str:
    """Return *event* as the log holds it: the same text for the same content."""
    return json.dumps(event.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _link(before: str, seq: int, written: str, text: str) -> str:
    return hashlib.sha256(f"{before}\n{seq}\n{written}\n{text}".encode()).hexdigest()


def _columns(text: str) -> tuple[Any, ...]:
    data = json.loads(text)
    return data["id"], data["enterprise"], data["hazard"]


def _tells(known: str, event: Event) -> bool:
    """Return whether what is *known* tells what *event* does, no later than it."""
    there, data = json.loads(known), event.to_dict()
    return there["at"] <= data["at"] and {**there, "at": "", "by": ""} == {**data, "at": "", "by": ""}


def _contradicts(event: Event, known: str) -> Text:
    there = json.loads(known)
    return Text(
        f"编号 {event.id} 已经有了，内容不同（{there['kind']}，{there['at']}，{there['by']}）；不同的事件用不同的编号",
        f"the id {event.id} is there already with another content ({there['kind']}, {there['at']}, {there['by']}); "
        "give another event another id",
    )


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of *script*, which holds each trigger on one line."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
