"""The stage score: articles in, verdicts out.

Reads ``articles`` by any key. Writes ``articles.scored`` (every verdict) and ``articles.flagged`` (the bad
ones), both by the article's id. Holds no state. A record that does not decode, or that the scorer fails
on, is refused with the reason; nothing that a record holds can end the stage.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

import msgspec

from monitor.articles.article import Article
from monitor.articles.decode import Decoder, Item
from monitor.articles.errors import Reason, Undecodable, place
from monitor.metrics import Metrics
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.latest_bad import LatestBad
from monitor.streaming.stages.resends import Resends
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import ARTICLES, Topic

log = logging.getLogger(__name__)

SCORED = Topic("articles.scored", "article id", "every verdict")
FLAGGED = Topic("articles.flagged", "article id", "the verdicts of bad copies")

#: Reasons of a dead letter beside those of decoding.
SCORING_FAILED, VERDICT_TOO_LARGE = "scoring_failed", "verdict_too_large"


class Score(Stage):
    """Turns one article into its verdict."""

    name = "score"
    reads = ARTICLES
    writes = (SCORED, FLAGGED)
    reasons = (*Reason, SCORING_FAILED)
    too_large = VERDICT_TOO_LARGE

    def __init__(
        self,
        decoder: Decoder,
        scorer: Scorer,
        prefix: str,
        metrics: Metrics,
        sources: SourceLabels,
        latest_bad: LatestBad,
        clock: Callable[[], datetime],
    ) -> None:
        """``prefix`` is that of the topics' names."""
        self._decoder = decoder
        self._scorer = scorer
        self._scored = SCORED.full_name(prefix)
        self._flagged = FLAGGED.full_name(prefix)
        self._metrics = metrics
        self._sources = sources
        self._latest_bad = latest_bad
        self._clock = clock
        self._encode = msgspec.json.Encoder().encode
        self._resends = Resends()

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage with the model and the thresholds of the settings."""
        settings = surroundings.settings
        return cls(
            settings.decoder(),
            Scorer(Model.load(), settings.thresholds_for),
            settings.topic_prefix,
            surroundings.metrics,
            SourceLabels(settings.source_labels, settings.source_allow, surroundings.metrics.end_source),
            surroundings.latest_bad,
            surroundings.clock,
        )

    @classmethod
    def group(cls, group: str) -> str:
        """The setting itself: there were groups of that name before there was a second stage."""
        return group

    def outputs(self, record: InputRecord) -> Sequence[Output | Refused]:
        """The verdict of each article in the record, on one or two topics.

        Raises:
            Refused: the record is no article, or the scorer failed on it.
        """
        items = self._decoder.articles(
            record.value, key=record.key, headers=record.headers, arrived_at=record.timestamp
        )
        outputs: list[Output | Refused] = []
        try:
            for item in items:
                outputs += self._of_item(record, item)
        except Exception as error:
            # A defect of a decoder must cost neither the record nor the worker.
            raise self._failed(record, error, None) from error
        if len(outputs) == 1 and isinstance(refused := outputs[0], Refused):
            raise refused
        return outputs

    def _of_item(self, record: InputRecord, item: Item) -> list[Output | Refused]:
        if isinstance(item.article, Undecodable):
            return [Refused(str(item.article.reason), "decode", item.named_error(item.article), item.number)]
        try:
            with self._metrics.scoring.time():
                verdict = self._scorer.score(item.article, self._clock())
                value = self._encode(verdict)
        except Exception as error:  # noqa: BLE001 - a defect of the scorer must cost neither the record nor the worker
            return [self._failed(record, error, item.number)]
        self._count(item.article, verdict)
        self._latest_bad.add(verdict)
        scored = Output(self._scored, verdict.id.encode(), value)
        return [scored, scored._replace(topic=self._flagged)] if verdict.bad else [scored]

    def _failed(self, record: InputRecord, error: Exception, item: int | None) -> Refused:
        """The refusal of what a defect failed on; its place goes to the log without the article's text."""
        where = (record.topic, record.partition, record.offset)
        log.error("%s-%d@%d: scoring failed: %s", *where, place(error))
        log.debug("%s-%d@%d: scoring failed", *where, exc_info=error)
        return Refused(SCORING_FAILED, "score", error, item)

    def _count(self, article: Article, verdict: Verdict) -> None:
        metrics, source = self._metrics, self._sources.label(verdict.source)
        metrics.begin_source(source, flags.CODES)
        metrics.articles.labels(source, "bad" if verdict.bad else "good").inc()
        for flag in verdict.flags:
            metrics.flags.labels(source, flag.code).inc()
        metrics.repetition.labels(source).observe(verdict.repetition)
        metrics.boilerplate.labels(source).observe(verdict.boilerplate)
        if self._resends.seen(article.id, article.text):
            metrics.resent.labels(source).inc()
        metrics.last_article.labels(source).set(verdict.scored_at.timestamp())
