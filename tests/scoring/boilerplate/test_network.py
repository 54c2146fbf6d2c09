"""The network over paragraphs, on networks small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.boilerplate.network import REACHES, REMEMBERING, Network, odds


def passing(**changed: np.ndarray) -> Network:
    """A network of one feature and width one that gives the feature back, where it is positive."""
    layers = np.zeros((len(REACHES), 1, 1, 3), np.float32)
    parts = Network(
        low=np.array([-100.0], np.float32),
        high=np.array([100.0], np.float32),
        entry=np.ones((1, 1), np.float32),
        entry_bias=np.zeros((1, 1, 1), np.float32),
        article=np.zeros((1, 2, 1), np.float32),
        layers=layers,
        layers_bias=np.zeros((len(REACHES), 1, 1, 1), np.float32),
        signs=np.zeros((1, 1, 1), np.float32),
        remembered=np.zeros((1, 2, 1), np.float32),
        exit=np.ones((1, 1, 1), np.float32),
        exit_bias=np.zeros((1, 1, 1), np.float32),
    )
    return parts._replace(**changed)


def rows(*values: float) -> np.ndarray:
    return np.array(values, np.float32)[:, None]


def test_features_beyond_what_was_trained_on_are_taken_for_the_border() -> None:
    assert odds(passing(), rows(1, 3, 900)).tolist() == [1, 3, 100]


@pytest.mark.parametrize("layer", range(len(REACHES)))
def test_a_layer_reaches_to_both_sides(layer: int) -> None:
    reach = REACHES[layer]
    row = rows(*[0] * reach, 1, *[0] * reach)
    for part, seen in ((0, 2 * reach), (2, 0)):
        layers = np.zeros((len(REACHES), 1, 1, 3), np.float32)
        layers[layer, 0, 0, part] = 1
        told = odds(passing(layers=layers), row)
        assert told[seen] == 1
        assert told.sum() == 2


def test_articles_shorter_than_the_reach_have_odds() -> None:
    layers = np.ones((len(REACHES), 1, 1, 3), np.float32)
    for many in range(1, max(REACHES) + 2):
        assert odds(passing(layers=layers), rows(*[1] * many)).shape == (many,)


def test_a_sign_is_remembered_over_all_that_follows() -> None:
    remembered = np.array([[[1.0], [0.0]]], np.float32)
    told = odds(passing(signs=np.full((1, 1, 1), 9, np.float32), remembered=remembered), rows(0, 0, 1, 0, 0, 0))
    assert told.round(3).tolist() == [0, 0, 2, 1, 1, 1]
    assert len(REACHES) > REMEMBERING


def test_the_article_is_told_to_each_paragraph() -> None:
    told = odds(passing(article=np.array([[[1.0], [10.0]]], np.float32)), rows(0, 0, 3))
    assert told.tolist() == [31, 31, 34]


def test_the_odds_are_the_mean_of_the_networks() -> None:
    one, other = passing(), passing(exit=np.full((1, 1, 1), 3, np.float32))
    both = Network(
        one.low,
        one.high,
        np.concatenate((one.entry, other.entry), 1),
        *(
            np.concatenate((a, b), 1 if name.startswith("layers") else 0)
            for name, a, b in zip(Network._fields[3:], one[3:], other[3:], strict=True)
        ),
    )
    assert odds(both, rows(1, 2)).tolist() == [2, 4]
