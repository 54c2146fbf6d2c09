"""Text: an article's text, read once: its paragraphs, the characters in them, and their words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from monitor.scoring.text import paragraphs as splitting
from monitor.scoring.text.characters import IDEOGRAPHS_END, LOWER, MARK, TABLED, UNSPACED, tables
from monitor.scoring.text.paragraphs import Paragraph
from monitor.scoring.text.words import Characters, Codes, Integers, Words, read_words

#: Marks that one letter is composed with at most: 30, as in Unicode's stream-safe format (UAX #15). Sorting a
#: megabyte of them would take hours.
_MOST_MARKS = 30
#: Halfwidth voicing marks are letters to Unicode; with the halfwidth letter before they are one letter.
_HALFWIDTH_VOICING = "\N{HALFWIDTH KATAKANA VOICED SOUND MARK}\N{HALFWIDTH KATAKANA SEMI-VOICED SOUND MARK}"


@dataclass(frozen=True, eq=False)
class Text:
    """One text as all of scoring sees it: ``n`` paragraphs of ``m`` words.

    ``raw`` is the text as it arrived; ``paragraphs`` are where each stands in it, in code points. ``codes`` are the
    code points of the text with letters and their marks composed (NFC), of which ``words`` have the places; ``origins``
    is the place of each code in ``raw``, None where nothing was composed and they are the same.
    """

    raw: str
    paragraphs: tuple[Paragraph, ...]
    codes: Codes
    origins: Integers | None
    characters: Characters
    words: Words

    @classmethod
    def read(cls, raw: str) -> Self:
        """A text split into paragraphs and read. Any string will do; linear in its length."""
        return cls.of_paragraphs(raw, splitting.split(raw))

    @classmethod
    def of_paragraphs(cls, raw: str, paragraphs: Sequence[Paragraph]) -> Self:
        """A text whose paragraphs are known: in order, none over another, each within ``raw``."""
        known = tables()
        codes, origins = compose(raw)
        places = np.array(paragraphs, np.int64).reshape(-1, 2)
        if origins is not None:
            places = origins.searchsorted(places)
        starts, stops = np.ascontiguousarray(places.T)
        characters, words = read_words(codes, starts, stops, known.classes, known.forms, known.expansions)
        return cls(raw, tuple(paragraphs), codes, origins, characters, words)

    @classmethod
    def of_lines(cls, lines: Sequence[str]) -> Self:
        """A text of the given paragraphs, one a line; a line break within one is a blank."""
        raw = "\n".join(line.replace("\n", " ") for line in lines)
        places = []
        start = 0
        for line in lines:
            places.append(Paragraph(start, start + len(line)))
            start += len(line) + 1
        return cls.of_paragraphs(raw, places)

    def __len__(self) -> int:
        """The number of paragraphs."""
        return len(self.paragraphs)

    @cached_property
    def passages(self) -> tuple[str, ...]:
        """The paragraphs' texts, as they arrived."""
        return tuple(self.raw[start:end] for start, end in self.paragraphs)

    @cached_property
    def counts(self) -> Integers:
        """The number of words of each paragraph, ``(n,)``."""
        counts: Integers = np.diff(self.words.firsts)
        return counts

    @cached_property
    def lengths(self) -> Integers:
        """The number of characters of each paragraph that are seen, ``(n,)``."""
        lengths: Integers = self.characters.counts.sum(1)
        return lengths

    @cached_property
    def paragraph_of_word(self) -> Integers:
        """The paragraph in which each word stands, ``(m,)``."""
        return np.arange(len(self.paragraphs)).repeat(self.counts)

    @property
    def has_unspaced(self) -> bool:
        """Whether any character belongs to a script that is written without blanks between words."""
        return bool(self.characters.counts[:, UNSPACED].any())

    def place(self, word: int) -> Paragraph:
        """Where a word stands in the text as it arrived."""
        begin, end = int(self.words.begins[word]), int(self.words.ends[word])
        if self.origins is None:
            return Paragraph(begin, end)
        stop = int(self.origins[end]) if end < len(self.origins) else len(self.raw)
        return Paragraph(int(self.origins[begin]), stop)

    def form(self, word: int) -> str:
        """A word as it is compared: small letters and digits, no signs."""
        known = tables()
        letters = []
        for code in self.codes[self.words.begins[word] : self.words.ends[word]].tolist():
            if code >= TABLED:
                letters.append(chr(code) if code < IDEOGRAPHS_END else "")
            elif LOWER <= known.classes[code] <= MARK:
                form = int(known.forms[code])
                if form < TABLED:
                    letters.append(chr(form))
                    continue
                at = form - TABLED
                while known.expansions[at]:
                    letters.append(chr(known.expansions[at]))
                    at += 1
        return "".join(letters)

    def forms(self, paragraph: int) -> list[str]:
        """The words of a paragraph as they are compared."""
        first, last = self.words.firsts[paragraph : paragraph + 2].tolist()
        return [self.form(word) for word in range(first, last)]


def count_words(lines: Sequence[str]) -> list[int]:
    """The number of words of each of some texts.

    >>> count_words(["It's well-known – e.g. 1,000 km", "我们 use它。", "--- * ---"])
    [5, 4, 0]
    """
    counts: list[int] = Text.of_lines(lines).counts.tolist()
    return counts


def compose(text: str) -> tuple[Codes, Integers | None]:
    """The code points of a text with letters and their marks composed, and the place of each in the text.

    The places are None where nothing had to be composed, as in four of five texts.

    >>> codes, places = compose("Cafe\N{COMBINING ACUTE ACCENT} noir")
    >>> "".join(map(chr, codes)), places.tolist()
    ('Café noir', [0, 1, 2, 3, 5, 6, 7, 8, 9])
    """
    if unicodedata.is_normalized("NFC", text) and not any(mark in text for mark in _HALFWIDTH_VOICING):
        return _codes(text), None
    return _composed_by_letter(text)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _composed_by_letter(text: str) -> tuple[Codes, Integers]:
    """A letter and its marks at a time, so that the places are known."""
    composed: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and end - start <= _MOST_MARKS and _joins(text[end]):
            end += 1
        letter = text[start:end]
        is_halfwidth = end - start > 1 and letter[-1] in _HALFWIDTH_VOICING
        together = unicodedata.normalize("NFKC" if is_halfwidth else "NFC", letter)
        composed.append(together)
        places.extend(range(start, end) if len(together) == len(letter) else [start] * len(together))
        start = end
    return _codes("".join(composed)), np.array(places, np.int64)


def _joins(character: str) -> bool:
    """Whether a character may be composed with the one before it, or put in order among its marks."""
    return (
        unicodedata.category(character)[0] == "M"
        or character in _HALFWIDTH_VOICING
        or "\N{HANGUL JUNGSEONG A}" <= character <= "\N{HANGUL JONGSEONG HIEUH}"
    )
