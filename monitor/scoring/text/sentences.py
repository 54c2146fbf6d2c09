"""Sentences: where they end in a line, and where what has no full stop ends in it: headings, links, notices."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np

from monitor.scoring.text.characters import (
    APOSTROPHE,
    BRACKET,
    ELLIPSIS,
    FULL_STOP,
    MARKS,
    QUOTE,
    SEPARATOR,
    SIGN,
    STOP,
    TABLED,
    UNSPACED,
    tables,
)

#: Places in one line where something may end that are looked at; what lies behind them is one sentence. A book has
#: fewer; a megabyte of single letters and full stops would take a second.
_LOOKED_AT = 30_000
#: Words that a full stop shortens rather than ends a sentence with.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen col lt sgt capt st sr jr no vs inc corp co ltd jan feb mar apr jun jul "
    "aug sep sept oct nov dec hr nr ca bzw abs art mme mlle av sra".split()
)

#: Marks that end a sentence without a blank behind them.
UNSPACED_STOPS = "".join(mark for mark in MARKS[STOP] if mark not in "!?")
#: Marks that end a sentence, of every script; also the one that may shorten a word.
STOPS = MARKS[FULL_STOP] + MARKS[STOP] + MARKS[ELLIPSIS]
#: Of them those that end a question.
QUESTION_MARKS = frozenset("?\N{FULLWIDTH QUESTION MARK}\N{ARABIC QUESTION MARK}\N{ETHIOPIC QUESTION MARK}")
#: What opens and closes a quotation or bracket. German closes with the mark that opens an English one.
OPENERS = (
    "([{<`\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{LEFT CORNER BRACKET}"
    "\N{LEFT WHITE CORNER BRACKET}\N{FULLWIDTH LEFT PARENTHESIS}\N{LEFT BLACK LENTICULAR BRACKET}"
    "\N{LEFT DOUBLE ANGLE BRACKET}\N{LEFT ANGLE BRACKET}\N{DOUBLE LOW-9 QUOTATION MARK}"
)
#: What may stand behind the mark that ends a sentence and still belongs to it.
CLOSERS = "".join(mark for mark in MARKS[QUOTE] + MARKS[BRACKET] + MARKS[APOSTROPHE] if mark not in OPENERS)


def _class_of(characters: str) -> str:
    return "[" + re.escape(characters) + "]"


_SPACED_STOPS = ".!?" + MARKS[ELLIPSIS]
#: Marks of scripts with blanks between words need one behind them; those of other scripts do not. The lookbehind and
#: the possessive repeats keep a megabyte of full stops linear. Newswires end a text with the control character for it
#: (IPTC 7901).
_END = re.compile(
    rf"(?<!{_class_of(_SPACED_STOPS)}){_class_of(_SPACED_STOPS)}++{_class_of(CLOSERS)}*+(?=\s)"
    rf"|{_class_of(UNSPACED_STOPS)}++{_class_of(CLOSERS)}*+"
    r"|(?<=[^\W\d_]{2})[.!?](?=[^\W\d_]{2})"
    r"|[\x02-\x04\r\v\f\x1c-\x1e\x85]"
)
#: The end of a sentence behind a word, in Thai and Lao behind any; "12. " and "[...]" are none.
_HELD = re.compile(
    rf"[^\W\d_]{_class_of(CLOSERS)}*+{_class_of(_SPACED_STOPS)}(?={_class_of(CLOSERS)}*+(?:\s|\Z))"
    rf"|{_class_of(UNSPACED_STOPS)}|[\u0e00-\u0eff]\Z"
)
#: Before a bullet or a sign of rights, and behind a wide gap, another line begins.
_LINE_SIGN = re.compile(rf"\s(?={_class_of(MARKS[SEPARATOR] + MARKS[SIGN])}\s?+\S)|\t\s*+|[ \u3000]{{3,}}+")
_NEXT = re.compile(r"\s*+(\S)")
_LAST_TOKEN = re.compile(r"[^\s(\"“‘]*\Z")
_WORD = re.compile(r"[^\W\d_]++")
#: A capitalised word behind a blank that follows a letter or figure, and before a small word.
_CAPITALISED = re.compile(r"(?<=[\w%)’'”\"])\s(?=([^\W\d_a-z][^\W\d_]*+)\s++([^\W_]))")
#: A word is small by nature where it stands so often in small letters, and so many times as often as with a capital
#: in the middle of a sentence: "The" is, "President" and "May" are not.
_SMALL, _SMALL_BY_CAPITALISED = 2, 3


def ends(text: str, start: int = 0, stop: int | None = None) -> list[int]:
    """Offsets behind the sentences of a stretch of a text, in order, the last one's left out. Linear.

    >>> text = "Mr. Holt left. Nobody knew! “Why?” 我们来了。你呢？ ភ្លៀង។ ཆར་པ། बारिश। بارش۔ نعم؟ ok"
    >>> [text[i:j].strip() for i, j in zip([0, *ends(text)], [*ends(text), len(text)])]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['Mr. Holt left.', 'Nobody knew!', '“Why?”', '我们来了。', '你呢？', 'ភ្លៀង។', 'ཆར་པ།', 'बारिश।', 'بارش۔', 'نعم؟',
     'ok']
    """
    stop = len(text) if stop is None else stop
    offsets = [match.end() for match in _first_matches(_END, text, start, stop) if _is_end(text, match, stop)]
    if text.isascii():
        return offsets
    return sorted({*offsets, *(match.end() for match in _first_matches(_gap(), text, start, stop))})


def holds_sentence(text: str) -> bool:
    """Whether a text holds a sentence. Headings, items of lists and rows of tables, which are alike, hold none.

    >>> holds_sentence("The ferry was out of service on Monday, after a rope fouled a propeller.")
    True
    >>> holds_sentence("Lower Quay 7.15 8.15 9.15 Brenn Harbour 7.55 8.55 9.55")
    False
    """
    if not _HELD.search(text):
        return False
    initials = [word[0] for word in text.split()]
    return sum(map(str.isupper, initials)) <= sum(map(str.islower, initials))


def line_ends(text: str, start: int, stop: int) -> list[int]:
    """As :func:`ends`, and where headings, links and notices end that run on without a full stop.

    They end at a bullet, a wide gap, or before a capitalised word that is none by nature.

    >>> text = "The sea took the pier, the wall and the quay. Ferry fares go up again The mayor said it • Share this"
    >>> [text[i:j].strip() for i, j in zip([0, *line_ends(text, 0, len(text))], [*line_ends(text, 0, len(text)), None])]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['The sea took the pier, the wall and the quay.', 'Ferry fares go up again', 'The mayor said it', '• Share this']
    """
    offsets = set(ends(text, start, stop))
    offsets.update(match.end() for match in _first_matches(_LINE_SIGN, text, start, stop))
    offsets.update(_before_capitals(text, start, stop))
    return sorted(offsets)


def _before_capitals(text: str, start: int, stop: int) -> list[int]:
    """Where a capitalised word, small by nature, stands behind no stop and before a small word."""
    maybe = [
        (match.end(), match.group(1).lower(), match.group(2).islower())
        for match in _first_matches(_CAPITALISED, text, start, stop)
        if match.group(1)[0].isupper() and (match.group(1)[1:].islower() or len(match.group(1)) == 1)
    ]
    if not maybe:
        return []
    small = Counter(word for word in _WORD.findall(text, start, stop) if word.islower())
    capitalised = Counter(word for _, word, _ in maybe)
    return [
        at
        for at, word, before_small in maybe
        if before_small and small[word] >= max(_SMALL, _SMALL_BY_CAPITALISED * capitalised[word])
    ]


def _first_matches(pattern: re.Pattern[str], text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    return islice(pattern.finditer(text, start, stop), _LOOKED_AT)


@cache
def _gap() -> re.Pattern[str]:
    """Blanks between two characters of scripts that part no words with them: they part phrases and lines.

    Khmer and Burmese, which have a full stop, part phrases with them too often.
    """
    codes = (tables().classes == UNSPACED).nonzero()[0]
    runs = np.split(codes, (np.diff(codes) > 1).nonzero()[0] + 1)
    letters = "".join(
        f"{chr(run[0])}-{chr(run[-1])}"
        for run in runs
        if not unicodedata.name(chr(run[0]), "").startswith(("KHMER", "MYANMAR"))
    )
    return re.compile(rf"(?<=[{letters}])\s++(?=[{letters}\"“(「『（【《])")


def _is_end(text: str, match: re.Match[str], stop: int) -> bool:
    mark = match.group()[0]
    if mark in ".…!?" and match.end() < stop and not text[match.end()].isspace():
        # "piles.Ferries": a blank was lost where two paragraphs were joined.
        return text[match.start() - 1].islower() and text[match.end()].isupper() and text[match.end() + 1].islower()
    return mark not in ".…⋯‥" or _ends_sentence(text, match, stop)


def _ends_sentence(text: str, match: re.Match[str], stop: int) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation or initial, nor before a small letter."""
    following = _NEXT.match(text, match.end(), stop)
    if following is None or following.group(1).islower():
        return False
    last = _LAST_TOKEN.search(text, max(match.start() - 12, 0), match.start())
    word = last.group() if last else ""
    is_initial = len(word) == 1 and word.isalpha() and tables().classes[min(ord(word), TABLED - 1)] != UNSPACED
    return not (is_initial or word.lower() in _ABBREVIATIONS)
