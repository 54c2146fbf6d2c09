"""Damage: bad copies made of good bodies, each with the truth of what was done to it.

Every function takes the body, a seeded ``random.Random`` and a strength from 0 (hardly) to 1 (all of it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from monitor.scoring.text.text import Text, count_words

_LINKS = (
    "Read more: Five places to spend a rainy weekend",
    "Most popular",
    "- Harbour Bridge Opens Early To Cheers",
    "- What The New Ferry Timetable Means For You",
    "Watch: the moment the old chimney came down",
    "Sign up for our evening letter",
    "Advertisement",
)


class Damaged(NamedTuple):
    """A damaged body: ``repeated`` are the ranges of code points, ends excluded, that repeat earlier text."""

    text: str
    repeated: tuple[tuple[int, int], ...] = ()
    declared_words: int | None = None


def _join(lines: list[tuple[str, bool]], separator: str = "\n") -> Damaged:
    """Lines, each with whether it repeats, as one text with the ranges of those that do."""
    at, ranges = 0, []
    for line, repeats in lines:
        if repeats:
            ranges.append((at, at + len(line)))
        at += len(line) + len(separator)
    return Damaged(separator.join(line for line, _ in lines), tuple(ranges))


def _block(lines: list[str], random: Random, strength: float, least: int = 3) -> tuple[int, int]:
    """Paragraphs in a row, at least so many, the share ``strength`` of all."""
    length = min(max(round(strength * len(lines)), least), len(lines))
    first = random.randrange(len(lines) - length + 1)
    return first, first + length


def block_twice(body: str, random: Random, strength: float) -> Damaged:
    """A block of paragraphs stands a second time, behind the body or right behind itself."""
    lines = body.split("\n")
    first, last = _block(lines, random, strength)
    at = random.choice((last, len(lines)))
    return _join(
        [(x, False) for x in lines[:at]] + [(x, True) for x in lines[first:last]] + [(x, False) for x in lines[at:]]
    )


def edited_block_twice(body: str, random: Random, strength: float) -> Damaged:
    """As :func:`block_twice`, each paragraph of the second block edited lightly."""
    lines = body.split("\n")
    first, last = _block(lines, random, strength)
    return _join([(x, False) for x in lines] + [(edit(x, random), True) for x in lines[first:last]])


def interleaved_block_twice(body: str, random: Random, strength: float) -> Damaged:
    """As :func:`block_twice`, with lines of links among the second block's paragraphs."""
    lines = body.split("\n")
    first, last = _block(lines, random, strength)
    result = [(x, False) for x in lines]
    links = list(_LINKS)
    random.shuffle(links)
    for line in lines[first:last]:
        result.append((line, True))
        if links and random.random() < 0.4:
            result.append((links.pop(), False))
    return _join(result)


def resplit_block_twice(body: str, random: Random, strength: float) -> Damaged:
    """As :func:`block_twice`, paragraphs of the second block joined by two, or split behind a sentence."""
    lines = body.split("\n")
    first, last = _block(lines, random, strength)
    block = lines[first:last]
    again: list[str] = []
    while block:
        line = block.pop(0)
        if block and random.random() < 0.5:
            again.append(f"{line} {block.pop(0)}")
        elif len(parts := re.split(r"(?<=[.!?]) (?=[A-Z“\"])", line, maxsplit=1)) == 2:
            again.extend(parts)
        else:
            again.append(line)
    return _join([(x, False) for x in lines] + [(x, True) for x in again])


def one_line_twice(body: str, random: Random, strength: float) -> Damaged:
    """The whole body on one line, twice; the strength says nothing."""
    flat = " ".join(body.split("\n"))
    return _join([(flat, False), (flat, True)], " ")


def paragraph_twice(body: str, random: Random, strength: float) -> Damaged:
    """One to three long paragraphs stand a second time, further down, by strength edited or not."""
    lines = body.split("\n")
    long = [i for i, line in enumerate(lines) if len(line.split()) >= 15]
    if not long:
        return Damaged(body)
    result = [(x, False) for x in lines]
    for i in sorted(random.sample(long, min(len(long), 1 + int(strength * 2))), reverse=True):
        again = lines[i] if random.random() < 0.5 else edit(lines[i], random)
        result.insert(min(len(result), i + random.randint(3, 12)), (again, True))
    return _join(result)


def edit(line: str, random: Random) -> str:
    """A paragraph as another hand would have it: other quotes, case, dash, number format, or a word dropped."""
    edits: tuple[Callable[[str], str], ...] = (
        lambda x: x.translate(str.maketrans("“”‘’", "\"\"''")).replace('"', "'"),
        lambda x: re.sub(r"(?<=\d),(?=\d{3})", "", x),
        lambda x: x.replace(" – ", " - ").replace("—", " - ").replace(", ", " - ", 1),
        lambda x: x.upper() if len(x.split()) < 12 else x[:1].lower() + x[1:],
        lambda x: re.sub(r"[.!?]$", "", x),
        lambda x: _drop_word(x, random),
    )
    for change in random.sample(edits, random.randint(1, 3)):
        line = change(line)
    return line


def _drop_word(line: str, random: Random) -> str:
    words = line.split(" ")
    if len(words) >= 8:
        del words[random.randrange(1, len(words) - 1)]
    return " ".join(words)


def cut(body: str, random: Random, strength: float) -> Damaged:
    """The end is missing: cut in the middle of a sentence, a blank or a word; by feeds' marks; or declared."""
    start = int(len(body) * (1 - 0.8 * strength))
    at = random.randint(min(start, len(body) - 1), max(start, int(len(body) * 0.95)))
    # In the middle of a sentence: not where a paragraph or sentence would end by itself.
    while at > 40 and not (
        body[at - 1].isalnum() and body[at - 12 : at].find(". ") < 0 and "\n" not in body[at - 12 : at]
    ):
        at -= 1
    kept = body[:at]
    kind = random.choice(("word", "blank", "ellipsis", "marker", "declared"))
    if kind == "word":
        return Damaged(kept)
    kept = kept.rsplit(" ", 1)[0] if " " in kept[-40:] else kept
    if kind == "blank":
        return Damaged(kept)
    if kind == "ellipsis":
        return Damaged(kept + random.choice(("…", "...", " …", " ...")))
    if kind == "marker":
        return Damaged(f"{kept}… [+{len(body) - len(kept)} chars]")
    until_line_end = body[: body.rfind("\n", 0, max(at, body.find("\n") + 1))] or kept
    # Where most of the body is left, the declared count is so high that the rest is still far below it.
    factor = 1 if len(until_line_end) < 0.5 * len(body) else 3
    return Damaged(until_line_end, declared_words=factor * len(body.split()))


def decoded_wrongly(body: str, random: Random, strength: float) -> Damaged:
    """The text's bytes read with another encoding, in a share of the paragraphs; as it was where nothing changes."""
    encoding = random.choice(("cp1252", "cp1252", "latin-1", "mac-roman", "cp1251", "utf-8"))
    lines = body.split("\n")
    hit = [i for i, line in enumerate(lines) if not line.isascii()]
    random.shuffle(hit)
    for i in hit[: max(1, round(strength * len(hit)))]:
        if encoding == "utf-8":
            lines[i] = lines[i].encode("cp1252", "ignore").decode("utf-8", "replace")
        else:
            lines[i] = lines[i].encode().decode(encoding, "replace")
    return Damaged("\n".join(lines))


_PIECES = (
    '<div class="related"><a href="/more/harbour">More on the harbour</a></div>',
    "<p>The council meets again on Monday.</p><br/>",
    "(function(d, s) { var js = d.createElement(s); window.tracker = js; })(document, 'script');",
    ".story-card { margin: 0 auto; color: #333333; font-weight: bold; }",
    "{{ article.related|safe }} {% include 'footer.html' %}",
    '[caption id="attachment_4711" align="alignleft" width="300"]The old harbour[/caption]',
    "<!-- ad slot 3 --><script async src='https://ads.example/x.js'></script>",
    "if (typeof window.dataLayer === 'undefined') { window.dataLayer = []; }",
)


def marked_up(body: str, random: Random, strength: float) -> Damaged:
    """Tags around paragraphs, entities for signs, and pieces of script, style and template code among them."""
    lines = body.split("\n")
    kinds = random.sample(("tags", "entities", "pieces"), 1 + int(2 * strength))
    for _ in range(max(1, round(strength * len(lines)))):
        i = random.randrange(len(lines))
        if "tags" in kinds:
            words = lines[i].split(" ")
            k = random.randrange(len(words))
            words[k] = random.choice(("<b>{}</b>", '<a href="/tag/x">{}</a>', "<em>{}</em>", "{}<br/>")).format(
                words[k]
            )
            lines[i] = "<p>" + " ".join(words) + "</p>"
        if "entities" in kinds:
            lines[i] = re.sub("[’']", "&#39;", re.sub('[“”"]', "&quot;", lines[i])).replace(" ", "&nbsp;", 2)
    if "pieces" in kinds:
        for piece in random.sample(_PIECES, 1 + int(strength * 4)):
            lines.insert(random.randrange(len(lines) + 1), piece)
    return Damaged("\n".join(lines))


_PAYWALL = (
    "Subscribe to continue reading this story.",
    "This report is for subscribers only. Log in to read the full text.",
    "Already a subscriber? Sign in to continue.",
)


def stubbed(body: str, random: Random, strength: float) -> Damaged:
    """Only the first sentences are left, at most 45 words; half the time a paywall's line stands behind them.

    A body in a script without blanks between words stays as it was.
    """
    if Text.of_lines([body]).has_unspaced:
        return Damaged(body)
    limit = max(round(45 * (1 - 0.8 * strength)), 5)
    kept = " ".join(body.split()[:limit])
    ends = [match.end() for match in re.finditer(r"[.!?](?= )|[.!?]$", kept)]
    kept = kept[: ends[-1]] if ends else kept
    return Damaged(f"{kept}\n{random.choice(_PAYWALL)}" if random.random() < 0.5 else kept)


def buried(body: str, waste: list[str], random: Random, strength: float) -> Damaged | None:
    """The body among lines of ``waste``, which make 46 to 67 % of the words; None where there is too little of it.

    Half the time all of the lines stand behind the body, else the first third of them before it.
    """
    share = 0.42 + 0.25 * strength
    need = sum(count_words(body.split("\n"))) * share / (1 - share)
    around = waste_around(waste, need, random.random)
    if around is None:
        return None
    before, behind = around
    return Damaged("\n".join((*before, body, *behind)))


def waste_around(
    waste: Sequence[str], need: float, chance: Callable[[], float]
) -> tuple[Sequence[str], Sequence[str]] | None:
    """The first lines of ``waste`` that make ``need`` words: those to stand before a body, and those behind it.

    None where all of them have fewer words. Where ``chance()``, 0 to 1, is below a half, a third stands before the
    body, else all behind it.
    """
    added: list[str] = []
    for line, count in zip(waste, count_words(waste), strict=True):
        if need <= 0:
            break
        added.append(line)
        need -= count
    if need > 0:
        return None
    before = len(added) // 3 if chance() < 0.5 else 0
    return added[:before], added[before:]


Maker = Callable[[str, Random, float], Damaged]

#: The makers of copies that repeat themselves.
REPEATING: tuple[Maker, ...] = (
    block_twice,
    edited_block_twice,
    interleaved_block_twice,
    resplit_block_twice,
    one_line_twice,
    paragraph_twice,
)
