"""The training of the network over paragraphs, :mod:`monitor.scoring.boilerplate.network`, with JAX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray
from scipy import linalg

from monitor.scoring.boilerplate.network import REACHES, REMEMBERING, Network, odds
from monitor.scoring.boilerplate.ngrams import Floats

#: The width of the network, and the signs that it remembers.
WIDTH, SIGNS = 32, 8
#: Rounds over the pages, each with other copies of them.
ROUNDS = 8
#: What ships is the mean of the parameters over the last steps (Polyak and Juditsky, 1992): each step weighs so much of
#: the next.
AVERAGED = 0.998
RATE, DECAY, DROPPED = 3e-3, 1e-3, 0.2
#: Features further than this from their mean, in standard deviations, are taken for this.
FARTHEST = 4.0
#: Paragraphs in one step, and the lengths to which articles are filled up; a longer one is cut.
STEP = 1024
LENGTHS = (16, 24, 36, 54, 80, 120, 200, 400, 1024)

# The usual generator takes three times as long as the network itself on a CPU.
_CONFIG: Any = jax.config
_CONFIG.update("jax_default_prng_impl", "unsafe_rbg")


class Batch(NamedTuple):
    """Articles of about the same length, filled up."""

    features: Floats  # (articles, length, features)
    truth: Floats  # (articles, length)
    weights: Floats  # (articles, length), 0 where filled up
    present: Floats  # (articles, length), 0 where filled up


def _started(key: Any, features: int) -> dict[str, Any]:
    keys = iter(jax.random.split(key, 6))

    def drawn(*shape: int, scale: float = 1.0) -> Any:
        return jax.random.normal(next(keys), shape) * scale / np.sqrt(shape[-2])

    return {
        "entry": drawn(features, WIDTH),
        "entry_bias": jnp.zeros(WIDTH),
        "article": drawn(2 * WIDTH, WIDTH, scale=0.5),
        "layers": drawn(len(REACHES), WIDTH, 3 * WIDTH, scale=3**-0.5),
        "layers_bias": jnp.zeros((len(REACHES), WIDTH)),
        "signs": drawn(WIDTH, SIGNS),
        "remembered": drawn(2 * SIGNS, WIDTH, scale=0.5),
        "exit": drawn(WIDTH, 1)[:, 0],
        "exit_bias": jnp.zeros(1),
    }


def _odds(p: dict[str, Any], features: Any, present: Any, key: Any) -> Any:
    """As :func:`odds`, for articles filled up; with a key, features are dropped at random (Srivastava et al., 2014).

    The same ones in all paragraphs of an article: to draw for each took longer than all the rest.
    """
    keys = iter(() if key is None else jax.random.split(key, 2 + len(REACHES)))
    present = present[..., None]

    def dropped(values: Any) -> Any:
        if key is None:
            return values
        shape = (values.shape[0], 1, values.shape[2])
        return values * jax.random.bernoulli(next(keys), 1 - DROPPED, shape) / (1 - DROPPED)

    def moved(values: Any, by: int) -> Any:
        if by > 0:
            return jnp.pad(values[:, :-by], ((0, 0), (by, 0), (0, 0)))
        return jnp.pad(values[:, -by:], ((0, 0), (0, -by), (0, 0)))

    hidden = jax.nn.relu(dropped(features) @ p["entry"] + p["entry_bias"]) * present
    mean = hidden.sum(1, keepdims=True) / jnp.maximum(present.sum(1, keepdims=True), 1)
    hidden += (jnp.concatenate((mean, hidden.max(1, keepdims=True)), 2) @ p["article"]) * present
    for layer, reach in enumerate(REACHES):
        before, here, after = jnp.split(dropped(hidden) @ p["layers"][layer], 3, 2)
        total = here + moved(before, reach) + moved(after, -reach) + p["layers_bias"][layer]
        if layer == REMEMBERING:
            signs = jnp.tanh(hidden @ p["signs"]) * present - (1 - present)
            above = jax.lax.cummax(signs, axis=1)
            below = jax.lax.cummax(signs, axis=1, reverse=True)
            total += jnp.concatenate((above, below), 2) @ p["remembered"]
        hidden = (hidden + jax.nn.relu(total)) * present
    return dropped(hidden) @ p["exit"] + p["exit_bias"]


_OPTIMISER = optax.chain(optax.clip_by_global_norm(1.0), optax.scale_by_adam(), optax.add_decayed_weights(DECAY))


def _loss(parameters: Any, batch: Batch, key: Any) -> Any:
    each = optax.sigmoid_binary_cross_entropy(_odds(parameters, batch.features, batch.present, key), batch.truth)
    return (each * batch.weights).sum() / STEP


@jax.jit
def _step(parameters: Any, mean: Any, state: Any, batch: Batch, key: Any, rate: Any, kept: Any) -> tuple[Any, Any, Any]:
    change, state = _OPTIMISER.update(jax.grad(_loss)(parameters, batch, key), state, parameters)
    parameters = jax.tree.map(lambda old, by: old - rate * by, parameters, change)
    return parameters, jax.tree.map(lambda old, new: kept * old + (1 - kept) * new, mean, parameters), state


def _groups(parts: list[Batch], random: np.random.Generator) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """The articles of a batch: the length to which they are filled up, how many it holds, and their numbers."""
    lengths = np.array([next((n for n in LENGTHS if len(part.truth) <= n), LENGTHS[-1]) for part in parts])
    groups = []
    for length in np.unique(lengths).tolist():
        mine = random.permutation(np.flatnonzero(lengths == length))
        size = max(1, STEP // length)
        groups += [(length, size, mine[start : start + size]) for start in range(0, len(mine), size)]
    for group in random.permutation(len(groups)):
        yield groups[group]


def _batches(parts: list[Batch], random: np.random.Generator) -> Iterator[Batch]:
    """The articles, each once, in random order, with others of their length."""
    for length, size, indices in _groups(parts, random):
        batch = Batch(
            np.zeros((size, length, parts[0].features.shape[1]), np.float32),
            *(np.zeros((size, length), np.float32) for _ in range(3)),
        )
        for row, index in enumerate(indices):
            for filled, given in zip(batch, parts[index], strict=True):
                filled[row, : len(given)] = given[:length]
        yield batch


def _steps_a_round(parts: list[Batch]) -> int:
    return sum(1 for _ in _groups(parts, np.random.default_rng(0)))


def train(
    features: list[Floats],
    truth: list[NDArray[np.bool_]],
    weights: list[NDArray[np.float64]],
    rounds: Sequence[int | None],
    seed: int = 1,
) -> Network:
    """A network trained on articles, each given by its paragraphs' features, truth and weights.

    ``rounds`` says of each article in which of several rounds, that recur, it takes part; None: in all.
    """
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
    different = len(set(rounds) - {None}) or 1
    by_round = [
        [part for part, turn in zip(parts, rounds, strict=True) if turn in (None, number % different)]
        for number in range(ROUNDS)
    ]
    random, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    parameters = _started(key, rows.shape[1])
    steps = sum(map(_steps_a_round, by_round))
    rates = optax.warmup_cosine_decay_schedule(0, RATE, steps // 10, steps, RATE / 50)
    averaged, state, done = parameters, _OPTIMISER.init(parameters), 0
    for of_round in by_round:
        for batch in _batches(of_round, random):
            key, mine = jax.random.split(key)
            kept = min(AVERAGED, done / (done + 10))
            parameters, averaged, state = _step(parameters, averaged, state, batch, mine, rates(done), kept)
            done += 1
    trained = _unscaled({name: np.asarray(p) for name, p in averaged.items()}, mean, spread)
    _check(trained, averaged, next(_batches(parts, random)), mean, spread)
    return trained


def _check(trained: Network, parameters: Any, batch: Batch, mean: Floats, spread: Floats) -> None:
    """Raises ``RuntimeError`` where the network that ships answers otherwise than what was trained."""
    wanted = np.asarray(_odds(parameters, batch.features, batch.present, None))
    for x, present, here in zip(batch.features, batch.present, wanted, strict=True):
        n = int(present.sum())
        if n and not np.allclose(here[:n], odds(trained, x[:n] * spread + mean), atol=1e-2):
            raise RuntimeError("monitor.scoring.boilerplate.network answers otherwise than what was trained here")


def _unscaled(p: dict[str, Floats], mean: Floats, spread: Floats) -> Network:
    """The network over features as they come, as :mod:`monitor.scoring.boilerplate.network` wants it."""
    entry = p["entry"] / spread[:, None]
    rest = {name: p[name] for name in Network._fields[4:]}
    return Network(
        low=mean - FARTHEST * spread,
        high=mean + FARTHEST * spread,
        entry=entry,
        entry_bias=p["entry_bias"] - mean @ entry,
        **rest,
    )


def mean_of(networks: list[Network]) -> Network:
    """One network that answers the mean of several over the same features: they lie in it side by side."""
    first, k = networks[0], len(networks)

    def apart(arrays: list[Floats]) -> Floats:
        """Matrices along the diagonal of one."""
        return np.asarray(linalg.block_diag(*arrays), np.float32)

    def joined(parts: list[list[Floats]]) -> Floats:
        """Of each network the blocks of a matrix, such as those for the mean and the maximum: block by block."""
        return np.concatenate([apart([blocks[i] for blocks in parts]) for i in range(len(parts[0]))])

    layers = [
        np.concatenate(
            [apart([np.split(network.layers[layer], 3, 1)[part] for network in networks]) for part in range(3)], 1
        )
        for layer in range(len(REACHES))
    ]
    # The networks differ only in their seeds, so they have the same bounds.
    return Network(
        low=first.low,
        high=first.high,
        entry=np.concatenate([network.entry for network in networks], 1),
        entry_bias=np.concatenate([network.entry_bias for network in networks]),
        article=joined([np.split(network.article, 2) for network in networks]),
        layers=np.stack(layers),
        layers_bias=np.concatenate([network.layers_bias for network in networks], 1),
        signs=apart([network.signs for network in networks]),
        remembered=joined([np.split(network.remembered, 2) for network in networks]),
        exit=np.asarray(np.concatenate([network.exit for network in networks]) / k, np.float32),
        exit_bias=np.asarray(np.mean([network.exit_bias for network in networks], 0), np.float32),
    )
