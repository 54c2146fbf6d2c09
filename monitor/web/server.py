"""Serves the page, ``/metrics``, ``/healthz``, ``/readyz`` and ``POST /score`` from a thread of its own.

In its own thread, since an event loop that hangs could not say so.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from math import ceil

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from monitor.articles.errors import Undecodable, place
from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import Recent
from monitor.web.access import access, is_loopback
from monitor.web.limits import BODY_SECONDS, Connection, Rate
from monitor.web.page import page

log = logging.getLogger(__name__)

#: Bodies of POST /score that are held at once, and of these scored; the rest get 429. Each is at most
#: max_record_bytes.
HELD_AT_ONCE, SCORED_AT_ONCE = 4, 1
#: Seconds until the answer to POST /score is 503.
SCORE_SECONDS = 10.0
#: On every answer; the page has a policy of its own.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class BadAddress(Exception):
    """The page cannot be served at this address; the message says why and what to do."""


@contextmanager
def serve(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> Iterator[str]:
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
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(routes(settings, metrics, health, recent), access_log=None, shutdown_timeout=2.0)

    async def start() -> asyncio.Server:
        await runner.setup()
        assert runner.server is not None  # noqa: S101 - set up above
        connection = partial(Connection, runner.server, loop=loop, access_log=None)
        return await loop.create_server(connection, host.strip("[]"), int(port))

    async def stop() -> None:
        listening.close()
        await runner.cleanup()

    try:
        listening = loop.run_until_complete(start())
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
        yield f"{host}:{listening.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


def routes(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> web.Application:
    """The HTTP application."""
    scorer = Scorer(Model.load(), settings.thresholds_for)
    decoder = settings.decoder()

    async def metrics_(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def page_(_: web.Request) -> web.Response:
        return page(metrics, health.hangs() + health.not_ready(), recent.latest())

    async def healthz(_: web.Request) -> web.Response:
        return _state(health.hangs())

    async def readyz(_: web.Request) -> web.Response:
        return _state(health.hangs() + health.not_ready())

    rate = Rate(settings.web_scores_per_second)
    # Threads of its own: a body that takes long keeps others from being scored, and nothing else.
    threads = ThreadPoolExecutor(SCORED_AT_ONCE, "score")
    places = asyncio.Semaphore(HELD_AT_ONCE)

    def scored(body: bytes, content_type: str) -> bytes:
        headers = (("content-type", content_type.encode("utf-8", "surrogateescape")),)
        article = decoder.decode(body, headers=headers)
        return msgspec.json.encode(scorer.score(article, datetime.now(UTC)))

    async def score(request: web.Request) -> web.Response:
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise web.HTTPUnsupportedMediaType(text="unpack the body first\n")
        if wait := rate.wait() or float(places.locked()):
            raise web.HTTPTooManyRequests(text="too many at once\n", headers={"Retry-After": str(ceil(wait))})
        await places.acquire()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            places.release()
            raise web.HTTPRequestTimeout(text="the body came too slowly\n") from None
        except BaseException:
            places.release()
            raise
        work = asyncio.get_running_loop().run_in_executor(
            threads, scored, body, request.headers.get("Content-Type", "")
        )
        # A place is taken until its work ends, also where nobody waits for it any more.
        work.add_done_callback(lambda _: places.release())
        try:
            verdict = await asyncio.wait_for(asyncio.shield(work), SCORE_SECONDS)
        except TimeoutError:
            raise web.HTTPServiceUnavailable(text="not scored in time\n", headers={"Retry-After": "5"}) from None
        except Undecodable as error:
            return web.json_response({"reason": error.reason, "message": str(error)}, status=422)
        except Exception as error:  # noqa: BLE001 - a defect of the scorer, told without the article's text
            log.error("POST /score: scoring failed: %s", place(error))
            return web.json_response({"reason": "scoring_failed"}, status=500)
        return web.Response(body=verdict, content_type="application/json")

    async def stop(_: web.Application) -> None:
        threads.shutdown(wait=False, cancel_futures=True)

    async def harden(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "monitor"
        # One request a connection (limits.py).
        response.force_close()
        response.headers["Connection"] = "close"

    app = web.Application(client_max_size=settings.max_record_bytes, middlewares=[access(settings.secret("web_token"))])
    app.on_response_prepare.append(harden)
    app.on_cleanup.append(stop)
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
