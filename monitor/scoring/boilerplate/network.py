"""The network that reads an article's paragraphs in a row: their features in, log-odds out.

Each paragraph looks at its neighbours (dilated convolutions, Yu and Koltun, ICLR 2016), at the whole
article, and at whether a sign has stood anywhere above or below it: the running maximum of a few
learnt signs, by which "Comments" is remembered over all that follows. ``bench/network.py`` trains it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from monitor.scoring.boilerplate.ngrams import Floats

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
    """The log-odds of each row of ``features`` ``(n, f)``, in its order: ``(n,)``."""
    n, h = len(features), len(network.entry_bias)
    known = np.minimum(np.maximum(features, network.low), network.high)
    hidden = np.maximum(known @ network.entry + network.entry_bias, 0)
    hidden += np.concatenate((hidden.sum(0) / n, hidden.max(0))) @ network.article
    for layer, reach in enumerate(REACHES):
        all_three = hidden @ network.layers[layer]
        total = all_three[:, h : 2 * h] + network.layers_bias[layer]
        if n > reach:
            total[reach:] += all_three[:-reach, :h]
            total[:-reach] += all_three[reach:, 2 * h :]
        if layer == REMEMBERING:
            signs = np.tanh(hidden @ network.signs)
            above = np.maximum.accumulate(signs)
            below = np.maximum.accumulate(signs[::-1])[::-1]
            total += np.concatenate((above, below), 1) @ network.remembered
        hidden += np.maximum(total, 0, out=total)
    log_odds: Floats = hidden @ network.exit + network.exit_bias
    return log_odds
