"""The stage link: fingerprints in, what each copy is a copy of.

Reads ``articles.fingerprints``, by the article's id, in one partition: one order, one earliest copy, one window; a
second worker stands by. Writes ``articles.copies`` by the later article's id; an earlier copy that arrives later is a
second record under the same key. Its state is the window (``scoring/copies/window.py``): the signatures of the last
``copies_window_hours``, at most ``copies_window_megabytes``, some 400 bytes an article. It is read again from
``articles.fingerprints``, which is kept for longer. A fingerprint that was delivered twice is told by where its article
lies; one of a withdrawn article takes the article out. What does not decode is refused; it changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Self

from monitor.metrics import Metrics
from monitor.scoring.copies.compare import HOUR, Rules
from monitor.scoring.copies.fingerprint import Fingerprint, Unreadable
from monitor.scoring.copies.link import Linker, Outcome
from monitor.scoring.copies.record import COPY_CODES, KINDS, SCHEMA
from monitor.scoring.copies.search import MOST_FOUND
from monitor.scoring.copies.window import Window
from monitor.settings.kafka import TopicNames
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import COPIES, FINGERPRINTS

NOT_A_FINGERPRINT = "not_a_fingerprint"
NEW, COPIED, REPEATED, WITHDRAWN = "new", "copy", "repeated", "withdrawn"
TIME, BYTES = "time", "bytes"
#: The version of a copy's form.
HEADERS: Headers = (("monitor.schema", b"%d" % SCHEMA),)


class Link(Stage):
    """Tells of each article whether its story stood elsewhere before."""

    name = "link"
    reads = FINGERPRINTS
    writes = (COPIES,)
    stateful = True
    reasons = (NOT_A_FINGERPRINT,)
    #: How often the window's measures are told; nothing else hangs on it.
    tick_seconds = 10.0

    def __init__(
        self, metrics: Metrics, sources: SourceLabels, names: TopicNames, make_linker: Callable[[], Linker]
    ) -> None:
        """``names`` are those of the topics; ``make_linker`` gives one with an empty window."""
        self._metrics = metrics
        self._sources = sources
        self._copies = COPIES.full_name(names)
        self._make_linker = make_linker
        self._linkers: dict[int, Linker] = {}
        #: Sources whose counters stand at 0 at least.
        self._begun: set[str] = set()
        #: What was counted of the articles that the windows dropped: by time and by bytes.
        self._dropped = {TIME: 0, BYTES: 0}
        for outcome in (NEW, COPIED, REPEATED, WITHDRAWN):
            metrics.fingerprints.labels(outcome)
        for code in COPY_CODES:
            metrics.copy_flags.labels(code)
        for cause in self._dropped:
            metrics.window_dropped.labels(cause)

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage with an empty window."""
        settings, metrics = surroundings.settings, surroundings.metrics
        rules = Rules(fresh_seconds=settings.copies_fresh_hours * HOUR)
        seconds, most_bytes = settings.copies_window_hours * HOUR, settings.copies_window_megabytes * 1_000_000
        return cls(
            metrics,
            SourceLabels(
                settings.source_labels,
                settings.source_allow,
                lambda source: metrics.copies.remove_by_labels({"source": source}),
            ),
            settings.topic_names,
            lambda: Linker(Window(seconds, most_bytes), rules),
        )

    def outputs(self, record: InputRecord) -> Sequence[Output]:
        """The article as a copy, and those of which it is the earlier copy, arrived late.

        Raises:
            Refused: the record is no fingerprint, or not of the article that its key names.
        """
        try:
            fingerprint = Fingerprint.decode(record.value or b"")
            if fingerprint.id.encode("utf-8", "surrogatepass") != record.key:
                raise Unreadable(f"a fingerprint of the article {fingerprint.id!r} under the key {record.key!r}")
        except Unreadable as error:
            raise Refused(NOT_A_FINGERPRINT, "decode", error) from error
        if record.partition not in self._linkers:
            self._linkers[record.partition] = self._make_linker()
        outcome = self._linkers[record.partition].link(fingerprint, record.timestamp or 0.0)
        self._count(fingerprint, outcome)
        return [Output(self._copies, copy.article.id.encode(), copy.encode(), HEADERS) for copy in outcome.copies]

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        """Nothing; the window's measures are told."""
        windows = [linker.window for linker in self._linkers.values()]
        metrics = self._metrics
        metrics.window_articles.set(sum(window.articles for window in windows))
        metrics.window_bytes.set(sum(window.nbytes for window in windows))
        metrics.window_slices.set(sum(window.slices for window in windows))
        metrics.window_oldest.set(min((window.begin for window in windows), default=math.nan))
        for_bytes = sum(window.dropped_for_bytes for window in windows)
        for cause, dropped in (
            (BYTES, for_bytes),
            (TIME, sum(window.dropped_articles for window in windows) - for_bytes),
        ):
            metrics.window_dropped.labels(cause).inc(max(dropped - self._dropped[cause], 0))
            self._dropped[cause] = dropped
        return ()

    def drop(self, partition: int) -> None:
        """Throw the window of a partition away."""
        self._linkers.pop(partition, None)
        self.tick(partition, 0.0)

    def _count(self, fingerprint: Fingerprint, outcome: Outcome) -> None:
        metrics = self._metrics
        own = [copy for copy in outcome.copies if copy.article.place == fingerprint.place]
        metrics.copies_corrected.inc(len(outcome.copies) - len(own))
        if outcome.repeated or fingerprint.withdrawn:
            metrics.fingerprints.labels(REPEATED if outcome.repeated else WITHDRAWN).inc()
            return
        source = self._sources.label(fingerprint.source)
        if source not in self._begun:
            self._begun.add(source)
            for kind in KINDS:
                metrics.copies.labels(source, kind)
        for copy in own:
            metrics.copies.labels(source, copy.kind).inc()
            for flag in copy.flags:
                metrics.copy_flags.labels(flag.code).inc()
        metrics.fingerprints.labels(COPIED if own else NEW).inc()
        metrics.copies_met.observe(outcome.met)
        metrics.copies_verified.observe(outcome.verified)
        metrics.copies_hot.inc(outcome.met == MOST_FOUND)
