"""Data left in a text: what pages carry for machines, and the code of wikis, forums and publishing systems.

Each row of :data:`KINDS` is a pattern and the signs of which one must stand in a text that has it, looked for first.
"""

from __future__ import annotations

import re
import string
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.flags.signs import ASCII, Signs, neighbours
from monitor.scoring.text.text import code_points
from monitor.scoring.text.words import Codes

_BASE64_LETTERS = np.isin(np.arange(ASCII), code_points(string.ascii_letters + string.digits + "+/"))


@compiled
def _longest_base64(codes: Codes, letters: NDArray[np.bool_]) -> int:
    longest = run = 0
    for code in codes:
        run = run + 1 if code < ASCII and letters[code] else 0
        longest = max(longest, run)
    return longest


def _has_base64(text: str, length: int) -> bool:
    """Whether so many of base64's letters stand in a row: told in a tenth of the time of a search for them."""
    return not length or _longest_base64(code_points(text), _BASE64_LETTERS) >= length


class Kind(NamedTuple):
    """One kind of data."""

    signs: Signs
    pattern: re.Pattern[str]
    weight: int
    """What a piece counts: 3 where nobody writes it by hand, 1 where it may be spoken of."""
    base64: int = 0
    """Letters of base64 in a row that each piece has at least."""


_STATE = (
    r"__(?:next_f|NEXT_DATA__|NUXT__|INITIAL_STATE__|APOLLO_STATE__|PRELOADED_STATE__|REDUX_STATE__|INITIAL_PROPS__)"
)
_FORUM = "b|i|u|s|url|img|quote|color|colour|size|list|code|font|center|spoiler|email|video|youtube"
_FILES = "File|Image|Datei|Bild|Fichier|Archivo|Ficheiro|Bestand|Plik|Category|Kategorie|Файл|文件|ファイル|파일"
#: The run of letters first, and never given back: else each character of a megabyte is looked at a hundred times.
_BASE64 = (
    r"(?<![\w+/=:.-])(?=[A-Za-z0-9+/]{100})(?=\S{0,60}[a-z])(?=\S{0,60}[A-Z])(?=\S{0,90}\d)"
    r"[A-Za-z0-9+/]{100,}+={0,2}(?![\w./-])"
)
KINDS = (
    Kind(Signs.of('"@'), re.compile(r'"@(?:context|type|graph|id)"\s{0,2}:'), 3),
    Kind(
        Signs.of('":', '" :'),
        re.compile(r'"[A-Za-z_][\w-]{0,40}"\s?:\s?(?:[{\[]|"[^"\n]{0,300}"\s?[,}\]]|\d+[,}])'),
        1,
    ),
    Kind(Signs.of("__"), re.compile(_STATE), 3),
    Kind(
        Signs.of("="),
        # Each begins with a letter and then looks back, so that the search leaps from one such letter to the next:
        # "\b" at the front would be tried at every character, which took five times as long.
        re.compile(r"(?:v(?<!\wv)ar|l(?<!\wl)et|c(?<!\wc)onst) [\w$]{1,40}\s?=\s?(?:[{\[]|new |function\b|\()"),
        3,
    ),
    Kind(Signs.of(";base64,"), re.compile(r"data:[\w.+-]{1,30}/[\w.+-]{1,60};base64,[\w+/=]{0,40}"), 3),
    Kind(Signs.of("+", "=="), re.compile(_BASE64), 3, base64=100),
    Kind(Signs.of("{{"), re.compile(r"\{\{[^\W_][\w '’.:/-]{0,40}\|[^{}\n]{0,40}"), 3),
    # Markdown: a picture, and links; of these a text may show one.
    Kind(Signs.of("]("), re.compile(r"!\[[^\[\]\n]{0,200}\]\((?:https?:)?/[^()\s]{1,300}\)"), 3),
    Kind(Signs.of("]("), re.compile(r"\](?<=[^\W_]\])\(https?://[^()\s]{1,300}\)"), 1),
    Kind(
        Signs.of("[["),
        re.compile(rf"\[\[(?:(?:{_FILES}):[^\[\]\n]{{1,200}}|[^\[\]\n|]{{1,60}}\|[^\[\]\n|]{{1,60}})"),
        2,
    ),
    Kind(Signs.of("'''"), re.compile(r"'''[^'\n]{1,80}'''"), 1),
    Kind(Signs.of("<ref"), re.compile(r"<ref(?:>| name=| group=)"), 3),
    Kind(
        Signs.of("[/", "url=", "img=", "color=", "size=", "quote="),
        re.compile(rf"\[/(?:{_FORUM})\]|\[(?:url|img|color|size|quote)=[^\]\n]{{1,200}}\]"),
        2,
    ),
    Kind(Signs.of("["), re.compile(r"\[/?[a-z][a-z0-9_-]{2,30} [a-z_-]{1,20}=[\"'”“″][^\[\]\n]{0,1000}\]"), 3),
    Kind(
        Signs.of("["),
        re.compile(r"\[(?:embed|youtube|tweet|vimeo|instagram|soundcloud)(?: [^\]\n]{1,120})?\]"),
        2,
    ),
    Kind(Signs.of("*|"), re.compile(r"\*\|[A-Z_:]{2,30}\|\*"), 3),
    Kind(
        Signs.of("\\n", "\\t"),
        # The backslash first, and then what stands before it, for the same reason.
        re.compile(r"\\(?<=[\w.!?\"”。]\\)(?:[nt](?:\\[nt])+|n(?=[A-Z“\"]))"),
        1,
    ),
    Kind(Signs.of("<\\/"), re.compile(r"<\\/\w{1,10}>"), 3),
)


class Pieces(NamedTuple):
    """The pieces of data in a text, in order by kind, and what they count together."""

    found: list[str]
    weight: int


def data_pieces(text: str, known: bytes | None = None) -> Pieces:
    """The pieces of data in a text; ``known`` is what :func:`~monitor.scoring.flags.signs.neighbours` says of it, where
    that is known.

    >>> data_pieces('{"@context":"https://schema.org","@type":"NewsArticle"}').found
    ['"@context":', '"@type":']
    >>> data_pieces("The [b]ferry[/b] left [sic].")
    Pieces(found=['[/b]'], weight=2)
    >>> data_pieces('The file said {"paid": false}, so nobody was paid.')
    Pieces(found=[], weight=0)
    """
    known = neighbours(text) if known is None else known
    found: list[str] = []
    weight = 0
    for kind in KINDS:
        if kind.signs.are_in(text, known) and _has_base64(text, kind.base64):
            matches = [match.group() for match in kind.pattern.finditer(text)]
            found += matches
            weight += kind.weight * len(matches)
    return Pieces(found, weight)
