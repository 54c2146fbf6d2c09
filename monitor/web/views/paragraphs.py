"""The paragraphs of an article as its page shows them, and the map of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ftfy.badness import BADNESS_RE

from monitor.articles.printable import printable
from monitor.scoring.flags import markup, mojibake, truncated
from monitor.scoring.verdict import BOILERPLATE, Flag, ParagraphVerdict, Verdict
from monitor.web.views.differences import Segment, differences, marked

#: Characters of an article, paragraphs of it and characters of one that are shown; a browser lays out no more in time.
MOST_CHARACTERS, MOST_PARAGRAPHS, LONGEST_PARAGRAPH = 150_000, 1_500, 20_000
#: Paragraphs of which the differences are shown.
MOST_DIFFERENCES = 100
#: Paragraphs around a marked one that are shown with it.
NEIGHBOURS = 1
#: The map's width in its units, blocks that it has at most, and arcs.
MAP_WIDTH, MOST_BLOCKS, MOST_ARCS = 1000.0, 300, 150
_NAMED = re.compile(r"paragraphs? (\d{1,7})")
_QUOTED = re.compile("“([^”]{2,80})”")
#: What more is marked under a flag: sequences that no language has, tags and entities.
_LOOKS_LIKE = {
    mojibake.CODE: f"(?x:{BADNESS_RE.pattern})",
    markup.CODE: r"</?[A-Za-z!][^<>]{0,200}>|&#?\w{2,10};",
}


class Shown(NamedTuple):
    """One paragraph."""

    #: From 1.
    number: int
    segments: tuple[Segment, ...]
    #: The number of the paragraph that it repeats.
    repeats: int | None
    similarity: float | None
    boilerplate: float
    template: bool
    #: Whether the text was cut behind it.
    cut: bool
    #: Paragraphs between the one before and this one that are not shown.
    left_out: int

    @property
    def is_boilerplate(self) -> bool:
        """Whether it counts as no part of the story."""
        return self.boilerplate >= BOILERPLATE


def anchor(flag: Flag, verdict: Verdict) -> int | None:
    """The number of the first paragraph that a flag is about, from 1; ``None`` where it is about the whole."""
    if not verdict.paragraphs:
        return None
    named = _NAMED.search(flag.message)
    if named and 1 <= int(named[1]) <= len(verdict.paragraphs):
        return int(named[1])
    if flag.code == truncated.CODE:
        story = [n for n, p in enumerate(verdict.paragraphs, 1) if p.boilerplate < BOILERPLATE]
        return story[-1] if story else len(verdict.paragraphs)
    return None


def evidence(flags: Sequence[Flag]) -> re.Pattern[str] | None:
    """What is marked in the text: what the messages quote of it, and all that looks like it.

    >>> evidence([Flag("thin", 0.1, "the stub before a paywall, since paragraph 3 says “read on”")]).pattern
    'read\\\\ on'
    """
    quoted = {quote.rstrip("…") for flag in flags for quote in _QUOTED.findall(flag.message)}
    parts = [re.escape(quote) for quote in sorted(quoted, key=len, reverse=True) if quote]
    parts += [_LOOKS_LIKE[flag.code] for flag in flags if flag.code in _LOOKS_LIKE]
    return re.compile("|".join(parts)) if parts else None


def paragraphs(verdict: Verdict, text: str, only_flagged: bool) -> tuple[Shown, ...]:
    """The paragraphs in order, as many as are shown; those that are marked and their neighbours where asked."""
    anchors = {number for flag in verdict.flags if (number := anchor(flag, verdict))}
    cut = {anchor(flag, verdict) for flag in verdict.flags if flag.code == truncated.CODE}
    marks = evidence(verdict.flags)
    # Broken characters are none of ASCII's, and looking for them is the costliest.
    plain_marks = evidence([flag for flag in verdict.flags if flag.code != mojibake.CODE])
    numbers = _worth_showing(verdict.paragraphs, anchors) if only_flagged else range(1, len(verdict.paragraphs) + 1)
    shown: list[Shown] = []
    characters = compared = last = 0
    for number in numbers:
        paragraph = verdict.paragraphs[number - 1]
        passage = _passage(text, paragraph)
        characters += len(passage)
        if characters > MOST_CHARACTERS or len(shown) == MOST_PARAGRAPHS:
            break
        segments = None
        if paragraph.repeats is not None and paragraph.similarity != 1.0 and compared < MOST_DIFFERENCES:
            compared += 1
            segments = differences(_passage(text, verdict.paragraphs[paragraph.repeats]), passage)
        shown.append(
            Shown(
                number,
                tuple(segments or marked(passage, plain_marks if passage.isascii() else marks)),
                None if paragraph.repeats is None else paragraph.repeats + 1,
                paragraph.similarity,
                paragraph.boilerplate,
                paragraph.template,
                number in cut,
                number - last - 1,
            )
        )
        last = number
    return tuple(shown)


def _passage(text: str, paragraph: ParagraphVerdict) -> str:
    passage = text[paragraph.start : min(paragraph.end, paragraph.start + LONGEST_PARAGRAPH)]
    return printable(passage.replace("\t", " ").replace("\n", " ").replace("\r", " "))


def _worth_showing(paragraphs_: Sequence[ParagraphVerdict], anchors: Collection[int]) -> list[int]:
    marks = set(anchors)
    for number, paragraph in enumerate(paragraphs_, 1):
        if paragraph.repeats is not None:
            marks |= {number, paragraph.repeats + 1}
        elif paragraph.boilerplate >= BOILERPLATE or paragraph.template:
            marks.add(number)
    near = {other for number in marks for other in range(number - NEIGHBOURS, number + NEIGHBOURS + 1)}
    return sorted(number for number in near if 1 <= number <= len(paragraphs_))


class Block(NamedTuple):
    """A stretch of the map: paragraphs of one kind; ``kind`` is story, repeat or boilerplate."""

    x: float
    width: float
    kind: str
    first: int
    last: int


class Arc(NamedTuple):
    """From a paragraph that repeats to the one that it repeats."""

    begin: float
    end: float

    @property
    def height(self) -> float:
        """How high it rises."""
        return round(min(46.0, 8 + abs(self.end - self.begin) / 12), 1)


class Map(NamedTuple):
    """The article as a strip: a block for each stretch of paragraphs, as wide as it is long."""

    blocks: tuple[Block, ...]
    arcs: tuple[Arc, ...]
    words: str


def map_of(verdict: Verdict) -> Map:
    """The map of an article; what it shows is also said in words."""
    characters = sum(p.end - p.start for p in verdict.paragraphs) or 1
    blocks: list[Block] = []
    middles: list[float] = []
    x = 0.0
    least = MAP_WIDTH / MOST_BLOCKS
    for number, paragraph in enumerate(verdict.paragraphs, 1):
        width = MAP_WIDTH * (paragraph.end - paragraph.start) / characters
        middles.append(x + width / 2)
        kind = _kind(paragraph)
        before = blocks[-1] if blocks else None
        # What is thinner than a pixel joins the block before it, of whatever kind that is.
        if before is not None and (before.width < least or (before.kind == kind and width < least)):
            blocks[-1] = before._replace(width=x + width - before.x, last=number)
        else:
            blocks.append(Block(round(x, 1), width, kind, number, number))
        x += width
    repeats = [(number, p.repeats) for number, p in enumerate(verdict.paragraphs) if p.repeats is not None]
    arcs = [Arc(round(middles[number], 1), round(middles[earlier], 1)) for number, earlier in repeats]
    step = max(1, -(-len(arcs) // MOST_ARCS))
    rounded = tuple(block._replace(width=round(max(block.width - 1.5, 0.8), 1)) for block in blocks)
    return Map(rounded, tuple(arcs[::step]), _in_words(verdict))


def _kind(paragraph: ParagraphVerdict) -> str:
    if paragraph.repeats is not None:
        return "repeat"
    return "boilerplate" if paragraph.boilerplate >= BOILERPLATE else "story"


def _in_words(verdict: Verdict) -> str:
    kinds = [_kind(paragraph) for paragraph in verdict.paragraphs]
    count = len(kinds)
    return (
        f"Map of {count} paragraph{'' if count == 1 else 's'}: {kinds.count('repeat')} repeat an earlier one, "
        f"{kinds.count('boilerplate')} are boilerplate"
    )
