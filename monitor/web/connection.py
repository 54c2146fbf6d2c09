"""One client's connection: cut off in time, and refused without a word of what it sent."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from monitor.articles.errors import place
from monitor.web.headers import harden

log = logging.getLogger(__name__)

#: Connections at once. One more cuts the oldest off, so that slow ones cannot keep out a probe or a scrape.
CONNECTIONS = 100
#: Seconds to send the head of a request in, and seconds a connection may last, whatever it does.
HEAD_SECONDS, CONNECTION_SECONDS = 5.0, 30.0
#: What a client makes happen by what it sends, or by going away; no defect of the server's.
CLIENTS_FAULTS = (HttpProcessingError, web.RequestPayloadError, ConnectionError)


class Connection(web.RequestHandler):
    """One client's connection, cut off when its seconds are over, or when it is the oldest of too many.

    aiohttp logs what it cannot read as an error with a traceback, and answers with the line at fault, which can
    hold the token. Here a client's fault is a line at DEBUG that names its kind alone, so that nobody fills the
    log; a defect is one line at ERROR, with its type and place.
    """

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

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what the server cannot read (400), or to a defect of its own (500).

        Raises:
            ConnectionError: a part of another answer was sent already.
        """
        self.log_exception(f"answered {status}", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("a part of another answer was sent already")
        text = "this is no HTTP request that the server can read\n" if status < 500 else "the server failed\n"
        response = web.Response(status=status, text=text)
        harden(response)
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log an exception by its type, and a defect by its place as well; never by its message."""
        error = kw.get("exc_info")
        if isinstance(error, CLIENTS_FAULTS):
            log.debug("%s: %s", args[0], type(error).__name__)
        elif isinstance(error, BaseException):
            log.error("%s: %s", args[0], place(error))
        else:
            log.error("%s", args[0])
