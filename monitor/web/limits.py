"""How much of the server one may use: connections, their seconds, and requests a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

#: Connections at once. One more cuts the oldest off, so that slow ones cannot keep out a probe or a scrape.
CONNECTIONS = 100
#: Seconds to send the head of a request in, seconds to send its body in, and seconds a connection may last,
#: whatever it does. A connection serves one request.
HEAD_SECONDS, BODY_SECONDS, CONNECTION_SECONDS = 5.0, 10.0, 30.0


class Connection(web.RequestHandler):
    """One client's connection, cut off when its seconds are over, or when it is the oldest of too many."""

    __slots__ = ("_end", "_server")

    def __init__(self, server: web.Server, **options: Any) -> None:
        super().__init__(server, keepalive_timeout=HEAD_SECONDS, auto_decompress=False, lingering_time=2.0, **options)
        self._server = server
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection, and make room for it."""
        super().connection_made(transport)
        self._end = self._loop.call_later(CONNECTION_SECONDS, self.cut)
        open_ = [other.transport for other in self._server.connections if other.transport is not None]
        if len(open_) > CONNECTIONS:
            open_[0].abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def cut(self) -> None:
        """End the connection now; what was to be sent is dropped, since a client may never read it."""
        if self.transport is not None:
            self.transport.abort()


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
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._per_second
        self._left -= 1
        return 0.0
