"""The command `classify-many`: millions of records or subjects, with how far it is and how long it will take."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .commands import Commands, Places

if TYPE_CHECKING:
    from ..many.run import Progress, Summary

_SOME_BAD = 1  # the exit code
_EVERY = 10.0  # seconds between two lines, where the output is no terminal


def add(commands: Commands) -> None:
    """Add the command of this module."""
    say, lang = commands.say, commands.lang

    @commands.add(
        "classify-many",
        "判定大批记录或对象\n\nIN 是 NDJSON、CSV 或 Parquet：每行一个对象（--subject 写明是哪种），或者（NDJSON）"
        "每行一份完整记录。结果写进文件夹 OUT：每条规则的结论代码、重大或有争议或未查清的完整判定、判不了的行及其原因。"
        "中断后再运行同一命令，从断处接着做。退出码：0 全部已判定，1 有判不了的行，2 输入有误。",
        "judge many records or subjects\n\nIN is NDJSON, CSV or Parquet: each row a subject (--subject says of which "
        "kind) or, as NDJSON, each line a whole record. Into the folder OUT go a code for each rule, full "
        "classifications of what is major, disputed or open, and the rows that cannot be judged, with the reason. "
        "After a stop the same command goes on where it was. Exit: 0 all judged, 1 some rows not, 2 bad input.",
    )
    @click.argument("source", metavar="IN", type=click.Path(path_type=Path))
    @click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
    @click.option(
        "--subject",
        metavar="KIND",
        help=say("每行是哪种对象，如 dust_system", "of which kind each row is, such as dust_system"),
    )
    @commands.industry
    @click.option(
        "--on",
        metavar="DATE",
        help=say("按哪一天有效的标准判定（默认：检查日期）", "the day whose law counts (default: the inspection's)"),
    )
    @commands.standards
    @click.option(
        "--keep",
        multiple=True,
        metavar="COLUMN",
        help=say("原样带到结果里的列，可重复", "a column that is handed through, may be repeated"),
    )
    @click.option(
        "--full",
        metavar="WHICH",
        default="major,disputed,open",
        help=say(
            "哪些行要完整判定：major、disputed、open 中的几个，或 none（默认三个都要）",
            "which rows are classified in full: some of major, disputed, open, or none (default: all three)",
        ),
    )
    @click.option(
        "--from",
        "form",
        type=click.Choice(["ndjson", "csv", "parquet"]),
        help=say("IN 的格式（默认看后缀）", "the format of IN (default: by its suffix)"),
    )
    @click.option(
        "--workers",
        type=click.IntRange(1, 256),
        metavar="N",
        help=say("用几个进程（默认：每个核一个）", "how many processes (default: one a core)"),
    )
    @click.option(
        "--block",
        type=click.IntRange(1, 1000),
        metavar="N",
        default=16,
        help=say(
            "一次读多少 MB，Parquet 是多少万行（默认 16）",
            "how many MB, or 10,000 rows of Parquet, are read at once (default: 16)",
        ),
    )
    def _classify_many(
        source: Path,
        out: Path,
        subject: str | None,
        industries: tuple[str, ...],
        on: str | None,
        places: Places,
        keep: tuple[str, ...],
        full: str,
        form: str | None,
        workers: int | None,
        block: int,
    ) -> int:
        from ..many.run import classify_many

        wanted = () if full == "none" else tuple(dict.fromkeys(full.split(",")))
        show = _Shown(lang)
        summary = classify_many(
            source, out, subject=subject, industry=industries, on=on, places=places, keep=keep, full=wanted,
            form=form, workers=workers, rows=block * 10_000, size=block * 1_000_000, lang=lang, tell=show,
        )  # fmt: skip
        show.end()
        click.echo(_told(summary, out, lang))
        return _SOME_BAD if summary.bad else 0


class _Shown:
    """Shows how far a run is, on the terminal in one line, else in a line now and then."""

    def __init__(self, lang: str) -> None:
        self.lang, self.began = lang, time.monotonic()
        self.alive = sys.stderr.isatty()
        self.said = self.began
        self.first: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Show *progress*."""
        now = time.monotonic()
        if self.first is None:  # what an earlier run has done
            self.first = progress
            return
        if not self.alive and now - self.said < _EVERY:
            return
        self.said = now
        text = told(progress, self.first, now - self.began, self.lang)
        click.echo(f"\r\033[K{text}" if self.alive else text, err=True, nl=not self.alive)

    def end(self) -> None:
        """Leave the line."""
        if self.alive:
            click.echo("", err=True)


def told(progress: Progress, first: Progress, seconds: float, lang: str) -> str:
    """Return how far a run is, its rate since *first* and the time that is left, as text."""
    done = progress.judged + progress.bad - first.judged - first.bad
    share = progress.share - first.share
    rate = done / seconds if seconds > 0 else 0.0
    left = seconds * (1 - progress.share) / share if share > 0 else None
    rest = "?" if left is None else _time(left)
    if lang == "en":
        return (
            f"{progress.share:.1%}: {progress.judged:,} judged, {progress.bad:,} bad, {rate:,.0f} a second, {rest} left"
        )
    return f"{progress.share:.1%}：已判定 {progress.judged:,}，判不了 {progress.bad:,}，每秒 {rate:,.0f}，还要 {rest}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def _told(summary: Summary, out: Path, lang: str) -> str:
    if lang == "en":
        return (
            f"{summary.judged:,} judged, {summary.bad:,} could not be ({out / 'bad.ndjson'}), {summary.full:,} "
            f"classified in full; counts in {out / 'summary.json'}"
        )
    return (
        f"已判定 {summary.judged:,}，判不了 {summary.bad:,}（{out / 'bad.ndjson'}），完整判定 {summary.full:,}；"
        f"各条规则的计数见 {out / 'summary.json'}"
    )
