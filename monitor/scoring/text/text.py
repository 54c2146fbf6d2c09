"""Text: an article's text, read once: its paragraphs, the characters in them, and their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

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
        codes, origins = compose(raw)
        return cls(raw, tuple(paragraphs), codes, origins, *_read(codes, origins, paragraphs))

    def with_paragraphs(self, paragraphs: Sequence[Paragraph]) -> Self:
        """The same text with other paragraphs."""
        read = _read(self.codes, self.origins, paragraphs)
        return type(self)(self.raw, tuple(paragraphs), self.codes, self.origins, *read)

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
    def raw_codes(self) -> Codes:
        """The code points of ``raw``."""
        return self.codes if self.origins is None else code_points(self.raw)

    @cached_property
    def passages(self) -> tuple[str, ...]:
        """The paragraphs' texts, as they arrived."""
        return tuple(self.raw[start:end] for start, end in self.paragraphs)

    @cached_property
    def counts(self) -> Integers:
        """The number of words of each paragraph, ``(n,)``."""
        counts: Integers = self.words.firsts[1:] - self.words.firsts[:-1]
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

    @cached_property
    def same_line(self) -> NDArray[np.bool_]:
        """Whether each paragraph but the last and the one behind it are pieces of one line, ``(n - 1,)``."""
        raw = self.raw
        gaps = (raw[before.end : after.start] for before, after in pairwise(self.paragraphs))
        # Most gaps are a line break or a blank.
        same = [gap == " " or (gap != "\n" and not any(mark in gap for mark in splitting.LINE_BREAKS)) for gap in gaps]
        return np.array(same, np.bool_)

    @cached_property
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


def _read(codes: Codes, origins: Integers | None, paragraphs: Sequence[Paragraph]) -> tuple[Characters, Words]:
    known = tables()
    # From one row of numbers, a third of the time of an array of pairs.
    places = np.fromiter(chain.from_iterable(paragraphs), np.int64, 2 * len(paragraphs)).reshape(-1, 2)
    if origins is not None:
        places = origins.searchsorted(places)
    starts, stops = np.ascontiguousarray(places.T)
    return read_words(codes, starts, stops, known.classes, known.forms, known.expansions)


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
        return code_points(text), None
    return _composed_by_letter(text)


def code_points(text: str) -> Codes:
    """The code points of a text, ``(n,)``; half of a surrogate pair stays as it is."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _composed_by_letter(text: str) -> tuple[Codes, Integers]:
    """A letter and its marks at a time, so that the places are known."""
    letters = _letters().findall(text)
    forms = {letter: _form(letter) for letter in set(letters)}
    composed = [forms[letter] for letter in letters]
    before = np.fromiter(map(len, letters), np.int64, len(letters))
    after = np.fromiter(map(len, composed), np.int64, len(letters))
    # What keeps its length keeps its places; what does not has the place of its first character.
    first = (before.cumsum() - before).repeat(after)
    within = np.arange(len(first)) - (after.cumsum() - after).repeat(after)
    return code_points("".join(composed)), first + within * (before == after).repeat(after)


def _form(letter: str) -> str:
    if len(letter) > 1 and letter[-1] in _HALFWIDTH_VOICING:
        return unicodedata.normalize("NFKC", letter)
    return unicodedata.normalize("NFC", letter)


@cache
def _letters() -> re.Pattern[str]:
    """A character and the marks behind it that it may be composed with; or a stretch of ASCII before that."""
    marks = [chr(code) for code in range(TABLED) if unicodedata.category(chr(code))[0] == "M"]
    jamo = "\N{HANGUL JUNGSEONG A}-\N{HANGUL JONGSEONG HIEUH}"
    joining = f"[{re.escape(''.join(marks))}{_HALFWIDTH_VOICING}{jamo}]"
    return re.compile(rf"[\x00-\x7f]+(?=[\x00-\x7f])|.(?:{joining}{{1,{_MOST_MARKS}}}+)?", re.DOTALL)
