"""mojibake: text that was decoded with the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from ftfy.badness import BADNESS_RE, badness
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.flags.decoding_traces import Found, traces
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.language import primary_code
from monitor.scoring.text.text import code_points
from monitor.scoring.text.words import Codes
from monitor.scoring.thresholds import Thresholds, whole_number
from monitor.scoring.verdict import Flag

CODE = "mojibake"

#: What ftfy's badness leaves out: the sign for what could not be decoded, and UTF-8 read as Windows-1251,
#: which puts a Cyrillic capital right behind a Latin letter.
_BEYOND = re.compile(r"\ufffd++|(?<=[A-Za-z])[ВГДЕРС][^\x00-\x7fа-яё]")
#: What every such sequence has: a character that is suspect alone, or one of those that may begin a sequence before
#: another beyond ASCII. These are of the scripts and signs that the encodings of one byte have, which spares the words
#: of Asia. Two small letters, or a Cyrillic capital and a small one, are none: most words beyond ASCII have them.
_ALONE, _BEGINS, _SMALL, _CYRILLIC_CAPITAL, _CYRILLIC_SMALL = 1, 2, 4, 8, 16
_TABLED = 0x10000
#: Characters of a word that a message shows.
_SHOWN = 40
#: A sequence alone between plain quotes is an example in a text about encodings.
_QUOTED = re.compile("(?:[\"'`(]|&quot;|&#39;)[^\x00-\x7f]{2,6}(?:[\"'`)]|&quot;|&#39;)")


#: Share of a text's characters in such sequences from which it is garbled: a French text has 0.05, a Thai one 0.9.
_GARBLED = 0.3


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
    if not inspection.texts:
        return
    found = _found(inspection, thresholds)
    if not found:
        return
    kind = max(found, key=lambda kind: kind.times)
    counts = [sum(1 for _ in kind.matches(paragraph)) for paragraph in inspection.texts]
    worst = counts.index(max(counts))
    where = "in" if kind.times == counts[worst] else "most in"
    separator = "" if where == "in" else ","
    yield Flag(
        CODE,
        round(min(sum(kind.times for kind in found) / max(inspection.total_words, 1), 1.0), 4),
        f"{kind.times} {kind.what}{separator} {where} paragraph {worst + 1}: "
        f"“{_example(inspection.texts[worst], kind.matches)}”",
    )


def is_garbled(inspection: Inspection) -> bool:
    """Whether so much of a text is mojibake that nothing can be said of its words: it repeats only bytes."""
    text = inspection.article.text
    if text.isascii() and "?" not in text:
        return False
    codes = inspection.text.raw_codes
    kinds = traces(text, codes, inspection.total_words, _languages(inspection))
    if mojibake_sequences(text, codes):
        kinds.append(Found("", 1, _sequences))
    if not kinds:
        return False
    places = {place for kind in kinds for match in kind.matches(text) for place in range(*match.span())}
    return len(places) >= _GARBLED * inspection.total_characters


def _found(inspection: Inspection, thresholds: MojibakeThresholds) -> list[Found]:
    text = inspection.article.text
    codes = inspection.text.raw_codes
    found = traces(text, codes, inspection.total_words, _languages(inspection))
    sequences = mojibake_sequences(text, codes)
    if sequences >= thresholds.mojibake_sequences:
        what = f"mojibake sequence{'' if sequences == 1 else 's'}"
        found.insert(0, Found(what, sequences, _sequences))
    return found


def _languages(inspection: Inspection) -> list[str]:
    """The language that is declared, and the one that is detected."""
    declared = primary_code(inspection.article.language) if inspection.article.language else None
    detected = inspection.detected.code if inspection.detected else None
    return list(dict.fromkeys(code for code in (declared, detected) if code))


def _sequences(text: str) -> Iterable[re.Match[str]]:
    """The sequences of :func:`mojibake_sequences` in a paragraph."""
    if not mojibake_sequences(text, code_points(text)):
        return ()
    matches = {match.start(): match for pattern in (BADNESS_RE, _BEYOND) for match in pattern.finditer(text)}
    return [matches[start] for start in sorted(matches)]


def mojibake_sequences(text: str, codes: Codes) -> int:
    """How many sequences only a wrong encoding makes: ftfy's badness of the words that could hold any.

    ``codes`` are the text's :func:`code_points`.

    >>> def sequences(text):
    ...     return mojibake_sequences(text, code_points(text))
    >>> sequences("The cafÃ© in GdaÅ„sk wasnâ€™t open.")
    3
    >>> sequences("The café in Gdańsk wasn’t open.")
    0
    >>> sequences("A reader saw “Ã©” where the letter é should be: 'Ã©'.")
    1
    """
    if text.isascii():
        return 0
    words = suspect_words(text, codes)
    if not words:
        return 0
    suspect = _QUOTED.sub("", " ".join(words))
    return badness(suspect) + len(_BEYOND.findall(suspect))


def suspect_words(text: str, codes: Codes) -> list[str]:
    """The words that could hold such a sequence: in a tenth of the time that ftfy takes, and none is passed over.

    >>> text = "The cafÃ© in Gdańsk wasnâ€™t open."
    >>> suspect_words(text, code_points(text))
    ['cafÃ©', 'wasnâ€™t']
    """
    return [text[start:end] for start, end in _suspect_places(codes, _roles()).tolist()]


@cache
def _roles() -> NDArray[np.uint8]:
    """The part that each character may have in such a sequence, as bits."""
    roles = np.zeros(_TABLED, np.uint8)
    for codes in (range(0x80, 0x492), range(0x2013, 0x25CB), (0xFB01, 0xFB02, 0xFFFD)):
        roles[list(codes)] |= _BEGINS
    roles[[*range(0x80, 0xA0), *map(ord, "\ufffdŒœÃÂ")]] |= _ALONE
    small = [code for code in range(0xDF, 0x492) if chr(code).islower() and chr(code) not in "œƒ"]
    roles[small] |= _SMALL
    roles[[*range(ord("А"), ord("Я") + 1), ord("Ё")]] |= _CYRILLIC_CAPITAL
    roles[[*range(ord("а"), ord("я") + 1), ord("ё")]] |= _CYRILLIC_SMALL
    return roles


@compiled
def _is_suspect(codes: Codes, at: int, roles: NDArray[np.uint8]) -> bool:
    """Whether a sequence may begin at a character beyond ASCII."""
    if codes[at] >= _TABLED:
        return False
    role = roles[codes[at]]
    following = codes[at + 1] if at + 1 < len(codes) else np.uint32(0)
    after = roles[following] if following < _TABLED else np.uint8(0)
    if role & (_SMALL | _CYRILLIC_CAPITAL) and after & _CYRILLIC_SMALL:
        return False
    if role & _SMALL and after & _SMALL:
        return False
    return bool(role & _ALONE or (role & _BEGINS and following >= 0x80))


@compiled
def _suspect_places(codes: Codes, roles: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Begin and end of each word that could hold a sequence, ``(m, 2)``.

    Words are what stands between plain blanks alone: a no-break space is part of some sequences.
    """
    places = [(0, 0) for _ in range(0)]
    at = 0
    while at < len(codes):
        if codes[at] < 0x80 or not _is_suspect(codes, at, roles):
            at += 1
            continue
        start = at
        while start > 0 and codes[start - 1] != 0x20:
            start -= 1
        while at < len(codes) and codes[at] != 0x20:
            at += 1
        places.append((start, at))
    result = np.empty((len(places), 2), np.int64)
    for i in range(len(places)):
        result[i, 0], result[i, 1] = places[i]
    return result


def _example(text: str, matches: Callable[[str], Iterable[re.Match[str]]]) -> str:
    """The first such sequence with the word that it stands in, at most 40 characters; what is not seen is named.

    >>> _example("It opened on Monday in GdaÅ„sk, by the harbour.", _sequences)
    'GdaÅ„sk,'
    >>> _example("the library\x92s hall", _sequences)
    'library\\\\x92s'
    """
    match = next(iter(matches(text)), None)
    if match is None:
        return ""
    # Where words are not parted by spaces, the sequence itself is shown, not the beginning of its line.
    word = max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    start = word if match.start() - word < _SHOWN // 2 else match.start()
    shown = text[start : start + _SHOWN].split(" ")[0] or match.group()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="text decoded with the wrong encoding, or characters lost in decoding",
    check=check,
    thresholds=MojibakeThresholds,
)
