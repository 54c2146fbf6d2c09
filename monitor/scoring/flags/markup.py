"""markup: tags, scripts, styles and template code left in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import NamedTuple

import msgspec

from monitor.scoring.flags.data_pieces import data_pieces
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.flags.signs import Alternatives, Signs, neighbours
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, whole_number
from monitor.scoring.verdict import Flag

CODE = "markup"

_BARE = (
    "abbr|article|aside|b|blockquote|br|button|center|cite|code|div|em|figcaption|figure|footer|form"
    "|h[1-6]|head|header|hr|html|i|li|nav|noscript|ol|option|p|picture|pre|q|s"
    "|script|section|select|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video"
)
#: Also elements that do nothing without an attribute: a text that holds a bare "<img>" writes about it.
_TAGS = f"{_BARE}|a|embed|font|iframe|img|input|link|meta|object|source"
#: Opening tags that need no closing one; a text that holds others, and no closing tag at all, writes about them.
_UNCLOSED = ("<br", "<hr", "<p", "<li", "<td", "<tr", "<!")
# An opening tag needs small letters, since a newswire writes <A> and <UL> for shares; attributes need an equals sign.
_TAG = re.compile(
    rf"</(?:{_TAGS})\s?>|<(?:{_BARE})\s?/?>|<(?:{_TAGS})\s[a-zA-Z-]{{1,30}}=[^<>]{{0,400}}>|<(?:{_TAGS.upper()})\s[a-zA-Z-]{{1,30}}="
    r"|</(?:[A-Z]{1,10}|H[1-6])>|<!--|<!\[CDATA\[|<!DOCTYPE"
)
_ENTITY = re.compile(
    r"&(?:(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|copy|reg|euro|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
    # The semicolon behind a letter with its accent is left out by some.
    r"|[aeiouAEIOUnc](?:acute|grave|circ|uml|tilde|cedil);?)"
)
# Each alternative begins with a character of its own and looks back at what must stand before it: so the search leaps
# from one such character to the next, which takes a sixth of the time.
_SCRIPT = Alternatives(
    (
        ("function", r"function(?<=\bfunction)\s?\w{0,40}\("),
        ("document.", r"document(?<=\bdocument)\.[a-zA-Z]"),
        ("window.", r"window(?<=\bwindow)\.[a-zA-Z]"),
        ("googletag", r"googletag(?<=\bgoogletag)[.)]"),
        ("dataLayer", r"dataLayer(?<=\bdataLayer)[.)]"),
        ("jQuery", r"jQuery(?<=\bjQuery)[.)]"),
        ("})(", r"\}\)\("),
        ("});", r"\}\);"),
        (".ready(", r"\.ready\("),
        (".push(", r"\.push\("),
        ("$(", r"\$\("),
        ("typeof ", r"typeof (?<=\btypeof )"),
        ("addEventListener", "addEventListener"),
        ("@media", r"@media\b"),
        ("@import", r"@import\b"),
        ("!important", "!important"),
        ("{", r"\{\s{0,4}[a-z-]{2,30}:\s?[^;{}\n]{1,80}(?=;)"),
        (";", r";\s{0,4}[a-z-]{2,30}:\s?[^;{}\n]{1,80}(?=;)"),
    )
)
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\{%|%\}|<%|%>|<\?php|\$\{\w|\[/?(?:caption|gallery|embed|video|audio|vc_\w+|et_pb_\w+|shortcode)\b"
)
#: A template's tag from its begin to its end, which nobody writes by hand: "{{ post.author }}", "{% if related %}".
_TEMPLATE_TAG = re.compile(
    r"\{\{-?\s?[A-Za-z_][\w.]{0,60}\s?-?\}\}|\{%-?\s?[A-Za-z][^{}%\n]{0,200}%\}|<%[=@!-]?\s?[A-Za-z@][^%\n]{0,300}%>"
)
#: Of these one must stand in a text that has a tag, an entity, a piece of script or style, or template code: looked for
#: first, since that is quick.
_TAG_SIGNS, _ENTITY_SIGNS, _TEMPLATE_SIGNS = Signs.of("<"), Signs.of("&"), Signs.of(*"{}<>[")
_SCRIPT_SIGNS = Signs.of(
    *"{ } function( document. window. googletag dataLayer jQuery $( @media @import !important".split()
)
_KINDS = ((_TAG, _TAG_SIGNS), (_ENTITY, _ENTITY_SIGNS), (_SCRIPT, _SCRIPT_SIGNS), (_TEMPLATE, _TEMPLATE_SIGNS))

#: Words of those who write about programming, the same in most languages; one word each.
_PROGRAMMING = frozenset(
    msgspec.json.decode(
        resources.files("monitor.scoring.flags").joinpath("programming.json").read_bytes(), type=list[str]
    )
)
_WORD = re.compile(r"\w+")
#: A text with so many of them, and so many for each word of prose, is about programming: none of 227 news pages is.
_TERMS, _TERM_SHARE = 5, 0.008
#: Words from which a paragraph is prose.
_PROSE = 12


@dataclass(frozen=True, kw_only=True)
class MarkupThresholds(Thresholds):
    """How much markup there must be."""

    markup_pieces: int = whole_number(
        2,
        "tags and entities left in the text",
        "from which a copy has markup; an entity, a closing tag and one with an attribute count twice",
        least=1,
    )
    markup_code: int = whole_number(
        3,
        "pieces of script, style, template code or data left in the text",
        "from which a copy has markup; a piece of data that nobody writes by hand counts three times",
        least=1,
    )
    markup_programming: int = whole_number(
        20,
        "factor by which markup_pieces and markup_code are raised",
        "for a text about programming, whose code is an example",
        least=1,
    )


class Leftovers(NamedTuple):
    """What markup leaves in a text, each piece as it stands there."""

    tags: list[str]
    entities: list[str]
    script: list[str]
    template: list[str]
    data: list[str]
    data_weight: int

    @property
    def pieces(self) -> int:
        """How many there are."""
        return len(self.tags) + len(self.entities) + len(self.script) + len(self.template) + len(self.data)


def check(inspection: Inspection, thresholds: MarkupThresholds) -> Iterator[Flag]:
    """Yields markup where enough tags and entities are left, or enough code; far more in a text about programming."""
    left = leftovers(inspection.article.text, neighbours(inspection.article.text, inspection.text.raw_codes))
    # One closing tag, attribute or entity is no slip of the pen; a bare opening tag may be written about.
    pieces = len(left.tags) + sum(map(_is_surely_markup, left.tags)) + 2 * len(left.entities)
    # With its begin and its end a whole template tag counts three times.
    template_tags = len(_TEMPLATE_TAG.findall(inspection.article.text)) if left.template else 0
    code = len(left.script) + len(left.template) + template_tags + left.data_weight
    if pieces < thresholds.markup_pieces and code < thresholds.markup_code:
        return
    times = thresholds.markup_programming
    # Such a text shows data as well, and no amount of it says more.
    few = pieces < times * thresholds.markup_pieces and code - left.data_weight < times * thresholds.markup_code
    if few and _is_about_programming(inspection):
        return
    kinds = (
        ("tags", left.tags),
        ("entities", left.entities),
        ("script or style", left.script),
        ("template code", left.template),
        ("data and codes", left.data),
    )
    counts = " and ".join(f"{name} ({_times(len(pieces))})" for name, pieces in kinds if pieces)
    paragraph, piece = _first(inspection)
    yield Flag(
        CODE,
        round(min(left.pieces / max(inspection.total_words, 1), 1.0), 4),
        f"{counts} left in the text, first in paragraph {paragraph + 1}: “{piece[:40]}”",
    )


def leftovers(text: str, known: bytes | None = None) -> Leftovers:
    """The tags, entities, pieces of script or style and of template code in a text; ``known`` is what
    :func:`~monitor.scoring.flags.signs.neighbours` says of it, where that is known.

    >>> leftovers('The <b>ferry</b> &quot;Ida&quot; is back.')
    Leftovers(tags=['<b>', '</b>'], entities=['&quot;', '&quot;'], script=[], template=[], data=[], data_weight=0)
    >>> leftovers("Read on {{ article.related|safe }}")
    Leftovers(tags=[], entities=[], script=[], template=['{{', '}}'], data=[], data_weight=0)
    >>> leftovers("Put the name between <b> and the end of the line.").tags
    []
    """
    known = neighbours(text) if known is None else known
    tags, entities, script, template = (
        pattern.findall(text) if signs.are_in(text, known) else [] for pattern, signs in _KINDS
    )
    if not any(map(_is_surely_markup, tags)):
        tags = [tag for tag in tags if tag.startswith(_UNCLOSED)]
    data = data_pieces(text, known)
    return Leftovers(tags, entities, script, template, data.found, data.weight)


def _is_surely_markup(tag: str) -> bool:
    """Whether a tag closes an element or has an attribute, which nobody writes by accident."""
    return "=" in tag or "/" in tag


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _first_piece(text: str) -> str | None:
    """The first piece of markup in a text, or None."""
    known = neighbours(text)
    matches = [match for pattern, signs in _KINDS if signs.are_in(text, known) and (match := pattern.search(text))]
    if matches:
        return min(matches, key=lambda match: match.start()).group()
    data = data_pieces(text, known).found
    return data[0] if data else None


def _is_about_programming(inspection: Inspection) -> bool:
    """Whether the prose of a text is about programming, so that the code in it is an example."""
    prose = [pair for pair in zip(inspection.texts, inspection.words, strict=True) if pair[1] >= _PROSE]
    terms = [sum(map(_PROGRAMMING.__contains__, _WORD.findall(text))) for text, _ in prose]
    if sum(terms) < _TERMS:
        return False
    without_markup = [i for i, (text, _) in enumerate(prose) if _first_piece(text) is None]
    count, words = sum(terms[i] for i in without_markup), sum(prose[i][1] for i in without_markup)
    return count >= _TERMS and count >= _TERM_SHARE * words


def _first(inspection: Inspection) -> tuple[int, str]:
    """The first paragraph with a piece of markup, and that piece; the whole text's where none has one by itself."""
    for i, text in enumerate(inspection.texts):
        if piece := _first_piece(text):
            return i, piece
    return 0, _first_piece(inspection.article.text) or ""


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="tags, scripts, styles, template code or data left in the text",
    check=check,
    thresholds=MarkupThresholds,
)
