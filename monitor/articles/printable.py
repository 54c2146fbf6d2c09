"""Text from outside as a terminal, a log line or the page may show it."""

from __future__ import annotations

import unicodedata

#: Invisible characters that texts of good faith need, and that neither steer a terminal nor reorder what is read.
KEPT = frozenset(
    "\N{SOFT HYPHEN}"
    "\N{ZERO WIDTH NON-JOINER}"  # Persian, within words
    "\N{ZERO WIDTH JOINER}"  # emoji of several parts
    "\N{ZERO WIDTH SPACE}"  # Thai, Khmer, Burmese: between words
    "\N{WORD JOINER}"
    "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}"
)


def printable(text: str) -> str:
    """The text with each character that could steer a terminal, or reorder what is read, replaced by U+FFFD.

    Replaced are control characters (an escape sequence begins with one; a line ends with one), lone surrogates,
    marks that turn the direction of what follows, and characters that nobody has assigned. Spaces of any width stay.

    >>> printable("a\\x1b[31mred")
    'a�[31mred'
    >>> printable("10\N{NO-BREAK SPACE}% \N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}") == "10\N{NO-BREAK SPACE}% 👩‍🚀"
    True
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in KEPT or unicodedata.category(c) == "Zs" else "\ufffd" for c in text)
