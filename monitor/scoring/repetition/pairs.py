"""Pairs: an inverted index from each pair of neighbouring words to the paragraphs in which it stands.

Paragraphs are compared by the sets of their pairs; the share of pairs that two have in common of all that either has is
their Jaccard similarity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.repetition.edits import Difference, difference, have_other_figures
from monitor.scoring.text.words import Words

Integers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

#: Of the earlier paragraphs with a pair so many at most are counted, half of them the first and half the last; more
#: are met only in tables and lists, whose rows have all their pairs in common.
_COUNTED = 32
#: Of those counted for one paragraph so many are compared in full, by the pairs counted.
_COMPARED = 12

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ by the golden ratio; the order of two words counts
_FOLD = np.uint64(32)


class Pairs(NamedTuple):
    """The distinct pairs of words of ``n`` paragraphs, numbered as they come."""

    paragraphs: Integers  # the paragraphs of pair k, in order: paragraphs[begins[k]:begins[k + 1]]
    begins: Integers
    pairs: Integers  # the pairs of paragraph p: pairs[firsts[p]:firsts[p + 1]]
    firsts: Integers
    earlier: Integers  # (n,): how many of paragraph p's pairs stand in an earlier one
    shares: NDArray[np.float64]  # (n,): the same by all of its pairs; 0 where it has none
    again: Integers  # (n,): how often paragraph p has a pair that it has already had


class Alike(NamedTuple):
    """A paragraph, an earlier one that is like it, and how they differ."""

    later: int
    earlier: int
    similarity: float
    other_figures: bool
    differs: Difference


@compiled
def first_equals(words: Words) -> Integers:
    """For each paragraph the first one with the same words, which may be itself, ``(n,)``; -1 where it has none."""
    n = len(words.firsts) - 1
    slots = _slots(n)
    result = np.full(n, -1, np.int64)
    hashes = paragraph_hashes(words.hashes, words.firsts)
    for p in range(n):
        if words.firsts[p + 1] > words.firsts[p]:
            at = hashes[p] & np.uint64(len(slots) - 1)
            while slots[at] >= 0 and hashes[slots[at]] != hashes[p]:
                at = (at + np.uint64(1)) & np.uint64(len(slots) - 1)
            if slots[at] < 0:
                slots[at] = p
            result[p] = slots[at]
    return result


@compiled
def survey(words: Words, least: int) -> tuple[Integers, Pairs]:
    """The first equal of each paragraph, and the pairs of the first ones that have ``least`` words or more."""
    equals = first_equals(words)
    chosen = np.zeros(len(equals), np.bool_)
    for p in range(len(equals)):
        chosen[p] = equals[p] == p and words.firsts[p + 1] - words.firsts[p] >= least
    return equals, index(words.hashes, words.firsts, chosen)


@compiled
def paragraph_hashes(hashes: Hashes, firsts: Integers) -> Hashes:
    """64 bits for the words of each paragraph, ``(n,)``; 0 where it has none."""
    result = np.zeros(len(firsts) - 1, np.uint64)
    for p in range(len(result)):
        value = np.uint64(0)
        for word in range(firsts[p], firsts[p + 1]):
            value = (value ^ hashes[word]) * MULTIPLIER
            value ^= value >> _FOLD
        result[p] = value
    return result


@compiled
def _slots(count: int) -> Integers:
    """An empty table for ``count`` things by hash, half of it free at least: -1 in each slot."""
    size = 16
    while size < 2 * count:
        size *= 2
    return np.full(size, -1, np.int64)


@compiled
def index(hashes: Hashes, firsts: Integers, chosen: NDArray[np.bool_]) -> Pairs:
    """The pairs of the ``chosen`` paragraphs, whose words are ``hashes[firsts[p]:firsts[p + 1]]``. Linear."""
    n = len(chosen)
    slots = _slots(len(hashes))
    keys = np.empty(len(hashes), np.uint64)  # of each pair, in the order in which they come
    latest = np.empty(len(hashes), np.int64)  # the last paragraph with each pair
    counts = np.zeros(len(hashes) + 1, np.int64)  # the paragraphs with each pair
    pairs = np.empty(len(hashes), np.int64)
    pair_firsts, earlier, again = np.zeros(n + 1, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    known = total = 0
    for p in range(n):
        for word in range(firsts[p], firsts[p + 1] - 1 if chosen[p] else 0):
            key = ((hashes[word] * MULTIPLIER) ^ hashes[word + 1]) * MULTIPLIER
            at = (key >> _FOLD) & np.uint64(len(slots) - 1)
            while slots[at] >= 0 and keys[slots[at]] != key:
                at = (at + np.uint64(1)) & np.uint64(len(slots) - 1)
            pair = slots[at]
            if pair < 0:
                pair = slots[at] = known
                keys[pair] = key
                known += 1
            elif latest[pair] == p:
                again[p] += 1
                continue
            else:
                earlier[p] += 1
            latest[pair] = p
            counts[pair] += 1
            pairs[total] = pair
            total += 1
        pair_firsts[p + 1] = total
    begins = np.zeros(known + 1, np.int64)
    begins[1:] = np.cumsum(counts[:known])
    paragraphs = np.empty(total, np.int64)
    filled = begins[:-1].copy()
    for p in range(n):
        for k in range(pair_firsts[p], pair_firsts[p + 1]):
            paragraphs[filled[pairs[k]]] = p
            filled[pairs[k]] += 1
    shares = earlier / np.maximum(pair_firsts[1:] - pair_firsts[:-1], 1)
    return Pairs(paragraphs, begins, pairs[:total], pair_firsts, earlier, shares, again)


@compiled
def alike(words: Words, known: Pairs, chosen: NDArray[np.bool_], least: float) -> list[Alike]:
    """The earlier paragraphs like each of the ``chosen`` ones, with a Jaccard similarity of ``least`` or more.

    By the later, then by the earlier. Linear: of very many that are alike few are compared.
    """
    n = len(chosen)
    found = [Alike(0, 0, 0.0, False, difference(words, 0, 0)) for _ in range(0)]
    counts = np.zeros(n, np.int64)
    met = np.empty(n, np.int64)
    passed = np.zeros(len(known.begins), np.int64)  # how many paragraphs with the pair lie behind
    holder = np.full(len(known.begins), -1, np.int64)  # the last chosen paragraph with the pair
    for p in range(n):
        many = 0
        is_cut = False  # whether paragraphs that have pairs in common were passed over
        for k in known.pairs[known.firsts[p] : known.firsts[p + 1]]:
            before = passed[k]
            passed[k] += 1
            if not chosen[p]:
                continue
            holder[k] = p
            is_cut = is_cut or before > _COUNTED
            for place in range(min(before, _COUNTED)):
                skipped = max(before - _COUNTED, 0) if place >= _COUNTED // 2 else 0
                q = known.paragraphs[known.begins[k] + place + skipped]
                if counts[q] == 0:
                    met[many] = q
                    many += 1
                counts[q] += 1
        if many == 0:
            continue
        in_order = np.sort(met[:many])
        size = known.firsts[p + 1] - known.firsts[p]
        enough, ties = _likeliest(counts[in_order])
        for q in in_order:
            both = counts[q]
            counts[q] = 0
            if is_cut:
                if both < enough or (both == enough and ties == 0):
                    continue
                ties -= both == enough
                value = _similarity(known, holder, p, q)
            else:
                value = both / (size + known.firsts[q + 1] - known.firsts[q] - both)
            if value >= least:
                found.append(_compared(words, p, q, value))
    return found


@compiled
def _likeliest(counts: Integers) -> tuple[int, int]:
    """The least count among the highest ``_COMPARED``, and how many with just that are among them."""
    in_order = np.sort(counts)
    enough = in_order[max(len(counts) - _COMPARED, 0)]
    above = len(counts) - np.searchsorted(in_order, enough, side="right")
    return enough, _COMPARED - above


@compiled
def compare(words: Words, known: Pairs, later: Integers, earlier: Integers, least: float) -> list[Alike]:
    """As :func:`alike`, of two paragraphs each that may be like each other; ``later`` is in order."""
    found = [Alike(0, 0, 0.0, False, difference(words, 0, 0)) for _ in range(0)]
    holder = np.full(len(known.begins), -1, np.int64)
    for i in range(len(later)):
        p = later[i]
        for k in known.pairs[known.firsts[p] : known.firsts[p + 1]]:
            holder[k] = p
        value = _similarity(known, holder, p, earlier[i])
        if value >= least:
            found.append(_compared(words, p, earlier[i], value))
    return found


@compiled
def _compared(words: Words, p: int, q: int, similarity: float) -> Alike:
    return Alike(p, q, similarity, have_other_figures(words, p, q), difference(words, p, q))


@compiled
def _similarity(known: Pairs, holder: Integers, p: int, q: int) -> float:
    """The Jaccard similarity of two paragraphs, where ``holder`` tells the pairs of ``p``."""
    common = 0
    for k in known.pairs[known.firsts[q] : known.firsts[q + 1]]:
        common += holder[k] == p
    either = known.firsts[p + 1] - known.firsts[p] + known.firsts[q + 1] - known.firsts[q] - common
    return common / either if either else 0.0


@compiled
def rows_elsewhere(
    words: Words, known: Pairs, left_out: NDArray[np.bool_], again: int, shared: int, length: int
) -> list[tuple[int, int]]:
    """Paragraphs in which a row of ``length`` words stands twice, and those with one that stands in an earlier one.

    Two numbers each, the same twice for the first. Looked at are paragraphs that have ``again`` pairs of words a second
    time, or ``shared`` in common with one earlier paragraph; those ``left_out`` are none of either.
    """
    found = [(0, 0) for _ in range(0)]
    counts = np.zeros(len(left_out), np.int64)
    for p in range(len(left_out)):
        if left_out[p]:
            continue
        if known.again[p] >= again and _rows_in_common(words, p, p, length):
            found.append((p, p))
        if known.earlier[p] < shared:
            continue
        for k in known.pairs[known.firsts[p] : known.firsts[p + 1]]:
            q = known.paragraphs[known.begins[k]]
            counts[q] += 1
            if q < p and counts[q] == shared and not left_out[q] and _rows_in_common(words, p, q, length):
                found.append((p, q))
        for k in known.pairs[known.firsts[p] : known.firsts[p + 1]]:
            counts[known.paragraphs[known.begins[k]]] = 0
    return found


@compiled
def _rows_in_common(words: Words, p: int, q: int, length: int) -> bool:
    """Whether a row of so many words stands in two paragraphs, or twice in one."""
    mine = _rows(words, p, length)
    theirs = mine[:0] if p == q else _rows(words, q, length)
    rows = np.sort(np.concatenate((mine, theirs)))
    return bool((rows[1:] == rows[:-1]).any())


@compiled
def _rows(words: Words, p: int, length: int) -> Hashes:
    """A hash of each row of so many words in a paragraph."""
    first = words.firsts[p]
    rows = np.empty(max(words.firsts[p + 1] - first - length + 1, 0), np.uint64)
    for k in range(len(rows)):
        value = np.uint64(0)
        for word in range(first + k, first + k + length):
            value = (value ^ words.hashes[word]) * MULTIPLIER
        rows[k] = value
    return rows
