"""The fragment at the end of a text: what stands behind its last full stop, as numbers, and how likely it is a cut."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.flags.endings import ELLIPSIS, UNSEEN, is_credit
from monitor.scoring.flags.sentence_end import unfinished
from monitor.scoring.text.sentences import CLOSERS, OPENERS, STOPS, UNSPACED_STOPS
from monitor.scoring.text.text import count_words

_CLOSING = "\"'”“„’‘‟»«›‹<>)]}」』”’）】》〉*_|/ \t"
#: What some newswires put behind the last full stop: "(EFE).-".
_DASHES = ("-", "–", "—")
_ENDS = frozenset(STOPS + ":;")
#: What may stand behind the last word of a text.
_NOT_WORDS = STOPS + CLOSERS + OPENERS + _CLOSING + ",;:-–—…"
#: The end of a sentence: before a blank, before a bracket that hangs on it, or in Korean before the next word.
_SENTENCE_END = re.compile(
    rf"[{re.escape(STOPS)}](?:[{re.escape(CLOSERS + OPENERS)}]*+\s|(?=[(\[<（【/]))|[{re.escape(UNSPACED_STOPS)}]"
    r"|(?<=[가-힣]{2})\.(?=[가-힣])"
)
#: Scripts that end a sentence without a mark: Thai, Lao.
_UNMARKED = re.compile("[\u0e00-\u0eff]")
_ELLIPSIS_AT_END = re.compile(rf"\s*{ELLIPSIS}\s*\Z")
_TAGS_AT_END = re.compile(r"(?:</?\w[^<>]*+>\s*+)++\Z")
_WORD = re.compile(r"[^\W\d_]++")
_IN_WORD = re.compile(r"\w")
#: A mark behind a word.
_MARK = re.compile(r"\s*+[.!?,:;)\"”»]")
#: Behind its last full stop a text may carry an address or a sign.
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\w\.(?:com|org|net|de|fr|uk|co|ru|jp)\b|[©↩♦■●▲◆|→@#]")
#: The last word of a text that no full stop follows: an address.
_IS_ADDRESS = re.compile(r"(?:\W*https?://|\W*www\.)\S+|\S+@[\w-]+\.[\w.-]+")
#: Variants of a pictogram, which stand behind it: its look, its colour, what joins two.
_VARIANTS = "\ufe0e\ufe0f\u200d" + "".join(map(chr, range(0x1F3FB, 0x1F400)))
#: Behind an exclamation or a question: who signs, in one or two words.
_SIGNED = re.compile(r"[!?！？][\"'”’»)]*+\s++(\w+(?: \w+)?)\Z")
#: Characters of such a name, with the mark before it.
_LONGEST_NAME = 60
#: Words from which a paragraph is prose rather than a heading.
PROSE = 12
#: Full stops at the end of a text behind which a credit is looked for.
_CREDIT_STOPS = 3
#: Questions that a tree asks of a fragment.
DEPTH = 3


class Fragment(NamedTuple):
    """What stands behind the last full stop of a text, as numbers from 0 to 1."""

    length: float
    """Its words, by thirty."""
    paragraph: float
    """Whether it is a paragraph of its own."""
    paragraph_length: float
    """Its words, by thirty, where it is a paragraph of its own."""
    small: float
    """The share of its words that begin with no capital."""
    paragraph_small: float
    """The same where it is a paragraph of its own."""
    ends_small: float
    """Whether its last word begins with no capital."""
    ends_rare: float
    """Whether its last word stands nowhere else in the text: half a word, perhaps."""
    ends_often: float
    """Whether its last word stands often in the text, and hardly ever before a mark: the, of, und."""
    ends_long: float
    """The length of its last word, by ten."""
    ends_in_digit: float
    ends_open: float
    """Whether its last character is a comma, a dash or an opening bracket."""
    address: float
    """Whether an address or a sign stands in it."""
    bullet: float
    """Whether its paragraph begins like an item of a list."""
    signature: float
    """Whether it is a name behind a full stop: of an agency, of who wrote it."""
    few: float
    """Whether the text has less than two other paragraphs of prose."""
    proper: float
    """The share of the text's other paragraphs of prose that end as paragraphs do."""
    paragraphs: float
    """The text's paragraphs, by ten."""
    words: float
    """The text's words, by four hundred."""
    unfinished: float
    """The log-odds that the last words end no sentence."""


class Model(NamedTuple):
    """The model of cuts, fitted by ``python -m bench.truncation``: boosted trees of depth 3 over a fragment.

    ``t`` trees, each of 7 inner nodes, breadth first, and 8 leaves; and the weights of the words at a sentence's end.
    """

    features: NDArray[np.int64]  # (t, 7)
    thresholds: NDArray[np.float64]  # (t, 7)
    leaves: NDArray[np.float64]  # (t, 8)
    bias: float
    word_weights: NDArray[np.int8]  # (2 ** BUCKET_BITS,)
    word_scale: float
    word_bias: float

    def probability(self, end: Fragment) -> float:
        """The probability, 0 to 1, that a text with this fragment at its end was cut."""
        values = np.array(end)
        trees = np.arange(len(self.features))
        node = np.zeros(len(trees), np.int64)
        for _ in range(DEPTH):
            node = 2 * node + 1 + (values[self.features[trees, node]] > self.thresholds[trees, node])
        log_odds = self.bias + float(self.leaves[trees, node - self.features.shape[1]].sum())
        return 1 / (1 + math.exp(-log_odds))


@cache
def model() -> Model:
    """The model beside this file, read once."""
    data = resources.files("monitor.scoring.flags").joinpath("fragment.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        bias, word_scale, word_bias = arrays["numbers"].tolist()
        return Model(
            arrays["features"].astype(np.int64), arrays["thresholds"], arrays["leaves"], bias,
            arrays["word_weights"], word_scale, word_bias,
        )  # fmt: skip


def fragment(texts: Sequence[str], counts: Sequence[int]) -> Fragment | None:
    """What stands behind the last full stop of some paragraphs; None where the last ends as it should.

    ``counts`` are the paragraphs' words.

    >>> cut = fragment(["Divers freed it by the evening, in water as cold as"], [11])
    >>> cut.paragraph, cut.ends_small, round(cut.length * 30)
    (1.0, 1.0, 11)
    >>> fragment(["Divers freed it by the evening."], [6])
    """
    last = texts[-1].strip(UNSEEN)
    rest = _behind_last_stop(last)
    if rest is None:
        return None
    fragment_words = _WORD.findall(rest)
    is_paragraph = float(rest == last)
    prose = [text for text, count in zip(texts[:-1], counts, strict=False) if count >= PROSE]
    length = min(count_words([rest])[0], 30) / 30
    small = sum(map(_is_small, fragment_words)) / len(fragment_words)
    final = fragment_words[-1]
    uses, before_marks = _uses(final[:40], texts)
    return Fragment(
        length=length,
        paragraph=is_paragraph,
        paragraph_length=is_paragraph * length,
        small=small,
        paragraph_small=is_paragraph * small,
        ends_small=float(_is_small(final)),
        ends_rare=float(uses <= 1),
        ends_often=float(_is_small(final) and uses >= 4 and before_marks <= 1),
        ends_long=min(len(final), 10) / 10,
        ends_in_digit=float(last[-1].isdigit()),
        ends_open=float(last[-1] in ",-–—،、，("),
        address=float(_ADDRESS.search(last[-200:]) is not None),
        bullet=float(last[0] in "-•*·–—("),
        signature=float(rest != last and len(fragment_words) <= 3 and not _is_small(final)),
        few=float(len(prose) < 2),
        proper=sum(is_ended(text.strip(UNSEEN)) for text in prose) / max(len(prose), 1),
        paragraphs=min(len(texts), 10) / 10,
        words=min(sum(counts), 400) / 400,
        unfinished=last_words_unfinished(last),
    )


def probability(end: Fragment) -> float:
    """The probability, 0 to 1, that a text with this fragment at its end was cut."""
    return model().probability(end)


def last_words_unfinished(text: str) -> float:
    """The log-odds that the last words of a text end no sentence, whatever mark stands behind them.

    >>> last_words_unfinished("Divers freed it by the&#8230;") > last_words_unfinished("She sails again on Sunday…")
    True
    """
    known = model()
    text = _ELLIPSIS_AT_END.sub("", text)
    return unfinished(text.rstrip(_NOT_WORDS), known.word_weights, known.word_scale, known.word_bias)


def _behind_last_stop(text: str) -> str | None:
    """What stands behind the last full stop of a paragraph; None where it ends as it should, or with a credit.

    >>> _behind_last_stop("Divers freed it. The ferry sails again from")
    'The ferry sails again from'
    >>> _behind_last_stop("Divers freed it.")
    >>> _behind_last_stop("Divers freed it. (kas)")
    """
    if not text or is_ended(text) or _UNMARKED.match(text.rstrip(_CLOSING)[-1:]):
        return None
    begins = _last_sentences(text)
    rest = text[begins[-1] if begins else 0 :]
    # A credit may hold full stops of its own: "Foto: M. Holt".
    return rest if _WORD.search(rest) and not any(is_credit(text[begin:]) for begin in begins) else None


def _last_sentences(text: str) -> list[int]:
    """Where the last sentences of a paragraph begin, behind a full stop each."""
    return [match.end() for match in _SENTENCE_END.finditer(text)][-_CREDIT_STOPS:]


def ends_with_credit(text: str) -> bool:
    """Whether an ellipsis at the end of a paragraph stands behind a credit alone.

    >>> cuts = "Divers freed it. Reuter...", "Divers freed it. The ferry sails...", "Divers freed it. The&#8230;"
    >>> list(map(ends_with_credit, cuts))
    [True, False, False]
    """
    text = _ELLIPSIS_AT_END.sub("", text)
    begins = _last_sentences(text)
    return bool(begins) and is_credit(text[begins[-1] :])


def _is_small(word: str) -> bool:
    """Whether a word begins with no capital; scripts without capitals have small letters alone."""
    return word[0] == word[0].lower()


def _uses(word: str, texts: Sequence[str]) -> tuple[int, int]:
    """How often a word stands in the text, and how often before a mark; a thousand uses are enough."""
    text = "\n".join(texts)
    uses = before_marks = 0
    at = text.find(word)
    while at >= 0 and uses < 1_000:
        end = at + len(word)
        if not _IN_WORD.match(text, max(at - 1, 0), at) and not _IN_WORD.match(text, end):
            uses += 1
            before_marks += _MARK.match(text, end) is not None
        at = text.find(word, end)
    return uses, before_marks


def is_ended(text: str) -> bool:
    """Whether a paragraph ends with a mark, a pictogram, an address, or the name of who signs.

    >>> [is_ended(text) for text in ("See you there 🙂", "Thanks for reading! Tom", "It is at https://ferry.example/times")]
    [True, True, True]
    >>> is_ended("La barca zarpa el martes (EFE).-"), is_ended("La barca zarpa -")
    (True, False)
    """
    text = _TAGS_AT_END.sub("", text[-300:]) if text.endswith(">") else text[-300:]
    text = text.rstrip(_CLOSING + _VARIANTS)
    if text.endswith(_DASHES) and text.rstrip("-–—")[-1:] in _ENDS:
        return True
    if not text or text[-1] in _ENDS:
        return bool(text)
    if unicodedata.category(text[-1]) == "So" or _IS_ADDRESS.fullmatch(text.rsplit(None, 1)[-1]):
        return True
    signed = _SIGNED.search(text, max(len(text) - _LONGEST_NAME, 0))
    return signed is not None and signed.group(1).istitle()
