"""Truncated: a copy that was cut before its end."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.scoring import words
from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

#: What feeds leave where they cut: "[+1234 chars]", "[…]", "… (more)".
_LEFT_OFF = re.compile(
    r"\[\s?\+\s?\d{1,7}\s?(?:chars?|characters|words)\s?\]\Z"
    r"|[\[(](?:…|\.\.\.)[\])]\Z"
    r"|(?:…|\.\.\.) ?[\[(]?(?:more|read more|continue reading|continued)[\])]?\Z",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(r"(?:…|(?<!\.)\.\.\.)\Z")
_CLOSERS = "\"'”“„’‘‟»«›‹)]}」』”’）】》〉*_|/ \t"
_ENDS = ".!?。！？؟۔।॥။።։…:;"
#: Not seen, and not what a text ends with.
_UNSEEN = "".join(map(chr, range(33))) + "\x7f\xa0\u200b\u200e\u200f\ufeff"
_SENTENCE_END = re.compile(r"[.!?。！？؟۔।॥။።։…][\"'”“’»)\]」』]*+\s|[。！？]")
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
_PROSE = 12


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


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields truncated by the mark that cutting leaves, by the declared words, or by an unfinished sentence."""
    if not inspection.texts:
        return
    story = inspection.story or tuple(range(len(inspection.texts)))
    reason = (
        _marked(inspection, story) or _declared(inspection, thresholds) or _unfinished(inspection, story, thresholds)
    )
    if reason is not None:
        yield Flag(Code.TRUNCATED, *reason)


def _marked(inspection: Inspection, story: tuple[int, ...]) -> tuple[float, str] | None:
    for i in dict.fromkeys((len(inspection.texts) - 1, story[-1])):
        text = inspection.texts[i][-80:].strip(_UNSEEN)
        if match := _LEFT_OFF.search(text):
            return 1.0, f"paragraph {i + 1} ends with “{match.group()}”"
        if _ELLIPSIS.search(text):
            return 0.9, f"paragraph {i + 1} ends with an ellipsis: “{text[-40:]}”"
    return None


def _declared(inspection: Inspection, thresholds: Thresholds) -> tuple[float, str] | None:
    declared = inspection.article.declared_words
    if not declared or inspection.total_words >= thresholds.truncated_share * declared:
        return None
    share = inspection.total_words / declared
    return round(1 - share, 4), f"{inspection.total_words} words of {declared} declared"


def _unfinished(inspection: Inspection, story: tuple[int, ...], thresholds: Thresholds) -> tuple[float, str] | None:
    """Whether the last paragraph of the story breaks off; a standing line, which recurs, does not."""
    if inspection.repetition.similarity[story[-1]] == 1.0 and inspection.words[story[-1]] < _PROSE:
        return None
    found = fragment([inspection.texts[i] for i in story], [inspection.words[i] for i in story])
    if found is None:
        return None
    probability = 1 / (1 + math.exp(-_BIAS - sum(map(operator.mul, _WEIGHTS, found))))
    if probability < thresholds.truncated_probability:
        return None
    text = inspection.texts[story[-1]].strip(_UNSEEN)
    return round(probability, 4), f"paragraph {story[-1] + 1} breaks off: “{text[-40:]}”"


def fragment(texts: Sequence[str], counts: Sequence[int]) -> Fragment | None:
    """What stands behind the last full stop of some paragraphs; None where the last ends as it should.

    ``counts`` are the paragraphs' words.
    """
    last = texts[-1].strip(_UNSEEN)
    if not last or _ended(last) or _UNMARKED.match(last[-1]):
        return None
    begin = max((match.end() for match in _SENTENCE_END.finditer(last)), default=0)
    rest = last[begin:]
    spoken = _WORD.findall(rest)
    if not spoken or (begin and rest[0] in "([/—"):
        return None  # a credit: (kas), [AFP], / ab
    prose = [text for text, count in zip(texts[:-1], counts, strict=False) if count >= _PROSE]
    length = min(words.count(rest), 30) / 30
    small = sum(map(_is_small, spoken)) / len(spoken)
    final = spoken[-1]
    uses, before_marks = _uses(final[:40], texts)
    own = float(begin == 0)
    return Fragment(
        length=length,
        paragraph=own,
        paragraph_length=own * length,
        small=small,
        paragraph_small=own * small,
        ends_small=float(_is_small(final)),
        ends_rare=float(uses <= 1),
        ends_often=float(_is_small(final) and uses >= 4 and before_marks <= 1),
        ends_long=min(len(final), 10) / 10,
        ends_in_digit=float(last[-1].isdigit()),
        ends_open=float(last[-1] in ",-–—،、，("),
        address=float(_ADDRESS.search(last[-200:]) is not None),
        bullet=float(last[0] in "-•*·–—("),
        signature=float(begin > 0 and len(spoken) <= 3 and not _is_small(final)),
        few=float(len(prose) < 2),
        proper=sum(_ended(text.strip(_UNSEEN)) for text in prose) / max(len(prose), 1),
    )


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
    return text.rstrip(_CLOSERS)[-1:] in _ENDS
