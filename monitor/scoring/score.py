"""The score: article in, verdict out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor import __version__
from monitor.articles.article import Article, Markup
from monitor.scoring import paragraphs, repetition, words
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.flags import CHECKS
from monitor.scoring.inspection import Inspection
from monitor.scoring.language import Detector
from monitor.scoring.paragraphs import Paragraph
from monitor.scoring.verdict import BAD, ParagraphVerdict, Verdict
from monitor.settings import Thresholds

_DIGITS = 4


@dataclass(frozen=True)
class Scorer:
    """Scores articles, one by one and each for itself.

    ``thresholds_for`` gives the thresholds of a source. Loading the models takes a moment: make one
    scorer and keep it.
    """

    model: Model
    thresholds_for: Callable[[str], Thresholds]
    detector: Detector = field(default_factory=Detector.load)

    def score(self, article: Article, scored_at: datetime) -> Verdict:
        """What is to be said of one article; any text gets a verdict. Ratios are rounded to 4 digits."""
        places = paragraphs.split(article.text)
        thresholds = self.thresholds_for(article.source)
        inspection = self.inspect(article, places, thresholds, scored_at)
        flags = tuple(flag for check in CHECKS for flag in check(inspection, thresholds))
        found = inspection.repetition
        return Verdict(
            id=article.id,
            source=article.source,
            url=article.url,
            title=article.title,
            published_at=article.published_at,
            scored_at=scored_at,
            version=__version__,
            language=inspection.detected.code if inspection.detected else article.language,
            words=inspection.total_words,
            repetition=round(found.ratio, _DIGITS),
            boilerplate=round(inspection.boilerplate_ratio, _DIGITS),
            bad=any(flag.code in BAD for flag in flags),
            flags=flags,
            paragraphs=tuple(
                ParagraphVerdict(
                    start,
                    end,
                    repeats,
                    None if similarity is None else round(similarity, _DIGITS),
                    probability,
                )
                for (start, end), repeats, similarity, probability in zip(
                    places, found.repeats, found.similarity, inspection.boilerplate, strict=True
                )
            ),
        )

    def inspect(
        self, article: Article, places: list[Paragraph], thresholds: Thresholds, scored_at: datetime
    ) -> Inspection:
        """What the checks look at."""
        texts = tuple(article.text[start:end] for start, end in places)
        return Inspection(
            article=article,
            scored_at=scored_at,
            texts=texts,
            words=tuple(words.counts(texts)),
            boilerplate=tuple(self.model.probabilities(texts, markup=_markup_of(places, article.markup))),
            repetition=repetition.find(texts, thresholds),
            detected=self.detector.detect(texts),
        )


def _markup_of(places: list[Paragraph], markup: tuple[Markup, ...]) -> list[Markup | None]:
    """What HTML said of each paragraph: of the line in which it begins."""
    if not markup:
        return []
    found: list[Markup | None] = []
    at = 0
    for place in places:
        while at < len(markup) and markup[at].end <= place.start:
            at += 1
        within = at < len(markup) and markup[at].start <= place.start
        found.append(markup[at] if within else None)
    return found
