"""Language: which one a text is written in, from a sample of it, and whether two codes name the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.language_model import load_identifier

#: Characters looked at. Longer samples cost more (each byte of them a miss of the processor's cache) and hardly decide
#: better: of 1,216 pages six get another language from 100 than from 2,000, all of them unsurely; from 200 three.
_SAMPLE = 100
#: Shorter texts say too little for a language to be named.
_LEAST = 20
#: The model knows varieties that are taken for the language at large: Wu and Nigerian Pidgin for Chinese, Bikol for
#: English. Named are the languages to which ISO 639-1 gives two letters, and of those none of these: made up, or
#: written by few beside a larger one that is like it.
_LETTERS = 2
_NOT_NAMED = frozenset({"an", "eo", "fo", "li", "oc", "vo", "wa"})
#: ISO 639's codes for no language that could be checked.
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})
#: How far apart codes may stand by CLDR's table of matching languages and still name one: varieties of Arabic or
#: Chinese, Norwegian and Danish, which are written nearly alike.
_SAME = 14


class Detection(NamedTuple):
    """A language by its code of ISO 639-1, and the probability of it, 0 to 1."""

    code: str
    probability: float


class Detector(NamedTuple):
    """Names the language of a text; takes a moment to load, so make it once.

    A naive Bayes classifier over n-grams of bytes with py3langid's model: an automaton finds the ``f`` n-grams, a table
    has the log-probability of each in each of ``l`` languages. It is walked here, not by py3langid's own loop.
    """

    codes: tuple[str, ...]
    named: NDArray[np.int64]  # the columns of languages that are named
    numbers: NDArray[np.int64]  # the code of each of these; Serbian has one for each of its scripts
    moves: NDArray[np.uint32]  # the next state by row and byte
    rows: NDArray[np.uint16]  # the row of each state
    ngrams: NDArray[np.int64]  # the n-gram that ends in each state, -1 for none
    table: NDArray[np.float16]  # (f, l)
    prior: NDArray[np.float32]  # (l,)

    @classmethod
    def load(cls, cache: Path | None = None) -> Self:
        """The detector with py3langid's own model; ``cache`` is a folder to unpack it into."""
        model = load_identifier(cache)
        codes = [code for code in model.labels if len(code) == _LETTERS and code not in _NOT_NAMED]
        named = [column for column, code in enumerate(model.nb_classes) if code in codes]
        return cls(
            tuple(codes),
            np.array(named),
            np.array([codes.index(model.nb_classes[column]) for column in named]),
            # The walk leaps about in 39 MB, which numpy puts into large pages: about 70 µs a text instead of 130.
            # What is mapped from a file stays there, shared with other processes.
            np.array(model.tk_nextmove, np.uint32) if cache is None else np.asarray(model.tk_nextmove, np.uint32),
            np.asarray(model.tk_row, np.uint16),
            np.asarray(model.tk_output, np.int64),
            model.nb_ptc,
            np.asarray(model.nb_pc, np.float32),
        )

    def detect(self, texts: Sequence[str]) -> Detection | None:
        """The language of the longest paragraphs, or None where there is too little text."""
        sample = ""
        for text in sorted(texts, key=len, reverse=True)[:3]:
            sample += text[: _SAMPLE - len(sample)] + " "
            if len(sample) >= _SAMPLE:
                break
        if sum(map(str.isalpha, sample)) < _LEAST:
            return None
        # As py3langid prepares what it was trained on.
        sample = unicodedata.normalize("NFC", sample.lower() if sample.isupper() else sample)
        data = np.frombuffer(sample.encode("utf-8", "surrogatepass"), np.uint8)
        ngrams, counts = _ngrams(data, self.moves, self.rows, self.ngrams)
        table = self.table.take(ngrams, axis=0).astype(np.float32)
        likeliest, probability = _likeliest(counts, table, self.prior, self.named, self.numbers, len(data))
        return Detection(self.codes[likeliest], probability)


@compiled
def _ngrams(
    data: NDArray[np.uint8], moves: NDArray[np.uint32], rows: NDArray[np.uint16], ngrams: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The n-grams that stand in ``data``, each once, and how often."""
    occurring = np.empty(len(data), np.int64)
    count = 0
    state = np.int64(0)
    for byte in data:
        state = np.int64(moves[np.int64(rows[state]) * 256 + byte])
        if ngrams[state] >= 0:
            occurring[count] = ngrams[state]
            count += 1
    occurring = np.sort(occurring[:count])
    counts = np.empty(count, np.float32)
    distinct = 0
    for k in range(count):
        if k > 0 and occurring[k] == occurring[k - 1]:
            counts[distinct - 1] += 1
        else:
            occurring[distinct] = occurring[k]
            counts[distinct] = 1
            distinct += 1
    return occurring[:distinct], counts[:distinct]


@compiled
def _likeliest(
    counts: NDArray[np.float32],
    table: NDArray[np.float32],
    prior: NDArray[np.float32],
    named: NDArray[np.int64],
    numbers: NDArray[np.int64],
    length: int,
) -> tuple[int, float]:
    """The number of the likeliest code, and its probability, from n-grams and the rows of the table that are theirs."""
    scores = prior.copy()
    for ngram in range(len(counts)):
        weight = np.log1p(counts[ngram])
        for language in range(len(scores)):
            scores[language] += weight * table[ngram, language]
    highest = scores[named].max()
    odds = np.zeros(numbers.max() + 1)
    for language in range(len(named)):
        # Divided by the root of the length, probabilities of short and long samples mean the same.
        odds[numbers[language]] += np.exp((scores[named[language]] - highest) / np.sqrt(length))
    likeliest = int(np.argmax(odds))
    return likeliest, float(odds[likeliest] / odds.sum())


def primary_code(declared: str) -> str | None:
    """The language of a declared tag (BCP 47), or None where it names none.

    >>> primary_code("pt-BR"), primary_code("EN_us"), primary_code("und"), primary_code("English")
    ('pt', 'en', None, None)
    """
    code = declared.replace("_", "-").split("-")[0].strip().lower()
    return code if len(code) in (2, 3) and code not in _NO_LANGUAGE else None


@lru_cache(maxsize=10_000)
def is_same_language(code: str, other: str) -> bool:
    """Whether two codes, of two or three letters, name one language, or a variety and the language at large.

    >>> [is_same_language(*pair) for pair in (("eng", "en"), ("iw", "he"), ("arz", "ar"), ("nb", "no"), ("wuu", "zh"))]
    [True, True, True, True, True]
    >>> is_same_language("de", "nl")
    False
    """
    if code == other:
        return True
    # Imported here, which takes 0.1 s: most articles are written in what they declare.
    from langcodes import tag_distance

    try:
        return min(tag_distance(code, other), tag_distance(other, code)) <= _SAME
    except ValueError:  # letters that no language has
        return False
