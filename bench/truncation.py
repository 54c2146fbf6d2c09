"""Fits the weights by which a text is found to break off, and says what they reach, cross-validated over documents.

    python -m bench.truncation DATA

Needs scikit-learn. Bodies cut at random are the positive class; of the newswire every 36th is taken, or it
would drown the others, and it is left out of the figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
from sklearn.linear_model import LogisticRegression

from monitor.evaluation.damage import cut
from monitor.scoring.flags.fragment import Fragment, fragment
from monitor.scoring.text.text import Text

_FOLDS = 5
_FALSE_ALARMS = (0.01, 0.015, 0.02, 0.025, 0.03)


def bodies(data: Path) -> Iterator[tuple[str, str, str]]:
    """Set, id and body of each document."""
    for name in ("copies-dev", "wcxb-dev", "reuters"):
        with gzip.open(data / f"{name}.jsonl.gz", "rt") as file:
            for row in map(json.loads, file):
                yield name, row["id"], row.get("body") or row["text"]


def described(text: str) -> Fragment | None:
    """The fragment at the end of a text, if it has one."""
    read = Text.read(text)
    return fragment(read.passages, read.counts.tolist()) if len(read) else None


def main() -> None:
    """Prints recall at some rates of false alarms, and the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    rows: list[tuple[Fragment, int, int, bool]] = []
    good = made = 0
    for number, (name, key, body) in enumerate(bodies(data)):
        wire = name == "reuters"
        if wire and number % 36:
            continue
        good += not wire
        if (found := described(body)) is not None:
            rows.append((found, 0, number % _FOLDS, wire))
        for strength in (0.4, 0.7, 1.0):
            random = Random(f"{key} {strength}")
            text = body[: random.randint(int(len(body) * 0.2), int(len(body) * 0.95))]
            text = cut(body, random, strength).text if strength == 1.0 else text
            text = text.rsplit(" ", 1)[0] if strength == 0.7 else text
            if text.rstrip()[-1:] in '.!?"”…]' or len(body) < 400:
                continue
            made += not wire
            if (found := described(text)) is not None:
                rows.append((found, 1, number % _FOLDS, wire))
    x, y, fold, wired = (np.array(column) for column in zip(*rows, strict=True))
    probability = np.zeros(len(y))
    for k in range(_FOLDS):
        model = LogisticRegression(C=1, max_iter=5000).fit(x[fold != k], y[fold != k])
        probability[fold == k] = model.predict_proba(x[fold == k])[:, 1]
    alarms = np.sort(probability[(y == 0) & ~wired])[::-1]
    for rate in _FALSE_ALARMS:
        at = alarms[min(int(rate * good), len(alarms) - 1)]
        recall = ((probability > at) & (y == 1) & ~wired).sum() / made
        print(f"false alarms {rate:.1%} at {at:.4f}: recall {recall:.3f} of {made}")
    model = LogisticRegression(C=1, max_iter=5000).fit(x, y)
    for name, weight in zip(Fragment._fields, model.coef_[0], strict=True):
        print(f"    {name}={weight:.2f},")
    print(f"_BIAS = {model.intercept_[0]:.2f}")


if __name__ == "__main__":
    main()
