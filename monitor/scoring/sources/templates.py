"""Templates: what a source always sends, counted over its articles.

Of each source one table is kept: for each mark (:mod:`monitor.scoring.sources.marks`) in how many distinct articles
it stood, and what the model thought of the paragraphs in which it stood. A line that recurs is a template; a phrase,
a begin of a line or a place in the article tells less, and is evidence for the score (:mod:`monitor.scoring.sources.
evidence`).

Counts fade with each article, so that a redesign is forgotten. An article that came before, and a later version of a
story that came before, are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.sources.marks import BEGIN, END, KINDS, LINE, MASKED, Hashes, all_kinds, are_lines
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.text.words import Integers

#: What a count keeps with each distinct article that follows: half of it after 69.
KEPT = 0.99
#: Articles, faded, below which a mark is forgotten: one that never came again is, after 36 articles.
LEAST = 0.7
#: Distinct articles, faded, in which a line must have stood to be called a template: three, one of them long ago.
KNOWN = 2.5
#: Share of the source's articles in which it must stand: a line less common than this is a coincidence.
KNOWN_SHARE = 0.02
#: Marks kept of a source: so many times those of its last article, and this many at the very most.
TIMES, MOST = 4, 4_096
#: Articles, faded, from which a source is known for long, and in how many a mark must then stand to be evidence.
OLD, RECURRING = 10.0, 1.5
#: Partitions of articles in which a source's last article is remembered.
MOST_POSITIONS = 64
#: Articles whose ids and stories are remembered, to tell re-sends and versions.
RECENT = 16
#: Phrases that a story is remembered by.
SKETCH = 12
#: Log-odds below which a paragraph is of the story for certain: lines stand before or behind it, and of its own words
#: nothing is learned but the whole line and what recent stories are remembered by, which halves what is kept of a
#: source.
STORY = -1.5
#: The share of a story's words that is counted above and below each line besides: a line before or behind all of it
#: is told from the others by 3.
_ROOM = 0.05
#: The share of a story's phrases from which another article is a version of it, and how few say nothing.
SAME_STORY, FEWEST = 0.5, 3


class Counts(NamedTuple):
    """``m`` marks in ascending order, and what is known of each."""

    marks: Hashes  # (m,)
    articles: NDArray[np.float16]  # (m,): distinct articles in which it stood, faded
    #: (m,): the model's log-odds of the paragraphs in which it stood, on the mean; of lines, how far behind the story
    #: they stood.
    odds: NDArray[np.float16]

    @classmethod
    def empty(cls) -> Counts:
        """No marks."""
        return cls(np.zeros(0, np.uint32), np.zeros(0, np.float16), np.zeros(0, np.float16))

    def look_up(self, marks: Hashes) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The articles and the log-odds of each of some marks, both 0 where it is not known."""
        if not len(self.marks):
            nothing = np.zeros(marks.shape, np.float32)
            return nothing, nothing
        at, known = _places(marks, self.marks)
        articles = np.where(known, self.articles[at], np.float16(0)).astype(np.float32)
        return articles, np.where(known, self.odds[at], np.float16(0)).astype(np.float32)


class Story(NamedTuple):
    """What a distinct article is remembered by: hash of its id, and the smallest of the phrases in its story."""

    article: int
    headline: int
    phrases: Hashes


class Position(NamedTuple):
    """The last article of a partition of articles that was seen; ``timestamp`` of its record, ms since 1970."""

    topic: str
    partition: int
    offset: int
    item: int
    timestamp: int


@dataclass(frozen=True)
class SourceTemplates:
    """What is known of one source. Made larger by :meth:`learn`, read by ``evidence.py``."""

    articles: float = 0.0  #: distinct articles, faded as the counts are
    counts: Counts = field(default_factory=Counts.empty)
    recent: tuple[Story, ...] = ()
    positions: tuple[Position, ...] = ()  #: of each partition, the one seen last at the end

    def learn(self, sighting: Sighting) -> SourceTemplates:
        """The source with one more article; with the same counts where it or its story was counted already."""
        positions = _advanced(self.positions, sighting)
        if positions is None:
            return self
        story, phrases = _story(sighting, self), np.unique(sighting.phrases)
        if any(_is_same(story, earlier, phrases) for earlier in self.recent):
            return replace(self, positions=positions)
        marks, odds = _marks_of(sighting, self.recent)
        return replace(
            self,
            articles=self.articles * KEPT + 1,
            counts=_added(self.counts, marks, odds),
            recent=(*self.recent, story)[-RECENT:],
            positions=positions,
        )

    @property
    def lines(self) -> int:
        """The number of lines that are templates."""
        return int((self.known(self.counts.articles) & are_lines(self.counts.marks)).sum())

    def for_scoring(self) -> SourceTemplates:
        """What evidence is made of, a third of all: marks that came again, and lines that may; no recent articles."""
        counts = self.counts
        keep = counts.articles >= RECURRING
        if self.articles < OLD:
            keep |= are_lines(counts.marks)
        recurring = Counts(counts.marks[keep], counts.articles[keep], counts.odds[keep])
        return replace(self, counts=recurring, recent=(), positions=())

    def templates(self, written: Hashes) -> NDArray[np.bool_]:
        """Which paragraphs are templates, ``(n,)``, by their written marks ``(n, WRITTEN)``."""
        articles, _ = self.counts.look_up(written[:, [LINE, MASKED]])
        return self.known(articles.max(1))

    def known(self, articles: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
        """Whether marks that stood in so many articles are the source's own."""
        known: NDArray[np.bool_] = (articles >= KNOWN) & (articles >= KNOWN_SHARE * self.articles)
        return known


def _advanced(positions: tuple[Position, ...], sighting: Sighting) -> tuple[Position, ...] | None:
    """The positions with a sighting's; None where it is delivered again.

    An earlier offset with a later time is of a log that was lost and begins again.
    """
    if not sighting.topic:
        return positions
    here = Position(sighting.topic, sighting.partition, sighting.offset, sighting.item, sighting.timestamp)
    others = []
    for position in positions:
        if position[:2] != here[:2]:
            others.append(position)
        elif here[2:4] <= position[2:4] and here.timestamp <= position.timestamp:
            return None
    return (*others, here)[-MOST_POSITIONS:]


def _marks_of(sighting: Sighting, recent: Sequence[Story]) -> tuple[Hashes, NDArray[np.float32]]:
    """The distinct marks of an article in order, and the mean log-odds of the paragraphs in which each stands."""
    marks = all_kinds(sighting.written, sighting.line_words)
    marks[sighting.line_odds < STORY, BEGIN : END + 1] = 0
    used = sighting.phrase_odds >= STORY
    remembered = np.unique([phrase for story in recent for phrase in story.phrases.tolist()])
    if len(remembered):
        # What the model takes for story and comes again and again would make all its articles the same story.
        used |= _places(sighting.phrases, remembered)[1]
    odds = sighting.line_odds[:, None].repeat(len(KINDS), 1)
    odds[:, [LINE, MASKED]] = _sides(sighting.line_odds, sighting.line_words)[:, None]
    every = np.concatenate((marks.ravel(), sighting.phrases[used]))
    every_odds = np.concatenate((odds.ravel(), sighting.phrase_odds[used]))
    distinct, places, times = np.unique(every, return_inverse=True, return_counts=True)
    mean = (np.bincount(places, every_odds) / times).astype(np.float32)
    begin = int(len(distinct) > 0 and distinct[0] == 0)
    return distinct[begin:], mean[begin:]


def _sides(odds: NDArray[np.float32], words: Integers) -> NDArray[np.float32]:
    """How far each line stands behind the story, ``(n,)``: the logarithm of its words above by those below."""
    story = np.where(odds < STORY, words, 0)
    above = np.cumsum(story) - story
    below = story.sum() - above - story
    room = _ROOM * story.sum() + 1
    sides: NDArray[np.float32] = np.log((above + room) / (below + room)).astype(np.float32)
    return sides


def _added(counts: Counts, marks: Hashes, odds: NDArray[np.float32]) -> Counts:
    """The counts, faded, with the marks of one more article; the rarest are dropped where there are too many."""
    articles = counts.articles.astype(np.float32) * np.float32(KEPT)
    means = counts.odds.astype(np.float32)
    at = counts.marks.searchsorted(marks)
    known = np.zeros(len(marks), np.bool_)
    within = at < len(counts.marks)
    known[within] = counts.marks[at[within]] == marks[within]
    here = at[known]
    means[here] += (odds[known] - means[here]) / (articles[here] + 1)
    articles[here] += 1
    new = ~known
    all_marks = np.insert(counts.marks, at[new], marks[new])
    articles = np.insert(articles, at[new], np.float32(1))
    means = np.insert(means, at[new], odds[new])
    keep = articles >= LEAST
    most = min(MOST, TIMES * len(marks))
    if keep.sum() > most:
        keep = np.zeros(len(all_marks), np.bool_)
        # Of marks that came once, those of the last articles; among equals the smallest, so that it is no chance.
        keep[np.lexsort((all_marks, -articles))[:most]] = True
    return Counts(all_marks[keep], articles[keep].astype(np.float16), means[keep].astype(np.float16))


def _story(sighting: Sighting, known: SourceTemplates) -> Story:
    """The article as it is remembered: by phrases that its source does not always send."""
    articles, _ = known.counts.look_up(sighting.phrases)
    own = sighting.phrases[(sighting.phrase_odds < 0) & ~known.known(articles)]
    # Each phrase once: one that stands in several lines of a notice would make all its articles the same story.
    return Story(sighting.article, sighting.headline, np.unique(own)[:SKETCH])


def _is_same(story: Story, earlier: Story, phrases: Hashes) -> bool:
    """Whether an article is one that came before, or tells its story again, shortened or with something added.

    ``phrases`` are all of the article's, in order.
    """
    if story.article == earlier.article:
        return True
    if len(earlier.phrases) >= FEWEST:
        if _in_common(earlier.phrases, phrases) >= SAME_STORY * len(earlier.phrases):
            return True
        # Only phrases up to the largest that was remembered can be among the remembered.
        comparable = story.phrases[story.phrases <= earlier.phrases[-1]]
        if len(comparable) >= FEWEST:
            return _in_common(comparable, earlier.phrases) >= SAME_STORY * len(comparable)
        return False
    return story.headline != 0 and story.headline == earlier.headline and np.array_equal(story.phrases, earlier.phrases)


def _in_common(first: Hashes, second: Hashes) -> int:
    """How many numbers of ``first`` stand in ``second``, which is in order: numpy's isin took a tenth of a worker."""
    return int(np.count_nonzero(_places(first, second)[1])) if len(second) else 0


def _places(wanted: Hashes, in_order: Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each wanted number would stand among those in order, which are some, and whether it does."""
    at = np.minimum(in_order.searchsorted(wanted), len(in_order) - 1)
    return at, in_order[at] == wanted
