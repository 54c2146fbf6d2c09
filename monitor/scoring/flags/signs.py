"""Signs: what must stand in a text that has a piece of markup or data, so that patterns are searched for in few texts.

One pass over a text tells which characters of ASCII it has, and which of them side by side: most texts have none of the
signs, and for each to be searched in the text took four times as long.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.text import code_points
from monitor.scoring.text.words import Codes

#: Characters of ASCII.
ASCII = 128
_OTHER, _ALONE = ASCII, ASCII + 1
_ROW = ASCII + 1


def neighbours(text: str, codes: Codes | None = None) -> bytes:
    """Which characters of ASCII stand in a text, and which behind which: 1 at the places of :class:`Signs`, else 0.

    ``codes`` are the text's :func:`~monitor.scoring.text.text.code_points` where they are known.
    """
    return _neighbours(code_points(text) if codes is None else codes).tobytes()


@compiled
def _neighbours(codes: Codes) -> NDArray[np.bool_]:
    seen = np.zeros((_ALONE + 1) * _ROW, np.bool_)
    before = np.int64(_OTHER)
    for code in codes:
        after = np.int64(min(code, np.uint32(_OTHER)))
        seen[before * _ROW + after] = True
        seen[_ALONE * _ROW + after] = True
        before = after
    return seen


class Signs(NamedTuple):
    """Pieces of ASCII, of which a text may have one."""

    each: tuple[tuple[str, tuple[int, ...]], ...]
    """Each with its places in what :func:`neighbours` gives."""

    @classmethod
    def of(cls, *signs: str) -> Signs:
        """Of some pieces of one character or more."""
        return cls(tuple((sign, _places(sign)) for sign in signs))

    def are_in(self, text: str, known: bytes) -> bool:
        """Whether any stands in a text; ``known`` is what :func:`neighbours` says of it.

        >>> signs = Signs.of("{{", "var ")
        >>> [signs.are_in(text, neighbours(text)) for text in ("{{ a }}", "{ a }", "a var b", "va ar ")]
        [True, False, True, False]
        """
        for sign, places in self.each:
            for place in places:
                if not known[place]:
                    break
            else:
                if len(sign) <= 2 or sign in text:
                    return True
        return False


def _places(sign: str) -> tuple[int, ...]:
    if len(sign) == 1:
        return (_ALONE * _ROW + ord(sign),)
    return tuple(ord(before) * _ROW + ord(after) for before, after in pairwise(sign))


class Alternatives(NamedTuple):
    """A pattern of alternatives, each with what must stand in a text that has it.

    Only those that may match are searched for: few begin with as many letters as all do, and the search leaps from one
    such letter to the next.
    """

    each: tuple[tuple[str, str], ...]

    def findall(self, text: str) -> list[str]:
        """All that match, in order.

        >>> Alternatives((("{", r"\\{\\w+:"), ("window.", r"window\\.\\w"))).findall("{color: red} window")
        ['{color:']
        """
        possible = tuple(pattern for sign, pattern in self.each if sign in text)
        return _any(possible).findall(text) if possible else []

    def search(self, text: str) -> re.Match[str] | None:
        """The first that matches."""
        possible = tuple(pattern for sign, pattern in self.each if sign in text)
        return _any(possible).search(text) if possible else None


@functools.lru_cache(maxsize=1024)
def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))
