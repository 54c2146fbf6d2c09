"""monitor score while something goes wrong: processes killed, Ctrl-C, files that grow, pipes that are silent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shell import LINES, TWICE

#: Articles that two processes are busy with for seconds.
MANY = b"".join(LINES) * 15


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """``score`` over many articles in two processes, once its first verdicts are written."""
    (folder / "many.jsonl").write_bytes(MANY)
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "score", "--jobs", "2", "--output", "out.jsonl", *arguments, "many.jsonl"],
        cwd=folder, stderr=subprocess.PIPE,
    )  # fmt: skip
    wait_for(lambda: written(folder) > 0)
    return process


def written(folder: Path) -> int:
    return (folder / "out.jsonl").read_bytes().count(b"\n") if (folder / "out.jsonl").exists() else 0


def wait_for(condition: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def scorers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that score for another."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")


@needs_proc
def test_process_that_is_killed_costs_no_verdict(tmp_path: Path) -> None:
    process = started(tmp_path)
    os.kill(scorers_of(process)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, written(tmp_path)) == (0, MANY.count(b"\n"))
    assert b"was killed; what it had in hand is scored again" in errors


@needs_proc
def test_no_process_outlives_the_command_that_is_killed(tmp_path: Path) -> None:
    process = started(tmp_path)
    scorers = scorers_of(process)
    assert len(scorers) == 2
    process.kill()
    process.communicate(timeout=60)
    wait_for(lambda: not any(map(is_running, scorers)))


@needs_proc
def test_ctrl_c_ends_several_processes_with_a_summary(tmp_path: Path) -> None:
    process = started(tmp_path, "--format", "table")
    scorers = scorers_of(process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"; interrupted" in errors
    assert b"Traceback" not in errors
    assert 0 < written(tmp_path) < MANY.count(b"\n")
    wait_for(lambda: not any(map(is_running, scorers)))


def test_half_a_line_of_a_growing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "growing.jsonl").write_bytes(TWICE + TWICE[:200])
    result = subprocess.run(
        [sys.executable, "-m", "monitor", "score", "growing.jsonl"], cwd=tmp_path, capture_output=True, check=False
    )
    assert (result.returncode, result.stdout.count(b"\n")) == (2, 1)
    assert result.stderr.startswith(b"growing.jsonl line 2: ")


def test_silent_pipe_is_waited_for_with_a_word(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed")
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "score", "feed"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr
    assert process.stderr.readline() == b"waiting for feed, which has sent nothing yet\n"
    (tmp_path / "feed").write_bytes(TWICE)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out.count(b"\n")) == (0, 1)
