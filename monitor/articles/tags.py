"""HTML cut into tags and text, in one pass that takes linear time whatever the input.

Why not a parser that builds a tree: the time of lexbor (selectolax 1.0) grows with the square of the
nesting, of the attributes of one tag, and of the formatting elements left open: 60 KB of hostile HTML
took it 8 s, 1 MB 37 s, and a worker waits that long for one record. A guard before it would have to
agree with it on every token to be safe; then the tokens may as well be drawn from.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import NamedTuple

#: Elements whose content is not markup: it ends at their own end tag and nowhere else.
RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())

# Possessive throughout: nothing that was matched is tried again. A quote counts only after "=", as in
# the HTML standard; one that is never closed is a character like any other.
_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))                                             # a comment
    |   <(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)>?  # a tag
    |   <[!?/][^>]*+>?                                                          # a doctype, a stray end
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>]|\Z)", re.IGNORECASE) for name in RAW}
#: References no character has; html.unescape fails on those of 4,300 digits.
_NO_CHARACTER = re.compile(r"&#(?:0*+[1-9][0-9]{7,}+|[xX]0*+[1-9a-fA-F][0-9a-fA-F]{6,}+);?+")
#: Attributes are looked for in this many characters of a tag; images carry megabytes in one.
_ATTRIBUTES_IN = 4_000


class Tag(NamedTuple):
    """A start tag, or an end tag where ``end``; ``attributes_text`` is as written, ``name`` lower-case."""

    name: str
    end: bool
    attributes_text: str

    @property
    def closed(self) -> bool:
        """Whether it closes itself, as in XHTML (``<p/>``, ``<a name="x"/>``)."""
        return self.attributes_text.endswith("/") and self.attributes_text[-2:-1] in ("", " ", "\n", "\t", '"', "'")

    def attributes(self) -> dict[str, str]:
        """Its attributes by lower-case name, the first of each; those without a value have an empty one."""
        attributes: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.attributes_text[:_ATTRIBUTES_IN]):
            attributes.setdefault(name.lower(), unescaped(double or single or bare))
        return attributes


def tokens(html: str) -> Iterator[Tag | str]:
    """The tags and the text between them, in order; comments are left out, entities decoded.

    The content of a :data:`RAW` element is one text between its tags.
    """
    at = 0
    while match := _TOKEN.search(html, at):
        if match.start() > at:
            yield unescaped(html[at : match.start()])
        at = match.end()
        if not match[2]:
            continue
        tag = Tag(match[2].lower(), bool(match[1]), match[3])
        yield tag
        if tag.name in RAW and not tag.end and not tag.closed:
            end = _ENDS[tag.name].search(html, at)
            stop = end.start() if end else len(html)
            if stop > at:
                content = html[at:stop]
                yield unescaped(content) if tag.name in ("title", "textarea") else content
            at = stop
    if at < len(html):
        yield unescaped(html[at:])


def unescaped(text: str) -> str:
    """The text with its character references decoded; one for no character becomes U+FFFD."""
    if "&" not in text:
        return text
    return entities.unescape(_NO_CHARACTER.sub("\ufffd", text))
