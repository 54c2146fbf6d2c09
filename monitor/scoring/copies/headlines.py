"""Whether two copies have one headline."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
#: Words of the shorter headline from which the longer one is the same with an outlet's name or a rubric added.
_ENOUGH = 3


def is_changed(earlier: str | None, later: str | None) -> bool:
    """Whether both have a headline, and other words in it than a name before or behind it.

    >>> is_changed("Ferry sails again", "FERRY SAILS AGAIN | The Daily Lantern")
    False
    >>> is_changed("Ferry sails again", "Ferry never sailed")
    True
    """
    first, second = sorted((_words(earlier), _words(later)), key=len)
    if not first or first == second:
        return False
    return len(first) < _ENOUGH or first not in (second[: len(first)], second[-len(first) :])


def _words(headline: str | None) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", headline or "").casefold())
