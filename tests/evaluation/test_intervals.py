"""Intervals by the bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitor.evaluation.intervals import Floats, figure, quotient


def share(sums: Floats) -> Floats:
    return quotient(sums[..., 0], sums[..., 1])


def test_is_close_to_the_normal_interval_of_a_share() -> None:
    rows = np.array([(float(i < 300), 1.0) for i in range(1000)])
    result = figure(rows, share)
    half = 1.96 * math.sqrt(0.3 * 0.7 / 1000)
    assert result.value == 0.3
    assert result.low == pytest.approx(0.3 - half, abs=0.005)
    assert result.high == pytest.approx(0.3 + half, abs=0.005)
    assert result.documents == 1000


def test_draws_documents_not_paragraphs() -> None:
    """Ten documents of a hundred paragraphs each that stand or fall together are ten, not a thousand."""
    result = figure(np.array([(100.0 * (i % 2), 100.0) for i in range(10)]), share)
    assert result.low is not None
    assert result.high is not None
    assert result.high - result.low > 0.4


def test_share_of_zero_has_an_interval_above_zero() -> None:
    rows = np.tile((0.0, 1.0), (100, 1))
    assert figure(rows, share, share=True).high == pytest.approx(1 - 0.025**0.01)
    assert figure(rows, share).high == 0
    assert figure(np.ones((100, 2)), share, share=True).low == pytest.approx(0.025**0.01)


def test_undefined_is_none() -> None:
    assert figure(np.zeros((5, 2)), share) == (None, None, None, 5)


def test_is_repeatable() -> None:
    rows = np.array([(float(i % 3), 3.0) for i in range(50)])
    assert figure(rows, share) == figure(rows, share)
