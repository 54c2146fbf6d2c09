"""What goes on to those who read articles, not verdicts: the clean article, and the record with its verdict in headers.

Both topics are off by default (``write_clean``, ``write_routed``). The stage score writes them; the record that came is
never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import msgspec

from monitor.articles.article import Article
from monitor.scoring.cut import SURE, CleanArticle
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.topics import ARTICLE_BYTES, Topic

CLEAN = Topic(
    "articles.clean",
    "article id",
    "the article without its repeats and boilerplate, where what was cut stood, and the verdict in its headers",
    setting="write_clean",
)
ROUTED = Topic(
    "articles.routed",
    "the record's own",
    "the record as it came, with the verdict in its headers",
    max_bytes=ARTICLE_BYTES,
    setting="write_routed",
)

#: On both: ``good`` or ``bad``, and the codes of the flags, separated by commas.
VERDICT, CODES = "monitor.verdict", "monitor.codes"


@dataclass(frozen=True)
class Downstream:
    """Makes the records of both topics; ``clean`` and ``routed`` are their full names, ``None`` for one that is off.

    ``boilerplate`` is the probability from which a paragraph is cut.
    """

    clean: str | None = None
    routed: str | None = None
    boilerplate: float = SURE
    _encode: msgspec.json.Encoder = field(default_factory=msgspec.json.Encoder)

    @classmethod
    def of_settings(cls, settings: Settings) -> Self:
        """What the settings ask for."""
        clean, routed = (
            topic.full_name(settings.topic_names) if topic.is_used(settings) else None for topic in (CLEAN, ROUTED)
        )
        return cls(clean, routed, settings.cut_boilerplate)

    def clean_articles(self, article: Article, verdict: Verdict) -> list[Output]:
        """The article's record on ``articles.clean``, where that topic is on."""
        if self.clean is None:
            return []
        value = self._encode.encode(CleanArticle.of_verdict(article, verdict, self.boilerplate))
        return [Output(self.clean, article.id.encode(), value, headers_of([verdict]))]

    def routed_records(self, record: InputRecord, verdicts: Sequence[Verdict]) -> list[Output]:
        """The record on ``articles.routed``, where that topic is on and at least one article of it has a verdict."""
        if self.routed is None or not verdicts:
            return []
        own = tuple(pair for pair in record.headers if pair[0] not in (VERDICT, CODES))
        return [Output(self.routed, record.key, record.value, own + headers_of(verdicts))]


def headers_of(verdicts: Iterable[Verdict]) -> Headers:
    """The headers that tell of one verdict, or of those of all articles of a record: bad where one is, every code once.

    >>> headers_of([])
    (('monitor.verdict', b'good'), ('monitor.codes', b''))
    """
    verdicts = list(verdicts)
    codes = dict.fromkeys(flag.code for verdict in verdicts for flag in verdict.flags)
    bad = any(verdict.bad for verdict in verdicts)
    return (VERDICT, b"bad" if bad else b"good"), (CODES, ",".join(codes).encode())
