"""The fitting of :mod:`monitor.scoring.sources.weighing`: the weights by Newton's method, then the network with JAX."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from monitor.scoring.sources.weighing import Weights

Numbers = NDArray[np.float64]
#: What keeps the weights of the sum small: as much as so many paragraphs of the mean weight that say nothing.
RIDGE = 3.0
#: Units of one network, and the networks whose mean is taken: they differ in their seeds.
UNITS, SEEDS = 16, (0, 1, 2)
STEPS, ROWS, RATE = 1_500, 4_096, 1e-2
#: What keeps the network's weights small.
DECAY = 5e-4
#: Evidence further than this from its mean, in standard deviations, is taken for this.
FARTHEST = 4.0


class Paragraphs(NamedTuple):
    """What is fitted to, of ``n`` paragraphs of known sources."""

    evidence: Numbers  # (n, k)
    is_known: NDArray[np.bool_]  # (n,): the line is known
    truth: NDArray[np.bool_]  # (n,): is boilerplate
    model_odds: Numbers  # (n,)
    weights: Numbers  # (n,), 1 in the mean


def fit(given: Paragraphs, signs: NDArray[np.int64]) -> Weights:
    """The weights of the sum, over the first ``len(signs)`` columns, and the mean of networks for what it lacks."""
    weights = fit_sum(given, signs)
    offset = given.model_odds + given.evidence[:, : len(signs)] @ weights
    new = ~given.is_known
    mean, spread = given.evidence[new].mean(0), given.evidence[new].std(0) + 1e-3
    rows = ((given.evidence[new] - mean) / spread).clip(-FARTHEST, FARTHEST)
    columns = rows, given.truth[new], offset[new], given.weights[new]
    parts = [_trained([jnp.asarray(column, jnp.float32) for column in columns], seed) for seed in SEEDS]
    # They lie in one network side by side.
    entry = np.concatenate([part["entry"] for part in parts], 1) / spread[:, None]
    arrays = (
        weights,
        mean - FARTHEST * spread,
        mean + FARTHEST * spread,
        entry,
        np.concatenate([part["entry_bias"] for part in parts]) - mean @ entry,
        np.concatenate([part["exit"] for part in parts]) / len(parts),
        np.mean([part["exit_bias"] for part in parts]),
    )
    return Weights(*(np.asarray(array, np.float32) for array in arrays))


def fit_sum(given: Paragraphs, signs: NDArray[np.int64]) -> Numbers:
    """The weights of a logistic regression whose offset is the model's log-odds.

    None has another sign than is asked for: what would is left out, since it only corrects for what resembles it.
    """
    used = np.ones(len(signs), np.bool_)
    while True:
        fitted = np.zeros(len(signs))
        fitted[used] = _newton(given, np.flatnonzero(used))
        wrong = fitted * signs < 0
        if not wrong.any():
            return fitted
        used &= ~wrong


def _newton(given: Paragraphs, columns: NDArray[np.intp]) -> Numbers:
    rows, fitted = given.evidence[:, columns], np.zeros(len(columns))
    for _ in range(20):
        p = 1 / (1 + np.exp(-(given.model_odds + rows @ fitted).clip(-30, 30)))
        slope = rows.T @ (given.weights * (p - given.truth)) + RIDGE * fitted
        bend = (rows * (given.weights * p * (1 - p))[:, None]).T @ rows + RIDGE * np.eye(len(fitted))
        fitted -= np.linalg.solve(bend, slope)
    return fitted


def _loss(p: dict[str, Any], rows: Any, truth: Any, offset: Any, weights: Any) -> Any:
    added = jax.nn.relu(rows @ p["entry"] + p["entry_bias"]) @ p["exit"] + p["exit_bias"]
    each = optax.sigmoid_binary_cross_entropy(offset + added, truth)
    return (each * weights).mean() + DECAY * sum((values**2).sum() for values in p.values())


_OPTIMISER = optax.adam(optax.cosine_decay_schedule(RATE, STEPS))


@jax.jit
def _step(p: Any, state: Any, *some: Any) -> tuple[Any, Any]:
    change, state = _OPTIMISER.update(jax.grad(_loss)(p, *some), state, p)
    return optax.apply_updates(p, change), state


def _trained(columns: list[Any], seed: int) -> dict[str, NDArray[Any]]:
    count, pieces = columns[0].shape
    p = {
        "entry": jax.random.normal(jax.random.PRNGKey(seed), (pieces, UNITS)) * 0.6 / np.sqrt(pieces),
        "entry_bias": jnp.zeros(UNITS),
        "exit": jnp.zeros(UNITS),
        "exit_bias": jnp.zeros(()),
    }
    state, random = _OPTIMISER.init(p), np.random.default_rng(seed)
    for _ in range(STEPS):
        some = random.integers(0, count, ROWS)
        p, state = _step(p, state, *(column[some] for column in columns))
    return {name: np.asarray(values) for name, values in p.items()}
