"""Footers: what syndication puts behind an article to say where it stood first, or which links stand there.

``footers.json`` holds regular expressions by language, each for a whole paragraph in small letters. It is meant to be
added to.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from monitor.scoring.alternatives import by_first_letter, hints
from monitor.scoring.word_lists import entries

#: Characters of the longest paragraph that can be a footer.
_LONGEST = 400
_AROUND = " \t\r\xa0.。*_()[]（）<>»→›|-–—\u200b\ufeff"


class _Patterns(NamedTuple):
    begin: re.Pattern[str]
    """What footers begin with that do not begin with anything."""
    within: re.Pattern[str]
    """What stands in the others."""
    footer: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    listed = entries("monitor.scoring.boilerplate", "footers.json")
    return _Patterns(*hints(listed), re.compile(by_first_letter(listed)))


def is_footer(paragraph: str) -> bool:
    """Whether a paragraph says only where the article stood first, or names its source or tags.

    >>> is_footer("The post Ferry sails again appeared first on Quay Courier.")
    True
    >>> is_footer("Der Beitrag Fähre fährt wieder erschien zuerst auf Kaibote.")
    True
    >>> is_footer("The post office on the quay closes at noon.")
    False
    """
    if len(paragraph) > _LONGEST:
        return False
    known = _patterns()
    small = paragraph.strip(_AROUND).lower()
    may_be = known.begin.match(small) or known.within.search(small)
    return may_be is not None and known.footer.fullmatch(small) is not None
