"""The training of the network over paragraphs, :mod:`monitor.scoring.boilerplate.network`, with JAX."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from monitor.scoring.boilerplate.network import REACHES, REMEMBERING, Network, odds
Floats = NDArray[np.float32]

#: Networks whose mean is taken, their width, and the signs each remembers.
NETWORKS, WIDTH, SIGNS = 3, 32, 8
#: Rounds over the documents, most of which are copies of the same pages: where each stands once, twelve.
ROUNDS = 6
RATE, DECAY, DROPPED = 3e-3, 1e-3, 0.2
#: Features further than this from their mean, in standard deviations, are taken for this.
FARTHEST = 4.0
#: Paragraphs in one step, and the lengths to which articles are filled up; a longer one is cut.
STEP = 4096
LENGTHS = (32, 128, 512, 2048)

# The usual generator takes three times as long as the network itself on a CPU.
jax.config.update("jax_default_prng_impl", "unsafe_rbg")


class Batch(NamedTuple):
    """Articles of about the same length, filled up."""

    features: Floats  # (articles, length, features)
    truth: Floats  # (articles, length)
    weights: Floats  # (articles, length), 0 where filled up
    there: Floats  # (articles, length)


def _started(key: Any, features: int) -> dict[str, Any]:
    keys = iter(jax.random.split(key, 6))

    def drawn(*shape: int, scale: float = 1.0) -> Any:
        return jax.random.normal(next(keys), shape) * scale / np.sqrt(shape[-2])

    return {
        "entry": drawn(features, WIDTH),
        "entry_bias": jnp.zeros((1, WIDTH)),
        "article": drawn(2 * WIDTH, WIDTH, scale=0.5),
        "layers": drawn(len(REACHES), WIDTH, 3 * WIDTH, scale=3**-0.5),
        "layers_bias": jnp.zeros((len(REACHES), 1, WIDTH)),
        "signs": drawn(WIDTH, SIGNS),
        "remembered": drawn(2 * SIGNS, WIDTH, scale=0.5),
        "exit": drawn(WIDTH, 1),
        "exit_bias": jnp.zeros((1, 1)),
    }


def _odds(p: dict[str, Any], features: Any, there: Any, key: Any) -> Any:
    """As :func:`odds`, for articles filled up; with a key, numbers are dropped at random (Srivastava et al., 2014)."""
    keys = iter(() if key is None else jax.random.split(key, 2 + len(REACHES)))
    there = there[..., None]

    def dropped(values: Any) -> Any:
        if key is None:
            return values
        return values * jax.random.bernoulli(next(keys), 1 - DROPPED, values.shape) / (1 - DROPPED)

    def moved(values: Any, by: int) -> Any:
        if by > 0:
            return jnp.pad(values[:, :-by], ((0, 0), (by, 0), (0, 0)))
        return jnp.pad(values[:, -by:], ((0, 0), (0, -by), (0, 0)))

    hidden = jax.nn.relu(dropped(features) @ p["entry"] + p["entry_bias"]) * there
    mean = hidden.sum(1, keepdims=True) / jnp.maximum(there.sum(1, keepdims=True), 1)
    hidden += (jnp.concatenate((mean, hidden.max(1, keepdims=True)), 2) @ p["article"]) * there
    for layer, reach in enumerate(REACHES):
        told = dropped(hidden) @ p["layers"][layer]
        before, here, after = jnp.split(told, 3, 2)
        here = here + moved(before, reach) + moved(after, -reach) + p["layers_bias"][layer]
        if layer == REMEMBERING:
            signs = jnp.tanh(hidden @ p["signs"]) * there - (1 - there)
            above = jax.lax.cummax(signs, axis=1)
            below = jax.lax.cummax(signs, axis=1, reverse=True)
            here += jnp.concatenate((above, below), 2) @ p["remembered"]
        hidden = (hidden + jax.nn.relu(here)) * there
    return (dropped(hidden) @ p["exit"] + p["exit_bias"])[..., 0]


@cache
def _step(steps: int) -> tuple[Any, Any]:
    """The optimiser, and one step of it over all networks at once."""
    rate = optax.warmup_cosine_decay_schedule(0, RATE, steps // 10, steps, RATE / 50)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=DECAY))

    def loss(networks: Any, batch: Batch, keys: Any) -> Any:
        told = jax.vmap(_odds, (0, None, None, 0))(networks, batch.features, batch.there, keys)
        each = optax.sigmoid_binary_cross_entropy(told, batch.truth[None])
        return (each * batch.weights[None]).sum() / STEP

    @jax.jit
    def step(networks: Any, state: Any, batch: Batch, keys: Any) -> tuple[Any, Any]:
        change, state = optimiser.update(jax.grad(loss)(networks, batch, keys), state, networks)
        return optax.apply_updates(networks, change), state

    return optimiser, step


def _batches(parts: list[Batch], random: np.random.Generator) -> Iterator[Batch]:
    """The articles, each once, in random order, with others of their length."""
    lengths = np.array([next((n for n in LENGTHS if len(part.truth) <= n), LENGTHS[-1]) for part in parts])
    made = []
    for length in np.unique(lengths):
        mine = random.permutation(np.flatnonzero(lengths == length))
        size = max(1, STEP // int(length))
        for start in range(0, len(mine), size):
            shape = (size, int(length))
            batch = Batch(
                np.zeros((*shape, parts[0].features.shape[1]), np.float32),
                *(np.zeros(shape, np.float32) for _ in range(3)),
            )
            for row, index in enumerate(mine[start : start + size]):
                for filled, given in zip(batch, parts[index], strict=True):
                    filled[row, : len(given)] = given[:length]
            made.append(batch)
    for index in random.permutation(len(made)):
        yield made[index]


def train(features: list[Floats], truth: list[NDArray[np.bool_]], weights: list[NDArray[np.float64]]) -> Network:
    """Networks trained on articles, each given by its paragraphs' features, truth and weights."""
    rows = np.concatenate(features)
    mean, spread = rows.mean(0), rows.std(0) + 1e-3
    parts = [
        Batch(
            np.clip((x - mean) / spread, -FARTHEST, FARTHEST),
            y.astype(np.float32),
            w.astype(np.float32),
            np.ones(len(y), np.float32),
        )
        for x, y, w in zip(features, truth, weights, strict=True)
    ]
    random, key = np.random.default_rng(1), jax.random.PRNGKey(1)
    networks = jax.vmap(_started, (0, None))(jax.random.split(key, NETWORKS), rows.shape[1])
    # Rounded, so that the folds share one program.
    optimiser, step = _step(ROUNDS * round(len(list(_batches(parts, random))), -1))
    state = optimiser.init(networks)
    for _ in range(ROUNDS):
        for batch in _batches(parts, random):
            key, mine = jax.random.split(key)
            networks, state = step(networks, state, batch, jax.random.split(mine, NETWORKS))
    trained = _unscaled({name: np.asarray(p) for name, p in networks.items()}, mean, spread)
    batch = next(_batches(parts, random))
    told = jax.vmap(_odds, (0, None, None, None))(networks, batch.features, batch.there, None)
    for x, there, wanted in zip(batch.features, batch.there, np.asarray(told).mean(0), strict=True):
        n = int(there.sum())
        if n and not np.allclose(wanted[:n], odds(trained, x[:n] * spread + mean), atol=1e-2):
            raise RuntimeError("monitor.scoring.boilerplate.network answers otherwise than what was trained here")
    return trained


def _unscaled(p: dict[str, Floats], mean: Floats, spread: Floats) -> Network:
    """The networks over features as they come, as :mod:`monitor.scoring.boilerplate.network` wants them."""
    entry = p["entry"] / spread[None, :, None]
    shifted = p["entry_bias"] - (mean @ entry)[:, None, :]
    return Network(
        low=mean - FARTHEST * spread,
        high=mean + FARTHEST * spread,
        entry=entry.transpose(1, 0, 2).reshape(len(mean), -1),
        entry_bias=shifted,
        article=p["article"],
        layers=p["layers"].transpose(1, 0, 2, 3),
        layers_bias=p["layers_bias"].transpose(1, 0, 2, 3),
        signs=p["signs"],
        remembered=p["remembered"],
        exit=p["exit"],
        exit_bias=p["exit_bias"],
    )
