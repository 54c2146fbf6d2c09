"""Serves the pages, ``/metrics``, ``/healthz``, ``/readyz``, ``POST /score`` and ``POST /partitions/TOPIC-N/resume``.

From a thread of its own, since an event loop that hangs could not say so.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.deadletters.held import HeldPartitions, NotHeld
from monitor.streaming.health.awaited import Health
from monitor.web.access import access, is_loopback
from monitor.web.connection import Connection
from monitor.web.errors import in_words
from monitor.web.follow.fetch import Records, article_topics
from monitor.web.follow.tail import Tail
from monitor.web.headers import harden
from monitor.web.kept.board import Board
from monitor.web.limits import Kept, pace
from monitor.web.lookup import Fetch
from monitor.web.pages import Pages
from monitor.web.scoring import Scoring
from monitor.web.views.status import Surveyor

Result = TypeVar("Result")

#: Seconds that a request to resume a partition waits for the worker.
RESUME_SECONDS = 30.0


class BadAddress(Exception):
    """The page cannot be served at this address; the message says why and what to do."""


@dataclass(frozen=True)
class Served:
    """What is shown: the process's own state, and what the pages keep of the topics; ``None`` where it has no pages."""

    metrics: Metrics
    health: Health
    held: HeldPartitions
    board: Board | None = None
    fetch: Fetch = lambda _: None
    #: Whether a worker runs in this process.
    works: bool = True


@contextmanager
def followed(settings: Settings, served: Served) -> Iterator[Served]:
    """The same with pages that follow the topics while the block runs."""
    board = Board(settings)
    records = Records(settings, board.topics())
    tail = Tail(settings, board.followed(), article_topics(settings))
    board.kafka = lambda: tail.state
    with ExitStack() as stack:
        stack.callback(records.close)
        stack.enter_context(tail.running())
        yield replace(served, board=board, fetch=records.record)


@contextmanager
def serve(settings: Settings, served: Served) -> Iterator[str]:
    """Serve while the block runs; gives the address, HOST:PORT, with the port that was found for 0.

    Raises:
        BadAddress: the address is taken, not one of this machine's, or open to others without a token.
    """
    host, _, port = settings.web.rpartition(":")
    if settings.web_token is None and not is_loopback(host):
        raise BadAddress(
            f"{settings.web} can be reached from other machines, and no token is set; set MONITOR_WEB_TOKEN or "
            "MONITOR_WEB_TOKEN_FILE (make one with: openssl rand -hex 32), or serve at 127.0.0.1"
        )
    with _loop_in_a_thread() as loop:
        runner = web.AppRunner(application(settings, served), access_log=None, shutdown_timeout=2.0)

        def run(work: Coroutine[Any, Any, Result]) -> Result:
            return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)

        try:
            listening = run(_listen(loop, runner, host, int(port)))
        except (OSError, OverflowError) as error:
            run(runner.cleanup())
            raise BadAddress(
                f"cannot serve at {settings.web}: {getattr(error, 'strerror', None) or error}; "
                "choose another with --web HOST:PORT"
            ) from error
        try:
            yield f"{host}:{listening.sockets[0].getsockname()[1]}"
        finally:
            loop.call_soon_threadsafe(listening.close)
            run(runner.cleanup())


@contextmanager
def _loop_in_a_thread() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread of its own while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="web", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _listen(loop: asyncio.AbstractEventLoop, runner: web.AppRunner, host: str, port: int) -> asyncio.Server:
    await runner.setup()
    assert runner.server is not None  # noqa: S101 - set up above
    connection = partial(Connection, runner.server, loop=loop, access_log=None)
    return await loop.create_server(connection, host.strip("[]"), port)


def reachable(address: str) -> str:
    """The address, HOST:PORT, at which a server that listens at ``address`` is reached from this machine's network."""
    host, _, port = address.rpartition(":")
    try:
        if ipaddress.ip_address(host.strip("[]")).is_unspecified:
            return f"{socket.gethostbyname(socket.gethostname())}:{port}"
    except (ValueError, OSError):
        # A name; or a machine that does not know its own.
        pass
    return address


def application(settings: Settings, served: Served) -> web.Application:
    """The HTTP application: who may ask, how often, and who answers."""
    handlers = Handlers(served)
    scoring = Scoring(settings)
    app = web.Application(
        client_max_size=settings.max_record_bytes,
        middlewares=[in_words, access(settings.secret("web_token")), pace()],
    )
    app.on_response_prepare.append(_harden)
    app.on_cleanup.append(scoring.stop)
    app.add_routes(
        [
            web.get("/metrics", handlers.metrics),
            web.get("/healthz", handlers.healthz),
            web.get("/readyz", handlers.readyz),
            web.post("/score", scoring.answer),
            web.post("/partitions/{name}/resume", handlers.resume),
        ]
    )
    if served.board is not None:
        surveyor = Surveyor(served.board, served.metrics, served.health, served.works)
        pages = Pages(settings, served.board, surveyor, scoring, served.fetch)
        app.on_cleanup.append(pages.stop)
        app.add_routes(pages.routes())
    return app


async def _harden(_: web.Request, response: web.StreamResponse) -> None:
    harden(response)


class Handlers:
    """Answers for the process. The metrics are made at most once a second."""

    def __init__(self, served: Served) -> None:
        self._health = served.health
        self._held = served.held
        self._metrics = Kept(partial(generate_latest, served.metrics.registry))

    async def metrics(self, _: web.Request) -> web.Response:
        """All metrics, as Prometheus reads them."""
        return web.Response(body=self._metrics.get(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def healthz(self, _: web.Request) -> web.Response:
        """Whether nothing hangs."""
        return _state(self._health.hangs())

    async def readyz(self, _: web.Request) -> web.Response:
        """Whether articles are being handled."""
        return _state(self._health.hangs() + self._health.not_ready())

    async def resume(self, request: web.Request) -> web.Response:
        """Lets a partition that is held, TOPIC-NUMBER, go on."""
        name = request.match_info["name"]
        try:
            async with asyncio.timeout(RESUME_SECONDS):
                await asyncio.wrap_future(self._held.resume(name))
        except NotHeld as error:
            return web.Response(text=f"{error}\n", status=404)
        except TimeoutError:
            return web.Response(text=f"{name} does not go on yet: the worker or Kafka does not answer\n", status=504)
        return web.Response(text=f"{name} goes on\n")


def _state(wrong: tuple[str, ...]) -> web.Response:
    """200 with ``ok``, or 503 with what is wrong, a line each."""
    return web.Response(text="\n".join(wrong) + "\n", status=503) if wrong else web.Response(text="ok\n")
