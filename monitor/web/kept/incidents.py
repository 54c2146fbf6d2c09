"""The incidents: those that are open, and the last that were closed."""

from __future__ import annotations

import threading
from collections import OrderedDict

from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.sighting import source_key
from monitor.streaming.engine.records import InputRecord

#: Open incidents that are kept, 1 KB each, and closed ones. Of more, those that changed longest ago are dropped.
MOST_OPEN, MOST_CLOSED = 2_000, 200


class Incidents:
    """The last word on each incident."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[bytes, Incident] = OrderedDict()
        self._closed: OrderedDict[bytes, Incident] = OrderedDict()

    def take(self, record: InputRecord) -> None:
        """Keep the incident in a record of ``sources.incidents``; one without a value deletes its key's.

        Raises:
            UnreadableIncident: the record is none.
        """
        key = record.key or b""
        incident = Incident.decode(record.value) if record.value is not None else None
        with self._lock:
            self._open.pop(key, None)
            self._closed.pop(key, None)
            if incident is None:
                return
            kept, most = (self._open, MOST_OPEN) if incident.open else (self._closed, MOST_CLOSED)
            kept[key] = incident
            if len(kept) > most:
                kept.popitem(last=False)

    def open(self, source: str | None = None) -> list[Incident]:
        """The open incidents, of one source or of all, the worst first."""
        with self._lock:
            incidents = list(self._open.values())
        return sorted(_of(incidents, source), key=lambda incident: -incident.score)

    def closed(self, source: str | None = None) -> list[Incident]:
        """The last closed incidents, of one source or of all, the latest first."""
        with self._lock:
            incidents = list(self._closed.values())
        return sorted(_of(incidents, source), key=lambda incident: incident.updated, reverse=True)


def _of(incidents: list[Incident], source: str | None) -> list[Incident]:
    if source is None:
        return incidents
    key = source_key(source)
    return [incident for incident in incidents if incident.key == key]
