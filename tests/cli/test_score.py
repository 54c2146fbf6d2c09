"""monitor score as a shell calls it: what it takes, where it writes, and what goes wrong on the way."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import LINES, TWICE, run

SCORE = [sys.executable, "-m", "monitor", "score"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "a.jsonl").write_bytes(LINES[0] + b"{broken\n" + TWICE)
    (tmp_path / "feeds" / "b.txt").write_text("One line of text.\nAnother one.")
    return tmp_path


def verdicts(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_folder_is_scored_with_file_and_line_of_each_verdict(folder: Path) -> None:
    done = run("score", "feeds", cwd=folder)
    assert [one["origin"] for one in verdicts(done)] == ["feeds/a.jsonl line 1", "feeds/a.jsonl line 3", "feeds/b.txt"]
    assert done.stderr.decode().startswith("feeds/a.jsonl line 2: not JSON")
    assert verdicts(run("score", "feeds/*.txt", cwd=folder))[0]["origin"] == "feeds/b.txt"


def test_jobs_give_the_same_in_the_same_order(folder: Path) -> None:
    (folder / "more.jsonl").write_bytes(b"".join(LINES))
    one, two = (verdicts(run("score", ".", "--jobs", jobs, cwd=folder)) for jobs in ("1", "2"))
    assert len(one) == 3 + len(LINES)
    assert [dict(verdict, scored_at="") for verdict in one] == [dict(verdict, scored_at="") for verdict in two]


def test_only_bad_leaves_the_good_out_and_counts_all(folder: Path) -> None:
    good = LINES[1]
    done = run("score", "--only-bad", "--format", "table", stdin=TWICE + good)
    text = done.stdout.decode()
    assert text.count("standard input line") == 1
    assert "standard input line 1" in text
    assert done.stderr.decode() == "2 articles scored, 1 bad (1 repeated_body)\n"


def test_output_goes_to_a_file(folder: Path) -> None:
    done = run("score", "feeds/b.txt", "--output", "verdicts.jsonl", cwd=folder)
    assert (done.returncode, done.stdout) == (0, b"")
    assert json.loads((folder / "verdicts.jsonl").read_text())["origin"] == "feeds/b.txt"
    assert "none/verdicts: No such file" in run("score", "--output", "none/verdicts", stdin=TWICE).stderr.decode()


def test_explain_shows_what_is_flagged_and_all_of_it_when_asked() -> None:
    short = run("score", "--explain", stdin=TWICE).stdout.decode()
    assert "= 1 " in short
    assert "more paragraphs" in run("score", "--explain", stdin=LINES[0]).stdout.decode()
    for option in ("--explain=all", "--explain-all"):
        assert "more paragraphs" not in run("score", option, stdin=LINES[0]).stdout.decode()


def test_colours_are_as_asked() -> None:
    assert b"\x1b[31m" in run("score", "--format", "table", "--color", "always", stdin=TWICE).stdout
    assert b"\x1b" not in run("score", "--format", "table", "--color", "never", stdin=TWICE).stdout


def test_a_verdict_leaves_before_the_next_article_comes() -> None:
    with subprocess.Popen(SCORE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(TWICE)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "quayline-002"
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def shell(command: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A shell's line, for what only a shell can do."""
    line = f"{sys.executable} -m monitor {command}"
    return subprocess.run(["bash", "-c", line], input=stdin, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("score >/dev/full", "standard output: No space left on device"),
        ("score --output /dev/full", "/dev/full: No space left on device"),
        ("score <&-", "standard input is closed; name a file"),
        ("score >&-", "standard output is closed; name a file with --output"),
    ],
)
def test_no_traceback_where_input_or_output_is_gone(command: str, expected: str) -> None:
    done = shell(command, stdin=TWICE)
    assert done.returncode == 2
    assert expected in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_reader_that_goes_away_is_no_error_to_speak_of() -> None:
    done = shell("score - | head -c 10", stdin=TWICE * 50)
    assert done.stdout == b'{"id":"qua'
    assert done.stderr == b""


def test_ctrl_c_ends_with_what_was_scored_so_far(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    with subprocess.Popen([*SCORE, "--output", str(file)], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(TWICE)
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not (file.exists() and file.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert b"Traceback" not in process.stderr.read()
    assert json.loads(file.read_text())["id"] == "quayline-002"


def test_odd_names_of_files_steer_no_terminal(tmp_path: Path) -> None:
    name = "a\x1b[2J\nb.txt"
    (tmp_path / name).write_text("One line of text.")
    done = run("score", ".", "--format", "table", cwd=tmp_path)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert verdicts(run("score", ".", cwd=tmp_path))[0]["origin"] == name


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    done = run("score", str(tmp_path))
    assert done.returncode == 2
    assert "no files in the folders" in done.stderr.decode()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_on_a_terminal_rows_and_a_word_about_standard_input() -> None:
    import pty

    shown = b""
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {"COLUMNS": "44", "TERM": "xterm"}
        os.execv(sys.executable, SCORE)  # noqa: S606
    os.write(terminal, b"One line of text, typed by a person.\n\x04")
    deadline = time.monotonic() + 100
    while select.select([terminal], [], [], deadline - time.monotonic())[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert b"reading an article from standard input" in shown
    assert b"1 articles scored" in shown
    assert b"origin" in shown
    assert b"source" not in shown
