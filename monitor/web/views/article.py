"""The page of one article: what is wrong with it, and which of its paragraphs show it."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import tomli_w

from monitor.articles.article import Article
from monitor.scoring.copies.record import Copy, Place
from monitor.scoring.flags import FLAGS
from monitor.scoring.thresholds import Thresholds
from monitor.scoring.verdict import Flag, Verdict
from monitor.streaming.place import place_text
from monitor.web.render import render
from monitor.web.views.paragraph_items import items
from monitor.web.views.paragraphs import Shown, anchor, map_of, paragraphs

_KINDS = {kind.code: kind for kind in FLAGS}
#: Paragraphs from which only what is flagged is shown, unless all is asked for.
LONG = 400


class Seen(NamedTuple):
    """An article and its verdict, as it was published or as it is scored anew."""

    article: Article
    verdict: Verdict
    #: That of its source, in force now.
    thresholds: Thresholds
    #: Where it lies; ``None`` for one that lies nowhere.
    place: Place | None = None
    #: Whether the verdict is the one that was published.
    published: bool = True
    arrived_at: float | None = None
    #: Where the later copy lies that corrected it.
    corrected_by: Place | None = None
    copy: Copy | None = None


class FlagShown(NamedTuple):
    """A flag as a sentence, with the rule that raised it and where to look."""

    code: str
    message: str
    score: float
    rule: str
    paragraph: int | None
    bad: bool


class Neighbours(NamedTuple):
    """The addresses of the copies before and after this one, in the list that the reader came from."""

    later: str = ""
    earlier: str = ""
    back: str = "/"


def article_page(seen: Seen, everything: str, now: float, neighbours: Neighbours) -> bytes:
    """The page. ``everything`` is "all", "flagged" or "" for what suits the article's length."""
    return render("article.html", **shown(seen, everything, now), neighbours=neighbours, embedded=False)


def shown(seen: Seen, everything: str, now: float) -> dict[str, Any]:
    """What the templates of an article take."""
    verdict = seen.verdict
    only_flagged = everything == "flagged" or (not everything and len(verdict.paragraphs) > LONG)
    listed = paragraphs(verdict, seen.article.text, only_flagged)
    return {
        "now": now,
        "article": seen.article,
        "verdict": verdict,
        "flags": [flag_shown(flag, verdict, seen.thresholds) for flag in verdict.flags],
        "map": map_of(verdict) if verdict.paragraphs else None,
        "paragraphs": items(listed),
        "left_out": _left_out(verdict, listed),
        "only_flagged": only_flagged,
        "place": place_text(seen.place) if seen.place is not None else "",
        "published": seen.published,
        "corrected_by": place_text(seen.corrected_by) if seen.corrected_by is not None else "",
        "copy": seen.copy,
        "settings_lines": settings_lines(verdict, seen.thresholds),
        "path": place_text,
    }


def _left_out(verdict: Verdict, listed: tuple[Shown, ...]) -> int:
    last = listed[-1].number if listed else 0
    return len(verdict.paragraphs) - last


def flag_shown(flag: Flag, verdict: Verdict, thresholds: Thresholds) -> FlagShown:
    """A flag with its rule under the thresholds of the source; of a code that is not known, without one."""
    kind = _KINDS.get(flag.code)
    rule = kind.when.format(**asdict(thresholds)) if kind is not None else ""
    return FlagShown(flag.code, flag.message, flag.score, rule, anchor(flag, verdict), kind is not None and kind.bad)


def settings_lines(verdict: Verdict, thresholds: Thresholds) -> str:
    """The lines of ``monitor.toml`` that hold the source's thresholds of the flags that were raised; "" for none."""
    common = {threshold.name for threshold in fields(Thresholds)}
    values = {
        threshold.name: getattr(thresholds, threshold.name)
        for flag in verdict.flags
        if flag.code in _KINDS
        for threshold in fields(_KINDS[flag.code].thresholds)
        if threshold.name not in common and hasattr(thresholds, threshold.name)
    }
    return tomli_w.dumps({"sources": {verdict.source: values}}) if values else ""


def article_json(seen: Seen) -> bytes:
    """The verdict, the text that its offsets count in, and where it lies."""
    arrived = seen.arrived_at
    return msgspec.json.encode(
        {
            "place": place_text(seen.place) if seen.place is not None else None,
            "published": seen.published,
            "corrected_by": place_text(seen.corrected_by) if seen.corrected_by is not None else None,
            "arrived_at": datetime.fromtimestamp(arrived, UTC) if arrived is not None else None,
            "verdict": seen.verdict,
            "text": seen.article.text,
            "copy": seen.copy,
        }
    )
