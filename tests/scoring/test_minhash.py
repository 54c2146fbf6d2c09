"""Sketches made in one pass equal datasketch's, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.minhash import PERMUTATIONS, SEED, hash_shingle, shingles, signatures

TEXTS = [
    "The harbour board met on Tuesday to settle the winter timetable of the island ferry.",
    "The harbour board met on Tuesday to settle the summer timetable of the island ferry.",
    "word",
    "Zwei Wörter",
    "港の管理委員会は火曜日に会合を開いた。",
    "كان المجلس قد اجتمع يوم الثلاثاء",
    "1,000 tonnes, 1.000 tonnes and 12:30",
]


def by_datasketch(text: str) -> MinHash:
    sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=hash_shingle)
    sketch.update_batch(shingles(text))
    return sketch


def test_equal_to_datasketch_bit_by_bit() -> None:
    made = signatures(TEXTS)
    assert made.shape == (len(TEXTS), PERMUTATIONS)
    for row, text in zip(made, TEXTS, strict=True):
        assert np.array_equal(row, by_datasketch(text).hashvalues), text


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_texts_equal_datasketch(texts: list[str]) -> None:
    for row, text in zip(signatures(texts), texts, strict=True):
        if shingles(text):
            assert np.array_equal(row, by_datasketch(text).hashvalues)


def test_similarity_is_the_jaccard_similarity_of_the_shingles() -> None:
    first, second = signatures(TEXTS[:2], permutations=2048)
    a, b = set(shingles(TEXTS[0])), set(shingles(TEXTS[1]))
    assert float(np.mean(first == second)) == pytest.approx(len(a & b) / len(a | b), abs=0.05)
