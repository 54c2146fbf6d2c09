"""A stream scored in order, each article by what the ones before it taught of its source."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from monitor.articles.article import Article
from monitor.scoring.score import NOTHING_KNOWN, Scorer
from monitor.scoring.sources.sighting import Sighting, source_key
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.verdict import Verdict

#: Sources that are remembered, those seen last: some 5 KB each.
MOST_SOURCES = 20_000


class StreamScorer:
    """Scores articles as they come and learns from each; holds at most :data:`MOST_SOURCES` sources."""

    def __init__(self, scorer: Scorer, most_sources: int = MOST_SOURCES) -> None:
        self._scorer = scorer
        self._most_sources = most_sources
        self._sources: OrderedDict[str, SourceTemplates] = OrderedDict()

    def score(self, article: Article, scored_at: datetime) -> Verdict:
        """The verdict of the next article; its source is known by this article too from then on."""
        key = source_key(article.source)
        source = self._sources.pop(key, NOTHING_KNOWN)
        scored = self._scorer.read(article, scored_at, source.for_scoring())
        self._sources[key] = source.learn(Sighting.of_verdict(scored.verdict, scored.marks, scored.model_odds))
        if len(self._sources) > self._most_sources:
            self._sources.popitem(last=False)
        return scored.verdict
