"""Text drawn from HTML: a line a block element, with what the markup says of each line."""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.articles.article import Markup
from monitor.articles.errors import Reason, Undecodable

#: Elements that begin a line of their own.
BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html iframe legend li main menu nav ol option p pre "
    "section select summary table tbody td textarea tfoot th thead tr ul video audio".split()
)
#: Elements whose content no reader sees.
UNSEEN = ("script", "style", "template", "noscript", "head", "svg", "object", "iframe", "[hidden]")
#: Enclosing elements that tell what a line is for.
TELLING = frozenset(
    "aside figcaption figure nav footer header form button h1 h2 h3 h4 h5 h6 li blockquote table".split()
)

#: A body is HTML when it begins with a block element (or a document) and closes one. A stray tag
#: within plain text is left where it is: that is a defect to be flagged, not to be cleaned away.
BEGINS = re.compile(
    r"\s*(?:<!--|<!doctype\s+html|<(?:html|body|article|section|main|div|p|h[1-6]|ul|ol|table|figure|blockquote)\b)",
    re.IGNORECASE,
)
CLOSES = re.compile(
    r"</(?:html|body|article|section|main|div|p|h[1-6]|ul|ol|table|figure|blockquote)\s*>", re.IGNORECASE
)

#: Tags that stay open until they are closed. The parser's time grows with the square of the depth:
#: 22 s at 100,000, 0.04 s at this bound.
NESTS = re.compile(
    r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|option|br|hr|img|input|meta|link|wbr|source|col|b|i|a)\b)[a-z]", re.I
)
DEEPEST = 5_000


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML fragment or document by its shape (see :data:`BEGINS`)."""
    return BEGINS.match(text) is not None and CLOSES.search(text) is not None


class Page(NamedTuple):
    """What a whole document says of itself beside its text."""

    title: str | None
    language: str | None
    url: str | None


def page(html: str) -> Page:
    """A document's title, language and canonical address, each ``None`` where it does not say."""
    tree = LexborHTMLParser(html)
    title = tree.css_first("title")
    root = tree.css_first("html")
    link = tree.css_first("link[rel=canonical]")
    return Page(
        " ".join(title.text().split()) or None if title else None,
        root.attributes.get("lang") if root else None,
        link.attributes.get("href") if link else None,
    )


def draw(html: str) -> tuple[str, tuple[Markup, ...]]:
    """The text a reader sees, a line a block element, and what the markup says of each line.

    Of a document with exactly one ``article``, or else one ``main``, only that is drawn. Linear in
    the length.

    Raises:
        Undecodable: it nests deeper than :data:`DEEPEST`.
    """
    depth = deepest = 0
    for nests in NESTS.finditer(html):
        depth += -1 if nests[1] else 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise Undecodable(Reason.TOO_DEEP, f"HTML nested {deepest} deep, more than {DEEPEST}; send the text instead")
    tree = LexborHTMLParser(html)
    for selector in UNSEEN:
        for node in tree.css(selector):
            if node.tag not in ("html", "body"):
                node.decompose()
    root = tree.body or tree.root
    for tag in ("article", "main"):
        found = tree.css(tag)
        if len(found) == 1:
            root = found[0]
            break
    return _lines(root) if root is not None else ("", ())


class _Lines:
    """Collects pieces of text into lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.marks: list[Markup] = []
        self.length = 0
        self.pieces: list[str] = []
        self.linked = 0
        self.context: tuple[str, ...] = ()

    def text(self, piece: str, linked: bool, context: tuple[str, ...]) -> None:
        if not piece:
            return
        if not self.pieces:
            self.context = context
        self.pieces.append(piece)
        self.linked += len("".join(piece.split())) if linked else 0

    def end(self) -> None:
        line = " ".join("".join(self.pieces).split())
        if line:
            solid = max(1, len(line.replace(" ", "")))
            self.lines.append(line)
            self.marks.append(Markup(self.length, self.length + len(line), min(1.0, self.linked / solid), self.context))
            self.length += len(line) + 1
        self.pieces, self.linked = [], 0


def _lines(root: LexborNode) -> tuple[str, tuple[Markup, ...]]:
    """Walk without recursion, since hostile input nests deeper than Python may call."""
    out = _Lines()
    stack: list[tuple[LexborNode | None, str, bool, tuple[str, ...]]] = [(root, "", False, ())]
    while stack:
        node, closing, linked, context = stack.pop()
        if node is None:
            if closing in BLOCKS:
                out.end()
            continue
        tag = node.tag or ""
        if tag == "-text":
            out.text(node.text_content or "", linked, context)
            continue
        if tag.startswith(("-", "!", "_")):
            continue
        if tag in BLOCKS:
            out.end()
        linked = linked or tag == "a"
        # Bounded: nesting of 100,000 elements must not make 100,000 contexts of that length.
        if len(context) < 12:
            context += _told(node, tag)
        stack.append((None, tag, False, ()))
        children = []
        child = node.child
        while child is not None:
            children.append((child, "", linked, context))
            child = child.next
        stack.extend(reversed(children))
    out.end()
    return "\n".join(out.lines), tuple(out.marks)


def _told(node: LexborNode, tag: str) -> tuple[str, ...]:
    """What an element tells: its name where that is telling, and its class and id."""
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()[:100]
    return (*((tag,) if tag in TELLING else ()), *((named,) if named else ()))
