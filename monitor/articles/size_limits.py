"""How large a record and an article's text may be."""

from __future__ import annotations

import msgspec


class SizeLimits(msgspec.Struct, frozen=True):
    """What is larger is refused, so that no single record can hold up or fill a worker.

    ``record_bytes`` counts a record, or one document of a file, as it arrived; ``text_characters``
    counts an article's text. A megabyte of text is far above the longest article.
    """

    record_bytes: int = 5_000_000
    text_characters: int = 1_048_576
