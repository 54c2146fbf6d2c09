"""withdrawn: a copy that its publisher has declared canceled, withheld or expired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds
from monitor.scoring.verdict import Flag

CODE = "withdrawn"


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields withdrawn by what the publisher declares; a time without a zone is UTC.

    A copy has expired where it had when it arrived or, in a file of which that is not known, when it was
    published: each copy in an archive has expired by today.
    """
    article = inspection.article
    if article.status in ("canceled", "withheld"):
        yield Flag(CODE, 1.0, f"the publisher declares the copy {article.status}")
    elif article.expires is not None and _utc(article.expires) <= _utc(
        article.arrived_at or article.published_at or inspection.scored_at
    ):
        expires = article.expires.isoformat(timespec="minutes")
        yield Flag(CODE, 1.0, f"the publisher declares that the copy expired at {expires}")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


FLAG = FlagKind(code=CODE, bad=True, when="declared canceled, withheld or expired", check=check, thresholds=Thresholds)
