"""The last dead letters: the reason, where the record lies, and how it begins."""

from __future__ import annotations

import threading
from collections import Counter, deque
from datetime import UTC, datetime

import msgspec

from monitor.articles.decode import Decoder
from monitor.scoring.copies.record import Place
from monitor.streaming.deadletters.letter import read_letter, replayed_offset
from monitor.streaming.deadletters.read import END_OF_TIME
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.place import place_text

#: Letters that are kept, and characters of what each held.
KEPT, EXCERPT = 100, 300


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One dead letter, without its value."""

    reason: str
    message: str
    source: str | None
    #: Where the record that failed was read; empty where its headers do not say.
    place: str
    #: Where the letter itself lies.
    letter: str
    failed_at: datetime | None
    excerpt: str
    bytes: int
    replayed: bool = False


class DeadLetters:
    """The last dead letters."""

    def __init__(self, decoder: Decoder, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._decoder = decoder
        self._letters: deque[DeadLetter] = deque(maxlen=kept)
        #: Letters since the pages began to read.
        self.total = 0

    def take(self, record: InputRecord) -> None:
        """Keep what is shown of the letter in a record; a marker says that a letter was put back."""
        offset = replayed_offset(record.headers)
        if offset is not None:
            self._put_back(place_text(Place(record.topic, record.partition, offset)))
            return
        letter = read_letter(record)
        value = letter.value or b""
        place = Place(letter.topic, letter.source_partition or 0, letter.source_offset or 0)
        seconds = letter.failed_at
        dated = seconds is not None and 0 <= seconds * 1000 < END_OF_TIME
        kept = DeadLetter(
            reason=letter.reason[:100],
            message=letter.message[:500],
            source=self._decoder.source_of(value, letter.headers) if value else None,
            place=place_text(place) if letter.topic else "",
            letter=place_text(Place(record.topic, record.partition, record.offset)),
            failed_at=datetime.fromtimestamp(seconds, UTC) if seconds is not None and dated else None,
            excerpt=value[: 4 * EXCERPT].decode("utf-8", "replace")[:EXCERPT],
            bytes=letter.left_out or len(value),
        )
        with self._lock:
            self.total += 1
            self._letters.appendleft(kept)

    def _put_back(self, letter: str) -> None:
        with self._lock:
            for number, kept in enumerate(self._letters):
                if kept.letter == letter:
                    self._letters[number] = msgspec.structs.replace(kept, replayed=True)

    def latest(self) -> list[DeadLetter]:
        """The letters, the latest first."""
        with self._lock:
            return list(self._letters)

    def reasons(self) -> list[tuple[str, int]]:
        """How many of the letters that are not put back have each reason, the most common first."""
        return Counter(letter.reason for letter in self.latest() if not letter.replayed).most_common()
