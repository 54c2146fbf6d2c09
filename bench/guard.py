"""Fails where a verdict became 10 % slower: ``make bench-guard``.

Two figures are compared with ``bench/guard.json``:

- the instructions of a verdict, counted by valgrind's callgrind on the demo's articles, with the processor's features
  pinned and hashes not randomised, so that they hardly differ from run to run. They depend on the versions of Python
  and numpy, so they are stored for each environment, and an environment that is not known yet is named and passed;
- the CPU time of a verdict by that of taking its words apart, of interleaved rounds of the same run.

Each is taken three times and the least counts. ``python -m bench.guard --write`` stores what is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).with_suffix(".json")
RUNS = 3
#: A figure may be this many times the stored one.
TOLERANCE = 1.10
#: Demo articles that are counted, evenly chosen.
ARTICLES = 12


def environment() -> str:
    """What the count of instructions depends on, beside the code."""
    import numpy as np

    return (
        f"{platform.python_implementation()} {platform.python_version()}, numpy {np.__version__}, {platform.machine()}"
    )


def pinned() -> dict[str, str]:
    """Environment variables under which every processor of an architecture runs the same instructions."""
    import numpy as np

    extensions: Any = np.show_config(mode="dicts")
    used = extensions["SIMD Extensions"].get("found", [])
    return {
        "PYTHONHASHSEED": "0",
        "OPENBLAS_CORETYPE": "Nehalem",
        "OPENBLAS_NUM_THREADS": "1",
        "NPY_DISABLE_CPU_FEATURES": ",".join(used),
        "PYTHONWARNINGS": "ignore",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-ERMS",
    }


def instructions() -> int:
    """Instructions of one verdict, the least of three runs.

    The counted process starts once, warms up, and forks for each run: one child scores the articles once, the next
    twice, and so on, so that each difference is what one more pass takes.

    Raises:
        subprocess.CalledProcessError: valgrind failed; its output has been shown.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/%p", "--quiet"]
        command += [sys.executable, "-m", "bench.guard", "--counted", folder]
        subprocess.run(command, check=True, env=os.environ | pinned())
        children = json.loads((Path(folder) / "children").read_text())
        counts = [_collected(Path(folder) / str(child)) for child in children]
    return min(more - less for less, more in pairwise(counts)) // ARTICLES


def _collected(file: Path) -> int:
    """All instructions of a process, as callgrind wrote them."""
    match = re.search(r"^(?:summary|totals): (\d+)", file.read_text(), re.M)
    if match is None:
        raise RuntimeError(f"{file} has no count of instructions")
    return int(match[1])


def counted(folder: Path) -> None:
    """What runs under valgrind; leaves the numbers of the children in the folder."""
    from bench.speed.contestants import verdict
    from bench.speed.pages import pages

    run, sample = verdict(), pages(None, ARTICLES)
    for page in sample:
        run(page)
    children = []
    for passes in range(1, RUNS + 2):
        child = os.fork()
        if child == 0:
            for _ in range(passes):
                for page in sample:
                    run(page)
            os._exit(0)
        os.waitpid(child, 0)
        children.append(child)
    (folder / "children").write_text(json.dumps(children))


def ratio() -> float:
    """CPU of a verdict by that of taking its words apart, the least of three runs."""
    from statistics import median

    from bench.speed.pages import pages
    from bench.speed.rounds import compare

    def once() -> float:
        costs = compare(pages(None, 49), 15, names=("words apart", "verdict"))
        return next(median(cost.ratios) for cost in costs if cost.name == "verdict")

    return min(once() for _ in range(RUNS))


def problems(measured: dict[str, float], stored: dict[str, float]) -> list[str]:
    """What became slower; a figure that is not stored is no problem."""
    return [
        f"{name}: {value:,.1f}, more than {TOLERANCE:.0%} of the stored {stored[name]:,.1f}"
        for name, value in measured.items()
        if name in stored and value > TOLERANCE * stored[name]
    ]


def main() -> None:
    """Measure, print, compare or store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store what is measured in bench/guard.json")
    parser.add_argument("--counted", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.counted:
        counted(arguments.counted)
        return
    count_name = f"instructions a verdict, {environment()}"
    measured: dict[str, float] = {"verdict by words apart": round(ratio(), 2)}
    if shutil.which("valgrind"):
        measured[count_name] = instructions()
    elif os.environ.get("REQUIRE_ALL") == "1":
        sys.exit("bench-guard: valgrind is not installed (Debian: valgrind)")
    else:
        print("instructions are not counted: valgrind is not installed (Debian: valgrind)")
    stored: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name, value in measured.items():
        print(f"{name}: {value:,} (stored: {stored.get(name, 'nothing; --write stores it')})")
    if arguments.write:
        FIGURES.write_text(json.dumps(stored | measured, indent=2, sort_keys=True) + "\n")
    elif slower := problems(measured, stored):
        sys.exit("\n".join(["a verdict became slower:", *slower]))


if __name__ == "__main__":
    main()
