"""Ids, sources, titles, addresses and language codes: on one line, of bounded length, never trusted."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import xxhash

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SURROGATE = re.compile("[\ud800-\udfff]")
#: BCP 47: a language of two to eight letters, then script, region and variants.
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
#: Longer sources and titles are cut, longer ids hashed, longer addresses left out: none may grow a
#: topic's keys or a page without bound.
LONGEST_SOURCE, LONGEST_ID, LONGEST_TEXT, LONGEST_URL, LONGEST_LANGUAGE = 200, 512, 2_000, 2_000, 35
#: So many characters of a name are looked at; an id longer than that is as good as its beginning.
LOOKED_AT = 100_000
#: Where an object that stands for a name keeps it, and how deep such objects and lists may nest.
NAMED = ("name", "title", "value", "rendered", "@id", "id")
DEEPEST = 4


def clean(value: Any, longest: int | None = LONGEST_TEXT) -> str | None:
    """A name on one line, without control characters, cut at ``longest``; ``None`` where nothing is left.

    Of a list the first is taken, of an object its name, of a number its digits.
    """
    for _ in range(DEEPEST):
        if isinstance(value, dict):
            value = next((value[name] for name in NAMED if name in value), None)
        elif isinstance(value, list):
            value = value[0] if value else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64:
        value = str(value)
    if not isinstance(value, str):
        return None
    return replace_surrogates(CONTROL.sub(" ", value[:LOOKED_AT])).strip()[:longest].rstrip() or None


def replace_surrogates(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD, one for one, so that it can be written."""
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)


def identifier(found: Any, value: bytes) -> str:
    """An id of bounded length: the hash of one too long, or of the record where there is none."""
    name = clean(found, None)
    if name and len(name) <= LONGEST_ID:
        return name
    return xxhash.xxh3_128_hexdigest(name.encode() if name else value)


def language(value: Any) -> str | None:
    """A language code as declared (``en``, ``pt-BR``); ``None`` where it is none."""
    found = clean(value, LONGEST_LANGUAGE + 1)
    if not found or len(found) > LONGEST_LANGUAGE or not LANGUAGE.fullmatch(found):
        return None
    return found.replace("_", "-")


def address(value: Any) -> str | None:
    """An address of the web; ``None`` for any other scheme, since pages link to it."""
    found = clean(value, LONGEST_URL + 1)
    if not found or len(found) > LONGEST_URL or not found.lower().startswith(("https://", "http://")):
        return None
    return found


def host(url: str | None) -> str | None:
    """The host of an address without ``www.``, for a source that is not named."""
    try:
        found = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return clean(found.removeprefix("www."), LONGEST_SOURCE) if isinstance(found, str) else None
