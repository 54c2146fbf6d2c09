"""Marks: what of an article may stand in its source's other articles too, as hashes of 32 bits.

A paragraph has one mark of each kind in :data:`KINDS`, 0 where it has none; the one of a whole line is odd, the masked
one where there is one. Its phrases are marks as well: every three words in a row, of which one in :data:`SAMPLED` is
taken, always the same ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.text import Text
from monitor.scoring.text.words import ADDRESS, CAPITAL, FIGURE, Integers

Hashes = NDArray[np.uint32]

#: The line as it is; with its figures, dates, names and addresses masked; its first two words; its last two; and its
#: place and length.
KINDS = ("line", "masked", "begin", "end", "place")
LINE, MASKED, BEGIN, END, PLACE = range(len(KINDS))
#: Columns of marks that are read from the words, the last of which is 0: the place follows from the others, so that a
#: sighting need not hold it. A version before had another kind there, and reads it still.
WRITTEN = 5
#: One phrase in so many is taken: a notice of 40 words has five then, enough to know it by.
SAMPLED = 8
#: Words besides names, figures and addresses that a masked line needs: else all lines of the form "Name 12" would be
#: one.
_PLAIN_WORDS = 2
#: Words of a line whose begin and end are marks of their own.
_LONG_ENOUGH = 3
#: Words below which a line is a label, a heading or caption, a short paragraph; beyond the last it is a long one.
_LENGTHS = np.array([5, 12, 30])
#: Places counted from the begin and from the end of an article; what lies between is parted into quarters.
_FIRST, _LAST = 3, 4
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
#: What the hashes of phrases begin with, other than those of lines.
_PHRASE = np.uint64(9)
_EVEN, _TWO = np.uint64(0xFFFFFFFE), np.uint64(2)


class Marks(NamedTuple):
    """The marks of ``n`` paragraphs and of ``m`` phrases in them."""

    written: Hashes  # (n, WRITTEN)
    words: Integers  # (n,): words of each paragraph
    phrases: Hashes  # (m,)
    paragraphs: Integers  # (m,): the paragraph of each phrase


def read_marks(text: Text) -> Marks:
    """The marks of a text."""
    words = text.words
    written = _written(words.firsts, words.hashes, words.shapes, words.kinds)
    phrases, paragraphs = _phrases(words.firsts, words.shapes)
    return Marks(written, text.counts, phrases, paragraphs)


def all_kinds(written: Hashes, words: Integers) -> Hashes:
    """The marks of each paragraph of every kind, ``(n, len(KINDS))``, from those that are written."""
    places = (_places(len(words)) * (len(_LENGTHS) + 1) + _LENGTHS.searchsorted(words, "right")).astype(np.uint64)
    mixed = (places + (np.uint64(PLACE) << _HALF)) * _FACTOR
    return np.column_stack((written[:, :PLACE], ((mixed >> _HALF) & _EVEN | _TWO).astype(np.uint32)))


def are_lines(marks: Hashes) -> NDArray[np.bool_]:
    """Which marks are of whole lines, one for each line: masked where it has something to mask."""
    result: NDArray[np.bool_] = marks % 2 == 1
    return result


def _places(n: int) -> Integers:
    """A number for the place of each of ``n`` paragraphs: the first three, the last four, quarters between."""
    index = np.arange(n)
    from_end = n - 1 - index
    quarter = np.minimum(4 * index // max(n, 1), 3)
    return np.where(
        index < _FIRST, index, np.where(from_end < _LAST, _FIRST + from_end, _FIRST + _LAST + quarter)
    ) + np.int64(1)


@compiled
def _mix(mark: np.uint64, word: np.uint64) -> np.uint64:
    mixed = (mark ^ word) * _FACTOR
    return mixed ^ (mixed >> _HALF)


@compiled
def _line_mark(mark: np.uint64) -> np.uint32:
    """32 bits of 64, odd."""
    return np.uint32((mark >> _HALF) | np.uint64(1))


@compiled
def _other_mark(mark: np.uint64) -> np.uint32:
    """32 bits of 64, even and not 0."""
    return np.uint32((mark >> _HALF) & _EVEN | _TWO)


@compiled
def _written(
    firsts: Integers, hashes: NDArray[np.uint64], shapes: Hashes, kinds: NDArray[np.uint8]
) -> NDArray[np.uint32]:
    """The written marks of each paragraph, ``(n, WRITTEN)``."""
    n = len(firsts) - 1
    marks = np.zeros((n, WRITTEN), np.uint32)
    for i in range(n):
        first, last = firsts[i], firsts[i + 1]
        if first == last:
            continue
        line, masked = np.uint64(LINE + 1), np.uint64(MASKED + 1)
        plain = hidden = 0
        was_hidden = False
        for word in range(first, last):
            line = _mix(line, hashes[word])
            # Names, figures and addresses in a row are one gap, however many they are.
            if kinds[word] & (CAPITAL | FIGURE | ADDRESS):
                if not was_hidden:
                    masked = _mix(masked, np.uint64(0))
                was_hidden = True
                hidden += 1
            else:
                masked = _mix(masked, np.uint64(shapes[word]))
                was_hidden = False
                plain += 1
        # Odd is one of the two, so that a known line is counted once.
        marks[i, LINE] = _line_mark(line)
        if hidden and plain >= _PLAIN_WORDS:
            marks[i, LINE] = _other_mark(line)
            marks[i, MASKED] = _line_mark(masked)
        if last - first >= _LONG_ENOUGH:
            begin = _mix(_mix(np.uint64(BEGIN + 1), np.uint64(shapes[first])), np.uint64(shapes[first + 1]))
            end = _mix(_mix(np.uint64(END + 1), np.uint64(shapes[last - 2])), np.uint64(shapes[last - 1]))
            marks[i, BEGIN] = _other_mark(begin)
            marks[i, END] = _other_mark(end)
    return marks


@compiled
def _phrases(firsts: Integers, shapes: Hashes) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The sampled phrases, and the paragraph of each."""
    phrases = np.empty(len(shapes), np.uint32)
    paragraphs = np.empty(len(shapes), np.int64)
    m = 0
    for i in range(len(firsts) - 1):
        for word in range(firsts[i], firsts[i + 1] - 2):
            phrase = _PHRASE
            for next_word in range(word, word + 3):
                phrase = _mix(phrase, np.uint64(shapes[next_word]))
            if (phrase & np.uint64(SAMPLED - 1)) == 0:
                phrases[m] = _other_mark(phrase)
                paragraphs[m] = i
                m += 1
    return phrases[:m], paragraphs[:m]
