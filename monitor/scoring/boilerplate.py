"""How likely each paragraph of an article is not part of its story.

Three steps, all trained by ``python -m bench.train`` on real pages (``docs/boilerplate.md``): a
linear model over hashed words says what a paragraph's wording tells; boosted trees weigh that with
the paragraph's shape, its place and its neighbours; a second stage of trees reads what the first
said of the whole article (stacking, Wolpert 1992). Where the article came as HTML, what the markup
says is added in log-odds.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.articles.article import Markup
from monitor.scoring.boilerplate_features import Floats, describe
from monitor.scoring.boilerplate_neighbours import around
from monitor.scoring.boilerplate_reading import BUCKET_BITS, Reading, grams, read

#: Leaves of a tree: each is a bit of a byte, so that a paragraph's leaf is an AND of bytes.
LEAVES = 8

#: What a sign in the markup adds to the log-odds, by the name of an element or a part of a class.
CONTEXT = {
    "aside": 2.0,
    "figcaption": 2.0,
    "nav": 3.0,
    "footer": 2.5,
    "form": 2.0,
    "related": 3.0,
    "promo": 2.5,
    "newsletter": 3.0,
    "share": 2.5,
    "social": 2.0,
    "comment": 2.0,
    "cookie": 3.0,
    "caption": 2.0,
    "byline": 2.0,
    "breadcrumb": 3.0,
    "advert": 3.0,
}

#: Of several signs in one context the strongest counts, never their sum: they say one thing.
#: A paragraph that is links throughout gains this many log-odds, one that is half links nothing.
LINKS = 3.0

#: Paragraphs of more characters than this are taken for text although they are linked.
LINKED_TEXT = 400


class Linear(NamedTuple):
    """A linear model over hashed n-grams: a bucket's log-odds are ``weights * scale``."""

    weights: NDArray[np.int8]
    scale: float
    bias: float


class Trees(NamedTuple):
    """Boosted trees of :data:`LEAVES` leaves, as arrays over ``t`` trees.

    A node whose feature exceeds its threshold rules out the leaves to its left: the bits in
    ``masks``. The lowest bit that no node has ruled out is the leaf (QuickScorer, Lucchese et
    al., SIGIR 2015).
    """

    features: NDArray[np.int16]  # (LEAVES - 1, t)
    thresholds: Floats  # (LEAVES - 1, t)
    masks: NDArray[np.uint8]  # (LEAVES - 1, t): bits that stay
    values: Floats  # (t * LEAVES,)


_LOWEST_BIT = np.array([(byte & -byte).bit_length() - 1 if byte else 0 for byte in range(256)], np.int64)


def wording(linear: Linear, reading: Reading) -> tuple[Floats, Floats]:
    """What the n-grams of each paragraph say, on the mean, and its most telling one."""
    n = len(reading.words)
    found = grams(reading)
    weights = linear.weights[found.bucket].astype(np.float32)
    many = np.maximum(np.bincount(found.line, minlength=n), 1)
    said = np.bincount(found.line, weights=weights, minlength=n) * linear.scale / np.sqrt(many)
    peak = np.full(n, -1 / linear.scale if linear.scale else 0.0, np.float32)
    np.maximum.at(peak, found.line, weights)
    return (said + linear.bias).astype(np.float32), (peak * linear.scale).astype(np.float32)


def grown(trees: Trees, features: Floats) -> NDArray[np.float64]:
    """The sum of the trees' leaves for each row of ``features``: log-odds."""
    rows = len(features)
    out = np.zeros(rows)
    nodes, many = trees.features.shape
    offsets = (np.arange(many) * LEAVES)[:, None]
    ruled_out = (~trees.masks)[:, :, None]
    limits = trees.thresholds.ravel()[:, None]
    columns = np.ascontiguousarray(features.T)
    block = max(1, 2_000_000 // max(trees.features.size, 1))
    for start in range(0, rows, block):
        part = columns[:, start : start + block]
        beyond = (part[trees.features.ravel()] > limits).reshape(nodes, many, -1)
        left = ~np.bitwise_or.reduce(beyond.view(np.uint8) * ruled_out, axis=0)
        out[start : start + block] = trees.values[_LOWEST_BIT[left] + offsets].sum(0, dtype=np.float64)
    return out


def restacked(reading: Reading, features: Floats, told: Floats, odds: NDArray[np.float64]) -> Floats:
    """``features`` beside what the first trees' ``odds`` say around each paragraph, for the second."""
    # By columns, as the trees read them.
    return np.vstack((features.T, around(reading.words, odds.astype(np.float32), told)[0].T)).T


def markup_odds(markup: Markup | None) -> float:
    """What the markup of a paragraph adds to its log-odds; 0.0 where there is none."""
    if markup is None:
        return 0.0
    strongest = max((odds for name in markup.context for key, odds in CONTEXT.items() if key in name), default=0.0)
    linked = 0.0
    if markup.end - markup.start <= LINKED_TEXT:
        linked = LINKS * max(0.0, 2 * min(markup.links, 1.0) - 1)
    return max(strongest, linked)


class Model(NamedTuple):
    """The trained model. :meth:`load` reads the one that ships."""

    linear: Linear
    trees: Trees
    second: Trees

    @classmethod
    def load(cls) -> Model:
        """The model beside this file."""
        data = resources.files("monitor.scoring").joinpath("boilerplate.model").read_bytes()
        return cls.from_bytes(data)

    @classmethod
    def from_bytes(cls, data: bytes) -> Model:
        """A model from what :meth:`to_bytes` gave. Raises ``ValueError`` when it is no such thing."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            parts = [f"{stage}_{field}" for stage in ("trees", "second") for field in Trees._fields]
            missing = {"weights", "line", *parts} - set(arrays.files)
            if missing:
                raise ValueError(f"boilerplate model without {', '.join(sorted(missing))}: train it again")
            scale, bias = arrays["line"].tolist()
            linear = Linear(arrays["weights"], scale, bias)
            trees, second = (
                Trees(*(arrays[f"{stage}_{field}"] for field in Trees._fields)) for stage in ("trees", "second")
            )
        if len(linear.weights) != 1 << BUCKET_BITS:
            raise ValueError(f"boilerplate model of {len(linear.weights)} buckets: train it again")
        return cls(linear, trees, second)

    def to_bytes(self) -> bytes:
        """The model as a compressed ``.npz`` without pickles."""
        arrays: dict[str, Any] = {
            "weights": self.linear.weights,
            "line": np.array([self.linear.scale, self.linear.bias]),
            **{f"trees_{name}": array for name, array in self.trees._asdict().items()},
            **{f"second_{name}": array for name, array in self.second._asdict().items()},
        }
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def probabilities(
        self, texts: Sequence[str], *, markup: Sequence[Markup | None] = (), title: str | None = None
    ) -> list[float]:
        """For each paragraph, the probability (0 to 1) that it is not part of the story.

        ``markup`` is empty or as long as ``texts``, else ``ValueError`` is raised. ``title`` is not
        used: in half of the collections a headline is part of the body, in the others it is not.
        """
        if markup and len(markup) != len(texts):
            raise ValueError(f"{len(markup)} markups for {len(texts)} paragraphs; give one for each, or none")
        if not texts:
            return []
        reading = read(texts)
        told, peak = wording(self.linear, reading)
        features, _ = describe(reading, told, peak)
        odds = grown(self.second, restacked(reading, features, told, grown(self.trees, features)))
        if markup:
            odds += np.array([markup_odds(one) for one in markup])
        return [float(p) for p in 1 / (1 + np.exp(-np.clip(odds, -30, 30)))]
