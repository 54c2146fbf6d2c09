"""Feeds: RSS 0.9 to 2.0, RDF, Atom and WordPress' export (WXR), read by feedparser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import Entry
from monitor.articles.formats.feed_repair import readable_feed
from monitor.articles.formats.format import Failed, Format, Part
from monitor.articles.formats.xml_text import without_declaration
from monitor.articles.html import draw
from monitor.articles.html_shape import looks_like_html, unescaped_html
from monitor.articles.names import replace_surrogates

#: How a feed that is whole ends.
_ENDS = ("</rss>", "</feed>", "</rdf>", ":rdf>", ":feed>", "</channel>", "</entry>", "-->")
_ENTRY_ENDS = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
#: What WordPress exports beside posts and pages holds no article.
_WORDPRESS = ("post", "page", "")


def read(document: Document) -> Iterator[Part]:
    """The articles of a feed: the full text of each entry, else its summary."""
    import feedparser  # Costs a tenth of a second; most runs read no feed.

    text = replace_surrogates(document.text())
    # As bytes in a stream: feedparser takes a text for an address and opens it.
    stream = io.BytesIO(readable_feed(without_declaration(text)).encode())
    headers = {"content-type": "application/xml; charset=utf-8"}
    feed = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    entries = [entry for entry in feed.entries if entry.get("wp_post_type", "") in _WORDPRESS]
    if not entries:
        wrong = f": {feed.bozo_exception}" if feed.bozo and "bozo_exception" in feed else ""
        reason = Reason.NOT_XML if wrong else Reason.EMPTY
        raise Undecodable(reason, f"a feed without entries{wrong}")
    is_cut = not text.rstrip().lower().endswith(_ENDS)
    is_last_cut = is_cut and len(_ENTRY_ENDS.findall(text)) < len(feed.entries)
    for number, entry in enumerate(entries[:-1] if is_last_cut else entries, 1):
        yield Entry(f"entry {number}", _fields(entry, feed.feed), None, _body(entry))
    if is_cut:
        where = f"entry {len(entries)}" if is_last_cut else ""
        message = f"the feed ends in the middle, after {len(entries) - is_last_cut} entries that were read"
        yield Failed(where, Undecodable(Reason.NOT_XML, message))


def recognises(beginning: Beginning) -> bool:
    """By the root element: ``rss``, RDF's with RSS's namespace, Atom's ``feed``, a lone ``entry``."""
    root = beginning.root
    if root is None:
        return False
    return root.name == "rss" or (root.name in ("feed", "rdf", "entry") and root.is_xml) or root.name == "channel"


def _body(entry: Mapping[str, Any]) -> Body:
    """The full text of an entry, else its summary; empty where it has neither.

    A feed's own type for it is believed where it says HTML; plain text may still be HTML, as RSS has no types.
    """
    texts = [content for content in entry.get("content", ()) if content.get("value", "").strip()]
    content = max(texts, key=lambda content: len(content["value"])) if texts else entry.get("summary_detail") or {}
    value = content.get("value") or entry.get("summary") or ""
    unescaped = unescaped_html(value)
    html = "html" in content.get("type", "") and "<" in value
    return Body(unescaped or value, unescaped is not None or html or looks_like_html(value))


def _fields(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any]:
    """An entry's fields under built-in names, with what the feed says for all of them."""
    own = entry.get("source") or {}
    content = (entry.get("content") or [{}])[0]
    title = entry.get("title") or ""
    return {
        "id": entry.get("id") or entry.get("link"),
        "url": entry.get("link"),
        "title": draw(title, len(title))[0] if "<" in title or "&" in title else title,
        "source": own.get("title") or feed.get("title"),
        "published": entry.get("published") or entry.get("updated") or entry.get("created"),
        "language": content.get("language") or entry.get("language") or feed.get("language"),
    }


FORMAT = Format(
    "feed",
    "a feed (RSS, Atom, RDF, WXR)",
    read,
    recognises,
    content_types=("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    endings=(".rss", ".atom", ".rdf"),
)
