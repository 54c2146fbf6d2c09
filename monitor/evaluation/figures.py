"""The figures: sums of many documents as precision, recall and errors, per data set and language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from monitor.evaluation import damage
from monitor.evaluation.intervals import Floats, figure, quotient
from monitor.evaluation.judge import BINS, DEFECTS, REPEATED, Paragraphs, Row, bin_name
from monitor.evaluation.judgements import ANY
from monitor.scoring.flags import CODES

#: Documents of a language that a set must have for figures of its own.
LANGUAGE_DOCUMENTS = 20
ALL = "all"


class Line(msgspec.Struct, frozen=True):
    """One figure of one data set and language: its value, its 95 % interval, and the documents it rests on."""

    subject: str
    set: str
    language: str
    figure: str
    value: float | None
    low: float | None
    high: float | None
    documents: int


class Judged(NamedTuple):
    """What was summed of one document, by subject."""

    set: str
    language: str
    sums: dict[str, Row]
    container: Paragraphs | None = None


#: Sums over documents, each under its name: one number, or one for each draw of the bootstrap.
Sums = Mapping[str, Floats]
Formula = tuple[str, Callable[[Sums], Floats]]


def _calibration(sums: Sums) -> Floats:
    """The expected calibration error (Naeini et al. 2015), by paragraphs in bins of equal width."""
    paragraphs, probability, boilerplate = (
        np.stack([sums[bin_name(name, i)] for i in range(BINS)], axis=-1)
        for name in ("paragraphs", "probability", "boilerplate")
    )
    return quotient(np.abs(probability - boilerplate).sum(axis=-1), paragraphs.sum(axis=-1))


def _precision(sums: Sums, wrong: Floats) -> Floats:
    """Rightly flagged of all flagged; nan where no copy has the defect."""
    damaged = sums["right"] + sums["missed"]
    return np.where(damaged > 0, quotient(sums["right"], sums["right"] + wrong), np.nan)


BOILERPLATE: tuple[Formula, ...] = (
    ("precision", lambda s: quotient(s["right"], s["called"])),
    ("recall", lambda s: quotient(s["right"], s["true"])),
    ("F1", lambda s: quotient(2 * s["right"], s["called"] + s["true"])),
    ("ratio MAE", lambda s: quotient(s["error"], s["documents"])),
    ("ECE", _calibration),
)
REPETITION: tuple[Formula, ...] = (
    ("precision", lambda s: quotient(s["right"], s["right"] + s["wrong"])),
    ("recall", lambda s: quotient(s["right"], s["right"] + s["missed"])),
    ("F1", lambda s: quotient(2 * s["right"], 2 * s["right"] + s["wrong"] + s["missed"])),
    ("ratio error", lambda s: quotient(s["error"], s["documents"])),
    ("articles found", lambda s: quotient(s["flagged"], s["documents"])),
)
DEFECT: tuple[Formula, ...] = (
    ("precision", lambda s: _precision(s, s["wrong on clean bodies"])),
    ("recall", lambda s: quotient(s["right"], s["right"] + s["missed"])),
    ("precision among all copies", lambda s: _precision(s, s["wrong on clean bodies"] + s["wrong on other copies"])),
)
JUDGEMENT: tuple[Formula, ...] = (
    ("precision", lambda s: quotient(s["right"], s["right"] + s["wrong"])),
    ("recall", lambda s: quotient(s["right"], s["right"] + s["missed"])),
    ("rightly flagged", lambda s: s["right"]),
    ("wrongly flagged", lambda s: s["wrong"]),
    ("missed", lambda s: s["missed"]),
)
SHARE: tuple[Formula, ...] = (("share", lambda s: quotient(s["flagged"], s["documents"])),)
MEAN: tuple[Formula, ...] = (("mean", lambda s: quotient(s["milliseconds"], s["verdicts"])),)

#: Every subject in the order of printing, with its figures.
SUBJECTS: dict[str, tuple[Formula, ...]] = {
    "boilerplate words": BOILERPLATE,
    **{f"false alarms: {code}": SHARE for code in (*sorted(REPEATED), *DEFECTS)},
    "false alarms: any repetition": SHARE,
    "repeated words": REPETITION,
    **{f"repeated words: {make.__name__}": REPETITION for make in damage.REPEATING},
    **{f"defect: {code}": DEFECT for code in DEFECTS},
    ANY: JUDGEMENT,
    **{f"judgements: {code}": JUDGEMENT for code in CODES},
    "CPU ms a verdict": MEAN,
}


def lines(judged: list[Judged]) -> Iterator[Line]:
    """Every figure of every set and language, and of all sets together where there are several."""
    sets = tuple(dict.fromkeys(document.set for document in judged))
    for subject, formulas in SUBJECTS.items():
        for name in (*sets, *((ALL,) if len(sets) > 1 else ())):
            groups: dict[str, list[Row]] = defaultdict(list)
            for document in judged:
                if subject in document.sums and name in (document.set, ALL):
                    groups[ALL].append(document.sums[subject])
                    groups[document.language].append(document.sums[subject])
            for language, rows in groups.items():
                if language != ALL and (len(rows) < LANGUAGE_DOCUMENTS or len(rows) == len(groups[ALL])):
                    continue
                columns = list(rows[0])
                sums = np.array([[row[column] for column in columns] for row in rows], float)
                for title, formula in formulas:
                    of_columns = partial(_by_name, formula, columns)
                    yield Line(subject, name, language, title, *figure(sums, of_columns, share=formulas is SHARE))


def _by_name(formula: Callable[[Sums], Floats], names: list[str], sums: Floats) -> Floats:
    """A formula of named sums, where these are the last axis of an array."""
    return formula({name: sums[..., i] for i, name in enumerate(names)})


class Point(NamedTuple):
    """Precision and recall of boilerplate words at one threshold."""

    threshold: float
    precision: float
    recall: float


def curve(judged: list[Judged]) -> dict[str, list[Point]]:
    """For each set that has containers its points, at thresholds 0.02 apart; where nothing is called, none."""
    result: dict[str, list[Point]] = {}
    for name in dict.fromkeys(document.set for document in judged if document.container):
        containers = [document.container for document in judged if document.set == name and document.container]
        words = np.concatenate([np.array(container.words, float) for container in containers])
        truth = np.concatenate([np.array(container.truth, bool) for container in containers])
        p = np.concatenate([np.array(container.probability, float) for container in containers])
        result[name] = [
            Point(round(float(at), 2), float(right / called), float(right / max(words[truth].sum(), 1)))
            for at in np.arange(0, 1, 0.02)
            if (called := words[p >= at].sum()) > 0
            for right in (words[(p >= at) & truth].sum(),)
        ]
    return result
