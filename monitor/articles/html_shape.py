"""Whether a text is HTML by its shape."""

from __future__ import annotations

import re
from html import unescape

_BLOCK = "html|body|article|section|main|div|p|h[1-6]|ul|ol|table|figure|blockquote|center"
_INLINE = "a|abbr|b|big|br|em|font|i|iframe|img|picture|script|small|span|strong|style|svg|u|video|hr"
#: A body is HTML when it begins with a block element (or a document) and closes one. A stray tag
#: within plain text is left where it is: that is a defect to be flagged, not to be cleaned away.
_BEGINS = re.compile(rf"\s*(?:<!--|<!doctype\s+html|<(?:{_BLOCK})\b)", re.IGNORECASE)
_BEGINS_INLINE = re.compile(rf"\s*<({_INLINE})\b", re.IGNORECASE)
_CLOSES = re.compile(rf"</(?:{_BLOCK})\s*>", re.IGNORECASE)
_OPENS = re.compile(rf"<(?:{_BLOCK})(?:\s[^<>]*)?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: HTML whose own tags were escaped, as some feeds send it.
_ESCAPED = re.compile(r"\s*&lt;(?:!--|/?[a-zA-Z][a-zA-Z0-9]*(?:\s|/?&gt;))")
#: Of a body that begins with plain text, its markup is looked for in this many characters.
_LOOKED_AT = 20_000


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML fragment or document by its shape.

    It begins with a block element and closes one; or with an inline element or an image and then
    closes a block element or ends as it began; or with text whose lines are all made by tags.

    >>> looks_like_html("<img src='a.jpg'><p>One</p>"), looks_like_html("One <b>two</b> three</p>")
    (True, False)
    """
    if "<" not in text:
        return False
    if _BEGINS.match(text):
        return _CLOSES.search(text) is not None
    if inline := _BEGINS_INLINE.match(text):
        closing = f"</{inline[1].lower()}>"
        return (_OPENS.search(text) is not None and _CLOSES.search(text) is not None) or _is_made_of(text, closing)
    return _has_lines_of_tags(text[:_LOOKED_AT])


def unescaped_html(text: str) -> str | None:
    """The HTML in a text whose tags are escaped (``&lt;p&gt;One&lt;/p&gt;``); ``None`` where it is not so.

    >>> unescaped_html("&lt;p&gt;One&lt;/p&gt;")
    '<p>One</p>'
    """
    if not _ESCAPED.match(text) or "<" in text:
        return None
    html = unescape(text)
    return html if looks_like_html(html) else None


def _is_made_of(text: str, closing: str) -> bool:
    """Whether it ends with the end of the element it begins with, or its lines are made by ``<br>`` alone."""
    stripped = text.strip()
    return stripped.lower().endswith(closing) or (len(_BREAK.findall(stripped)) > 1 and "\n" not in stripped)


def _has_lines_of_tags(text: str) -> bool:
    """Whether a text that begins without a tag opens and closes block elements, and has no lines but theirs."""
    blocks = min(len(_OPENS.findall(text)), len(_CLOSES.findall(text)))
    if blocks == 0:
        return len(_BREAK.findall(text)) > 1 and "\n" not in text.strip()
    if blocks == 1 and not text.rstrip().endswith(">"):
        return False
    return all("<" in line for line in text.splitlines()[1:] if line.strip()) and "\n" not in text.partition("<")[0]
