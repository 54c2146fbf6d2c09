"""The network that reads an article's paragraphs in a row: their features in, log-odds out.

Each paragraph looks at its neighbours (dilated convolutions, Yu and Koltun, ICLR 2016), at the whole
article, and at whether a sign has stood anywhere above or below it: the running maximum of a few
learnt signs, by which "Comments" is remembered over all that follows. ``bench/network.py`` trains it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from monitor.scoring.boilerplate.ngrams import Floats
from monitor.scoring.compiled import compiled

#: How far the neighbours of each layer stand to either side; the layers in the order they are applied.
REACHES = (1, 2, 4, 8)

#: The layer that is told what stands anywhere above and below.
REMEMBERING = 2


class Network(NamedTuple):
    """A network of width ``h`` over ``f`` features, with ``s`` learnt signs."""

    low: Floats  # (f,): features below are taken for this
    high: Floats  # (f,): features above are taken for this
    entry: Floats  # (f, h)
    entry_bias: Floats  # (h,)
    article: Floats  # (2 * h, h): of the mean and the maximum over the article
    layers: Floats  # (len(REACHES), h, 3 * h): for the paragraph before, itself, the one after
    layers_bias: Floats  # (len(REACHES), h)
    signs: Floats  # (h, s)
    remembered: Floats  # (2 * s, h): of the signs above and of those below
    exit: Floats  # (h,)
    exit_bias: Floats  # (1,)


def odds(network: Network, features: Floats) -> Floats:
    """The log-odds of each row of ``features`` ``(n, f)``, in its order: ``(n,)``.

    numpy multiplies the matrices; what lies between is compiled, since so small arrays cost numpy more to go over than
    to multiply: 120 µs became 55.
    """
    hidden: Floats = _within(features, network.low, network.high) @ network.entry
    hidden += _activate(hidden, network.entry_bias) @ network.article
    for layer, reach in enumerate(REACHES):
        all_three = hidden @ network.layers[layer]
        total = _sum_neighbours(all_three, network.layers_bias[layer], reach)
        if layer == REMEMBERING:
            total += _remember(np.tanh(hidden @ network.signs)) @ network.remembered
        _add_positive(hidden, total)
    log_odds: Floats = hidden @ network.exit + network.exit_bias
    return log_odds


@compiled
def _within(features: Floats, low: Floats, high: Floats) -> Floats:
    """The features, none below ``low`` or above ``high``."""
    result: Floats = np.empty_like(features)
    for row in range(features.shape[0]):
        for column in range(features.shape[1]):
            result[row, column] = min(max(features[row, column], low[column]), high[column])
    return result


@compiled
def _activate(hidden: Floats, bias: Floats) -> Floats:
    """Adds the bias and cuts at 0, in place; the mean of all rows and their maximum, ``(2 * h,)``."""
    n, h = hidden.shape
    article = np.zeros(2 * h, np.float32)
    for row in range(n):
        for column in range(h):
            value = max(hidden[row, column] + bias[column], np.float32(0))
            hidden[row, column] = value
            article[column] += value
            article[h + column] = max(article[h + column], value)
    for column in range(h):
        article[column] /= np.float32(n)
    return article


@compiled
def _sum_neighbours(all_three: Floats, bias: Floats, reach: int) -> Floats:
    """From ``(n, 3 * h)`` each row's sum, ``(n, h)``: of the row ``reach`` before it, itself, the one behind."""
    n, h = len(all_three), len(bias)
    total = np.empty((n, h), np.float32)
    for row in range(n):
        for column in range(h):
            total[row, column] = all_three[row, h + column] + bias[column]
        if row >= reach:
            for column in range(h):
                total[row, column] += all_three[row - reach, column]
        if row + reach < n:
            for column in range(h):
                total[row, column] += all_three[row + reach, 2 * h + column]
    return total


@compiled
def _remember(signs: Floats) -> Floats:
    """For each row the maximum of each sign in it and above, and in it and below: ``(n, 2 * s)``."""
    n, s = signs.shape
    both = np.empty((n, 2 * s), np.float32)
    for row in range(n):
        for sign in range(s):
            above = both[row - 1, sign] if row else signs[row, sign]
            both[row, sign] = max(above, signs[row, sign])
    for row in range(n - 1, -1, -1):
        for sign in range(s):
            below = both[row + 1, s + sign] if row + 1 < n else signs[row, sign]
            both[row, s + sign] = max(below, signs[row, sign])
    return both


@compiled
def _add_positive(hidden: Floats, total: Floats) -> None:
    """Adds what of ``total`` is above 0, in place."""
    for row in range(hidden.shape[0]):
        for column in range(hidden.shape[1]):
            hidden[row, column] += max(total[row, column], np.float32(0))
