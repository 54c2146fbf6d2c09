"""Every metric: its name, its labels, what it counts, and what to do when it moves.

``docs/metrics.md`` is made from this file by ``make docs``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import Field, dataclass, field, fields
from functools import partial
from typing import Any, NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.metrics import MetricWrapperBase

# A series beside each counter and histogram that tells when it began; no rule reads them.
disable_created_metrics()  # type: ignore[no-untyped-call]

#: Ratios from "a line repeats" to "all of it".
RATIO_BUCKETS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
#: From a short article (a millisecond) to the largest that is let in (a second).
SCORING_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


#: From none to as many articles as are looked at.
FOUND_BUCKETS = (0.5, 1, 2, 5, 10, 20, 50, 100, 255)


class Description(NamedTuple):
    """What the documentation says of a metric."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str
    action: str


def _metric(
    kind: type[MetricWrapperBase],
    name: str,
    help_: str,
    action: str,
    labels: Sequence[str],
    buckets: Sequence[float] = (),
) -> Any:
    """A metric of :class:`Metrics`; each of these makes one of its own, in its own registry."""
    description = Description(name, kind.__name__.lower(), tuple(labels), help_, action)
    options: dict[str, Any] = {"buckets": buckets} if buckets else {}
    return field(
        init=False, metadata={"description": description, "make": partial(kind, name, help_, labels, **options)}
    )


@dataclass
class Metrics:
    """The metrics of one process, registered with its own registry."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _begun: set[str] = field(default_factory=set, init=False)

    build: Gauge = _metric(
        Gauge,
        "monitor_build_info",
        "Always 1; the version is the label.",
        "Compare across workers after an upgrade: two versions mean it has not finished.",
        ["version"],
    )
    articles: Counter = _metric(
        Counter,
        "monitor_articles_total",
        "Articles with a verdict, by source and whether the copy was good or bad.",
        "A bad share that rises: look at monitor_flags_total of the source. None at all: the source is silent, "
        "or the worker stands still (monitor_consumer_lag_records).",
        ["source", "verdict"],
    )
    flags: Counter = _metric(
        Counter,
        "monitor_flags_total",
        "Flags raised, by source and code; an article can raise several.",
        "A code that a source never had: its feed or its template changed; read a few of its articles.flagged.",
        ["source", "code"],
    )
    resent: Counter = _metric(
        Counter,
        "monitor_articles_resent_total",
        "Articles whose id and text this worker had scored before, among its latest ones, by source.",
        "A large share of a source's articles: its delivery sends its archive, or the same batch over and over.",
        ["source"],
    )
    repetition: Histogram = _metric(
        Histogram,
        "monitor_repetition_ratio",
        "Share of an article's characters that repeat an earlier paragraph, 0 to 1.",
        'A step upwards: a source delivers bodies twice; monitor_flags_total{code="repeated_body"} names it.',
        ["source"],
        RATIO_BUCKETS,
    )
    boilerplate: Histogram = _metric(
        Histogram,
        "monitor_boilerplate_ratio",
        "Share of an article's words in boilerplate paragraphs, 0 to 1.",
        "A step upwards: a source began to send navigation, disclaimers or link lists with its bodies.",
        ["source"],
        RATIO_BUCKETS,
    )
    last_article: Gauge = _metric(
        Gauge,
        "monitor_last_article_timestamp_seconds",
        "When the last article of a source was scored, Unix time.",
        "An age far above the source's habit: the source is silent; ask its delivery first.",
        ["source"],
    )
    scoring: Histogram = _metric(
        Histogram,
        "monitor_scoring_seconds",
        "Seconds to decode and score one record, dead letters included.",
        "A rising mean with flat sizes: the machine is short of CPU; add workers up to the partitions.",
        [],
        SCORING_BUCKETS,
    )
    dead_letters: Counter = _metric(
        Counter,
        "monitor_dead_letters_total",
        "Records that could not be decoded, scored or delivered, by reason.",
        "monitor deadletters list shows them; a sudden share of one reason is a changed producer. "
        "scoring_failed at all: a defect of this project.",
        ["reason"],
    )
    deliveries: Counter = _metric(
        Counter,
        "monitor_deliveries_total",
        "Outputs acknowledged by the broker, by topic.",
        "Stands still while articles arrive: the broker does not acknowledge; see retries.",
        ["topic"],
    )
    delivery_retries: Counter = _metric(
        Counter,
        "monitor_delivery_retries_total",
        "Outputs that were sent again after an error.",
        "Some while a broker restarts; steady ones: look at the brokers' health and quotas.",
        [],
    )
    in_flight: Gauge = _metric(
        Gauge,
        "monitor_deliveries_in_flight",
        "Articles whose outputs await the broker's acknowledgement.",
        "At its limit for minutes: the broker is slow or away, and the worker waits for it.",
        [],
    )
    oldest_event: Gauge = _metric(
        Gauge,
        "monitor_oldest_event_age_seconds",
        "Seconds the oldest event in hand has been in hand; 0 with none.",
        "Grows without end: an event hangs; the worker ends itself at its deadline.",
        [],
    )
    bytes_in_hand: Gauge = _metric(
        Gauge,
        "monitor_bytes_in_hand",
        "Bytes of the records read and not yet finished.",
        "At max_bytes_in_hand for long: more arrives than is handled, and reading waits; see the lag.",
        [],
    )
    loop_delay: Gauge = _metric(
        Gauge,
        "monitor_event_loop_delay_seconds",
        "Seconds by which the last turn of a timer of one second came late.",
        "Steadily above 1: the worker is short of CPU, or single articles take so long (monitor_scoring_seconds).",
        [],
    )
    state_records_left: Gauge = _metric(
        Gauge,
        "monitor_state_records_left",
        "Records that a stage must still read again to have its state; only then does it handle new ones.",
        "Falls after a start or a rebalance and then stays at 0. Does not fall: the broker does not answer "
        "(see the log). Takes too long: the worker needs more CPU, or its topic is kept longer than the state needs.",
        ["stage"],
    )
    sightings: Counter = _metric(
        Counter,
        "monitor_sightings_total",
        "Sightings of articles that the stage sources has read, by what became of them: learned; repeated, since the "
        "article or its story was counted already; or forgotten, where a person had a source forgotten, or there "
        "were too many.",
        "Stands still while articles are scored: the stage sources does not run (worker --stages). Nearly all "
        "repeated: a source sends one story over and over.",
        ["outcome"],
    )
    sources_learned: Gauge = _metric(
        Gauge,
        "monitor_sources_learned",
        "Sources of this worker's partitions whose templates are known or being learned.",
        "Grows without end: producers put something that changes, as a date, into the source's name.",
        [],
    )
    sources_followed: Gauge = _metric(
        Gauge,
        "monitor_sources_followed",
        "Sources whose templates this worker scores by.",
        "0 while monitor_sources_learned of the workers is not: sources.templates is not read; see the log.",
        [],
    )
    unreadable_templates: Counter = _metric(
        Counter,
        "monitor_unreadable_templates_total",
        "Records of sources.templates that do not decode; their sources are judged by the model alone.",
        "At all: something else writes to sources.templates; the log names the sources. Forget them: monitor templates "
        "forget.",
        [],
    )
    incident: Gauge = _metric(
        Gauge,
        "monitor_incident",
        "1 for each open incident, the worst incident_labels that nobody muted: the source, the kind (share, silence, "
        "flood, layout) and, for a share, the flag's code. Sources that broke together are one: many sources.",
        "At all: monitor incidents show tells since when, with examples; see docs/alerting.md.",
        ["source", "code", "kind"],
    )
    incident_since: Gauge = _metric(
        Gauge,
        "monitor_incident_since_timestamp_seconds",
        "When the source of each open incident broke, Unix time.",
        "Old: nobody has mended it; ask its publisher, or close it where it is to stay so: monitor incidents close.",
        ["source", "code", "kind"],
    )
    incidents_open: Gauge = _metric(
        Gauge,
        "monitor_incidents_open",
        "Open incidents by kind, those included that are muted or have no series.",
        "Many at once: the fault is nearer home than the sources; look at the deploys of that hour.",
        ["kind"],
    )
    incidents_beyond: Gauge = _metric(
        Gauge,
        "monitor_incidents_beyond",
        "Open incidents that nobody muted and that have no series, since there are more than incident_labels.",
        "At all: monitor incidents list shows them; close or mute what is known.",
        [],
    )
    fingerprints: Counter = _metric(
        Counter,
        "monitor_fingerprints_total",
        "Fingerprints that the stage link read, by outcome: new, copy, repeated (delivered again) or withdrawn.",
        "Many repeated: the scorers were restarted, or deliver again. None at all: the stage is nowhere assigned.",
        ["outcome"],
    )
    copies: Counter = _metric(
        Counter,
        "monitor_copies_total",
        "Articles that carry the story of an earlier one, by the later one's source and kind (copy, update, resend).",
        "A source that jumps: it began to take over another one's feed, or sends its own archive again.",
        ["source", "kind"],
    )
    copy_flags: Counter = _metric(
        Counter,
        "monitor_copy_flags_total",
        "Flags of copies, by code: copy, stale, headline_changed, shortened.",
        "stale that rises: an outlet sends old stories as new; articles.copies names it.",
        ["code"],
    )
    copies_corrected: Counter = _metric(
        Counter,
        "monitor_copies_corrected_total",
        "Copies that were told of another earliest copy, which arrived later than they did.",
        "Many: a source delivers late, or declares publications that were not.",
        [],
    )
    copies_met: Histogram = _metric(
        Histogram,
        "monitor_copies_met",
        "Articles of the window that have rows of words in common with an article, at most 256.",
        "Rises while copies do not: something recurs that is no story; look for notices that no template covers.",
        [],
        FOUND_BUCKETS,
    )
    copies_verified: Histogram = _metric(
        Histogram,
        "monitor_copies_verified",
        "Articles of the window of which an article is a copy, at most 256.",
        "Beyond a hundred: one story is sent over and over; articles.copies names it.",
        [],
        FOUND_BUCKETS,
    )
    copies_hot: Counter = _metric(
        Counter,
        "monitor_copies_hot_total",
        "Articles that met as many others as are looked at, 256: of a story sent over and over only some are compared.",
        "At all: one text floods the feed; its links still name the earliest copy, its reach may be counted low.",
        [],
    )
    window_articles: Gauge = _metric(
        Gauge,
        "monitor_copies_window_articles",
        "Articles in the window in which copies are linked.",
        "Halves at once: it is full (monitor_copies_window_dropped_total), or a restart reads it again.",
        [],
    )
    window_bytes: Gauge = _metric(
        Gauge,
        "monitor_copies_window_bytes",
        "Memory of that window, in bytes.",
        "Near copies_window_megabytes: its oldest articles are dropped before their time; raise that, or the window's "
        "hours are too many.",
        [],
    )
    window_slices: Gauge = _metric(
        Gauge,
        "monitor_copies_window_slices",
        "Slices of time that the window has, seven where it is full.",
        "Fewer for long: the window is bounded by its bytes, or the stage was started anew.",
        [],
    )
    window_oldest: Gauge = _metric(
        Gauge,
        "monitor_copies_window_oldest_timestamp_seconds",
        "Since when the window holds articles, Unix time.",
        "Younger than copies_window_hours: copies of older stories are not seen.",
        [],
    )
    window_dropped: Counter = _metric(
        Counter,
        "monitor_copies_window_dropped_total",
        "Articles that left the window, by cause: time, or bytes, for want of room.",
        "bytes at all: raise copies_window_megabytes, or lower copies_window_hours.",
        ["cause"],
    )
    incidents_told: Counter = _metric(
        Counter,
        "monitor_incidents_total",
        "Incidents that this worker opened and closed, by kind and event (opened, closed).",
        "Many opened and closed soon: a source goes to and fro; its examples tell what changes.",
        ["kind", "event"],
    )
    unreadable_habits: Counter = _metric(
        Counter,
        "monitor_unreadable_habits_total",
        "Sources whose stored habits do not decode; they are learned anew, as of a new source.",
        "At all: something else writes to sources.templates, or an older version did; the log names the sources.",
        [],
    )
    loop_tasks: Gauge = _metric(
        Gauge,
        "monitor_event_loop_tasks",
        "Tasks of the event loop: some of the engine's own, one an article whose outputs are on their way, one an "
        "output.",
        "Grows without end: tasks leak; restart the worker, and report it with its log.",
        [],
    )
    last_commit: Gauge = _metric(
        Gauge,
        "monitor_last_commit_timestamp_seconds",
        "When offsets were last committed, Unix time.",
        "Old while articles are scored: the group's coordinator does not answer; the worker ends itself "
        "after hang_seconds.",
        [],
    )
    lag: Gauge = _metric(
        Gauge,
        "monitor_consumer_lag_records",
        "Records between the committed offset and the end, of the partitions this worker holds.",
        "Rises for long: more arrives than is handled; add workers. Rises while articles are scored: commits fail.",
        ["group", "topic", "partition"],
    )
    lag_seconds: Gauge = _metric(
        Gauge,
        "monitor_consumer_lag_seconds",
        "Seconds since the end of a partition stood where the committed offset stands; none while what was there "
        "at the start is still read.",
        "Rises by a second a second: the partition is not handled. Steady: the worker keeps up, so far behind.",
        ["group", "topic", "partition"],
    )
    retention_used: Gauge = _metric(
        Gauge,
        "monitor_retention_used_ratio",
        "Records not yet committed, by all that the partition keeps, 0 to 1; 0 where nothing has been deleted yet.",
        "At 1 retention deletes records that nobody has read: raise retention.ms of the topic at once, then add "
        "workers or resume the partition.",
        ["group", "topic", "partition"],
    )
    offset_resets: Counter = _metric(
        Counter,
        "monitor_offset_resets_total",
        "Times that the offset to read was not in the log and reading went on at its begin, by cause: deleted_unread "
        "(retention), log_lost (the log ended before it) or log_replaced (the log was lost and is as long again).",
        "At all: the log names the offsets. deleted_unread: the worker was away or behind for longer than the topic "
        "keeps its records. Else: look at the brokers' disks and elections; have the producers send again.",
        ["group", "topic", "partition", "cause"],
    )
    records_lost: Counter = _metric(
        Counter,
        "monitor_records_lost_total",
        "Records that retention deleted before they were read. What a lost log held besides is not known.",
        "At all: these articles have no verdict; ask their producers to send them again.",
        ["group", "topic", "partition"],
    )
    lag_measured: Gauge = _metric(
        Gauge,
        "monitor_lag_measured_timestamp_seconds",
        "When the last measuring of the lag began, Unix time.",
        "Old: the broker does not answer, and the lag shown is history.",
        [],
    )
    partitions: Gauge = _metric(
        Gauge,
        "monitor_partitions_assigned",
        "Partitions this worker holds.",
        "0 for minutes: more workers than partitions, or the worker has lost its group.",
        [],
    )
    held: Gauge = _metric(
        Gauge,
        "monitor_partitions_held",
        "1 for each partition that this worker holds back, since its dead letters passed a limit; none for others.",
        "At all: monitor partitions list tells why; mend the cause, then monitor partitions resume TOPIC-NUMBER.",
        ["group", "topic", "partition"],
    )
    rebalances: Counter = _metric(
        Counter,
        "monitor_rebalances_total",
        "Assignments of partitions received.",
        "Many an hour: workers come and go; look for restarts and for sessions that time out.",
        [],
    )

    def __post_init__(self) -> None:
        # process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds and their like.
        ProcessCollector(registry=self.registry)
        for metric in self._fields():
            setattr(self, metric.name, metric.metadata["make"](registry=self.registry))

    @property
    def descriptions(self) -> list[Description]:
        """What the documentation says of each metric, in order."""
        return [metric.metadata["description"] for metric in self._fields()]

    def _fields(self) -> list[Field[Any]]:
        return [metric for metric in fields(self) if "make" in metric.metadata]

    def begin_source(self, source: str, codes: Iterable[str]) -> None:
        """Make a source's counters at 0 where it has none yet.

        So ``rate()`` sees their first step, and a code at 0 is seen.
        """
        if source in self._begun:
            return
        self._begun.add(source)
        for verdict in ("good", "bad"):
            self.articles.labels(source, verdict)
        for code in codes:
            self.flags.labels(source, code)
        self.resent.labels(source)

    def end_source(self, source: str) -> None:
        """Remove a source's series, whose label another has taken over."""
        self._begun.discard(source)
        for metric in self._fields():
            if "source" in metric.metadata["description"].labels:
                getattr(self, metric.name).remove_by_labels({"source": source})
