"""Text of articles, safe to show on a terminal and in a log."""


def printable(text: str) -> str:
    """``text`` with each control character replaced by U+FFFD, so that it can neither end a line nor steer a terminal.

    >>> printable("Breaking\\x1b[2J news")
    'Breaking�[2J news'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
