"""Within: sentences that stand again inside a line, or inside another that is not the same.

Such lines are read as sentences, so that what stands twice in them is a paragraph that repeats another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.repetition.pairs import MULTIPLIER, Pairs, paragraph_hashes
from monitor.scoring.text.paragraphs import Paragraph, sentences
from monitor.scoring.text.text import Text

#: Words of a sentence, and bytes of it, from which it says something when it stands twice in one line: Chinese says it
#: in twenty characters.
_WORDS, _BYTES = 12, 60
#: Sentences in a row from which they say something when they stand in two lines, and their words together.
_ROW, _ROW_WORDS = 2, 24
#: Words in a row that a sentence that stands twice has twice.
_QUICK_ROW = 8


def lines_to_split(text: Text, known: Pairs, matched: Collection[int]) -> dict[int, list[Paragraph]]:
    """The lines with a sentence that stands again within, or a row of sentences that stands in another; with their
    sentences.

    What repeats another as a whole, the paragraphs ``matched``, is left out. A quotation that is all of its line is not
    found, nor its source.

    >>> from monitor.scoring.repetition.pairs import index
    >>> said = "The ferry left the old harbour on Monday at noon for the first time. "
    >>> lines = [said * 2 + "It rained.", "Nobody came."]
    >>> text = Text.of_lines(lines)
    >>> known = index(text.words.hashes, text.words.firsts, np.ones(2, bool))
    >>> {line: len(sentences) for line, sentences in lines_to_split(text, known, ()).items()}
    {0: 3}
    """
    again = known.again >= _WORDS - 1
    elsewhere = known.earlier >= _ROW_WORDS - _ROW
    split: dict[int, list[Paragraph]] = {}
    for line in (again | elsewhere).nonzero()[0].tolist():
        if line in matched:
            continue
        if again[line] and _have_row(text, line, line) and (mine := _Sentences(text, line)).repeats_itself():
            split[line] = mine.places
        for source in _sources(known, line) if elsewhere[line] else ():
            if source in matched or not _have_row(text, line, source):
                continue
            mine, theirs = _Sentences(text, line), _Sentences(text, source)
            if mine.shares_row(theirs):
                split[line] = mine.places
                split[source] = theirs.places
    return split


def _have_row(text: Text, line: int, source: int) -> bool:
    """Whether a row of words stands twice in a line, or in two: a quick look before the sentences are told apart."""
    firsts = text.words.firsts
    hashes = text.words.hashes
    mine = hashes[firsts[line] : firsts[line + 1]]
    if line == source:
        return bool(rows_in_common(mine, mine[:0], _QUICK_ROW))
    return bool(rows_in_common(mine, hashes[firsts[source] : firsts[source + 1]], _QUICK_ROW))


@compiled
def rows_in_common(words: NDArray[np.uint64], others: NDArray[np.uint64], length: int) -> int:
    """How often a row of so many words stands again, in the same or in the others."""
    count = max(len(words) - length + 1, 0)
    rows = np.empty(count + max(len(others) - length + 1, 0), np.uint64)
    for k in range(len(rows)):
        value = np.uint64(0)
        for i in range(length):
            value = (value ^ (words[k + i] if k < count else others[k - count + i])) * MULTIPLIER
        rows[k] = value
    rows = np.sort(rows)
    again = 0
    for k in range(1, len(rows)):
        again += rows[k] == rows[k - 1]
    return again


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
