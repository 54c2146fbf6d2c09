"""The sighting: what later stages need to know of one scored article. No text is in it."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec
import numpy as np
import xxhash
from numpy.typing import NDArray

from monitor.scoring.sources.marks import WRITTEN, Hashes, Marks
from monitor.scoring.text.words import Integers
from monitor.scoring.verdict import Count, Ratio, Verdict

#: The version of the form; it stands in the header of each record. A newer one adds fields and changes none.
SCHEMA = 1
#: Log-odds are kept in steps of this size in one byte, ±6.35.
_STEP = 0.05
_FARTHEST = 127
#: Paragraphs and phrases of an article that are kept; the first half and the last half of more.
MOST_LINES, MOST_PHRASES = 512, 512
#: Characters of an id, a host or a flag's code that are kept.
_LONGEST = 200
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))


class Unreadable(ValueError):
    """A record that is no sighting; the message says why."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One article as its source's stage sees it.

    ``topic``, ``partition``, ``offset``, ``item`` (of several in a record) and ``timestamp`` (ms since 1970, of the
    record) are where the article lies: together they tell a redelivery. The byte strings hold arrays, little-endian:
    ``lines`` the written marks of each paragraph (32 bits each, :data:`WRITTEN` a paragraph), ``sizes`` its words (16
    bits), ``odds`` the model's log-odds (8 bits, in steps of 0.05), ``marks`` the sampled phrases (32 bits) and
    ``mark_odds`` the log-odds of the paragraphs in which they stand. ``judged_by`` is a number for what the flags hang
    on beside the article: the version, the thresholds, whether the source's templates were known; 0 for unknown.
    ``past`` is set for an article of an archive: it teaches templates, and says nothing of what its source sends now.
    """

    id: str
    source: str
    topic: str = ""
    partition: Count = 0
    offset: Count = 0
    item: Count = 0
    timestamp: int = 0
    published_at: datetime | None = None
    scored_at: datetime | None = None
    host: str = ""
    language: str | None = None
    words: Count = 0
    repetition: Ratio = 0.0
    boilerplate: Ratio = 0.0
    flags: tuple[tuple[str, Ratio], ...] = ()
    headline: Count = 0
    lines: bytes = b""
    sizes: bytes = b""
    odds: bytes = b""
    marks: bytes = b""
    mark_odds: bytes = b""
    version: str = ""
    judged_by: Count = 0
    past: bool = False

    def __post_init__(self) -> None:
        n, m = len(self.odds), len(self.mark_odds)
        if len(self.lines) != 4 * WRITTEN * n or len(self.sizes) != 2 * n or len(self.marks) != 4 * m:
            raise ValueError("a sighting whose arrays have not one length; it was cut or written by another program")

    @property
    def key(self) -> str:
        """The source's name as sources are told apart."""
        return source_key(self.source)

    @property
    def article(self) -> int:
        """A hash of the article's id, 64 bits."""
        return xxhash.xxh3_64_intdigest(self.id.encode("utf-8", "surrogatepass"))

    @property
    def written(self) -> Hashes:
        """The written marks of each paragraph, ``(n, WRITTEN)``."""
        return np.frombuffer(self.lines, "<u4").reshape(-1, WRITTEN)

    @property
    def line_words(self) -> Integers:
        """The words of each paragraph, ``(n,)``."""
        return np.frombuffer(self.sizes, "<u2").astype(np.int64)

    @property
    def line_odds(self) -> NDArray[np.float32]:
        """The model's log-odds of each paragraph, ``(n,)``."""
        return np.frombuffer(self.odds, np.int8).astype(np.float32) * np.float32(_STEP)

    @property
    def phrases(self) -> Hashes:
        """The sampled phrases, ``(m,)``."""
        return np.frombuffer(self.marks, "<u4")

    @property
    def phrase_odds(self) -> NDArray[np.float32]:
        """The model's log-odds of the paragraph of each phrase, ``(m,)``."""
        return np.frombuffer(self.mark_odds, np.int8).astype(np.float32) * np.float32(_STEP)

    @classmethod
    def of_verdict(
        cls, verdict: Verdict, marks: Marks, model_odds: NDArray[np.floating[Any]], judged_by: int = 0, **where: Any
    ) -> Self:
        """The sighting of an article from its verdict, its marks and the model's log-odds, by the model alone.

        ``where`` are ``topic``, ``partition``, ``offset``, ``item`` and ``timestamp`` of the article's record, and
        ``past``.
        """
        rounded = np.clip(np.rint(model_odds / _STEP), -_FARTHEST, _FARTHEST).astype(np.int8)
        lines, phrases = _ends(len(rounded), MOST_LINES), _ends(len(marks.phrases), MOST_PHRASES)
        return cls(
            id=verdict.id,
            source=verdict.source,
            published_at=verdict.published_at,
            scored_at=verdict.scored_at,
            host=_host(verdict.url),
            language=verdict.language,
            words=verdict.words,
            repetition=verdict.repetition,
            boilerplate=verdict.boilerplate,
            flags=tuple((flag.code[:_LONGEST], flag.score) for flag in verdict.flags),
            headline=headline_hash(verdict.title),
            lines=marks.written[lines].astype("<u4").tobytes(),
            sizes=np.minimum(marks.words[lines], 0xFFFF).astype("<u2").tobytes(),
            odds=rounded[lines].tobytes(),
            marks=marks.phrases[phrases].astype("<u4").tobytes(),
            mark_odds=rounded[marks.paragraphs[phrases]].tobytes(),
            version=verdict.version,
            judged_by=judged_by,
            **where,
        )

    def encode(self) -> bytes:
        """MessagePack: byte strings stay bytes."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """A sighting of this or a newer schema, whose further fields are left out.

        Raises:
            Unreadable: the record is none.
        """
        try:
            return msgspec.msgpack.decode(data, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unreadable(f"not a sighting: {error}") from error


def source_key(name: str) -> str:
    """A source's name as sources are told apart: without case, invisible characters and doubled blanks.

    >>> source_key("The\\N{ZERO WIDTH SPACE} Daily  NEWS ")
    'the daily news'
    """
    if name.isascii() and name.isprintable():
        # Nine of ten names, in a tenth of the time.
        return " ".join(name.casefold().split()) or name
    plain = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(
        character
        for character in plain
        if character.isspace() or not (unicodedata.category(character)[0] == "C" or character in _SELECTORS)
    )
    return " ".join(visible.split()) or name


def headline_hash(title: str | None) -> int:
    """A hash of a headline without case and blanks, 0 where there is none."""
    words = "".join((title or "").casefold().split())
    return xxhash.xxh3_64_intdigest(words.encode("utf-8", "surrogatepass")) >> 1 if words else 0


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "")[:_LONGEST]
    except ValueError:
        return ""


def _ends(count: int, most: int) -> Integers:
    """The indices of the first and of the last of ``count``, ``most`` together."""
    index = np.arange(count)
    if count <= most:
        return index
    return np.concatenate((index[: most // 2], index[-(most - most // 2) :]))
