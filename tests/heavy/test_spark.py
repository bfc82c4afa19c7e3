"""The kernel on a local Spark: the same codes, also when workers are killed in the middle; other standards are refused.

Run alone: `pytest tests/heavy/test_spark.py` (Linux; Java 17, `pip install 'hazardrules[spark,frames]'`).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import hazardrules
from hazardrules import FactsError, default
from hazardrules.backends import Kernel

KIND, ON, TRADE = "dust_system", "2026-03-01", "dust_explosion"
COUNT, PARTITIONS = 200_000, 40


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A local Spark with two cores that tries a task four times."""
    if shutil.which("java") is None:
        pytest.fail("missing tool: java (Debian: apt-get install default-jre-headless)")
    if find_spec("pyspark") is None:
        pytest.fail("missing library: pyspark (pip install 'hazardrules[spark]')")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(hazardrules.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Subjects with gaps, one of a hundred of which cannot be judged."""
    chance = random.Random(1)
    vocabulary = default().vocabulary.kinds[KIND].facts
    words = {name: list(spec.values) for name, spec in vocabulary.items() if spec.is_word}
    columns: dict[str, list[Any]] = {"id": [f"s{n}" for n in range(COUNT)]}
    for name, choices in words.items():
        columns[name] = chance.choices([*choices, None], k=COUNT)
    columns["dusts"] = chance.choices([["木质粉尘"], ["其他金属粉尘", "木质粉尘"], [], None], k=COUNT)
    columns["method"] = ["干法" if n % 100 == 0 else word for n, word in enumerate(columns["method"])]
    path = tmp_path_factory.mktemp("spark") / "in.parquet"
    pl.DataFrame(columns).write_parquet(path, row_group_size=COUNT // PARTITIONS)
    return path


@pytest.fixture(scope="module")
def expected(rows: Path) -> pl.DataFrame:
    frame = pl.read_parquet(rows)
    return Kernel(frame.schema, KIND, industry=TRADE, on=ON)(frame).sort("id")


def judged(spark: Any, rows: Path, out: Path) -> pl.DataFrame:
    """Judge *rows* on Spark; return what was written."""
    from hazardrules.backends.spark import classify_spark

    frame = spark.read.parquet(str(rows)).repartition(PARTITIONS)
    classify_spark(frame, KIND, industry=TRADE, on=ON).write.parquet(str(out))
    return pl.read_parquet(out / "*.parquet").sort("id")


def test_spark_says_what_the_kernel_says(spark: Any, rows: Path, expected: pl.DataFrame, tmp_path: Path) -> None:
    found = judged(spark, rows, tmp_path / "out")
    assert found.schema == expected.schema
    assert found.equals(expected)
    assert found["problem"].is_not_null().sum() == COUNT // 100


def workers() -> list[int]:
    """Return the processes in which our Spark runs Python: its daemon's children."""
    parents, daemons = {}, set()
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                command, status = (path / "cmdline").read_bytes(), (path / "stat").read_text()
            except OSError:
                continue
            parents[int(path.name)] = int(status.rpartition(")")[2].split()[1])
            if b"pyspark.daemon" in command:
                daemons.add(int(path.name))

    def ours(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and ours(parents[pid]))

    return [pid for pid in daemons if parents[pid] in daemons and ours(pid)]


def test_killed_workers_lose_nothing_and_double_nothing(spark: Any, rows: Path, expected: pl.DataFrame, tmp_path: Path) -> None:
    killed, over = [], threading.Event()

    def kill() -> None:
        while not over.is_set() and len(killed) < 3:
            running = workers()
            if running and list((tmp_path / "out").glob("_temporary/**/*.parquet")):  # something is done, not all
                os.kill(running[0], signal.SIGKILL)
                killed.append(running[0])
                time.sleep(1)
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = judged(spark, rows, tmp_path / "out")
    finally:
        over.set()
        killer.join()
    assert killed
    tracker = spark.sparkContext.statusTracker()
    failed = [info.numFailedTasks for job in tracker.getJobIdsForGroup() for stage in tracker.getJobInfo(job).stageIds
              if (info := tracker.getStageInfo(stage)) is not None]  # fmt: skip
    assert sum(failed) > 0
    assert found.height == COUNT
    assert found["id"].n_unique() == COUNT
    assert found.equals(expected)


def test_other_standards_on_a_worker_fail_the_job_by_name(spark: Any, rows: Path, tmp_path: Path) -> None:
    from hazardrules.backends.spark import classify_spark

    shipped = Path(str(resources.files("hazardrules.standards")))
    folder = tmp_path / "standards"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("__pycache__"))
    frame = classify_spark(spark.read.parquet(str(rows)), KIND, on=ON, places=[str(folder)])
    assert frame.limit(1).count() == 1
    clause = folder / "gongmao-2023" / "11-06.yaml"
    clause.write_text(clause.read_text("utf-8").replace("airlock != 正常", "airlock == 未设置"), encoding="utf-8")
    fresh = classify_spark(spark.read.parquet(str(rows)), KIND, on=ON, places=[str(folder)], lang="en")
    clause.write_text(clause.read_text("utf-8").replace("airlock == 未设置", "airlock == 失效"), encoding="utf-8")
    with pytest.raises(Exception, match="这个工作节点上的标准"):
        fresh.count()


def test_columns_that_mean_nothing_are_refused_before_anything_runs(spark: Any) -> None:
    from hazardrules.backends.spark import classify_spark

    with pytest.raises(FactsError, match="是不是“method”"):
        classify_spark(spark.createDataFrame([("a",)], "methd string"), KIND)


def test_timestamps_are_times_in_shanghai(spark: Any) -> None:
    """Whatever the zone of the session: 16:30 UTC on the last day before the law is its first day in Shanghai."""
    from hazardrules.backends.spark import classify_spark

    given = [("a", "2023-05-14 15:30:00Z"), ("b", "2023-05-14 16:30:00Z"), ("c", None)]
    frame = spark.createDataFrame(given, "id string, at string").selectExpr("id", "cast(at as timestamp) as observed_on")
    found = classify_spark(frame, KIND, industry=TRADE, on=ON, keep="observed_on")
    assert {row["id"]: row["gongmao-2023-11-06"] for row in found.collect()} == {"a": None, "b": -1, "c": -1}
    assert found.schema["observed_on"].dataType == frame.schema["observed_on"].dataType
