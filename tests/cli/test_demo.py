"""``monitor demo``: it ends with a summary, and takes its worker along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import run


def test_demo_ends_by_itself_with_a_summary() -> None:
    result = run(
        "demo",
        "--articles",
        "49",
        "--rate",
        "50",
        "--web",
        "127.0.0.1:0",
        environment={"MONITOR_SECURITY_PROTOCOL": "SSL"},
    )
    assert result.returncode == 0, result.stderr.decode()
    text = result.stdout.decode()
    assert "49 articles" in text
    assert "3 repeated_body" in text
    assert "1 language_mismatch, which is not bad by itself" in text
    assert "0 dead letters" in text


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads the worker's number from /proc")
def test_demo_ends_its_worker_when_it_is_terminated() -> None:
    command = [sys.executable, "-m", "monitor", "demo", "--web", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"}) as demo:
        try:
            assert demo.stdout is not None
            assert any(line.startswith((b"ok", b"BAD")) for line in demo.stdout)
            worker = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
            assert len(worker) == 1
            demo.terminate()
            assert demo.wait(timeout=40) == 0
            assert not Path(f"/proc/{worker[0]}").exists()
        finally:
            demo.kill()
