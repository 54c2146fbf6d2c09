"""Edits: how two paragraphs that are alike differ in their words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.words import CAPITAL, FIGURE, Words

Hashes = NDArray[np.uint64]

#: Words of each side that one replacement may take: "said" by "told reporters on Monday".
_REPLACED = 4


@compiled
def have_other_figures(words: Words, p: int, q: int) -> bool:
    """Whether each of two paragraphs has a number that the other lacks: a template filled in anew."""
    mine, theirs = _figures(words, p), _figures(words, q)
    i = j = only_mine = only_theirs = 0
    while i < len(mine) or j < len(theirs):
        if j == len(theirs) or (i < len(mine) and mine[i] < theirs[j]):
            only_mine += 1
            i += 1
        elif i == len(mine) or theirs[j] < mine[i]:
            only_theirs += 1
            j += 1
        else:
            i += 1
            j += 1
    return only_mine > 0 and only_theirs > 0


@compiled
def _figures(words: Words, p: int) -> Hashes:
    """The hashes of a paragraph's numbers, in order of the hashes."""
    figures = np.empty(words.firsts[p + 1] - words.firsts[p], np.uint64)
    count = 0
    for k in range(words.firsts[p], words.firsts[p + 1]):
        if words.kinds[k] & FIGURE:
            figures[count] = words.hashes[k]
            count += 1
    return np.sort(figures[:count])


class Difference(NamedTuple):
    """What stands in one of two paragraphs and not in the other, when both are read from the begin."""

    dropped: int  # words of the longer one that the shorter one lacks
    replaced: int  # words of the shorter one in whose place the longer one has others
    named: bool  # whether a capitalised word or a figure is among the replaced ones, on either side
    framed: bool  # whether the first words are the same, and the last
    opened: bool  # whether the first words are the same


@compiled
def difference(words: Words, p: int, q: int) -> Difference:
    """How the words of two paragraphs differ, by the nearest place from which both go on with the same two words.

    ``dropped`` is as large as the longer one where they meet no more. Linear.
    """
    short, long = p, q
    if words.firsts[p + 1] - words.firsts[p] > words.firsts[q + 1] - words.firsts[q]:
        short, long = q, p
    i, i_end, j, j_end = words.firsts[short], words.firsts[short + 1], words.firsts[long], words.firsts[long + 1]
    h = words.hashes
    opened = i < i_end and h[i] == h[j]
    framed = opened and h[i_end - 1] == h[j_end - 1]
    dropped = replaced = 0
    named = False
    while i < i_end and j < j_end:
        if h[i] == h[j]:
            i += 1
            j += 1
            continue
        mine, theirs = _meeting(words, i, i_end, j, j_end)
        if mine < 0:
            return Difference(words.firsts[long + 1] - words.firsts[long], replaced, True, framed, opened)
        if mine > 0 and theirs > 0:
            replaced += max(mine, theirs)
            for k in range(i, i + mine):
                named = named or words.kinds[k] & (CAPITAL | FIGURE) > 0
            for k in range(j, j + theirs):
                named = named or words.kinds[k] & (CAPITAL | FIGURE) > 0
        else:
            dropped += mine + theirs
        i += mine
        j += theirs
    return Difference(dropped + (i_end - i) + (j_end - j), replaced, named, framed, opened)


@compiled
def _meeting(words: Words, i: int, i_end: int, j: int, j_end: int) -> tuple[int, int]:
    """How many words to pass on either side until the same two follow, or both end; -1 where these are too many."""
    h = words.hashes
    for together in range(1, 2 * _REPLACED + 1):
        for mine in range(max(0, together - _REPLACED), min(together, _REPLACED) + 1):
            a, b = i + mine, j + together - mine
            if a >= i_end or b >= j_end:
                if a == i_end and b == j_end:
                    return mine, together - mine
                continue
            end_both = a + 1 == i_end and b + 1 == j_end
            if h[a] == h[b] and (end_both or (a + 1 < i_end and b + 1 < j_end and h[a + 1] == h[b + 1])):
                return mine, together - mine
    return -1, -1
