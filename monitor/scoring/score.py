"""The score: article in, verdict out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from monitor import __version__
from monitor.articles.article import Article, Markup
from monitor.scoring import repetition
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.flags import FLAGS
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.language import Detector
from monitor.scoring.sources import evidence
from monitor.scoring.sources.marks import Marks, read_marks
from monitor.scoring.sources.templates import KNOWN, SourceTemplates
from monitor.scoring.text.paragraphs import Paragraph
from monitor.scoring.text.text import Text
from monitor.scoring.thresholds import Thresholds
from monitor.scoring.verdict import BOILERPLATE, Flag, ParagraphVerdict, Verdict

_DIGITS = 4
#: The least probability that four digits tell from none.
_LEAST = 0.5 * 10**-_DIGITS
NOTHING_KNOWN = SourceTemplates()


class Scored(NamedTuple):
    """A verdict, and what later articles are told by: the marks, and the model's own log-odds.

    ``judged_by`` is a number for what the flags hang on beside the article; ``text`` is what it was read from.
    """

    verdict: Verdict
    marks: Marks
    model_odds: NDArray[np.float64]  # (n,)
    judged_by: int
    text: Text


@dataclass(frozen=True)
class Scorer:
    """Scores articles, one by one and each for itself.

    ``thresholds_for`` gives the thresholds of a source, made by ``flags.thresholds()``; ``kinds`` are
    the flags that may be raised. Loading the models takes a moment: make one scorer and keep it.
    """

    model: Model
    thresholds_for: Callable[[str], Thresholds]
    detector: Detector = field(default_factory=Detector.load)
    kinds: Sequence[FlagKind[Any]] = FLAGS

    def score(self, article: Article, scored_at: datetime, source: SourceTemplates = NOTHING_KNOWN) -> Verdict:
        """What is to be said of one article; any text gets a verdict. Ratios are rounded to 4 digits.

        ``source`` is what is known of the article's source.
        """
        return self.read(article, scored_at, source).verdict

    def read(self, article: Article, scored_at: datetime, source: SourceTemplates = NOTHING_KNOWN) -> Scored:
        """The verdict of :meth:`score`, and with it what the article tells of its source."""
        thresholds = self.thresholds_for(article.source)
        inspection, marks, model_odds = self._inspect(article, thresholds, scored_at, source)
        flags: list[Flag] = []
        bad = False
        for kind in self.kinds:
            raised = list(kind.check(inspection, thresholds))
            flags += raised
            bad = bad or (kind.bad and bool(raised))
        verdict = Verdict(
            id=article.id,
            source=article.source,
            url=article.url,
            title=article.title,
            published_at=article.published_at,
            scored_at=scored_at,
            version=__version__,
            language=inspection.detected.code if inspection.detected else article.language,
            words=inspection.total_words,
            repetition=round(inspection.repetition.ratio, _DIGITS),
            boilerplate=round(inspection.boilerplate_ratio, _DIGITS),
            bad=bad,
            flags=tuple(flags),
            paragraphs=_paragraph_verdicts(inspection),
        )
        return Scored(verdict, marks, model_odds, _judged_by(thresholds, source.articles >= KNOWN), inspection.text)

    def _inspect(
        self, article: Article, thresholds: Thresholds, scored_at: datetime, source: SourceTemplates
    ) -> tuple[Inspection, Marks, NDArray[np.float64]]:
        """What the checks look at, the article's marks, and the model's log-odds."""
        text, repeated = repetition.read(article.text, thresholds)
        probabilities = np.array(self.model.probabilities(text, markup=_markup_of(text.paragraphs, article.markup)))
        within = probabilities.clip(_LEAST, 1 - _LEAST)
        model_odds = np.log(within / (1 - within))
        marks = read_marks(text)
        template = np.zeros(len(probabilities), np.bool_)
        if source.articles:
            informed = 1 / (1 + np.exp(-evidence.log_odds(source, marks, model_odds)))
            # Weather and market reports, which differ in their figures alone, are made of what recurs: where no story
            # would be left, the past says nothing.
            if (informed < BOILERPLATE).any():
                probabilities = informed
                # What recurs and yet is story is no template: "Shr 17 cts vs 13 cts" but for its figures.
                template = source.templates(marks.written) & (informed >= BOILERPLATE)
        inspection = Inspection(
            article=article,
            scored_at=scored_at,
            text=text,
            boilerplate=tuple(probabilities.round(_DIGITS).tolist()),
            template=tuple(template.tolist()),
            repetition=repeated,
            detected=self.detector.detect(text.passages),
        )
        return inspection, marks, model_odds


@cache
def _judged_by(thresholds: Thresholds, source_is_known: bool) -> int:
    """32 bits, never 0, which differ where the version, the thresholds or the templates may change what is flagged."""
    return xxhash.xxh32_intdigest(f"{__version__} {thresholds} {source_is_known}".encode()) or 1


def _paragraph_verdicts(inspection: Inspection) -> tuple[ParagraphVerdict, ...]:
    repeats, similarity = inspection.repetition.repeats, inspection.repetition.similarity
    return tuple(
        ParagraphVerdict(
            start,
            end,
            earlier,
            None if likeness is None else round(likeness, _DIGITS),
            probability,
            template,
        )
        for (start, end), earlier, likeness, probability, template in zip(
            inspection.text.paragraphs, repeats, similarity, inspection.boilerplate, inspection.template, strict=True
        )
    )


def _markup_of(places: Sequence[Paragraph], markup: tuple[Markup, ...]) -> list[Markup | None]:
    """What HTML said of each paragraph: of the line in which it begins."""
    if not markup:
        return []
    result: list[Markup | None] = []
    line = 0
    for place in places:
        while line < len(markup) and markup[line].end <= place.start:
            line += 1
        begins_in_line = line < len(markup) and markup[line].start <= place.start
        result.append(markup[line] if begins_in_line else None)
    return result
