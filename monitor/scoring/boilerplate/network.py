"""The network that reads an article's paragraphs in a row: their features in, log-odds out.

Each paragraph looks at its neighbours (dilated convolutions, Yu and Koltun, ICLR 2016), at the whole
article, and at whether a sign has stood anywhere above or below it: the running maximum of a few
learnt signs, by which "Comments" is remembered over all that follows. The odds are the mean of
several networks that differ in the seed they were trained with. ``bench/network.py`` trains them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: How far the neighbours of each layer stand to either side; the layers in the order they are applied.
REACHES = (1, 2, 4, 8)

#: The layer that is told what stands anywhere above and below.
REMEMBERING = 2


class Network(NamedTuple):
    """``k`` networks of width ``h`` over ``f`` features, with ``s`` learnt signs."""

    low: Floats  # (f,): features below are taken for this
    high: Floats  # (f,): features above are taken for this
    entry: Floats  # (f, k * h)
    entry_bias: Floats  # (k, 1, h)
    article: Floats  # (k, 2 * h, h): of the mean and the maximum over the article
    layers: Floats  # (len(REACHES), k, h, 3 * h): for the paragraph before, itself, the one after
    layers_bias: Floats  # (len(REACHES), k, 1, h)
    signs: Floats  # (k, h, s)
    remembered: Floats  # (k, 2 * s, h): of the signs above and of those below
    exit: Floats  # (k, h, 1)
    exit_bias: Floats  # (k, 1, 1)


def odds(network: Network, features: Floats) -> Floats:
    """The log-odds of each row of ``features`` ``(n, f)``, in its order: ``(n,)``."""
    n = len(features)
    k, _, h = network.entry_bias.shape
    known = np.minimum(np.maximum(features, network.low), network.high)
    entry = (known @ network.entry).reshape(n, k, h).transpose(1, 0, 2)
    hidden = np.maximum(entry + network.entry_bias, 0)
    whole = np.concatenate((hidden.sum(1, keepdims=True) / n, hidden.max(1, keepdims=True)), 2)
    hidden += whole @ network.article
    for layer, reach in enumerate(REACHES):
        before, here, after = hidden @ network.layers[layer].reshape(k, h, 3, h).transpose(2, 0, 1, 3)
        here += network.layers_bias[layer]
        if n > reach:
            here[:, reach:] += before[:, :-reach]
            here[:, :-reach] += after[:, reach:]
        if layer == REMEMBERING:
            signs = np.tanh(hidden @ network.signs)
            above = np.maximum.accumulate(signs, 1)
            below = np.maximum.accumulate(signs[:, ::-1], 1)[:, ::-1]
            here += np.concatenate((above, below), 2) @ network.remembered
        hidden += np.maximum(here, 0, out=here)
    summed: Floats = (hidden @ network.exit + network.exit_bias)[:, :, 0].sum(0) / k
    return summed
