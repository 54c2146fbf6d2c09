"""Ids, sources, titles, addresses and language codes: on one line, of bounded length, never trusted."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import langcodes
import xxhash
from langcodes.tag_parser import LanguageTagError

from monitor.articles.tags import unescaped

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SURROGATE = re.compile("[\ud800-\udfff]")
#: BCP 47: a language of two or three letters, then script, region and variants. Longer ones are names ("english").
LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8}){0,4})")
#: Longer sources and titles are cut, longer ids hashed, longer addresses left out: none may grow a
#: topic's keys or a page without bound.
LONGEST_SOURCE, LONGEST_ID, LONGEST_TEXT, LONGEST_URL, LONGEST_LANGUAGE = 200, 512, 2_000, 2_000, 35
#: So many characters of a name are looked at; an id longer than that is as good as its beginning.
LOOKED_AT = 100_000
#: Where an object that stands for a name keeps it, and how deep such objects and lists may nest.
NAMED = ("name", "title", "value", "rendered", "main", "@id", "id", "uri", "domain", "$oid")
DEEPEST = 4


def clean(value: Any, longest: int | None = LONGEST_TEXT) -> str | None:
    """A name on one line, without control characters, cut at ``longest``; ``None`` where nothing is left.

    Of a list the first is taken, of an object its name, of a number its digits.
    """
    for _ in range(DEEPEST):
        if isinstance(value, dict):
            value = next((value[name] for name in NAMED if value.get(name) is not None), None)
        elif isinstance(value, list):
            value = value[0] if value else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64:
        value = str(value)
    if not isinstance(value, str):
        return None
    return replace_surrogates(CONTROL.sub(" ", value[:LOOKED_AT])).strip()[:longest].rstrip() or None


def title(value: Any) -> str | None:
    """A title on one line, its character references decoded once: WordPress and news APIs send it as HTML.

    >>> title({"rendered": "Harrow&#8217;s bridge &amp; the vote"})
    'Harrow’s bridge & the vote'
    """
    name = clean(value)
    return clean(unescaped(name)) if name and "&" in name else name


def replace_surrogates(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD, one for one, so that it can be written."""
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)


def source_name(value: Any) -> str | None:
    """The name of a source: without invisible characters, composed (NFC); of an address of the web its host.

    ``None`` where nothing is left, and for a reference within a document (``#publisher``).

    >>> source_name("Harbour\\u200b Wire"), source_name("https://www.lantern.example/#publisher")
    ('Harbour Wire', 'lantern.example')
    """
    name = clean(value, LONGEST_SOURCE)
    if name is None or name.startswith("#"):
        return None
    if name.lower().startswith(("https://", "http://")):
        return host(name)
    if name.isascii():
        return name
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFC", visible).strip()[:LONGEST_SOURCE].rstrip() or None


def identifier(name: str | None, value: bytes) -> str:
    """An id of bounded length: the hash of one too long, or of the record where there is none."""
    if name and len(name) <= LONGEST_ID:
        return name
    return xxhash.xxh3_128_hexdigest(name.encode() if name else value)


def language(value: Any) -> str | None:
    """A language code as declared (``en``, ``pt-BR``); one of three letters, or an old one, as it is written today.

    ``None`` where it is no code.

    >>> language("eng"), language("pt_BR"), language("iw"), language("english")
    ('en', 'pt-BR', 'he', None)
    """
    declared = clean(value, LONGEST_LANGUAGE + 1)
    if not declared or len(declared) > LONGEST_LANGUAGE or not (parts := LANGUAGE.fullmatch(declared)):
        return None
    return _primary(parts[1]) + parts[2].replace("_", "-")


@lru_cache(1024)
def _primary(code: str) -> str:
    """The language of a tag, by two letters where it has such a code; as declared where it is current."""
    try:
        standard = langcodes.Language.get(code.lower(), normalize=True).language
    except LanguageTagError:
        return code
    return code if standard is None or standard == code.lower() else standard


def address(value: Any) -> str | None:
    """An address of the web; ``None`` for any other scheme, since pages link to it."""
    url = clean(value, LONGEST_URL + 1)
    if not url or len(url) > LONGEST_URL or not url.lower().startswith(("https://", "http://")):
        return None
    return url


def host(url: str | None) -> str | None:
    """The host of an address without ``www.``, for a source that is not named."""
    try:
        name = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return clean(name.removeprefix("www."), LONGEST_SOURCE) if isinstance(name, str) else None
