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


def in_common(first: str | None, second: str | None) -> float:
    """The share of the shorter headline's words that stand in the other, 0 to 1; 1.0 where one has none.

    >>> in_common("QUAKER OATS CO REGULAR DIVIDEND", "UNIBANCORP INC REGULAR DIVIDEND SET")
    0.4
    """
    shorter, longer = sorted(({*_words(first)}, {*_words(second)}), key=len)
    return len(shorter & longer) / len(shorter) if shorter else 1.0


def _words(headline: str | None) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", headline or "").casefold())
