"""Dates with the month's name in another language than English, or in the writing of China, Japan and Korea."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

#: ``2026年2月3日``, and as Korean has it.
_EAST_ASIAN = re.compile(r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日号號일]?")
#: Vietnamese numbers its months: ``3 tháng 2, 2026``, without its marks.
_VIETNAMESE = re.compile(r"([0-9]{1,2})\s+thang\s+([0-9]{1,2}),?\s+(?:nam\s+)?([0-9]{4})(?![0-9])")
#: A number with the short ending of an ordinal, or a word.
_TOKEN = re.compile(r"[0-9]+|[^\s0-9.,;:/()\[\]|'\"\N{RIGHT SINGLE QUOTATION MARK}\N{DEVANAGARI ABBREVIATION SIGN}-]+")
_TIME = re.compile(r"(?<![0-9])([0-9]{1,2})\s?[:.h時时点點시]\s?([0-9]{1,2})(?:[:.分분]\s?([0-9]{2}))?(?![0-9])")
_AFTERNOON = re.compile(r"下午|午後|晚上|오후|\bp\.?\s?m\b|\bμ\.?\s?μ\b|\bم\b")
_MORNING = re.compile(r"上午|午前|오전|\ba\.?\s?m\b")
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})(?![0-9])")


def read_date(text: str, language: str | None, zones: dict[str, int]) -> datetime | None:
    """The instant that a date with a month's name says; ``None`` where it says none that can be told.

    The day is before the month and the year behind it, or the month first, or the year. Without a time it is
    midnight, without a zone UTC; ``zones`` are those that may be named, in seconds from UTC. ``language`` decides
    where two languages call two months alike (``listopad``); without it such a date is none.

    >>> read_date("Dienstag, 3. März 2026, 10.30 Uhr", None, {})
    datetime.datetime(2026, 3, 3, 10, 30, tzinfo=datetime.timezone.utc)
    >>> read_date("2026年2月3日 下午4:05", None, {})
    datetime.datetime(2026, 2, 3, 16, 5, tzinfo=datetime.timezone.utc)

    Raises:
        ValueError: the numbers are no date.
    """
    text = _plain(text)
    date = _numbered_date(text) or _named_date(text, _months((language or "").lower().partition("-")[0]))
    if date is None:
        return None
    day = datetime(date.year, date.month, date.day, tzinfo=UTC)
    return _at_time(day, f"{text[: date.start]} {text[date.stop :]}", zones)


class _Date(NamedTuple):
    """A date and where it stands in its text."""

    year: int
    month: int
    day: int
    start: int
    stop: int


def _numbered_date(text: str) -> _Date | None:
    """A date whose month is a number that is called a month."""
    if match := _EAST_ASIAN.search(text):
        return _Date(int(match[1]), int(match[2]), int(match[3]), *match.span())
    if match := _VIETNAMESE.search(text):
        return _Date(int(match[3]), int(match[2]), int(match[1]), *match.span())
    return None


def _named_date(text: str, months: dict[str, int]) -> _Date | None:
    parts = [
        (match, months.get(match[0], 0))
        for match in _TOKEN.finditer(text)
        if match[0][0] in "0123456789" or match[0] in months
    ]
    for index in range(len(parts) - 2):
        three = parts[index : index + 3]
        kinds = "".join("m" if month else "y" if len(match[0]) == 4 else "d" for match, month in three)
        if kinds in ("dmy", "mdy", "ymd", "ydm"):
            numbers = {kind: month or int(match[0]) for kind, (match, month) in zip(kinds, three, strict=True)}
            return _Date(numbers["y"], numbers["m"], numbers["d"], three[0][0].start(), three[2][0].end())
    return None


def _at_time(day: datetime, rest: str, zones: dict[str, int]) -> datetime:
    time = _TIME.search(rest)
    if time is None:
        return day
    hour, minute, second = (int(number or 0) for number in time.groups())
    if hour < 12 and _AFTERNOON.search(rest):
        hour += 12
    elif hour == 12 and _MORNING.search(rest):
        hour = 0
    if offset := _OFFSET.search(rest, time.end()):
        east = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (1 if offset[1] == "+" else -1)
    else:
        named = (zones[word] for word in rest[time.end() :].upper().split() if word in zones)
        east = timedelta(seconds=next(named, 0))
    return day.replace(hour=hour, minute=minute, second=second, tzinfo=timezone(east))


def _plain(text: str) -> str:
    """Lower case without marks, digits of any script as 0 to 9: ``FÉVRIER`` is ``fevrier``."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    # Korean syllables fall apart in NFKD, and are put together again.
    bare = unicodedata.normalize("NFC", "".join(char for char in folded if not unicodedata.combining(char)))
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in bare)


@cache
def _months(language: str) -> dict[str, int]:
    """The month of each name: of all languages without those they use for two months, and over these one's own.

    The names are those of Unicode's CLDR, whole and abbreviated.
    """
    by_language = msgspec.json.decode(
        resources.files("monitor.articles").joinpath("months.json").read_bytes(), type=dict[str, list[str]]
    )
    months: dict[str, int] = {}
    ambiguous = set()
    for names in by_language.values():
        for name, month in _numbered(names):
            if months.setdefault(name, month) != month:
                ambiguous.add(name)
    for name in ambiguous:
        del months[name]
    return months | dict(_numbered(by_language.get(language, [])))


def _numbered(names: list[str]) -> list[tuple[str, int]]:
    return [(_plain(name), month) for month, same in enumerate(names, 1) for name in same.split()]
