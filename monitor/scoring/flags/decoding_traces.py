"""Traces of a wrong decoding that ftfy's badness leaves out: letters lost, sets of one byte swapped, escapes kept.

Each kind is one row of :data:`TRACES`: what a message calls it, a pattern, and how often it must stand in a text to be
no slip of the pen. ``alphabets.json`` names, by language, small letters that it does not have and that a wrong decoding
puts in place of its own; and the commonest Chinese and Japanese characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

#: Signs that one set of one byte has where another has a letter: inside a word none of them stands.
_SIGNS = "„‚†‡‰‹›ˆ˜¢£¥¤§¨©ª«¬®¯°±²³¶¸¹º»¼½¾¿×÷¡¦µ∂∆∏∑√∞∫≈≠≤≥◊Ω˘˙˚˝˛ˇⁿ∙□€"
_BOXES = "\u2500-\u257f\u2580-\u2593"
_SMALL = "a-zß-öø-ÿāăąćčďđēęěğīıłńňőœřśşšťūůűźżž"
_CYRILLIC_SMALL, _CYRILLIC_CAPITAL = "а-яёђ-џґ", "А-ЯЁЂ-ЏҐ"


class Trace(NamedTuple):
    """One kind of trace."""

    what: str
    signs: frozenset[str] | None
    """One of these must stand in the text; None: the pattern looks for its own rare sign first."""
    pattern: re.Pattern[str]
    least: int
    """Matches from which it is a trace."""
    by_words: float = 0.0
    """Matches for each word from which it is one."""


def _signs(*characters: str) -> frozenset[str]:
    return frozenset("".join(characters))


#: A letter, "?" and a small letter: what "pidió" became. An address has such as well.
_LOST = re.compile(r"\?(?<=[^\W\d_]\?)(?=[^\W\d_A-ZÀ-Þ])[^\W\d_]*+(?![\w=&/.-]*[=&/])")
_CAPITALS = "ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒŠŽŸ"
TRACES: tuple[Trace, ...] = (
    Trace("letters lost to “?”", _signs("?"), _LOST, 3, 0.005),
    Trace("words lost to “?”", _signs("?"), re.compile(r"(?<![\w?])\?{2,}(?![\w?!])"), 8, 0.2),
    Trace("sentences lost to “?”", _signs("?"), re.compile(r"\?{12,}"), 2),
    Trace("quotation marks lost to “?”", _signs("?"), re.compile(r"(?:(?<=\s)|(?<=\A))\?(?=[^\W\d_])"), 2, 0.005),
    Trace("letters lost to a box", _signs("□▯"), re.compile(r"(?<=[^\W\d_])[□▯](?=[^\W\d_])"), 2),
    Trace("NUL characters", _signs("\0"), re.compile("\0"), 3),
    Trace(
        "quoted-printable codes",
        _signs("="),
        re.compile(r"(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F])+)+|=(?:20|3D|09|0A|0D)(?=[^\W_]|\s|\Z)(?<![\w=]=..)|=20|=3D"),
        3,
    ),
    Trace(
        "percent codes",
        _signs("%"),
        re.compile(r"(?<![\w/:?=&.%-])(?:[^\W_]|['’])*+(?:%[C-F][0-9A-F](?:%[89AB][0-9A-F])+|%20)[^\s/]*+"),
        3,
    ),
    Trace(
        "blanks kept as percent codes", _signs("%"), re.compile(r"(?<![\w/.])(?:[^\s/:?=&%]++%20){6,}[^\s/:?=&%]*+"), 1
    ),
    Trace("backslash escapes", _signs("\\"), re.compile(r"\\u[0-9a-fA-F]{4}|(?:\\x[89a-fA-F][0-9a-fA-F])+"), 2),
    Trace(
        "code points in brackets",
        _signs("<"),
        re.compile(r"<U\+[0-9A-F]{4,6}>|<0?x?[c-fC-F][0-9a-fA-F]><0?x?[89abAB][0-9a-fA-F]>"),
        2,
    ),
    Trace("carriage returns of a spreadsheet", _signs("_"), re.compile(r"_x000[DdAa9]_"), 1),
    Trace(
        "capital letters with accents inside words",
        _signs(_CAPITALS),
        re.compile(rf"(?<=[{_SMALL}])[{_CAPITALS}](?=[{_SMALL}\s,.])|(?<=[A-Z])[{_CAPITALS}](?=[{_SMALL}]{{2}})"),
        3,
        0.01,
    ),
    Trace(
        "signs inside words",
        _signs(_SIGNS),
        re.compile(rf"(?<=[A-Z{_SMALL}{_CYRILLIC_SMALL}])[{_SIGNS}](?=[{_SMALL}{_CYRILLIC_SMALL}])"),
        3,
        0.01,
    ),
    Trace(
        "words of two scripts",
        None,
        re.compile(rf"[A-Za-z][{_CYRILLIC_SMALL}Α-Ωα-ω](?=[a-z{_CYRILLIC_SMALL}])|[{_CYRILLIC_SMALL}α-ω][a-z]"),
        4,
        0.01,
    ),
    Trace(
        "words with small and capital letters swapped",
        None,
        re.compile(rf"(?<![{_CYRILLIC_SMALL}{_CYRILLIC_CAPITAL}])[{_CYRILLIC_SMALL}][{_CYRILLIC_CAPITAL}]{{2,}}"),
        2,
    ),
    Trace(
        "words with capital letters inside",
        None,
        re.compile(rf"[{_CYRILLIC_SMALL}][{_CYRILLIC_CAPITAL}](?=[{_CYRILLIC_SMALL}])"),
        6,
        0.05,
    ),
    Trace(
        "letters and lines in one word",
        None,
        re.compile(rf"[{_BOXES}√∙■](?=[^\W\d_])|(?<=[^\W\d_])[{_BOXES}]"),
        6,
        0.03,
    ),
    Trace("letters and dashes in one word", None, re.compile(r"[–—][^\s\d–—\"“”«»()][–—](?=[^\s\d])"), 4, 0.03),
    Trace("UTF-8 read as Chinese", _signs("锛銆鐨鈥"), re.compile("[锛銆鐨鈥]"), 3, 0.01),
    Trace("UTF-8 read as Thai", _signs("เ"), re.compile(r"(?:เ[ธน][^เ\s]{1,2}){4,}"), 2),
    Trace("halfwidth letters in a row", None, re.compile("[\uff61-\uff9f]{2,}"), 8, 0.05),
)
#: Characters without which no trace whose ``signs`` are None stands in a text.
_BEYOND_LATIN = re.compile("[\u0370-\u04ff\u2013\u2014\u221a\u2500-\u2593\uff61-\uff9f]")
_PLAIN_SIGNS = frozenset().union(*(trace.signs for trace in TRACES if trace.signs and min(trace.signs) < "\x7f"))
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


class Alphabets(msgspec.Struct, frozen=True):
    """What ``alphabets.json`` holds."""

    foreign: dict[str, str]
    common_han: str


@cache
def alphabets() -> Alphabets:
    """What ``alphabets.json`` holds, read once."""
    file = resources.files("monitor.scoring.flags").joinpath("alphabets.json")
    return msgspec.json.decode(file.read_bytes(), type=Alphabets)


def traces(text: str, words: int, languages: Iterable[str]) -> list[Found]:
    """The kinds of traces in a text of so many words; ``languages`` are codes of those that it may be written in.

    >>> [found.what for found in traces("El a?o pasado se pidi? m?s dinero a la regi?n.", 10, ["es"])]
    ['letters lost to “?”']
    >>> [found.what for found in traces("O gün baþmühendis kýyýdaki köprüyü kapattý.", 6, ["tr"])]
    ['letters that are foreign to the language']
    >>> traces("Who pays? who knows? See https://quay.example/a?b=c", 8, ["en"])
    []
    """
    characters = set(text)
    is_plain = text.isascii()
    if is_plain and not characters & _PLAIN_SIGNS:
        return []
    beyond_latin = not is_plain and _BEYOND_LATIN.search(text) is not None
    found = []
    for trace in TRACES:
        if (characters & trace.signs) if trace.signs is not None else beyond_latin:
            count = len(trace.pattern.findall(text))
            if count >= max(trace.least, trace.by_words * words):
                found.append(Found(trace.what, count, trace.pattern.finditer))
    if not is_plain:
        found += _foreign_letters(text, characters, words, languages)
        found += _rare_han(text)
    return found


def _foreign_letters(text: str, characters: set[str], words: int, languages: Iterable[str]) -> list[Found]:
    for language in languages:
        foreign = characters.intersection(alphabets().foreign.get(language, ""))
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


def _rare_han(text: str) -> list[Found]:
    """Chinese of which hardly a character is common: bytes of another encoding."""
    han = "".join(_RUN_OF_HAN.findall(text))
    if len(han) < _HAN:
        return []
    common = sum(map(han.count, alphabets().common_han))
    if common >= _COMMON * len(han):
        return []
    return [Found("characters that hardly a text has", len(han) - common, _RUN_OF_HAN.finditer)]
