"""The commands as a shell calls them: output, errors, exit codes."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from monitor.articles.field_names import NAMES
from monitor.demo.broker import embedded_broker
from monitor.settings.scoring import FIELDS
from tests.kafka.reading import read_all

LINES = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines(keepends=True)
TWICE = next(line for line in LINES if b'"quayline-002"' in line)


def run(
    *arguments: str, stdin: bytes = b"", cwd: Path | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=os.environ | (environment or {}),
        timeout=60,
        check=False,
    )


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


def group(tmp_path: Path, **environment: str) -> str:
    return str(json.loads(run("settings", "--format", "json", cwd=tmp_path, environment=environment).stdout)["group"])


def test_settings_are_by_environment_over_file_over_default(tmp_path: Path) -> None:
    assert group(tmp_path) == "monitor"
    (tmp_path / "monitor.toml").write_text('group = "by-file"\n')
    assert group(tmp_path) == "by-file"
    assert group(tmp_path, MONITOR_GROUP="by-env") == "by-env"


def test_printed_settings_can_be_read_back(tmp_path: Path) -> None:
    printed = run("settings", cwd=tmp_path, environment={"MONITOR_GROUP": "mine"}).stdout
    (tmp_path / "monitor.toml").write_bytes(printed)
    assert run("settings", cwd=tmp_path).stdout == printed


def test_thresholds_of_one_source(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text('[sources."Quayline Newswire"]\nrepeated_body_share = 0.9\n')
    assert "repeated_body" not in run("score", stdin=TWICE, cwd=tmp_path).stdout.decode()


def test_the_demo_ends_by_itself_with_a_summary() -> None:
    done = run(
        "demo",
        "--articles",
        "49",
        "--rate",
        "50",
        "--web",
        "127.0.0.1:0",
        environment={"MONITOR_SECURITY_PROTOCOL": "SSL"},
    )
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    assert "49 articles" in text
    assert "3 repeated_body" in text
    assert "0 dead letters" in text


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads the worker's number from /proc")
def test_the_demo_takes_its_worker_along_when_it_is_terminated() -> None:
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


@pytest.mark.parametrize(
    ("file", "environment", "said"),
    [
        ("", {"MONITOR_FIELDS": "notjson"}, "fields"),
        ("not toml", {}, "monitor.toml"),
        ("[sources.x]\nthin_wordz = 2\n", {}, "thin_wordz"),
        ("[sources.x]\nrepeated_body_share = -9\n", {}, "repeated_body_share"),
        ("grop = 'x'\n", {}, "grop"),
        ("[fields]\nboddy = 'article.text'\n", {}, "no such field: boddy; there are body, id, url, title"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, file: str, environment: dict[str, str], said: str) -> None:
    (tmp_path / "monitor.toml").write_text(file)
    done = run("settings", cwd=tmp_path, environment=environment)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_feed_leaves_out_a_line_that_is_too_long_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES[0] + b"\0" * 30_000_000 + b"\n" + LINES[1]))
    with embedded_broker(["articles"]) as broker:
        done = run("feed", str(tmp_path / "a.jsonl.gz"), environment={"MONITOR_BOOTSTRAP_SERVERS": broker})
    assert done.returncode == 2
    assert "2 records on articles" in done.stderr.decode()
    assert "line 2 left out, longer than max_record_bytes" in done.stderr.decode()


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


def test_feed_names_a_file_that_cannot_be_unpacked_and_what_was_sent_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(LINES))[:20_000])
    with embedded_broker(["articles"]) as address:
        done = run("feed", str(tmp_path / "a.jsonl.gz"), "--bootstrap-servers", address)
        sent = len(read_all(address, "articles"))
    assert done.returncode == 2
    assert "a.jsonl.gz" in done.stderr.decode()
    assert sent > 0
    assert f"; {sent} records before it are on articles" in done.stderr.decode()


def test_each_field_whose_path_can_be_set_is_one_that_is_looked_for() -> None:
    assert set(FIELDS) == {"body", *NAMES}
