"""The fingerprint: what links an article to its copies, as on ``articles.fingerprints``. No text is in it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec
import numpy as np
import xxhash

from monitor.articles.article import Article
from monitor.scoring.copies.record import Outlet, Place
from monitor.scoring.copies.signature import MOST_FIGURES, MOST_LEVEL, MOST_ROWS, Signature, sign
from monitor.scoring.sources.sighting import source_key
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import BOILERPLATE, Count, Verdict

#: The version of the form; it stands in the header of each record. A newer one adds fields and changes none.
SCHEMA = 1
#: Characters of an address or a headline that are kept.
_LONGEST = 300
#: Agencies whose name in brackets at the begin of a story says where it is from, and how far the begin reaches.
_AGENCIES = (
    "AAP|AFP|AP|ANI|ANSA|Associated Press|Bernama|Bloomberg|CNW|CP|dpa|EFE|IANS|JTA|KNA|Kyodo|PA|PTI|Reuter|Reuters|"
    "TASS|UPI|Xinhua|Yonhap"
)
_AGENCY = re.compile(rf"\(({_AGENCIES})\)")
_BEGIN = 400


class Unreadable(ValueError):
    """A record that is no fingerprint; the message says why."""


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One article as the window of copies sees it.

    ``topic``, ``partition``, ``offset``, ``item`` (of several in a record) and ``timestamp`` (ms since 1970, of the
    record) are where the article lies: together they tell a redelivery. ``rows`` (64 bits each) and ``figures`` (32
    bits) are little-endian arrays of the signature. ``withdrawn``: the article leaves the window.
    """

    id: str
    source: str
    url: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    topic: str = ""
    partition: Count = 0
    offset: Count = 0
    item: Count = 0
    timestamp: int = 0
    words: Count = 0
    level: Count = 0
    rows: bytes = b""
    figures: bytes = b""
    provenance: str | None = None
    withdrawn: bool = False
    version: str = ""

    def __post_init__(self) -> None:
        if len(self.rows) % 8 or len(self.figures) % 4 or self.level > MOST_LEVEL:
            raise ValueError("a fingerprint whose arrays are cut; it was cut or written by another program")
        if len(self.rows) > 8 * MOST_ROWS or len(self.figures) > 4 * MOST_FIGURES:
            raise ValueError("a fingerprint with more rows or figures than there can be")

    @property
    def signature(self) -> Signature:
        """The story's signature."""
        return Signature(np.frombuffer(self.rows, "<u8"), self.level, np.frombuffer(self.figures, "<u4"), self.words)

    @property
    def id_key(self) -> np.uint64:
        """A hash of the article's id and source: of one id two sources may send articles of their own."""
        name = f"{source_key(self.source)}\0{self.id}".encode("utf-8", "surrogatepass")
        return np.uint64(xxhash.xxh3_64_intdigest(name))

    @property
    def source_hash(self) -> int:
        """32 bits of the source's name, as sources are told apart."""
        return xxhash.xxh32_intdigest(source_key(self.source).encode("utf-8", "surrogatepass"))

    @property
    def place(self) -> Place:
        """Where the article lies."""
        return Place(self.topic, self.partition, self.offset, self.item)

    def outlet(self, arrived_at: datetime) -> Outlet:
        """What the record of a copy says of the article."""
        return Outlet(
            id=self.id,
            source=self.source,
            url=self.url,
            title=self.title,
            published_at=self.published_at,
            arrived_at=arrived_at,
            words=self.words,
            place=self.place,
        )

    @classmethod
    def of_verdict(cls, verdict: Verdict, article: Article, text: Text, **where: Any) -> Self:
        """The fingerprint of an article by its verdict: of the paragraphs that are neither boilerplate nor template.

        ``text`` is the one that the verdict's paragraphs are of. ``where`` are ``topic``, ``partition``, ``offset``,
        ``item`` and ``timestamp`` of the article's record.
        """
        story = np.array([p.boilerplate < BOILERPLATE and not p.template for p in verdict.paragraphs], np.bool_)
        signature = sign(text, story)
        return cls(
            id=verdict.id,
            source=verdict.source,
            url=verdict.url and verdict.url[:_LONGEST],
            title=verdict.title and verdict.title[:_LONGEST],
            published_at=verdict.published_at,
            words=signature.words,
            level=signature.level,
            rows=signature.rows.astype("<u8").tobytes(),
            figures=signature.figures.astype("<u4").tobytes(),
            provenance=provenance(verdict, article.text),
            withdrawn=any(flag.code == "withdrawn" for flag in verdict.flags),
            version=verdict.version,
            **where,
        )

    def encode(self) -> bytes:
        """MessagePack: byte strings stay bytes."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """A fingerprint of this or a newer schema, whose further fields are left out.

        Raises:
            Unreadable: the record is none.
        """
        try:
            return msgspec.msgpack.decode(data, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unreadable(f"not a fingerprint: {error}") from error


def provenance(verdict: Verdict, text: str) -> str | None:
    """Where a story is from by its own word: the agency in brackets at its begin, or another host in its address.

    An address that its source declares to be another host's is a canonical one.
    """
    if agency := _AGENCY.search(text, 0, _BEGIN):
        return agency[1]
    own, host = _host(f"//{verdict.source}"), _host(verdict.url)
    if "." in own and host and not _is_within(host, own) and not _is_within(own, host):
        return host
    return None


def _host(address: str | None) -> str:
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _is_within(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}")
