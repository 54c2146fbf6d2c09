"""The pages' addresses: what is asked for, and the page that answers. Each is made at most once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from monitor.articles.names import LONGEST_SOURCE
from monitor.scoring.copies.record import Place
from monitor.settings import Settings
from monitor.streaming.place import place_text, read_place
from monitor.web.follow.fetch import Away
from monitor.web.kept.board import Board
from monitor.web.limits import LONGEST_WAIT, KeptPages, Rate
from monitor.web.lookup import Fetch, Lookup, NotKept
from monitor.web.render import HEADERS
from monitor.web.scoring import BODY_SECONDS, SCORE_SECONDS, Scoring
from monitor.web.views.article import Neighbours, article_json, article_page
from monitor.web.views.attempt import Attempt, attempt, examples, try_page
from monitor.web.views.bad import BadPage, Filter
from monitor.web.views.copies import CopiesPage
from monitor.web.views.dead import DeadPage
from monitor.web.views.incidents import IncidentsPage
from monitor.web.views.sources import SourcesPage
from monitor.web.views.status import Surveyor

#: Pages a second that are fetched from Kafka: with 20 ms each, a tenth of a worker's thread.
FETCHED_A_SECOND = 5.0
#: Characters of a page's address and query.
LONGEST = 2_000

Made = TypeVar("Made")


class Pages:
    """Answers for each address of the pages, and its ``.json``."""

    def __init__(self, settings: Settings, board: Board, surveyor: Surveyor, scoring: Scoring, fetch: Fetch) -> None:
        self._settings = settings
        self._board = board
        self._scoring = scoring
        self._lookup = Lookup(settings, board, scoring.scorer, fetch)
        self._bad = BadPage(board, surveyor)
        self._sources = SourcesPage(board, settings)
        self._incidents = IncidentsPage(board)
        self._copies = CopiesPage(board)
        self._dead = DeadPage(board)
        # One thread: the consumer behind it takes one question at a time.
        self._thread = ThreadPoolExecutor(1, "fetch")
        self._kept = KeptPages()
        self._rate = Rate(FETCHED_A_SECOND)

    def routes(self) -> list[web.RouteDef]:
        """Every address."""
        return [
            web.get("/", self._made(lambda asked: self._bad.html(Filter.of(asked)))),
            web.get("/index.json", self._made(lambda asked: self._bad.json(Filter.of(asked)))),
            web.get("/news.json", self._news),
            web.get("/article", self._article_of_id),
            web.get("/article/{place}", self._article),
            web.get("/sources", self._sources_or_one),
            web.get("/sources.json", self._sources_or_one),
            web.get("/sources/{name}", self._source),
            web.get("/incidents", self._made(lambda _: self._incidents.html())),
            web.get("/incidents.json", self._made(lambda _: self._incidents.json())),
            web.get("/copies", self._made(lambda _: self._copies.html())),
            web.get("/copies.json", self._made(lambda _: self._copies.json())),
            web.get("/copies/{place}", self._story),
            web.get("/dead", self._made(lambda asked: self._dead.html(asked.get("reason", "")[:100]))),
            web.get("/dead.json", self._made(lambda _: self._dead.json())),
            web.get("/try", self._try),
            web.post("/try", self._tried),
        ]

    async def stop(self, _: web.Application) -> None:
        """Take no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _once_a_second(self, request: web.Request, make: Callable[[], bytes]) -> bytes:
        """What is made of an address, made anew after a second at the soonest."""
        key = request.path_qs[:LONGEST]
        return self._kept.get(key) or self._kept.put(key, make)

    async def _fetched(self, request: web.Request, make: Callable[[], bytes]) -> web.Response:
        """The same for what is fetched from Kafka, in a thread; a few a second."""
        key = request.path_qs[:LONGEST]
        body = self._kept.get(key)
        if body is None:
            if (seconds := self._rate.turn(LONGEST_WAIT)) is None:
                raise web.HTTPTooManyRequests(text="too many requests; ask less often\n", headers={"Retry-After": "5"})
            await asyncio.sleep(seconds)
            # Another that asked for it may have waited before this one.
            body = await self._in_thread(lambda: self._kept.get(key) or self._kept.put(key, make))
        return json(body) if request.path.endswith(".json") else html(body)

    def _made(self, make: Callable[[Mapping[str, str]], bytes]) -> Handler:
        """What answers with a page, or JSON, that is made of the query alone."""

        async def answer(request: web.Request) -> web.StreamResponse:
            asked = dict(request.query)
            body = self._once_a_second(request, lambda: make(asked))
            return json(body) if request.path.endswith(".json") else html(body)

        return answer

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
        filter_, show = Filter.of(request.query), request.query.get("show", "")

        def draw() -> bytes:
            seen = self._lookup.see(place)
            if name.endswith(".json"):
                return article_json(seen)
            return article_page(seen, show, self._board.clock(), self._neighbours(place, filter_))

        return await self._fetched(request, draw)

    async def _in_thread(self, work: Callable[[], Made]) -> Made:
        try:
            future = asyncio.get_running_loop().run_in_executor(self._thread, work)
            return await asyncio.wait_for(asyncio.shield(future), SCORE_SECONDS)
        except NotKept as error:
            raise web.HTTPNotFound(text=f"{error}\n") from None
        except (Away, TimeoutError) as error:
            text = str(error) or "Kafka does not answer"
            raise web.HTTPServiceUnavailable(text=f"{text}; try again\n", headers={"Retry-After": "5"}) from None

    async def _sources_or_one(self, request: web.Request) -> web.Response:
        if name := request.query.get("name", "").strip():
            return await self._of_source(request, name)
        if request.path.endswith(".json"):
            return json(self._once_a_second(request, self._sources.json))
        return html(self._once_a_second(request, self._sources.html))

    async def _source(self, request: web.Request) -> web.Response:
        return await self._of_source(request, request.match_info["name"].removesuffix(".json"))

    async def _of_source(self, request: web.Request, source: str) -> web.Response:
        name, page = source[:LONGEST_SOURCE], self._sources
        draw = page.source_json if request.path.endswith(".json") else page.source_html
        return await self._fetched(request, lambda: draw(name, self._lookup.known(name)))

    async def _story(self, request: web.Request) -> web.Response:
        name = request.match_info["place"]
        place = read_place(name.removesuffix(".json"))
        story = self._board.copies.at(place) if place is not None else None
        if story is None:
            raise web.HTTPNotFound(text="no story with an article at this place is among the last that were copied\n")
        if name.endswith(".json"):
            return json(self._copies.story_json(story))
        asked = read_place(request.query.get("copy", "")) or place
        copy = next((each for each in story.copies if each.article.place == asked), story.copies[0])

        def draw() -> bytes:
            texts = self._lookup.article(story.earliest.place), self._lookup.article(copy.article.place)
            return self._copies.story_html(story, copy, texts)

        return await self._fetched(request, draw)

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
