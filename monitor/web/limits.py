"""How often the server may be asked, and how much looking at it may cost the worker."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Made = TypeVar("Made")

#: All but these are paced: the probes, and POST /score, which has limits of its own.
UNPACED = frozenset({"/healthz", "/readyz", "/score"})
#: Requests taken a second, all clients together, and the seconds that one may wait for its turn. Clients in a closed
#: loop are so slowed down, and none of a few is refused; the default scrape_timeout of Prometheus is 10 s.
PER_SECOND, LONGEST_WAIT = 20.0, 5.0


#: Pages that are kept at once, and their bytes.
MOST_PAGES, MOST_BYTES = 64, 16_000_000


class Rate:
    """So many a second, and twice as many at once (a token bucket)."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._most = max(1.0, 2 * per_second)
        self._left = self._most
        self._clock = clock
        self._at = clock()

    def wait(self) -> float:
        """Take one, and give 0; or take none, and give the seconds until there is one."""
        wait = self._seconds_to_next()
        if not wait:
            self._left -= 1
        return wait

    def turn(self, longest: float) -> float | None:
        """The seconds until this one's turn, which is then taken; ``None`` where they are more than ``longest``."""
        wait = self._seconds_to_next()
        if wait > longest:
            return None
        self._left -= 1
        return wait

    def _seconds_to_next(self) -> float:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        return max(0.0, (1 - self._left) / self._per_second)


class Kept(Generic[Made]):
    """What was made last, made anew when it is asked for and is older than some seconds.

    What took long to make is kept for longer, ``times`` as long as it took: then at most one part in ``times`` of
    the process goes into it, whoever asks and however often. Not for longer than ``longest``.
    """

    def __init__(
        self,
        make: Callable[[], Made],
        seconds: float = 1.0,
        times: float = 20.0,
        longest: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._seconds = seconds
        self._times = times
        self._longest = longest
        self._clock = clock
        self._kept: Made | None = None
        self._until = 0.0

    def get(self) -> Made:
        """What is kept, or what is made now."""
        begin = self._clock()
        if self._kept is None or begin >= self._until:
            self._kept = self._make()
            end = self._clock()
            self._until = end + seconds_to_keep(end - begin, self._seconds, self._times, self._longest)
        return self._kept


class KeptPages:
    """The pages that were made last, by their addresses, each kept as :class:`Kept` keeps one; thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        #: Until when a page is kept, and the page; the oldest first.
        self._pages: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0

    def get(self, address: str) -> bytes | None:
        """What is kept; ``None`` where nothing is, or it is too old."""
        with self._lock:
            until, page = self._pages.get(address, (0.0, b""))
            return page if self._clock() < until else None

    def put(self, address: str, make: Callable[[], bytes]) -> bytes:
        """Make a page and keep it."""
        begin = self._clock()
        page = make()
        end = self._clock()
        with self._lock:
            self._bytes += len(page) - len(self._pages.pop(address, (0.0, b""))[1])
            self._pages[address] = end + seconds_to_keep(end - begin), page
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1][1])
        return page


def seconds_to_keep(took: float, seconds: float = 1.0, times: float = 20.0, longest: float = 15.0) -> float:
    """How long what took so many seconds to make is kept: ``times`` as long, but within the bounds."""
    return min(max(seconds, times * took), longest)


def pace(sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> Middleware:
    """Lets requests for all but :data:`UNPACED` through one after another; 429 for one that would wait too long."""
    rate = Rate(PER_SECOND)

    @web.middleware
    async def wait(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in UNPACED and (seconds := rate.turn(LONGEST_WAIT)) != 0:
            if seconds is None:
                raise web.HTTPTooManyRequests(text="too many requests; ask less often\n", headers={"Retry-After": "5"})
            await sleep(seconds)
        return await handler(request)

    return wait
