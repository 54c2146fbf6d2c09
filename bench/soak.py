"""The worker under a steady load for a long time: does its memory grow?

``make soak MINUTES=60`` (``python -m bench.soak MINUTES [RATE]``) starts a real Kafka and a worker, feeds
articles at a fixed rate, looks at the worker's process every five seconds, and writes ``soak.csv`` and
``soak.svg``. At the end it prints the slope of each line after the warm-up.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
import time
from pathlib import Path

import matplotlib as mpl
import numpy as np
from confluent_kafka.admin import AdminClient

from tests.faults.ledger import Ledger
from tests.kafka.server import kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Supervised

#: Seconds between two looks.
LOOK_SECONDS = 5.0
#: The share of the time in which caches fill (16 minutes of 35, when it was measured).
WARM_UP = 0.5
#: What is looked at, as the worker's own metrics name it.
LOOKED_AT = {
    "memory": "process_resident_memory_bytes",
    "files": "process_open_fds",
    "tasks": "monitor_event_loop_tasks",
    "delay": "monitor_event_loop_delay_seconds",
    "cpu": "process_cpu_seconds_total",
    "hand": "monitor_bytes_in_hand",
}


def look(worker: Supervised) -> dict[str, float]:
    """The worker's figures now, and its lag in records over all partitions; empty where it does not answer."""
    text = worker.get("/metrics")[1]
    found = {name: re.search(rf"^{metric} (\S+)$", text, re.M) for name, metric in LOOKED_AT.items()}
    if not all(found.values()):
        return {}
    lags = re.findall(r"^monitor_consumer_lag_records\{.*\} (\S+)$", text, re.M)
    return {name: float(match[1]) for name, match in found.items() if match} | {"lag": sum(map(float, lags))}


def soak(minutes: float, rate: float) -> list[dict[str, float]]:
    """Run it; returns the looks, each with its ``seconds`` since the begin."""
    looks: list[dict[str, float]] = []
    with kafka(config={"log.retention.bytes": "200000000"}) as broker, tempfile.TemporaryDirectory() as folder:
        create(AdminClient({"bootstrap.servers": broker.address}), Topics.named(), 6, 1)
        ledger = Ledger(broker.address, Topics.named())
        with Supervised(Path(folder) / "worker.log", broker.address) as worker:
            worker.wait_ready()
            begin = time.monotonic()
            with ledger.feeding(rate, poison=0.02):
                while (seconds := time.monotonic() - begin) < 60 * minutes:
                    if found := look(worker):
                        looks.append({"seconds": seconds} | found)
                    time.sleep(LOOK_SECONDS)
            if worker.exits:
                raise SystemExit(f"the worker ended by itself: exit codes {worker.exits}\n{worker.text()[-3000:]}")
    return looks


def warm(looks: list[dict[str, float]]) -> list[dict[str, float]]:
    """The looks after the warm-up."""
    return [look for look in looks if look["seconds"] > WARM_UP * looks[-1]["seconds"]]


def slope(looks: list[dict[str, float]], name: str) -> float:
    """How much of its mean a line rises in an hour; 0.01 is 1 %."""
    late = warm(looks)
    values = np.array([look[name] for look in late])
    by_second = np.polyfit([look["seconds"] for look in late], values, 1)[0]
    return float(3600 * by_second / values.mean()) if values.mean() else 0.0


def plot(looks: list[dict[str, float]], file: Path) -> None:
    """Draw memory, files, tasks, delay and lag over minutes."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(5, 1, sharex=True, figsize=(8, 10), layout="constrained")
    lines = (
        ("memory", "resident, MB", 1e6),
        ("files", "open files", 1),
        ("tasks", "tasks", 1),
        ("delay", "loop delay, s", 1),
        ("lag", "lag, records", 1),
    )
    for axis, (name, label, unit) in zip(axes, lines, strict=True):
        axis.plot([look["seconds"] / 60 for look in looks], [look[name] / unit for look in looks], linewidth=1)
        axis.set_ylabel(label)
        axis.set_ylim(bottom=0)
    axes[-1].set_xlabel("minutes")
    figure.savefig(file)


def main() -> None:
    """Soak, and print the slopes."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 500.0
    looks = soak(minutes, rate)
    with Path("soak.csv").open("w", newline="") as out:
        table = csv.DictWriter(out, looks[0].keys())
        table.writeheader()
        table.writerows(looks)
    plot(looks, Path("soak.svg"))
    cpu = (looks[-1]["cpu"] - looks[0]["cpu"]) / (looks[-1]["seconds"] - looks[0]["seconds"])
    print(f"{minutes:g} minutes at {rate:g} articles a second, {cpu:.2f} of a core; after the warm-up:")
    for name in ("memory", "files", "tasks", "delay", "lag"):
        values = [look[name] for look in warm(looks)]
        print(
            f"{name:>8}  mean {np.mean(values):>14,.3f}  max {max(values):>14,.3f}  {slope(looks, name):+.2%} an hour"
        )


if __name__ == "__main__":
    main()
