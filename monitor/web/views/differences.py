"""How two paragraphs that are alike differ, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

#: Words of a paragraph above which only the whole is shown: comparing takes their product.
MOST_WORDS = 400
_WORD = re.compile(r"\s*\S+")


class Segment(NamedTuple):
    """A piece of a paragraph. ``kind`` is "" for plain text, "ins" and "del" for what differs, "mark" for evidence."""

    kind: str
    text: str


def differences(earlier: str, later: str) -> list[Segment] | None:
    """The later text in pieces: what the earlier one lacks ("ins"), and, where it stood, what it had instead ("del").

    ``None`` where they are too long to be compared.

    >>> differences("He said on Monday.", "He said on Tuesday.")
    [Segment(kind='', text='He said on'), Segment(kind='del', text=' Monday.'), Segment(kind='ins', text=' Tuesday.')]
    """
    before, after = _WORD.findall(earlier), _WORD.findall(later)
    if max(len(before), len(after)) > MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, [w.strip() for w in before], [w.strip() for w in after], autojunk=False)
    segments = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            segments.append(Segment("", "".join(after[j:j_end])))
            continue
        if i < i_end:
            segments.append(Segment("del", "".join(before[i:i_end])))
        if j < j_end:
            segments.append(Segment("ins", "".join(after[j:j_end])))
    return segments


def marked(text: str, evidence: re.Pattern[str] | None) -> list[Segment]:
    """A text in pieces, with each piece of evidence that stands in it marked.

    >>> marked("It was Ã¼ber.", re.compile("Ã¼"))
    [Segment(kind='', text='It was '), Segment(kind='mark', text='Ã¼'), Segment(kind='', text='ber.')]
    """
    segments, end = [], 0
    for found in evidence.finditer(text) if evidence is not None else ():
        segments += [Segment("", text[end : found.start()]), Segment("mark", found[0])]
        end = found.end()
    return [segment for segment in (*segments, Segment("", text[end:])) if segment.text]
