"""``monitor`` as a shell calls it, and lines of the demo's articles to call it with."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

LINES = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines(keepends=True)
#: An article whose text stands in it twice.
TWICE = next(line for line in LINES if b'"quayline-002"' in line)


def run(
    *arguments: str, stdin: bytes = b"", cwd: Path | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own; ended after 60 s."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=os.environ | (environment or {}),
        timeout=60,
        check=False,
    )
