"""The network over paragraphs, on networks small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.boilerplate.network import REACHES, REMEMBERING, Network, odds


def passing(**changed: np.ndarray) -> Network:
    """A network of one feature and width one that gives the feature back, where it is positive."""
    parts = Network(
        low=np.array([-100.0], np.float32),
        high=np.array([100.0], np.float32),
        entry=np.ones((1, 1), np.float32),
        entry_bias=np.zeros(1, np.float32),
        article=np.zeros((2, 1), np.float32),
        layers=np.zeros((len(REACHES), 1, 3), np.float32),
        layers_bias=np.zeros((len(REACHES), 1), np.float32),
        signs=np.zeros((1, 1), np.float32),
        remembered=np.zeros((2, 1), np.float32),
        exit=np.ones(1, np.float32),
        exit_bias=np.zeros(1, np.float32),
    )
    return parts._replace(**changed)


def rows(*values: float) -> np.ndarray:
    return np.array(values, np.float32)[:, None]


def test_features_beyond_what_was_trained_on_count_as_the_border() -> None:
    assert odds(passing(), rows(1, 3, 900)).tolist() == [1, 3, 100]


@pytest.mark.parametrize("layer", range(len(REACHES)))
def test_a_layer_reaches_to_both_sides(layer: int) -> None:
    reach = REACHES[layer]
    row = rows(*[0] * reach, 1, *[0] * reach)
    for part, seen in ((0, 2 * reach), (2, 0)):
        layers = np.zeros((len(REACHES), 1, 3), np.float32)
        layers[layer, 0, part] = 1
        log_odds = odds(passing(layers=layers), row)
        assert log_odds[seen] == 1
        assert log_odds.sum() == 2


def test_articles_shorter_than_the_reach_have_odds() -> None:
    layers = np.ones((len(REACHES), 1, 3), np.float32)
    for many in range(1, max(REACHES) + 2):
        assert odds(passing(layers=layers), rows(*[1] * many)).shape == (many,)


def test_a_sign_is_remembered_over_all_that_follows() -> None:
    remembered = np.array([[1.0], [0.0]], np.float32)
    log_odds = odds(passing(signs=np.full((1, 1), 9, np.float32), remembered=remembered), rows(0, 0, 1, 0, 0, 0))
    assert log_odds.round(3).tolist() == [0, 0, 2, 1, 1, 1]
    assert len(REACHES) > REMEMBERING


def test_each_paragraph_knows_mean_and_maximum_of_the_article() -> None:
    log_odds = odds(passing(article=np.array([[1.0], [10.0]], np.float32)), rows(0, 0, 3))
    assert log_odds.tolist() == [31, 31, 34]
