"""Which sources have a label of their own in the metrics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection

#: The source label of all sources that have none of their own.
OTHER = "other"
#: Characters of a label's value: it stands in mails, in addresses and in every series of its source.
LONGEST_LABEL = 100
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: How many times as many articles as the smallest labelled source a source must have sent to take its label over.
#: Above 1, or two sources of like volume would change places for ever.
TAKES_OVER = 2
#: Sources without a label whose articles are counted. Of more, each loses one, so that those that come often stay.
CANDIDATES = 1_000


class SourceLabels:
    """Bounds the values of the label ``source``: an allow-list, or the ``limit`` sources of most articles.

    Without a bound, a hostile or broken feed that names a new source in each article would make a time series of
    each. Labels are given to the first that come; a source that comes later and sends more than :data:`TAKES_OVER`
    times as much as the smallest that has one takes that one's label. So what takes all labels right after a start
    keeps them only for as long as it sends as much as the others do. All the rest are ``other``.

    Names are matched without regard to case, to invisible characters and to how accents are encoded; the first
    spelling that comes, or that of the allow-list, is the label. Letters of two alphabets that look the same are not.
    """

    def __init__(
        self, limit: int, allow: Collection[str] = (), release: Callable[[str], None] = lambda _: None
    ) -> None:
        """``release`` is called with a label that is taken away, so that its series can be removed."""
        self._allow = {_same_name(name): label_value(name) for name in allow}
        self._limit = limit
        self._release = release
        self._labels: dict[str, str] = {}
        self._articles: dict[str, int] = {}
        self._candidates: dict[str, int] = {}
        #: No labelled source has sent fewer; it may lie below the smallest, never above.
        self._least = 0

    def label(self, source: str) -> str:
        """The value of the label for one article of this source, which is counted."""
        name = _same_name(source)
        if self._allow:
            return self._allow.get(name, OTHER)
        if name == OTHER:
            return OTHER
        if name not in self._labels and len(self._labels) < self._limit:
            self._labels[name] = label_value(source)
            self._articles[name] = self._least = 0
        if name in self._labels:
            self._articles[name] += 1
            return self._labels[name]
        return label_value(source) if self._takes_over(name, source) else OTHER

    def _takes_over(self, name: str, source: str) -> bool:
        """Count one article of a source without a label; whether it now has the label of the smallest."""
        count = self._count_candidate(name)
        if not self._labels or count <= TAKES_OVER * self._least:
            return False
        smallest = min(self._articles, key=self._articles.__getitem__)
        self._least = self._articles[smallest]
        if count <= TAKES_OVER * self._least:
            return False
        released = self._labels.pop(smallest)
        self._candidates[smallest] = self._articles.pop(smallest)
        self._labels[name] = label_value(source)
        self._articles[name] = self._candidates.pop(name)
        self._release(released)
        return True

    def _count_candidate(self, name: str) -> int:
        """Misra and Gries, Finding repeated elements (1982): frequent names survive, in bounded memory."""
        if name not in self._candidates and len(self._candidates) >= CANDIDATES:
            self._candidates = {other: count - 1 for other, count in self._candidates.items() if count > 1}
        self._candidates[name] = self._candidates.get(name, 0) + 1
        return self._candidates[name]


def label_value(text: str) -> str:
    """A text as the value of a label: on one line, of at most :data:`LONGEST_LABEL` characters, never empty.

    Control characters (a NUL ends Prometheus' reading, a newline its line) and lone surrogates (which
    cannot be written as UTF-8 at all) become U+FFFD. Angle brackets become single quotation marks that look like
    them: in Slack ``<!channel>`` calls everybody, wherever an alert shows the label. Invisible characters are left
    out. What is empty becomes ``unknown``, since Prometheus takes an empty label for none.

    >>> label_value("<!channel>"), label_value("Reuters\\u200b"), label_value(" ")
    ('‹!channel›', 'Reuters', 'unknown')
    """
    text = UNFIT.sub("\ufffd", _visible(text[: 2 * LONGEST_LABEL])[:LONGEST_LABEL])
    return text.translate(_ANGLES).strip() or "unknown"


_ANGLES = str.maketrans(
    {
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    }
)


def _same_name(source: str) -> str:
    """What two spellings of one source have in common."""
    return label_value(source).casefold()


def _visible(text: str) -> str:
    """The text composed (NFC), without format characters (category Cf)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(c for c in text if unicodedata.category(c) != "Cf"))
