"""Signs: what must stand in a text that has a piece of markup or data, so that patterns are searched for in few texts.

One pass over a text tells which characters of ASCII it has, and most texts have none of the rare ones.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.words import Codes

#: Characters of ASCII.
ASCII = 128


class Signs(NamedTuple):
    """What a text may have, each with a rare character of ASCII that stands beside it, or in it."""

    each: tuple[tuple[int, str], ...]
    rare: int
    """The rare characters, a bit each as in :func:`ascii_of`."""

    @classmethod
    def of(cls, *signs: tuple[str, str]) -> Signs:
        """Of pairs of a rare character and what is looked for."""
        each = tuple((1 << ord(rare), sign) for rare, sign in signs)
        return cls(each, functools.reduce(operator.or_, (rare for rare, _ in each)))

    def are_in(self, text: str, ascii_of_text: int) -> bool:
        """Whether a text, with these characters of ASCII, has any of them."""
        return bool(self.rare & ascii_of_text) and any(
            rare & ascii_of_text and sign in text for rare, sign in self.each
        )


def ascii_of(codes: Codes) -> int:
    """Which characters of ASCII stand among some code points, a bit each.

    >>> from monitor.scoring.text.text import code_points
    >>> bin(ascii_of(code_points("10, 11")) >> ord("0"))
    '0b11'
    """
    return int.from_bytes(np.packbits(_seen(codes), bitorder="little").tobytes(), "little")


@compiled
def _seen(codes: Codes) -> NDArray[np.bool_]:
    seen = np.zeros(ASCII + 1, np.bool_)
    for code in codes:
        seen[min(code, np.uint32(ASCII))] = True
    return seen[:ASCII]


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
