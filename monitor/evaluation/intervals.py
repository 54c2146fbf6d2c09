"""A figure with its bootstrap interval over documents, since the paragraphs of one are not independent.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13: the percentile interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Draws of the bootstrap: the interval's ends move by some 2 % of its width from seed to seed.
DRAWS = 1000
_AT_ONCE = 50


class Figure(NamedTuple):
    """A figure, the ends of its 95 % interval (None where undefined), and the documents it rests on."""

    value: float | None
    low: float | None
    high: float | None
    documents: int


def figure(rows: Floats, statistic: Callable[[Floats], Floats], *, share: bool = False, draws: int = DRAWS) -> Figure:
    """The ``statistic`` of the sums of ``rows``, one row of sums a document, with its interval.

    ``statistic`` takes sums of shape (…, columns) and gives figures of shape (…), nan where undefined. Where a
    ``share`` of documents is 0 or 1 no draw differs; its interval then ends at the exact binomial bound.
    """
    count = len(rows)
    value = float(statistic(rows.sum(axis=0)))
    if np.isnan(value):
        return Figure(None, None, None, count)
    random = np.random.default_rng(count)
    even = np.full(count, 1 / count)
    drawn = [statistic(random.multinomial(count, even, size=_AT_ONCE) @ rows) for _ in range(-(-draws // _AT_ONCE))]
    low, high = np.nanpercentile(np.concatenate(drawn), (2.5, 97.5))
    bound = 1 - 0.025 ** (1 / count)
    if share and value in (0, 1):
        low, high = (low, bound) if value == 0 else (1 - bound, high)
    return Figure(value, float(low), float(high), count)


def quotient(over: Floats, under: Floats) -> Floats:
    """One by the other, nan where there is nothing to divide by."""
    result: Floats = np.divide(over, under, out=np.full(np.shape(over), np.nan), where=np.asarray(under) > 0)
    return result
