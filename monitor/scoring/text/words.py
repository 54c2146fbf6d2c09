"""Words: what stands between blanks, dashes and brackets; in scripts without blanks each character.

One meaning for all that counts or compares words. A word holds a letter or a digit. It goes on behind an apostrophe, a
hyphen, a full stop or a sign of addresses (/ @ & _) where a letter follows, and behind a comma or colon between digits;
so "It's well-known, e.g. 1,000 km" has five. Where words are compared they have no case, no such signs, no optional
marks, and a figure is its digits: 1,000 and 1.000 and 1 000 are the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.characters import (
    APOSTROPHE,
    AT,
    CASELESS,
    CLASSES,
    COLON,
    COMMA,
    DIGIT,
    FULL_STOP,
    HYPHEN,
    IDEOGRAPHS_END,
    INVISIBLE,
    LOWER,
    MARK,
    OTHER,
    SLASH,
    SPACE,
    TABLED,
    UNSPACED,
    UPPER,
)

Integers = NDArray[np.int64]
Codes = NDArray[np.uint32]

#: Letters and digits at the begin of a word that make up its stem.
STEM = 4
#: FNV-1a of 64 bits (Fowler, Noll and Vo), over code points.
_BASIS, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_FOLD = np.uint64(32)
_ZERO = np.uint64(ord("0"))
#: More digits than stand together before a blank in a number.
_NO_GROUP = 1 << 30
_LOW = np.uint64(0xFFFFFFFF)


class Characters(NamedTuple):
    """The characters of ``n`` paragraphs, counted; those that are not seen are left out."""

    counts: Integers  # (n, CLASSES): of each class
    first: NDArray[np.uint8]  # (n,): class of the first one, OTHER where there is none
    last: NDArray[np.uint8]  # (n,): class of the last one


class Words(NamedTuple):
    """The ``m`` words of ``n`` paragraphs, in order."""

    firsts: Integers  # (n + 1,): the first word of each paragraph, and the number of all words
    begins: Integers  # (m,): where each begins in the text's codes
    ends: Integers  # (m,): and ends, the end excluded
    hashes: NDArray[np.uint64]  # (m,): of the form in which it is compared
    shapes: Codes  # (m,): hash of the same with each digit as 0: a figure counts by its length
    stems: Codes  # (m,): hash of the first four letters of that
    sizes: Integers  # (m,): letters and digits in it
    kinds: NDArray[np.uint8]  # (m,): CAPITAL, SHOUT and FIGURE, as bits


#: The word begins with a capital; it has capitals only, two at least; it begins with a digit.
CAPITAL, SHOUT, FIGURE = 1, 2, 4


def hash_word(form: str) -> int:
    """The 64 bits of a word in its compared form, as :class:`Words` has them.

    >>> hex(hash_word("ferry"))
    '0x893224df7deed384'
    """
    value = int(_BASIS)
    for letter in form:
        value = (value ^ ord(letter)) * int(_PRIME) & 0xFFFF_FFFF_FFFF_FFFF
    return value ^ value >> int(_FOLD)


@compiled
def read_words(
    codes: Codes, starts: Integers, stops: Integers, classes: NDArray[np.uint8], forms: Codes, expansions: Codes
) -> tuple[Characters, Words]:
    """The characters and words of the paragraphs ``codes[starts[i]:stops[i]]``. Linear."""
    n = len(starts)
    room = 0
    for i in range(n):
        room += stops[i] - starts[i]
    characters = Characters(np.zeros((n, CLASSES), np.int64), np.full(n, OTHER, np.uint8), np.full(n, OTHER, np.uint8))
    words = Words(
        firsts=np.zeros(n + 1, np.int64),
        begins=np.empty(room, np.int64),
        ends=np.empty(room, np.int64),
        hashes=np.empty(room, np.uint64),
        shapes=np.empty(room, np.uint32),
        stems=np.empty(room, np.uint32),
        sizes=np.empty(room, np.int64),
        kinds=np.empty(room, np.uint8),
    )
    m = 0
    for i in range(n):
        _count(codes, starts[i], stops[i], classes, characters, i)
        at = starts[i]
        while at < stops[i]:
            kind = _class(codes[at], classes)
            if not LOWER <= kind <= DIGIT:
                at += 1
                continue
            end = at + 1 if kind == UNSPACED else _word_end(codes, at, stops[i], classes)
            words.begins[m] = at
            words.ends[m] = end
            _describe(codes, at, end, classes, forms, expansions, words, m)
            m += 1
            at = end
        words.firsts[i + 1] = m
    filled = Words(
        words.firsts,
        words.begins[:m],
        words.ends[:m],
        words.hashes[:m],
        words.shapes[:m],
        words.stems[:m],
        words.sizes[:m],
        words.kinds[:m],
    )
    return characters, filled


@compiled
def _class(code: int, classes: NDArray[np.uint8]) -> int:
    if code < TABLED:
        return int(classes[code])
    return UNSPACED if code < IDEOGRAPHS_END else INVISIBLE


@compiled
def _count(codes: Codes, start: int, stop: int, classes: NDArray[np.uint8], characters: Characters, i: int) -> None:
    """Counts the characters of one paragraph by class, and notes its first and last."""
    seen = False
    for at in range(start, stop):
        kind = _class(codes[at], classes)
        if kind == INVISIBLE:
            continue
        characters.counts[i, kind] += 1
        characters.last[i] = kind
        if not seen:
            characters.first[i] = kind
            seen = True


@compiled
def _word_end(codes: Codes, begin: int, stop: int, classes: NDArray[np.uint8]) -> int:
    """Where the word that begins at a letter or digit ends: behind its last letter or digit."""
    end = begin + 1
    before = _class(codes[begin], classes)
    # Digits since the begin or a blank, as long as there is nothing else.
    group = 1 if before == DIGIT else _NO_GROUP
    for at in range(begin + 1, stop):
        kind = _class(codes[at], classes)
        if kind == INVISIBLE:
            continue
        if kind != UNSPACED and LOWER <= kind <= MARK:
            end = at + 1
            group = group + 1 if kind == DIGIT else _NO_GROUP
        elif not _goes_on(codes, at, stop, classes, kind, before, group):
            break
        elif kind == SPACE:
            group = 0
        before = kind
    return end


@compiled
def _goes_on(codes: Codes, at: int, stop: int, classes: NDArray[np.uint8], kind: int, before: int, group: int) -> bool:
    """Whether a word goes on behind a sign of the class ``kind`` inside it."""
    if kind in (HYPHEN, APOSTROPHE, SLASH, AT):
        return True
    following = _class(codes[at + 1], classes) if at + 1 < stop else SPACE
    if kind == FULL_STOP:
        # "piles.Ferries": a blank was lost where two sentences were joined.
        return not (before == LOWER and following == UPPER)
    if kind in (COMMA, COLON):
        return before == DIGIT and following == DIGIT
    if kind == SPACE and before == DIGIT and group <= 3:
        # 1 000, but not 1 0000 nor 2024 100
        digits = 0
        while digits < 4 and at + 1 + digits < stop and _class(codes[at + 1 + digits], classes) == DIGIT:
            digits += 1
        return digits == 3
    return False


@compiled
def _describe(
    codes: Codes,
    begin: int,
    end: int,
    classes: NDArray[np.uint8],
    forms: Codes,
    expansions: Codes,
    words: Words,
    m: int,
) -> None:
    """Hashes and describes the word ``codes[begin:end]`` as the ``m``-th."""
    exact = shape = stem = _BASIS
    size = capitals = small = 0
    for at in range(begin, end):
        code = codes[at]
        kind = _class(code, classes)
        if not LOWER <= kind <= MARK:
            continue
        capitals += kind == UPPER
        small += kind in (LOWER, CASELESS)
        form = forms[code] if code < TABLED else code
        # A form at TABLED or above stands for several letters.
        place = np.int64(form) - TABLED if code < TABLED else np.int64(-1)
        if place >= 0:
            form = expansions[place]
        while form != 0:
            exact = (exact ^ np.uint64(form)) * _PRIME
            shape = (shape ^ (_ZERO if kind == DIGIT else np.uint64(form))) * _PRIME
            size += 1
            if size <= STEM:
                stem = shape
            form = np.uint32(0)
            if place >= 0:
                place += 1
                form = expansions[place]
    words.hashes[m] = exact ^ (exact >> _FOLD)
    words.shapes[m] = np.uint32((shape ^ (shape >> _FOLD)) & _LOW)
    words.stems[m] = np.uint32((stem ^ (stem >> _FOLD)) & _LOW)
    words.sizes[m] = size
    first = _class(codes[begin], classes)
    words.kinds[m] = (
        CAPITAL * (first == UPPER)
        + SHOUT * (first == UPPER and capitals > 1 and small == 0)
        + FIGURE * (first == DIGIT)
    )
