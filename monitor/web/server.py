"""Serves the page, ``/metrics``, ``/healthz``, ``/readyz`` and ``POST /score`` from a thread of its own.

In its own thread, since an event loop that hangs could not say so.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from monitor.articles.decode import decode
from monitor.articles.errors import Undecodable
from monitor.metrics import Metrics
from monitor.scoring.boilerplate import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.streaming.health import Health
from monitor.streaming.recent import Recent
from monitor.web.page import page


class BadAddress(Exception):
    """The page cannot be served at this address; the message says why and what to do."""


@contextmanager
def serve(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> Iterator[str]:
    """Serve while the block runs; gives the address, HOST:PORT, with the port that was found for 0.

    Raises:
        BadAddress: the address is taken or not one of this machine's.
    """
    host, _, port = settings.web.rpartition(":")
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(routes(settings, metrics, health, recent), access_log=None)

    async def start() -> str:
        await runner.setup()
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        return f"{host}:{runner.addresses[0][1]}"

    try:
        address = loop.run_until_complete(start())
    except (OSError, OverflowError) as error:
        loop.run_until_complete(runner.cleanup())
        loop.close()
        raise BadAddress(
            f"cannot serve at {settings.web}: {getattr(error, 'strerror', None) or error}; "
            "choose another with --web HOST:PORT"
        ) from error
    thread = threading.Thread(target=loop.run_forever, name="web", daemon=True)
    thread.start()
    try:
        yield address
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


def routes(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> web.Application:
    """The HTTP application."""
    scorer = Scorer(Model.load(), settings.thresholds_for)

    async def metrics_(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def page_(_: web.Request) -> web.Response:
        return page(metrics, health.hangs() + health.not_ready(), recent.latest())

    async def healthz(_: web.Request) -> web.Response:
        return _state(health.hangs())

    async def readyz(_: web.Request) -> web.Response:
        return _state(health.hangs() + health.not_ready())

    async def score(request: web.Request) -> web.Response:
        body = await request.read()
        content_type = ("content-type", request.headers.get("Content-Type", "").encode("utf-8", "surrogateescape"))
        try:
            article = await asyncio.to_thread(
                decode,
                body,
                headers=(content_type,),
                fields=settings.fields,
                max_record_bytes=settings.max_record_bytes,
                max_text_characters=settings.max_text_characters,
            )
        except Undecodable as error:
            return web.json_response({"reason": error.reason, "message": str(error)}, status=422)
        verdict = await asyncio.to_thread(scorer.score, article, datetime.now(UTC))
        return web.Response(body=msgspec.json.encode(verdict), content_type="application/json")

    app = web.Application(client_max_size=settings.max_record_bytes)
    app.add_routes(
        [
            web.get("/", page_),
            web.get("/metrics", metrics_),
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.post("/score", score),
        ]
    )
    return app


def _state(wrong: tuple[str, ...]) -> web.Response:
    """200 with ``ok``, or 503 with what is wrong, a line each."""
    return web.Response(text="\n".join(wrong) + "\n", status=503) if wrong else web.Response(text="ok\n")
