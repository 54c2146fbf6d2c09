"""Notices in other words than those of ``phrases.json``: a paragraph about the text itself that says what notices say.

``notices.json`` names by language, as regular expressions in small letters, what a notice is ``about`` ("this article",
"die Redaktion") and what it ``says`` of it ("translated with", "keine Haftung"). It is meant to be added to.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

#: Characters of the longest paragraph that is looked at.
_LONGEST = 400
#: Languages whose words are not parted, or grow at their front: what is looked for may begin anywhere.
_GLUED = ("ar", "ja", "ko", "zh")


class _Words(NamedTuple):
    about: re.Pattern[str]
    says: re.Pattern[str]


@cache
def _languages() -> tuple[_Words, ...]:
    file = resources.files("monitor.scoring.boilerplate").joinpath("notices.json")
    listed = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])
    return tuple(
        _Words(*(re.compile(("" if language in _GLUED else r"(?<!\w)") + f"(?:{'|'.join(kinds[kind])})")
                 for kind in _Words._fields))
        for language, kinds in listed.items()
    )  # fmt: skip


def may_be_notice(paragraph: str) -> bool:
    """Whether a paragraph says of the text itself what notices say; stories do so too, in which hardly one is doubtful.

    >>> may_be_notice("This story was translated with the help of software and checked by an editor.")
    True
    >>> may_be_notice("The story was told by the harbour master.")
    False
    """
    if len(paragraph) > _LONGEST:
        return False
    small = paragraph.lower()
    return any(words.about.search(small) and words.says.search(small) for words in _languages())
