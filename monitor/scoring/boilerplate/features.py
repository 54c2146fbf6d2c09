"""Numbers that describe each paragraph of an article: its shape, its place, its wording, what it shares.

The same functions serve training and inference. Each is a plain loop over paragraphs, compiled.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from monitor.scoring.boilerplate import standin as of
from monitor.scoring.boilerplate.ngrams import extended
from monitor.scoring.boilerplate.phrases import phrase_features, place_of

#: Paragraphs of at least this many words are taken for running text when the place of the
#: others is described.
LONG = 20

#: Words at least this long take part when a paragraph is compared with the rest.
TOPICAL = 5

_TOPIC_BITS = 13


class Feature(IntEnum):
    """The columns of the table of features, before those of the phrases."""

    WORDING = 0
    PEAK = 1
    # Shape.
    WORDS = 2
    CHARACTERS = 3
    SENTENCE_WORDS = 4
    WORD_LENGTH = 5
    CAPITALS = 6
    SHOUT = 7
    STOPS = 8
    COMMAS = 9
    COLONS = 10
    BRACKETS = 11
    SEPARATORS = 12
    DASHES = 13
    SLASHES = 14
    UPPER = 15
    SYLLABIC = 16
    CASELESS = 17
    DIGITS = 18
    OTHER = 19
    QUOTES = 20
    AT = 21
    SIGNS = 22
    YEARS = 23
    CLOCKS = 24
    ENDS_SENTENCE = 25
    ENDS_COLON = 26
    ENDS_ELLIPSIS = 27
    ENDS_QUOTE = 28
    ENDS_BRACKET = 29
    ENDS_DIGIT = 30
    STARTS_LOWER = 31
    STARTS_DIGIT = 32
    STARTS_QUOTE = 33
    STARTS_BRACKET = 34
    STARTS_DASH = 35
    STARTS_SEPARATOR = 36
    # Place.
    INDEX = 37
    INDEX_FROM_END = 38
    WORDS_BEFORE = 39
    WORDS_AFTER = 40
    SHARE_BEFORE = 41
    SINCE_LONG = 42
    UNTIL_LONG = 43
    BEFORE_FIRST_LONG = 44
    AFTER_LAST_LONG = 45
    BY_MEDIAN = 46
    # The article.
    PARAGRAPHS = 47
    ARTICLE_WORDS = 48
    MEDIAN = 49
    SHORT = 50
    # What it shares with the rest.
    TOPICAL_SHARED = 51
    TOPICAL_IN_LONG = 52
    SAME = 53
    STANDS_EARLIER = 54
    STANDS_LATER = 55
    STANDS_ELSEWHERE = 56


NAMES = tuple(feature.name.lower() for feature in Feature)


@njit(cache=True)
def _shape(table, kinds, starts, ends, word_starts, word_ends, first_word):
    """Each paragraph by itself."""
    counts = np.empty(of.CLASSES, np.int64)
    for paragraph in range(len(starts)):
        row = table[paragraph]
        start, end = starts[paragraph], ends[paragraph]
        counts[:] = 0
        for kind in kinds[start:end]:
            counts[kind] += 1
        capitals = shouts = years = clocks = 0
        for word in range(first_word[paragraph], first_word[paragraph + 1]):
            word_start, word_end = word_starts[word], word_ends[word]
            if kinds[word_start] == of.UPPER:
                capitals += 1
                if word_end - word_start > 1:
                    shouts += 1
                    for kind in kinds[word_start + 1 : word_end]:
                        if kind != of.UPPER:
                            shouts -= 1
                            break
            elif kinds[word_start] == of.DIGIT:
                if word_end - word_start == 4:
                    years += 1
                elif word_end < end and kinds[word_end] == of.COLON:
                    clocks += 1
        words = first_word[paragraph + 1] - first_word[paragraph]
        characters = end - start
        by_words, by_characters = 1 / max(words, 1), 1 / max(characters, 1)
        letters = counts[of.LOWER] + counts[of.UPPER] + counts[of.CASELESS] + counts[of.SYLLABIC]
        by_letters = 1 / max(letters, 1)
        row[Feature.WORDS] = np.log1p(words)
        row[Feature.CHARACTERS] = np.log1p(characters)
        row[Feature.SENTENCE_WORDS] = np.log1p(words / (counts[of.STOP] + 1))
        row[Feature.WORD_LENGTH] = (letters + counts[of.DIGIT]) * by_words
        row[Feature.CAPITALS] = capitals * by_words
        row[Feature.SHOUT] = shouts * by_words
        row[Feature.STOPS] = counts[of.STOP] * by_words
        row[Feature.COMMAS] = counts[of.COMMA] * by_words
        row[Feature.COLONS] = counts[of.COLON] * by_words
        row[Feature.BRACKETS] = counts[of.BRACKET] * by_words
        row[Feature.SEPARATORS] = counts[of.SEPARATOR] * by_words
        row[Feature.DASHES] = counts[of.DASH] * by_words
        row[Feature.SLASHES] = counts[of.SLASH] * by_words
        row[Feature.UPPER] = counts[of.UPPER] * by_letters
        row[Feature.SYLLABIC] = counts[of.SYLLABIC] * by_letters
        row[Feature.CASELESS] = counts[of.CASELESS] * by_letters
        row[Feature.DIGITS] = counts[of.DIGIT] * by_characters
        row[Feature.OTHER] = counts[of.OTHER] * by_characters
        row[Feature.QUOTES] = min(counts[of.QUOTE], 6)
        row[Feature.AT] = min(counts[of.AT], 3)
        row[Feature.SIGNS] = min(counts[of.SIGN], 3)
        row[Feature.YEARS] = min(years, 3)
        row[Feature.CLOCKS] = min(clocks, 3)
        if characters == 0:
            continue
        last, first = kinds[end - 1], kinds[start]
        row[Feature.ENDS_COLON] = last == of.COLON
        row[Feature.ENDS_ELLIPSIS] = last == of.ELLIPSIS
        row[Feature.ENDS_QUOTE] = last == of.QUOTE
        row[Feature.ENDS_BRACKET] = last == of.BRACKET
        row[Feature.ENDS_DIGIT] = last == of.DIGIT
        row[Feature.STARTS_LOWER] = first == of.LOWER
        row[Feature.STARTS_DIGIT] = first == of.DIGIT
        row[Feature.STARTS_QUOTE] = first == of.QUOTE
        row[Feature.STARTS_BRACKET] = first == of.BRACKET
        row[Feature.STARTS_DASH] = first == of.DASH
        row[Feature.STARTS_SEPARATOR] = first == of.SEPARATOR
        at = end - 1
        while at > start and (kinds[at] == of.QUOTE or kinds[at] == of.BRACKET or kinds[at] == of.APOSTROPHE):
            at -= 1
        row[Feature.ENDS_SENTENCE] = kinds[at] == of.STOP


@njit(cache=True)
def _place(table, words):
    """Where each paragraph stands, and how it compares with the article."""
    n = len(words)
    total = max(words.sum(), 1)
    long = words[words >= LONG]
    median = np.median(long) if len(long) else 10.0
    before, last_long = 0, -1
    for paragraph in range(n):
        row = table[paragraph]
        row[Feature.INDEX] = np.log1p(paragraph)
        row[Feature.INDEX_FROM_END] = np.log1p(n - 1 - paragraph)
        row[Feature.WORDS_BEFORE] = np.log1p(before)
        row[Feature.SHARE_BEFORE] = before / total
        before += words[paragraph]
        row[Feature.WORDS_AFTER] = np.log1p(total - before) if before < total else 0.0
        if words[paragraph] >= LONG:
            last_long = paragraph
        row[Feature.SINCE_LONG] = min(paragraph - last_long, 20)
        row[Feature.BEFORE_FIRST_LONG] = last_long < 0
        row[Feature.BY_MEDIAN] = np.log1p(words[paragraph]) - np.log1p(median)
        row[Feature.PARAGRAPHS] = np.log1p(n)
        row[Feature.ARTICLE_WORDS] = np.log1p(total)
        row[Feature.MEDIAN] = np.log1p(median)
        row[Feature.SHORT] = 1 - len(long) / n
    next_long = n
    for paragraph in range(n - 1, -1, -1):
        if words[paragraph] >= LONG:
            next_long = paragraph
        table[paragraph, Feature.UNTIL_LONG] = min(next_long - paragraph, 20)
        table[paragraph, Feature.AFTER_LAST_LONG] = next_long >= n


@njit(cache=True)
def _topics(table, word_starts, word_ends, first_word, hashes):
    """The share of each paragraph's longer words that stand elsewhere in the article, and in other running text."""
    n = len(first_word) - 1
    anywhere, in_long = np.zeros(1 << _TOPIC_BITS, np.int32), np.zeros(1 << _TOPIC_BITS, np.int32)
    for paragraph in range(n):
        is_long = first_word[paragraph + 1] - first_word[paragraph] >= LONG
        for word in range(first_word[paragraph], first_word[paragraph + 1]):
            if word_ends[word] - word_starts[word] >= TOPICAL:
                bucket = hashes[word] >> np.uint64(64 - _TOPIC_BITS)
                anywhere[bucket] += 1
                in_long[bucket] += is_long
    for paragraph in range(n):
        is_long = first_word[paragraph + 1] - first_word[paragraph] >= LONG
        topical = shared = shared_with_long = 0
        for word in range(first_word[paragraph], first_word[paragraph + 1]):
            if word_ends[word] - word_starts[word] >= TOPICAL:
                bucket = hashes[word] >> np.uint64(64 - _TOPIC_BITS)
                topical += 1
                shared += anywhere[bucket] > 1
                shared_with_long += in_long[bucket] > is_long
        if topical:
            table[paragraph, Feature.TOPICAL_SHARED] = shared / topical
            table[paragraph, Feature.TOPICAL_IN_LONG] = shared_with_long / topical


@njit(cache=True)
def _repeats(table, first_word, hashes):
    """The share of each paragraph's triples of words that stand in an earlier, and in a later one, and how many
    paragraphs are the same.

    A pull quote stands whole in the text, a caption in part.
    """
    n = len(first_word) - 1
    size = 64
    while size < 2 * (len(hashes) + n):
        size *= 2
    keys = np.zeros(size, np.uint64)
    first_in, last_in, times = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int32)
    place = np.empty(len(hashes) + n, np.int64)
    for paragraph in range(n):
        first, end = first_word[paragraph], first_word[paragraph + 1]
        together = np.uint64(1)
        for word in range(first, end):
            together = extended(together, hashes[word])
            if word + 2 < end:
                triple = extended(extended(hashes[word], hashes[word + 1]), hashes[word + 2])
                at = place_of(keys, triple | np.uint64(1))
                if keys[at] == 0:
                    keys[at], first_in[at] = triple | np.uint64(1), paragraph
                last_in[at] = paragraph
                place[word] = at
        at = place_of(keys, together | np.uint64(1))
        keys[at] = together | np.uint64(1)
        times[at] += 1
        place[len(hashes) + paragraph] = at
    for paragraph in range(n):
        first, end = first_word[paragraph], first_word[paragraph + 1]
        earlier = later = 0
        for word in range(first, end - 2):
            earlier += first_in[place[word]] < paragraph
            later += last_in[place[word]] > paragraph
        triples = max(end - first - 2, 1)
        row = table[paragraph]
        row[Feature.STANDS_EARLIER] = earlier / triples
        row[Feature.STANDS_LATER] = later / triples
        row[Feature.STANDS_ELSEWHERE] = max(earlier, later) / triples
        row[Feature.SAME] = min(times[place[len(hashes) + paragraph]], 4)


def describe(text, summed, peak):
    """The features of each paragraph, ``(n, k)``, before those of the phrases the columns of :class:`Feature`.

    ``summed`` and ``peak`` are what :func:`~monitor.scoring.boilerplate.ngrams.wording` gives.
    """
    said, _ = phrase_features(text)
    table = np.zeros((len(text.starts), len(NAMES) + said.shape[1]), np.float32)
    table[:, len(NAMES) :] = said
    table[:, Feature.WORDING] = summed
    table[:, Feature.PEAK] = peak
    _shape(table, text.kinds, text.starts, text.ends, text.word_starts, text.word_ends, text.first_word)
    _place(table, np.diff(text.first_word))
    _topics(table, text.word_starts, text.word_ends, text.first_word, text.hashes)
    _repeats(table, text.first_word, text.hashes)
    return table
