"""The stage score: articles in, verdicts and dead letters out.

Reads ``articles`` by any key. Writes ``articles.scored`` (every verdict) and ``articles.flagged``
(the bad ones), both by the article's id, and ``articles.dead`` by the record's own key. Holds no
state. A record that does not decode, or that the scorer fails on, is a dead letter with the reason;
nothing a record holds can end the stage.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from monitor.articles.article import Article
from monitor.articles.errors import Reason, Undecodable, place
from monitor.metrics import Metrics, SourceLabels
from monitor.scoring import flags
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.streaming.deadletters.letter import dead_letter, without_value
from monitor.streaming.engine.deliveries import Instead, Output
from monitor.streaming.stages.latest_bad import Recent
from monitor.streaming.stages.resends import Resent
from monitor.streaming.topics import Topics

log = logging.getLogger(__name__)

#: Reasons of a dead letter beside those of decoding.
SCORING_FAILED, VERDICT_TOO_LARGE = "scoring_failed", "verdict_too_large"


class Record(Protocol):
    """What the stage needs of a Kafka record."""

    topic: str
    partition: int
    offset: int
    timestamp: float | None
    key: bytes | None
    value: bytes | None
    headers: object


class Stage:
    """Turns one record into its outputs."""

    def __init__(
        self,
        decode: Callable[[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]], Article],
        scorer: Scorer,
        topics: Topics,
        metrics: Metrics,
        sources: SourceLabels,
        recent: Recent,
        clock: Callable[[], datetime],
    ) -> None:
        """``decode`` takes a record's value, key and headers."""
        self._decode = decode
        self._scorer = scorer
        self._topics = topics
        self._metrics = metrics
        self._sources = sources
        self._recent = recent
        self._clock = clock
        self._encode = msgspec.json.Encoder().encode
        self._resent = Resent()
        self._begun: set[str] = set()
        for reason in (*Reason, SCORING_FAILED, VERDICT_TOO_LARGE):
            metrics.dead_letters.labels(reason)
        for topic in (topics.scored, topics.flagged, topics.dead):
            metrics.deliveries.labels(topic)

    def outputs(self, record: Record) -> list[Output]:
        """The outputs of one record: its verdict on one or two topics, or its dead letter."""
        headers = headers_of(record)
        try:
            with self._metrics.scoring.time():
                article = self._decode(record.value, record.key, headers)
                verdict = self._scorer.score(article, self._clock())
                value = self._encode(verdict)
        except Undecodable as error:
            return [self._dead(record, headers, str(error.reason), "decode", error)]
        except Exception as error:
            # A defect of the scorer must cost neither the record nor the worker.
            where = (record.topic, record.partition, record.offset)
            log.error("%s-%d@%d: scoring failed: %s", *where, place(error))
            log.debug("%s-%d@%d: scoring failed", *where, exc_info=True)
            return [self._dead(record, headers, SCORING_FAILED, "score", error)]
        self._count(article, verdict)
        self._recent.add(verdict)
        key = verdict.id.encode()
        scored = Output(self._topics.scored, key, value)
        return [scored, scored._replace(topic=self._topics.flagged)] if verdict.bad else [scored]

    def instead(self, record: Record) -> Instead:
        """What to deliver in place of an output of this record that is too large for its topic.

        A dead letter for its verdict, one even where both topics refuse that; the dead letter without
        its value for a dead letter.
        """
        told = False

        def instead(output: Output) -> list[Output] | None:
            nonlocal told
            if output.topic == self._topics.dead:
                smaller = without_value(output)
                return None if smaller is None else [smaller]
            if told:
                return []
            told = True
            error = ValueError(f"a verdict of {len(output.value or b'')} bytes is more than {output.topic} takes")
            return [self._dead(record, headers_of(record), VERDICT_TOO_LARGE, "deliver", error)]

        return instead

    def _dead(
        self,
        record: Record,
        headers: tuple[tuple[str, bytes], ...],
        reason: str,
        stage: str,
        error: Exception,
    ) -> Output:
        self._metrics.dead_letters.labels(reason).inc()
        log.warning("%s-%d@%d is a dead letter: %s", record.topic, record.partition, record.offset, reason)
        return dead_letter(
            self._topics.dead,
            source=(record.topic, record.partition, record.offset),
            key=record.key,
            value=record.value,
            headers=headers,
            timestamp=record.timestamp,
            reason=reason,
            stage=stage,
            error=error,
        )

    def _count(self, article: Article, verdict: Verdict) -> None:
        metrics, source = self._metrics, self._sources.label(verdict.source)
        if source not in self._begun:
            self._begun.add(source)
            metrics.begin_source(source, flags.CODES)
        metrics.articles.labels(source, "bad" if verdict.bad else "good").inc()
        for flag in verdict.flags:
            metrics.flags.labels(source, flag.code).inc()
        metrics.repetition.labels(source).observe(verdict.repetition)
        metrics.boilerplate.labels(source).observe(verdict.boilerplate)
        if self._resent.seen(article.id, article.text):
            metrics.resent.labels(source).inc()
        metrics.last_article.labels(source).set(verdict.scored_at.timestamp())


def headers_of(record: Record) -> tuple[tuple[str, bytes], ...]:
    """A record's headers as pairs, an empty value for none; Faust gives a list, a mapping or nothing."""
    headers = record.headers or ()
    pairs = headers.items() if isinstance(headers, dict) else headers
    return tuple((name, value or b"") for name, value in pairs)  # type: ignore[attr-defined]
