"""The model of boilerplate: a paragraph's text in, the probability that it is not of the story out.

Two steps, both trained by ``python -m bench.train`` on real pages (``docs/boilerplate.md``): a
linear model over hashed words says what a paragraph's wording tells, and a small network weighs that
with the paragraph's shape, its place, its phrases and its neighbours. Where the article came as HTML,
what the markup says is added in log-odds.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.articles.article import Markup
from monitor.scoring.boilerplate.about import company_parts
from monitor.scoring.boilerplate.features import describe
from monitor.scoring.boilerplate.footers import is_footer
from monitor.scoring.boilerplate.network import Network, odds
from monitor.scoring.boilerplate.ngrams import BUCKET_BITS, Floats, ngrams, wording
from monitor.scoring.boilerplate.notices import may_be_notice
from monitor.scoring.boilerplate.phrases import PhraseFeatures, phrase_features
from monitor.scoring.text.characters import QUOTE, SEPARATOR
from monitor.scoring.text.text import Text
from monitor.scoring.text.words import Codes

#: What a sign in the markup adds to the log-odds, by the name of an element or a part of a class.
CONTEXT = {
    "aside": 2.0,
    "figcaption": 2.0,
    "nav": 3.0,
    "footer": 2.5,
    "form": 2.0,
    "related": 3.0,
    "promo": 2.5,
    "newsletter": 3.0,
    "share": 2.5,
    "social": 2.0,
    "comment": 2.0,
    "cookie": 3.0,
    "caption": 2.0,
    "byline": 2.0,
    "breadcrumb": 3.0,
    "advert": 3.0,
}

#: Of several signs in one context the strongest counts, never their sum: they say one thing.
#: A paragraph that is links throughout gains this many log-odds, one that is half links nothing.
LINKS = 3.0

#: Paragraphs of more characters than this are taken for text although they are linked.
LINKED_TEXT = 400

#: What a paragraph gains in log-odds that holds so many formulas of notices, or is a footer or a notice in other words
#: and holds one formula or stands among the last. One alone stands in stories too ("the capital is at risk of losing
#: its ferry") and is left to the network.
FORMULAS, SEVERAL, AT_END = 2.5, 2, 5

#: Words for each of several formulas from which it gains as much again: of 58 such paragraphs on the pages all are
#: notices, also the 16 that their labels call story.
DENSE = 10

#: In an article of so few paragraphs one that says nothing of what :data:`FURNITURE` says loses this for each doubling
#: of its words: 376 pages are as short, and of what the network called boilerplate there at 0.5 to 0.6, 30 % was.
FEW, LENGTH_DOUBT = 5, 0.3
FURNITURE = ("caption", "byline", "notice", "legal", "release")

#: What the part of a press release gains that says who sends it: in hardly any of the pages there is one.
COMPANY = 5.0

#: What a row of a table loses: one with so many separators, as many as the row before it or behind it. Box scores and
#: results are story, which too few of the pages show.
TABLE_ROW, COLUMNS = 2.0, 3

#: What stands in quotation marks, a sentence at most.
_QUOTED = re.compile('["“„”«‹「『»](?![\\s.,])[^"“„”«»「」『』\\n]{3,200}["”“»«」』]')

#: Scripts in which there was next to nothing to train on, in Unicode's order: from Devanagari by Thai, Lao, Burmese,
#: Georgian and Ethiopic to Khmer. The shape alone is little to go by, so an article mostly in these loses log-odds.
UNTRAINED, DOUBT = range(0x0900, 0x1800), 1.5

#: Scripts of which there were some pages, Hebrew and Arabic, Hangul, and what an article mostly in these loses. On the
#: 15 pages the words of stories that are called boilerplate fall from 1.6 to 0.8 %, those of boilerplate that are found
#: from 91 to 86 %.
HARDLY_TRAINED, LITTLE_DOUBT = (range(0x0590, 0x0700), range(0xAC00, 0xD7A4)), 0.5
#: Characters by which the script of an article is told.
_LOOKED_AT = 256


class Linear(NamedTuple):
    """``k`` linear models over hashed n-grams: a bucket's log-odds are ``weights * scales``."""

    weights: NDArray[np.int8]  # (buckets, k)
    scales: NDArray[np.float64]  # (k,)
    biases: NDArray[np.float64]  # (k,)

    def judge(self, text: Text) -> Floats:
        """What the wording of each paragraph says, as :func:`~monitor.scoring.boilerplate.ngrams.wording` has it."""
        return wording(self.weights, self.scales, self.biases, *ngrams(text))


class Calibration(NamedTuple):
    """What makes probabilities of the network's log-odds: they are moved, then stretched, above 0 and below it."""

    move: float
    stretch_below: float
    stretch_above: float

    def apply(self, log_odds: Floats) -> NDArray[np.float64]:
        """The calibrated log-odds, of the same shape."""
        moved = log_odds.astype(np.float64) + self.move
        return np.where(moved < 0, moved * self.stretch_below, moved * self.stretch_above)


def table_rows(text: Text) -> NDArray[np.bool_]:
    """Which paragraphs are rows of a table: ``a | 1 | 2 | 3`` above or below ``b | 4 | 5 | 6``."""
    separators = text.characters.counts[:, SEPARATOR]
    rows = separators >= COLUMNS
    if rows.any():
        alike = separators[1:] == separators[:-1]
        rows &= np.append(alike, False) | np.append(False, alike)
    return rows


def _own_formulas(text: Text, formulas: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many formulas each paragraph holds outside of quotation marks, in which a story says what a notice says."""
    quoted = np.flatnonzero((formulas >= SEVERAL) & (text.characters.counts[:, QUOTE] > 1)).tolist()
    if not quoted:
        return formulas
    own = formulas.copy()
    own[quoted] = phrase_features(Text.of_lines([_QUOTED.sub(" ", text.passages[i]) for i in quoted])).formulas
    return own


def _length_doubt(text: Text, in_phrases: PhraseFeatures) -> Floats:
    """What each paragraph of a short article loses in log-odds for its length."""
    columns = [in_phrases.names.index(f"says {kind}") for kind in FURNITURE]
    is_plain = ~in_phrases.table[:, columns].any(1)
    doubt: Floats = (LENGTH_DOUBT * np.log2(np.maximum(text.counts, 1)) * is_plain).astype(np.float32)
    return doubt


def is_untrained(text: Text) -> bool:
    """Whether most of the characters are of scripts in :data:`UNTRAINED`."""
    return _is_mostly(_some(text), UNTRAINED)


def _doubt(text: Text) -> float:
    """What an article loses in log-odds for its script."""
    some = _some(text)
    if not _is_mostly(some, range(HARDLY_TRAINED[0].start, HARDLY_TRAINED[-1].stop)):
        return 0.0
    if _is_mostly(some, UNTRAINED):
        return DOUBT
    return LITTLE_DOUBT if any(_is_mostly(some, script) for script in HARDLY_TRAINED) else 0.0


def _some(text: Text) -> Codes:
    """Some hundred characters, evenly taken, which tell the script in a fifth of the time."""
    return text.codes[:: len(text.codes) // _LOOKED_AT + 1]


def _is_mostly(codes: Codes, script: range) -> bool:
    # What lies below the first is a large number: there are no signs.
    return int(np.count_nonzero(codes - np.uint32(script.start) < len(script))) > len(codes) / 2


def markup_odds(markup: Markup | None) -> float:
    """What the markup of a paragraph adds to its log-odds; 0.0 where there is none."""
    if markup is None:
        return 0.0
    strongest = max((odds for name in markup.context for key, odds in CONTEXT.items() if key in name), default=0.0)
    linked = 0.0
    if markup.end - markup.start <= LINKED_TEXT:
        linked = LINKS * max(0.0, 2 * min(markup.links, 1.0) - 1)
    return max(strongest, linked)


class Model(NamedTuple):
    """The trained model. :meth:`load` reads the one that ships."""

    linear: Linear
    rarity: Floats  # of words, for the features of the topic
    network: Network
    calibration: Calibration
    #: Of what arrived on one line and was split: a sentence alone tells less than a line.
    calibration_of_pieces: Calibration

    @classmethod
    def load(cls) -> Model:
        """The model beside this file."""
        return cls.from_bytes(resources.files("monitor.scoring.boilerplate").joinpath("model.npz").read_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Model:
        """A model from what :meth:`to_bytes` gave. Raises ``ValueError`` when it is no such thing."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            missing = {*Linear._fields, "rarity", "calibrations", *Network._fields} - set(arrays.files)
            if missing:
                raise ValueError(f"boilerplate model without {', '.join(sorted(missing))}: train it again")
            linear = Linear(*(arrays[name] for name in Linear._fields))
            network = Network(*(arrays[name].astype(np.float32) for name in Network._fields))
            of_lines, of_pieces = (Calibration(*numbers) for numbers in arrays["calibrations"].tolist())
            rarity = arrays["rarity"].astype(np.float32)
        if len(linear.weights) != 1 << BUCKET_BITS:
            raise ValueError(f"boilerplate model of {len(linear.weights)} buckets: train it again")
        return cls(linear, rarity, network, of_lines, of_pieces)

    def to_bytes(self) -> bytes:
        """The model as a compressed ``.npz`` without pickles, the network's numbers in 16 bits."""
        arrays: dict[str, Any] = {
            **self.linear._asdict(),
            "rarity": self.rarity.astype(np.float16),
            "calibrations": np.array((self.calibration, self.calibration_of_pieces)),
            **{name: array.astype(np.float16) for name, array in self.network._asdict().items()},
        }
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def calibrated_as(self, other: Model) -> Model:
        """This model with the calibrations of another."""
        return self._replace(calibration=other.calibration, calibration_of_pieces=other.calibration_of_pieces)

    def calibration_of(self, text: Text) -> Calibration:
        """How the log-odds of a text are calibrated: whether most of its paragraphs are pieces of one line decides."""
        is_split = 2 * np.count_nonzero(text.same_line) > len(text.same_line)
        return self.calibration_of_pieces if is_split else self.calibration

    def log_odds(self, text: Text) -> Floats:
        """The log-odds of each paragraph, ``(n,)``, before their calibration."""
        in_phrases = phrase_features(text)
        log_odds = odds(self.network, describe(text, self.linear.judge(text), in_phrases.table, self.rarity))
        if len(text) <= FEW:
            log_odds -= _length_doubt(text, in_phrases)
        formulas = _own_formulas(text, in_phrases.formulas)
        log_odds[formulas >= SEVERAL] += FORMULAS
        log_odds[(formulas >= SEVERAL) & (formulas * DENSE >= text.counts)] += FORMULAS
        # A footer or a notice in doubt: the sure ones need no more, and most of what stands at an end is surely story.
        may_be_footer = formulas == 1
        may_be_footer[-AT_END:] |= formulas[-AT_END:] == 0
        may_be_footer &= log_odds + FORMULAS + np.float32(self.calibration_of(text).move) > 0
        for paragraph in np.flatnonzero(may_be_footer).tolist():
            passage = text.passages[paragraph]
            if is_footer(passage) or may_be_notice(_QUOTED.sub(" ", passage)):
                log_odds[paragraph] += FORMULAS
        log_odds[company_parts(text.passages)] += COMPANY
        log_odds[table_rows(text)] -= TABLE_ROW
        log_odds -= np.float32(_doubt(text))
        return log_odds

    def probabilities(self, text: Text, *, markup: Sequence[Markup | None] = ()) -> list[float]:
        """For each paragraph, the probability (0 to 1) that it is not part of the story, of 4 digits.

        Rounded here, so that what counts as boilerplate can be told from the verdict. ``markup`` is
        empty or as long as the paragraphs, else ``ValueError`` is raised.
        """
        if markup and len(markup) != len(text):
            raise ValueError(f"{len(markup)} markups for {len(text)} paragraphs; give one for each, or none")
        if not len(text):
            return []
        log_odds = self.calibration_of(text).apply(self.log_odds(text))
        if markup:
            log_odds += np.array([markup_odds(sign) for sign in markup])
        probabilities = 1 / (1 + np.exp(-log_odds.clip(-30, 30)))
        rounded: list[float] = probabilities.round(4).tolist()
        return rounded
