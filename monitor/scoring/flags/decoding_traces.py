"""Traces of a wrong decoding that ftfy's badness leaves out: letters lost, sets of one byte swapped, escapes kept.

Each kind is one row of :data:`TRACES`: what a message calls it, a pattern, and how often it must stand in a text to be
no slip of the pen. ``alphabets.json`` names, by language, small letters that it does not have and that a wrong decoding
puts in place of its own; and the commonest Chinese and Japanese characters.

A pattern is searched for only where its neighbours stand often enough: each match has two characters of certain classes
side by side, and one compiled pass counts all such pairs. A verdict's share fell from 700 to 30 µs by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.words import Codes

#: Signs that one set of one byte has where another has a letter: inside a word none of them stands.
_SIGNS = "„‚†‡‰‹›ˆ˜¢£¥¤§¨©ª«¬®¯°±²³¶¸¹º»¼½¾¿×÷¡¦µ∂∆∏∑√∞∫≈≠≤≥◊Ω˘˙˚˝˛ˇⁿ∙□€"
_BOXES = "\u2500-\u257f\u2580-\u2593"
_SMALL = "a-zß-öø-ÿāăąćčďđēęěğīıłńňőœřśşšťūůűźżž"
_CAPITALS = "ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒŠŽŸ"
_CYRILLIC_SMALL, _CYRILLIC_CAPITAL = "а-яёђ-џґ", "А-ЯЁЂ-ЏҐ"


class Alphabets(msgspec.Struct, frozen=True):
    """What ``alphabets.json`` holds."""

    foreign: dict[str, str]
    common_han: str


@cache
def alphabets() -> Alphabets:
    """What ``alphabets.json`` holds, read once."""
    file = resources.files("monitor.scoring.flags").joinpath("alphabets.json")
    return msgspec.json.decode(file.read_bytes(), type=Alphabets)


#: Classes of characters as sets of a pattern, each character in the first that has it. The last is all other letters.
_CLASSES = {
    "?": "?",
    "box": "□▯",
    "NUL": "\0",
    "=": "=",
    "%": "%",
    "\\": r"\\",
    "<": "<",
    "_": "_",
    "small": _SMALL,
    "capital": "A-Z",
    "accented": _CAPITALS,
    "Cyrillic small": _CYRILLIC_SMALL,
    "Cyrillic capital": _CYRILLIC_CAPITAL,
    "line": f"{_BOXES}√∙■",
    "sign": _SIGNS,
    "Greek": "Α-Ωα-ω",
    "dash": "–—",
    "UTF-8 as Chinese": "锛銆鐨鈥",
    "Thai E": "เ",
    "halfwidth": "\uff61-\uff9f",
    "digit": "0-9",
    "common Han": alphabets().common_han,
    "Han": "\u4e00-\u9fff",
    "letter": r"^\W\d_",
}
_NUMBERS = {name: number for number, name in enumerate(_CLASSES, start=1)}
#: Classes with letters, or with what Python's ``\w`` takes for one.
_LETTERS = frozenset(_CLASSES) - {*"?=%\\<_", "box", "NUL", "dash", "digit"}
_ANY: frozenset[str] = frozenset({"", *_CLASSES})
_SIZE, _TABLED = len(_CLASSES) + 1, 0x10000


#: Classes of a character and of the one behind it, pairs of them.
Neighbours = tuple[tuple[frozenset[str], frozenset[str]], ...]


class Trace(NamedTuple):
    """One kind of trace."""

    what: str
    neighbours: Neighbours
    """Classes of two characters side by side, of which each match has one pair."""
    pattern: re.Pattern[str]
    least: int
    """Matches from which it is a trace."""
    by_words: float = 0.0
    """Matches for each word from which it is one."""


def _after(before: Iterable[str], *classes: str) -> Neighbours:
    return ((frozenset(before), frozenset(classes)),)


def _each(*classes: str) -> Neighbours:
    return _after(_ANY, *classes)


#: A letter, "?" and a small letter: what "pidió" became. An address has such as well.
_LOST = re.compile(r"\?(?<=[^\W\d_]\?)(?=[^\W\d_A-ZÀ-Þ])[^\W\d_]*+(?![\w=&/.-]*[=&/])")
#: The same at the end of a word, as in Italian "perché": a sentence does not go on with a small letter. Of 3,648 real
#: bodies two have so many, and both had lost their quotation marks.
_LOST_AT_END = re.compile(r"\?(?<=[^\W\d_]\?)(?= [a-zà-öø-ÿ])")
_BEHIND_MARK = _after("?", *_LETTERS)
TRACES: tuple[Trace, ...] = (
    Trace("letters lost to “?”", _BEHIND_MARK, _LOST, 3, 0.005),
    Trace("letters lost to “?” at ends of words", _after(_LETTERS, "?"), _LOST_AT_END, 3, 0.01),
    Trace("words lost to “?”", _after("?", "?"), re.compile(r"(?<![\w?])\?{2,}(?![\w?!])"), 8, 0.2),
    Trace("sentences lost to “?”", _after("?", "?"), re.compile(r"\?{12,}"), 2),
    Trace("quotation marks lost to “?”", _BEHIND_MARK, re.compile(r"(?:(?<=\s)|(?<=\A))\?(?=[^\W\d_])"), 2, 0.005),
    Trace("letters lost to a box", _after(_LETTERS, "box"), re.compile(r"(?<=[^\W\d_])[□▯](?=[^\W\d_])"), 2),
    Trace("NUL characters", _each("NUL"), re.compile("\0"), 3),
    Trace(
        "quoted-printable codes",
        _after("=", "capital", "digit"),
        # Of UTF-8, of a set of one byte inside a word, and of ASCII.
        re.compile(
            r"(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F])+)+|=[C-F][0-9A-F](?=[a-z])|=(?:20|3D|09|0A|0D)(?=[^\W_]|\s|\Z)(?<![\w=]=..)|=20|=3D"
        ),
        3,
    ),
    Trace(
        "percent codes",
        _after("%", "capital", "digit"),
        re.compile(r"(?<![\w/:?=&.%-])['’]*+(?:[^\W_]++['’]*+)*+(?:%[C-F][0-9A-F](?:%[89AB][0-9A-F])+|%20)[^\s/]*+"),
        3,
    ),
    Trace(
        "blanks kept as percent codes",
        _after("%", "digit"),
        re.compile(r"(?<![\w/.])(?:[^\s/:?=&%]++%20){6,}[^\s/:?=&%]*+"),
        1,
    ),
    Trace("percent codes of a script", _after("%", "small"), re.compile("(?:%u[0-9a-fA-F]{4})+"), 2),
    # Of programs, of RTF (caf\'e9), of TeX (caf\'{e}).
    Trace(
        "backslash escapes",
        _each("\\"),
        re.compile(
            r"\\u[0-9a-fA-F]{4}|(?:\\x[89a-fA-F][0-9a-fA-F])+|\\'[89a-f][0-9a-f]"
            r"|\\[\"'`^~=.]\{[A-Za-z]\}|\\[crvuHk] ?\{[A-Za-z]\}"
        ),
        2,
    ),
    Trace(
        "code points in brackets",
        _each("<"),
        re.compile(r"<U\+[0-9A-F]{4,6}>|<0?x?[c-fC-F][0-9a-fA-F]><0?x?[89abAB][0-9a-fA-F]>"),
        2,
    ),
    Trace("carriage returns of a spreadsheet", _each("_"), re.compile(r"_x000[DdAa9]_"), 1),
    Trace(
        "capital letters with accents inside words",
        _after(("small", "capital"), "accented"),
        re.compile(rf"(?<=[{_SMALL}])[{_CAPITALS}](?=[{_SMALL}\s,.])|(?<=[A-Z])[{_CAPITALS}](?=[{_SMALL}]{{2}})"),
        3,
        0.01,
    ),
    Trace(
        "signs inside words",
        _after(("capital", "small", "Cyrillic small"), "sign", "line", "box"),
        re.compile(rf"(?<=[A-Z{_SMALL}{_CYRILLIC_SMALL}])[{_SIGNS}](?=[{_SMALL}{_CYRILLIC_SMALL}])"),
        3,
        0.01,
    ),
    Trace(
        "words of two scripts",
        _after(("small", "capital"), "Cyrillic small", "Greek", "sign") + _after(("Cyrillic small", "Greek"), "small"),
        re.compile(rf"[A-Za-z][{_CYRILLIC_SMALL}Α-Ωα-ω](?=[a-z{_CYRILLIC_SMALL}])|[{_CYRILLIC_SMALL}α-ω][a-z]"),
        4,
        0.01,
    ),
    Trace(
        "words with small and capital letters swapped",
        _after(("Cyrillic small",), "Cyrillic capital"),
        re.compile(rf"(?<![{_CYRILLIC_SMALL}{_CYRILLIC_CAPITAL}])[{_CYRILLIC_SMALL}][{_CYRILLIC_CAPITAL}]{{2,}}"),
        2,
    ),
    Trace(
        "words with capital letters inside",
        _after(("Cyrillic small",), "Cyrillic capital"),
        re.compile(rf"[{_CYRILLIC_SMALL}][{_CYRILLIC_CAPITAL}](?=[{_CYRILLIC_SMALL}])"),
        6,
        0.05,
    ),
    Trace(
        "letters and lines in one word",
        _after(("line",), *_LETTERS) + _after(_LETTERS, "line"),
        re.compile(rf"[{_BOXES}√∙■](?=[^\W\d_])|(?<=[^\W\d_])[{_BOXES}]"),
        6,
        0.03,
    ),
    Trace(
        "letters and dashes in one word",
        _after(("dash",), *_ANY),
        re.compile(r"[–—][^\s\d–—\"“”«»()][–—](?=[^\s\d])"),
        4,
        0.03,
    ),
    Trace("UTF-8 read as Chinese", _each("UTF-8 as Chinese"), re.compile("[锛銆鐨鈥]"), 3, 0.01),
    Trace("UTF-8 read as Thai", _each("Thai E"), re.compile(r"(?:เ[ธน][^เ\s]{1,2}){4,}"), 2),
    Trace(
        "halfwidth letters in a row", _after(("halfwidth",), "halfwidth"), re.compile("[\uff61-\uff9f]{2,}"), 8, 0.05
    ),
)
#: Words with a letter that their language lacks: so many, and so many for each word.
_FOREIGN, _FOREIGN_SHARE = 3, 0.01
#: Chinese characters from which a text can be told by them, and the share of common ones that it has at least: of 260
#: real bodies none has less than 0.37.
_HAN, _COMMON = 60, 0.2


class Found(NamedTuple):
    """What was found of one kind of trace."""

    what: str
    times: int
    matches: Callable[[str], Iterable[re.Match[str]]]
    """Finds them in a paragraph."""


def traces(text: str, codes: Codes, words: int, languages: Iterable[str]) -> list[Found]:
    """The kinds of traces in a text of so many words.

    ``codes`` are the text's :func:`~monitor.scoring.text.text.code_points`; ``languages`` are codes of those that it
    may be written in.

    >>> from monitor.scoring.text.text import code_points
    >>> def kinds(text, words, language):
    ...     return [found.what for found in traces(text, code_points(text), words, [language])]
    >>> kinds("El a?o pasado se pidi? m?s dinero a la regi?n.", 10, "es")
    ['letters lost to “?”']
    >>> kinds("O gün baþmühendis kýyýdaki köprüyü kapattý.", 6, "tr")
    ['letters that are foreign to the language']
    >>> kinds("Who pays? who knows? See https://quay.example/a?b=c", 8, "en")
    []
    """
    pairs = _pairs(codes, _class_of())
    possible = _matches_at_most(pairs.ravel(), _pairs_of_traces())
    found = []
    for trace, most in zip(TRACES, possible.tolist(), strict=True):
        if most >= trace.least and most >= trace.by_words * words:
            least = max(trace.least, trace.by_words * words)
            count = len(trace.pattern.findall(text))
            if count >= least:
                found.append(Found(trace.what, count, trace.pattern.finditer))
    if not text.isascii():
        found += _foreign_letters(text, words, languages)
        found += _rare_han(pairs)
    return found


@cache
def _class_of() -> NDArray[np.uint8]:
    """The number of each character's class, ``(65536,)``; 0 where it has none."""
    everything = "".join(map(chr, range(_TABLED)))
    classes = np.zeros(_TABLED, np.uint8)
    for name, number in reversed(_NUMBERS.items()):
        for match in re.finditer(f"[{_CLASSES[name]}]+", everything):
            classes[match.start() : match.end()] = number
    return classes


@cache
def _pairs_of_traces() -> NDArray[np.uint8]:
    """For each trace the pairs of classes that its matches have, 1 or 0, ``(traces, pairs)``."""
    result = np.zeros((len(TRACES), _SIZE, _SIZE), np.uint8)
    for number, trace in enumerate(TRACES):
        for before, after in trace.neighbours:
            for first in before:
                for second in after:
                    result[number, _NUMBERS.get(first, 0), _NUMBERS.get(second, 0)] = 1
    return result.reshape(len(TRACES), -1)


@compiled
def _matches_at_most(pairs: NDArray[np.int64], of_traces: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many matches each trace may have: their product, of which most texts have few pairs that are not 0."""
    most = np.zeros(len(of_traces), np.int64)
    for pair in range(len(pairs)):
        if pairs[pair]:
            for trace in range(len(most)):
                most[trace] += of_traces[trace, pair] * pairs[pair]
    return most


@compiled
def _pairs(codes: Codes, class_of: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How often a character of the one class stands right before one of the other; none stands before the first."""
    pairs = np.zeros((_SIZE, _SIZE), np.int64)
    before = 0
    for at in range(len(codes)):
        code = codes[at]
        after = class_of[code] if code < _TABLED else _SIZE - 1
        pairs[before, after] += 1
        before = after
    return pairs


def _foreign_letters(text: str, words: int, languages: Iterable[str]) -> list[Found]:
    for language in languages:
        foreign = [letter for letter in alphabets().foreign.get(language, "") if letter in text]
        if foreign:
            # Names are let be: words with a capital, and a unit of two or three signs.
            letters = re.escape("".join(sorted(foreign)))
            pattern = re.compile(
                rf"(?<![\w])(?=[^\W\d_A-ZÀ-Þ]|[{letters}])[\w{letters}]*?[{letters}][\w{letters}]*+(?<=\w..)"
            )
            count = len(pattern.findall(text))
            if count >= max(_FOREIGN, _FOREIGN_SHARE * words):
                return [Found("letters that are foreign to the language", count, pattern.finditer)]
    return []


_RUN_OF_HAN = re.compile("[\u4e00-\u9fff]+")


def _rare_han(pairs: NDArray[np.int64]) -> list[Found]:
    """Chinese of which hardly a character is common: bytes of another encoding."""
    by_class = pairs.sum(0).tolist()
    common, other, wrong = (by_class[_NUMBERS[name]] for name in ("common Han", "Han", "UTF-8 as Chinese"))
    han = common + other + wrong
    if han < _HAN or common >= _COMMON * han:
        return []
    return [Found("characters that hardly a text has", han - common, _RUN_OF_HAN.finditer)]
