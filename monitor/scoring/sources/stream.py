"""A stream scored in order: each article by what the ones before it taught of its source, and linked to its copies."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from monitor.articles.article import Article
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.link import Linker
from monitor.scoring.copies.window import Window
from monitor.scoring.score import NOTHING_KNOWN, Scored, Scorer
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incident_watch import IncidentWatch
from monitor.scoring.sources.incidents import Watch
from monitor.scoring.sources.sighting import Sighting, source_key
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.verdict import Verdict

#: Sources that are remembered, those seen last: some 5 KB each.
MOST_SOURCES = 20_000
#: Bytes of the window of copies, some 700,000 articles: a file says nothing of when its articles arrived.
WINDOW_BYTES = 250_000_000
DEFAULT_WATCH = Watch()


class StreamScorer:
    """Scores articles as they come, learns from each, and links copies.

    Holds at most ``most_sources`` sources, and :data:`WINDOW_BYTES` of what copies are told by.

    ``on_incident`` is called with each record of an incident: opened, grown, closed. Articles arrived when they were
    published, as far as they say, or with the one before.
    """

    def __init__(
        self,
        scorer: Scorer,
        most_sources: int = MOST_SOURCES,
        on_incident: Callable[[Incident], object] = lambda _: None,
        watch: Watch = DEFAULT_WATCH,
    ) -> None:
        self._scorer = scorer
        self._most_sources = most_sources
        #: By key: the source's name as its last article has it, and what is known of it.
        self._sources: OrderedDict[bytes, tuple[str, SourceTemplates]] = OrderedDict()
        self._on_incident = on_incident
        self._watch = IncidentWatch(watch)
        self._linker = Linker(Window(float("inf"), WINDOW_BYTES))
        self._articles = 0

    def score(self, article: Article, scored_at: datetime) -> Verdict:
        """The verdict of the next article; its source and its story are known by this article too from then on."""
        key = source_key(article.source).encode("utf-8", "surrogatepass")
        _, known = self._sources.pop(key, ("", NOTHING_KNOWN))
        scored = self._scorer.read(article, scored_at, known.for_scoring())
        published = article.published_at.timestamp() if article.published_at else self._watch.time
        sighting = Sighting.of_verdict(*scored[:4], timestamp=round(1000 * max(published, 0.0)))
        source = known.learn(sighting)
        self._sources[key] = article.source, source
        if len(self._sources) > self._most_sources:
            least, (name, _) = self._sources.popitem(last=False)
            self._tell(self._watch.forget(least, name, self._watch.time))
        learned = source.counts is not known.counts
        self._tell(self._watch.see(key, sighting, scored_at.timestamp(), known, learned=learned))
        self._tell(self._watch.pass_time(self._sources.get, self._watch.time))
        return self._linked(scored, article)

    def _linked(self, scored: Scored, article: Article) -> Verdict:
        """The verdict, with the earlier article of another source of which this one is a copy."""
        self._articles += 1
        fingerprint = Fingerprint.of_verdict(scored.verdict, article, scored.text, offset=self._articles)
        copies = self._linker.link(fingerprint, scored.verdict.scored_at.timestamp()).copies
        own = [copy.copy_of for copy in copies if copy.kind == "copy" and copy.article.place == fingerprint.place]
        return msgspec.structs.replace(scored.verdict, copy_of=own[0]) if own else scored.verdict

    def _tell(self, incidents: Sequence[Incident]) -> None:
        for incident in incidents:
            self._on_incident(incident)
