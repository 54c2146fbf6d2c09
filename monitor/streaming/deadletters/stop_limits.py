"""When dead letters are too many: so many in a row, or such a share of the last records, on one partition.

A bad deploy, of a producer or of this monitor, makes a dead letter of every record. The worker then does
better to hold the partition than to empty a good topic into the dead letters (``holding.py``). Pure: what
has been seen of a partition and one more record go in, what has been seen then comes out. It is small
enough to be committed with the offset, so that the next worker goes on counting there: it holds the
partition at the same record, and does not make the next five hundred dead letters first.

Every reason counts but the tombstone: a record without a value is how a producer deletes an article,
thousands at once are no fault, and it says nothing of whether articles can be read. It does not end a run
either. A verdict too large for its topic is known only when later records are already handled; it counts
as read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.articles.errors import Reason

_NOTE = re.compile(r"dead letters: (\d{1,9}) (\d{1,5}) ([0-9a-f]{1,2500})", re.ASCII)


class Tally(NamedTuple):
    """What is counted of one partition's records."""

    #: Dead letters in a row, up to the last record.
    run: int = 0
    #: The last records as bits, the lowest the last, 1 a dead letter; and how many there are.
    recent: int = 0
    records: int = 0

    def note(self) -> str:
        """As a text of at most 2,600 characters; empty for nothing tally."""
        return f"dead letters: {self.run} {self.records} {self.recent:x}" if self != Tally() else ""

    @classmethod
    def from_note(cls, note: str) -> Tally:
        """The tally of a text that :meth:`note` made; an empty one for any other text."""
        # Before it may stand that the partition is held (``held.py``).
        parsed = _NOTE.fullmatch(note.rpartition("; ")[2])
        return cls(int(parsed[1]), int(parsed[3], 16), int(parsed[2])) if parsed else cls()


class StopLimits(NamedTuple):
    """The limits in force, 0 for none (settings.dead_letter_consecutive, _ratio, _records)."""

    consecutive: int
    ratio: float
    records: int

    def after(self, tally: Tally, reason: str | None) -> Tally:
        """The tally after one more record; ``reason`` is its dead letter's, ``None`` where it was handled.

        Nothing is kept for a limit that is off, so that what was let through on purpose is not held
        against the records after it.
        """
        if reason == Reason.TOMBSTONE:
            return tally
        dead = reason is not None
        run = tally.run + 1 if dead and self.consecutive else 0
        if not self.ratio:
            return Tally(run)
        recent = (tally.recent << 1 | dead) & ((1 << self.records) - 1)
        return Tally(run, recent, min(tally.records + 1, self.records))

    def crossed(self, tally: Tally) -> str | None:
        """Which limit the last record crossed, for a person; ``None`` for none. A record that was read crosses none."""
        if self.consecutive and tally.run > self.consecutive:
            return f"{tally.run} dead letters in a row, more than dead_letter_consecutive = {self.consecutive}"
        count = tally.recent.bit_count()
        if self.ratio and tally.recent & 1 and tally.records >= self.records and count > self.ratio * self.records:
            return (
                f"{count} dead letters among the last {self.records} records, "
                f"more than dead_letter_ratio = {self.ratio:g}"
            )
        return None
