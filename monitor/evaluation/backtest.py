"""The past under other thresholds: which flags would have been more, and which fewer, beside today's."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from monitor.scoring.verdict import Verdict

#: Articles that are named for each flag and each way.
EXAMPLES = 5
#: Stands among the flags for "at least one that is bad".
BAD = "bad"


class Change(msgspec.Struct):
    """How often something is said by today's settings and by the others; ``more`` and ``fewer`` name articles."""

    today: int = 0
    other: int = 0
    added: int = 0
    removed: int = 0
    more: list[str] = []
    fewer: list[str] = []

    def add(self, is_today: bool, is_other: bool, name: str) -> None:
        """Count one article."""
        self.today += is_today
        self.other += is_other
        if is_other and not is_today:
            self.added += 1
            self.more += [name][: EXAMPLES - len(self.more)]
        elif is_today and not is_other:
            self.removed += 1
            self.fewer += [name][: EXAMPLES - len(self.fewer)]


class Pair(NamedTuple):
    """The verdicts of one article, by today's settings and by the others, and what a person knows it by."""

    today: Verdict
    other: Verdict
    name: str


class Backtest(msgspec.Struct):
    """What changes over all articles: by flag, :data:`BAD` among them, and of the bad ones by source."""

    articles: int = 0
    by_code: dict[str, Change] = {}
    by_source: dict[str, Change] = {}

    def add(self, pair: Pair) -> None:
        """Count one article."""
        self.articles += 1
        today, other = ({flag.code for flag in verdict.flags} for verdict in (pair.today, pair.other))
        for code in today | other:
            self.by_code.setdefault(code, Change()).add(code in today, code in other, pair.name)
        if pair.today.bad or pair.other.bad:
            for changes, key in ((self.by_code, BAD), (self.by_source, pair.today.source)):
                changes.setdefault(key, Change()).add(pair.today.bad, pair.other.bad, pair.name)
