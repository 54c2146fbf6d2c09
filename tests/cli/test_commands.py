"""``monitor score`` as a shell calls it: output, errors, exit codes; and bad usage of any command."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from tests.cli.shell import LINES, TWICE, run


def test_score_prints_one_verdict_a_line_in_the_order_of_the_input(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(LINES)))
    done = run("score", str(tmp_path / "a.jsonl.gz"))
    assert done.returncode == 0, done.stderr.decode()
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [v["id"] for v in verdicts] == [json.loads(line)["id"] for line in LINES]
    assert done.stderr == b""


def test_score_names_what_repeats() -> None:
    done = run("score", stdin=TWICE)
    (flag,) = [f for f in json.loads(done.stdout)["flags"] if f["code"] == "repeated_body"]
    assert re.fullmatch(r"paragraphs 11-20 repeat 1-10: 39 % of the text stands twice", flag["message"])


def test_score_names_the_line_that_cannot_be_read_and_scores_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES[0] + b"{broken\n" + b'{"id": 1}\n' + LINES[1])
    done = run("score", str(tmp_path / "a.jsonl"), str(tmp_path / "none.jsonl"))
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    errors = done.stderr.decode()
    assert "a.jsonl line 2: not JSON" in errors
    assert "a.jsonl line 3: no text under content, body" in errors
    assert "none.jsonl: No such file or directory" in errors


def test_score_fails_on_bad_only_when_asked() -> None:
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
        done = run("score", *options, stdin=json.dumps(record).encode(), environment={"PYTHONIOENCODING": "utf-8"})
        assert done.returncode == 0
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout.decode())


def test_no_name_of_a_file_steers_the_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / "\x1b]0;mine\x07\x9b31m\rok.jsonl"
    hostile.write_bytes(b'{"id": 1}\n')
    for arguments in (["score", hostile], ["score", tmp_path / "\x1bnone"], ["feed", tmp_path / "\x1bnone"]):
        done = run(*map(str, arguments), environment={"PYTHONIOENCODING": "utf-8"})
        assert done.returncode == 2
        assert "\ufffd" in done.stderr.decode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stderr.decode())
