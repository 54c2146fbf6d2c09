"""mojibake: text that was decoded with the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ftfy.badness import BADNESS_RE, badness

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, whole_number
from monitor.scoring.verdict import Flag

CODE = "mojibake"

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
#: Characters of a word that a message shows.
_SHOWN = 40
#: A sequence alone between plain quotes is an example in a text about encodings.
_QUOTED = re.compile("(?:[\"'`(]|&quot;|&#39;)[^\x00-\x7f]{2,6}(?:[\"'`)]|&quot;|&#39;)")


@dataclass(frozen=True, kw_only=True)
class MojibakeThresholds(Thresholds):
    """How much mojibake there must be."""

    mojibake_sequences: int = whole_number(
        1,
        "sequences of characters that only a wrong encoding makes (ftfy's badness)",
        "from which a copy has mojibake; in good bodies even a single one is nearly always real",
        least=1,
    )


def check(inspection: Inspection, thresholds: MojibakeThresholds) -> Iterator[Flag]:
    """Yields mojibake where enough sequences of characters are such as only a wrong encoding makes."""
    total = mojibake_sequences(inspection.article.text)
    if total < thresholds.mojibake_sequences or not inspection.texts:
        return
    counts = [mojibake_sequences(paragraph) for paragraph in inspection.texts]
    worst = counts.index(max(counts))
    yield Flag(
        CODE,
        round(min(total / max(inspection.total_words, 1), 1.0), 4),
        f"{total} mojibake sequence{'' if total == 1 else 's, most'} in paragraph {worst + 1}: "
        f"“{_example(inspection.texts[worst])}”",
    )


def mojibake_sequences(text: str) -> int:
    """How many sequences only a wrong encoding makes: ftfy's badness of the words that could hold any.

    >>> mojibake_sequences("The cafÃ© in GdaÅ„sk wasnâ€™t open.")
    3
    >>> mojibake_sequences("The café in Gdańsk wasn’t open.")
    0
    >>> mojibake_sequences("A reader saw “Ã©” where the letter é should be: 'Ã©'.")
    1
    """
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
    """The first such sequence with the word that it stands in, at most 40 characters.

    >>> _example("It opened on Monday in GdaÅ„sk, by the harbour.")
    'GdaÅ„sk,'
    """
    match = BADNESS_RE.search(text) or _BEYOND.search(text)
    if match is None:
        return ""
    # Where words are not parted by spaces, the sequence itself is shown, not the beginning of its line.
    word = text.rfind(" ", 0, match.start()) + 1
    start = word if match.start() - word < _SHOWN // 2 else match.start()
    return text[start : start + _SHOWN].split(" ")[0]


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="text decoded with the wrong encoding, or characters lost in decoding",
    check=check,
    thresholds=MojibakeThresholds,
)
