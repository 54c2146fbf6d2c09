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
#: Classes of signs behind a letter at which a word may go on, a bit each; at a full stop unless a blank follows.
_GOES_ON = np.uint64(sum(1 << kind for kind in (INVISIBLE, DIGIT, MARK, HYPHEN, APOSTROPHE, SLASH, AT)))


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
    kinds: NDArray[np.uint8]  # (m,): CAPITAL, SHOUT, FIGURE and ADDRESS, as bits


#: The word begins with a capital; it has capitals only, two at least; it begins with a digit; it is an address of mail
#: or a name with an @.
CAPITAL, SHOUT, FIGURE, ADDRESS = 1, 2, 4, 8


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
    room = longest = 0
    for i in range(n):
        room += stops[i] - starts[i]
        longest = max(longest, stops[i] - starts[i])
    characters = Characters(np.zeros((n, CLASSES), np.int64), np.full(n, OTHER, np.uint8), np.full(n, OTHER, np.uint8))
    firsts = np.zeros(n + 1, np.int64)
    begins, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    hashes, shapes, stems = np.empty(room, np.uint64), np.empty(room, np.uint32), np.empty(room, np.uint32)
    sizes, word_kinds = np.empty(room, np.int64), np.empty(room, np.uint8)
    # Behind each paragraph two blanks, so that a word in it need not look for the end.
    kinds = np.empty(longest + 2, np.uint8)
    m = 0
    for i in range(n):
        paragraph = codes[starts[i] : stops[i]]
        characters.first[i], characters.last[i] = _classify(paragraph, classes, kinds, characters.counts[i])
        kinds[len(paragraph)] = kinds[len(paragraph) + 1] = SPACE
        at = 0
        while at < len(paragraph):
            kind = kinds[at]
            if not LOWER <= kind <= DIGIT:
                at += 1
                continue
            # Twelve of thirteen words are letters alone, each with a form of one. Told apart here, without a call, they
            # are read in half of the time.
            value = stem = _BASIS
            end = at
            capitals = 0
            while LOWER <= kind <= CASELESS:
                code = paragraph[end]
                form = forms[code] if code < TABLED else np.uint32(TABLED)
                if form >= TABLED:
                    kind = INVISIBLE
                    break
                value = (value ^ np.uint64(form)) * _PRIME
                if end - at < STEM:
                    stem = value
                capitals += kind == UPPER
                end += 1
                kind = kinds[end]
            may_go_on = (
                kinds[end + 1] != SPACE if kind == FULL_STOP else (_GOES_ON >> np.uint64(kind)) & np.uint64(1) != 0
            )
            if end > at and not may_go_on:
                value ^= value >> _FOLD
                hashes[m], sizes[m] = value, end - at
                shapes[m], stems[m] = np.uint32(value & _LOW), np.uint32((stem ^ (stem >> _FOLD)) & _LOW)
                word_kinds[m] = CAPITAL * (kinds[at] == UPPER) + SHOUT * (1 < capitals == end - at)
            else:
                end = at + 1 if kinds[at] == UNSPACED else _word_end(kinds, at, len(paragraph))
                hashes[m], shapes[m], stems[m], sizes[m], word_kinds[m] = _describe(
                    paragraph, kinds, at, end, forms, expansions
                )
            begins[m], ends[m] = starts[i] + at, starts[i] + end
            m += 1
            at = end
        firsts[i + 1] = m
    words = Words(firsts, begins[:m], ends[:m], hashes[:m], shapes[:m], stems[:m], sizes[:m], word_kinds[:m])
    return characters, words


@compiled
def _classify(
    paragraph: Codes, classes: NDArray[np.uint8], kinds: NDArray[np.uint8], counts: Integers
) -> tuple[int, int]:
    """Notes the class of each character in ``kinds`` and counts them; the classes of the first and last one seen."""
    first = last = OTHER
    seen = False
    for at in range(len(paragraph)):
        code = paragraph[at]
        kind = classes[code] if code < TABLED else np.uint8(UNSPACED if code < IDEOGRAPHS_END else INVISIBLE)
        kinds[at] = kind
        if kind == INVISIBLE:
            continue
        counts[kind] += 1
        last = int(kind)
        if not seen:
            first = int(kind)
            seen = True
    return first, last


@compiled
def _word_end(kinds: NDArray[np.uint8], begin: int, stop: int) -> int:
    """Where the word that begins at a letter or digit ends: behind its last letter or digit."""
    end = begin + 1
    before = kinds[begin]
    # Digits since the begin or a blank, as long as there is nothing else.
    group = 1 if before == DIGIT else _NO_GROUP
    for at in range(begin + 1, stop):
        kind = kinds[at]
        if kind == INVISIBLE:
            continue
        if kind != UNSPACED and LOWER <= kind <= MARK:
            end = at + 1
            group = group + 1 if kind == DIGIT else _NO_GROUP
        elif not _goes_on(kinds, at, stop, kind, before, group):
            break
        elif kind == SPACE:
            group = 0
        before = kind
    return end


@compiled
def _goes_on(kinds: NDArray[np.uint8], at: int, stop: int, kind: int, before: int, group: int) -> bool:
    """Whether a word goes on behind a sign of the class ``kind`` inside it."""
    if kind in (HYPHEN, APOSTROPHE, SLASH, AT):
        return True
    following = kinds[at + 1] if at + 1 < stop else SPACE
    if kind == FULL_STOP:
        # "piles.Ferries": a blank was lost where two sentences were joined.
        return not (before == LOWER and following == UPPER)
    if kind in (COMMA, COLON):
        return before == DIGIT and following == DIGIT
    if kind == SPACE and before == DIGIT and group <= 3:
        # 1 000, but not 1 0000 nor 2024 100
        digits = 0
        while digits < 4 and at + 1 + digits < stop and kinds[at + 1 + digits] == DIGIT:
            digits += 1
        return digits == 3
    return False


@compiled
def _describe(
    paragraph: Codes, kinds: NDArray[np.uint8], begin: int, end: int, forms: Codes, expansions: Codes
) -> tuple[np.uint64, np.uint32, np.uint32, int, int]:
    """The hash, shape, stem, size and kind of the word ``paragraph[begin:end]``."""
    exact = shape = stem = _BASIS
    size = capitals = small = signs = 0
    for at in range(begin, end):
        code = paragraph[at]
        kind = kinds[at]
        signs += kind == AT
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
            if place < 0:
                break
            place += 1
            form = expansions[place]
    first = kinds[begin]
    bits = FIGURE * (first == DIGIT) + CAPITAL * (first == UPPER) + ADDRESS * (signs > 0)
    if first == UPPER and capitals > 1 and small == 0:
        bits += SHOUT
    return (
        exact ^ (exact >> _FOLD),
        np.uint32((shape ^ (shape >> _FOLD)) & _LOW),
        np.uint32((stem ^ (stem >> _FOLD)) & _LOW),
        size,
        bits,
    )
