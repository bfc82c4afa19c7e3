"""Many subjects: the kernel beside the engine and beside polars by hand, and files through `classify-many`.

    python -m benchmarks many
    HAZARDRULES_MANY=10000000 python -m benchmarks many     as many subjects in the file (default 500,000)
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

import hazardrules as hr
from hazardrules.backends import Kernel

from . import by_hand, by_hand_frames
from .measuring import Table, in_turn, micros, ratio, seconds, shown

KIND, TRADE, ON, SEED = "dust_system", "dust_explosion", "2026-03-01", 20260301
BATCH, ALONE = 100_000, 300  # rows judged at once by columns, and one by one by the engine
COUNT = int(os.environ.get("HAZARDRULES_MANY", "500000"))


def frame(corpus: hr.Corpus, count: int, gaps: float = 0.2, seed: int = SEED) -> pl.DataFrame:
    """Return random dust systems: every fact but texts and lists of parts, a share *gaps* of them not known."""
    chance = random.Random(seed)
    columns = [pl.Series("id", range(count), dtype=pl.Int64).cast(pl.String)]
    for spec in corpus.vocabulary.kinds[KIND].facts.values():
        if spec.type in ("text", "list"):
            continue
        if spec.type == "yes_no":
            pool, dtype = [True, False], pl.Boolean()
        elif spec.type == "choices":
            pool, dtype = [[w for w in spec.values if chance.random() < 0.3] for _ in range(40)], pl.List(pl.String)
        elif spec.type == "number":
            pool, dtype = [float(n) for n in range(1, 60)], pl.Float64()
        else:
            pool, dtype = list(spec.values), pl.Enum(list(spec.values))
        known = pl.Series(spec.id, [*pool], dtype=dtype)
        places = pl.Series(range(len(pool)), dtype=pl.UInt32).sample(count, with_replacement=True, seed=chance.randrange(2**32))
        shares = pl.Series([True] * round(gaps * 100) + [False] * round((1 - gaps) * 100))
        missing = shares.sample(count, with_replacement=True, seed=chance.randrange(2**32))
        columns.append(known.gather(places.set(missing, None)))
    return pl.DataFrame(columns)


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Return *rows* as a table of text has them."""
    several = [name for name, dtype in rows.schema.items() if dtype == pl.List(pl.String)]
    joined = [
        pl.when(pl.col(name).list.len() == 0).then(pl.lit("[]")).otherwise(pl.col(name).list.join("、")).alias(name)
        for name in several
    ]
    return rows.with_columns(joined).cast(dict.fromkeys(rows.columns, pl.String))


def ten_rules(corpus: hr.Corpus) -> hr.Corpus:
    """Return the standards with the rules that are written by hand, and no other."""
    standards = tuple(
        replace(s, clauses=tuple(replace(c, rules=tuple(r for r in c.rules if r.id in by_hand.RULES)) for c in s.clauses))
        for s in corpus.rulebook.standards
    )
    return hr.Corpus(replace(corpus.rulebook, standards=standards))


def measure() -> list[Table]:
    """Check that all give the same verdicts, and measure."""
    corpus = hr.default()
    return [_beside_the_engine(corpus), _beside_polars(corpus), _files(corpus)]


def _beside_the_engine(corpus: hr.Corpus) -> Table:
    rows = frame(corpus, BATCH)
    lines = []
    for name, given in (("Enum, Boolean, lists", rows), ("all of it text", as_text(rows))):
        kernel = Kernel(given.schema, KIND, industry=TRADE, on=ON, corpus=corpus)
        few = rows.head(ALONE)
        typed = Kernel(rows.schema, KIND, industry=TRADE, on=ON, corpus=corpus)
        records = [typed.record(row) for row in few.iter_rows(named=True)]
        codes = kernel(given.head(ALONE))
        for row, code in zip(few.iter_rows(named=True), codes.iter_rows(named=True), strict=True):
            assert typed.by_engine(row)[0] == {rule: code[rule] for rule in kernel.rules}
        taken = in_turn(
            {
                "kernel": lambda kernel=kernel, given=given: kernel(given),
                "verdicts": lambda records=records: [corpus.verdicts(r, industry=TRADE, on=ON) for r in records],
                "classify": lambda records=records: [corpus.classify(r, industry=TRADE, on=ON) for r in records],
            },
            turns=7,
        )
        each = {key: [s / (BATCH if key == "kernel" else ALONE) for s in found] for key, found in taken.items()}
        lines.append(
            [
                name,
                f"{shown(1 / sorted(each['kernel'])[3])}",
                str(ratio(each["verdicts"], each["kernel"])),
                str(ratio(each["classify"], each["kernel"])),
            ]
        )
    return Table(
        "Many subjects: the kernel beside the engine",
        f"{len(kernel.rules)} rules on a dust removal system (all that are in force for the industry), {BATCH:,} rows with "
        "20 % of their facts missing, reading and checking of the columns included; per second of CPU of one core. How "
        "many times as long the pure Python engine takes for the same subject: its verdicts, and its classification. "
        "Aim: 20 or more.",
        ("columns", "subjects a second", "engine, verdicts", "engine, classify"),
        lines,
    )


def one_column_a_word(corpus: hr.Corpus, rows: pl.DataFrame) -> pl.DataFrame:
    """Return *rows* with a Boolean column for each word of a fact of several."""
    facts = corpus.vocabulary.kinds[KIND].facts
    several = [name for name, dtype in rows.schema.items() if dtype == pl.List(pl.String)]
    words = [pl.col(name).list.contains(w).alias(f"{name}.{w}") for name in several for w in facts[name].values]
    return rows.with_columns(words).drop(several)


def _beside_polars(corpus: hr.Corpus) -> Table:
    few = ten_rules(corpus)
    needed = sorted({name for expression in by_hand_frames.rules().values() for name in expression.meta.root_names()})
    lines = []
    for gaps in (0.0, 0.2, 0.5):
        lists = frame(corpus, BATCH, gaps).select("id", *needed)
        for name, rows, has in (
            ("lists", lists, by_hand_frames.in_list),
            ("a Boolean column a word", one_column_a_word(corpus, lists), by_hand_frames.by_column),
        ):
            lines.append([f"{gaps:.0%}", name, *_ratios(few, rows, by_hand_frames.rules(has))])
    return Table(
        "Many subjects: the kernel beside polars by hand",
        f"{len(by_hand.RULES)} rules of order 10, article 11, on {BATCH:,} rows of typed columns (Enum, Boolean); the "
        "verdicts are compared first. By hand: one polars expression a rule, three-valued by nulls, which checks nothing "
        "and completes nothing. Aim: at most 3.",
        ("facts missing", "several words", "checked, completed and judged", "judging alone"),
        lines,
        ("Judging alone is within the aim; reading, checking and completing Boolean columns costs more than judging them.",),
    )


def _ratios(corpus: hr.Corpus, rows: pl.DataFrame, by_polars: dict[str, pl.Expr]) -> list[str]:
    """Return how long the kernel takes beside the expressions *by_polars*: all of it, and judging alone."""
    kernel = Kernel(rows.schema, KIND, industry=TRADE, on=ON, corpus=corpus)
    expressions = [expression.alias(rule) for rule, expression in by_polars.items()]
    assert kernel(rows).select(list(by_polars)).equals(rows.select(expressions))
    tables: dict[str, pl.DataFrame] = {}
    program = kernel._program(kernel._span(kernel.today))
    kernel._reader.read(rows, program.plan.limits, tables)
    tables[""] = tables[""].with_columns(pl.lit(kernel.today).alias("inspection.date"))
    taken = in_turn(
        {
            "kernel": lambda: kernel(rows),
            "judging": lambda: program.run(tables, kernel.rules),
            "hand": lambda: rows.select(expressions),
        }
    )
    return [str(ratio(taken[what], taken["hand"])) for what in ("kernel", "judging")]


# ----------------------------------------------------------------------------------------------- files

OPTIONS = ["--subject", KIND, "--industry", TRADE, "--on", ON, "--full", "none", "--workers", "2"]


@dataclass
class Watched:
    """What a command took: seconds, seconds of CPU, and the greatest memory of it and all its workers (bytes)."""

    seconds: float
    cpu: float
    memory: int


def watched(words: list[str]) -> Watched:
    """Run a command and watch it."""
    began, before = time.perf_counter(), os.times()
    process = subprocess.Popen([sys.executable, "-m", "hazardrules", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], sum(map(_memory, [process.pid, *_children(process.pid)])))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    over.set()
    watcher.join()
    assert code == 0, words
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Watched(time.perf_counter() - began, cpu, most[0])


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _memory(pid: int) -> int:
    """Return how much memory is a process's own and not shared with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _files(corpus: hr.Corpus) -> Table:
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.csv"
        one.write_text("id\n1\n", encoding="utf-8")
        start = watched(["classify-many", str(one), str(Path(folder) / "one"), *OPTIONS])
        for form in ("parquet", "csv", "ndjson", "records"):
            path = Path(folder) / f"in.{'ndjson' if form == 'records' else form}"
            _write(corpus, path, whole=form == "records")
            options = [word for word in OPTIONS if form != "records" or word not in ("--subject", KIND)]
            found = watched(["classify-many", str(path), str(Path(folder) / form), *options])
            size, cpu = path.stat().st_size, found.cpu - start.cpu
            reading = seconds(lambda path=path, form=form: _read(path, form), 1)
            path.unlink()
            lines.append(
                [
                    NAMES[form],
                    f"{size / COUNT:,.0f}",
                    f"{found.seconds:,.0f} s",
                    micros(cpu / COUNT),
                    shown(cpu / reading),
                    f"{found.memory / 1e6:,.0f} MB",
                    f"{cpu * 1e7 / COUNT / 2 / 60:,.1f} min",
                ]
            )
    return Table(
        "Many subjects: files through classify-many",
        f"{COUNT:,} dust removal systems with 20 % of their facts missing, all rules of the industry, two processes, codes "
        "written as Parquet. CPU is that of all processes, without what it takes to start. Beside reading: how much more "
        "CPU than to read the same file with polars (CSV, Parquet) or line by line with orjson (NDJSON). Memory: of all "
        "processes together, what they share counted once. Ten million: on two cores that do nothing else. Aim: minutes, "
        "under 2 GB.",
        ("file", "bytes a row", "took", "CPU a row", "CPU beside reading", "memory", "ten million would take"),
        lines,
    )


NAMES = {"parquet": "Parquet", "csv": "CSV", "ndjson": "NDJSON", "records": "NDJSON, a whole record a line"}


def _write(corpus: hr.Corpus, path: Path, *, whole: bool = False) -> None:
    """Write the subjects to *path*, some at a time; *whole*: each as a record of its own."""
    most = 250_000
    pieces = (frame(corpus, min(most, COUNT - start), seed=SEED + start) for start in range(0, COUNT, most))
    if path.suffix == ".parquet":
        folder = path.with_suffix("")
        folder.mkdir()
        for n, piece in enumerate(pieces):
            piece.cast({pl.Enum: pl.String}).write_parquet(folder / f"{n:04d}.parquet")
        pl.scan_parquet(folder / "*.parquet").sink_parquet(path, row_group_size=BATCH)
        return
    with path.open("wb") as file:
        for n, piece in enumerate(pieces):
            if path.suffix == ".csv":
                as_text(piece).write_csv(file, include_header=n == 0)
            elif whole:
                piece.select(pl.concat_list(pl.struct(piece.columns)).alias(KIND)).write_ndjson(file)
            else:
                piece.write_ndjson(file)


def _read(path: Path, form: str) -> None:
    """Read a file and do nothing with it."""
    import orjson

    if form == "parquet":
        pl.scan_parquet(path).collect(engine="streaming")
    elif form == "csv":
        pl.scan_csv(path, infer_schema=False).collect(engine="streaming")
    else:
        with path.open("rb") as file:
            for line in file:
                orjson.loads(line)
