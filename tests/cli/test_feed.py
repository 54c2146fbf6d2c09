"""``monitor feed``: what is sent, what is left out, and what an error says."""

from __future__ import annotations

import gzip
from pathlib import Path

from monitor.demo.broker import embedded_broker
from tests.cli.shell import LINES, run
from tests.kafka.reading import read_all


def test_line_that_is_too_long_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES[0] + b"\0" * 30_000_000 + b"\n" + LINES[1]))
    with embedded_broker(["articles"]) as address:
        result = run("feed", str(tmp_path / "a.jsonl.gz"), environment={"MONITOR_BOOTSTRAP_SERVERS": address})
    assert result.returncode == 2
    assert "2 records on articles" in result.stderr.decode()
    assert "line 2 left out, longer than max_record_bytes" in result.stderr.decode()


def test_damaged_file_is_named_with_what_was_sent_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(LINES))[:20_000])
    with embedded_broker(["articles"]) as address:
        result = run("feed", str(tmp_path / "a.jsonl.gz"), "--bootstrap-servers", address)
        sent = len(read_all(address, "articles"))
    assert result.returncode == 2
    assert "a.jsonl.gz" in result.stderr.decode()
    assert sent > 0
    assert f"; {sent} records before it are on articles" in result.stderr.decode()
