"""Compiled functions: the same results as plain Python, from a cache that may be read-only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

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
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        input=json.dumps(TEXTS),
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_plain_python_gives_the_same() -> None:
    results = run({})
    assert len(results.splitlines()) == 2 * len(TEXTS)
    assert run({"NUMBA_DISABLE_JIT": "1"}) == results


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    module = tmp_path / "module.py"
    module.write_text("def add(a, b):\n    return a + b\n")
    return module


def test_locator_reads_a_cache_that_it_may_not_write(read_only: Path) -> None:
    def function() -> None: ...

    locator: Any = compiled.ReadOnlyLocator
    locator = locator(function, str(read_only))
    locator.ensure_cache_path()
    assert locator.get_cache_path() == str(read_only.parent / "__pycache__")
    (read_only.parent / "__pycache__").rmdir()
    with pytest.raises(OSError, match="no cache of compiled code"):
        locator.ensure_cache_path()


def test_generic_processor_is_compiled_for() -> None:
    @compiled.compiled
    def add(a: int, b: int) -> int:
        return a + b

    assert add(1, 2) == 3
    assert np.int64(add(-1, 2)) == 1
    assert run({}, "import monitor.scoring.compiled, numba; print(numba.config.CPU_NAME)") == "generic\n"
