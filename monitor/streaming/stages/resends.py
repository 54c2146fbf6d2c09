"""Articles that come again: the same id with the same text."""

from __future__ import annotations

from collections import OrderedDict

import xxhash

#: Articles remembered, the latest, in about 7 MB: ten days at 5,000 a day, one at 50,000.
REMEMBERED = 50_000


class Resends:
    """Remembers the latest articles by a hash of id and text.

    Empty after a restart, and of one worker only, so what it says is a lower bound; records of one
    key come to one worker, which makes it a close one.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._hashes: OrderedDict[int, None] = OrderedDict()

    def seen(self, id_: str, text: str) -> bool:
        """Whether this article is among the remembered; remembers it."""
        hash_ = xxhash.xxh3_64_intdigest(f"{id_}\0{text}".encode("utf-8", "replace"))
        again = hash_ in self._hashes
        self._hashes[hash_] = None
        self._hashes.move_to_end(hash_)
        if len(self._hashes) > self._remembered:
            self._hashes.popitem(last=False)
        return again
