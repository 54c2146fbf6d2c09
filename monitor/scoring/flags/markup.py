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
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,400}})?/?>|<!--|-->|<!\[CDATA\[|<!DOCTYPE", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|copy|reg|euro|[aeiouAEIOUnc]"
    r"(?:acute|grave|circ|uml|tilde|cedil)|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_SCRIPT = re.compile(
    r"\bfunction\s?\w{0,40}\(|\b(?:document|window|console|googletag|jQuery)\.\w|\$\(|\(\)\s?=>"
    r"|\b(?:var|let|const) \w{1,40} ?="
    r"|\}\)\(?|addEventListener|@media\b|@import\b|!important|[{;]\s{0,4}[a-z-]{2,30}:\s?[^;{}\n]{1,80};"
)
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\{%|%\}|<%|%>|<\?php|\$\{\w|\[/?(?:caption|gallery|embed|video|audio|vc_\w+|et_pb_\w+|shortcode)\b"
)
_KINDS = ((_TAG, "tags"), (_ENTITY, "entities"), (_SCRIPT, "script or style"), (_TEMPLATE, "template code"))
#: Of these one must stand in a text that has a piece of script: looked for first, since they are found sooner.
_SCRIPT_SIGNS = (
    *"function document. window. console. googletag jQuery $( => }) { addEvent @media @import !important".split(),
    " = ",
)


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields markup where at least so many pieces of it are left as the threshold says."""
    text = inspection.article.text
    found = []
    for pattern, name in _KINDS:
        if (pattern is not _SCRIPT or any(sign in text for sign in _SCRIPT_SIGNS)) and (
            matches := pattern.findall(text)
        ):
            found.append((len(matches), name, matches[0]))
    total = sum(count for count, _, _ in found)
    if total < thresholds.markup_pieces:
        return
    place = next(i + 1 for i, p in enumerate(inspection.texts) if any(pattern.search(p) for pattern, _ in _KINDS))
    kinds = ", ".join(f"{count} of {name} such as “{example[:40]}”" for count, name, example in found)
    yield Flag(
        Code.MARKUP,
        round(min(total / max(inspection.total_words, 1), 1.0), 4),
        f"left in the text: {kinds}; the first in paragraph {place}",
    )
