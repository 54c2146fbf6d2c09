"""A story: its earliest article, and the copies of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from monitor.scoring.copies.record import Copy, Outlet


class Story(NamedTuple):
    """The copies of one earliest article, which is not among them; the earliest copy first."""

    earliest: Outlet
    copies: tuple[Copy, ...]

    @classmethod
    def of(cls, copies: Iterable[Copy]) -> Self:
        """The story of one copy or more, which have the earlier article in common."""
        ordered = sorted(copies, key=lambda copy: copy.age_seconds)
        return cls(ordered[0].earlier, tuple(ordered))

    @property
    def outlets(self) -> int:
        """The distinct sources that carry it."""
        return len({self.earliest.source, *(copy.article.source for copy in self.copies)})
