"""Data left in a text: what pages carry for machines, and the code of wikis, forums and publishing systems.

Each row of :data:`KINDS` is a pattern and the signs of which one must stand in a text that has it, looked for first.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: Each with a rare character that stands beside it, or in it, in what is looked for.
Signs = tuple[tuple[str, str], ...]


class Kind(NamedTuple):
    """One kind of data."""

    signs: Signs
    pattern: re.Pattern[str]
    weight: int
    """What a piece counts: 3 where nobody writes it by hand, 1 where it may be spoken of."""
    unbroken: int = 1
    """Characters without a blank that each piece has at least."""


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
    Kind((("@", '"@'),), re.compile(r'"@(?:context|type|graph|id)"\s{0,2}:'), 3),
    Kind(
        (('"', '":'), ('"', '" :')),
        re.compile(r'"[A-Za-z_][\w-]{0,40}"\s?:\s?(?:[{\[]|"[^"\n]{0,300}"\s?[,}\]]|\d+[,}])'),
        1,
    ),
    Kind((("_", "__"),), re.compile(_STATE), 3),
    Kind(
        (("=", "var "), ("=", "let "), ("=", "const ")),
        # Each begins with a letter and then looks back, so that the search leaps from one such letter to the next:
        # "\b" at the front would be tried at every character, which took five times as long.
        re.compile(r"(?:v(?<!\wv)ar|l(?<!\wl)et|c(?<!\wc)onst) [\w$]{1,40}\s?=\s?(?:[{\[]|new |function\b|\()"),
        3,
    ),
    Kind(((";", ";base64,"),), re.compile(r"data:[\w.+-]{1,30}/[\w.+-]{1,60};base64,[\w+/=]{0,40}"), 3),
    Kind(
        (("+", "+"), ("=", "==")),
        re.compile(_BASE64),
        3,
        unbroken=100,
    ),
    Kind((("{", "{{"),), re.compile(r"\{\{[^\W_][\w '’.:/-]{0,40}\|[^{}\n]{0,40}"), 3),
    # Markdown: a picture, and links; of these a text may show one.
    Kind((("]", "]("),), re.compile(r"!\[[^\[\]\n]{0,200}\]\((?:https?:)?/[^()\s]{1,300}\)"), 3),
    Kind((("]", "]("),), re.compile(r"\](?<=[^\W_]\])\(https?://[^()\s]{1,300}\)"), 1),
    Kind(
        (("[", "[["),),
        re.compile(rf"\[\[(?:(?:{_FILES}):[^\[\]\n]{{1,200}}|[^\[\]\n|]{{1,60}}\|[^\[\]\n|]{{1,60}})"),
        2,
    ),
    Kind((("'", "'''"),), re.compile(r"'''[^'\n]{1,80}'''"), 1),
    Kind((("<", "<ref"),), re.compile(r"<ref(?:>| name=| group=)"), 3),
    Kind(
        (
            ("[", "[/"),
            ("[", "="),
            ("[", "[img"),
        ),
        re.compile(rf"\[/(?:{_FORUM})\]|\[(?:url|img|color|size|quote)=[^\]\n]{{1,200}}\]"),
        2,
    ),
    Kind((("[", "["),), re.compile(r"\[/?[a-z][a-z0-9_-]{2,30} [a-z_-]{1,20}=[\"'”“″][^\[\]\n]{0,1000}\]"), 3),
    Kind((("[", "["),), re.compile(r"\[(?:embed|youtube|tweet|vimeo|instagram|soundcloud)(?: [^\]\n]{1,120})?\]"), 2),
    Kind((("*", "*|"),), re.compile(r"\*\|[A-Z_:]{2,30}\|\*"), 3),
    Kind(
        (
            ("\\", "\\n"),
            ("\\", "\\t"),
        ),
        # The backslash first, and then what stands before it, for the same reason.
        re.compile(r"\\(?<=[\w.!?\"”。]\\)(?:[nt](?:\\[nt])+|n(?=[A-Z“\"]))"),
        1,
    ),
    Kind((("<", "<\\/"),), re.compile(r"<\\/\w{1,10}>"), 3),
)


class Pieces(NamedTuple):
    """The pieces of data in a text, in order by kind, and what they count together."""

    found: list[str]
    weight: int


def has_any(text: str, signs: Signs) -> bool:
    """Whether a text has any of the signs: the rare character first, which takes a tenth of the time."""
    return any(rare in text and sign in text for rare, sign in signs)


def _has_unbroken(text: str, length: int) -> bool:
    """Whether so many characters stand in a row without a blank: told in half the time that a search for them takes."""
    return length <= 1 or max(map(len, text.split()), default=0) >= length


def data_pieces(text: str) -> Pieces:
    """The pieces of data in a text.

    >>> data_pieces('{"@context":"https://schema.org","@type":"NewsArticle"}').found
    ['"@context":', '"@type":']
    >>> data_pieces("The [b]ferry[/b] left [sic].")
    Pieces(found=['[/b]'], weight=2)
    >>> data_pieces('The file said {"paid": false}, so nobody was paid.')
    Pieces(found=[], weight=0)
    """
    found: list[str] = []
    weight = 0
    for kind in KINDS:
        if has_any(text, kind.signs) and _has_unbroken(text, kind.unbroken):
            matches = [match.group() for match in kind.pattern.finditer(text)]
            found += matches
            weight += kind.weight * len(matches)
    return Pieces(found, weight)
