"""Text drawn from HTML: a line a block element, with what the markup says of each line."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from monitor.articles.article import Markup
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.tags import Tag, tokens

#: Elements that begin a line of their own.
BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html iframe legend li main menu nav ol option p pre "
    "section select summary table tbody td textarea tfoot th thead tr ul video audio".split()
)
#: Elements without content.
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
#: Elements whose content no reader sees.
UNSEEN = frozenset("script style template noscript head title svg math object iframe textarea noembed noframes".split())
#: Enclosing elements that tell what a line is for.
TELLING = frozenset(
    "aside figcaption figure nav footer header form button h1 h2 h3 h4 h5 h6 li blockquote table".split()
)
#: Start tags that end an open element of those names, and where the search for it stops.
IMPLIED = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
    "tr": ({"tr"}, {"table"}),
    "option": ({"option"}, {"select"}),
    "a": ({"a"}, {"table"}),
    "body": ({"head"}, set()),
}
#: Blocks that may stand in a paragraph; any other ends it.
IN_PARAGRAPH = frozenset(
    "body br button caption html iframe legend option select tbody td textarea tfoot th thead tr video audio".split()
)
PARAGRAPH = ({"p"}, {"td", "th", "button", "caption"})
#: Elements nested deeper are drawn, but not remembered; and so far up is looked for what a tag ends.
#: Both bound the work per tag.
DEEPEST, REACH = 100, 16
#: A page of news has up to 20,000 tags. So many take a second to draw, of 5 MB of tags ten.
MOST_TAGS = 100_000
#: Properties of Open Graph that are kept of a page.
MOST_SOCIAL = 50


class Page(NamedTuple):
    """What a whole document says of itself beside its text; ``data`` is its JSON-LD, as written.

    ``heading`` is its first ``h1`` with a text, on one line. ``social`` is its Open Graph: ``og:site_name`` and so on.
    """

    title: str | None
    heading: str | None
    language: str | None
    url: str | None
    data: tuple[str, ...]
    social: dict[str, str]


def page(html: str) -> Page:
    """A document's title, first heading, language, canonical address, JSON-LD and Open Graph, as far as it says."""
    title = heading = language = url = None
    heading_pieces: list[str] | None = None
    data: list[str] = []
    social: dict[str, str] = {}
    inside: str | None = None
    tags = 0
    for token in tokens(html):
        if isinstance(token, str):
            if inside == "title" and title is None:
                title = " ".join(token.split()) or None
            elif inside == "data" and len(data) < 8:
                data.append(token)
            elif heading_pieces is not None:
                heading_pieces.append(token)
            continue
        inside = None
        tags += 1
        if tags > MOST_TAGS:
            break
        if token.name == "h1" and heading is None:
            if token.end:
                heading = " ".join("".join(heading_pieces or ()).split()) or None
            heading_pieces = None if token.end else []
        if token.end:
            continue
        if token.name == "title":
            inside = "title"
        elif token.name == "html":
            language = language or token.attributes().get("lang")
        elif token.name == "link" and url is None and "canonical" in token.attributes_text:
            attributes = token.attributes()
            url = attributes.get("href") if attributes.get("rel", "").lower() == "canonical" else None
        elif token.name == "script" and "ld+json" in token.attributes_text:
            inside = "data"
        elif token.name == "meta" and "og:" in token.attributes_text and len(social) < MOST_SOCIAL:
            attributes = token.attributes()
            social.setdefault(attributes.get("property", ""), attributes.get("content", ""))
    return Page(title, heading, language, url, tuple(data), social)


def draw(html: str, most_characters: int | None = None) -> tuple[str, tuple[Markup, ...]]:
    """The text a reader sees, a line a block element, and what the markup says of each line.

    Of a document with exactly one ``article``, or else one ``main``, only that is drawn, unless it
    holds no text. Any string gives a text, in time linear in its length.

    Args:
        most_characters: drawing stops at the first line beyond so many characters, and at :data:`MOST_TAGS`.

    Raises:
        Undecodable: where there is a limit, and there are more tags than :data:`MOST_TAGS`.
    """
    drawing = _Drawing()
    tags = 0
    for token in tokens(html):
        if isinstance(token, str):
            drawing.text(token)
            continue
        tags += 1
        if token.end:
            drawing.end(token.name)
        else:
            drawing.start(token)
        if most_characters is not None:
            if tags > MOST_TAGS:
                message = f"HTML of more than {MOST_TAGS:,} tags; send the article's text, or its HTML alone"
                raise Undecodable(Reason.TOO_MANY_TAGS, message)
            if drawing.characters > most_characters:
                break
    drawing.end_line()
    lines = drawing.lines
    for name in ("article", "main"):
        within = [line for line in lines if name in line.within]
        if drawing.seen[name] == 1 and within:
            lines = within
            break
    marks, length = [], 0
    for line in lines:
        marks.append(Markup(length, length + len(line.text), line.links, line.context))
        length += len(line.text) + 1
    return "\n".join(line.text for line in lines), tuple(marks)


class _Element(NamedTuple):
    name: str
    unseen: bool
    context: tuple[str, ...]
    within: frozenset[str]


class _Line(NamedTuple):
    text: str
    links: float
    context: tuple[str, ...]
    within: frozenset[str]


_NOTHING = _Element("", False, (), frozenset())


class _Drawing:
    """The elements that are open, and the lines so far."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.characters = 0
        self.seen: Counter[str] = Counter()
        self._open: list[_Element] = []
        self._names: Counter[str] = Counter()
        self._pieces: list[str] = []
        self._linked = 0
        self._first = _NOTHING

    def start(self, tag: Tag) -> None:
        """Take a start tag."""
        name = tag.name
        if name in BLOCKS:
            self.end_line()
        if name in VOID or (not tag.attributes_text and name not in BLOCKS and name not in UNSEEN and name != "a"):
            return
        if name in IMPLIED:
            self._imply(*IMPLIED[name])
        if self._names["p"] and name in BLOCKS and name not in IN_PARAGRAPH:
            self._imply(*PARAGRAPH)
        if name in ("article", "main"):
            self.seen[name] += 1
        if tag.closed or len(self._open) >= DEEPEST:
            return
        attributes = _attributes_of(tag)
        hidden = name in UNSEEN or (attributes is not None and attributes.hidden)
        if not (attributes or hidden or name == "a" or name in BLOCKS):
            return
        above = self._open[-1] if self._open else _NOTHING
        context = above.context
        # Bounded, as what is kept of an element is.
        if len(context) < 12:
            context += ((name,) if name in TELLING else ()) + (
                (attributes.names,) if attributes and attributes.names else ()
            )
        within = above.within | {name} if name in ("article", "main") else above.within
        self._open.append(_Element(name, above.unseen or hidden, context, within))
        self._names[name] += 1

    def end(self, name: str) -> None:
        """Take an end tag; one that nothing opened is nothing, but for the line it ends."""
        if name in BLOCKS:
            self.end_line()
        if not self._names[name]:
            return
        if name in BLOCKS or name in UNSEEN:
            while self._open:
                if self._close(-1) == name:
                    return
        # A link or a span ends alone: what was opened inside it stays open.
        for back in range(1, min(REACH, len(self._open)) + 1):
            if self._open[-back].name == name:
                self._close(-back)
                return

    def text(self, piece: str) -> None:
        """Take a text."""
        now = self._open[-1] if self._open else _NOTHING
        if now.unseen:
            return
        if self._names["pre"] and "\n" in piece:
            *lines, piece = piece.split("\n")
            for line in lines:
                self._add(line, now)
                self.end_line()
        self._add(piece, now)

    def end_line(self) -> None:
        """End the line that is being collected."""
        if not self._pieces:
            return
        line = " ".join("".join(self._pieces).split())
        if line:
            solid = len(line) - line.count(" ")
            links = min(1.0, self._linked / solid)
            self.lines.append(_Line(line, links, self._first.context, self._first.within))
            self.characters += len(line) + 1
        self._pieces, self._linked = [], 0

    def _add(self, piece: str, now: _Element) -> None:
        solid = sum(map(len, piece.split())) if self._names["a"] or not self._pieces else 0
        if not self._pieces:
            if not solid:
                return
            self._first = now
        self._pieces.append(piece)
        if self._names["a"]:
            self._linked += solid

    def _close(self, index: int) -> str:
        name = self._open.pop(index).name
        self._names[name] -= 1
        return name

    def _imply(self, names: set[str], stops: set[str]) -> None:
        if not any(self._names[name] for name in names):
            return
        for back in range(1, min(REACH, len(self._open)) + 1):
            name = self._open[-back].name
            if name in names:
                for _ in range(1 if name == "a" else back):
                    self._close(-back if name == "a" else -1)
                return
            if name in stops:
                return


class _Attributes(NamedTuple):
    names: str
    hidden: bool


def _attributes_of(tag: Tag) -> _Attributes | None:
    """An element's class and id, and whether it is hidden; ``None`` where it says none of it."""
    written = tag.attributes_text.lower()
    if not written or not ("class" in written or "id" in written):  # "hidden" holds "id"
        return None
    attributes = tag.attributes()
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".strip().lower()[:100]
    hidden = "hidden" in attributes and tag.name not in ("html", "body")
    return _Attributes(" ".join(names.split()), hidden) if names or hidden else None
