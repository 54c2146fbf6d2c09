"""The worker on a real Kafka: CPU an article, articles a second, latency at some loads, memory."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from confluent_kafka import OFFSET_END, Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from monitor.demo.feed import feed
from tests.kafka.server import Kafka, kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Worker, worker

#: Partitions of each topic, and worker processes that share them.
SHAPES = ((1, 1), (2, 1), (4, 1), (2, 2), (4, 2))
#: Shares of what one worker on one partition reaches.
LOADS = (0.1, 0.5, 0.9)
#: Latencies are given at these shares of the articles.
QUANTILES = (0.5, 0.95, 0.99)


class Throughput(NamedTuple):
    """What the workers reached together."""

    partitions: int
    processes: int
    milliseconds: float  # CPU of all workers, an article
    a_second: float  # articles, by the clock
    megabytes: float  # largest resident memory of one worker


class Latency(NamedTuple):
    """Seconds from producing an article to receiving its verdict, at :data:`QUANTILES`."""

    load: float
    a_second: float
    seconds: tuple[float, ...]


def throughput(records: list[bytes], count: int, shapes: tuple[tuple[int, int], ...] = SHAPES) -> list[Throughput]:
    """For each shape: ``count`` articles wait, and the workers take them."""
    with kafka() as broker:
        return [_throughput(broker, records, count, partitions, processes) for partitions, processes in shapes]


def latency(records: list[bytes], capacity: float, seconds: float) -> list[Latency]:
    """At each load, for so many seconds, of one worker on one partition that can do ``capacity`` a second."""
    with kafka() as broker, _workers(broker, 1, 1, "latency.") as (topics, _):
        return [_latency(broker.address, topics, records, load, capacity * load, seconds) for load in LOADS]


@contextmanager
def _workers(broker: Kafka, partitions: int, processes: int, prefix: str) -> Iterator[tuple[Topics, list[Worker]]]:
    """Topics of their own, and ready workers on them."""
    topics = Topics.named(prefix)
    create(AdminClient({"bootstrap.servers": broker.address}), topics, partitions, 1)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        running = [
            stack.enter_context(
                worker(Path(folder) / f"{number}.log", broker.address, topic_prefix=prefix, group=f"{prefix}bench")
            )
            for number in range(processes)
        ]
        for process in running:
            process.wait_ready()
        yield topics, running


def _throughput(broker: Kafka, records: list[bytes], count: int, partitions: int, processes: int) -> Throughput:
    with _workers(broker, partitions, processes, f"p{partitions}w{processes}.") as (topics, running):
        feed(broker.address, topics.articles, records)
        _wait(running, len(records))
        cpu, begin = sum(map(_cpu, running)), time.monotonic()
        feed(broker.address, topics.articles, (records * (count // len(records) + 1))[:count])
        _wait(running, len(records) + count)
        clock = time.monotonic() - begin
        spent = sum(map(_cpu, running)) - cpu
        megabytes = max(map(largest_memory, running))
        return Throughput(partitions, processes, 1000 * spent / count, count / clock, megabytes)


def _latency(
    address: str, topics: Topics, records: list[bytes], load: float, a_second: float, seconds: float
) -> Latency:
    sent: dict[str, float] = {}
    waited: list[float] = []
    over = threading.Event()
    consumer = Consumer({"bootstrap.servers": address, "group.id": "latency", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topics.scored, 0, OFFSET_END)])
    consumer.poll(1.0)

    def receive() -> None:
        while not over.is_set() or len(waited) < len(sent):
            message = consumer.poll(0.1)
            if message is not None and not message.error():
                now = time.monotonic()
                if (begin := sent.get((message.key() or b"").decode())) is not None:
                    waited.append(now - begin)
            elif over.is_set() and time.monotonic() > deadline:
                return

    deadline = time.monotonic() + seconds + 60
    reader = threading.Thread(target=receive)
    reader.start()
    _send_paced(address, topics.articles, records, load, a_second, seconds, sent)
    over.set()
    reader.join()
    consumer.close()
    waited.sort()
    at = tuple(waited[min(int(share * len(waited)), len(waited) - 1)] for share in QUANTILES)
    return Latency(load, a_second, at)


def _send_paced(
    address: str,
    topic: str,
    records: list[bytes],
    load: float,
    a_second: float,
    seconds: float,
    sent: dict[str, float],
) -> None:
    """Send at an even pace; when each record was sent goes into ``sent``, by its key."""
    producer = Producer({"bootstrap.servers": address, "linger.ms": 0})
    begin = time.monotonic()
    for number in range(int(a_second * seconds)):
        pause = begin + number / a_second - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        key = f"{load}-{number}"
        record = msgspec.json.decode(records[number % len(records)]) | {"id": key}
        sent[key] = time.monotonic()
        producer.produce(topic, msgspec.json.encode(record), key=key.encode())
        producer.poll(0)
    producer.flush(30)


def _cpu(process: Worker) -> float:
    """CPU seconds that a worker has used, by its own metric."""
    match = re.search(r"^process_cpu_seconds_total (\S+)", process.get("/metrics")[1], re.M)
    if match is None:
        raise RuntimeError("the worker gives no process_cpu_seconds_total")
    return float(match[1])


def largest_memory(process: Worker) -> float:
    """Megabytes of resident memory that a worker took at most."""
    return memory(process, "VmHWM")


def memory(process: Worker, line: str = "VmRSS") -> float:
    """Megabytes that a line of the process's status tells: of resident memory, now."""
    if process.process is None:
        raise RuntimeError("the worker has ended")
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    return int(re.findall(rf"^{line}:\s+(\d+) kB$", status, re.M)[0]) / 1024


def _wait(running: list[Worker], count: int) -> None:
    """Until the workers have handled so many together."""
    deadline = time.monotonic() + 60 + count / 20
    while time.monotonic() < deadline:
        handled = 0.0
        for process in running:
            text = process.get("/metrics")[1]
            # Not the counters by source: those of a source that loses its label are gone.
            handled += sum(map(float, re.findall(r"^monitor_scoring_seconds_count(?:\{.*\})? (\S+)", text, re.M)))
        if handled >= count:
            return
        time.sleep(0.05)
    raise TimeoutError(f"the workers handled {handled:.0f} of {count} articles")
