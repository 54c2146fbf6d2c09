"""From an article to the message: a source turns bad, someone is told; it heals, and that is told too."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiokafka.partitioner import DefaultPartitioner
from confluent_kafka import Producer
from typer.testing import CliRunner

from monitor.cli import app
from monitor.demo.broker import embedded_broker
from monitor.scoring.sources import stored
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incidents import Habits
from monitor.scoring.sources.templates import SourceTemplates
from monitor.streaming.engine.state import Stored
from tests.deploy.servers import Shortened, alertmanager, prometheus, query
from tests.faults.articles import SENTENCES
from tests.kafka.topics import Topics
from tests.kafka.worker import worker

pytestmark = pytest.mark.prometheus

#: An hour is 15 seconds.
SHORTENED = Shortened(240)
TOKEN = "not a secret"  # noqa: S105
#: Each is fed once, among the others; Prometheus must go on reading.
HOSTILE = ('a "quote"\nand a line', "back\\slash", "\U0001f980", "x" * 4_000, "NUL \x00", "half \ud83d")


class Webhook:
    """What Alertmanager posts to, and what it has posted."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.tokens: set[str | None] = set()
        self.changed = threading.Condition()

    def wait(self, status: str, alert: str, timeout: float) -> tuple[str, dict[str, Any]]:
        """The path and the alert of the first post that tells so.

        Raises:
            TimeoutError: none came in time; the message shows what did.
        """

        def found() -> tuple[str, dict[str, Any]] | None:
            told = ((path, one) for path, post in self.posts for one in post["alerts"])
            return next((t for t in told if t[1]["status"] == status and t[1]["labels"]["alertname"] == alert), None)

        with self.changed:
            result = self.changed.wait_for(found, timeout)
        if result is None:
            raise TimeoutError(f"no {alert} {status} within {timeout:g} s, but: {self.posts}")
        return result


@contextmanager
def webhook() -> Iterator[tuple[Webhook, str]]:
    """A webhook and its address."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            post = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with hook.changed:
                hook.posts.append((self.path, post))
                hook.tokens.add(self.headers["Authorization"])
                hook.changed.notify_all()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield hook, f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def feeding(broker: str, topic: str) -> Iterator[threading.Event]:
    """Two sources send 20 articles a second each; while the event is set, the first sends each body twice."""
    bad, stop = threading.Event(), threading.Event()

    def feed() -> None:
        producer = Producer({"bootstrap.servers": broker, "linger.ms": 5})

        def send(source: str, number: int, rounds: int) -> None:
            body = "\n".join(f"{sentence} ({number})" for sentence in SENTENCES)
            article = {"id": f"{source}-{number}", "source": source, "content": "\n".join([body] * rounds)}
            producer.produce(topic, json.dumps(article).encode())

        for source in HOSTILE:
            send(source, 0, 1)
        number = 0
        while not stop.wait(0.05):
            number += 1
            send("Lantern", number, 2 if bad.is_set() else 1)
            send("Quay & Pier", number, 1)
            producer.poll(0)
        producer.flush(10)

    thread = threading.Thread(target=feed)
    thread.start()
    try:
        yield bad
    finally:
        stop.set()
        thread.join()


def test_a_source_turns_bad_and_heals(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    topics = Topics.named()
    with (
        webhook() as (hook, address),
        embedded_broker(topics) as broker,
        worker(tmp_path / "worker.log", broker) as process,
        feeding(broker, topics.articles) as bad,
    ):
        process.wait_ready()
        found = re.search(r"http://([\w.:]+)", process.text())
        assert found is not None
        with (
            alertmanager(tmp_path, SHORTENED, address, TOKEN) as told_by,
            prometheus(tmp_path, SHORTENED, found[1], told_by) as asked,
        ):
            wait_for(asked, 'job_source:monitor_articles:increase1h{source="Lantern"} >= 50')
            bad.set()
            begin = time.monotonic()
            path, alert = hook.wait("firing", "SourceBadShareFast", 60)
            told = time.monotonic() - begin
            assert path == "/page"
            labels, notes = alert["labels"], alert["annotations"]
            assert labels == {
                "alertname": "SourceBadShareFast",
                "job": "monitor",
                "severity": "page",
                "source": "Lantern",
            }
            assert re.fullmatch(r"[0-9.]+% of the articles of Lantern are bad copies", notes["summary"])
            assert notes["runbook_url"] == "http://127.0.0.1:3000/public/docs/runbooks.md#sourcebadsharefast"
            assert notes["dashboard"] == "http://127.0.0.1:3000/d/monitor-source?var-source=Lantern"
            assert notes["page"] == "http://127.0.0.1:8080/sources?name=Lantern"
            bad.clear()
            begin = time.monotonic()
            hook.wait("resolved", "SourceBadShareFast", 60)
            healed = time.monotonic() - begin
            assert query(asked, 'avg_over_time(up{job="monitor"}[1h])')[0]["value"][1] == "1"
            assert not query(asked, 'ALERTS{source="Quay & Pier"} or ALERTS{alertname=~"Worker.*|Lag.*|Dead.*"}')
    assert hook.tokens == {f"Bearer {TOKEN}"}
    record_property("figures", f"{told:.1f} s from the first bad copy to the webhook, {healed:.1f} s from the last")


#: The sources that are known before, and the one of them that breaks.
SOURCES, BROKEN = 100_000, 60_000


def know_sources(broker: str, topics: Topics) -> None:
    """Store the habits of many sources, as the stage sources does: each has sent 200 good articles."""
    producer = Producer({"bootstrap.servers": broker, "linger.ms": 50, "queue.buffering.max.messages": 2 * SOURCES})
    partitions = sorted(producer.list_topics(topics.sightings, timeout=10).topics[topics.sightings].partitions)
    partition_of = DefaultPartitioner()
    habits = Habits(articles=200.0, settling=0)
    for number in range(SOURCES):
        key = f"source {number}".encode()
        of = f"{topics.sightings}-{partition_of(key, partitions, partitions)}"
        record = Stored(key, stored.encode(f"Source {number}", SourceTemplates(), habits), 0, 0, 0.0)
        producer.produce(topics.templates, record.value, key, headers=list(record.headers(of)))
    assert producer.flush(60) == 0


def send(broker: str, topic: str, numbers: range, text: str) -> None:
    """An article a number of the source that breaks."""
    producer = Producer({"bootstrap.servers": broker})
    for number in numbers:
        body = text if text else "\n".join(f"{sentence} ({number})" for sentence in SENTENCES)
        article = {"id": f"a{number}", "source": f"Source {BROKEN}", "content": f"{body} {number}"}
        producer.produce(topic, json.dumps(article).encode(), b"one partition, so one order")
    assert producer.flush(30) == 0


def test_one_source_of_a_hundred_thousand_breaks_and_heals(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    topics = Topics.named()
    with webhook() as (hook, address), embedded_broker(topics) as broker:
        know_sources(broker, topics)
        begin = time.monotonic()
        with worker(tmp_path / "worker.log", broker) as process:
            process.wait_ready(120)
            ready = time.monotonic() - begin
            found = re.search(r"http://([\w.:]+)", process.text())
            assert found is not None
            with (
                alertmanager(tmp_path, SHORTENED, address, TOKEN) as told_by,
                prometheus(tmp_path, SHORTENED, found[1], told_by) as asked,
            ):
                send(broker, topics.articles, range(12), "Only a line.")
                begin = time.monotonic()
                path, alert = hook.wait("firing", "SourceIncident", 60)
                told = time.monotonic() - begin
                assert path == "/ticket"
                assert alert["labels"] == {
                    "alertname": "SourceIncident", "job": "monitor", "severity": "ticket", "kind": "share",
                    "source": f"Source {BROKEN}", "code": "thin",
                }  # fmt: skip
                assert alert["annotations"]["summary"] == f"Source {BROKEN} broke: share thin"
                connection = ["--bootstrap-servers", broker, "--source", f"source {BROKEN}"]
                listed = CliRunner().invoke(app, ["incidents", "list", *connection, "--format", "json"])
                (incident,) = [Incident.decode(line.encode()) for line in listed.stdout.splitlines()]
                assert incident.examples[0].id == "a0"
                assert len(incident.examples) == 3
                send(broker, topics.articles, range(100, 130), "")
                hook.wait("resolved", "SourceIncident", 60)
                assert len(query(asked, "monitor_incident")) == 0
    record_property(
        "figures", f"{SOURCES:,} sources: ready after {ready:.1f} s; {told:.1f} s from the bad copies to the webhook"
    )


def wait_for(address: str, expression: str, timeout: float = 60.0) -> None:
    """Wait until a query has an answer."""
    deadline = time.monotonic() + timeout
    while not query(address, expression):
        assert time.monotonic() < deadline, expression
        time.sleep(0.2)
