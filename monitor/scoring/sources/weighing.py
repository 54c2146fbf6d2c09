"""What a source's past adds to the model's log-odds: the weighed sum of the evidence, and for a line that is new to the
source what a small network makes of all of it.

Both are trained by ``python -m bench.sources`` with the model's log-odds as their offset, and measured over sources on
which they were not trained. A known line is evidence enough, by the sum alone; of a new one the pieces tell more
together than each by itself: that its phrases recur means much where no line of the article is known, as where its line
breaks were lost, and little elsewhere.
"""

from __future__ import annotations

import io
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Weights(NamedTuple):
    """The weights of ``j`` pieces of evidence, and a network of ``h`` units over ``k`` columns, of which these are the
    first.
    """

    sum: Floats  # (j,)
    low: Floats  # (k,): what is lower is taken for this
    high: Floats  # (k,): what is higher for this
    entry: Floats  # (k, h)
    entry_bias: Floats  # (h,)
    exit: Floats  # (h,)
    exit_bias: Floats  # ()

    def added(self, evidence: NDArray[np.float64], is_known: NDArray[np.bool_]) -> NDArray[np.float64]:
        """What ``n`` paragraphs gain in log-odds, ``(n,)``, by their evidence ``(n, k)``; known lines by the sum."""
        within = evidence.astype(np.float32).clip(self.low, self.high)
        units = np.maximum(within @ self.entry + self.entry_bias, 0)
        more = np.where(is_known, 0, units @ self.exit + self.exit_bias)
        result: NDArray[np.float64] = evidence[:, : len(self.sum)] @ self.sum + more
        return result

    def to_bytes(self, names: tuple[str, ...]) -> bytes:
        """The weights of the evidence of these names, as a compressed ``.npz`` without pickles, in 16 bits."""
        file = io.BytesIO()
        arrays = {name: array.astype(np.float16) for name, array in self._asdict().items()}
        np.savez_compressed(file, names=np.array(names), **arrays)
        return file.getvalue()


@cache
def weights(names: tuple[str, ...]) -> Weights:
    """The weights that ship, for evidence of these names.

    Raises:
        ValueError: they were fitted to other evidence.
    """
    data = resources.files("monitor.scoring.sources").joinpath("evidence.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        if tuple(arrays["names"].tolist()) != names:
            raise ValueError("evidence.npz is not of this version's evidence; write it with python -m bench.sources")
        return Weights(*(arrays[name].astype(np.float32) for name in Weights._fields))
