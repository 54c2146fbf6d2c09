"""Two texts side by side: which paragraphs they share, and how those that are alike differ."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from monitor.articles.printable import printable
from monitor.web.views.differences import Segment, differences

#: Paragraphs of a text, and characters of one, that are compared and shown.
MOST_PARAGRAPHS, LONGEST_PARAGRAPH = 300, 5_000
#: How many paragraphs ahead one that was changed is looked for.
FARTHEST = 30
#: The share of words in common from which two paragraphs stand beside each other as one that was changed.
ALIKE = 0.5
_LINES = re.compile(r"[\n\r\u2028\u2029]+")


class Row(NamedTuple):
    """A paragraph of each text, or of one of them. ``kind`` is same, changed, missing or added."""

    kind: str
    earlier: tuple[Segment, ...]
    later: tuple[Segment, ...]


def rows(earlier: str, later: str) -> list[Row]:
    """The paragraphs of two texts: what they share beside each other, what only one has on its side.

    >>> [(row.kind, row.later) for row in rows("One story.\\nAn end.", "One story.")]
    [('same', (Segment(kind='', text='One story.'),)), ('missing', ())]
    """
    before, after = _paragraphs(earlier), _paragraphs(later)
    matcher = SequenceMatcher(None, list(map(_plain, before)), list(map(_plain, after)), autojunk=False)
    result: list[Row] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            result += [
                Row("same", (Segment("", a),), (Segment("", b),))
                for a, b in zip(before[i:i_end], after[j:j_end], strict=True)
            ]
        else:
            result += _unlike(before[i:i_end], after[j:j_end])
    return result


def _unlike(before: list[str], after: list[str]) -> list[Row]:
    """Paragraphs of which none is the same: each of the later with the next earlier one that is like it."""
    words = [_words(text) for text in before]
    result: list[Row] = []
    begin = 0
    for text in after:
        own = _words(text)
        near = range(begin, min(begin + FARTHEST, len(before)))
        at = next((n for n in near if _are_alike(words[n], own)), None)
        if at is None:
            result.append(Row("added", (), (Segment("ins", text),)))
            continue
        result += [Row("missing", (Segment("del", each),), ()) for each in before[begin:at]]
        result.append(_changed(before[at], text))
        begin = at + 1
    return result + [Row("missing", (Segment("del", each),), ()) for each in before[begin:]]


def _changed(earlier: str, later: str) -> Row:
    segments = differences(earlier, later)
    if segments is None:
        return Row("changed", (Segment("", earlier),), (Segment("", later),))
    return Row(
        "changed",
        tuple(segment for segment in segments if segment.kind != "ins"),
        tuple(segment for segment in segments if segment.kind != "del"),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    return 4 * fewer >= more and len(one & other) >= ALIKE * fewer > 0


def _paragraphs(text: str) -> list[str]:
    found = (" ".join(line[:LONGEST_PARAGRAPH].split()) for line in _LINES.split(text[:1_000_000]))
    return [printable(line) for line in found if line][:MOST_PARAGRAPHS]


def _plain(text: str) -> str:
    return text.casefold()
