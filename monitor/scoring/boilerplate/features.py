"""Numbers that describe each paragraph of an article: its shape, its place, its wording, its topic, what it repeats.

The same functions serve training and inference. Each is a plain loop over paragraphs, compiled.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate.ngrams import Floats, extended
from monitor.scoring.boilerplate.phrases import place_of
from monitor.scoring.boilerplate.topic import topics
from monitor.scoring.compiled import compiled
from monitor.scoring.text.characters import (
    AT,
    BRACKET,
    CASELESS,
    COLON,
    COMMA,
    DASH,
    DIGIT,
    ELLIPSIS,
    FULL_STOP,
    HYPHEN,
    LOWER,
    OTHER,
    QUOTE,
    SEPARATOR,
    SIGN,
    SLASH,
    STOP,
    UNSPACED,
    UPPER,
)
from monitor.scoring.text.text import Text
from monitor.scoring.text.words import CAPITAL, FIGURE, SHOUT, Characters, Words

#: Paragraphs of at least this many words are taken for running text when the place of the
#: others is described.
LONG = 20


class Feature(IntEnum):
    """The first columns of the table of features."""

    # Shape.
    WORDS = 0
    CHARACTERS = 1
    SENTENCE_WORDS = 2
    WORD_LENGTH = 3
    CAPITALS = 4
    SHOUT = 5
    STOPS = 6
    COMMAS = 7
    COLONS = 8
    BRACKETS = 9
    SEPARATORS = 10
    DASHES = 11
    SLASHES = 12
    UPPER = 13
    UNSPACED = 14
    CASELESS = 15
    DIGITS = 16
    OTHER = 17
    QUOTES = 18
    AT = 19
    SIGNS = 20
    YEARS = 21
    COMPOUND_FIGURES = 22
    ENDS_STOP = 23
    ENDS_COLON = 24
    ENDS_ELLIPSIS = 25
    ENDS_QUOTE = 26
    ENDS_BRACKET = 27
    ENDS_DIGIT = 28
    STARTS_LOWER = 29
    STARTS_DIGIT = 30
    STARTS_QUOTE = 31
    STARTS_BRACKET = 32
    STARTS_DASH = 33
    STARTS_SEPARATOR = 34
    # Place.
    INDEX = 35
    INDEX_FROM_END = 36
    WORDS_BEFORE = 37
    WORDS_AFTER = 38
    SHARE_BEFORE = 39
    SINCE_LONG = 40
    UNTIL_LONG = 41
    BEFORE_FIRST_LONG = 42
    AFTER_LAST_LONG = 43
    BY_MEDIAN = 44
    # The article.
    PARAGRAPHS = 45
    ARTICLE_WORDS = 46
    MEDIAN = 47
    SHORT = 48
    # What it shares with the rest.
    SAME = 49
    STANDS_EARLIER = 50
    STANDS_LATER = 51
    STANDS_ELSEWHERE = 52
    # The article again: the sentences of a paragraph, on the mean. About one where a body was split into sentences.
    SENTENCES = 53
    # Of a line that was taken apart: whether what stands before, and behind, is of the same line.
    SAME_LINE_BEFORE = 54
    SAME_LINE_AFTER = 55


@compiled
def _shape(table: Floats, characters: Characters, words: Words) -> None:
    """Each paragraph by itself."""
    for paragraph in range(len(table)):
        row, counts = table[paragraph], characters.counts[paragraph]
        first_word, end = words.firsts[paragraph], words.firsts[paragraph + 1]
        capitals = shouts = years = compounds = 0
        for word in range(first_word, end):
            kind = words.kinds[word]
            capitals += kind & CAPITAL != 0
            shouts += kind & SHOUT != 0
            if kind & FIGURE:
                years += words.sizes[word] == 4 and words.ends[word] - words.begins[word] == 4
                compounds += words.sizes[word] < words.ends[word] - words.begins[word]
        total, letters = counts.sum(), counts[LOWER : UNSPACED + 1].sum()
        by_words, by_characters, by_letters = 1 / max(end - first_word, 1), 1 / max(total, 1), 1 / max(letters, 1)
        row[Feature.WORDS] = np.log1p(end - first_word)
        row[Feature.CHARACTERS] = np.log1p(total)
        row[Feature.SENTENCE_WORDS] = np.log1p((end - first_word) / (counts[FULL_STOP] + counts[STOP] + 1))
        row[Feature.WORD_LENGTH] = (letters + counts[DIGIT]) * by_words
        row[Feature.CAPITALS] = capitals * by_words
        row[Feature.SHOUT] = shouts * by_words
        row[Feature.STOPS] = (counts[FULL_STOP] + counts[STOP]) * by_words
        row[Feature.COMMAS] = counts[COMMA] * by_words
        row[Feature.COLONS] = counts[COLON] * by_words
        row[Feature.BRACKETS] = counts[BRACKET] * by_words
        row[Feature.SEPARATORS] = counts[SEPARATOR] * by_words
        row[Feature.DASHES] = (counts[DASH] + counts[HYPHEN]) * by_words
        row[Feature.SLASHES] = counts[SLASH] * by_words
        row[Feature.UPPER] = counts[UPPER] * by_letters
        row[Feature.UNSPACED] = counts[UNSPACED] * by_letters
        row[Feature.CASELESS] = counts[CASELESS] * by_letters
        row[Feature.DIGITS] = counts[DIGIT] * by_characters
        row[Feature.OTHER] = counts[OTHER] * by_characters
        row[Feature.QUOTES] = min(counts[QUOTE], 6)
        row[Feature.AT] = min(counts[AT], 3)
        row[Feature.SIGNS] = min(counts[SIGN], 3)
        row[Feature.YEARS] = min(years, 3)
        row[Feature.COMPOUND_FIGURES] = min(compounds, 3)
        first, last = characters.first[paragraph], characters.last[paragraph]
        row[Feature.ENDS_STOP] = last in (FULL_STOP, STOP)
        row[Feature.ENDS_COLON] = last == COLON
        row[Feature.ENDS_ELLIPSIS] = last == ELLIPSIS
        row[Feature.ENDS_QUOTE] = last == QUOTE
        row[Feature.ENDS_BRACKET] = last == BRACKET
        row[Feature.ENDS_DIGIT] = last == DIGIT
        row[Feature.STARTS_LOWER] = first == LOWER
        row[Feature.STARTS_DIGIT] = first == DIGIT
        row[Feature.STARTS_QUOTE] = first == QUOTE
        row[Feature.STARTS_BRACKET] = first == BRACKET
        row[Feature.STARTS_DASH] = first in (DASH, HYPHEN)
        row[Feature.STARTS_SEPARATOR] = first == SEPARATOR


@compiled
def _is_long(characters: Characters, words: Words) -> NDArray[np.bool_]:
    """Which paragraphs are running text: of a script without blanks two characters count as one word."""
    long = np.empty(len(words.firsts) - 1, np.bool_)
    for paragraph in range(len(long)):
        count = words.firsts[paragraph + 1] - words.firsts[paragraph]
        long[paragraph] = count - characters.counts[paragraph, UNSPACED] // 2 >= LONG
    return long


@compiled
def _place(table: Floats, characters: Characters, firsts: NDArray[np.int64], is_long: NDArray[np.bool_]) -> None:
    """Where each paragraph stands, and how it compares with the article."""
    n, total = len(table), firsts[-1]
    counts = firsts[1:] - firsts[:-1]
    long = counts[is_long]
    median = np.median(long) if len(long) else 10.0
    ends = characters.counts[:, FULL_STOP].sum() + characters.counts[:, STOP].sum()
    last_long = -1
    for paragraph in range(n):
        row = table[paragraph]
        row[Feature.SENTENCES] = np.log1p(ends / n)
        row[Feature.INDEX] = np.log1p(paragraph)
        row[Feature.INDEX_FROM_END] = np.log1p(n - 1 - paragraph)
        row[Feature.WORDS_BEFORE] = np.log1p(firsts[paragraph])
        row[Feature.WORDS_AFTER] = np.log1p(total - firsts[paragraph + 1])
        row[Feature.SHARE_BEFORE] = firsts[paragraph] / max(total, 1)
        if is_long[paragraph]:
            last_long = paragraph
        row[Feature.SINCE_LONG] = min(paragraph - last_long, 20)
        row[Feature.BEFORE_FIRST_LONG] = last_long < 0
        row[Feature.BY_MEDIAN] = np.log1p(counts[paragraph]) - np.log1p(median)
        row[Feature.PARAGRAPHS] = np.log1p(n)
        row[Feature.ARTICLE_WORDS] = np.log1p(total)
        row[Feature.MEDIAN] = np.log1p(median)
        row[Feature.SHORT] = 1 - len(long) / n
    next_long = n
    for paragraph in range(n - 1, -1, -1):
        if is_long[paragraph]:
            next_long = paragraph
        table[paragraph, Feature.UNTIL_LONG] = min(next_long - paragraph, 20)
        table[paragraph, Feature.AFTER_LAST_LONG] = next_long >= n


@compiled
def _repeats(table: Floats, words: Words) -> None:
    """The share of each paragraph's triples of words that stand in an earlier, and in a later one, and how many
    paragraphs are the same.

    A pull quote stands whole in the text, a caption in part.
    """
    n, m = len(table), len(words.shapes)
    size = 64
    while size < 2 * (m + n):
        size *= 2
    # A table of hashes: the first and last paragraph with a triple of words, how many are the same paragraph.
    keys = np.zeros(size, np.uint64)
    first_in, last_in, times = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int32)
    place_of_triple, place_of_paragraph = np.empty(m, np.int64), np.empty(n, np.int64)
    odd = np.uint64(1)
    for paragraph in range(n):
        together = odd
        for word in range(words.firsts[paragraph], words.firsts[paragraph + 1]):
            together = extended(together, words.shapes[word])
            if word + 2 < words.firsts[paragraph + 1]:
                pair = extended(extended(np.uint64(0), words.shapes[word]), words.shapes[word + 1])
                triple = extended(pair, words.shapes[word + 2]) | odd
                place = place_of(keys, triple)
                if keys[place] == 0:
                    keys[place], first_in[place] = triple, paragraph
                last_in[place] = paragraph
                place_of_triple[word] = place
        place = place_of(keys, together | odd)
        keys[place] = together | odd
        times[place] += 1
        place_of_paragraph[paragraph] = place
    for paragraph in range(n):
        earlier = later = 0
        for word in range(words.firsts[paragraph], words.firsts[paragraph + 1] - 2):
            earlier += first_in[place_of_triple[word]] < paragraph
            later += last_in[place_of_triple[word]] > paragraph
        triples = max(words.firsts[paragraph + 1] - words.firsts[paragraph] - 2, 1)
        row = table[paragraph]
        row[Feature.STANDS_EARLIER] = earlier / triples
        row[Feature.STANDS_LATER] = later / triples
        row[Feature.STANDS_ELSEWHERE] = max(earlier, later) / triples
        row[Feature.SAME] = min(times[place_of_paragraph[paragraph]], 4)


def describe(text: Text, worded: Floats, in_phrases: Floats, rarity: Floats) -> Floats:
    """The features of each paragraph, ``(n, k)``: the columns of :class:`Feature`, those of
    :class:`~monitor.scoring.boilerplate.topic.Topic`, of the phrases, and of the wording.

    ``worded`` is what :func:`~monitor.scoring.boilerplate.ngrams.wording` gives, ``in_phrases`` is the table of
    :func:`~monitor.scoring.boilerplate.phrases.phrase_features`.
    """
    table = np.zeros((len(text), len(Feature)), np.float32)
    table[1:, Feature.SAME_LINE_BEFORE] = table[:-1, Feature.SAME_LINE_AFTER] = text.same_line
    return np.hstack((table, _fill(table, text.characters, text.words, rarity), in_phrases, worded))


@compiled
def _fill(table: Floats, characters: Characters, words: Words, rarity: Floats) -> Floats:
    """The columns of :class:`Feature` but those of lines, in place, and those of topics; one call from Python instead
    of five, each of which takes the arrays apart anew.
    """
    is_long = _is_long(characters, words)
    _shape(table, characters, words)
    _place(table, characters, words.firsts, is_long)
    _repeats(table, words)
    return topics(words, is_long, rarity)
