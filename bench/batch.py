"""What an article costs on Spark, by docs/batch.md's recipe: ``python -m bench.batch FILE``.

Needs Java 17 and ``pip install --group batch --constraint constraints.txt``. FILE is JSON Lines of articles, also
gzip; they are scored from Parquet by two Python workers in local mode, and their verdicts written as Parquet.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

RECIPE = Path(__file__).resolve().parent.parent / "docs" / "batch.md"
WORKERS, TASKS = 2, 8


def recipe() -> str:
    """The module of the recipe."""
    (code,) = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    return str(code)


def used(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """In a Python worker: its process, the CPU seconds that it took so far, and its most memory in MB."""
    for _ in batches:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        yield pa.RecordBatch.from_pydict(
            {"process": [os.getpid()], "cpu": [usage.ru_utime + usage.ru_stime], "megabytes": [usage.ru_maxrss / 1000]}
        )


def write_parquet(source: Path, folder: Path) -> int:
    """The articles of a file as Parquet, a file a task; returns how many these are."""
    with gzip.open(source) if source.suffix == ".gz" else source.open("rb") as lines:
        rows = [json.loads(line) for line in lines]
    folder.mkdir()
    for task in range(TASKS):
        parquet.write_table(pa.Table.from_pylist(rows[task::TASKS]), folder / f"{task}.parquet")
    return len(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "archive.py").write_text(recipe())
        os.environ["PYTHONPATH"] = os.pathsep.join([name, os.environ.get("PYTHONPATH", "")])
        os.environ["PYSPARK_PYTHON"] = sys.executable
        sys.path.insert(0, name)
        measure(write_parquet(arguments.file, folder / "articles"), folder)


def measure(articles: int, folder: Path) -> None:
    """Score the folder's Parquet; print what it took."""
    import archive  # type: ignore[import-not-found]
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    spark = (
        builder.master(f"local[{WORKERS}]")
        .config("spark.ui.enabled", False)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 1000)
        .getOrCreate()
    )
    started = time.monotonic()
    archive.parquet_verdicts(spark, str(folder / "articles")).write.parquet(str(folder / "verdicts"))
    seconds = time.monotonic() - started
    usage = spark.range(0, TASKS, 1, TASKS).mapInArrow(used, "process long, cpu double, megabytes double").collect()
    written = sum(file.stat().st_size for file in (folder / "verdicts").glob("*.parquet"))
    spark.stop()
    cpu = sum({row["process"]: row["cpu"] for row in usage}.values())
    print(f"{articles:,} articles in {seconds:.0f} s with {WORKERS} workers: {articles / seconds:.0f} a second")
    print(f"{1000 * cpu / articles:.2f} ms of a Python worker's CPU an article, its start included")
    print(f"{max(row['megabytes'] for row in usage):.0f} MB at most in a Python worker")
    print(f"{written / articles:.0f} bytes of Parquet a verdict")


if __name__ == "__main__":
    main()
