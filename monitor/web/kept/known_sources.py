"""Of which sources templates are known, and where the record of each lies."""

from __future__ import annotations

import threading
from collections import OrderedDict

from monitor.scoring.copies.record import Place
from monitor.scoring.sources.sighting import source_key
from monitor.streaming.engine.records import InputRecord

#: Sources whose places are kept, 300 bytes each; of more, the one that was learned of longest ago is dropped.
KEPT = 20_000


class KnownSources:
    """The place of each source's last record; what it holds is fetched when it is looked at."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        self._places: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._topic = ""

    def take(self, record: InputRecord) -> None:
        """Note where the record of a source lies; one without a value has it forgotten."""
        if record.key is None:
            return
        with self._lock:
            self._topic = record.topic
            self._places.pop(record.key, None)
            if record.value is None:
                return
            self._places[record.key] = record.partition, record.offset
            if len(self._places) > self._kept:
                self._places.popitem(last=False)

    def place(self, source: str) -> Place | None:
        """Where the record of a source lies; ``None`` where nothing is known of it."""
        with self._lock:
            found = self._places.get(source_key(source).encode())
            return Place(self._topic, *found) if found is not None else None
