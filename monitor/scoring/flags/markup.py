"""Markup: tags, scripts, styles and template code left in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

_TAGS = (
    "a|abbr|article|aside|b|blockquote|br|button|center|cite|code|div|em|embed|figcaption|figure|font|footer|form"
    "|h[1-6]|head|header|hr|html|i|iframe|img|input|li|link|meta|nav|noscript|object|ol|option|p|picture|pre|q|s"
    "|script|section|select|small|source|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video"
)
# An opening tag needs small letters, since a newswire writes <A> and <UL> for shares; attributes need an equals sign.
_TAG = re.compile(
    rf"</(?:{_TAGS})\s?>|<(?:{_TAGS})(?:\s[a-zA-Z-]{{1,30}}=[^<>]{{0,400}})?\s?/?>|<(?:{_TAGS.upper()})\s[a-zA-Z-]{{1,30}}="
    r"|</(?:[A-Z]{1,10}|H[1-6])>|<!--|<!\[CDATA\[|<!DOCTYPE"
)
_ENTITY = re.compile(
    r"&(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|copy|reg|euro|[aeiouAEIOUnc]"
    r"(?:acute|grave|circ|uml|tilde|cedil)|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_SCRIPT = re.compile(
    r"\bfunction\s?\w{0,40}\(|\b(?:document|window|googletag|dataLayer|jQuery)[.)]|\}\)\(|\}\);|\.(?:ready|push)\(|\$\("
    r"|\btypeof |addEventListener|@media\b|@import\b|!important"
    r"|[{;]\s{0,4}[a-z-]{2,30}:\s?[^;{}\n]{1,80}(?=;)"
)
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\{%|%\}|<%|%>|<\?php|\$\{\w|\[/?(?:caption|gallery|embed|video|audio|vc_\w+|et_pb_\w+|shortcode)\b"
)
#: Of these one must stand in a text that has a piece of script or style: looked for first, since that is quick.
_SCRIPT_SIGNS = tuple(
    "{ } function( document. document) window. googletag dataLayer jQuery $( @media @import !important".split()
)


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields markup where enough tags and entities are left, or enough pieces of code."""
    text = inspection.article.text
    tags = _TAG.findall(text) if "<" in text else []
    entities = _ENTITY.findall(text) if "&" in text else []
    script = _SCRIPT.findall(text) if any(sign in text for sign in _SCRIPT_SIGNS) else []
    template = _TEMPLATE.findall(text)
    # One closing tag, attribute or entity is no slip of the pen; a bare opening tag may be spoken of.
    pieces = len(tags) + sum("=" in tag or "/" in tag for tag in tags) + 2 * len(entities)
    if pieces < thresholds.markup_pieces and len(script) + len(template) < thresholds.markup_code:
        return
    kinds = ((tags, "tags"), (entities, "entities"), (script, "script or style"), (template, "template code"))
    named = ", ".join(f"{len(found)} of {name} such as “{found[0][:40]}”" for found, name in kinds if found)
    total = sum(len(found) for found, _ in kinds)
    yield Flag(
        Code.MARKUP,
        round(min(total / max(inspection.total_words, 1), 1.0), 4),
        f"left in the text: {named}; the first in paragraph {_first(inspection) + 1}",
    )


def _first(inspection: Inspection) -> int:
    patterns = (_TAG, _ENTITY, _SCRIPT, _TEMPLATE)
    return next((i for i, text in enumerate(inspection.texts) if any(p.search(text) for p in patterns)), 0)
