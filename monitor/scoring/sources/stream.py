"""A stream scored in order: each article by what the ones before it taught of its source, and linked to its copies."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

import msgspec

from monitor.articles.article import Article
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.link import Linker
from monitor.scoring.copies.window import Window
from monitor.scoring.score import NOTHING_KNOWN, Scorer
from monitor.scoring.sources.sighting import Sighting, source_key
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.verdict import Verdict

#: Sources that are remembered, those seen last: some 5 KB each.
MOST_SOURCES = 20_000
#: Bytes of the window of copies, some 700,000 articles: a file says nothing of when its articles arrived.
WINDOW_BYTES = 250_000_000


class StreamScorer:
    """Scores articles as they come, learns from each, and links copies.

    Holds at most :data:`MOST_SOURCES` sources, and :data:`WINDOW_BYTES` of what copies are told by.
    """

    def __init__(self, scorer: Scorer, most_sources: int = MOST_SOURCES) -> None:
        self._scorer = scorer
        self._most_sources = most_sources
        self._sources: OrderedDict[str, SourceTemplates] = OrderedDict()
        self._linker = Linker(Window(float("inf"), WINDOW_BYTES))
        self._articles = 0

    def score(self, article: Article, scored_at: datetime) -> Verdict:
        """The verdict of the next article; its source and its story are known by this article too from then on."""
        key = source_key(article.source)
        source = self._sources.pop(key, NOTHING_KNOWN)
        scored = self._scorer.read(article, scored_at, source.for_scoring())
        self._sources[key] = source.learn(Sighting.of_verdict(scored.verdict, scored.marks, scored.model_odds))
        if len(self._sources) > self._most_sources:
            self._sources.popitem(last=False)
        self._articles += 1
        fingerprint = Fingerprint.of_verdict(scored.verdict, article, scored.text, offset=self._articles)
        copies = self._linker.link(fingerprint, scored_at.timestamp()).copies
        own = [copy.copy_of for copy in copies if copy.kind == "copy" and copy.article.place == fingerprint.place]
        return msgspec.structs.replace(scored.verdict, copy_of=own[0]) if own else scored.verdict
