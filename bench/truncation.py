"""Fits the model that tells whether a text breaks off, and says what it reaches, cross-validated over documents.

    python -m bench.truncation DATA

Writes ``monitor/scoring/flags/fragment.npz``. Needs scikit-learn and scipy. First the words at the end of a sentence
are learned, from sentences of real pages, each once whole and once cut; then the trees, from the ends of whole bodies
and of bodies cut at random. Of the newswire every 36th is taken, or it would drown the others, and it is left out of
the figures. Pages that are for measuring only are measured on and not learned from.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from bench.documents import FILES, trained_on
from monitor.evaluation.damage import cut
from monitor.scoring.flags import fragment as fragments
from monitor.scoring.flags.endings import is_behind_story
from monitor.scoring.flags.fragment import DEPTH, Fragment, fragment
from monitor.scoring.flags.sentence_end import BUCKET_BITS, buckets, unfinished
from monitor.scoring.text.sentences import CLOSERS, STOPS, ends
from monitor.scoring.text.text import Text

_FOLDS = 5
_FALSE_ALARMS = (0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025)
#: Sentences of a document at most, and characters of one at least.
_SENTENCES, _SHORTEST = 100, 25
#: Trees, the share of each that counts, and the strength of the penalty on their leaves.
_TREES, _RATE, _PENALTY = 120, 0.06, 1.0
_WEIGHTS_PENALTY = 0.3


class Body(NamedTuple):
    """A document's body, whether it is of the wire, and whether it may be learned from."""

    id: str
    text: str
    wire: bool
    learn: bool
    fold: int


class Ending(NamedTuple):
    """The end of a text: all of a fragment but its words' log-odds, the text, and whether it was cut."""

    fragment: Fragment
    last: str
    was_cut: bool
    body: Body


def bodies(data: Path) -> Iterator[Body]:
    """The bodies of the pages, and some of the wire's."""
    number = 0
    for name in (*FILES, "reuters.jsonl.gz"):
        wire = name.startswith("reuters")
        with gzip.open(data / name, "rt") as file:
            for i, row in enumerate(map(json.loads, file)):
                if wire and i % 36:
                    continue
                text = row.get("body") or row["text"]
                yield Body(str(row["id"]), text, wire, wire or trained_on(row), number % _FOLDS)
                number += 1


def sentences(body: Body) -> list[tuple[str, bool]]:
    """Some sentences of a body but its last paragraph, without their marks; each once whole and once cut."""
    random = Random(body.id)
    found = []
    for line in [line for line in body.text.split("\n") if line.strip()][:-1]:
        places = [0, *ends(line), len(line)]
        for start, end in pairwise(places):
            sentence = line[start:end].strip()
            bare = sentence.rstrip(STOPS + CLOSERS + " ")
            if len(sentence) < _SHORTEST or sentence.rstrip(CLOSERS)[-1:] not in STOPS or len(bare) < _SHORTEST // 2:
                continue
            blanks = [i for i, character in enumerate(bare) if character == " " and i > 8]
            found.append((bare, bare[: random.choice(blanks) if blanks else random.randint(5, len(bare) - 1)]))
    random.shuffle(found)
    return [(text, is_cut) for pair in found[:_SENTENCES] for text, is_cut in zip(pair, (False, True), strict=True)]


class Words(NamedTuple):
    """The weights of the words at a sentence's end, as they ship."""

    weights: NDArray[np.int8]
    scale: float
    bias: float


def fit_words(rows: list[list[int]], truth: NDArray[np.bool_]) -> Words:
    """The words' weights, in 8 bits."""
    columns = np.concatenate([np.array(row, np.int64) for row in rows])
    places = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    table = sparse.csr_matrix((np.ones(len(columns)), (places, columns)), shape=(len(rows), 1 << BUCKET_BITS))
    model = LogisticRegression(C=_WEIGHTS_PENALTY, max_iter=300, solver="liblinear").fit(table, truth)
    scale = float(np.abs(model.coef_[0]).max()) / 127
    return Words((model.coef_[0] / scale).round().astype(np.int8), scale, float(model.intercept_[0]))


def ending(text: str, was_cut: bool, body: Body) -> Ending | None:
    """The fragment at the end of a text, without what stands behind its story; None where it has none."""
    read = Text.read(text)
    passages, counts = list(read.passages), read.counts.tolist()
    while len(passages) > 1 and is_behind_story(passages[-1]):
        passages.pop()
        counts.pop()
    found = fragment(passages, counts) if passages else None
    return None if found is None else Ending(found, passages[-1], was_cut, body)


def endings(body: Body) -> Iterator[Ending | None]:
    """The end of a body, and of the body cut at random three times: anywhere, between words, and as a feed does."""
    yield ending(body.text, False, body)
    for strength in (0.4, 0.7, 1.0):
        random = Random(f"{body.id} {strength}")
        text = body.text[: random.randint(int(len(body.text) * 0.2), int(len(body.text) * 0.95))]
        text = cut(body.text, random, strength).text if strength == 1.0 else text
        text = text.rsplit(" ", 1)[0] if strength == 0.7 else text
        if text.rstrip()[-1:] not in '.!?"”…]' and len(body.text) >= 400:
            yield ending(text, True, body) or Ending(_NONE, "", True, body)


#: Stands for the end of a cut text that ends as it should.
_NONE = Fragment(*[-1.0] * len(Fragment._fields))


def values(found: list[Ending], words: list[Words]) -> NDArray[np.float64]:
    """The fragments as rows, with the words' log-odds by the weights of each one's fold."""
    rows = []
    for one in found:
        fold = words[one.body.fold if len(words) > 1 else 0]
        last = one.last.strip().rstrip(fragments._NOT_WORDS)
        rows.append(one.fragment._replace(unfinished=unfinished(last, *fold)))
    return np.array(rows)


def fit_trees(x: NDArray[np.float64], y: NDArray[np.bool_]) -> Any:
    """The boosted trees."""
    trees = HistGradientBoostingClassifier(
        max_depth=DEPTH, max_iter=_TREES, learning_rate=_RATE, l2_regularization=_PENALTY, early_stopping=False
    )
    return trees.fit(x, y)


def complete(trees: Any) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The trees as they ship: each complete, where a leaf above the last row asks nothing and both ways lead to it."""
    inner = (1 << DEPTH) - 1
    features = np.zeros((len(trees._predictors), inner), np.int64)
    thresholds = np.zeros(features.shape)
    leaves = np.zeros((len(features), inner + 1))
    for number, (predictor,) in enumerate(trees._predictors):
        places = {0: 0}
        for place in range(2 * inner + 1):
            node = predictor.nodes[places[place]]
            if place >= inner:
                leaves[number, place - inner] = node["value"]
                continue
            if not node["is_leaf"]:
                features[number, place], thresholds[number, place] = node["feature_idx"], node["num_threshold"]
            for side, child in ((1, "left"), (2, "right")):
                places[2 * place + side] = places[place] if node["is_leaf"] else int(node[child])
    return features, thresholds, leaves


def main() -> None:
    """Prints recall at some rates of false alarms, and writes the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--to", type=Path, default=Path(fragments.__file__).with_name("fragment.npz"))
    arguments = parser.parse_args()
    documents = list(bodies(arguments.data))
    rows, truth, fold = [], [], []
    for body in filter(lambda body: body.learn, documents):
        for text, is_cut in sentences(body):
            rows.append(buckets(text))
            truth.append(is_cut)
            fold.append(body.fold)
    cuts, folds = np.array(truth), np.array(fold)
    words = [
        fit_words([row for row, other in zip(rows, folds, strict=True) if other != k], cuts[folds != k])
        for k in range(_FOLDS)
    ]
    all_words = fit_words(rows, cuts)
    every = [found for body in documents for found in endings(body)]
    good, made = (
        sum(not body.wire for body in documents),
        sum(found is not None and found.was_cut and not found.body.wire for found in every),
    )
    found = [one for one in every if one is not None and one.fragment is not _NONE]
    x, y = values(found, words), np.array([one.was_cut for one in found])
    learn = np.array([one.body.learn for one in found])
    folds, wire = np.array([one.body.fold for one in found]), np.array([one.body.wire for one in found])
    chance = np.zeros(len(y))
    for k in range(_FOLDS):
        chance[folds == k] = fit_trees(x[(folds != k) & learn], y[(folds != k) & learn]).predict_proba(x[folds == k])[
            :, 1
        ]
    alarms = np.sort(chance[~y & ~wire])[::-1]
    for rate in _FALSE_ALARMS:
        at = alarms[min(int(rate * good), len(alarms) - 1)]
        print(f"false alarms {rate:.1%} at {at:.4f}: recall {((chance > at) & y & ~wire).sum() / made:.3f} of {made}")
    trees = fit_trees(x[learn], y[learn])
    features, thresholds, leaves = complete(trees)
    numbers = np.array([float(trees._baseline_prediction.ravel()[0]), all_words.scale, all_words.bias])
    np.savez_compressed(
        arguments.to, features=features.astype(np.int8), thresholds=thresholds.astype(np.float32),
        leaves=leaves.astype(np.float32), numbers=numbers, word_weights=all_words.weights,
    )  # fmt: skip


if __name__ == "__main__":
    main()
