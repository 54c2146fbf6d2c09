"""Trains the boilerplate model: ``python -m bench.train DATA``, about half an hour on two cores.

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
from monitor.scoring.boilerplate.ngrams import BUCKET_BITS, Ngrams, ngrams, wording
from monitor.scoring.boilerplate.phrases import phrase_features
from monitor.scoring.boilerplate.topic import rarity

ROOT = Path(__file__).resolve().parent.parent

PAGE, PIECES = "page", "one line"
#: Of each kind of copy so many are made of a page; each round of a network's training has the next one.
ROUNDS = 4


#: What the copies of a kind weigh together, beside the pages that they are made of.
COPY_WEIGHTS = {PAGE: 1.0, "cropped": 0.6, "buried": 0.1, PIECES: 0.4, "mixed": 0.4, "in script": 0.15}
#: From which copies the linear models learn too.
FOR_WORDING = (PAGE, "cropped", "mixed")

#: Paragraphs of so many words are short and long to the linear models.
SHORT_WORDS, LONG_WORDS = 12, 20
#: What stands above or below is all boilerplate where so much of its words is.
ALL_BOILERPLATE = 0.9

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

    grams: Ngrams
    counts: NDArray[np.int64]  # (n,): words
    truth: NDArray[np.bool_]  # (n,): is boilerplate
    weights: NDArray[np.float64]  # (n,)
    set: str
    copy: str
    fold: int
    round: int | None  # in which it is trained on; None: in all
    plain: NDArray[np.float32]  # its features but those of the wording


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


def variants(documents: list[Document], turn: int) -> Iterator[tuple[str, Document]]:
    """The copies of pages for a round, each with its kind; in the first one the pages too.

    Of wcxb, the largest set, half as many.
    """
    random = np.random.default_rng(5 + turn)
    phrases, notices = copies.phrases(), copies.notices()
    headlines: dict[tuple[str, int], list[str]] = {}
    for document in documents:
        if document.get("title") and document["set"] != WIRE:
            headlines.setdefault((document["language"], fold_of(document)), []).append(document["title"])
    for number, document in enumerate(documents):
        if not turn:
            yield PAGE, document
        if not document["container"] or (document["set"] == "wcxb" and (number + turn) % 2):
            continue
        fold, language = fold_of(document), document["language"]
        around = None
        if document["set"] != WIRE:
            if around := copies.cropped(document, random):
                yield "cropped", around
            if (number + turn) % 3 == 0 and (copy := copies.buried(document, random)):
                yield "buried", copy
        # Each fold has phrases and notices of its own, so that none is learnt in one and judged in another.
        own_phrases = {
            kind: copies.of_fold(listed.get(language, listed["en"]), fold) for kind, listed in phrases.items()
        }
        own_notices = copies.of_fold(notices.get(language, notices["en"]), fold)
        changed = mixed(document, own_phrases, own_notices, headlines.get((language, fold), []), random)
        yield "mixed", changed
        if (number + turn) % 4 == 0:
            yield "in script", copies.in_script(changed, random)
        if turn:
            of = random.choice(3, p=(0.35, 0.25, 0.4))
            source = (around or document) if of == 0 else copies.relined(document, random) if of == 1 else document
            yield PIECES, copies.one_line(source, int(random.choice((0, 0, 1, 1, 2))))
        else:
            yield PIECES, copies.one_line(document)


def gather(documents: list[Document], table: NDArray[np.float32]) -> list[Article]:
    """The documents and copies of them, read and weighed: 1 a paragraph on the mean."""
    articles = []
    for turn in range(ROUNDS):
        for kind, copy in variants(documents, turn):
            text = copies.read(copy)
            if not len(text):
                continue
            weights = np.sqrt(text.counts + 1) * np.array(copy["sure"], np.float64)
            if "share" in copy:  # a piece that is half story, half not says little
                weights *= 2 * np.abs(np.array(copy["share"]) - 0.5)
            truth = ~np.array(copy["container_content"], bool)
            plain = describe(text, np.empty((len(text), 0), np.float32), phrase_features(text).table, table)
            of = None if kind == PAGE else turn
            articles.append(
                Article(ngrams(text), text.counts, truth, weights, copy["set"], kind, fold_of(copy), of, plain)
            )
    sums: dict[tuple[str, str, int | None], float] = {}
    for article in articles:
        group = article.set, article.copy, article.round
        sums[group] = sums.get(group, 0) + float(article.weights.sum())
    for article in articles:
        group = article.set, article.copy, article.round
        article.weights[:] *= SET_WEIGHTS[article.set] * COPY_WEIGHTS[article.copy] / max(sums[group], 1e-9)
    mean = sum(float(article.weights.sum()) for article in articles) / sum(len(article.truth) for article in articles)
    for article in articles:
        article.weights[:] /= mean
    return articles


class Target(NamedTuple):
    """What one of the linear models of wording tells apart, and in which paragraphs."""

    truth: NDArray[np.bool_]
    among: NDArray[np.bool_]


def targets(article: Article) -> list[Target]:
    """Boilerplate; with nothing else below it; with nothing else above it; among short paragraphs; among long ones; the
    first paragraph of the story; its last.

    Of the first :data:`~monitor.scoring.boilerplate.ngrams.PEAKS` the most telling n-gram is a feature too.
    """
    truth, counts = article.truth, article.counts.astype(np.float64)
    waste = counts * truth
    below, above = counts.sum() - np.cumsum(counts), np.cumsum(counts) - counts
    waste_below, waste_above = waste.sum() - np.cumsum(waste), np.cumsum(waste) - waste
    everywhere = np.ones(len(truth), np.bool_)
    story, numbers = np.flatnonzero(~truth), np.arange(len(truth))
    return [
        Target(truth, everywhere),
        Target(truth & (waste_below >= ALL_BOILERPLATE * below), everywhere),
        Target(truth & (waste_above >= ALL_BOILERPLATE * above), everywhere),
        Target(truth, counts <= SHORT_WORDS),
        Target(truth, counts >= LONG_WORDS),
        Target(np.isin(numbers, story[:1]), everywhere),
        Target(np.isin(numbers, story[-1:]), everywhere),
    ]


class Rows(NamedTuple):
    """What the linear models of wording learn from, a row a paragraph."""

    grams: sparse.csr_matrix  # by the root of the number of n-grams
    targets: list[Target]
    weights: NDArray[np.float64]
    fold: NDArray[np.int64]

    @classmethod
    def of(cls, articles: list[Article]) -> Rows:
        """The rows of those articles from whose copies the linear models learn; the first round's will do."""
        used = [article for article in articles if article.copy in FOR_WORDING and not article.round]
        buckets, ends, values, base = [], [np.zeros(1, np.int64)], [], 0
        for article in used:
            grams = article.grams
            size = np.diff(grams.begins)
            buckets.append(grams.buckets)
            ends.append(grams.begins[1:] + base)
            values.append(np.repeat(1 / np.sqrt(np.maximum(size, 1)), size).astype(np.float32))
            base += len(grams.buckets)
        parts = (np.concatenate(values), np.concatenate(buckets), np.concatenate(ends))
        fold = np.repeat([article.fold for article in used], [len(article.truth) for article in used])
        return cls(
            sparse.csr_matrix(parts, shape=(len(fold), 1 << BUCKET_BITS)),
            [Target(*map(np.concatenate, zip(*each, strict=True))) for each in zip(*map(targets, used), strict=True)],
            np.concatenate([article.weights for article in used]),
            fold,
        )


def fit_linear(rows: Rows, held_back: tuple[int, int]) -> Linear:
    """The linear models of wording, trained on all folds but those held back, their weights rounded to bytes."""
    columns, scales, biases = [], [], []
    known = ~np.isin(rows.fold, held_back) & (rows.weights > 0)
    for truth, among in rows.targets:
        mine = np.flatnonzero(known & among)
        model = SGDClassifier(loss="log_loss", alpha=8e-6, average=True, max_iter=5, tol=None, random_state=1)
        weights = rows.weights[mine]
        model.fit(rows.grams[mine], truth[mine], sample_weight=weights / weights.mean())
        scale = float(np.quantile(np.abs(model.coef_[0]), 0.9999)) / 127
        columns.append(np.clip(np.rint(model.coef_[0] / scale), -127, 127).astype(np.int8))
        scales.append(scale)
        biases.append(float(model.intercept_[0]))
    return Linear(np.stack(columns, 1), np.array(scales), np.array(biases))


class Training:
    """The models of one run; each is made once, and kept in a folder from which a later run takes it."""

    def __init__(self, documents: list[Document], folder: Path) -> None:
        self.documents = documents
        self.folder = folder
        self.rows: Rows | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def rarity(self) -> NDArray[np.float32]:
        """How rare words are on the pages."""
        path = self.folder / "rarity.npz"
        if not path.exists():
            save(path, {"rarity": rarity([copies.read(document).words.shapes for document in self.documents])})
        with np.load(path) as arrays:
            table: NDArray[np.float32] = arrays["rarity"]
            return table

    @cached_property
    def articles(self) -> list[Article]:
        """What is trained on; made only where something is still to be trained."""
        return gather(self.documents, self.rarity)

    def linear(self, a: int, b: int) -> Linear:
        """The linear models that have not seen two folds, or one, or none."""
        path = self.folder / f"linear {min(a, b)} {max(a, b)}.npz"
        if not path.exists():
            self.rows = self.rows or Rows.of(self.articles)
            save(path, fit_linear(self.rows, (a, b))._asdict())
        with np.load(path) as arrays:
            return Linear(arrays["weights"], arrays["scales"], arrays["biases"])

    def network(self, held_back: int, seed: int) -> Network:
        """The network trained without a fold; the wording of each article is judged by models without its fold."""
        path = self.folder / f"network {held_back} {seed}.npz"
        if not path.exists():
            linears = {fold: self.linear(fold, held_back) for fold in range(FOLDS)}
            features, truth, weights, rounds = [], [], [], []
            for article in self.articles:
                if article.fold != held_back and article.weights.any():
                    features.append(np.hstack((article.plain, wording(*linears[article.fold], *article.grams))))
                    truth.append(article.truth)
                    weights.append(article.weights * np.where(article.truth, POSITIVE, 1.0))
                    rounds.append(article.round)
            save(path, network.train(features, truth, weights, rounds, seed)._asdict())
        with np.load(path) as arrays:
            return Network(*(arrays[name] for name in Network._fields))

    def model(self, held_back: int, seeds: Sequence[int] = SEEDS[:1]) -> Model:
        """The model trained without a fold, the mean of networks with those seeds, not yet calibrated."""
        mean = network.mean_of([self.network(held_back, seed) for seed in seeds])
        plain = Calibration(0.0, 1.0, 1.0)
        return Model(self.linear(held_back, held_back), self.rarity, mean, plain, plain)


def save(path: Path, arrays: dict[str, Any]) -> None:
    """Written beside it first, so that what was cut off does not stand there."""
    half = path.with_suffix(".half.npz")
    np.savez(half, **arrays)
    half.rename(path)


class Judged(NamedTuple):
    """What a model that has not seen a document says of it."""

    words: NDArray[np.float64]  # (n,): 0 where the label is not sure
    truth: NDArray[np.float64]  # (n,): 0 to 1
    log_odds: NDArray[np.float32]  # (n,), not calibrated


def merit(judged: list[Judged], move: float) -> float:
    """The F1 of words less :data:`ERROR` times the mean error of an article's ratio, the log-odds being moved."""
    hit = called = there = error = 0.0
    for words, truth, log_odds in judged:
        marked = log_odds + move >= 0
        waste = words * truth
        hit += waste[marked].sum()
        called += words[marked].sum()
        there += waste.sum()
        error += abs(waste.sum() - words[marked].sum()) / max(words.sum(), 1) / len(judged)
    return 2 * hit / max(called + there, 1) - ERROR * error


def calibration(documents: list[Document], models: list[Model]) -> Calibration:
    """How the log-odds are to be moved and stretched; each document has a model that has not seen it.

    The move is where the sets' merits are best, by their weights; the stretches above and below are where the truth is
    likeliest, by paragraphs.
    """
    sets: dict[str, list[Judged]] = {}
    for document, model in zip(documents, models, strict=True):
        if trained_on(document) and document["container"]:
            text = copies.read(document)
            truth = 1 - np.array(document.get("share", document["container_content"]), np.float64)
            words = text.counts.astype(np.float64) * np.array(document["sure"], np.float64)
            sets.setdefault(document["set"], []).append(Judged(words, truth, model.log_odds(text)))
    move = max(
        np.arange(-1.0, 1.51, 0.1).round(1).tolist(),
        key=lambda move: sum(SET_WEIGHTS[name] * merit(judged, move) for name, judged in sets.items()),
    )
    everything = [judged for group in sets.values() for judged in group]
    sure = np.concatenate([judged.words > 0 for judged in everything])
    log_odds = np.concatenate([judged.log_odds for judged in everything])[sure] + move
    truth = np.concatenate([judged.truth for judged in everything])[sure]

    def stretch(part: NDArray[np.bool_]) -> float:
        x, y = log_odds[part], truth[part]
        return float(min(np.arange(0.1, 1.5, 0.02), key=lambda by: float((np.logaddexp(0, by * x) - by * x * y).sum())))

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
    of_each = [folds[fold_of(document)] for document in documents]
    joined = [copies.one_line(document) if document["container"] else document for document in documents]
    of_lines, of_pieces = calibration(documents, of_each), calibration(joined, of_each)
    model = model._replace(calibration=of_lines, calibration_of_pieces=of_pieces)
    folds = [fold.calibrated_as(model) for fold in folds]
    written = model.to_bytes()
    (ROOT / "monitor/scoring/boilerplate/model.npz").write_bytes(written)
    report = boilerplate_report.report(documents, [folds[fold_of(document)] for document in documents])
    print(report)
    print(f"model.npz: {len(written):,} bytes")
    boilerplate_report.write(ROOT / "docs/boilerplate.md", report, len(written))


if __name__ == "__main__":
    main()
