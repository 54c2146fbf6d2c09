"""Withdrawn: a copy that its publisher has declared canceled, withheld or expired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields withdrawn by what the publisher declares; a time without a zone is UTC."""
    article = inspection.article
    if article.status in ("canceled", "withheld"):
        yield Flag(Code.WITHDRAWN, 1.0, f"declared {article.status} by its publisher")
    elif article.expires is not None and _utc(article.expires) <= _utc(inspection.scored_at):
        yield Flag(Code.WITHDRAWN, 1.0, f"declared to expire on {article.expires.isoformat(timespec='minutes')}")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
