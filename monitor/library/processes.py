"""Scores articles one after the other, or in several processes, always in the order in which they come."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from monitor.articles.article import Article
from monitor.scoring.verdict import Verdict

log = logging.getLogger(__name__)

#: Scores one article. Called in a process of its own where there are several.
Score = Callable[[Article], Verdict]
#: Articles that a process is given at once: fewer cost more to send, more wait longer for the first verdict.
TOGETHER = 16
#: Chunks a process has in hand or waiting, so that none is idle and memory stays bounded.
WAITING = 3


class NotScored(Exception):
    """Scoring an article failed, or ended the process; the message says how."""


class Item(NamedTuple):
    """What comes in: where it stands, for a person, and the article, or why it could not be read."""

    origin: str
    article: Article | Exception


class Outcome(NamedTuple):
    """What comes out.

    ``article`` is ``None`` where it could not be read; ``verdict`` is then the error, or :class:`NotScored`.
    """

    origin: str
    article: Article | None
    verdict: Verdict | Exception


def outcomes(items: Iterable[Item], make_score: Callable[[], Score], jobs: int = 1) -> Generator[Outcome, None, None]:
    """An outcome for each item, in order, as soon as it is known.

    ``make_score`` is called once in each process; with more than one job it must be picklable. An article that fails
    to score, or ends its process, is one outcome, and the rest goes on. Holds a few dozen articles a process.
    """
    if jobs <= 1:
        score = make_score()
        for item in items:
            yield _outcome(item, score)
        return
    workers = _Workers(make_score, jobs)
    try:
        source = iter(items)
        while True:
            while workers.has_room and (chunk := list(islice(source, TOGETHER))):
                workers.give(chunk)
            if workers.is_empty:
                return
            yield from workers.take()
    finally:
        workers.end()


def _outcome(item: Item, score: Score) -> Outcome:
    if isinstance(item.article, Exception):
        return Outcome(item.origin, None, item.article)
    return Outcome(item.origin, item.article, _verdict(item.article, score))


def scored(article: Article, score: Score) -> Verdict:
    """The verdict of one article.

    Raises:
        NotScored: whatever the text set off in the scorer.
    """
    try:
        return score(article)
    except Exception as error:
        raise NotScored(f"could not be scored: {type(error).__name__}: {error}") from error


def _verdict(article: Article, score: Score) -> Verdict | NotScored:
    """The verdict, or why there is none, so that the next article is scored."""
    try:
        return scored(article, score)
    except NotScored as error:
        # Without its trace, which would hold the article, and cannot be sent to another process.
        return NotScored(*error.args)


_score: Score


def _begin(make_score: Callable[[], Score]) -> None:
    global _score
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    # Ctrl-C reaches every process of a terminal; the one that started these ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _score = make_score()


def _end_after(parent: BaseProcess) -> None:
    """End this process with the one that started it; a pool's processes would wait for ever for more work."""
    parent.join()
    os._exit(1)


def _score_all(articles: list[Article]) -> list[Verdict | NotScored]:
    """In a worker: only articles travel to it, and only verdicts back. What could not be read stays with the caller."""
    return [_verdict(article, _score) for article in articles]


class _Chunk:
    """Some items, their future, and how many processes have ended while they were being scored."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.future: Future[list[Verdict | NotScored]] | None = None
        self.ended = 0

    @property
    def articles(self) -> list[Article]:
        """Those that could be read."""
        return [item.article for item in self.items if isinstance(item.article, Article)]

    def outcomes(self, verdicts: Iterable[Verdict | NotScored]) -> list[Outcome]:
        """The items with the verdicts of their articles."""
        ready = iter(verdicts)
        return [
            Outcome(item.origin, item.article, next(ready))
            if isinstance(item.article, Article)
            else Outcome(item.origin, None, item.article)
            for item in self.items
        ]


class _Workers:
    """A pool of processes that is made anew when one of them ends by itself (a crash, the kernel's out-of-memory)."""

    def __init__(self, make_score: Callable[[], Score], jobs: int) -> None:
        self._make_score, self._jobs = make_score, jobs
        self._chunks: deque[_Chunk] = deque()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # A new interpreter for each: a fork would copy the caller's threads and locks as they happen to stand.
        return ProcessPoolExecutor(
            self._jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(self._make_score,)
        )

    @property
    def has_room(self) -> bool:
        return len(self._chunks) < WAITING * self._jobs

    @property
    def is_empty(self) -> bool:
        return not self._chunks

    def give(self, items: list[Item]) -> None:
        self._chunks.append(_Chunk(items))
        self._submit(self._chunks[-1])

    def _submit(self, chunk: _Chunk) -> None:
        try:
            chunk.future = self._pool.submit(_score_all, chunk.articles)
        except BrokenProcessPool:
            chunk.future = None

    def take(self) -> list[Outcome]:
        """The outcomes of the first chunk; waits for it."""
        chunk = self._chunks[0]
        try:
            if chunk.future is None:
                raise BrokenProcessPool
            verdicts = chunk.future.result()
        except BrokenProcessPool:
            return self._take_apart(chunk)
        self._chunks.popleft()
        return chunk.outcomes(verdicts)

    def _take_apart(self, chunk: _Chunk) -> list[Outcome]:
        """A process ended: begin again, the first chunk an article at a time once it was there twice."""
        log.warning("a process that scores ended by itself or was killed; what it had in hand is scored again")
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new_pool()
        chunk.ended += 1
        if chunk.ended > 1:
            self._chunks.popleft()
            if len(chunk.items) == 1:
                self._submit_all()
                return chunk.outcomes([NotScored("could not be scored: the process that scored it ended, twice")])
            self._chunks.extendleft(_Chunk([item]) for item in reversed(chunk.items))
        self._submit_all()
        return []

    def _submit_all(self) -> None:
        for chunk in self._chunks:
            self._submit(chunk)

    def end(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
