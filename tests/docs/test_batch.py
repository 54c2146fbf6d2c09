"""docs/batch.md's recipe, run by Spark in local mode."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from tests.articles.formats.test_warc import record
from tests.conftest import without

LINES = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines(keepends=True)
(RECIPE,) = re.findall(r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/batch.md").read_text(), re.DOTALL)

#: Runs the recipe over a folder of Parquet and over files, and counts what each Python worker loaded for it.
MAIN = """
import json, os, sys
import archive
import pyarrow as pa
from monitor.library.monitor import _loaded
from pyspark.sql import SparkSession

def loads(batches):
    for batch in batches:
        yield pa.RecordBatch.from_pydict({"process": [os.getpid()], "loads": [_loaded.cache_info().misses]})

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", False)
    # What a short run is quicker without.
    .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    .config("spark.sql.codegen.wholeStage", False)
    .config("spark.sql.adaptive.enabled", False)
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", 5)
    .getOrCreate()
)
folder, *paths = sys.argv[1:]
tables = [archive.parquet_verdicts(spark, folder), archive.file_verdicts(spark, paths)]
rows = [[row.asDict() for row in table.collect()] for table in tables]
workers = spark.range(0, 4, 1, 4).mapInArrow(loads, "process long, loads long").collect()
print(json.dumps({"rows": rows, "loads": {row["process"]: row["loads"] for row in workers}}))
spark.stop()
"""


def test_recipe_scores_parquet_and_files_with_one_load_a_worker(tmp_path: Path) -> None:
    if importlib.util.find_spec("pyspark") is None:
        without("pyspark is missing: pip install --group batch")
    if shutil.which("java") is None:
        without("java is missing")
    articles = [json.loads(line) for line in LINES[:12]]
    table = [{"id": a["id"], "content": a["content"], "source": "Lantern"} for a in articles]
    (tmp_path / "table").mkdir()
    for number in range(4):
        rows = [*table[number * 3 : number * 3 + 3], {"id": f"empty {number}", "content": " ", "source": "Lantern"}]
        parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "table" / f"{number}.parquet")
    (tmp_path / "feed.jsonl").write_bytes(LINES[0] + b"{broken\n" + LINES[3])
    page = "".join(f"<p>{line}</p>" for line in articles[0]["content"].splitlines()).encode()
    (tmp_path / "crawl.warc").write_bytes(record(page) + record(page))
    (tmp_path / "archive.py").write_text(RECIPE)
    (tmp_path / "main.py").write_text(MAIN)
    result = subprocess.run(
        [sys.executable, "main.py", "table", "feed.jsonl", "crawl.warc", "none.jsonl"],
        cwd=tmp_path, env=os.environ | {"PYSPARK_PYTHON": sys.executable},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-3000:]
    answer = json.loads(result.stdout.splitlines()[-1])
    of_table, of_files = answer["rows"]
    assert {row["id"] for row in of_table if row["verdict"]} == {a["id"] for a in articles}
    assert {row["id"]: row["error"] for row in of_table if row["error"]} == {
        f"empty {number}": "the text is empty" for number in range(4)
    }
    assert sorted((row["place"], bool(row["verdict"])) for row in of_files) == [
        ("crawl.warc record 1", True),
        ("crawl.warc record 2", True),
        ("feed.jsonl line 1", True),
        ("feed.jsonl line 2", False),
        ("feed.jsonl line 3", True),
        ("none.jsonl", False),
    ]
    assert {row["bad"] for row in of_table if row["id"] == "quayline-002"} == {True}
    assert set(answer["loads"].values()) == {1}
