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

from monitor.scoring.alternatives import by_first_letter, hints

#: Characters of the longest paragraph that is looked at.
_LONGEST = 400
#: Languages whose words are not parted, or grow at their front: what is looked for may begin anywhere.
_GLUED = ("ar", "ja", "ko", "zh")


class _Words(NamedTuple):
    about: re.Pattern[str]
    says: re.Pattern[str]


@cache
def _listed() -> dict[str, dict[str, list[str]]]:
    file = resources.files("monitor.scoring.boilerplate").joinpath("notices.json")
    return msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])


@cache
def _languages() -> tuple[_Words, ...]:
    return tuple(
        _Words(*(re.compile(_begun(by_first_letter(kinds[kind]), language)) for kind in _Words._fields))
        for language, kinds in _listed().items()
    )


@cache
def _about_in_any() -> tuple[re.Pattern[str], ...]:
    """What a notice is about in any language: looked for at once, which takes a tenth of the time of one by one."""
    parted = (p for language, kinds in _listed().items() if language not in _GLUED for p in kinds["about"])
    glued = (p for language in _GLUED for p in _listed()[language]["about"])
    return (*hints(parted, before=r"(?<!\w)"), re.compile(by_first_letter(glued)))


def _begun(pattern: str, language: str) -> str:
    return ("" if language in _GLUED else r"(?<!\w)") + f"(?:{pattern})"


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
    if not any(pattern.search(small) for pattern in _about_in_any()):
        return False
    return any(words.about.search(small) and words.says.search(small) for words in _languages())
