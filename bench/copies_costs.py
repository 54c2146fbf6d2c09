"""What linking copies costs: ``python -m bench.copies_costs DATA [--sizes 10000,100000] [--peers PYTHON]``.

Signing is measured on real texts; the window is filled with made-up signatures of their sizes, through the stage
``link`` as after a restart, so that its time is that of a rebuild without Kafka's part. Every third article is a copy.
``--peers`` names the Python of an environment with bench/speed/peers.txt: their indices hold as many articles then.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from monitor.metrics import Metrics
from monitor.scoring.copies.compare import HOUR
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.link import Linker
from monitor.scoring.copies.signature import sign
from monitor.scoring.copies.window import Window
from monitor.scoring.text.text import Text
from monitor.settings.kafka import TopicNames
from monitor.source_labels import SourceLabels
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages.link import Link

BEGIN = 1_780_000_000
HOURS = 72
#: Articles that one may be a copy of: the latest.
LATEST = 5000
QUERIES = 20_000
HOT = 10_000
PEERS = Path(__file__).parent / "speed" / "copy_indices.py"


def pages(folder: Path) -> list[dict[str, object]]:
    """The real pages whose stories are signed."""
    with gzip.open(folder / "copies-dev.jsonl.gz") as lines:
        return [json.loads(line) for line in lines]


def signing(folder: Path) -> tuple[float, list[Fingerprint]]:
    """Milliseconds of CPU for one story, and fingerprints with the sizes, addresses and headlines of real ones."""
    read = [(page, Text.read(str(page["body"]))) for page in pages(folder)]
    prints = []
    for page, text in read:
        signature = sign(text, np.ones(len(text), np.bool_))
        prints.append(
            Fingerprint(
                id=str(page.get("url") or page["id"]),
                source=str(page.get("source") or "unknown"),
                url=str(page.get("url") or ""),
                title=str(page.get("title") or ""),
                words=signature.words,
                level=signature.level,
                rows=signature.rows.tobytes(),
                figures=signature.figures.tobytes(),
            )
        )
    began = time.process_time()
    for _, text in read:
        sign(text, np.ones(len(text), np.bool_))
    return (time.process_time() - began) / len(read) * 1000, prints


def made_up(prints: list[Fingerprint], count: int, seed: int = 1) -> Iterator[Fingerprint]:
    """Fingerprints like these; every third has the rows of one of the latest with a tenth of them changed."""
    draw = np.random.default_rng(seed)
    latest: list[tuple[int, np.ndarray]] = []
    for number in range(count):
        like = prints[number % len(prints)]
        if latest and number % 3 == 0:
            level, rows = latest[int(draw.integers(len(latest)))]
            keep = draw.random(len(rows)) < 0.9
            fresh = draw.integers(1 << 63, size=int((~keep).sum()), dtype=np.uint64) >> np.uint64(max(level - 1, 0))
            rows = np.unique(np.concatenate((rows[keep], fresh)))
        else:
            level = like.level
            rows = draw.integers(1 << 63, size=len(like.rows) // 8, dtype=np.uint64) >> np.uint64(max(level - 1, 0))
            rows.sort()
        if len(latest) < LATEST:
            latest.append((level, rows))
        else:
            latest[number % LATEST] = level, rows
        yield Fingerprint(
            id=f"{like.id}{number:x}",
            source=like.source,
            url=f"{like.url}{number:x}",
            title=f"{like.title} {number:x}",
            topic="articles",
            offset=number,
            timestamp=BEGIN * 1000 + number,
            words=like.words,
            level=level,
            rows=rows.tobytes(),
            figures=draw.integers(1 << 32, size=len(like.figures) // 4, dtype=np.uint64).astype("<u4").tobytes(),
        )


def filled(prints: list[Fingerprint], count: int) -> tuple[Linker, float]:
    """A window of so many articles that came over 72 hours, and the seconds of CPU that the stage took for them."""
    linker = Linker(Window(HOURS * HOUR, 10 << 30))
    stage = Link(Metrics(), SourceLabels(200), TopicNames(), lambda: linker)
    seconds = 0.0
    batch: list[InputRecord] = []
    for number, fingerprint in enumerate(made_up(prints, count)):
        at = BEGIN + number * HOURS * HOUR / count
        batch.append(InputRecord("f", 0, number, at, fingerprint.id.encode(), fingerprint.encode()))
        if len(batch) == 5000 or number == count - 1:
            began = time.process_time()
            for record in batch:
                stage.outputs(record)
            seconds += time.process_time() - began
            batch.clear()
    return linker, seconds


def queries(linker: Linker, prints: list[Fingerprint], count: int) -> tuple[float, float]:
    """Searches of articles a CPU-second; and articles linked, with their place in the window and their record."""
    asked = list(made_up(prints, QUERIES, seed=2))
    signatures = [fingerprint.signature for fingerprint in asked]
    began = time.process_time()
    for signature in signatures:
        linker.window.search(signature, 0.25)
    searched = QUERIES / (time.process_time() - began)
    began = time.process_time()
    for fingerprint in asked:
        linker.link(fingerprint, BEGIN + HOURS * HOUR - 1)
    return searched, QUERIES / (time.process_time() - began)


def hot(prints: list[Fingerprint]) -> tuple[float, float]:
    """Milliseconds of CPU of an article that came 10,000 times among 100,000: the median, the 99th percentile."""
    linker, _ = filled(prints, 100_000)
    one = next(made_up(prints, 1, seed=3))
    spent = []
    for number in range(HOT + 1000):
        again = Fingerprint(
            id=str(number), source=f"S{number}", rows=one.rows, level=one.level, offset=number, figures=one.figures
        )
        began = time.process_time()
        linker.link(again, BEGIN + HOURS * HOUR - 1)
        spent.append(time.process_time() - began)
    return float(np.median(spent[HOT:])) * 1000, float(np.percentile(spent[HOT:], 99)) * 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with copies-dev.jsonl.gz")
    parser.add_argument("--sizes", default="10000,100000,1000000,3000000")
    parser.add_argument("--peers", help="the Python of an environment with bench/speed/peers.txt")
    options = parser.parse_args()
    milliseconds, prints = signing(options.data)
    print(
        f"signing: {milliseconds:.3f} ms an article, {np.mean([len(p.rows) // 8 for p in prints]):.1f} rows", flush=True
    )
    median, p99 = hot(prints)
    print(f"a story that came {HOT:,} times: {median:.2f} ms in the median, p99 {p99:.2f} ms", flush=True)
    for size in map(int, options.sizes.split(",")):
        linker, seconds = filled(prints, size)
        nbytes = linker.window.nbytes / linker.window.articles
        searched, linked = queries(linker, prints, size)
        with_signing = 1 / (1 / searched + milliseconds / 1000)
        print(
            f"{size:,} articles: {nbytes:.0f} bytes an article, {searched:,.0f} searches a CPU-second, "
            f"{with_signing:,.0f} from ready words, {linked:,.0f} with place and record; "
            f"filled in {seconds:.0f} s of CPU",
            flush=True,
        )
        del linker
        if options.peers and size <= 1_000_000:
            print(subprocess.run([options.peers, PEERS, str(size)], capture_output=True, text=True).stdout, flush=True)


if __name__ == "__main__":
    main()
