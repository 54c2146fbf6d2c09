"""Paragraphs: where each stands in the text of an article."""

from __future__ import annotations

from typing import NamedTuple

from monitor.scoring.text.sentences import ends, line_ends

#: Paragraphs that a text is split into at most; beyond it neighbours are joined. A megabyte of single letters
#: would else take 10 s, which a worker waits for; an article has tens.
MOST = 10_000
#: Bytes of UTF-8 from which a line may be more than a paragraph: some 150 words, or 300 Chinese characters.
LONG_LINE = 900
#: A long line is split where it holds so much of its text, or is so many times as long as that.
_MOST_OF_TEXT, _TIMES_LONG = 0.5, 4


class Paragraph(NamedTuple):
    """Offsets in code points into the article's text, the end excluded, without the blanks around it."""

    start: int
    end: int


_BREAKS = str.maketrans("\u2028\u2029", "\n\n")


def split(text: str) -> list[Paragraph]:
    """The paragraphs in order: the text between line breaks (\\n, \\r\\n, U+2028, U+2029), blank ones left out.

    A text without line breaks is split into sentences, headings and links, so that nothing hides in one line; so is a
    line that holds most of a long text. Every character that is no blank stands in exactly one paragraph, of
    :data:`MOST`. Linear in the length.

    >>> text = "Wall to be raised\\n\\nIt rained. Nobody came! Why?"
    >>> [text[start:end] for start, end in split(text)]
    ['Wall to be raised', 'It rained. Nobody came! Why?']
    >>> text = "It rained. Nobody came! Why?\\n"
    >>> [text[start:end] for start, end in split(text)]
    ['It rained.', 'Nobody came!', 'Why?']
    """
    if "\u2028" in text or "\u2029" in text:
        text = text.translate(_BREAKS)
    lines = _lines(text)
    if len(lines) == 1:
        return _joined(_parts(text, lines[0]))
    places = []
    total = sum(end - start for start, end in lines)
    for line in lines:
        places += _parts(text, line) if _is_long(text, line, total) else [line]
    return _joined(places)


def _is_long(text: str, line: Paragraph, total: int) -> bool:
    """Whether a line is a body, or most of one, whose line breaks were lost."""
    length = line.end - line.start
    if 3 * length < LONG_LINE:
        return False
    size = len(text[line.start : line.end].encode("utf-8", "surrogatepass"))
    return size >= LONG_LINE and (length >= _MOST_OF_TEXT * total or size >= _TIMES_LONG * LONG_LINE)


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


def sentences(text: str, line: Paragraph) -> list[Paragraph]:
    """The sentences of one paragraph."""
    return _between(text, line, ends(text, line.start, line.end))


def _parts(text: str, line: Paragraph) -> list[Paragraph]:
    """The sentences of a line, and what stands among them without a full stop."""
    return _between(text, line, line_ends(text, line.start, line.end))


def _between(text: str, line: Paragraph, ends: list[int]) -> list[Paragraph]:
    """What stands in a line between the offsets ``ends``, without blanks around it."""
    found = []
    start = line.start
    for end in [*ends, line.end]:
        sentence = text[start:end]
        inner = sentence.strip()
        if inner:
            first = start + len(sentence) - len(sentence.lstrip())
            found.append(Paragraph(first, first + len(inner)))
        start = end
    return found


def _joined(places: list[Paragraph]) -> list[Paragraph]:
    """At most :data:`MOST` paragraphs, neighbours joined where there are more."""
    together = -(-len(places) // MOST)
    if together <= 1:
        return places
    return [
        Paragraph(places[i].start, places[min(i + together, len(places)) - 1].end)
        for i in range(0, len(places), together)
    ]
