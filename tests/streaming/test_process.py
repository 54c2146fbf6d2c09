"""The worker as a process of its machine: what it needs of it, what it reads of others, how much it logs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka import Producer

from monitor.demo.broker import embedded_broker
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka, free_port
from tests.kafka.topics import Topics
from tests.kafka.worker import worker

NOBODY = 65534


def wait(until: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until this is so; fail when it is not in time."""
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def is_ready(web: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{web}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.HTTPError, OSError):
        return False


def written(pid: int) -> list[str]:
    """The files that a process has open to write to; pipes, sockets and devices are none."""
    files = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        # A connection may close while we look.
        with contextlib.suppress(FileNotFoundError):
            path = str(descriptor.readlink())
            flags = re.search(r"flags:\s*(\d+)", Path(f"/proc/{pid}/fdinfo/{descriptor.name}").read_text())
            if path.startswith("/") and not path.startswith("/dev/") and flags and int(flags[1], 8) & os.O_ACCMODE:
                files.append(path)
    return files


def unprivileged() -> None:
    """In the worker's process: become nobody where we can."""
    program = Path(sys.executable).resolve()
    # An interpreter below root's home cannot be run by anyone else.
    if os.getuid() == 0 and all(folder.stat().st_mode & 0o001 for folder in program.parents):
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def test_worker_keeps_no_file_and_logs_little_without_its_broker(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    web = f"127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        broker = stack.enter_context(ExitStack())
        environment = {
            "MONITOR_BOOTSTRAP_SERVERS": broker.enter_context(embedded_broker(Topics.named())),
            "MONITOR_SESSION_TIMEOUT_SECONDS": "6",
            "MONITOR_WEB": web,
            "HOME": "/nonexistent",
            "TMPDIR": str(tmp_path),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "worker"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | environment,
            cwd="/",
            preexec_fn=unprivileged,
        )
        stack.callback(process.kill)
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), False)
        wait(lambda: is_ready(web) or process.poll() is not None)
        errors = process.stderr.read() or b""
        assert process.poll() is None, errors.decode()
        # It is ready a moment before the line is written.
        for _ in range(100):
            if b"partitions assigned: articles-0" in errors:
                break
            time.sleep(0.1)
            errors += process.stderr.read() or b""
        lines = [json.loads(line) for line in errors.splitlines()]
        started = next(line for line in lines if line["message"].startswith("started"))
        assert (started["group"], started["topics"].split(", ")[0]) == ("monitor", "articles")
        assert any(line["message"].startswith("partitions assigned: articles-0") for line in lines), errors.decode()
        # py3langid unpacks its model there once; nothing is left of it, and nothing else is open to be written.
        assert list(tmp_path.iterdir()) == []
        assert written(process.pid) == []
        broker.close()
        time.sleep(10)
        away = (process.stderr.read() or b"").splitlines()
        assert 0 < len(away) < 20, b"\n".join(away).decode()
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert b"SIGTERM: draining" in (process.stderr.read() or b"")
        process.kill()
        process.wait(10)
        process.stderr.close()


@pytest.mark.kafka
def test_a_batch_in_any_codec_is_read(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    codecs = ("none", "gzip", "snappy", "lz4", "zstd")
    for codec in codecs:
        producer = Producer({"bootstrap.servers": broker.address, "compression.type": codec, "linger.ms": 100})
        for _ in range(50):
            producer.produce(topics.articles, json.dumps({"id": codec, "content": "The ferry sails. " * 20}))
        assert producer.flush(30) == 0
    prefix = topics.articles.removesuffix("articles")
    with worker(tmp_path / "log", broker.address, topic_prefix=prefix, group=prefix) as process:
        process.wait_ready()
        wait(lambda: {r.key for r in read_all(broker.address, topics.scored)} == {codec.encode() for codec in codecs})
