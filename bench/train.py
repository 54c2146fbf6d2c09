"""Trains the boilerplate model: ``python -m bench.train DATA``.

Reads ``copies-dev.jsonl.gz`` and ``wcxb-dev.jsonl.gz`` from the folder DATA, cross-validates over
publishers, prints the figures, then trains on everything and writes
``monitor/scoring/boilerplate.model`` and ``docs/boilerplate.md``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench import boilerplate_report
from monitor.scoring.boilerplate import LEAVES, Linear, Model, Trees, grown, wording
from monitor.scoring.boilerplate_features import Floats, describe
from monitor.scoring.boilerplate_neighbours import around
from monitor.scoring.boilerplate_reading import BUCKET_BITS, Reading, grams, read

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 5

#: The set of the copies that are made from whole pages, to train on only.
CROPPED = "cropped pages"

#: What a set's words weigh together. WCXB is the largest and the least like newswire;
#: readability is small, and half of its boilerplate stands in one document.
SET_WEIGHTS = {
    "article-extraction-benchmark": 1.0,
    "fundus": 1.5,
    "readability": 0.5,
    "wcxb": 2.0,
    CROPPED: 0.7,
}

#: What a boilerplate paragraph weighs against one of the story: F1 at 0.5 asks for more recall than
#: the likeliest answer gives.
POSITIVE = 1.4

BOOSTING: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": LEAVES,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 1,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
FIRST = {"num_iterations": 150, "learning_rate": 0.1, "min_child_samples": 30, "lambda_l2": 5}
#: The second stage learns from probabilities of documents not seen, which are few: it is held tighter.
SECOND = {"num_iterations": 200, "learning_rate": 0.05, "min_child_samples": 200, "lambda_l2": 20}


class Data(NamedTuple):
    """The documents, and their paragraphs one after the other."""

    documents: list[dict[str, Any]]
    readings: list[Reading]
    document: NDArray[np.int64]  # of each paragraph
    fold: NDArray[np.int64]  # of each paragraph
    sets: NDArray[np.str_]  # of each paragraph
    words: NDArray[np.float64]
    truth: NDArray[np.bool_]  # is boilerplate
    weights: NDArray[np.float64]
    counted: sparse.csr_matrix  # n-grams, each row by the root of its number


def publisher(document: dict[str, Any]) -> str:
    """Who published it: the source, the host, or the document itself where neither is known."""
    found = document.get("source") or urlsplit(document.get("url") or "").netloc or document["id"]
    return re.sub(r"^www\.", "", str(found).lower())


def fold_of(document: dict[str, Any]) -> int:
    """The fold of a document: that of its publisher, so that none stands on both sides."""
    return zlib.crc32(publisher(document).encode()) % FOLDS


def counted(readings: list[Reading]) -> sparse.csr_matrix:
    """The hashed n-grams of all paragraphs, a row each, by the root of their number."""
    rows, columns, values, base = [], [], [], 0
    for reading in readings:
        found = grams(reading)
        many = np.maximum(np.bincount(found.line, minlength=len(reading.words)), 1)
        rows.append(found.line + base)
        columns.append(found.bucket)
        values.append((1 / np.sqrt(many))[found.line])
        base += len(reading.words)
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), where), shape=(base, 1 << BUCKET_BITS), dtype=np.float32)


def cropped(document: dict[str, Any], rng: np.random.Generator) -> dict[str, Any] | None:
    """The page from some lines above the story to some below it: a copy with much boilerplate."""
    inside = np.flatnonzero(document["page_content"])
    if not len(inside):
        return None
    first = max(int(inside[0]) - int(rng.integers(0, 15)), 0)
    last = int(inside[-1]) + 1 + int(rng.integers(0, 100))
    return {
        **document,
        "set": CROPPED,
        "container": document["page"][first:last],
        "container_content": document["page_content"][first:last],
    }


def gather(folder: Path) -> Data:
    """The data of both files, read and weighed."""
    documents: list[dict[str, Any]] = []
    for name in ("copies-dev.jsonl.gz", "wcxb-dev.jsonl.gz"):
        with gzip.open(folder / name) as lines:
            documents += map(json.loads, lines)
    rng = np.random.default_rng(5)
    documents += [copy for document in documents if (copy := cropped(document, rng))]
    readings = [read(document["container"]) for document in documents]
    many = [len(reading.words) for reading in readings]
    index = np.repeat(np.arange(len(documents)), many)
    sets = np.array([document["set"] for document in documents])[index]
    folds = np.array([fold_of(document) for document in documents])
    words = np.concatenate([reading.words for reading in readings]).astype(np.float64)
    truth = ~np.concatenate([np.array(document["container_content"], bool) for document in documents])
    weights = np.sqrt(words + 1)
    for name, weight in SET_WEIGHTS.items():
        weights[sets == name] *= weight / max(words[sets == name].sum(), 1)
    weights /= weights.mean()
    return Data(documents, readings, index, folds[index], sets, words, truth, weights, counted(readings))


def fit_linear(data: Data, rows: NDArray[np.bool_]) -> Linear:
    """The linear model of wording, trained on ``rows``, its weights rounded to bytes."""
    model = LogisticRegression(C=3.0, solver="liblinear", max_iter=60, tol=0.01, random_state=1)
    model.fit(data.counted[rows], data.truth[rows], sample_weight=data.weights[rows])
    weights = model.coef_[0]
    scale = float(np.quantile(np.abs(weights), 0.9999)) / 127
    rounded = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    return Linear(rounded, scale, float(model.intercept_[0]))


def described(data: Data, linears: dict[int, Linear]) -> Floats:
    """The features of every paragraph; the wording of a fold is judged by that fold's model."""
    folds = {int(d): int(f) for d, f in zip(data.document, data.fold, strict=True)}
    return np.concatenate(
        [describe(r, *wording(linears[folds[i]], r))[0] for i, r in enumerate(data.readings) if i in folds]
    )


def flattened(booster: lightgbm.Booster) -> Trees:
    """The booster's trees as arrays, see :class:`monitor.scoring.boilerplate.Trees`."""
    roots = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    features = np.zeros((LEAVES - 1, len(roots)), np.int16)
    thresholds = np.full((LEAVES - 1, len(roots)), np.inf, np.float32)
    masks = np.full((LEAVES - 1, len(roots)), 255, np.uint8)
    values = np.zeros((len(roots), LEAVES), np.float32)

    def lay(node: dict[str, Any], tree: int, leaf: int, nodes: list[int]) -> int:
        if "leaf_value" in node:
            values[tree, leaf] = node["leaf_value"]
            return leaf + 1
        mine = len(nodes)
        nodes.append(mine)
        middle = lay(node["left_child"], tree, leaf, nodes)
        features[mine, tree] = node["split_feature"]
        thresholds[mine, tree] = node["threshold"]
        masks[mine, tree] = 255 ^ sum(1 << bit for bit in range(leaf, middle))
        return lay(node["right_child"], tree, middle, nodes)

    for tree, root in enumerate(roots):
        lay(root, tree, 0, [])
    return Trees(features, thresholds, masks, values.ravel())


def fit_trees(data: Data, features: Floats, rows: NDArray[np.bool_], stage: dict[str, Any]) -> Trees:
    """The trees of a stage (:data:`FIRST`, :data:`SECOND`), trained on ``rows``."""
    weights = data.weights * np.where(data.truth, POSITIVE, 1.0)
    train = lightgbm.Dataset(features[rows], data.truth[rows].astype(int), weight=weights[rows])
    return flattened(lightgbm.train({**BOOSTING, **stage}, train))


def fit_stages(data: Data, linears: dict[int, Linear], rows: NDArray[np.bool_]) -> tuple[Trees, Trees]:
    """Both stages of trees, trained on ``rows``; the second on first judgements out of fold."""
    features = described(data, linears)
    odds = np.zeros(len(features), np.float32)
    for fold in np.unique(data.fold[rows]):
        mine = data.fold == fold
        odds[mine] = grown(fit_trees(data, features, rows & ~mine, FIRST), features[mine])
    told = features[:, describe(data.readings[0], *wording(linears[0], data.readings[0]))[1].index("wording")]
    ends = np.cumsum([len(reading.words) for reading in data.readings])[:-1]
    parts = zip(data.readings, np.split(odds, ends), np.split(told, ends), strict=True)
    both = np.hstack((features, np.concatenate([around(r.words, o, t)[0] for r, o, t in parts if len(r.words)])))
    return fit_trees(data, features, rows, FIRST), fit_trees(data, both, rows, SECOND)


def fit_pairs(data: Data) -> dict[tuple[int, int], Linear]:
    """For each two folds, or one twice, the model of wording that has seen neither."""
    return {
        (a, b): fit_linear(data, (data.fold != a) & (data.fold != b)) for a in range(FOLDS) for b in range(a, FOLDS)
    }


def crossed(data: Data, pairs: dict[tuple[int, int], Linear]) -> list[Model]:
    """A model for each fold, trained without it; what a later step learns from is out of fold too."""
    models = []
    for held in range(FOLDS):
        linears = {fold: pairs[min(fold, held), max(fold, held)] for fold in range(FOLDS)}
        models.append(Model(linears[held], *fit_stages(data, linears, data.fold != held)))
        print(f"fold {held + 1} of {FOLDS}", flush=True)
    return models


def whole(data: Data, pairs: dict[tuple[int, int], Linear]) -> Model:
    """The model that ships: trained on everything, each step on out-of-fold judgements of the last."""
    linears = {fold: pairs[fold, fold] for fold in range(FOLDS)}
    everything = np.ones(len(data.truth), bool)
    return Model(fit_linear(data, everything), *fit_stages(data, linears, everything))


def main() -> None:
    """Cross-validate, print, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with copies-dev.jsonl.gz and wcxb-dev.jsonl.gz")
    data = gather(parser.parse_args().data)
    pairs = fit_pairs(data)
    models = crossed(data, pairs)
    judged = [document for document in data.documents if document["set"] != CROPPED]
    report = boilerplate_report.report(judged, [models[fold_of(document)] for document in judged])
    print(report)
    model = whole(data, pairs)
    written = model.to_bytes()
    (ROOT / "monitor/scoring/boilerplate.model").write_bytes(written)
    print(f"boilerplate.model: {len(written):,} bytes")
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs/boilerplate.md").write_text(boilerplate_report.page(report, len(written)), "utf-8")


if __name__ == "__main__":
    main()
