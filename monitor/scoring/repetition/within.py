"""Within: sentences that stand again inside a line, or inside another that is not the same, where one of them is long.

Such lines are read as sentences, so that what stands twice in them is a paragraph that repeats another.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from monitor.scoring.repetition.pairs import Pairs, paragraph_hashes, rows_elsewhere
from monitor.scoring.repetition.runs import Match
from monitor.scoring.text.paragraphs import LONG_LINE, Paragraph, sentences
from monitor.scoring.text.text import Text

#: Words of a sentence, and bytes of it, from which it says something when it stands twice in one line: Chinese says it
#: in twenty characters.
_WORDS, _BYTES = 12, 60
#: Sentences in a row from which they say something when they stand in two lines, and their words together.
_ROW, _ROW_WORDS = 2, 24
#: Words in a row that a sentence that stands twice has twice.
_QUICK_ROW = 8


def lines_to_split(text: Text, known: Pairs, matches: Mapping[int, Match]) -> dict[int, list[Paragraph]]:
    """The lines with a sentence that stands again within, and those that have a row of sentences in common, one of them
    long; with their sentences.

    What repeats another as a whole, and what it repeats, are left out: ``matches``. A quotation that is all of its line
    is not found, nor its source.

    >>> from monitor.scoring.repetition.pairs import survey
    >>> said = "The ferry left the old harbour on Monday at noon for the first time. "
    >>> lines = [said * 2 + "It rained.", "Nobody came."]
    >>> text = Text.of_lines(lines)
    >>> _, known = survey(text.words, 1)
    >>> {line: len(sentences) for line, sentences in lines_to_split(text, known, {}).items()}
    {0: 3}
    """
    left_out = np.zeros(len(text), np.bool_)
    for line, match in matches.items():
        left_out[line] = True
        left_out[match.span.first : match.span.last + 1] = True
    split: dict[int, list[Paragraph]] = {}
    for line, source in rows_elsewhere(text.words, known, left_out, _WORDS - 1, _ROW_WORDS - _ROW, _QUICK_ROW):
        of_line = _Sentences(text, line)
        if line == source:
            if of_line.repeats_itself():
                split[line] = of_line.places
            continue
        of_source = _Sentences(text, source)
        if max(of_line.size, of_source.size) >= LONG_LINE and of_line.shares_row(of_source):
            split[line] = of_line.places
            split[source] = of_source.places
    return split


class _Sentences:
    """The sentences of one line: their places, their hashes and the number of their words."""

    def __init__(self, text: Text, line: int) -> None:
        self.places = sentences(text.raw, text.paragraphs[line])
        read = text.with_paragraphs(self.places)
        self.bytes = [len(sentence.encode("utf-8", "surrogatepass")) for sentence in read.passages]
        self.size = sum(self.bytes)
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
