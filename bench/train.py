"""Trains the boilerplate model: ``python -m bench.train DATA``, about half an hour on a core.

Reads the files that ``bench/documents.py`` names and ``reuters.jsonl.gz`` from the folder DATA, trains on everything,
cross-validates over publishers, and writes ``monitor/scoring/boilerplate/model.npz`` and the figures in
``docs/boilerplate.md``. What is trained is kept in the folder ``--keep`` as soon as it is done: a training that was cut
off goes on from there. After a change to the data or to this program, begin with an empty one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from bench import boilerplate_report, copies, network
from bench.documents import FOLDS, SET_WEIGHTS, WIRE, Document, fold_of, pages, trained_on, wire
from monitor.scoring.boilerplate.features import describe
from monitor.scoring.boilerplate.model import Calibration, Linear, Model
from monitor.scoring.boilerplate.network import Network
from monitor.scoring.boilerplate.ngrams import BUCKET_BITS, ngrams
from monitor.scoring.boilerplate.phrases import phrase_features
from monitor.scoring.text import paragraphs
from monitor.scoring.text.text import Text

ROOT = Path(__file__).resolve().parent.parent

#: What the copies of a kind weigh together, beside the pages that they are made of.
PAGE = "page"
COPY_WEIGHTS = {PAGE: 1.0, "cropped": 0.6, "buried": 0.1, "one line": 0.4, "mixed": 0.4, "in script": 0.15}
#: From which of them the linear model learns too.
FOR_WORDING = (PAGE, "cropped", "mixed")

#: What a boilerplate paragraph weighs against one of the story: F1 at 0.5 asks for more recall than
#: the likeliest answer gives.
POSITIVE = 1.3

#: What the error of an article's ratio counts beside F1 where the log-odds are moved: 0.01 of it as 0.05 of F1.
ERROR = 5.0

#: The mean of the networks with these seeds ships. The folds have the first alone, for the sake of time.
SEEDS = (1, 2)

#: Stands for a fold where none is held back.
NONE = -1


class Article(NamedTuple):
    """A document or a copy of one, read: ``n`` paragraphs."""

    text: Text
    truth: NDArray[np.bool_]  # (n,): is boilerplate
    weights: NDArray[np.float64]  # (n,)
    set: str
    copy: str
    fold: int


def mixed(
    document: Document,
    phrases: dict[str, list[str]],
    notices: list[copies.Notice],
    headlines: list[str],
    random: np.random.Generator,
) -> Document:
    """The container, or the story alone, changed in some of the ways that :mod:`bench.copies` has."""
    copy = copies.story(document) if random.random() < 0.5 else document
    if random.random() < 0.4:
        copy = copies.using_formulas(copy, phrases["notice"], random)
    if random.random() < 0.5:
        copy = copies.relined(copy, random)
    if random.random() < 0.7:
        copy = copies.interrupted(copy, phrases, headlines, random)
    if random.random() < 0.6 and notices:
        copy = copies.noted(copy, notices, random)
    return copy


def variants(documents: list[Document]) -> Iterator[tuple[str, Document]]:
    """The pages, and the copies made of each, with the kind of copy. Of wcxb, the largest, half as many."""
    random = np.random.default_rng(5)
    phrases, notices = copies.phrases(), copies.notices()
    headlines: dict[tuple[str, int], list[str]] = {}
    for document in documents:
        if document.get("title") and document["set"] != WIRE:
            headlines.setdefault((document["language"], fold_of(document)), []).append(document["title"])
    for number, document in enumerate(documents):
        yield PAGE, document
        if not document["container"] or (document["set"] == "wcxb" and number % 2):
            continue
        fold, language = fold_of(document), document["language"]
        if document["set"] != WIRE:
            if copy := copies.cropped(document, random):
                yield "cropped", copy
            if number % 3 == 0 and (copy := copies.buried(document, random)):
                yield "buried", copy
        yield "one line", copies.one_line(document, paragraphs.split)
        # Each fold has phrases and notices of its own, so that none is learnt in one and judged in another.
        own_phrases = {
            kind: copies.of_fold(listed.get(language, listed["en"]), fold) for kind, listed in phrases.items()
        }
        own_notices = copies.of_fold(notices.get(language, notices["en"]), fold)
        copy = mixed(document, own_phrases, own_notices, headlines.get((language, fold), []), random)
        yield "mixed", copy
        if number % 4 == 0:
            yield "in script", copies.in_script(copy, random)


def gather(documents: list[Document]) -> list[Article]:
    """The documents and copies of them, read and weighed."""
    articles = []
    for kind, copy in variants(documents):
        text = Text.of_lines(copy["container"])
        weights = np.sqrt(text.counts + 1) * np.array(copy["sure"], np.float64)
        if "share" in copy:  # a piece that is half story, half not says little
            weights *= 2 * np.abs(np.array(copy["share"]) - 0.5)
        truth = ~np.array(copy["container_content"], bool)
        articles.append(Article(text, truth, weights, copy["set"], kind, fold_of(copy)))
    sums: dict[tuple[str, str], float] = {}
    for article in articles:
        group = article.set, article.copy
        sums[group] = sums.get(group, 0) + float(article.weights.sum())
    for article in articles:
        article.weights[:] *= SET_WEIGHTS[article.set] * COPY_WEIGHTS[article.copy] / sums[article.set, article.copy]
    mean = sum(float(article.weights.sum()) for article in articles) / sum(len(article.truth) for article in articles)
    for article in articles:
        article.weights[:] /= mean
    return articles


class Rows(NamedTuple):
    """What the linear model of wording learns from, a row a paragraph."""

    grams: sparse.csr_matrix  # by the root of the number of n-grams
    truth: NDArray[np.bool_]
    weights: NDArray[np.float64]
    fold: NDArray[np.int64]

    @classmethod
    def of(cls, articles: list[Article]) -> Rows:
        """The rows of those articles from whose copies the linear model learns."""
        used = [article for article in articles if article.copy in FOR_WORDING]
        buckets, ends, values, base = [], [np.zeros(1, np.int64)], [], 0
        for article in used:
            grams = ngrams(article.text)
            size = np.diff(grams.begins)
            buckets.append(grams.buckets)
            ends.append(grams.begins[1:] + base)
            values.append(np.repeat(1 / np.sqrt(np.maximum(size, 1)), size).astype(np.float32))
            base += len(grams.buckets)
        parts = (np.concatenate(values), np.concatenate(buckets), np.concatenate(ends))
        fold = np.repeat([article.fold for article in used], [len(article.truth) for article in used])
        return cls(
            sparse.csr_matrix(parts, shape=(len(fold), 1 << BUCKET_BITS)),
            np.concatenate([article.truth for article in used]),
            np.concatenate([article.weights for article in used]),
            fold,
        )


def fit_linear(rows: Rows, held_back: tuple[int, int]) -> Linear:
    """The linear model of wording, trained on all folds but those held back, its weights rounded to bytes."""
    mine = np.flatnonzero(~np.isin(rows.fold, held_back) & (rows.weights > 0))
    model = SGDClassifier(loss="log_loss", alpha=8e-6, average=True, max_iter=5, tol=None, random_state=1)
    weights = rows.weights[mine]
    model.fit(rows.grams[mine], rows.truth[mine], sample_weight=weights / weights.mean())
    scale = float(np.quantile(np.abs(model.coef_[0]), 0.9999)) / 127
    rounded = np.clip(np.rint(model.coef_[0] / scale), -127, 127).astype(np.int8)
    return Linear(rounded, scale, float(model.intercept_[0]))


def features_of(text: Text, linear: Linear) -> NDArray[np.float32]:
    """The features of the paragraphs, their wording judged by ``linear``."""
    return describe(text, *linear.judge(text), phrase_features(text).table)


class Training:
    """The models of one run; each is made once, and kept in a folder from which a later run takes it."""

    def __init__(self, documents: list[Document], folder: Path) -> None:
        self.documents = documents
        self.folder = folder
        self.rows: Rows | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def articles(self) -> list[Article]:
        """What is trained on; made only where something is still to be trained."""
        return gather(self.documents)

    def linear(self, a: int, b: int) -> Linear:
        """The linear model that has not seen two folds, or one, or none."""
        path = self.folder / f"linear {min(a, b)} {max(a, b)}.npz"
        if not path.exists():
            self.rows = self.rows or Rows.of(self.articles)
            made = fit_linear(self.rows, (a, b))
            save(path, made._asdict())
        with np.load(path) as arrays:
            return Linear(arrays["weights"], float(arrays["scale"]), float(arrays["bias"]))

    def network(self, held_back: int, seed: int) -> Network:
        """The network trained without a fold; the wording of each article is judged by a model without its fold."""
        path = self.folder / f"network {held_back} {seed}.npz"
        if not path.exists():
            linears = {fold: self.linear(fold, held_back) for fold in range(FOLDS)}
            self.rows = None
            features, truth, weights = [], [], []
            for article in self.articles:
                if article.fold != held_back and article.weights.any():
                    features.append(features_of(article.text, linears[article.fold]))
                    truth.append(article.truth)
                    weights.append(article.weights * np.where(article.truth, POSITIVE, 1.0))
            save(path, network.train(features, truth, weights, seed)._asdict())
        with np.load(path) as arrays:
            return Network(*(arrays[name] for name in Network._fields))

    def model(self, held_back: int, seeds: Sequence[int] = SEEDS[:1]) -> Model:
        """The model trained without a fold, the mean of networks with those seeds, not yet calibrated."""
        mean = network.mean_of([self.network(held_back, seed) for seed in seeds])
        return Model(self.linear(held_back, held_back), mean, Calibration(0.0, 1.0, 1.0))


def save(path: Path, arrays: dict[str, Any]) -> None:
    """Written beside it first, so that what was cut off does not stand there."""
    half = path.with_suffix(".half.npz")
    np.savez(half, **arrays)
    half.rename(path)


class Judged(NamedTuple):
    """What a model that has not seen a document says of it."""

    words: NDArray[np.float64]  # (n,): 0 where the label is not sure
    truth: NDArray[np.bool_]  # (n,)
    log_odds: NDArray[np.float32]  # (n,), not calibrated


def merit(judged: list[Judged], move: float) -> float:
    """The F1 of words less :data:`ERROR` times the mean error of an article's ratio, the log-odds being moved."""
    hit = called = there = error = 0.0
    for words, truth, log_odds in judged:
        marked = log_odds + move >= 0
        hit += words[truth & marked].sum()
        called += words[marked].sum()
        there += words[truth].sum()
        error += abs(words[truth].sum() - words[marked].sum()) / max(words.sum(), 1) / len(judged)
    return 2 * hit / max(called + there, 1) - ERROR * error


def calibrated(documents: list[Document], models: list[Model]) -> Calibration:
    """How the log-odds are to be moved and stretched; each document has a model that has not seen it.

    The move is where the sets' merits are best, by their weights; the stretches above and below are where the truth is
    likeliest, by paragraphs.
    """
    sets: dict[str, list[Judged]] = {}
    for document, model in zip(documents, models, strict=True):
        if trained_on(document) and document["container"]:
            text = Text.of_lines(document["container"])
            truth = ~np.array(document["container_content"], bool)
            words = text.counts.astype(np.float64) * np.array(document["sure"], np.float64)
            judged = Judged(words, truth, model.log_odds(text))
            sets.setdefault(document["set"], []).append(judged)
    move = max(
        np.arange(-1.0, 1.01, 0.1).round(1).tolist(),
        key=lambda move: sum(SET_WEIGHTS[name] * merit(judged, move) for name, judged in sets.items()),
    )
    everything = [judged for group in sets.values() for judged in group]
    sure = np.concatenate([judged.words > 0 for judged in everything])
    log_odds = np.concatenate([judged.log_odds for judged in everything])[sure] + move
    signs = np.where(np.concatenate([judged.truth for judged in everything])[sure], -1.0, 1.0)

    def stretch(part: NDArray[np.bool_]) -> float:
        wrong = (signs * log_odds)[part]
        return float(min(np.arange(0.3, 1.5, 0.02), key=lambda by: float(np.logaddexp(0, by * wrong).sum())))

    return Calibration(move, stretch(log_odds < 0), stretch(log_odds >= 0))


def main() -> None:
    """Train, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the data")
    parser.add_argument("--keep", type=Path, default=Path("build/boilerplate"), help="folder for what is trained")
    arguments = parser.parse_args()
    documents = pages(arguments.data)
    known = [document for document in documents if trained_on(document)] + wire(arguments.data)
    training = Training(known, arguments.keep)
    model = training.model(NONE, SEEDS)
    print("trained on everything", flush=True)
    folds = []
    for fold in range(FOLDS):
        folds.append(training.model(fold))
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    calibration = calibrated(documents, [folds[fold_of(document)] for document in documents])
    folds = [fold._replace(calibration=calibration) for fold in folds]
    written = model._replace(calibration=calibration).to_bytes()
    (ROOT / "monitor/scoring/boilerplate/model.npz").write_bytes(written)
    report = boilerplate_report.report(documents, [folds[fold_of(document)] for document in documents])
    print(report)
    print(f"model.npz: {len(written):,} bytes")
    boilerplate_report.write(ROOT / "docs/boilerplate.md", report, len(written))


if __name__ == "__main__":
    main()
