"""thin: a copy with hardly a story in it, among them the stubs before a paywall."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from typing import NamedTuple

import msgspec

from monitor.scoring.alternatives import by_first_letter, hints
from monitor.scoring.flags.endings import is_behind_story
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, whole_number
from monitor.scoring.verdict import BOILERPLATE, Flag

CODE = "thin"

#: What publishers write before a paywall, as regular expressions by language: ``wall`` says that the rest is closed,
#: ``sign_in`` only asks subscribers to sign in, as many a whole article does. A paragraph that names a way in, such as
#: a subscription, and what is ``closed``, such as the rest of the article, is a wall in any wording, unless it is about
#: what lies ``elsewhere``: a newsletter, the comments.
_PHRASES = msgspec.json.decode(
    resources.files("monitor.scoring.flags").joinpath("paywall.json").read_bytes(),
    type=dict[str, dict[str, list[str]]],
)


#: Languages whose words are not parted, or grow at their front: a phrase may begin anywhere. Others' begin with a word.
_GLUED = ("ar", "bn", "fa", "he", "hi", "ja", "ko", "th", "zh")


class _Phrases(NamedTuple):
    """The phrases of one kind in small letters, which is searched in a third of the time of any letters."""

    anywhere: re.Pattern[str]
    """None of them is in ASCII."""
    behind_no_letter: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first in a text of small letters."""
        found = self.behind_no_letter.search(text)
        return found if found is not None or text.isascii() else self.anywhere.search(text)


def _listed(kind: str) -> tuple[list[str], list[str]]:
    """The phrases of a kind: those that may begin anywhere, and those that begin with a word."""
    glued = [phrase for language in _GLUED for phrase in _PHRASES[kind].get(language, ())]
    parted = [phrase for language in _PHRASES[kind].keys() - {*_GLUED} for phrase in _PHRASES[kind][language]]
    return list(map(_folded, glued)), list(map(_folded, sorted(parted)))


def _phrases(kind: str) -> _Phrases:
    glued, parted = map(by_first_letter, _listed(kind))
    return _Phrases(re.compile(glued), re.compile(rf"(?<!\w)(?:{parted})"))


def _hints(*kinds: str) -> Callable[[str], bool]:
    """Whether a text of small letters may hold a phrase of some kinds: told in a third of the time of a search."""
    glued, parted = (list(chain.from_iterable(listed)) for listed in zip(*map(_listed, kinds), strict=True))
    begun, within = hints(parted, before=r"(?<!\w)")
    anywhere = re.compile(by_first_letter(glued))

    def may_hold(text: str) -> bool:
        if begun.search(text) or within.search(text):
            return True
        return not text.isascii() and anywhere.search(text) is not None

    return may_hold


def _folded(text: str) -> str:
    """Letters that capitals do not tell apart as one, character by character: of Turkish and of Greek."""
    return text.replace("ı", "i").replace("ς", "σ")


_WALL, _SIGN_IN = _phrases("wall"), _phrases("sign_in")
_MAY_HOLD = _hints("wall", "sign_in", "way_in")
_WAY_IN, _CLOSED, _ELSEWHERE = _phrases("way_in"), _phrases("closed"), _phrases("elsewhere")
#: Characters of a paragraph in which they are looked for: what announces a paywall is short.
_LOOKED_AT = 400
#: Words that a wall's paragraph has at most; words or characters of one that is too short for a story's.
_WALL_WORDS, _FEW_WORDS, _SHORT = 60, 20, 60
#: Paragraphs at the end of a text that may be the wall's.
_BEHIND = 8
#: Probability of boilerplate from which a longer paragraph may be a wall's.
_DOUBTFUL = 0.2


class Wall(NamedTuple):
    """A paragraph that announces a paywall."""

    paragraph: int
    phrase: str
    says_closed: bool
    """Whether it says that the rest is closed, rather than only asks to sign in."""


@dataclass(frozen=True, kw_only=True)
class ThinThresholds(Thresholds):
    """How little story makes a copy thin."""

    thin_words: int = whole_number(50, "words that are not boilerplate", "below which a copy is thin")
    paywall_words: int = whole_number(
        150,
        "words that are not boilerplate",
        "below which a copy is thin where a line at its end asks subscribers to sign in, or where it is declared not "
        "free and has a paywall's phrase; a line at its end that says the rest is closed makes any copy thin",
    )


def check(inspection: Inspection, thresholds: ThinThresholds) -> Iterator[Flag]:
    """Yields thin where fewer words than the threshold are part of the story, or where it ends at a paywall."""
    words = inspection.total_words - inspection.boilerplate_words
    closed = inspection.article.free is False
    is_short = words < thresholds.thin_words
    wall = _wall_behind(inspection)
    if wall is None and (is_short or (closed and words < thresholds.paywall_words)):
        wall = _wall_anywhere(inspection)
    is_stub = wall is not None and (wall.says_closed or words < thresholds.paywall_words)
    if not is_short and not is_stub:
        return
    yield Flag(CODE, _share_missing(words, thresholds), _message(words, wall, closed, is_short, thresholds))


def _share_missing(words: int, thresholds: ThinThresholds) -> float:
    """How far the words stay below the threshold that counts; a stub of more words has 0.5."""
    limit = thresholds.thin_words
    return round(1 - words / max(limit, words + 1), 4) if words < limit else 0.5


def _message(words: int, wall: Wall | None, closed: bool, is_short: bool, thresholds: ThinThresholds) -> str:
    says = f"paragraph {wall.paragraph + 1} says “{wall.phrase}”" if wall is not None else ""
    if not is_short and words >= thresholds.paywall_words:
        return f"{words} words of the story stand before a paywall: {says}"
    count = "no word is" if words == 0 else "only 1 word is" if words == 1 else f"only {words} words are"
    story = f"{count} part of the story"
    if is_short:
        story += f", fewer than {thresholds.thin_words}"
    reason = says or ("the publisher declares the article not free" if closed and words else "")
    return f"{story}: the stub before a paywall, since {reason}" if reason else story


def _wall_behind(inspection: Inspection) -> Wall | None:
    """The wall at which a text ends: no story stands behind it, and one before it."""
    found = None
    for i in range(len(inspection.texts) - 1, max(0, len(inspection.texts) - 1 - _BEHIND), -1):
        text, words, chance = inspection.texts[i], inspection.words[i], inspection.boilerplate[i]
        is_brief = words <= _FEW_WORDS or len(text) <= _SHORT
        may_be_wall = is_brief or (words <= _WALL_WORDS and chance >= _DOUBTFUL)
        wall = _wall(i, text) if may_be_wall else None
        if wall is not None and (found is None or wall.says_closed):
            found = wall
        if found is not None and found.says_closed:
            return found
        is_behind = wall is not None or chance >= BOILERPLATE or is_behind_story(text)
        if not is_behind and (found is not None or words > _FEW_WORDS // 2):
            return found
    return found


def _wall_anywhere(inspection: Inspection) -> Wall | None:
    return next((wall for i, text in enumerate(inspection.texts) if (wall := _wall(i, text))), None)


def _wall(number: int, text: str) -> Wall | None:
    """What a paragraph says of a paywall, or None.

    >>> _wall(2, "Subscribe now to continue reading.").phrase
    'Subscribe now to continue'
    >>> _wall(2, "Already a subscriber? Sign in.")
    Wall(paragraph=2, phrase='Already a subscriber', says_closed=False)
    >>> _wall(2, "Now for our subscribers: the rest of this story.").phrase
    'subscribers: the rest of this story'
    >>> _wall(2, "The number of subscribers rose for the third year.")
    """
    # The small form of İ alone is two characters.
    small = _folded(text[:_LOOKED_AT].replace("İ", "i").lower())
    if not _MAY_HOLD(small):
        return None
    for phrases in (_WALL, _SIGN_IN):
        if match := phrases.search(small):
            return Wall(number, text[match.start() : match.end()], phrases is _WALL)
    if (way_in := _WAY_IN.search(small)) and (closed := _CLOSED.search(small)) and not _ELSEWHERE.search(small):
        start, end = min(way_in.start(), closed.start()), max(way_in.end(), closed.end())
        return Wall(number, text[start:end], True)
    return None


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="fewer than {thin_words} words that are not boilerplate, or a stub before a paywall",
    check=check,
    thresholds=ThinThresholds,
)
