"""The comparison: whether two articles that have rows in common are copies, and what follows from how they differ."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.scoring.copies.headlines import in_common, is_changed
from monitor.scoring.copies.record import (
    COPY,
    HEADLINE_CHANGED,
    SHORTENED,
    STALE,
    Comparison,
    Kind,
    Outlet,
)
from monitor.scoring.copies.search import Found
from monitor.scoring.verdict import Flag

HOUR = 3600.0
_DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Rules:
    """When two articles are copies, and what is said of them."""

    #: Share of the shorter story found in the longer one. Unrelated stories have none in common; an edit of one word
    #: in sixteen leaves 0.73.
    containment: float = 0.5
    #: The same for a brief of so many rows at most, and the rows from which a story is none: what companies, treasuries
    #: and exchanges announce is worded alike, with other names. Between them the share falls in proportion. Chosen with
    #: the bounds down to ``same_headline`` on 400 pairs of newswire that were read (``bench/copies_reuters.py``).
    containment_of_brief: float = 0.8
    brief_rows: int = 50
    long_rows: int = 150
    #: Figures in the same surroundings from which a brief needs no more than ``containment``, if all are the same.
    enough_figures: int = 5
    #: Share of the figures in the same surroundings that must be the same: reports of weather, markets and earnings
    #: have the words of the day before, and other figures.
    same_figures: float = 0.75
    #: Share of a brief's headline that must stand in the other's: two dividends may differ in nothing else.
    same_headline: float = 0.5
    #: Seconds by which the earlier copy was published before, from which the later one is stale.
    fresh_seconds: float = 72 * HOUR
    #: Words of the story by those of the earlier one, below which it is shortened.
    shortened: float = 0.6


def is_copy(found: Found, rules: Rules) -> bool:
    """Whether what was found carries the same story: enough of the shorter one, and not with other figures."""
    if found.common < _containment(found, rules) * min(found.mine, found.theirs):
        return False
    return not has_other_figures(found, rules)


def _containment(found: Found, rules: Rules) -> float:
    """The share of the shorter one that is enough."""
    if found.figures >= rules.enough_figures and found.same == found.figures:
        return rules.containment
    brevity = (rules.long_rows - found.rows_of_shorter) / (rules.long_rows - rules.brief_rows)
    return rules.containment + (rules.containment_of_brief - rules.containment) * min(max(brevity, 0.0), 1.0)


def is_brief(found: Found, rules: Rules) -> bool:
    """Whether the shorter of the two stories is so short that headlines count."""
    return found.rows_of_shorter <= rules.brief_rows


def is_of_other_headline(article: Outlet, other: Outlet, rules: Rules) -> bool:
    """Whether the headlines of two briefs say that they are about different things."""
    return in_common(article.title, other.title) < rules.same_headline


def has_other_figures(found: Found, rules: Rules) -> bool:
    """Whether it says the same of other figures, as the next report of a series does."""
    return found.figures > 0 and found.same < rules.same_figures * found.figures


def comparison(found: Found, *, is_later: bool = True) -> Comparison:
    """How the story searched for compares with what was found; ``is_later``: it is the later of the two."""
    mine, theirs = (found.mine, found.theirs) if is_later else (found.theirs, found.mine)
    either = found.mine + found.theirs - found.common
    return Comparison(
        similarity=round(found.common / either, _DIGITS),
        coverage=round(found.common / theirs, _DIGITS),
        added=round(1 - found.common / mine, _DIGITS),
    )


def kind_of(compared: Comparison, *, is_same_source: bool) -> Kind:
    """What the later article is to the earlier one."""
    if not is_same_source:
        return "copy"
    return "resend" if compared.similarity == 1 else "update"


def flags_of(
    kind: Kind, article: Outlet, earlier: Outlet, compared: Comparison, age: float, rules: Rules
) -> list[Flag]:
    """What is to be said of a copy; ``age`` is in seconds."""
    flags = []
    if kind == "copy":
        message = (
            f"carries {compared.coverage:.0%} of the story that {earlier.source} published {_time(age)} before; "
            f"{compared.added:.0%} of it is new"
        )
        flags.append(Flag(COPY, compared.similarity, message))
    if age > rules.fresh_seconds:
        message = f"the story was published {_time(age)} before, at {earlier.source}"
        flags.append(Flag(STALE, 1.0, message))
    if is_changed(earlier.title, article.title):
        flags.append(Flag(HEADLINE_CHANGED, 1.0, f"the headline was “{earlier.title}” at {earlier.source}"))
    if article.words < rules.shortened * earlier.words and compared.coverage < rules.shortened:
        message = f"has {article.words} words of a story of {earlier.words}"
        flags.append(Flag(SHORTENED, round(1 - article.words / earlier.words, _DIGITS), message))
    return flags


def _time(seconds: float) -> str:
    """A span of time for a person: 3 h, or days from two on."""
    hours = seconds / HOUR
    if hours < 1:
        return f"{seconds / 60:.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"
