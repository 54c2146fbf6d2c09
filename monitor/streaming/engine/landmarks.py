"""By which records a log is known again: the last two before the committed offset, noted with it. Pure.

A log that was lost and is as long again as the committed offset cannot be told by offsets. Its records have
other timestamps. Two records are noted since one may meet a gap in the new log (a marker of a transaction),
which tells nothing: so does a record that was compacted away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_NOTE = re.compile(r"log (\d{1,19}):((?: \d{1,19}@\d{1,19})+); ", re.ASCII)


class Landmark(NamedTuple):
    """A record of a log."""

    offset: int
    #: Milliseconds since 1970, as the record carries it.
    timestamp: int


class Landmarks(NamedTuple):
    """The last records of a log before an offset, in order; between them and the offset stands no other."""

    committed: int
    records: tuple[Landmark, ...]

    def note(self) -> str:
        """As a text that stands before what else is noted with the offset.

        >>> Landmarks(9, (Landmark(6, 1700000000000), Landmark(7, 1700000000250))).note()
        'log 9: 6@1700000000000 7@1700000000250; '
        """
        return f"log {self.committed}: {' '.join(f'{r.offset}@{r.timestamp}' for r in self.records)}; "

    def is_other_log(self, found: Iterable[Landmark]) -> bool:
        """Whether a log is another one, by all of its records from the first landmark up to the committed offset."""
        return not set(self.records).issuperset(found)


def split(note: str, committed: int) -> tuple[Landmarks | None, str]:
    """The landmarks of a note, and what else it says.

    ``None`` where there are none for this committed offset: one that was altered, or translated for another
    cluster, took the note of another offset with it.
    """
    parsed = _NOTE.match(note)
    if parsed is None:
        return None, note
    records = tuple(Landmark(*map(int, record.split("@"))) for record in parsed[2].split())
    rest = note[parsed.end() :]
    return (Landmarks(committed, records) if int(parsed[1]) == committed else None), rest
