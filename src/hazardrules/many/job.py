"""What one run of `classify-many` does, as told by its caller; the same for every worker and every resumption."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .. import dates
from ..classify import Corpus, default, load, parse_day
from ..errors import FactsError, Problem
from ..texts import Text

FORMS = {".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv", ".parquet": "parquet"}
FULL = ("major", "disputed", "open")  # which rows may be classified in full
ROW = "row"  # the column with the number of the line or row


@dataclass(frozen=True)
class Job:
    """Which file is judged, and how. Without *subject* each line is a whole record, else one subject."""

    source: Path
    form: str  # ndjson, csv, parquet
    subject: str | None = None
    industries: tuple[str, ...] = ()
    on: date | None = None
    keep: tuple[str, ...] = ()
    full: tuple[str, ...] = FULL
    places: tuple[str, ...] = ()  # of standards
    rows: int = 100_000  # of Parquet in one block
    size: int = 16_000_000  # bytes of text in one block
    lang: str = "zh"
    today: date = field(default_factory=dates.today)  # a run that goes on tomorrow keeps it

    def corpus(self) -> Corpus:
        """Return the standards to judge by."""
        return _corpus(self.places)

    def told(self) -> dict[str, Any]:
        """Return the job as data: what a resumption must agree with."""
        told = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
        info = self.source.stat()
        told |= {"source": self.source.name, "on": self.on and self.on.isoformat(), "today": self.today.isoformat()}
        return {
            **told,
            "bytes": info.st_size,
            "changed": info.st_mtime_ns,
            "fingerprint": self.corpus().rulebook.fingerprint,
        }


#: what a caller knows each part of `Job.told` as
NAMES = {
    "source": Text("IN 的文件名", "the name of IN"),
    "bytes": (content := Text("IN 的内容", "the content of IN")),
    "changed": content,
    "form": Text("--from", "--from"),
    "subject": Text("--subject", "--subject"),
    "industries": Text("--industry", "--industry"),
    "on": Text("--on", "--on"),
    "keep": Text("--keep", "--keep"),
    "full": Text("--full", "--full"),
    "places": Text("--standards", "--standards"),
    "fingerprint": Text("标准的内容", "the content of the standards"),
    "rows": (block := Text("--block", "--block")),
    "size": block,
    "lang": Text("--lang", "--lang"),
}


@cache
def _corpus(places: tuple[str, ...]) -> Corpus:
    return load(*places) if places else default()


def job_of(
    source: str | Path,
    *,
    form: str | None = None,
    subject: str | None = None,
    industry: str | tuple[str, ...] | None = None,
    on: date | str | None = None,
    keep: str | Iterable[str] = (),
    full: Iterable[str] = FULL,
    **more: Any,
) -> Job:
    """Return the job, its options checked. Raises `FactsError` with what is wrong with them."""
    path = Path(source)
    found = form or FORMS.get(path.suffix.lower())
    if not path.is_file():
        _fail(str(source), Text("没有这个文件；检查路径", "there is no such file; check the path"))
    if found not in FORMS.values():
        _fail(
            str(source),
            Text(
                "不知道这是什么文件；用 --from 写明 ndjson、csv 或 parquet",
                "not clear what kind of file it is; say so with --from ndjson, csv or parquet",
            ),
        )
    if subject is None and found != "ndjson":
        _fail(
            "--subject",
            Text(
                "表格每行是一个对象，要写明是哪种：--subject dust_system；整份记录一行一份只能是 NDJSON",
                "each row of a table is a subject: say of which kind, --subject dust_system; "
                "whole records, one a line, are NDJSON",
            ),
        )
    kept = (keep,) if isinstance(keep, str) else tuple(dict.fromkeys(keep))
    if kept and subject is None:
        _fail("--keep", Text("整份记录一行一份时没有列可带", "whole records have no columns to be handed through"))
    if ROW in kept:
        _fail(ROW, Text("结果里另有这个列名，请改名", "the result has another column of this name; rename it"))
    if wrong := [word for word in full if word not in FULL]:
        _fail(
            "--full",
            Text(
                f"没有“{wrong[0]}”；可填 {'、'.join(FULL)} 中的几个，或 none",
                f"there is no “{wrong[0]}”; name some of {', '.join(FULL)}, or none",
            ),
        )
    names = (industry,) if isinstance(industry, str) else tuple(industry or ())
    job = Job(path, str(found), subject, names, parse_day(on), kept, tuple(full), **more)
    job.corpus().chosen(job.industries)
    return job


def _fail(where: str, message: Text) -> None:
    raise FactsError([Problem(where, message)])
