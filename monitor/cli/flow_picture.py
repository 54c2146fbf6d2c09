"""The picture of how a verdict comes about: the stages and their topics, drawn from what the stages declare."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.articles.formats import NAMES
from monitor.scoring.flags import CODES
from monitor.streaming.stages.stage import Stage
from monitor.streaming.topics import Topic

#: Units of the picture: a box, the room between rows, and where the three columns begin.
WIDTH, BOX, HEIGHT, GAP = 900, 210, 34, 14
COLUMNS = (10, 345, 680)
#: What the stage score does with an article, in order.
STEPS = (
    f"decode one of {len(NAMES)} formats",
    "read the text once: words, sentences, paragraphs",
    "repetition: which paragraph repeats which",
    "boilerplate: what is no part of the story",
    "what the source always sends",
    f"{len(CODES)} flags, each with its evidence",
)
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b2230}.topic{fill:#f5f7fa;stroke:#9aa7b8}"
    ".stage{fill:#dfeafa;stroke:#1f4f99}.step{fill:#fff;stroke:#1f4f99}line{stroke:#555f6e;marker-end:url(#a)}"
    ".dashed{stroke-dasharray:4 3}@media(prefers-color-scheme:dark){text{fill:#e6e9ef}.topic{fill:#1d232d}"
    ".stage{fill:#1c3254;stroke:#8ab4f8}.step{fill:#14181f;stroke:#8ab4f8}line{stroke:#a4aebd}}"
)


def picture(stages: Sequence[type[Stage]]) -> str:
    """The picture as SVG: a row for each stage, left what it reads and follows, right what it writes and stores."""
    parts: list[str] = []
    y = 10
    for stage in stages:
        left = [(stage.reads, False), *((topic, True) for topic in stage.follows)]
        right = [*stage.writes, *([stage.stores] if stage.stores else [])]
        inner = STEPS if stage is stages[0] else ()
        rows = max(len(left), len(right), 1 + len(inner))
        parts += _stage(stage.name, y, inner)
        middle = y + HEIGHT // 2
        for number, (topic, is_followed) in enumerate(left):
            parts += _topic(topic, COLUMNS[0], y + number * (HEIGHT + GAP))
            parts.append(
                _arrow(COLUMNS[0] + BOX, y + number * (HEIGHT + GAP) + HEIGHT // 2, COLUMNS[1], middle, is_followed)
            )
        for number, topic in enumerate(right):
            parts += _topic(topic, COLUMNS[2], y + number * (HEIGHT + GAP))
            parts.append(_arrow(COLUMNS[1] + BOX, middle, COLUMNS[2], y + number * (HEIGHT + GAP) + HEIGHT // 2, False))
        y += rows * (HEIGHT + GAP) + 24
    described = (
        "The stages " + ", ".join(stage.name for stage in stages) + " with the topics that each reads and writes"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="{described}">\n'
        f"<style>{_STYLE}</style>\n"
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#555f6e"/></marker></defs>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _stage(name: str, y: int, steps: Sequence[str]) -> list[str]:
    parts = [_box("stage", COLUMNS[1], y, f"stage {name}")]
    return parts + [
        _box("step", COLUMNS[1], y + (number + 1) * (HEIGHT + GAP), step) for number, step in enumerate(steps)
    ]


def _topic(topic: Topic, x: int, y: int) -> list[str]:
    return [_box("topic", x, y, topic.name)]


def _box(kind: str, x: int, y: int, text: str) -> str:
    lines = _wrapped(text)
    height = max(HEIGHT, 16 * len(lines) + 6)
    first = y + height / 2 - 8 * (len(lines) - 1) + 4
    texts = "".join(
        f'<text x="{x + BOX / 2:g}" y="{first + 16 * number:g}" text-anchor="middle">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{BOX}" height="{height}" rx="5"/>{texts}'


def _arrow(x: int, y: int, x_end: int, y_end: int, dashed: bool) -> str:
    kind = ' class="dashed"' if dashed else ""
    return f'<line{kind} x1="{x}" y1="{y}" x2="{x_end}" y2="{y_end}"/>'


def _wrapped(text: str, longest: int = 30) -> list[str]:
    """A text in lines of a few words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
