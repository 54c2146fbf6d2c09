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
#: Characters below which it is not.
_MAYBE_LONG = LONG_LINE // 3


class Paragraph(NamedTuple):
    """Offsets in code points into the article's text, the end excluded, without the blanks around it."""

    start: int
    end: int


#: What parts lines; a carriage return stands before the first.
LINE_BREAKS = "\n\u2028\u2029"
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
    places = _lines(text)
    lengths = [end - start for start, end in places]
    total = sum(lengths)
    if len(places) == 1:
        places = _parts(text, *places[0])
    elif max(lengths, default=0) >= _MAYBE_LONG:
        lines, places = places, []
        for (start, end), length in zip(lines, lengths, strict=True):
            is_long = length >= _MAYBE_LONG and _is_long(text, start, end, total)
            places += _parts(text, start, end) if is_long else [(start, end)]
    together = -(-len(places) // MOST) or 1
    if together > 1:
        last = len(places) - 1
        places = [(places[i][0], places[min(i + together - 1, last)][1]) for i in range(0, len(places), together)]
    return list(map(Paragraph._make, places))


def _is_long(text: str, start: int, end: int, total: int) -> bool:
    """Whether a line is a body, or most of one, whose line breaks were lost."""
    length = end - start
    is_most = length >= _MOST_OF_TEXT * total
    # A character has four bytes at most.
    if not is_most and 4 * length < _TIMES_LONG * LONG_LINE:
        return False
    size = len(text[start:end].encode("utf-8", "surrogatepass"))
    return size >= LONG_LINE and (is_most or size >= _TIMES_LONG * LONG_LINE)


def _lines(text: str) -> list[tuple[int, int]]:
    places = []
    start = 0
    for line in text.split("\n"):
        inner = line.strip()
        if inner:
            first = start if inner is line else start + line.index(inner[0])
            places.append((first, first + len(inner)))
        start += len(line) + 1
    return places


def sentences(text: str, line: Paragraph) -> list[Paragraph]:
    """The sentences of one paragraph."""
    return [Paragraph(*place) for place in _between(text, *line, ends(text, line.start, line.end))]


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a line, and what stands among them without a full stop."""
    return _between(text, start, end, line_ends(text, start, end))


def _between(text: str, start: int, end: int, offsets: list[int]) -> list[tuple[int, int]]:
    """What stands in a line between some offsets, without the blanks around it."""
    places = []
    for offset in [*offsets, end]:
        part = text[start:offset]
        inner = part.strip()
        if inner:
            first = start + len(part) - len(part.lstrip())
            places.append((first, first + len(inner)))
        start = offset
    return places
