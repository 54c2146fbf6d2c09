"""Sources that break together: the same in many at once is one fault, nearer home than any of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.scoring.sources.incident import Incident, Kind

#: Sources that must break in one way within the time: fewer do so by chance, or share an agency.
MANY = 10
WITHIN = timedelta(hours=2)


class Together(NamedTuple):
    """The open incidents of one kind and code that began within :data:`WITHIN`, in the order in which they began."""

    kind: Kind
    code: str
    incidents: tuple[Incident, ...]

    @property
    def since(self) -> datetime:
        """When the first of them began."""
        return self.incidents[0].since

    @property
    def score(self) -> float:
        """How much is wrong with all of them."""
        return sum(incident.score for incident in self.incidents)


def find_together(incidents: Iterable[Incident]) -> tuple[list[Together], list[Incident]]:
    """The groups of open incidents that began together, and those that stand alone; the worst first, both."""
    by_kind: defaultdict[tuple[Kind, str], list[Incident]] = defaultdict(list)
    for incident in incidents:
        if incident.open:
            by_kind[incident.kind, incident.code].append(incident)
    groups, alone = [], []
    for (kind, code), of_kind in by_kind.items():
        of_kind.sort(key=lambda incident: (incident.since, incident.key))
        begin = 0
        while begin < len(of_kind):
            end = begin
            while end < len(of_kind) and of_kind[end].since <= of_kind[begin].since + WITHIN:
                end += 1
            if end - begin >= MANY:
                groups.append(Together(kind, code, tuple(of_kind[begin:end])))
                begin = end
            else:
                alone.append(of_kind[begin])
                begin += 1
    groups.sort(key=lambda group: -group.score)
    alone.sort(key=lambda incident: (-incident.score, incident.record_key))
    return groups, alone
