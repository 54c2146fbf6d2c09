"""Clients of the page for ``bench.page_cost``: so many at once, each asking again after a pause, until it is ended."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress


def ask_without_end(url: str, clients: int, pause: float) -> None:
    """Ask from so many threads, their first requests spread over one pause."""

    def ask(number: int) -> None:
        time.sleep(pause * number / clients)
        while True:
            with suppress(urllib.error.HTTPError), urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310
                answer.read()
            time.sleep(pause)

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, range(clients)))


if __name__ == "__main__":
    ask_without_end(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
