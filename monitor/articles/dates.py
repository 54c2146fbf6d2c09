"""Dates as feeds write them, turned into aware UTC datetimes."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dateutil import parser

#: No date is longer; dateutil is slow on long input.
LONGEST = 64


def parse(value: object) -> datetime | None:
    """An instant in UTC, or ``None`` where the value is no date.

    Takes ISO 8601, RFC 2822 (RSS), what dateutil reads, and seconds or milliseconds since 1970. A
    date without a zone is taken as UTC.
    """
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            return None
        found = _text(value.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, IndexError, AttributeError):
        # What the three parsers raise on texts that are no dates.
        return None


def _text(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        pass
    if not any(c.isdigit() for c in value):
        raise ValueError("no digit")
    # A fixed default, so that a date without a day does not depend on today.
    return parser.parse(value, default=datetime(1970, 1, 1, tzinfo=UTC))
