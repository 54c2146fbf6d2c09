"""The pages' addresses: what is asked for, and the page that answers. Each is made at most once a second."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import msgspec
from aiohttp import web

from monitor.scoring.copies.record import Place
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.place import place_text, read_place
from monitor.web.follow.fetch import Away, article_of
from monitor.web.kept.board import Board
from monitor.web.limits import Kept
from monitor.web.render import HEADERS
from monitor.web.scoring import BODY_SECONDS, SCORE_SECONDS, Scoring
from monitor.web.views.article import Neighbours, Seen, article_json, article_page
from monitor.web.views.attempt import Attempt, attempt, examples, try_page
from monitor.web.views.bad import BadPage, Filter
from monitor.web.views.status import Surveyor

#: Pages that are kept for a second.
MOST_KEPT = 64
#: Characters of a page's address and query.
LONGEST = 2_000

#: Gives the record at a place, in a thread; ``None`` where it is no longer kept. Raises Away.
Fetch = Callable[[Place], InputRecord | None]


class NotKept(Exception):
    """The article is no longer kept; the message says so to a person."""


class Pages:
    """Answers for each address of the pages, and its ``.json``."""

    def __init__(self, settings: Settings, board: Board, surveyor: Surveyor, scoring: Scoring, fetch: Fetch) -> None:
        self._settings = settings
        self._board = board
        self._scoring = scoring
        self._fetch = fetch
        self._bad = BadPage(board, surveyor)
        # One thread: the consumer behind it takes one question at a time.
        self._thread = ThreadPoolExecutor(1, "fetch")
        self._kept: OrderedDict[str, Kept[bytes]] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        """Every address."""
        return [
            web.get("/", self._first),
            web.get("/index.json", self._first_json),
            web.get("/news.json", self._news),
            web.get("/article", self._article_of_id),
            web.get("/article/{place}", self._article),
            web.get("/try", self._try),
            web.post("/try", self._tried),
        ]

    async def stop(self, _: web.Application) -> None:
        """Take no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _once_a_second(self, request: web.Request, make: Callable[[], bytes]) -> bytes:
        """What is made of an address, made anew after a second at the soonest."""
        key = request.path_qs[:LONGEST]
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = Kept(make)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept.get()

    async def _first(self, request: web.Request) -> web.Response:
        filter_ = Filter.of(request.query)
        return html(self._once_a_second(request, partial(self._bad.html, filter_)))

    async def _first_json(self, request: web.Request) -> web.Response:
        filter_ = Filter.of(request.query)
        return json(self._once_a_second(request, partial(self._bad.json, filter_)))

    async def _news(self, request: web.Request) -> web.Response:
        arrived = request.query.get("arrived", "")
        return json(self._bad.news(int(arrived) if arrived.isdecimal() and len(arrived) < 19 else 0))

    async def _article_of_id(self, request: web.Request) -> web.Response:
        copy = self._board.bad.with_id(request.query.get("id", ""))
        if copy is None:
            raise web.HTTPNotFound(text="no bad copy of this id is among the last ones\n")
        raise web.HTTPFound(f"/article/{place_text(copy.place)}")

    async def _article(self, request: web.Request) -> web.Response:
        name = request.match_info["place"]
        place = read_place(name.removesuffix(".json"))
        if place is None:
            raise web.HTTPNotFound(text="an article's address is /article/TOPIC-PARTITION@OFFSET\n")
        seen = await self._in_thread(partial(self._see, place))
        if name.endswith(".json"):
            return json(article_json(seen))
        filter_ = Filter.of(request.query)
        neighbours = self._neighbours(place, filter_)
        return html(article_page(seen, request.query.get("show", ""), self._board.clock(), neighbours))

    async def _in_thread(self, work: Callable[[], Seen]) -> Seen:
        try:
            future = asyncio.get_running_loop().run_in_executor(self._thread, work)
            return await asyncio.wait_for(asyncio.shield(future), SCORE_SECONDS)
        except NotKept as error:
            raise web.HTTPNotFound(text=f"{error}\n") from None
        except (Away, TimeoutError) as error:
            text = str(error) or "Kafka does not answer"
            raise web.HTTPServiceUnavailable(text=f"{text}; try again\n", headers={"Retry-After": "5"}) from None

    def _see(self, place: Place) -> Seen:
        """An article with its verdict: the one that was published, else one that is made now.

        Raises:
            NotKept: its record is gone, or holds no such article.
            Away: Kafka does not answer.
        """
        record = self._fetch(place)
        if record is None:
            raise NotKept(f"{place_text(place)} is no longer kept by Kafka, or never was an article")
        article = article_of(record, place.item, self._settings)
        if article is None:
            raise NotKept(f"{place_text(place)} holds no article that can be read; see the dead letters")
        copy, corrected_by = self._board.bad.at(place)
        verdict = self._published(copy.flagged) if copy is not None else None
        fits = verdict is not None and (not verdict.paragraphs or verdict.paragraphs[-1].end <= len(article.text))
        if verdict is None or not fits:
            verdict, fits = self._scoring.scorer.score(article, datetime.now(UTC)), False
        return Seen(
            article,
            verdict,
            self._settings.thresholds_for(article.source),
            place,
            fits,
            record.timestamp,
            corrected_by,
            self._board.copies.of_article(article.id),
        )

    def _published(self, place: Place) -> Verdict | None:
        record = self._fetch(place)
        try:
            return msgspec.json.decode(record.value or b"", type=Verdict) if record is not None else None
        except msgspec.MsgspecError:
            return None

    def _neighbours(self, place: Place, filter_: Filter) -> Neighbours:
        """The copies beside this one in the list that the filter makes."""
        listed = self._board.bad.latest(filter_.selection(self._board.clock()))
        asked = filter_.query()
        at = next((number for number, copy in enumerate(listed) if copy.place == place), None)
        if at is None:
            return Neighbours(back=f"/{asked}")

        def address(number: int) -> str:
            return f"/article/{place_text(listed[number].place)}{asked}" if 0 <= number < len(listed) else ""

        return Neighbours(address(at - 1), address(at + 1), f"/{asked}")

    async def _try(self, request: web.Request) -> web.Response:
        name = request.query.get("example")
        example = next((each for each in examples() if each.name == name), None)
        if example is None:
            return html(self._once_a_second(request, lambda: try_page(None, self._board.clock())))
        text = msgspec.json.format(example.record, indent=2).decode()
        return await self._attempt(_given(example.record, "application/json"), text)

    async def _tried(self, request: web.Request) -> web.Response:
        return await self._attempt(partial(_form, request), "")

    async def _attempt(self, read: Callable[[], Awaitable[tuple[bytes, str]]], text: str) -> web.Response:
        begin = self._board.clock()
        work = await self._scoring.begin(read, lambda given: attempt(self._scoring, self._settings, *given))
        tried: Attempt | None = None
        problem = ""
        try:
            tried = await asyncio.wait_for(asyncio.shield(work), SCORE_SECONDS)
        except TimeoutError:
            problem = f"not scored within {SCORE_SECONDS:g} s; send less"
        status = 200 if tried is not None and tried.seen else 422 if tried is not None else 503
        return html(try_page(tried, begin, text, problem), status)


def _given(body: bytes, content_type: str) -> Callable[[], Awaitable[tuple[bytes, str]]]:
    async def give() -> tuple[bytes, str]:
        return body, content_type

    return give


async def _form(request: web.Request) -> tuple[bytes, str]:
    """What a form sends: the file, else the text; and how a file says what it is.

    Raises:
        aiohttp.web.HTTPException: it is no form, too large, or comes too slowly.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            form: Mapping[str, object] = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the form came too slowly\n") from None
    except ValueError:
        raise web.HTTPBadRequest(text="this is no form that the server can read\n") from None
    file = form.get("file")
    if isinstance(file, web.FileField):
        body = await asyncio.to_thread(file.file.read)
        if body:
            return body, ""
    text = form.get("text")
    return (text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""), ""


def html(body: bytes, status: int = 200) -> web.Response:
    """A page as an answer."""
    return web.Response(body=body, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)


def json(body: bytes) -> web.Response:
    """JSON as an answer."""
    return web.Response(body=body, content_type="application/json")
