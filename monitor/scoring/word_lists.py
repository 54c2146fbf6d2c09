"""Files of words, phrases or patterns by language, which are meant to be added to."""

from __future__ import annotations

from importlib import resources

import msgspec


def entries(package: str, name: str) -> list[str]:
    """What a file in a package lists for any language, each once, in order.

    >>> "the" in entries("monitor.scoring.flags", "function_words.json")
    True
    """
    by_language = msgspec.json.decode(resources.files(package).joinpath(name).read_bytes(), type=dict[str, list[str]])
    return sorted({entry for listed in by_language.values() for entry in listed})
