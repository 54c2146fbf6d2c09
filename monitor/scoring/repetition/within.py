"""Within: sentences that stand again inside a line, or inside another that is not the same.

Such lines are read as sentences, so that what stands twice in them is a paragraph that repeats another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.repetition.pairs import Pairs, paragraph_hashes
from monitor.scoring.text.paragraphs import Paragraph, sentences
from monitor.scoring.text.text import Text

#: Words of a sentence, and bytes of it, from which it says something when it stands twice in one line: Chinese says it
#: in twenty characters.
_WORDS, _BYTES = 12, 60
#: Sentences in a row from which they say something when they stand in two lines, and their words together.
_ROW, _ROW_WORDS = 2, 24


def lines_to_split(
    text: Text, known: Pairs, shares: NDArray[np.float64], matched: Collection[int]
) -> dict[int, list[Paragraph]]:
    """The lines with a sentence that stands again within, or a row of sentences that stands in another; with their
    sentences.

    ``shares`` are the shares of each paragraph's pairs of words that stand in an earlier one; what repeats another as
    a whole, the paragraphs ``matched``, is left out. A quotation that is all of its line is not found, nor its source.

    >>> from monitor.scoring.repetition.pairs import earlier_shares, index
    >>> said = "The ferry left the old harbour on Monday at noon for the first time. "
    >>> lines = [said * 2 + "It rained.", "Nobody came."]
    >>> text = Text.of_lines(lines)
    >>> known = index(text.words.hashes, text.words.firsts, np.ones(2, bool))
    >>> {line: len(sentences) for line, sentences in lines_to_split(text, known, earlier_shares(known), ()).items()}
    {0: 3}
    """
    again = known.again >= _WORDS - 1
    elsewhere = shares * np.diff(known.firsts) >= _ROW_WORDS - _ROW
    split: dict[int, list[Paragraph]] = {}
    for line in (again | elsewhere).nonzero()[0].tolist():
        if line in matched:
            continue
        mine = _Sentences(text, line)
        if again[line] and mine.repeats_itself():
            split[line] = mine.places
        for source in _sources(known, line) if elsewhere[line] else ():
            theirs = _Sentences(text, source)
            if source not in matched and mine.shares_row(theirs):
                split[line] = mine.places
                split[source] = theirs.places
    return split


def _sources(known: Pairs, line: int) -> list[int]:
    """The first earlier lines with so many of a line's pairs of words that a row of its sentences may stand there."""
    pairs = known.pairs[known.firsts[line] : known.firsts[line + 1]]
    firsts = Counter(q for q in known.paragraphs[known.begins[pairs]].tolist() if q < line)
    return [q for q, count in firsts.items() if count >= _ROW_WORDS - _ROW]


class _Sentences:
    """The sentences of one line: their places, their hashes and the number of their words."""

    def __init__(self, text: Text, line: int) -> None:
        self.places = sentences(text.raw, text.paragraphs[line])
        read = text.with_paragraphs(self.places)
        self.bytes = [len(sentence.encode("utf-8", "surrogatepass")) for sentence in read.passages]
        self.counts = read.counts.tolist()
        self.hashes = paragraph_hashes(read.words.hashes, read.words.firsts).tolist()

    def repeats_itself(self) -> bool:
        """Whether a long sentence stands twice."""
        long = [
            value
            for value, count, size in zip(self.hashes, self.counts, self.bytes, strict=True)
            if count >= _WORDS and size >= _BYTES
        ]
        return len(set(long)) < len(long)

    def shares_row(self, other: _Sentences) -> bool:
        """Whether a row of sentences stands in both, and each has others beside it."""
        places = {value: place for place, value in reversed(list(enumerate(other.hashes)))}
        row = words = 0
        before = -2
        for value, count in zip(self.hashes, self.counts, strict=True):
            place = places.get(value, -2)
            row, words = (row + 1, words + count) if row and place == before + 1 else (int(place >= 0), count)
            before = place
            if row >= _ROW and words >= _ROW_WORDS and not self._within(other) and not other._within(self):
                return True
        return False

    def _within(self, other: _Sentences) -> bool:
        return set(self.hashes) <= set(other.hashes)
