"""A worker's start where much is known: ``python -m bench.source_start DATA``.

Fills ``sources.templates`` with 100,000 sources, each like one of those of the gold pages' containers of
pages-more-dev, and ``sources.incidents`` with 1,000 open incidents, on a real Kafka. Prints the seconds from a worker's
start until it is ready and its memory, then the same of one to which nothing is known.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from confluent_kafka.admin import AdminClient

from bench.source_streams import NOW, real
from bench.speed.kafka import largest_memory, memory
from monitor.articles.article import Article
from monitor.metrics import Metrics
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.sighting import Sighting
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.engine.state import Stored
from monitor.streaming.sender import Sender
from monitor.streaming.stages.sources import Sources
from tests.kafka.server import Kafka, kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import worker

SOURCES, INCIDENTS, PARTITIONS = 100_000, 1_000, 4
READY_SECONDS = 300.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with pages-more-dev.jsonl.gz")
    states = _states(parser.parse_args().data)
    with kafka() as broker:
        for prefix, sources, incidents in (("much.", SOURCES, INCIDENTS), ("nothing.", 0, 0)):
            topics = Topics.named(prefix)
            create(AdminClient({"bootstrap.servers": broker.address}), topics, PARTITIONS, 1)
            with Sender(broker.address, topics.templates) as sender:
                for number in range(sources):
                    stored = Stored(b"", b"", offset=0, read_from=0, time=0.0)
                    # As Kafka would have dealt the sightings of these sources among the partitions.
                    partition = number % PARTITIONS
                    headers = stored.headers(f"{topics.sightings}-{partition}")
                    sender.send(states[number % len(states)], b"source %d" % number, headers, partition)
            with Sender(broker.address, topics.incidents) as sender:
                for number in range(incidents):
                    incident = _incident(f"source {number}")
                    sender.send(incident.encode(), incident.record_key.encode())
            _start(broker, prefix, sources, incidents)


def _states(data: Path) -> list[bytes]:
    """What the stage stores of each of the real sources."""
    scorer = Scorer(Model.load(), lambda source: flags.thresholds())
    stage = Sources(Metrics())
    seen: defaultdict[str, int] = defaultdict(int)
    for copy in real(data, "container"):
        scored = scorer.read(Article(id=copy.id, text=copy.text, source=copy.source), NOW)
        sighting = Sighting.of_verdict(*scored[:4], timestamp=round(1000 * NOW.timestamp()) + len(seen))
        key = sighting.key.encode()
        seen[sighting.key] += 1
        stage.outputs(InputRecord("", 0, sum(seen.values()), NOW.timestamp(), key, sighting.encode()))
    return [state for name in seen if (state := stage.save(0, name.encode())) is not None]


def _incident(source: str) -> Incident:
    return Incident(
        id=f"{hash(source) & 0xFFFFFFFFFF:010x}",
        source=source,
        key=source,
        kind="share",
        code="thin",
        since=NOW,
        opened=NOW,
        updated=NOW,
        before=0.02,
        now=0.6,
        articles=40,
        affected=24,
        score=23.0,
    )


def _start(broker: Kafka, prefix: str, sources: int, incidents: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        log = Path(folder) / "worker.log"
        with worker(log, broker.address, topic_prefix=prefix, group=f"{prefix}start") as process:
            process.wait_ready(READY_SECONDS)
            seconds = time.monotonic() - began
            page = process.get("/metrics")[1]
            for name, count in (("monitor_sources_followed", sources), ("monitor_sources_learned", sources)):
                if f"{name} {float(count)}" not in page:
                    raise RuntimeError(f"not {count} {name}: " + page)
            print(
                f"{sources:,} sources, {incidents:,} incidents: ready after {seconds:.1f} s, "
                f"{memory(process):.0f} MB, {largest_memory(process):.0f} MB at most"
            )


if __name__ == "__main__":
    main()
