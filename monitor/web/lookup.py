"""What a page fetches from Kafka when it is looked at: articles by their places, and what is known of a source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from monitor.articles.article import Article
from monitor.scoring.copies.record import Place
from monitor.scoring.score import Scorer
from monitor.scoring.sources import stored
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.kept_articles import article_of
from monitor.streaming.place import place_text
from monitor.web.kept.board import Board
from monitor.web.views.article import Seen
from monitor.web.views.sources import Known, known_of

#: Gives the record at a place; ``None`` where it is no longer kept. Raises Away.
Fetch = Callable[[Place], InputRecord | None]


class NotKept(Exception):
    """The article is no longer kept; the message says so to a person."""


class Lookup:
    """Fetches what pages show. To be called in a thread: Kafka is waited for."""

    def __init__(self, settings: Settings, board: Board, scorer: Scorer, fetch: Fetch) -> None:
        self._settings = settings
        self._board = board
        self._scorer = scorer
        self._fetch = fetch

    def see(self, place: Place) -> Seen:
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
            verdict, fits = self._scorer.score(article, datetime.now(UTC)), False
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

    def article(self, place: Place) -> Article | None:
        """The article at a place; ``None`` where it is no longer kept.

        Raises:
            Away: Kafka does not answer.
        """
        record = self._fetch(place)
        return article_of(record, place.item, self._settings) if record is not None else None

    def known(self, source: str) -> Known | None:
        """What is known of a source, with its last article as an example; ``None`` where nothing is.

        Raises:
            Away: Kafka does not answer.
        """
        place = self._board.known.place(source)
        record = self._fetch(place) if place is not None else None
        if record is None or record.value is None:
            return None
        try:
            _, templates = stored.decode(record.value)
        except stored.UnreadableSource:
            return None
        last = templates.positions[-1] if templates.positions else None
        article = self.article(Place(last.topic, last.partition, last.offset, last.item)) if last is not None else None
        return known_of(templates, article)

    def _published(self, place: Place) -> Verdict | None:
        record = self._fetch(place)
        try:
            return msgspec.json.decode(record.value or b"", type=Verdict) if record is not None else None
        except msgspec.MsgspecError:
            return None
