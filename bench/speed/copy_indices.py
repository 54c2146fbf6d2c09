"""The indices of others, for bench/copies_costs.py; run by the Python of bench/speed/peers.txt, with a size.

Signatures of 32 values in 16 bands of 2, of random documents of 100 shingles; queries for documents that are there.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

VALUES, BANDS, SHINGLES = 32, 16, 100
QUERIES = 5_000
#: Beyond this datasketch takes more memory than there is.
MOST_DATASKETCH = 100_000

Document = list[str]


def resident() -> int:
    """Bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def measure(
    name: str,
    size: int,
    add: Callable[[int, Document], object],
    query: Callable[[Document], object],
    prepared: Callable[[Document], object],
) -> None:
    """Print bytes an article and queries a CPU-second, with what is prepared left out of both."""
    draw = random.Random(1)
    before = resident()
    asked = []
    for number in range(size):
        document = [str(draw.getrandbits(60)) for _ in range(SHINGLES)]
        ready = prepared(document)
        add(number, ready)  # type: ignore[arg-type]
        if number % max(size // QUERIES, 1) == 0:
            asked.append(ready)
    used = (resident() - before) / size
    began = time.process_time()
    for ready in asked:
        query(ready)  # type: ignore[arg-type]
    rate = len(asked) / (time.process_time() - began)
    print(f"  {name}: {used:,.0f} bytes an article, {rate:,.0f} queries a CPU-second")


def rensa(size: int) -> None:
    """rensa's index."""
    from rensa import RMinHash, RMinHashLSH

    def prepared(document: Document) -> object:
        made = RMinHash(num_perm=VALUES, seed=1)
        made.update(document)
        return made

    index = RMinHashLSH(threshold=0.5, num_perm=VALUES, num_bands=BANDS)
    measure("rensa", size, index.insert, index.query, prepared)


def gaoya(size: int) -> None:
    """gaoya's index, which signs by itself."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.5, BANDS, VALUES // BANDS, analyzer="word", ngram_range=(1, 1))
    measure("gaoya", size, index.insert_document, index.query, " ".join)


def datasketch(size: int) -> None:
    """datasketch's index."""
    from datasketch import MinHash, MinHashLSH

    def prepared(document: Document) -> object:
        made = MinHash(VALUES)
        made.update_batch([each.encode() for each in document])
        return made

    index = MinHashLSH(num_perm=VALUES, params=(BANDS, VALUES // BANDS))
    measure("datasketch", size, index.insert, index.query, prepared)


def main(arguments: Sequence[str]) -> None:
    """One index after the other."""
    size = int(arguments[0])
    rensa(size)
    gaoya(size)
    if size <= MOST_DATASKETCH:
        datasketch(size)


if __name__ == "__main__":
    main(sys.argv[1:])
