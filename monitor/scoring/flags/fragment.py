"""The fragment at the end of a text: what stands behind its last full stop, as numbers, and how likely it is a cut."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Sequence
from typing import NamedTuple

from monitor.scoring.flags.endings import UNSEEN, is_credit
from monitor.scoring.text.sentences import CLOSERS, OPENERS, STOPS, UNSPACED_STOPS
from monitor.scoring.text.text import count_words

_CLOSING = "\"'”“„’‘‟»«›‹)]}」』”’）】》〉*_|/ \t"
_ENDS = frozenset(STOPS + ":;")
#: The end of a sentence: before a blank, before a bracket that hangs on it, or in Korean before the next word.
_SENTENCE_END = re.compile(
    rf"[{re.escape(STOPS)}](?:[{re.escape(CLOSERS + OPENERS)}]*+\s|(?=[(\[<（【/]))|[{re.escape(UNSPACED_STOPS)}]"
    r"|(?<=[가-힣]{2})\.(?=[가-힣])"
)
#: Scripts that end a sentence without a mark: Thai, Lao.
_UNMARKED = re.compile("[\u0e00-\u0eff]")
_TAGS_AT_END = re.compile(r"(?:</?\w[^<>]*+>\s*+)++\Z")
_WORD = re.compile(r"[^\W\d_]++")
_IN_WORD = re.compile(r"\w")
#: A mark behind a word.
_MARK = re.compile(r"\s*+[.!?,:;)\"”»]")
#: Behind its last full stop a text may carry an address or a sign.
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\w\.(?:com|org|net|de|fr|uk|co|ru|jp)\b|[©↩♦■●▲◆|→@#]")
#: Words from which a paragraph is prose rather than a heading.
PROSE = 12


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


#: A logistic model's weights, one a field; `python -m bench.truncation DATA` fits them and says what they reach.
_WEIGHTS = Fragment(
    length=1.88,
    paragraph=-0.11,
    paragraph_length=0.39,
    small=1.34,
    paragraph_small=-1.01,
    ends_small=1.97,
    ends_rare=-0.86,
    ends_often=-0.74,
    ends_long=-2.05,
    ends_in_digit=-0.90,
    ends_open=2.09,
    address=-2.58,
    bullet=-0.66,
    signature=-2.56,
    few=-0.41,
    proper=1.41,
)
_BIAS = 1.37


def probability(end: Fragment) -> float:
    """The probability, 0 to 1, that a text with this fragment at its end was cut."""
    return 1 / (1 + math.exp(-_BIAS - sum(map(operator.mul, _WEIGHTS, end))))


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
        proper=sum(_ended(text.strip(UNSEEN)) for text in prose) / max(len(prose), 1),
    )


def _behind_last_stop(text: str) -> str | None:
    """What stands behind the last full stop of a paragraph; None where it ends as it should, or with a credit.

    >>> _behind_last_stop("Divers freed it. The ferry sails again from")
    'The ferry sails again from'
    >>> _behind_last_stop("Divers freed it.")
    >>> _behind_last_stop("Divers freed it. (kas)")
    """
    if not text or _ended(text) or _UNMARKED.match(text.rstrip(_CLOSING)[-1:]):
        return None
    begin = max((match.end() for match in _SENTENCE_END.finditer(text)), default=0)
    rest = text[begin:]
    return rest if _WORD.search(rest) and not (begin and is_credit(rest)) else None


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


def _ended(text: str) -> bool:
    text = _TAGS_AT_END.sub("", text[-300:]) if text.endswith(">") else text
    return text.rstrip(_CLOSING)[-1:] in _ENDS
