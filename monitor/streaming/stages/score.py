"""The stage score: articles in, verdicts out.

Reads ``articles`` by any key. Writes ``articles.scored`` (every verdict) and ``articles.flagged`` (the bad
ones), both by the article's id and with the header ``monitor.place``, which says where the article lies
(``streaming/place.py``), and what later stages need of each: ``articles.sightings``, by the source, and
``articles.fingerprints``, by the id; where the settings ask for them also
``articles.clean`` and ``articles.routed`` (``downstream.py``). Follows ``sources.templates``: holds what
is known of each source, as bytes, and no state of its own. A record that does not decode, or that the scorer fails
on, is refused with the reason; nothing that a record holds can end the stage.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Self

import msgspec

from monitor.articles.article import Article
from monitor.articles.decode import Decoder, Item
from monitor.articles.errors import Reason, Undecodable, place
from monitor.metrics import Metrics
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies import fingerprint
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.record import Place
from monitor.scoring.score import NOTHING_KNOWN, Scored, Scorer
from monitor.scoring.sources import stored
from monitor.scoring.sources.sighting import SCHEMA, Sighting, source_key
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.verdict import Verdict
from monitor.settings.kafka import TopicNames
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.place import HEADER, place_text, where_of
from monitor.streaming.stages.downstream import CLEAN, ROUTED, Downstream
from monitor.streaming.stages.resends import Resends
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import ARTICLES, FINGERPRINTS, SIGHTINGS, TEMPLATES, Topic

log = logging.getLogger(__name__)

SCORED = Topic("articles.scored", "article id", "every verdict")
FLAGGED = Topic("articles.flagged", "article id", "the verdicts of bad copies")

#: The version of a sighting's form. An older stage reads a newer sighting and leaves out what it does not know.
SIGHTING_HEADERS: Headers = (("monitor.schema", b"%d" % SCHEMA),)
FINGERPRINT_HEADERS: Headers = (("monitor.schema", b"%d" % fingerprint.SCHEMA),)

#: Sources whose templates are kept decoded, those read last: some 10 MB. Decoding takes 0.02 ms.
MOST_DECODED = 1_000

#: Reasons of a dead letter beside those of decoding.
SCORING_FAILED, VERDICT_TOO_LARGE = "scoring_failed", "verdict_too_large"


class Score(Stage):
    """Turns one article into its verdict."""

    name = "score"
    reads = ARTICLES
    writes = (SCORED, FLAGGED, SIGHTINGS, FINGERPRINTS, CLEAN, ROUTED)
    follows = (TEMPLATES,)
    reasons = (*Reason, SCORING_FAILED)
    too_large = VERDICT_TOO_LARGE

    def __init__(
        self,
        decoder: Decoder,
        scorer: Scorer,
        names: TopicNames,
        metrics: Metrics,
        sources: SourceLabels,
        clock: Callable[[], datetime],
        downstream: Downstream | None = None,
    ) -> None:
        """``names`` are those of the topics; without ``downstream`` nothing goes to those topics."""
        self._decoder = decoder
        self._scorer = scorer
        self._scored = SCORED.full_name(names)
        self._flagged = FLAGGED.full_name(names)
        self._sightings = SIGHTINGS.full_name(names)
        self._fingerprints = FINGERPRINTS.full_name(names)
        #: By the key of its source: as bytes they take a third of the memory. Those of the last sources are decoded.
        self._templates: dict[bytes, bytes] = {}
        self._decoded: OrderedDict[bytes, SourceTemplates] = OrderedDict()
        self._metrics = metrics
        self._sources = sources
        self._clock = clock
        self._downstream = downstream or Downstream()
        self._encode = msgspec.json.Encoder().encode
        self._resends = Resends()

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage with the model and the thresholds of the settings."""
        settings = surroundings.settings
        return cls(
            settings.decoder(),
            Scorer(Model.load(), settings.thresholds_for),
            settings.topic_names,
            surroundings.metrics,
            SourceLabels(settings.source_labels, settings.source_allow, surroundings.metrics.end_source),
            surroundings.clock,
            Downstream.of_settings(settings),
        )

    @classmethod
    def group(cls, group: str) -> str:
        """The setting itself: there were groups of that name before there was a second stage."""
        return group

    def outputs(self, record: InputRecord) -> Sequence[Output | Refused]:
        """The verdict of each article in the record, on one or two topics, and its sighting.

        Raises:
            Refused: the record is no article, or the scorer failed on it.
        """
        items = self._decoder.articles(
            record.value, key=record.key, headers=record.headers, arrived_at=record.timestamp
        )
        outputs: list[Output | Refused] = []
        verdicts: list[Verdict] = []
        try:
            for item in items:
                outputs += self._of_item(record, item, verdicts)
        except Exception as error:
            # A defect of a decoder must cost neither the record nor the worker.
            raise self._failed(record, error, None) from error
        if len(outputs) == 1 and isinstance(refused := outputs[0], Refused):
            raise refused
        return [*outputs, *self._downstream.routed_records(record, verdicts)]

    def _of_item(self, record: InputRecord, item: Item, verdicts: list[Verdict]) -> list[Output | Refused]:
        """What is written of one article, whose verdict is added to ``verdicts``."""
        if isinstance(item.article, Undecodable):
            return [Refused(str(item.article.reason), "decode", item.named_error(item.article), item.number)]
        try:
            with self._metrics.scoring.time():
                key = source_key(item.article.source).encode()
                scored_article = self._scorer.read(item.article, self._clock(), self._known(key))
                verdict = scored_article.verdict
                value = self._encode(verdict)
                where = where_of(record, item.number)
                sighting = _sighting_of(scored_article, where)
                story = Fingerprint.of_verdict(verdict, item.article, scored_article.text, **where)
                cleaned = self._downstream.clean_articles(item.article, verdict)
        except Exception as error:  # noqa: BLE001 - a defect of the scorer must cost neither the record nor the worker
            return [self._failed(record, error, item.number)]
        self._count(item.article, verdict)
        verdicts.append(verdict)
        place = Place(record.topic, record.partition, record.offset, item.number or 0)
        scored = Output(self._scored, verdict.id.encode(), value, ((HEADER, place_text(place).encode()),))
        flagged = [scored._replace(topic=self._flagged)] if verdict.bad else []
        for_later_stages = [
            Output(self._sightings, key, sighting.encode(), SIGHTING_HEADERS),
            Output(self._fingerprints, scored.key, story.encode(), FINGERPRINT_HEADERS),
        ]
        return [scored, *flagged, *for_later_stages, *cleaned]

    def follow(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        """Keep what is known of a source; of a record that does not decode nothing is known."""
        self._templates.pop(key, None)
        self._decoded.pop(key, None)
        if value is not None:
            try:
                name, source = stored.decode(value)
                self._templates[key] = stored.encode(name, source.for_scoring())
            except stored.UnreadableSource as error:
                self._metrics.unreadable_templates.inc()
                log.warning("%s: the templates of the source %r are left out: %s", topic.name, key, error)
        self._metrics.sources_followed.set(len(self._templates))

    def _known(self, key: bytes) -> SourceTemplates:
        value = self._templates.get(key)
        if value is None:
            return NOTHING_KNOWN
        source = self._decoded.pop(key, None) or stored.decode(value)[1]
        self._decoded[key] = source
        if len(self._decoded) > MOST_DECODED:
            self._decoded.popitem(last=False)
        return source

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


def _sighting_of(scored: Scored, where: dict[str, Any]) -> Sighting:
    return Sighting.of_verdict(scored.verdict, scored.marks, scored.model_odds, scored.judged_by, **where)
