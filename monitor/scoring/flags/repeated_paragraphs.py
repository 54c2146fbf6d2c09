"""repeated_paragraphs: a long paragraph that stands twice, outside of a repeated body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.flags.repeated_body import RepeatedBodyThresholds, repeated_body
from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Flag

CODE = "repeated_paragraphs"
#: The end of a sentence behind a word, in Thai and Lao behind any; "12. " and "[...]" are none.
_SENTENCE = re.compile(r"[^\W\d_][\"'”’»)\]]*+[.!?…](?=[\"'”’»)\]]*+(?:\s|\Z))|[。！？؟۔।॥။។։]|[\u0e00-\u0eff]\Z")
#: Pairs of paragraphs that a message names.
_NAMED = 3


def check(inspection: Inspection, thresholds: RepeatedBodyThresholds) -> Iterator[Flag]:
    """Yields repeated_paragraphs for the paragraphs that repeat earlier ones outside of a repeated body."""
    body = repeated_body(inspection, thresholds)
    in_body = set(body.paragraphs) if body else set()
    texts, similarity = inspection.texts, inspection.repetition.similarity
    pairs = [
        (i, earlier)
        for i, earlier in enumerate(inspection.repetition.repeats)
        if earlier is not None
        and i not in in_body
        and inspection.words[i] >= thresholds.repeated_paragraph_words
        and (similarity[i] == 1.0 or has_sentence(texts[i]) or has_sentence(texts[earlier]))
    ]
    if not pairs:
        return
    named = ", ".join(f"{i + 1} repeats {earlier + 1}" for i, earlier in pairs[:_NAMED])
    more = f", and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else ""
    yield Flag(
        CODE,
        round(sum(len(texts[i]) for i, _ in pairs) / inspection.total_characters, 4),
        f"paragraph {named}{more}: {sum(inspection.words[i] for i, _ in pairs)} words stand twice",
    )


def has_sentence(text: str) -> bool:
    """Whether a text holds a sentence. Headings, items of lists and rows of tables, which are alike, hold none.

    >>> has_sentence("The ferry was out of service on Monday, after a rope fouled a propeller.")
    True
    >>> has_sentence("Lower Quay 7.15 8.15 9.15 Brenn Harbour 7.55 8.55 9.55")
    False
    """
    if not _SENTENCE.search(text):
        return False
    initials = [word[0] for word in text.split()]
    return sum(map(str.isupper, initials)) <= sum(map(str.islower, initials))


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="a paragraph of at least {repeated_paragraph_words} words repeats an earlier one, outside a repeated body",
    check=check,
    thresholds=RepeatedBodyThresholds,
)
