"""Where an article lies, as a text: ``articles-3@12345``, with ``.2`` behind it for the second article of a record.

As the log and the dead letters write it. It stands in a header of each verdict's record, and in the addresses of the
pages.
"""

from __future__ import annotations

import re
from typing import Any

from monitor.scoring.copies.record import Place
from monitor.streaming.engine.records import Headers, InputRecord

#: On the records of ``articles.scored`` and ``articles.flagged``.
HEADER = "monitor.place"
_PLACE = re.compile(r"([A-Za-z0-9._-]{1,249})-(\d{1,9})@(\d{1,18})(?:\.(\d{1,9}))?", re.ASCII)


def place_text(place: Place) -> str:
    """The place as a text.

    >>> place_text(Place("articles", 3, 12345)), place_text(Place("articles", 3, 12345, 2))
    ('articles-3@12345', 'articles-3@12345.2')
    """
    item = f".{place.item}" if place.item else ""
    return f"{place.topic}-{place.partition}@{place.offset}{item}"


def read_place(text: str) -> Place | None:
    """The place that a text names; ``None`` where it names none.

    >>> read_place("new.articles-3@12345.2")
    Place(topic='new.articles', partition=3, offset=12345, item=2)
    """
    parts = _PLACE.fullmatch(text)
    return Place(parts[1], int(parts[2]), int(parts[3]), int(parts[4] or 0)) if parts else None


def place_in(headers: Headers) -> Place | None:
    """The place that a record's headers name; ``None`` where they name none."""
    stated = next((value for name, value in headers if name == HEADER), b"")
    return read_place(stated[:300].decode("ascii", "replace"))


def where_of(record: InputRecord, item: int | None) -> dict[str, Any]:
    """Where an article lies, as the records of later stages say it; ``timestamp`` in ms since 1970."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "item": item or 0,
        "timestamp": round((record.timestamp or 0) * 1000),
    }
