"""Pairs: an inverted index from each pair of neighbouring words to the paragraphs in which it stands.

Paragraphs are compared by the sets of their pairs; the share of pairs that two have in common of all that either has is
their Jaccard similarity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled

Integers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

#: Of the earlier paragraphs with a pair so many at most are counted, half of them the first and half the last; more
#: are met only in tables and lists, whose rows have all their pairs in common.
_COUNTED = 32
#: Of those counted for one paragraph so many are compared in full, by the pairs counted.
_COMPARED = 12

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ by the golden ratio; the order of two words counts


class Pairs(NamedTuple):
    """The distinct pairs of words of ``n`` paragraphs; pairs are numbered by their hash."""

    paragraphs: Integers  # the paragraphs of pair k, in order: paragraphs[begins[k]:begins[k + 1]]
    begins: Integers
    pairs: Integers  # the pairs of paragraph p, in order: pairs[firsts[p]:firsts[p + 1]]
    firsts: Integers
    again: Integers  # (n,): how often paragraph p has a pair that it has already had


def index(hashes: Hashes, firsts: Integers, chosen: NDArray[np.bool_]) -> Pairs:
    """The pairs of the ``chosen`` paragraphs, whose words are ``hashes[firsts[p]:firsts[p + 1]]``."""
    bits = len(chosen).bit_length()
    # One sort of one array: a pair's hash above its paragraph's number, in 50 bits or more.
    keys = _keys(hashes, firsts, chosen, bits)
    keys.sort()
    return _grouped(keys, bits, len(chosen))


@compiled
def _keys(hashes: Hashes, firsts: Integers, chosen: NDArray[np.bool_], bits: int) -> Hashes:
    keys = np.empty(len(hashes), np.uint64)
    k = 0
    for p in range(len(chosen)):
        if chosen[p]:
            for word in range(firsts[p], firsts[p + 1] - 1):
                pair = (hashes[word] * MULTIPLIER) ^ hashes[word + 1]
                keys[k] = (pair * MULTIPLIER) >> np.uint64(bits) << np.uint64(bits) | np.uint64(p)
                k += 1
    return keys[:k]


@compiled
def _grouped(keys: Hashes, bits: int, n: int) -> Pairs:
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    paragraphs = np.empty(len(keys), np.int64)
    numbers = np.empty(len(keys), np.int64)
    begins = np.zeros(len(keys) + 1, np.int64)
    again = np.zeros(n, np.int64)
    firsts = np.zeros(n + 1, np.int64)
    count = groups = 0
    for k in range(len(keys)):
        p = np.int64(keys[k] & mask)
        if k > 0 and keys[k] == keys[k - 1]:
            again[p] += 1
            continue
        if k == 0 or keys[k] >> np.uint64(bits) != keys[k - 1] >> np.uint64(bits):
            begins[groups] = count
            groups += 1
        paragraphs[count] = p
        numbers[count] = groups - 1
        firsts[p + 1] += 1
        count += 1
    begins[groups] = count
    firsts = np.cumsum(firsts)
    pairs = np.empty(count, np.int64)
    filled = firsts.copy()
    for k in range(count):
        p = paragraphs[k]
        pairs[filled[p]] = numbers[k]
        filled[p] += 1
    return Pairs(paragraphs[:count], begins[: groups + 1], pairs, firsts, again)


@compiled
def earlier_shares(known: Pairs) -> NDArray[np.float64]:
    """For each paragraph the share of its pairs that stand in an earlier one; 0 where it has none."""
    shares = np.zeros(len(known.firsts) - 1)
    for p in range(len(shares)):
        first, last = known.firsts[p], known.firsts[p + 1]
        for k in range(first, last):
            shares[p] += known.paragraphs[known.begins[known.pairs[k]]] < p
        if last > first:
            shares[p] /= last - first
    return shares


@compiled
def common(known: Pairs, p: int, q: int) -> int:
    """How many pairs two paragraphs have in common."""
    i, j, count = known.firsts[p], known.firsts[q], 0
    while i < known.firsts[p + 1] and j < known.firsts[q + 1]:
        if known.pairs[i] == known.pairs[j]:
            count += 1
            i += 1
            j += 1
        elif known.pairs[i] < known.pairs[j]:
            i += 1
        else:
            j += 1
    return count


@compiled
def similarity(known: Pairs, p: int, q: int) -> float:
    """The Jaccard similarity of two paragraphs, 0 to 1; 0 where neither has a pair."""
    both = common(known, p, q)
    either = known.firsts[p + 1] - known.firsts[p] + known.firsts[q + 1] - known.firsts[q] - both
    return both / either if either else 0.0


@compiled
def alike(known: Pairs, chosen: NDArray[np.bool_], least: float) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """The earlier paragraphs like each of the ``chosen`` ones, with a Jaccard similarity of ``least`` or more.

    Three arrays: the later and the earlier of each two paragraphs, by the later, then by the earlier; their similarity.
    """
    n = len(chosen)
    counts = np.zeros(n, np.int64)
    met = np.empty(n, np.int64)
    passed = np.zeros(len(known.begins), np.int64)  # how many paragraphs with the pair lie behind
    later = np.empty(_COMPARED * n, np.int64)
    earlier = np.empty(_COMPARED * n, np.int64)
    values = np.empty(_COMPARED * n)
    total = 0
    for p in range(n):
        many = 0
        for k in known.pairs[known.firsts[p] : known.firsts[p + 1]]:
            before = passed[k]
            passed[k] += 1
            for place in range(min(before, _COUNTED) if chosen[p] else 0):
                skipped = max(before - _COUNTED, 0) if place >= _COUNTED // 2 else 0
                q = known.paragraphs[known.begins[k] + place + skipped]
                if counts[q] == 0:
                    met[many] = q
                    many += 1
                counts[q] += 1
        if many == 0:
            continue
        enough = np.sort(counts[met[:many]])[max(many - _COMPARED, 0)]
        begin = total
        for q in np.sort(met[:many]):
            if counts[q] >= enough and total - begin < _COMPARED:
                value = similarity(known, p, q)
                if value >= least:
                    later[total], earlier[total], values[total] = p, q, value
                    total += 1
            counts[q] = 0
    return later[:total], earlier[:total], values[:total]


@compiled
def paragraph_hashes(hashes: Hashes, firsts: Integers) -> Hashes:
    """64 bits for the words of each paragraph, ``(n,)``; 0 where it has none."""
    result = np.zeros(len(firsts) - 1, np.uint64)
    for p in range(len(result)):
        value = np.uint64(0)
        for word in range(firsts[p], firsts[p + 1]):
            value = ((value ^ hashes[word]) * MULTIPLIER) ^ (value >> np.uint64(29))
        result[p] = value
    return result
