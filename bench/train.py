"""Trains the boilerplate model: ``python -m bench.train DATA``, about forty minutes on two cores.

Reads ``copies-dev.jsonl.gz``, ``wcxb-dev.jsonl.gz`` and ``reuters.jsonl.gz`` from the folder DATA,
cross-validates over publishers, prints the figures, then trains on everything and writes
``monitor/scoring/boilerplate/model.npz`` and the figures in ``docs/boilerplate.md``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench import boilerplate_report, copies, network
from monitor.scoring.boilerplate.features import describe
from monitor.scoring.boilerplate.model import Linear, Model, wording
from monitor.scoring.boilerplate.network import Network
from monitor.scoring.boilerplate.reading import BUCKET_BITS, Reading, grams, read

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 5

#: Sets to train on only: copies made from whole pages, bodies among their page's other lines, and wire stories.
CROPPED, BURIED, WIRE = "cropped pages", "buried bodies", "reuters"
#: More copies of the same pages, so many of each, for the network alone: their words are known from the first.
AGAIN, AGAIN_EACH = "cropped again", 4

#: Every so many wire stories one is trained on. A last line that is only the agency's sign-off is no story.
WIRE_EVERY = 40
SIGN_OFF = re.compile(r"\s*reuter\W*", re.IGNORECASE)

#: What a set's words weigh together. WCXB is the largest and the least like newswire;
#: readability is small, and half of its boilerplate stands in one document.
SET_WEIGHTS = {
    "article-extraction-benchmark": 1.0,
    "fundus": 1.5,
    "readability": 0.5,
    "wcxb": 2.0,
    CROPPED: 0.7,
    AGAIN: 1.5,
    BURIED: 0.3,
    WIRE: 0.2,
}

#: What a boilerplate paragraph weighs against one of the story: F1 at 0.5 asks for more recall than
#: the likeliest answer gives.
POSITIVE = 1.5


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
        running, ends = np.ones(found.running.shape, bool), np.ones(found.ends.shape, bool)
        found.fill(running, ends, False)
        filled = np.flatnonzero(reading.words)
        each = np.zeros(len(reading.words))
        each[filled] = 1 / np.sqrt(found.counts())
        for buckets, there, line in ((found.running, running, reading.line), (found.ends, ends, filled)):
            lines = np.broadcast_to(line, buckets.shape)[there]
            rows.append(lines + base)
            columns.append(buckets[there])
            values.append(each[lines])
        base += len(reading.words)
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), where), shape=(base, 1 << BUCKET_BITS), dtype=np.float32)


def wire(folder: Path) -> list[dict[str, Any]]:
    """Some of the wire's stories, as containers of nothing but story, with the agency's sign-off."""
    with gzip.open(folder / "reuters.jsonl.gz") as lines:
        stories = [json.loads(line) for i, line in enumerate(lines) if i % WIRE_EVERY == 0]
    made = []
    for story in stories:
        container = [line for line in story["text"].splitlines() if line.strip()]
        content = [int(not SIGN_OFF.fullmatch(line)) for line in container]
        made.append({"id": story["id"], "set": WIRE, "container": container, "container_content": content})
    return made


def gather(folder: Path) -> Data:
    """The data of the files, and copies made of it, read and weighed."""
    documents: list[dict[str, Any]] = []
    for name in ("copies-dev.jsonl.gz", "wcxb-dev.jsonl.gz"):
        with gzip.open(folder / name) as lines:
            documents += map(json.loads, lines)
    random, pages = np.random.default_rng(5), list(documents)
    documents += [copy | {"set": CROPPED} for page in pages if (copy := copies.cropped(page, random))]
    documents += [copy | {"set": BURIED} for page in pages if (copy := copies.buried(page, random))]
    for _ in range(AGAIN_EACH):
        documents += [copy | {"set": AGAIN} for page in pages if (copy := copies.cropped(page, random))]
    documents += wire(folder)
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
    rows = rows & (data.sets != AGAIN)
    model = LogisticRegression(C=3.0, solver="liblinear", max_iter=60, tol=0.01, random_state=1)
    model.fit(data.counted[rows], data.truth[rows], sample_weight=data.weights[rows] / data.weights[rows].mean())
    weights = model.coef_[0]
    scale = float(np.quantile(np.abs(weights), 0.9999)) / 127
    rounded = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    return Linear(rounded, scale, float(model.intercept_[0]))


def fit_network(data: Data, linears: dict[int, Linear], rows: NDArray[np.bool_]) -> Network:
    """The network, trained on ``rows``; the wording of a fold is judged by that fold's linear model."""
    weights = data.weights * np.where(data.truth, POSITIVE, 1.0)
    features, truth, weighed = [], [], []
    ends = np.cumsum([len(reading.words) for reading in data.readings])
    for reading, end in zip(data.readings, ends, strict=True):
        place = slice(end - len(reading.words), end)
        if len(reading.words) and rows[place.start]:
            features.append(describe(reading, *wording(linears[int(data.fold[place.start])], reading)).table)
            truth.append(data.truth[place])
            weighed.append(weights[place])
    return network.train(features, truth, weighed)


def fit_pairs(data: Data) -> dict[tuple[int, int], Linear]:
    """For each two folds, or one twice, the model of wording that has seen neither."""
    pairs = [(a, b) for a in range(FOLDS) for b in range(a, FOLDS)]
    # liblinear leaves the interpreter to other threads.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        linears = pool.map(lambda pair: fit_linear(data, ~np.isin(data.fold, pair)), pairs)
        return dict(zip(pairs, linears, strict=True))


def crossed(data: Data, pairs: dict[tuple[int, int], Linear]) -> list[Model]:
    """A model for each fold, trained without it; what a later step learns from is out of fold too."""
    models = []
    for held in range(FOLDS):
        linears = {fold: pairs[min(fold, held), max(fold, held)] for fold in range(FOLDS)}
        models.append(Model(linears[held], fit_network(data, linears, data.fold != held)))
        print(f"fold {held + 1} of {FOLDS}", flush=True)
    return models


def whole(data: Data, pairs: dict[tuple[int, int], Linear]) -> Model:
    """The model that ships: trained on everything, each step on out-of-fold judgements of the last."""
    linears = {fold: pairs[fold, fold] for fold in range(FOLDS)}
    everything = np.ones(len(data.truth), bool)
    return Model(fit_linear(data, everything), fit_network(data, linears, everything))


def main() -> None:
    """Cross-validate, print, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with copies-dev, wcxb-dev and reuters.jsonl.gz")
    data = gather(parser.parse_args().data)
    pairs = fit_pairs(data)
    models = crossed(data, pairs)
    judged = [document for document in data.documents if document["set"] not in (CROPPED, AGAIN, BURIED, WIRE)]
    report = boilerplate_report.report(judged, [models[fold_of(document)] for document in judged])
    print(report)
    model = whole(data, pairs)
    written = model.to_bytes()
    (ROOT / "monitor/scoring/boilerplate/model.npz").write_bytes(written)
    print(f"model.npz: {len(written):,} bytes")
    boilerplate_report.write(ROOT / "docs/boilerplate.md", report, len(written))


if __name__ == "__main__":
    main()
