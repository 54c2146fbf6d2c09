"""Articles per second of CPU: ``python -m bench.throughput FILE``.

FILE is JSON Lines, also gzip; a record with ``container`` (the lines of a page) becomes an article of
those lines. Measures ``monitor score`` alone, and a worker on a real Kafka from the first to the last
verdict, by the CPU seconds each process says it used.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import msgspec
from confluent_kafka.admin import AdminClient

from monitor.demo.feed import feed
from tests.kafka.server import kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Worker, worker

#: How often the file is gone over, so that starting weighs little.
ROUNDS = 10


def articles(file: Path) -> list[bytes]:
    """The records of the file as articles."""
    opened = gzip.open(file) if file.suffix == ".gz" else file.open("rb")
    made = []
    with opened as lines:
        for line in lines:
            record = msgspec.json.decode(line)
            if "container" in record:
                record = {name: record.get(name) for name in ("id", "url", "title", "source")} | {
                    "content": "\n".join(record["container"])
                }
            made.append(msgspec.json.encode(record))
    return made


def score_alone(records: list[bytes]) -> float:
    """CPU seconds an article of ``monitor score``, with what one article costs (starting) taken off."""

    def seconds(values: list[bytes]) -> float:
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "monitor", "score"], input=b"\n".join(values), stdout=subprocess.DEVNULL, check=True
        )
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return (seconds(records * ROUNDS) - seconds(records[:1])) / (len(records) * ROUNDS)


def through_kafka(records: list[bytes]) -> tuple[float, float, float]:
    """CPU seconds an article of the worker, articles a second by the clock, and its largest memory in megabytes."""
    with kafka() as broker, tempfile.TemporaryDirectory() as folder:
        topics = Topics.named()
        create(AdminClient({"bootstrap.servers": broker.address}), topics, 6, 1)
        with worker(Path(folder) / "log", broker.address) as process:
            process.wait_ready()
            feed(broker.address, topics.articles, records)
            _wait(process, len(records))
            cpu, begin = _cpu(process), time.monotonic()
            feed(broker.address, topics.articles, records * ROUNDS)
            _wait(process, len(records) * (ROUNDS + 1))
            clock = time.monotonic() - begin
            each = (_cpu(process) - cpu) / (len(records) * ROUNDS)
            return each, len(records) * ROUNDS / clock, _largest_memory(process)


def _cpu(process: Worker) -> float:
    found = re.search(r"^process_cpu_seconds_total (\S+)", process.get("/metrics")[1], re.M)
    if found is None:
        raise RuntimeError("the worker gives no process_cpu_seconds_total")
    return float(found[1])


def _largest_memory(process: Worker) -> float:
    if process.process is None:
        raise RuntimeError("the worker has ended")
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    return int(re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.M)[0]) / 1024


def _wait(process: Worker, count: int) -> None:
    while True:
        text = process.get("/metrics")[1]
        if sum(map(float, re.findall(r"^monitor_articles_total\{.*\} (\S+)", text, re.M))) >= count:
            return
        time.sleep(1)


def main() -> None:
    """Print both."""
    records = articles(Path(sys.argv[1]))
    alone = score_alone(records)
    cpu, clock, memory = through_kafka(records)
    size = sum(map(len, records)) / len(records)
    print(f"{len(records)} articles, {size:.0f} bytes in the mean, {ROUNDS} times")
    print(f"monitor score: {1000 * alone:.2f} ms of CPU an article, {1 / alone:.0f} articles per second of CPU")
    print(
        f"worker: {1000 * cpu:.2f} ms of CPU an article, {1 / cpu:.0f} articles per second of CPU, {clock:.0f} a second"
    )
    print(f"worker: at most {memory:.0f} MB of memory")


if __name__ == "__main__":
    main()
