"""The part of a press release that says who sends it: "About Quay Ferries", and behind it what Quay Ferries is.

``about.json`` names by language what such a heading begins with. It is meant to be added to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from monitor.scoring.word_lists import entries

#: Characters of the longest name, and of what is said before it: "The", "Die".
_NAME, _BEFORE = 80, 12
#: The same behind a colon: "About the Guild: Founded in 1671, the Guild".
_BEFORE_INLINE = 40
#: Articles that a name may stand behind.
_ARTICLE = "the |die |der |das |den |la |le |les |l['’]|el |los |las |il |lo |gli |a |o |os |as |de |het "


@cache
def _heading() -> re.Pattern[str]:
    """A heading, or a paragraph that begins with one; the group is the first word of the name."""
    listed = entries("monitor.scoring.boilerplate", "about.json")
    # A blank parts a word from the name, but neither an apostrophe nor a Chinese character.
    begins = "|".join(re.escape(p) + ("" if p[-1] in "'’" or p[-1] >= "\u3000" else r"\s") for p in listed)
    # The name has a capital, if not its first word: "À propos du musée des Augustins".
    capital = "(?-i:[^\\W_a-zß-öø-ÿ])"
    first = rf"(?:{capital}|(?=[^.!?:\n]{{1,{_NAME}}} {capital}))[\w&.'’-]+"
    name = rf"(?:{_ARTICLE})?(?P<name>{first})[^.!?:\n]{{0,{_NAME}}}"
    return re.compile(rf"\W*(?:{begins}){name}(?P<end>\Z|[.:]\s|\s[-–—]\s)", re.IGNORECASE)


@cache
def _first_letters() -> frozenset[str]:
    """The first two characters of what a heading may begin with, in small letters."""
    return frozenset(begin[:2].lower() for begin in entries("monitor.scoring.boilerplate", "about.json"))


def _may_begin(passage: str) -> bool:
    """Whether a heading may stand at the begin of a paragraph: told in a fourth of the time of the match."""
    first = passage[:2]
    return not (first.isascii() and first.isalnum()) or first.lower() in _first_letters()


def company_parts(passages: Sequence[str]) -> list[int]:
    """The paragraphs, by their indices, that say who sends a press release.

    >>> story = ["The ferry sails again.", "It was out of service for a week.", "Divers had freed it."]
    >>> company_parts([*story, "About Quay Ferries", "Quay Ferries is a leading provider of crossings."])
    [3, 4]
    >>> company_parts([*story, "About Quay Ferries. Quay Ferries is a leading provider of crossings."])
    [3]
    >>> company_parts([*story, "About the Guild of Bakers: Founded in 1671, the Guild has 1,400 members."])
    [3]
    >>> company_parts([*story, "About Town", "The market opens on Monday."])
    []
    """
    found: list[int] = []
    for i in range(len(passages) // 2, len(passages)):
        match = _heading().match(passages[i][: 2 * _NAME]) if _may_begin(passages[i]) else None
        if match is None:
            continue
        name = match["name"].lower().rstrip(".'’-")
        if match["end"]:
            before = _BEFORE_INLINE if match["end"][0] == ":" else _BEFORE
            if _is_about(passages[i][match.end() :], name, before):
                found.append(i)
        elif i + 1 < len(passages) and _is_about(passages[i + 1], name):
            found += [i, i + 1]
    return found


def _is_about(text: str, name: str, before: int = _BEFORE) -> bool:
    """Whether a text begins with a name, behind an article at most, or behind a few words: so many characters."""
    return 0 <= text.lower().find(name) <= before
