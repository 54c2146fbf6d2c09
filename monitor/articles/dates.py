"""Dates as feeds write them, turned into aware UTC datetimes."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dateutil import parser

from monitor.articles.month_names import read_date

#: No date is longer; dateutil is slow on long input.
LONGEST = 64
#: Numbers from here on count milliseconds: as seconds they would lie past the year 5138.
MILLISECONDS_FROM = 1e11
#: Seconds or milliseconds since 1970, written as text: 2001 to 2286.
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]{1,9})?")
#: JavaScript's ``GMT+0100 (Central European Standard Time)`` lies east of Greenwich; dateutil has it west.
_JAVASCRIPT = re.compile(r"\b(?:GMT|UTC)(?=[+-][0-9])|\([^()]*\)$")
#: Between dots the day stands first, in every language that writes dates so; dateutil has the month first.
_DOTTED = re.compile(r"(?<![0-9.])[0-9]{1,2}\. ?[0-9]{1,2}\. ?(?:[0-9]{4}|[0-9]{2})(?![0-9.])")
#: Between strokes the month stands first in America and the day in most of the world.
_STROKES = re.compile(r"(?<![0-9/-])([0-9]{1,2})([/-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9/-])")
#: Countries that write English and have the day first. ``en-US`` tells nothing: it is what programs are set to.
_DAY_FIRST_IN = frozenset({"en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za"})
_HOUR = 3600
#: Zones that feeds abbreviate, in seconds from UTC. Without them dateutil would take those of the
#: machine it runs on, and one record would have another date on each.
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": _HOUR, "BST": _HOUR, "CET": _HOUR, "MEZ": _HOUR, "CEST": 2 * _HOUR,
    "MESZ": 2 * _HOUR, "EET": 2 * _HOUR, "EEST": 3 * _HOUR, "MSK": 3 * _HOUR, "JST": 9 * _HOUR, "KST": 9 * _HOUR,
    "AEST": 10 * _HOUR, "AEDT": 11 * _HOUR, "EST": -5 * _HOUR, "EDT": -4 * _HOUR, "CST": -6 * _HOUR,
    "CDT": -5 * _HOUR, "MST": -7 * _HOUR, "MDT": -6 * _HOUR, "PST": -8 * _HOUR, "PDT": -7 * _HOUR,
}  # fmt: skip


def parse(value: object, language: str | None = None) -> datetime | None:
    """An instant in UTC, or ``None`` where the value is no date, or one of two that cannot be told apart.

    Takes ISO 8601, RFC 2822 (RSS), what dateutil reads as far as it names a year, months by their names in
    other languages, and seconds or milliseconds since 1970. A date without a zone, or with one that is
    unknown, is taken as UTC. ``language``, a tag as ``en-GB``, tells whether ``03/02/2026`` has the day first.
    """
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return _since_1970(value)
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            return None
        value = value.strip()
        moment = _since_1970(float(value)) if _EPOCH.fullmatch(value) else _text(value, language)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ArithmeticError, ValueError, OSError, TypeError, LookupError, AttributeError, RecursionError):
        # What the parsers raise on texts that are no dates.
        return None


def _since_1970(value: float) -> datetime:
    return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)


def _text(value: str, language: str | None) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    value = _JAVASCRIPT.sub("", value)
    try:
        if (moment := parsedate_to_datetime(value)).tzinfo:
            return moment
    except (ValueError, TypeError, LookupError):
        pass
    try:
        return _english(value, day_first=_has_day_first(value, language))
    except (ArithmeticError, ValueError):
        if (named := read_date(value, language, _ZONES)) is None:
            raise
        return named


def _has_day_first(value: str, language: str | None) -> bool:
    """Whether the day stands before the month, where both are numbers.

    Raises:
        ValueError: it cannot be told.
    """
    if _DOTTED.search(value):
        return True
    strokes = _STROKES.search(value)
    if strokes is None or max(int(strokes[1]), int(strokes[3])) > 12 or int(strokes[1]) == int(strokes[3]):
        return False
    tag = (language or "en").lower()
    if tag in _DAY_FIRST_IN or tag.partition("-")[0] != "en":
        return True
    raise ValueError("has the day first or the month")


def _english(value: str, *, day_first: bool) -> datetime:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        moment, other = (
            parser.parse(value, dayfirst=day_first, default=datetime(year, 1, 1), tzinfos=_zone)  # noqa: DTZ001
            for year in (1972, 1976)
        )
    if moment.year != other.year:
        raise ValueError("names no year")
    return moment


def _zone(name: str | None, offset: int | None) -> int:
    return offset if offset is not None else _ZONES.get((name or "").upper(), 0)
