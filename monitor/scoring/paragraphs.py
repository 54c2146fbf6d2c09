"""Paragraphs: where each stands in the text of an article."""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.scoring.words import UNSPACED

#: Paragraphs that a text is split into at most; beyond it neighbours are joined. A megabyte of single letters
#: would else take 10 s, which a worker waits for; an article has tens.
MOST = 10_000


class Paragraph(NamedTuple):
    """Offsets in code points into the article's text, the end excluded, without the blanks around it."""

    start: int
    end: int


_BREAKS = str.maketrans("\u2028\u2029", "\n\n")

#: What ends a sentence. Latin marks need a blank behind them; those of other scripts do not. The lookbehind
#: and the possessive repeats keep a megabyte of full stops linear. Newswires end a text with the control
#: character for it (IPTC 7901).
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)"
    r"|[。！？｡]++[」』”’）)]*+"
    r"|[؟۔।॥။።։។]++[\"'”’»)\]]*+"
    r"|[\x02-\x04\r\v\f\x1c-\x1e\x85]"
)
_THAI = "\u0e00-\u0e7f"
_THAI_END = re.compile(rf"(?<=[{_THAI}])\s++(?=[{_THAI}\"“(])")
_NEXT = re.compile(r"\s*+(\S)")
_LAST_TOKEN = re.compile(r"[^\s(\"“‘]*\Z")

#: Words that a full stop shortens rather than ends a sentence with.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen col lt sgt capt st sr jr no vs inc corp co ltd jan feb mar apr jun jul "
    "aug sep sept oct nov dec hr nr ca bzw abs art mme mlle av sra".split()
)


def split(text: str) -> list[Paragraph]:
    """The paragraphs in order: the text between line breaks (\\n, \\r\\n, U+2028, U+2029), blank ones left out.

    A text without line breaks is split into sentences, so that nothing hides in one line. Every
    character that is no blank stands in exactly one paragraph, of :data:`MOST`. Linear in the length.
    """
    if "\u2028" in text or "\u2029" in text:
        text = text.translate(_BREAKS)
    found = _lines(text)
    if len(found) == 1:
        found = _sentences(text, found[0])
    if len(found) > MOST:
        together = -(-len(found) // MOST)
        found = [
            Paragraph(found[i].start, found[min(i + together, len(found)) - 1].end)
            for i in range(0, len(found), together)
        ]
    return found


def _lines(text: str) -> list[Paragraph]:
    found = []
    start = 0
    for line in text.split("\n"):
        inner = line.strip()
        if inner:
            first = start if inner is line else start + line.index(inner[0])
            found.append(Paragraph(first, first + len(inner)))
        start += len(line) + 1
    return found


def _sentences(text: str, line: Paragraph) -> list[Paragraph]:
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text, line.start, line.end)
        if match.group()[0] not in ".…" or _ends_sentence(text, match, line.end)
    ]
    if re.search(rf"[{_THAI}]", text):
        ends = sorted({*ends, *(match.end() for match in _THAI_END.finditer(text, line.start, line.end))})
    together = -(-len(ends) // MOST) or 1
    found = []
    start = line.start
    for end in [*ends[together - 1 :: together], line.end]:
        sentence = text[start:end]
        inner = sentence.strip()
        if inner:
            first = start + len(sentence) - len(sentence.lstrip())
            found.append(Paragraph(first, first + len(inner)))
        start = end
    return found


def _ends_sentence(text: str, match: re.Match[str], end: int) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation or initial, nor before a small letter."""
    following = _NEXT.match(text, match.end(), end)
    if following is None or following.group(1).islower():
        return False
    last = _LAST_TOKEN.search(text, max(match.start() - 12, 0), match.start())
    word = last.group() if last else ""
    return not (
        (len(word) == 1 and word.isalpha() and not re.match(f"[{UNSPACED}]", word)) or word.lower() in _ABBREVIATIONS
    )
