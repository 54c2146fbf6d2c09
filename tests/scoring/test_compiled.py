"""Compiled functions: the same results as plain Python, from a cache that may be read-only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from monitor.scoring import compiled

STORY = (
    "The old ferry left the harbour on Monday morning for the first time since the storm. It took two hours.\n"
    "Some two hundred people stood on the quay and cheered; the repair cost 1,250,000 crowns.\n"
    "Fußgänger и люди – 我们来了。 ไทย ខ្មែរ ＡＢＣ ﬁne Straße cafe\u0301 ｶﾞ U.S. don’t\n"
    "Some two hundred people stood on the quay and cheered: the repairs cost 1 250 000 crowns.\n"
)
TEXTS = [
    STORY + STORY.replace(". It", ".\nIt"),
    STORY.replace("\n", " ") * 2,
    "\n".join(f"The net profit of unit {i} rose in the last quarter of the year by as much" for i in range(300)),
    "\x00\ud800\U000e0100 \u0301\u0301 1,2 1 000 0000\n…\n…",
]
SCRIPT = """
import json, sys
from monitor.scoring.repetition import find, minhash
from monitor.scoring.text.text import Text
from monitor.scoring.thresholds import Thresholds

for raw in json.loads(sys.stdin.read()):
    text = Text.read(raw)
    columns = [*text.characters, *text.words, minhash.signatures(text, 8)]
    print(json.dumps([column.tolist() for column in columns]))
    print(json.dumps(find(text, Thresholds())))
"""


def run(environment: dict[str, str], script: str = SCRIPT) -> str:
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        input=json.dumps(TEXTS),
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


def test_plain_python_gives_the_same() -> None:
    results = run({})
    assert len(results.splitlines()) == 2 * len(TEXTS)
    assert run({"NUMBA_DISABLE_JIT": "1"}) == results


COUNT = """
from monitor.scoring.compiled import FUNCTIONS
print(sum(sum(function.stats.cache_misses.values()) for function in FUNCTIONS))
print(sum(sum(function.stats.cache_hits.values()) for function in FUNCTIONS))
"""
WARM = "from monitor.scoring.warm import warm; warm()\n" + COUNT
READ_ONLY = (
    "from numba.core import caching; import monitor.scoring.compiled as c\n"
    "caching.CacheImpl._locator_classes[:] = [c.ReadOnlyLocator]\n"
)

#: Texts of all kinds, each in three versions, through all that a worker does with articles.
STREAM = """
from datetime import UTC, datetime
from pathlib import Path
from monitor.articles.article import Article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies import window
from monitor.scoring.flags import thresholds
from monitor.scoring.score import Scorer
from monitor.scoring.sources.stream import StreamScorer

def texts(value):
    if isinstance(value, str):
        return [value] if len(value) > 80 else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in texts(each)]

window.MOST_RECENT = 16  # then the latest articles are closed into a segment; in truth after thousands
known = thresholds()
stream = StreamScorer(Scorer(Model.load(), lambda _: known))
number = 0
for file in sorted(Path("tests/cases").rglob("*.json")):
    for text in texts(json.loads(file.read_text()))[::4]:
        for version in (text, " ".join(text.splitlines()), text + "\\nOne more line stands behind it."):
            number += 1
            stream.score(Article(id=str(number // 2), text=version, source=file.name), datetime(2026, 1, 1, tzinfo=UTC))
"""


def test_what_is_warm_is_compiled_no_more(tmp_path: Path) -> None:
    cache = {"NUMBA_CACHE_DIR": str(tmp_path)}
    run(cache, WARM)
    misses, hits = map(int, run(cache, SCRIPT + STREAM + COUNT).splitlines()[-2:])
    assert misses == 0
    assert hits > 0


def test_a_cache_is_read_where_nothing_can_be_written() -> None:
    run({}, WARM)
    misses, hits = map(int, run({}, READ_ONLY + WARM).splitlines()[-2:])
    assert misses == 0
    assert hits > 0


def test_what_the_cache_lacks_is_compiled_and_not_written(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("from monitor.scoring.compiled import compiled\n@compiled\ndef add(a, b):\n    return a + b\n")
    add = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import module; "
    assert run({}, READ_ONLY + add + "print(module.add(1, 2))") == "3\n"
    assert not list(tmp_path.glob("__pycache__/*.nbi"))
    assert run({}, add + "print(module.add(1, 2))") == "3\n"
    kept = sorted(tmp_path.glob("__pycache__/*.nb?"))
    assert len(kept) == 2
    assert run({}, READ_ONLY + add + "print(module.add(1.5, 2))") == "3.5\n"
    assert sorted(tmp_path.glob("__pycache__/*.nb?")) == kept


def test_what_was_compiled_beside_other_sources_is_compiled_anew(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("from monitor.scoring.compiled import compiled\n@compiled\ndef add(a, b):\n    return a + b\n")
    add = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import module; module.add(1, 2)\n{COUNT}"
    misses = [
        int(run({}, before + add).splitlines()[0])
        for before in ("", "", "import monitor.scoring.compiled as c; c._sources = lambda: ()\n")
    ]
    assert misses == [1, 0, 1]


def test_generic_processor_is_compiled_for() -> None:
    @compiled.compiled
    def add(a: int, b: int) -> int:
        return a + b

    assert add(1, 2) == 3
    assert np.int64(add(-1, 2)) == 1
    program = """
import monitor.scoring.compiled
from numba.core.registry import cpu_target
print(cpu_target.target_context.codegen().magic_tuple()[1:])
"""
    assert run({}, program) == "('generic', '')\n"
