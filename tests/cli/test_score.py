"""monitor score as a shell calls it: what it takes, where it writes, and what goes wrong on the way."""

from __future__ import annotations

import gzip
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import LINES, TWICE, run

SCORE = [sys.executable, "-m", "monitor", "score"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "a.jsonl").write_bytes(LINES[0] + b"{broken\n" + TWICE)
    (tmp_path / "feeds" / "b.txt").write_text("One line of text.\nAnother one.")
    return tmp_path


def verdicts(result: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_folder_is_scored_with_file_and_line_of_each_verdict(folder: Path) -> None:
    result = run("score", "feeds", cwd=folder)
    assert [verdict["origin"] for verdict in verdicts(result)] == [
        "feeds/a.jsonl line 1",
        "feeds/a.jsonl line 3",
        "feeds/b.txt",
    ]
    assert result.stderr.decode().startswith("feeds/a.jsonl line 2: not JSON")
    assert verdicts(run("score", "feeds/*.txt", cwd=folder))[0]["origin"] == "feeds/b.txt"


def test_jobs_give_the_same_in_the_same_order(folder: Path) -> None:
    (folder / "more.jsonl").write_bytes(b"".join(LINES))
    first, second = (verdicts(run("score", ".", "--jobs", jobs, cwd=folder)) for jobs in ("1", "2"))
    assert len(first) == 3 + len(LINES)
    assert [dict(verdict, scored_at="") for verdict in first] == [dict(verdict, scored_at="") for verdict in second]


def test_only_bad_leaves_the_good_out_and_counts_all(folder: Path) -> None:
    good = LINES[1]
    result = run("score", "--only-bad", "--format", "table", stdin=TWICE + good)
    text = result.stdout.decode()
    assert text.count("standard input line") == 1
    assert "standard input line 1" in text
    assert result.stderr.decode() == "2 articles scored, 1 bad (1 repeated_body)\n"


def test_the_summary_tells_what_makes_bad_from_what_informs() -> None:
    words = " ".join(f"The {number}th ferry left the harbour on Monday for the first time." for number in range(9))
    german = json.dumps({"content": words, "language": "de"}).encode() + b"\n"
    result = run("score", "--format", "table", stdin=TWICE + german)
    assert result.stderr.decode() == (
        "2 articles scored, 1 bad (1 repeated_body); 1 language_mismatch, which is not bad by itself\n"
    )


def test_output_goes_to_a_file(folder: Path) -> None:
    result = run("score", "feeds/b.txt", "--output", "verdicts.jsonl", cwd=folder)
    assert (result.returncode, result.stdout) == (0, b"")
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
    result = shell(command, stdin=TWICE)
    assert result.returncode == 2
    assert expected in result.stderr.decode()
    assert "Traceback" not in result.stderr.decode()


def test_reader_that_goes_away_is_no_error() -> None:
    result = shell("score - | head -c 10", stdin=TWICE * 50)
    assert result.stdout == b'{"id":"qua'
    assert result.stderr == b""


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
    result = run("score", ".", "--format", "table", cwd=tmp_path)
    assert result.returncode == 0
    assert b"\x1b" not in result.stdout
    assert verdicts(run("score", ".", cwd=tmp_path))[0]["origin"] == name


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    result = run("score", str(tmp_path))
    assert result.returncode == 2
    assert "no files in the folders" in result.stderr.decode()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_terminal_shows_rows_and_says_that_it_reads_standard_input() -> None:
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
    assert b"1 article scored" in shown
    assert b"origin" in shown
    assert b"source" not in shown


def test_each_verdict_is_a_line_in_the_order_of_the_input(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(LINES)))
    result = run("score", str(tmp_path / "a.jsonl.gz"))
    assert result.returncode == 0, result.stderr.decode()
    assert [verdict["id"] for verdict in verdicts(result)] == [json.loads(line)["id"] for line in LINES]
    assert result.stderr == b""


def test_message_names_the_paragraphs_that_repeat() -> None:
    result = run("score", stdin=TWICE)
    (flag,) = [f for f in json.loads(result.stdout)["flags"] if f["code"] == "repeated_body"]
    assert re.fullmatch(r"paragraphs 11-20 repeat 1-10: 39 % of the text stands twice", flag["message"])


def test_unreadable_line_is_named_and_the_rest_is_scored(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES[0] + b"{broken\n" + b'{"id": 1}\n' + LINES[1])
    result = run("score", str(tmp_path / "a.jsonl"), str(tmp_path / "none.jsonl"))
    assert result.returncode == 2
    assert len(result.stdout.splitlines()) == 2
    errors = result.stderr.decode()
    assert "a.jsonl line 2: not JSON" in errors
    assert "a.jsonl line 3: no text under content, body" in errors
    assert "none.jsonl: No such file or directory" in errors


def test_bad_copy_is_exit_code_1_only_when_asked() -> None:
    assert run("score", stdin=TWICE).returncode == 0
    assert run("score", "--fail-on-bad", stdin=TWICE).returncode == 1
    clean = next(line for line in LINES if json.loads(line)["expect"] == [])
    assert run("score", "--fail-on-bad", stdin=clean).returncode == 0


def test_explain_and_table_are_for_people() -> None:
    assert "repeated_body" in run("score", "--format", "table", stdin=TWICE).stdout.decode()
    explained = run("score", "--explain", stdin=TWICE).stdout.decode()
    assert re.search(r"^\s+11 = 1 ", explained, re.M)


def test_bad_usage_is_exit_code_2() -> None:
    assert run("score", "--format", "xml").returncode == 2
    assert run("settings", "--format", "xml").returncode == 2
    assert run("score", "--explain", "--format", "json", stdin=TWICE).returncode == 2
    assert run("deadletters", "list", "--since", "yesterday").returncode == 2
    assert run("worker", environment={"MONITOR_SESSION_TIMEOUT_SECONDS": "soon"}).returncode == 2


def test_thresholds_of_one_source(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text('[sources."Quayline Newswire"]\nrepeated_body_share = 0.9\n')
    assert "repeated_body" not in run("score", stdin=TWICE, cwd=tmp_path).stdout.decode()


def test_no_text_of_an_article_steers_the_terminal() -> None:
    hostile = "\x1b[2J\x1b]0;mine\x07\x9b31m\r"
    record = {name: hostile + name for name in ("id", "title", "source", "content")}
    for options in (["--explain"], ["--format", "table"]):
        result = run("score", *options, stdin=json.dumps(record).encode(), environment={"PYTHONIOENCODING": "utf-8"})
        assert result.returncode == 0
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.stdout.decode())


def test_no_name_of_a_file_steers_the_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / "\x1b]0;mine\x07\x9b31m\rok.jsonl"
    hostile.write_bytes(b'{"id": 1}\n')
    for arguments in (["score", hostile], ["score", tmp_path / "\x1bnone"], ["feed", tmp_path / "\x1bnone"]):
        result = run(*map(str, arguments), environment={"PYTHONIOENCODING": "utf-8"})
        assert result.returncode == 2
        assert "\ufffd" in result.stderr.decode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.stderr.decode())
