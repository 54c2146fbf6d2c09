"""``POST /score``: one record in, its verdict out, as a worker would give it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from math import ceil
from typing import TypeVar

import msgspec
from aiohttp import web

from monitor.articles.decode import Item
from monitor.articles.errors import Reason, Undecodable, place
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.web.limits import Rate

log = logging.getLogger(__name__)

Given = TypeVar("Given")
Made = TypeVar("Made")

#: Bodies that are held at once, and of these scored; the rest get 429. Each is at most max_record_bytes.
HELD_AT_ONCE, SCORED_AT_ONCE = 4, 1
#: How a body may be packed; it is unpacked as a record of Kafka is, up to max_record_bytes.
ENCODINGS = ("identity", "gzip", "x-gzip", "zstd", "bzip2", "xz")
#: Seconds to send a body in, and seconds until the answer is 503.
BODY_SECONDS, SCORE_SECONDS = 10.0, 10.0


class Scoring:
    """Answers ``POST /score``, a few at a time."""

    def __init__(self, settings: Settings) -> None:
        self._decoder = settings.decoder()
        self.scorer = Scorer(Model.load(), settings.thresholds_for)
        self._rate = Rate(settings.web_scores_per_second)
        # Threads of its own: a body that takes long keeps others from being scored, and nothing else.
        self._threads = ThreadPoolExecutor(SCORED_AT_ONCE, "score")
        self._places = asyncio.Semaphore(HELD_AT_ONCE)

    async def stop(self, _: web.Application) -> None:
        """Take no more; what is being scored ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, request: web.Request) -> web.Response:
        """The verdict of the body, of a body with several articles a list of them; 415 or 422 where it is none.

        Raises:
            aiohttp.web.HTTPException: 408, 413, 415, 429 or 503, with what to do.
        """
        if request.headers.get("Content-Encoding", "identity").lower() not in ENCODINGS:
            raise web.HTTPUnsupportedMediaType(text=f"send the body as it is, or packed: {', '.join(ENCODINGS[1:])}\n")
        content_type = request.headers.get("Content-Type", "")
        work = await self.begin(lambda: _read(request), lambda body: self._score(body, content_type))
        return await _verdict(work)

    async def begin(self, read: Callable[[], Awaitable[Given]], work: Callable[[Given], Made]) -> asyncio.Future[Made]:
        """Read what was sent and begin to work on it, where there is a place; the work goes on in a thread.

        Raises:
            aiohttp.web.HTTPTooManyRequests: there is no place, or too many came in the last seconds.
        """
        if wait := self._rate.wait() or float(self._places.locked()):
            raise web.HTTPTooManyRequests(text="too many at once\n", headers={"Retry-After": str(ceil(wait))})
        await self._places.acquire()
        try:
            given = await read()
        except BaseException:
            self._places.release()
            raise
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, given)
        # A place is taken until its work ends, also where nobody waits for it any more.
        future.add_done_callback(lambda _: self._places.release())
        return future

    def _score(self, body: bytes, content_type: str) -> bytes:
        """The verdict as JSON; of several articles a list, with an object of reason and message for one that fails.

        Raises:
            Undecodable: no article can be read.
        """
        now = datetime.now(UTC)
        items = self.items(body, content_type, now)
        errors = [item.article for item in items if isinstance(item.article, Undecodable)]
        if len(errors) == len(items):
            raise errors[0]
        answers = [self._answer(item, now) for item in items]
        return msgspec.json.encode(answers[0] if items[0].number is None else answers)

    def items(self, body: bytes, content_type: str, now: datetime) -> list[Item]:
        """The articles in a body, and why some are none."""
        headers = (("content-type", content_type.encode("utf-8", "surrogateescape")),)
        return list(self._decoder.articles(body, headers=headers, arrived_at=now))

    def _answer(self, item: Item, now: datetime) -> Verdict | dict[str, object]:
        if isinstance(item.article, Undecodable):
            error = item.named_error(item.article)
            return {"item": item.number, "reason": str(error.reason), "message": str(error)}
        return self.scorer.score(item.article, now)


async def _read(request: web.Request) -> bytes:
    """The body, within its seconds."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body came too slowly\n") from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="the body is not encoded as its headers say\n") from None


async def _verdict(work: asyncio.Future[bytes]) -> web.Response:
    """The answer that the work comes to, within its seconds."""
    try:
        verdict = await asyncio.wait_for(asyncio.shield(work), SCORE_SECONDS)
    except TimeoutError:
        raise web.HTTPServiceUnavailable(text="not scored in time\n", headers={"Retry-After": "5"}) from None
    except Undecodable as error:
        status = 415 if error.reason in (Reason.UNREAD_FORMAT, Reason.UNKNOWN_FORMAT) else 422
        return web.json_response({"reason": error.reason, "message": str(error)}, status=status)
    except Exception as error:  # noqa: BLE001 - a defect of the scorer, told without the article's text
        log.error("POST /score: scoring failed: %s", place(error))
        return web.json_response({"reason": "scoring_failed"}, status=500)
    return web.Response(body=verdict, content_type="application/json")
