"""Markup: tags, scripts, styles and template code left in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

_BARE = (
    "abbr|article|aside|b|blockquote|br|button|center|cite|code|div|em|figcaption|figure|footer|form"
    "|h[1-6]|head|header|hr|html|i|li|nav|noscript|ol|option|p|picture|pre|q|s"
    "|script|section|select|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video"
)
#: Elements that are nothing without an attribute: "<img>" is spoken of.
_TAGS = f"{_BARE}|a|embed|font|iframe|img|input|link|meta|object|source"
#: Opening tags that nothing need close; of others without any closing tag is spoken.
_UNCLOSED = ("<br", "<hr", "<p", "<li", "<td", "<tr", "<!")
# An opening tag needs small letters, since a newswire writes <A> and <UL> for shares; attributes need an equals sign.
_TAG = re.compile(
    rf"</(?:{_TAGS})\s?>|<(?:{_BARE})\s?/?>|<(?:{_TAGS})\s[a-zA-Z-]{{1,30}}=[^<>]{{0,400}}>|<(?:{_TAGS.upper()})\s[a-zA-Z-]{{1,30}}="
    r"|</(?:[A-Z]{1,10}|H[1-6])>|<!--|<!\[CDATA\[|<!DOCTYPE"
)
_ENTITY = re.compile(
    r"&(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|copy|reg|euro|[aeiouAEIOUnc]"
    r"(?:acute|grave|circ|uml|tilde|cedil)|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
# Each alternative begins with a character of its own and looks back at what must stand before it: so the search leaps
# from one such character to the next, which takes a sixth of the time.
_SCRIPT = re.compile(
    r"function(?<=\bfunction)\s?\w{0,40}\(|document(?<=\bdocument)\.[a-zA-Z]|window(?<=\bwindow)\.[a-zA-Z]"
    r"|googletag(?<=\bgoogletag)[.)]|dataLayer(?<=\bdataLayer)[.)]|jQuery(?<=\bjQuery)[.)]"
    r"|\}\)\(|\}\);|\.(?:ready|push)\(|\$\("
    r"|typeof (?<=\btypeof )|addEventListener|@media\b|@import\b|!important"
    r"|\{\s{0,4}[a-z-]{2,30}:\s?[^;{}\n]{1,80}(?=;)|;\s{0,4}[a-z-]{2,30}:\s?[^;{}\n]{1,80}(?=;)"
)
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\{%|%\}|<%|%>|<\?php|\$\{\w|\[/?(?:caption|gallery|embed|video|audio|vc_\w+|et_pb_\w+|shortcode)\b"
)
_PATTERNS = (_TAG, _ENTITY, _SCRIPT, _TEMPLATE)
#: Of these one must stand in a text that has a piece of script or style: looked for first, since that is quick; and
#: before each the character of it that is rarest, which takes a quarter of the time.
_SCRIPT_SIGNS = tuple(
    (next((letter for letter in sign if not letter.islower()), ""), sign)
    for sign in (
        "{ } function( document. document) window. googletag dataLayer jQuery $( @media @import !important".split()
    )
)
#: The same for template code.
_TEMPLATE_SIGNS = "{}<>["

#: Words of those who write of programs, the same in most languages.
_PROGRAMMING = re.compile(
    r"\b(?:HTML5?|CSS|JavaScript|TypeScript|Python|Java|PHP|SQL|XML|YAML|JSON|HTTP|APIs?|Markdown|Jinja2?|WordPress"
    r"|GitHub|parser|syntax|code|compiler|runtime|functions?|method|variables?|string|tags?|markup|scripts?"
    r"|templates?|repository|browser|server|array|regex)\b"
)
#: So many of them, and so many a word of prose, make a text one about programming: of 227 news pages none has them.
_TERMS, _TERM_SHARE = 5, 0.008
_PROSE = 12


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields markup where enough tags and entities are left, or enough pieces of code; more in a text about such."""
    text = inspection.article.text
    tags = _TAG.findall(text) if "<" in text else []
    entities = _ENTITY.findall(text) if "&" in text else []
    script = _SCRIPT.findall(text) if any(rare in text and sign in text for rare, sign in _SCRIPT_SIGNS) else []
    template = _TEMPLATE.findall(text) if any(sign in text for sign in _TEMPLATE_SIGNS) else []
    # One closing tag, attribute or entity is no slip of the pen; a bare opening tag may be spoken of.
    told = sum("=" in tag or "/" in tag for tag in tags)
    if not told:
        tags = [tag for tag in tags if tag.startswith(_UNCLOSED)]
    pieces = len(tags) + told + 2 * len(entities)
    code = len(script) + len(template)
    if pieces < thresholds.markup_pieces and code < thresholds.markup_code:
        return
    times = thresholds.markup_programming
    if pieces < times * thresholds.markup_pieces and code < times * thresholds.markup_code and _is_lesson(inspection):
        return
    kinds = ((tags, "tags"), (entities, "entities"), (script, "script or style"), (template, "template code"))
    named = ", ".join(f"{len(found)} of {name} such as “{found[0][:40]}”" for found, name in kinds if found)
    total = sum(len(found) for found, _ in kinds)
    yield Flag(
        Code.MARKUP,
        round(min(total / max(inspection.total_words, 1), 1.0), 4),
        f"left in the text: {named}; the first in paragraph {_first(inspection) + 1}",
    )


def _is_lesson(inspection: Inspection) -> bool:
    """Whether a text is about programming, by its prose, so that the code in it is an example."""
    terms = spoken = 0
    for text, count in zip(inspection.texts, inspection.words, strict=True):
        if count >= _PROSE and not any(pattern.search(text) for pattern in _PATTERNS):
            terms += len(_PROGRAMMING.findall(text))
            spoken += count
    return terms >= _TERMS and terms >= _TERM_SHARE * spoken


def _first(inspection: Inspection) -> int:
    return next((i for i, text in enumerate(inspection.texts) if any(p.search(text) for p in _PATTERNS)), 0)
