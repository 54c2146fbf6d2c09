"""Mojibake: text that was decoded with the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ftfy.badness import BADNESS_RE, badness

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

#: What ftfy's badness leaves out: the sign for what could not be decoded, and UTF-8 read as Windows-1251,
#: which puts a Cyrillic capital right behind a Latin letter.
_BEYOND = re.compile(r"\ufffd++|(?<=[A-Za-z])[ВГДЕРС][^\x00-\x7fа-яё]")
#: What every such sequence has: one that is suspect alone, or two characters beyond ASCII in a row, the first of them
#: of the scripts and signs that the encodings of one byte have, which spares the words of Asia. Two small letters, or
#: a Cyrillic capital and a small one, are none: most words beyond ASCII have them.
_SMALL = "".join(
    character for character in map(chr, range(0xDF, 0x492)) if character.islower() and character not in "œƒ"
)
_SUSPECT = re.compile(
    f"(?![{_SMALL}А-ЯЁ][а-яё]|[{_SMALL}][{_SMALL}])"
    "[\x80-\u0491\u2013-\u25ca\ufb01\ufb02\ufffd](?:[^\x00-\x7f]|(?<=[\x80-\x9f\ufffdŒœÃÂ]))"
)
_ASCII_BLANK = bytes.maketrans(bytes(range(128)), b" " * 128)
#: A sequence alone between plain quotes is spoken of.
_QUOTED = re.compile("(?:[\"'`(]|&quot;|&#39;)[^\x00-\x7f]{2,6}(?:[\"'`)]|&quot;|&#39;)")


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields mojibake where enough sequences of characters are such as only a wrong encoding makes."""
    total = _sequences(inspection.article.text)
    if total < thresholds.mojibake_sequences or not inspection.texts:
        return
    found = [(i, _sequences(paragraph)) for i, paragraph in enumerate(inspection.texts)]
    worst = max(found, key=lambda pair: pair[1])[0]
    yield Flag(
        Code.MOJIBAKE,
        round(min(total / max(inspection.total_words, 1), 1.0), 4),
        f"{total} sequences of characters as a wrong encoding makes them, most in paragraph {worst + 1}: "
        f"“{_example(inspection.texts[worst])}”",
    )


def _sequences(text: str) -> int:
    """How many sequences only a wrong encoding makes: ftfy's badness of the words that could hold any."""
    if text.isascii():
        return 0
    # Looked for among the distinct runs beyond ASCII, most of them a single sign: half the time of the whole text's.
    runs = set(text.encode("utf-8", "surrogatepass").translate(_ASCII_BLANK).split())
    if not _SUSPECT.search(b" ".join(runs).decode("utf-8", "surrogatepass")):
        return 0
    # Split at plain blanks alone: a no-break space is part of some sequences.
    suspects = " ".join(word for word in text.split(" ") if not word.isascii() and _SUSPECT.search(word))
    suspect = _QUOTED.sub("", suspects)
    return badness(suspect) + len(_BEYOND.findall(suspect))


def _example(text: str) -> str:
    """The first word with such a sequence."""
    match = BADNESS_RE.search(text) or _BEYOND.search(text)
    if match is None:
        return ""
    return text[text.rfind(" ", 0, match.start()) + 1 :][:40].split(" ")[0]
