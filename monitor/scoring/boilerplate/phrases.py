"""The phrases of ``phrases.json``, found by hash: what captions, links and calls say in many languages.

The file names, for each kind and language, words and phrases that stand more often around a story
than in it. It is meant to be added to: the network knows the kinds, not the phrases.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate.reading import Floats, Hashes, Reading, mixed, read

#: Words of a phrase that are compared; the rest of a longer one is left out. A CJK character is a word.
WORDS = 4

#: log2 of the places a phrase's hash can fall on: at 2^20 a word is taken for one of 3,000 phrases
#: once in 350 times.
_BITS, _COARSER = 20, 4

#: The most words in phrases of a kind that one paragraph is said to have.
_MOST = 6


class Phrases(NamedTuple):
    """Which kinds a hash of so many words belongs to, a bit for each kind."""

    kinds: tuple[str, ...]
    table: NDArray[np.uint8]  # (WORDS, 2 ** _BITS)
    #: Whether any of so many places in a row belongs to a kind: small enough to stay in a processor's cache.
    coarse: NDArray[np.bool_]  # (WORDS, 2 ** (_BITS - _COARSER))


def _sequences(word: Hashes, line: NDArray[np.int64]) -> list[tuple[Hashes, NDArray[np.bool_]]]:
    """For 1, 2 … WORDS words: the hash of those from each word on, and whether one paragraph holds them."""
    hashes, found = word, [(word, np.ones(len(word), np.bool_))]
    for many in range(2, WORDS + 1):
        hashes = hashes[: len(word) - many + 1] * np.uint32(0x9E3779B1) ^ word[many - 1 :]
        found.append((hashes, line[many - 1 :] == line[: max(len(line) - many + 1, 0)]))
    return found


def _places(hashes: Hashes) -> NDArray[np.uint32]:
    return mixed(hashes) >> np.uint32(32 - _BITS)


@cache
def phrases() -> Phrases:
    """What ``phrases.json`` holds, read once."""
    file = resources.files("monitor.scoring.boilerplate").joinpath("phrases.json")
    kinds = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])
    known = [(phrase, bit) for bit, said in enumerate(kinds.values()) for some in said.values() for phrase in some]
    reading = read([phrase for phrase, _ in known])
    if not reading.words.all():
        raise ValueError(f"phrases.json: {known[int(reading.words.argmin())][0]!r} holds no word; take it out")
    bits = np.array([1 << bit for _, bit in known], np.uint8)
    first = np.cumsum(reading.words) - reading.words
    table = np.zeros((WORDS, 1 << _BITS), np.uint8)
    for many, (hashes, _) in enumerate(_sequences(reading.word, reading.line), 1):
        mine = np.flatnonzero(np.minimum(reading.words, WORDS) == many)
        np.bitwise_or.at(table[many - 1], _places(hashes[first[mine]]), bits[mine])
    coarse: NDArray[np.bool_] = table.reshape(WORDS, -1, 1 << _COARSER).max(2) > 0
    return Phrases(tuple(kinds), table, coarse)


def describe(reading: Reading) -> tuple[list[Floats], list[str]]:
    """For each paragraph and kind, the words in its phrases and those of the phrase it begins with.

    ``(n,)`` a feature, and the features' names.
    """
    known, n = phrases(), len(reading.words)
    kinds = len(known.kinds)
    opening = np.ones(len(reading.line), np.bool_)
    opening[1:] = reading.line[1:] != reading.line[:-1]
    bits, where, many = [], [], []
    for length, (hashes, together) in enumerate(_sequences(reading.word, reading.line), 1):
        places = _places(hashes)
        at = np.flatnonzero(known.coarse[length - 1][places >> np.uint32(_COARSER)] & together)
        bits.append(known.table[length - 1][places[at]])
        where.append(at)
        many.append(np.full(len(at), length))
    at, length_of = np.concatenate(where), np.concatenate(many)
    hit, kind = np.nonzero(np.concatenate(bits)[:, None] >> np.arange(kinds, dtype=np.uint8) & 1)
    at, length_of = at[hit], length_of[hit]
    cell = kind * n + reading.line[at]
    said = np.bincount(cell, weights=length_of, minlength=kinds * n).reshape(kinds, n)
    begun = np.zeros(kinds * n)
    # The longest phrase comes last, and stays.
    begun[cell[opening[at]]] = length_of[opening[at]]
    words = np.sqrt(np.maximum(reading.words, 1))
    rows = np.concatenate((np.minimum(said, _MOST) / words, begun.reshape(kinds, n)))
    names = [f"{what} {kind}" for what in ("says", "begins") for kind in known.kinds]
    return list(rows.astype(np.float32)), names
