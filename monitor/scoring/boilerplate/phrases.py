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

from monitor.scoring.boilerplate.reading import Hashes, Reading, read

#: Words of a phrase that are compared; the rest of a longer one is left out. A CJK character is a word.
WORDS = 4

#: The most words in phrases of a kind that one paragraph is said to have.
_MOST = 6


class Phrases(NamedTuple):
    """The phrases' hashes in order, and to which kinds each belongs, a bit for each."""

    kinds: tuple[str, ...]
    hashes: Hashes
    bits: NDArray[np.uint8]
    #: By the first 16 bits of a hash, whether a phrase may begin with the word, and whether it may be a phrase's:
    #: three words of four are done with, and 29 of 30 hashes need not be searched for.
    opens: NDArray[np.bool_]
    listed: NDArray[np.bool_]


def _first_bits(hashes: Hashes) -> NDArray[np.bool_]:
    """For each 16 bits whether a hash begins with them."""
    table = np.zeros(1 << 16, np.bool_)
    table[hashes >> np.uint32(16)] = True
    return table


def _longer(hashes: Hashes, word: Hashes) -> Hashes:
    """The hashes of some words, each with one more behind them."""
    return hashes * np.uint32(0x9E3779B1) ^ word


@cache
def phrases() -> Phrases:
    """What ``phrases.json`` holds, read once."""
    file = resources.files("monitor.scoring.boilerplate").joinpath("phrases.json")
    kinds = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])
    known = [(phrase, bit) for bit, said in enumerate(kinds.values()) for some in said.values() for phrase in some]
    reading = read([phrase for phrase, _ in known])
    if not reading.words.all():
        raise ValueError(f"phrases.json: {known[int(reading.words.argmin())][0]!r} holds no word; take it out")
    first = np.cumsum(reading.words) - reading.words
    hashes = reading.word[first]
    opens = _first_bits(hashes)
    for many in range(1, WORDS):
        goes_on = reading.words > many
        hashes[goes_on] = _longer(hashes[goes_on], reading.word[first[goes_on] + many])
    distinct, which = np.unique(hashes, return_inverse=True)
    bits = np.zeros(len(distinct), np.uint8)
    np.bitwise_or.at(bits, which, np.array([1 << bit for _, bit in known], np.uint8))
    return Phrases(tuple(kinds), distinct, bits, opens, _first_bits(distinct))


def describe(reading: Reading) -> tuple[NDArray[np.float64], list[str]]:
    """For each paragraph and kind, the words in its phrases and those of the phrase it begins with.

    ``(j, n)`` for ``j`` features, and their names.
    """
    known, n = phrases(), len(reading.words)
    kinds = len(known.kinds)
    opening = np.ones(len(reading.line), np.bool_)
    opening[1:] = reading.line[1:] != reading.line[:-1]
    at = known.opens.take(reading.word >> np.uint32(16)).nonzero()[0]
    hashes, left = reading.word.take(at), reading.words.cumsum().take(reading.line.take(at)) - at
    begun, told = [at], [hashes]
    for many in range(1, WORDS):
        goes_on = (left > many).nonzero()[0]
        at, left = at.take(goes_on), left.take(goes_on)
        hashes = _longer(hashes.take(goes_on), reading.word.take(at + many))
        begun.append(at)
        told.append(hashes)
    hashes = np.concatenate(told)
    maybe = known.listed.take(hashes >> np.uint32(16)).nonzero()[0]
    hashes = hashes.take(maybe)
    place = np.minimum(known.hashes.searchsorted(hashes), len(known.hashes) - 1)
    same = known.hashes.take(place) == hashes
    place, hit = place[same], maybe[same]
    at = np.concatenate(begun).take(hit)
    length = np.arange(1, WORDS + 1).repeat([len(part) for part in told]).take(hit)
    hit, kind = (known.bits.take(place)[:, None] >> np.arange(kinds, dtype=np.uint8) & 1).nonzero()
    at, length = at.take(hit), length.take(hit)
    cell = kind * n + reading.line[at]
    said = np.bincount(cell, weights=length, minlength=kinds * n).reshape(kinds, n)
    first = np.zeros(kinds * n)
    # The longest phrase comes last, and stays.
    first[cell[opening[at]]] = length[opening[at]]
    words = np.sqrt(np.maximum(reading.words, 1))
    rows = np.concatenate((np.minimum(said, _MOST) / words, first.reshape(kinds, n)))
    names = [f"{what} {kind}" for what in ("says", "begins") for kind in known.kinds]
    return rows, names
