"""Footers: what syndication puts behind an article to say where it stood first, or which links stand there.

``footers.json`` holds regular expressions by language, each for a whole paragraph in small letters. It is meant to be
added to.
"""

from __future__ import annotations

import re
from functools import cache

from monitor.scoring.word_lists import entries

#: Characters of the longest paragraph that can be a footer.
_LONGEST = 400
_AROUND = " \t\r\xa0.。*_()[]（）<>»→›|-–—\u200b\ufeff"


@cache
def _footer() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{footer})" for footer in entries("monitor.scoring.boilerplate", "footers.json")))


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
    return _footer().fullmatch(paragraph.strip(_AROUND).lower()) is not None
