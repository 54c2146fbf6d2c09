"""``monitor watch`` on the embedded broker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import msgspec
import pytest
from confluent_kafka import Producer

from monitor.cli import watch
from monitor.demo.broker import embedded_broker
from monitor.scoring.sources.incident import Incident
from monitor.scoring.verdict import Flag
from monitor.web.kept.bad_copies import Heading
from tests.cli.shell import run

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def bad(source: str, code: str, title: str = "T") -> bytes:
    flags = (Flag(code, 0.5, "why"),)
    return msgspec.json.encode(Heading(id="a", source=source, title=title, scored_at=NOW, bad=True, flags=flags))


def test_watch_prints_what_fits_and_ends_with_ctrl_c() -> None:
    incident = Incident(
        id="i", source="Lantern", key="lantern", kind="share", code="thin", since=NOW, opened=NOW, updated=NOW, now=0.4
    )
    with embedded_broker(["articles.flagged", "sources.incidents"]) as broker:
        producer = Producer({"bootstrap.servers": broker})
        producer.produce("articles.flagged", bad("Harbour", "thin"), partition=0)
        producer.produce("articles.flagged", bad("LANTERN", "markup"), partition=0)
        producer.produce("articles.flagged", b"no verdict", partition=0)
        producer.produce("articles.flagged", bad("Lantern", "thin", "Few\x1b[2J"), partition=0)
        producer.produce("sources.incidents", incident.encode(), b"k", partition=0)
        assert producer.flush(10) == 0
        command = [sys.executable, "-m", "monitor", "watch", "--source", "lantern", "--code", "thin", "--last", "100"]
        environment = os.environ | {"MONITOR_BOOTSTRAP_SERVERS": broker}
        for format_ in ("json", "table"):
            process = subprocess.Popen(
                [*command, "--format", format_], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
            )
            timer = threading.Timer(40, process.kill)
            timer.start()
            assert process.stdout is not None
            lines = sorted(process.stdout.readline().decode() for _ in range(2))
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
            timer.cancel()
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read().decode()
            process.stdout.close()
            process.stderr.close()
            if format_ == "json":
                assert [json.loads(line)["source"] for line in lines] == ["Lantern", "Lantern"]
            else:
                assert any("BAD       Lantern  Few\ufffd[2J  thin: why" in line for line in lines), lines
                assert any("INCIDENT  Lantern  thin: 40% of the articles, 0.0% before" in line for line in lines)


def test_flag_that_does_not_exist_is_named() -> None:
    result = run("watch", "--code", "nonsense")
    assert result.returncode == 2
    assert b"there is no flag nonsense; there are repeated_body," in result.stderr


def test_copy_is_told_in_a_line() -> None:
    with pytest.raises(ValueError, match="not a copy"):
        watch._copy(b"{}")
