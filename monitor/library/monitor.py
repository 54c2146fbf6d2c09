"""Verdicts of texts, records and files, for a program of one's own.

Nothing here reads ``monitor.toml`` or the environment: what is not given as an argument has its default.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.files import read
from monitor.articles.html_shape import looks_like_html
from monitor.cache import cache_folder
from monitor.library.paths import files_in
from monitor.library.processes import Item, Score, outcomes, scored
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.cut import SURE, CleanArticle
from monitor.scoring.language import Detector
from monitor.scoring.score import Scorer
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.stream import StreamScorer
from monitor.scoring.verdict import Verdict

#: What an article may be given as: plain text or HTML; bytes as a file holds them; a JSON object; an article.
ArticleLike = str | bytes | Mapping[str, Any] | Article
#: Told where something stands and why there is no verdict of it.
OnError = Callable[[str, Exception], None]


class Monitor:
    """Scores articles by thresholds of one's own: ``Monitor(thin_words=30)``, by the names in ``monitor settings``.

    ``fields`` says where the fields of an article stand in an object, by dotted paths: ``{"body": "content.html"}``.
    The model is loaded with the first verdict, and once in a process. One monitor may be used by several threads, which
    share one core all the same; for more cores give ``jobs``.

    Raises:
        TypeError: there is no such threshold.
        ValueError: a threshold is out of its bounds.
    """

    def __init__(self, *, fields: Mapping[str, str] | None = None, **thresholds: float) -> None:
        if unknown := sorted(set(thresholds) - set(flags.THRESHOLDS)):
            raise TypeError(f"no such threshold: {', '.join(unknown)}; there are {', '.join(flags.THRESHOLDS)}")
        self._decoder = Decoder(dict(fields or {}))
        flags.thresholds(**thresholds)
        self._make_score = MakeScore(tuple(thresholds.items()))

    def article(self, value: ArticleLike) -> Article:
        """The article in what is given; ``article.text`` is the text to which a verdict's offsets belong.

        Raises:
            Undecodable: there is no text in it, or it is too large; or bytes that hold several articles.
        """
        if isinstance(value, Article):
            return value
        if isinstance(value, str):
            kind = b"text/html" if looks_like_html(value) else b"text/plain"
            return self._decoder.decode(value.encode("utf-8", "replace"), headers=[("content-type", kind)])
        if isinstance(value, Mapping):
            fields = {name: _plain(cell) for name, cell in value.items()}
            return self._decoder.decode(json.dumps(fields, default=str).encode())
        first, *others = [record.article for record in read("", io.BytesIO(value), self._decoder)]
        if others:
            raise Undecodable(Reason.NOT_AN_OBJECT, f"holds {1 + len(others)} articles; use score_files for its file")
        if isinstance(first, Undecodable):
            raise first
        return first

    def score(self, value: ArticleLike) -> Verdict:
        """The verdict of one article.

        Raises:
            Undecodable: as :meth:`article`.
            NotScored: the scorer failed on it; of one article that says nothing of the next.
        """
        return scored(self.article(value), self._score)

    def clean(self, value: ArticleLike, *, boilerplate: float = SURE) -> CleanArticle:
        """The article without what repeats in it and what is boilerplate from a probability on, and what was cut.

        Raises:
            Undecodable, NotScored: as :meth:`score`.
        """
        article = self.article(value)
        return CleanArticle.of_verdict(article, scored(article, self._score), boilerplate)

    def score_many(
        self, values: Iterable[ArticleLike], *, jobs: int = 1, on_error: OnError | None = None
    ) -> Iterator[Verdict]:
        """A verdict for each article, in order, as soon as it is known; ``origin`` says which: "article 17".

        Lazy: ``values`` may be endless. ``jobs`` processes share the work; as always with Python's processes, the
        program that asks for more than one needs ``if __name__ == "__main__":`` around what it does.
        What cannot be read or scored goes to ``on_error``, and the rest goes on.

        Raises:
            Undecodable, NotScored: an article could not be read or scored, and ``on_error`` is not given.
        """
        return self._verdicts(map(self._item, _places(), values), jobs, on_error)

    def score_files(
        self, paths: Iterable[str | Path], *, jobs: int = 1, on_error: OnError | None = None
    ) -> Iterator[tuple[str, Verdict]]:
        """Where each article stands ("feed.xml item 3"), and its verdict, of files, folders and patterns, in order.

        Lazy, ``jobs`` and ``on_error`` as in :meth:`score_many`.
        """
        for verdict in self._verdicts(self._items_of(paths), jobs, on_error):
            yield str(verdict.origin), verdict

    @property
    def _score(self) -> Score:
        return _loaded(self._make_score)

    def _item(self, place: str, value: ArticleLike) -> Item:
        try:
            return Item(place, self.article(value))
        except Undecodable as error:
            return Item(place, error)

    def _items_of(self, paths: Iterable[str | Path]) -> Iterator[Item]:
        for path in files_in(paths):
            try:
                with path.open("rb") as stream:
                    for record in read(str(path), stream, self._decoder):
                        yield Item(record.name, record.article)
            except OSError as error:
                yield Item(str(path), Undecodable(Reason.UNREADABLE, f"cannot be read: {error.strerror or error}"))

    def _verdicts(self, items: Iterable[Item], jobs: int, on_error: OnError | None) -> Iterator[Verdict]:
        make_score = self._make_score if jobs > 1 else partial(_loaded, self._make_score)
        for origin, _, verdict in outcomes(items, make_score, jobs):
            if isinstance(verdict, Verdict):
                yield msgspec.structs.replace(verdict, origin=origin)
            elif on_error is None:
                raise verdict
            else:
                on_error(origin, verdict)


@dataclass(frozen=True)
class MakeScore:
    """Makes what scores one article, with the clock in it; itself small, so that it can be sent to a process.

    ``thresholds`` are names and values, ``sources`` the same of single sources beside the common ones. With ``stream``
    each article is scored by what those before it taught of its source, and ``on_incident`` is called with each record
    of an incident; that is one process's work.
    """

    thresholds: tuple[tuple[str, float], ...] = ()
    sources: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    stream: bool = False
    on_incident: Callable[[Incident], object] | None = None

    def __call__(self) -> Score:
        """Load the models."""
        common = flags.thresholds(**dict(self.thresholds))
        own = {source: flags.thresholds(**dict(self.thresholds + values)) for source, values in self.sources}
        scorer = Scorer(Model.load(), lambda source: own.get(source, common), Detector.load(cache_folder()))
        score: Callable[[Article, datetime], Verdict] = scorer.score
        if self.stream:
            score = StreamScorer(scorer, on_incident=self.on_incident or (lambda _: None)).score
        return lambda article: score(article, datetime.now(UTC))


@cache
def _loaded(make_score: MakeScore) -> Score:
    """One scorer for each set of thresholds in this process."""
    return make_score()


def _places() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"article {number}"


def _plain(value: object) -> object:
    """A field as JSON would have it, from a row of a table: dates and bytes as texts, nothing for pandas' nan.

    Bytes that are no text in UTF-8, as of a picture, are left out.
    """
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    return None if isinstance(value, float) and math.isnan(value) else value


def score(value: ArticleLike) -> Verdict:
    """The verdict of one article, by the thresholds that ship; see :meth:`Monitor.score`."""
    return Monitor().score(value)


def clean(value: ArticleLike) -> CleanArticle:
    """One article without its repeats and boilerplate; see :meth:`Monitor.clean`."""
    return Monitor().clean(value)


def score_files(
    paths: Iterable[str | Path], *, jobs: int = 1, on_error: OnError | None = None
) -> Iterator[tuple[str, Verdict]]:
    """Verdicts of the articles in files, by the thresholds that ship; see :meth:`Monitor.score_files`."""
    return Monitor().score_files(paths, jobs=jobs, on_error=on_error)
