"""A partition past its limit of dead letters, on a real Kafka: it alone is held, until it is resumed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from faust.types import TP

from monitor.metrics import Metrics
from monitor.streaming.deadletters.held import Held, HeldPartitions, NotHeld
from monitor.streaming.deadletters.stop_limits import Tally
from monitor.streaming.health.awaited import Health
from tests.faults.articles import article
from tests.kafka.reading import read_all
from tests.kafka.send import send_to
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics
from tests.kafka.worker import Worker, worker


def wait_for(condition: Callable[[], bool], process: Worker, timeout: float = 90.0) -> None:
    """Wait until it holds; the failure shows the worker's log."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, process.text()[-4000:]
        time.sleep(0.3)


def partitions(broker: Kafka, prefix: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What ``monitor partitions`` prints."""
    settings = ("--bootstrap-servers", broker.address, "--topic-prefix", prefix, "--group", prefix)
    command = [sys.executable, "-m", "monitor", "partitions", *arguments[:1], *settings, *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_note_of_a_held_partition_is_read_back_and_its_tally_too() -> None:
    held, tally = Held(114, 1_764_000_000, "not_json", "10.0.0.3:8080"), Tally(100, 7, 3)
    note = held.note() + tally.note()
    assert Held.from_note(note) == held
    assert Tally.from_note(note) == tally
    assert Held.from_note(tally.note()) is None


def test_held_partition_is_shown_and_makes_the_worker_not_ready_until_it_goes_on() -> None:
    metrics, health = Metrics(), Health()
    health.set_ready("assignment")
    held = HeldPartitions(metrics, health)
    here, done = TP("articles", 0), Future[None]()
    held.add("monitor", here, "at offset 7 (not_json): 3 dead letters in a row", lambda: done)
    labels = {"group": "monitor", "topic": "articles", "partition": "0"}
    assert metrics.registry.get_sample_value("monitor_partitions_held", labels) == 1
    (line,) = health.not_ready()
    assert line.startswith("articles-0 is held at offset 7 (not_json)")
    assert line.endswith("monitor partitions resume articles-0")
    assert held.resume("articles-0") is done
    with pytest.raises(NotHeld, match=r"articles-1 is not held by this worker; it holds: articles-0"):
        held.resume("articles-1")
    held.remove(here)
    held.remove(here)
    assert health.not_ready() == ()
    assert metrics.registry.get_sample_value("monitor_partitions_held", labels) is None


@pytest.mark.kafka
def test_partition_of_poison_is_held_others_go_on_until_it_is_resumed(
    broker: Kafka, topics: Topics, tmp_path: Path
) -> None:
    prefix = topics.articles.removesuffix("articles")
    name = f"{topics.articles}-0"

    def verdicts() -> set[str]:
        return {json.loads(record.value)["id"] for record in read_all(broker.address, topics.scored) if record.value}

    def dead() -> int:
        return len(read_all(broker.address, topics.dead))

    settings = {"topic_prefix": prefix, "group": prefix, "dead_letter_consecutive": 20}
    with worker(tmp_path / "worker.log", broker.address, **settings) as process:
        process.wait_ready()
        send_to(broker.address, topics.articles, 0, [article(n) for n in range(5)] + [b"{"] * 30 + [article(100)])
        wait_for(lambda: "is held" in process.get("/readyz")[1], process)
        assert f"{name} is held at offset 25 (not_json): 21 dead letters in a row" in process.get("/readyz")[1]
        send_to(broker.address, topics.articles, 1, [article(n) for n in range(10, 40)])
        others = {f"a-{n}" for n in (*range(5), *range(10, 40))}
        wait_for(lambda: verdicts() == others and dead() == 20, process)
        metrics = process.get("/metrics")[1]
        assert re.search(rf'^monitor_partitions_held{{.*topic="{topics.articles}"}} 1.0$', metrics, re.M)
        wait_for(lambda: partitions(broker, prefix, "list").stdout.startswith(f"{name}\t25\t"), process)
        # Another worker, or the same after a restart, holds it at the same record.
        assert process.end() == 0
        process.start()
        wait_for(lambda: f"{name} is held at offset 25" in process.get("/readyz")[1], process)
        assert process.get("/readyz")[0] == 503
        assert dead() == 20
        assert partitions(broker, prefix, "resume", f"{topics.articles}-1").returncode == 2
        resumed = partitions(broker, prefix, "resume", name)
        assert (resumed.returncode, resumed.stdout) == (0, f"{name} goes on\n"), resumed.stderr
        wait_for(lambda: verdicts() == others | {"a-100"} and dead() == 30, process)
        process.wait_ready()
        assert "monitor_partitions_held{" not in process.get("/metrics")[1]
        assert partitions(broker, prefix, "list").stdout == ""
        assert process.end() == 0
    lines = [json.loads(line) for line in process.log.read_text().splitlines()]
    assert [line["message"] for line in lines if line["logger"] == "mode.timers"] == []
