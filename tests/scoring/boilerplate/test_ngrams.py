"""N-grams and what they say, on texts written for it."""

from __future__ import annotations

import numpy as np

from monitor.scoring.boilerplate.ngrams import BUCKET_BITS, PEAKS, ngrams, wording
from monitor.scoring.text.text import Text


def buckets(*lines: str) -> list[list[int]]:
    grams = ngrams(Text.of_lines(lines))
    return [grams.buckets[start:end].tolist() for start, end in zip(grams.begins[:-1], grams.begins[1:], strict=True)]


def test_a_paragraph_has_words_stems_pairs_triples_and_ends() -> None:
    assert [len(found) for found in buckets("one two three", "", "four", "one two")] == [3 + 3 + 2 + 1 + 4, 0, 4, 9]


def test_case_figures_and_unicode_form_change_no_bucket() -> None:
    assert buckets("The HARBOUR of 1999, Café") == buckets("the harbour of 2024 cafe\N{COMBINING ACUTE ACCENT}")


def test_no_ngram_reaches_into_the_next_paragraph() -> None:
    both = buckets("the old wall", "was built here")
    assert both == [*buckets("the old wall"), *buckets("was built here")]


def test_wording_is_summed_and_the_most_and_least_telling_are_kept() -> None:
    grams = ngrams(Text.of_lines(["subscribe", "wall", ""]))
    weights = np.zeros((1 << BUCKET_BITS, PEAKS + 1), np.int8)
    weights[grams.buckets[:4], 0] = [10, 20, 30, 40]
    weights[grams.buckets[:4], 1] = [-10, -20, -30, -40]
    table = wording(weights, np.array([0.1, 0.2, 1, 1]), np.array([-1.0, 0.0, 0.0, 0.0]), *grams)
    assert np.allclose(table[:, :2], [[4.0, -10.0], [-1.0, 0.0], [-1.0, 0.0]])
    assert np.allclose(table[:, PEAKS + 1 : PEAKS + 3], [[4, -1], [0, 0], [-1, -1]])
    assert np.allclose(table[:, -1], [1, 0, 1])
