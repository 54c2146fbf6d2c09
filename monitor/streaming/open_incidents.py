"""The open incidents of all sources, as ``sources.incidents`` has them, and their series in the metrics."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from monitor.metrics import Metrics
from monitor.scoring.sources.incident import KINDS, Incident, UnreadableIncident
from monitor.scoring.sources.together import find_together
from monitor.source_labels import label_value

log = logging.getLogger(__name__)

#: The source label of a group of sources that broke together.
MANY_SOURCES = "many sources"
#: Seconds until a change is shown, with all others until then.
SHOW_SECONDS = 1.0


#: Source, code and kind.
Labels = tuple[str, str, str]


class OpenIncidents:
    """Follows the topic of the incidents; holds the open ones only.

    The worst ``limit`` that are not muted are series, sources that broke together one; how many are beyond is a gauge.
    Every worker that follows the topic has the same, so that none vanishes when a partition moves.
    """

    def __init__(self, metrics: Metrics, limit: int, clock: Callable[[], datetime]) -> None:
        """``clock`` tells until when an incident is muted."""
        self._metrics = metrics
        self._limit = limit
        self._clock = clock
        self._will_show = False
        self._open: dict[bytes, Incident] = {}
        self._series: dict[Labels, float] = {}
        for kind in KINDS:
            metrics.incidents_open.labels(kind)

    def take(self, key: bytes, value: bytes | None) -> None:
        """A key of the topic holds a value from now on; the series follow within :data:`SHOW_SECONDS`."""
        self._open.pop(key, None)
        self._show_soon()
        if value is None:
            return
        try:
            incident = Incident.decode(value)
        except UnreadableIncident as error:
            log.warning("the incident %r is left out: %s", key, error)
            return
        if incident.open:
            self._open[key] = incident

    def _show_soon(self) -> None:
        """Show once for all that comes meanwhile: at a start thousands may."""
        if not self._will_show:
            self._will_show = True
            asyncio.get_running_loop().call_later(SHOW_SECONDS, self.show)

    def show(self) -> None:
        """Let the series be those of the incidents that are open now, and not muted."""
        self._will_show, now = False, self._clock()
        for kind in KINDS:
            self._metrics.incidents_open.labels(kind).set(sum(each.kind == kind for each in self._open.values()))
        groups, alone = find_together(each for each in self._open.values() if not each.muted(now))
        series: dict[Labels, float] = {}
        for group in groups:
            series[MANY_SOURCES, group.code, group.kind] = group.since.timestamp()
        for incident in alone:
            if len(series) < self._limit:
                series.setdefault(
                    (label_value(incident.source), incident.code, incident.kind), incident.since.timestamp()
                )
        self._metrics.incidents_beyond.set(max(len(groups) + len(alone) - len(series), 0))
        for labels in self._series.keys() - series.keys():
            self._metrics.incident.remove(*labels)
            self._metrics.incident_since.remove(*labels)
        for labels, since in series.items():
            if self._series.get(labels) != since:
                self._metrics.incident.labels(*labels).set(1)
                self._metrics.incident_since.labels(*labels).set(since)
        self._series = series
