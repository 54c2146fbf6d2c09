"""The paragraphs of one article as numbers: characters by class, words and n-grams by hash.

Everything is counted over the code points of the whole article at once, in numpy: one pass a
number, none of them in Python, so that the cost is linear and a long article is cheap. The same
functions serve training and inference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.shingles import rolled
from monitor.scoring.words import CODE_POINTS, code_points

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Hashes = NDArray[np.uint32]

#: log2 of the number of buckets that n-grams are hashed into.
BUCKET_BITS = 17

#: Characters of a word that make up its stem.
STEM_CHARACTERS = 4

# Classes of characters, each character in exactly one; those of words lie together, from LOWER to DIGIT.
(
    OTHER,
    SPACE,
    LOWER,
    UPPER,
    CASELESS,
    SYLLABIC,
    DIGIT,
    STOP,
    COMMA,
    COLON,
    QUOTE,
    BRACKET,
    SEPARATOR,
    DASH,
    SLASH,
    AT,
    SIGN,
    CURRENCY,
    ELLIPSIS,
    APOSTROPHE,
) = range(20)
CLASSES = 20

_BY_CHARACTER = {
    STOP: ".!?。!?。।؟۔",
    COMMA: ",;、،؛,",
    COLON: "::",
    QUOTE: '"“”„«»「」『』‹›‟',
    BRACKET: "()[]{}()【】《》〈〉",
    SEPARATOR: "|•·►▶▸→>‣●■★☆✓✔*^+▪◆",
    DASH: "-–—―‐‑",
    SLASH: "/\\_=~&#%",
    AT: "@",
    SIGN: "©®™℗",
    ELLIPSIS: "…",
    APOSTROPHE: "'’‘`´",
}
# Scripts whose words are not parted by spaces: a character counts as a word.
_SYLLABIC = (
    (0x0E00, 0x0E7F),
    (0x0E80, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
)
_SIGN, _IDEOGRAPH = ord("☃"), ord("一")


class Tables(NamedTuple):
    """Per code point: its class, and its lower case with digits as ``0``. Beyond the basic plane all ideographs are
    one character, and all signs another.
    """

    classes: NDArray[np.uint8]
    folded: NDArray[np.uint32]


@cache
def tables() -> Tables:
    """The tables of characters, made once (30 ms)."""
    by_category = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Nd": DIGIT, "Sc": CURRENCY}
    classes = np.full(CODE_POINTS, OTHER, np.uint8)
    folded = np.full(CODE_POINTS, _SIGN, np.uint32)
    folded[:0x10000] = np.arange(0x10000)
    for code in range(0x10000):
        character = chr(code)
        category = unicodedata.category(character)
        found = by_category.get(category)
        if found is None and (category[0] in "LM"):
            found = CASELESS
        if found is None and (category[0] == "Z" or character.isspace()):
            found = SPACE
        classes[code] = OTHER if found is None else found
        if found == DIGIT:
            folded[code] = ord("0")
        elif found == UPPER:
            lower = character.lower()
            folded[code] = ord(lower[0])
        elif found == SPACE:
            folded[code] = ord(" ")
    for number, characters in _BY_CHARACTER.items():
        for character in characters:
            classes[ord(character)] = number
    for first, last in _SYLLABIC:
        part = classes[first : last + 1]
        part[part != DIGIT] = SYLLABIC
    classes[0x20000:0x40000] = SYLLABIC
    folded[0x20000:0x40000] = _IDEOGRAPH
    for dash in _BY_CHARACTER[DASH]:
        folded[ord(dash)] = ord("-")
    for quote in _BY_CHARACTER[QUOTE]:
        folded[ord(quote)] = ord('"')
    for apostrophe in _BY_CHARACTER[APOSTROPHE]:
        folded[ord(apostrophe)] = ord("'")
    return Tables(classes, folded)


class Reading(NamedTuple):
    """An article's paragraphs as numbers: ``n`` paragraphs, ``m`` words, in order."""

    counts: Integers  # (n, CLASSES): characters of each class
    lengths: Integers  # (n,): characters
    first: NDArray[np.uint8]  # (n,): class of the first character, OTHER where there is none
    last: NDArray[np.uint8]  # (n,): class of the last one
    words: Integers  # (n,): words; a CJK or Thai character is one
    line: Integers  # (m,): the paragraph of each word
    word: Hashes  # (m,): hash of the lower-case word
    stem: Hashes  # (m,): hash of its first four characters
    size: Integers  # (m,): its characters
    capital: Integers  # the words that start with a capital
    shout: Integers  # the words in capitals only, of two letters at least
    triple: Hashes  # (m - 2,): hash of each three words in a row
    whole: NDArray[np.bool_]  # (m - 2,): whether they stand in one paragraph


def mixed(hashes: Hashes) -> Hashes:
    """The hashes with their bits spread (the finisher of MurmurHash3)."""
    h: Hashes = hashes ^ (hashes >> np.uint32(16))
    h = h * np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h = h * np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def read(texts: Sequence[str]) -> Reading:
    """The paragraphs' characters counted and their words hashed. Any string will do."""
    known = tables()
    codes = code_points([text.strip() for text in texts])
    # Methods of arrays, not numpy's functions of the same name: a third less for each call, of which there are many.
    breaks = (codes == ord("\n")).nonzero()[0]
    lengths = breaks[1:] - breaks[:-1] - 1
    n = len(lengths)
    # take() reads a table in half the time of an index in brackets.
    classes = known.classes.take(codes)
    # Three characters of four are small letters: they are what is left when the others are counted.
    others = (classes != LOWER).nonzero()[0]
    ends = others.searchsorted(breaks)
    kinds = classes.take(others[1:])
    cells = (np.arange(n) * CLASSES).repeat(ends[1:] - ends[:-1]) + kinds
    counts = np.bincount(cells, minlength=n * CLASSES).reshape(n, CLASSES)
    counts[:, LOWER] = lengths + 1 - counts.sum(1)
    counts[:, SPACE] -= 1
    filled = lengths > 0
    begins, ends = _words(classes, bool(counts[:, SYLLABIC].any()))
    m = len(begins)
    firsts = begins.searchsorted(breaks)
    words = firsts[1:] - firsts[:-1]
    line = np.arange(n).repeat(words)
    both = rolled(
        known.folded.take(codes),
        np.concatenate((begins, begins)),
        np.concatenate((ends, np.minimum(begins + STEM_CHARACTERS, ends))),
    )
    hashes = mixed(both.astype(np.uint32))
    word = hashes[:m]
    size = ends - begins
    capital = classes.take(begins) == UPPER
    maybe = (capital & (classes.take(begins + 1) == UPPER)).nonzero()[0]
    uppers = others[1:][kinds == UPPER]
    shouted = uppers.searchsorted(ends.take(maybe)) - uppers.searchsorted(begins.take(maybe)) == size.take(maybe)
    return Reading(
        counts=counts,
        lengths=lengths,
        first=np.where(filled, classes.take(breaks[:-1] + 1), OTHER),
        last=np.where(filled, classes.take(breaks[1:] - 1), OTHER),
        words=words,
        line=line,
        word=word,
        stem=hashes[m:],
        size=size,
        capital=capital.nonzero()[0],
        shout=maybe[shouted],
        triple=word[:-2] * np.uint32(0x7FEB352D) ^ word[1:-1] * np.uint32(0x9E3779B1) ^ word[2:],
        whole=line[2:] == line[:-2],
    )


def _words(classes: NDArray[np.uint8], syllabic: bool) -> tuple[Integers, Integers]:
    """Where each word begins, and where it ends, the end excluded. No word stands at either end of ``classes``.

    ``syllabic`` says whether any character is a word by itself.
    """
    part = classes - np.uint8(LOWER) <= DIGIT - LOWER
    if not syllabic:
        between = (~part).nonzero()[0]
        before = (between[1:] - between[:-1] > 1).nonzero()[0]
        return between.take(before) + 1, between.take(before + 1)
    alone = classes == SYLLABIC
    run = part & ~alone
    begins, ends = run.copy(), run.copy()
    begins[1:] &= ~run[:-1]
    ends[:-1] &= ~run[1:]
    return (begins | alone).nonzero()[0], (ends | alone).nonzero()[0] + 1


class Grams(NamedTuple):
    """The buckets of hashed n-grams, a row for each kind: ``m`` words, ``p`` paragraphs that have words.

    Where a paragraph has too few words for an n-gram, what stands in its place is to be taken out: :meth:`fill`.
    """

    running: Integers  # (4, m): from each word on: itself, its stem, the pair, the triple
    ends: Integers  # (4, p): of each paragraph: the first word, the last, the first pair, the last
    first: Integers  # (p,): the place of its first word
    words: Integers  # (p,): its words

    def fill(self, running: NDArray[Any], ends: NDArray[Any], value: int) -> None:
        """Put ``value`` where there is no n-gram, in arrays of the same shapes as ``running`` and ``ends``."""
        last = self.first + self.words - 1
        pairs, triples = running[2:]
        pairs[last] = triples[last] = value
        triples[last - 1] = value  # of a single word the one before it, which is the last of its paragraph
        single = (self.words < 2).nonzero()[0]
        if len(single):
            ends[2:, single] = value

    def counts(self) -> Integers:
        """The n-grams of each paragraph, ``(p,)``."""
        return 3 * self.words + 1 + np.maximum(self.words - 2, 0) + 2 * (self.words > 1)


def grams(reading: Reading) -> Grams:
    """Words, stems, pairs and triples of words, and the words at both ends of each paragraph."""
    word = reading.word
    words = reading.words[reading.words > 0]
    first = words.cumsum() - words
    last = first + words - 1
    running = np.zeros((4, len(word)), np.uint32)
    running[0] = word
    running[1] = reading.stem + np.uint32(0x51ED270B)
    running[2, :-1] = word[:-1] * np.uint32(0x9E3779B1) ^ word[1:]
    running[3, :-2] = reading.triple
    ends = np.concatenate((word.take((first, last)), running[2].take((first, last - 1))))
    ends ^= np.array([[0x2545F491], [0x68E31DA4], [0x1B56C4E9], [0x3C6EF372]], np.uint32)
    return Grams(_bucket(running), _bucket(ends), first, words)


def _bucket(hashes: Hashes) -> Integers:
    return (mixed(hashes) >> np.uint32(32 - BUCKET_BITS)).astype(np.int64)
