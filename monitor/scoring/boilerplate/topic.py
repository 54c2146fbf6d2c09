"""What each paragraph has in common with the rest of its article, rare words counting most.

Comments under a story keep to its words and follow nothing; a further article below has words of its own, which recur
further down and not above; a caption names what the opening names. The rarity of a word is its inverse document
frequency (Spärck Jones, 1972) on the pages that were trained on, by hash.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate.ngrams import Floats
from monitor.scoring.boilerplate.phrases import place_of
from monitor.scoring.compiled import compiled
from monitor.scoring.text.words import Words

#: log2 of the number of buckets of the table of rarity.
RARITY_BITS = 15
#: Words of fewer letters say nothing of a topic.
SHORTEST = 3
#: The opening are the paragraphs up to so many of running text.
OPENING = 2
#: How far a paragraph's neighbours stand.
NEAR = 3


class Topic(IntEnum):
    """The columns that :func:`topics` gives. A paragraph's mass is the rarity of its words, summed."""

    RARITY = 0  # of a word, on the mean
    # Shares of its mass in words that stand ...
    IN_LONG = 1  # in other running text
    EARLIER = 2
    LATER = 3
    IN_OPENING = 4
    IN_NEAR_ABOVE = 5  # in one of the NEAR paragraphs above
    IN_NEAR_BELOW = 6
    # Log of the mass.
    MASS_IN_LONG = 7  # of the words in other running text
    MASS_OF_ITS_OWN = 8  # of the others


_COLUMNS = len(Topic)


def rarity(shapes_by_document: list[NDArray[np.uint32]]) -> Floats:
    """The table of rarity: for each bucket the log of how many times more documents there are than such with a word in
    it.
    """
    frequency = np.zeros(1 << RARITY_BITS)
    for shapes in shapes_by_document:
        frequency[np.unique(shapes >> np.uint32(32 - RARITY_BITS))] += 1
    return np.log((len(shapes_by_document) + 1) / (frequency + 1)).astype(np.float32)


@compiled
def topics(words: Words, is_long: NDArray[np.bool_], rarity: Floats) -> Floats:
    """The columns of :class:`Topic` for each of ``n`` paragraphs, ``(n, len(Topic))``."""
    n, m = len(is_long), len(words.shapes)
    table = np.zeros((n, _COLUMNS), np.float32)
    size = 64
    while size < 2 * m:
        size *= 2
    # A table of hashes: where each word stands first, last, and last so far, in how many paragraphs of running text
    # and of the opening.
    keys = np.zeros(size, np.uint64)
    first_in, last_in = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    in_long, in_opening = np.zeros(size, np.int32), np.zeros(size, np.int32)
    # Of the words that are long enough: their places in it, and how rare they are; where each paragraph's begin.
    place, rare, begins = np.empty(m, np.int64), np.empty(m, np.float32), np.zeros(n + 1, np.int64)
    count, opened = 0, 0
    for paragraph in range(n):
        long = is_long[paragraph]
        for word in range(words.firsts[paragraph], words.firsts[paragraph + 1]):
            if words.sizes[word] < SHORTEST:
                continue
            shape = words.shapes[word]
            key = np.uint64(shape) << np.uint64(1) | np.uint64(1)
            at = place_of(keys, key)
            if keys[at] == 0:
                keys[at], first_in[at] = key, paragraph
            if last_in[at] != paragraph:
                in_long[at] += long
                in_opening[at] += opened < OPENING
                last_in[at] = paragraph
            place[count], rare[count] = at, rarity[shape >> np.uint32(32 - RARITY_BITS)]
            count += 1
        begins[paragraph + 1] = count
        opened += long
    seen = np.full(size, -NEAR - 1, np.int32)
    opened = 0
    for paragraph in range(n):
        long, is_opening = is_long[paragraph], opened < OPENING
        mass = elsewhere = earlier = later = opening = near = 0.0
        for word in range(begins[paragraph], begins[paragraph + 1]):
            at, weight = place[word], rare[word]
            mass += weight
            elsewhere += weight * (in_long[at] > long)
            earlier += weight * (first_in[at] < paragraph)
            later += weight * (last_in[at] > paragraph)
            opening += weight * (in_opening[at] > is_opening)
            near += weight * (paragraph - NEAR <= seen[at])
        for word in range(begins[paragraph], begins[paragraph + 1]):
            seen[place[word]] = paragraph
        opened += long
        if mass > 0:
            row = table[paragraph]
            row[Topic.RARITY] = mass / (words.firsts[paragraph + 1] - words.firsts[paragraph])
            row[Topic.IN_LONG] = elsewhere / mass
            row[Topic.EARLIER] = earlier / mass
            row[Topic.LATER] = later / mass
            row[Topic.IN_OPENING] = opening / mass
            row[Topic.IN_NEAR_ABOVE] = near / mass
            row[Topic.MASS_IN_LONG] = np.log1p(elsewhere)
            row[Topic.MASS_OF_ITS_OWN] = np.log1p(mass - elsewhere)
    seen[:] = n + NEAR
    for paragraph in range(n - 1, -1, -1):
        mass = near = 0.0
        for word in range(begins[paragraph], begins[paragraph + 1]):
            mass += rare[word]
            near += rare[word] * (seen[place[word]] <= paragraph + NEAR)
        for word in range(begins[paragraph], begins[paragraph + 1]):
            seen[place[word]] = paragraph
        if mass > 0:
            table[paragraph, Topic.IN_NEAR_BELOW] = near / mass
    return table
