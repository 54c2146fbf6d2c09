"""MinHash: bit by bit what datasketch makes of the same shingles."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.repetition import minhash
from monitor.scoring.text.text import Text

TEXTS = [
    "The old ferry left the harbour on Monday.",
    "word",
    "",
    "…",
    "我们来了，你呢？",
    "1,000 crowns and 1.000 crowns",
    "नाव चली। שלום مرحبا ไทย",
]


def by_datasketch(text: str, permutations: int) -> np.ndarray:
    sketch = MinHash(num_perm=permutations, seed=minhash.SEED, hashfunc=minhash.hash_shingle)
    sketch.update_batch(minhash.shingles(Text.of_lines([text]), 0))
    values: np.ndarray = sketch.hashvalues
    return values


@pytest.mark.parametrize("permutations", [16, 64, 128])
def test_signatures_are_datasketchs(permutations: int) -> None:
    ours = minhash.signatures(Text.of_lines(TEXTS), permutations)
    assert ours.dtype == np.uint32
    for text, row in zip(TEXTS, ours, strict=True):
        assert np.array_equal(row, by_datasketch(text, permutations)), text


@given(st.lists(st.text(max_size=80), max_size=8))
def test_signatures_of_any_texts_are_datasketchs(texts: list[str]) -> None:
    ours = minhash.signatures(Text.of_lines(texts), 8)
    assert ours.shape == (len(texts), 8)
    for text, row in zip(texts, ours, strict=True):
        assert np.array_equal(row, by_datasketch(text, 8))


def test_more_texts_than_a_chunk() -> None:
    texts = [f"text number {i} of very many that all are a little different" for i in range(3000)]
    ours = minhash.signatures(Text.of_lines(texts), 16)
    for i in (0, 1499, 2999):
        assert np.array_equal(ours[i], by_datasketch(texts[i], 16))


def test_share_of_equal_values_estimates_the_jaccard_similarity() -> None:
    words = [f"w{i}" for i in range(400)]
    first, second = " ".join(words[:300]), " ".join(words[100:])
    ours = minhash.signatures(Text.of_lines([first, second]), 1024)
    assert (ours[0] == ours[1]).mean() == pytest.approx(199 / 399, abs=0.06)
