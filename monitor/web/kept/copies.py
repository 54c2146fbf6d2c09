"""The last copies across outlets, and the stories that they tell."""

from __future__ import annotations

import threading
from collections import OrderedDict

from monitor.scoring.copies.record import Copy, Place
from monitor.scoring.copies.story import Story
from monitor.streaming.engine.records import InputRecord

#: Copies that are kept, 1.5 KB each.
KEPT = 5_000
LONGEST_TITLE = 300


class Copies:
    """The last copies, by the article that is one and by the earliest that it is one of."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        self._copies: OrderedDict[str, Copy] = OrderedDict()
        self._stories: OrderedDict[str, dict[str, None]] = OrderedDict()

    def take(self, record: InputRecord) -> None:
        """Keep the copy in a record of ``articles.copies``; the last of an article's id holds.

        Raises:
            UnreadableCopy: the record is none.
        """
        id_ = (record.key or b"").decode("utf-8", "replace")
        copy = Copy.decode(record.value) if record.value is not None else None
        with self._lock:
            self._drop(id_)
            if copy is None:
                return
            self._copies[id_] = copy
            self._stories.setdefault(copy.earlier.id, {})[id_] = None
            self._stories.move_to_end(copy.earlier.id)
            if len(self._copies) > self._kept:
                self._drop(next(iter(self._copies)))

    def _drop(self, id_: str) -> None:
        copy = self._copies.pop(id_, None)
        if copy is not None:
            story = self._stories[copy.earlier.id]
            del story[id_]
            if not story:
                del self._stories[copy.earlier.id]

    def of_article(self, id_: str) -> Copy | None:
        """What the article of an id is a copy of."""
        with self._lock:
            return self._copies.get(id_)

    def story(self, id_: str) -> Story | None:
        """The story of which an article is the earliest, or a copy; ``None`` where it is neither."""
        with self._lock:
            copy = self._copies.get(id_)
            earliest = copy.earlier.id if copy is not None else id_
            return self._story(earliest) if earliest in self._stories else None

    def at(self, place: Place) -> Story | None:
        """The story of the article at a place."""
        with self._lock:
            for copy in self._copies.values():
                if place in (copy.article.place, copy.earlier.place):
                    return self._story(copy.earlier.id)
        return None

    def stories(self, most: int) -> list[Story]:
        """The stories that were copied last, the latest first, at most so many."""
        with self._lock:
            latest = list(reversed(self._stories))[:most]
            return [self._story(id_) for id_ in latest]

    def _story(self, id_: str) -> Story:
        return Story.of(self._copies[copy] for copy in self._stories[id_])
