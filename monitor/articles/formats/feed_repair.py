"""Feeds that are not well-formed XML, made so that feedparser reads them in linear time.

feedparser reads XML that is not well-formed with a parser for SGML, whose time grows with the square of
stray ``<``: 2.5 MB of them took it more than ten minutes. So a feed is repaired before; that parser is left to feeds
that are short and tame, and a feed that is neither is read as far as libxml2 recovers it.
"""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree

from monitor.articles.formats.xml_text import NO_CHARACTER

#: Characters up to which feedparser's lenient parser may read, and stray signs it may meet: a second at most.
LENIENT_CHARACTERS, LENIENT_SIGNS = 1_000_000, 200
_STRAY = re.compile(r"<(?![A-Za-z/]|!--|!\[CDATA\[|\?)")
_AMPERSAND = re.compile(
    r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,30};))?"
)
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):")
_ROOT = re.compile(r"<[A-Za-z_][\w.:-]*")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
#: Namespaces of prefixes that feeds forget to declare.
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
}


def readable_feed(text: str) -> str:
    """The feed as it is where it is well-formed; else mended, or as far as it can be recovered.

    >>> readable_feed("<rss><channel><title>A & B</title></channel></rss>")
    '<rss><channel><title>A &amp; B</title></channel></rss>'
    """
    text = NO_CHARACTER.sub(" ", text)
    # A feed needs no document type; its entities are a danger.
    text = _DOCTYPE.sub("", text, count=1)
    if _is_well_formed(text):
        return text
    mended = _with_namespaces(_with_sound_references(text))
    if _is_well_formed(mended):
        return mended
    if len(text) <= LENIENT_CHARACTERS and _is_tame(text):
        return text
    return _recovered(mended)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(recover=recover, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _is_well_formed(text: str) -> bool:
    parser = _parser(recover=False)
    try:
        etree.fromstring(text.lstrip().encode(), parser)
    except etree.XMLSyntaxError:
        return False
    # A prefix without a namespace is an error to libxml2, but not a fatal one.
    return len(parser.error_log) == 0


def _with_sound_references(text: str) -> str:
    """Ampersands that begin no reference are escaped, references of HTML are the characters; CDATA stays as it is."""
    pieces, at = [], 0
    for section in _CDATA.finditer(text):
        pieces += [_AMPERSAND.sub(_character, text[at : section.start()]), section[0]]
        at = section.end()
    return "".join(pieces) + _AMPERSAND.sub(_character, text[at:])


def _character(reference: re.Match[str]) -> str:
    name = reference[1] or ""
    return html5.get(name, f"&amp;{name}")


def _with_namespaces(text: str) -> str:
    used = set(_PREFIX.findall(text)) - {"xml"}
    missing = sorted(prefix for prefix in used if f"xmlns:{prefix}=" not in text)[:50]
    root = _ROOT.search(text)
    if not missing or root is None:
        return text
    declared = "".join(f' xmlns:{prefix}="{_NAMESPACES.get(prefix, "undeclared:" + prefix)}"' for prefix in missing)
    return text[: root.end()] + declared + text[root.end() :]


def _is_tame(text: str) -> bool:
    """Whether nothing in it makes the lenient parser slow: few stray signs, sections and comments that end."""
    return (
        len(_STRAY.findall(text)) <= LENIENT_SIGNS
        and text.count("<![CDATA[") <= text.count("]]>") + 1
        and text.count("<!--") <= text.count("-->") + 1
        and text.count("<?") <= LENIENT_SIGNS
    )


def _recovered(text: str) -> str:
    root = etree.fromstring(text.lstrip().encode(), _parser(recover=True))
    return "" if root is None else etree.tostring(root, encoding="unicode")
