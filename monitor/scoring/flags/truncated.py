"""truncated: a copy that was cut before its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.scoring.boilerplate.model import is_untrained
from monitor.scoring.flags.data_pieces import data_pieces
from monitor.scoring.flags.endings import ELLIPSIS, UNSEEN, is_behind_story, left_off_mark, rest_elsewhere
from monitor.scoring.flags.fragment import (
    PROSE,
    ends_with_credit,
    fragment,
    is_ended,
    last_words_unfinished,
    probability,
)
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, share
from monitor.scoring.verdict import Flag

CODE = "truncated"

_ELLIPSIS = re.compile(rf"{ELLIPSIS}\Z")
#: Characters at the end of a text that tell whether it ends with one.
_LONGEST_ELLIPSIS = 10
#: Characters that a message shows of a text's end.
_SHOWN = 40
#: The control character with which a newswire says that a text ends here (IPTC 7901).
_END_OF_TEXT = "\x03"
#: The same for the last item of a list, whose bullet says already that it needs no mark.
_UNFINISHED_ITEM = 2.0
_BULLET = re.compile(r"[-•*·–—◦▪●○]|\d{1,3}[.)]\s")
#: Marks with which no line begins, unless in the middle of a sentence.
_MIDDLE = frozenset(".,;:!?’)")
#: Paragraphs behind a story that are looked at: credits, footers, links.
_BEHIND = 8
#: Words of the longest excerpt: behind more a link to the rest is left over from a page.
_EXCERPT_WORDS = 150
#: A rhetorical ellipsis ends a paragraph of its own behind so many words of story in so many paragraphs of prose. Where
#: a character counts as a word, so many make one.
_STORY_WORDS, _STORY_PARAGRAPHS, _CHARACTERS = 50, 2, 2
#: The words that such a paragraph has at most, and the log-odds below which its last words may end a sentence: of a
#: brief one, and of a longer one. They spare 87 % of such sentences, and 19 % of the bodies that are cut at random
#: before an ellipsis.
_BRIEF, _UNFINISHED_BRIEF = 8, 1.2
_RHETORICAL, _UNFINISHED = 16, 0.3


@dataclass(frozen=True, kw_only=True)
class TruncatedThresholds(Thresholds):
    """When words are missing, and when a sentence breaks off."""

    truncated_share: float = share(0.6, "share of the declared words", "below which a copy is truncated")
    truncated_probability: float = share(
        0.9,
        "probability that a text breaks off",
        "from which it is truncated; the model is fitted on a good text for three that are cut, hence the high value: "
        "about 3 % false alarms on pages (bench/truncation.py)",
    )


def check(inspection: Inspection, thresholds: TruncatedThresholds) -> Iterator[Flag]:
    """Yields truncated by the mark that cutting leaves, by what is declared, or by an unfinished sentence."""
    not_templates = tuple(i for i, is_template in enumerate(inspection.template) if not is_template)
    story = tuple(i for i in inspection.story if not inspection.template[i]) or not_templates

    def is_behind(paragraph: int) -> bool:
        return is_behind_story(inspection.texts[paragraph])

    evidence = (
        _cutting_mark(inspection, not_templates, story, is_behind)
        or _goes_on_elsewhere(inspection, is_behind)
        or _declared_incomplete(inspection)
        or _fewer_words_than_declared(inspection, thresholds)
        or _unfinished(inspection, story, thresholds, is_behind)
    )
    if evidence is not None:
        yield Flag(CODE, *evidence)


def _cutting_mark(
    inspection: Inspection,
    not_templates: tuple[int, ...],
    story: tuple[int, ...],
    is_behind: Callable[[int], bool],
) -> tuple[float, str] | None:
    """What a feed left where it cut: at the end of the text, or of the story, before credits, footers and links.

    What a source always sends was not cut, whatever it ends with: the text ends before it.
    """
    for i in dict.fromkeys((*_ends(not_templates, is_behind), *_ends(story, is_behind))):
        text = inspection.texts[i].strip(UNSEEN)
        if mark := left_off_mark(text):
            return 1.0, f"paragraph {i + 1} ends with “{mark}”"
        if (
            _ELLIPSIS.search(text[-_LONGEST_ELLIPSIS:])
            and not _is_rhetorical(inspection, i)
            and not ends_with_credit(text)
        ):
            return 0.9, f"paragraph {i + 1} ends with an ellipsis: “{_ending(text)}”"
    return None


def _goes_on_elsewhere(inspection: Inspection, is_behind: Callable[[int], bool]) -> tuple[float, str] | None:
    """A link to the rest behind a few sentences: an excerpt. Behind a long text it is left over from a page."""
    if inspection.total_words - inspection.boilerplate_words > _EXCERPT_WORDS * _characters(inspection):
        return None
    for i in _ends(tuple(range(len(inspection.texts))), is_behind):
        if link := rest_elsewhere(inspection.texts[i].strip(UNSEEN)):
            return 0.8, f"paragraph {i + 1} links to the rest: “{link}”"
    return None


def _characters(inspection: Inspection) -> int:
    """How many of what is counted as words make one."""
    return _CHARACTERS if inspection.text.has_unspaced else 1


def _is_rhetorical(inspection: Inspection, last: int) -> bool:
    """Whether a paragraph that ends with an ellipsis is the last, short sentence of a whole text: "Time will tell…"."""
    before = [inspection.words[i] for i in inspection.story if i < last]
    by = _characters(inspection)
    has_story = sum(before) >= _STORY_WORDS * by and sum(count >= PROSE for count in before) >= _STORY_PARAGRAPHS
    words = inspection.words[last] / by
    # Of scripts that hardly a page shows the last words say nothing.
    longest = _BRIEF if is_untrained(inspection.text) else _RHETORICAL
    unfinished = _UNFINISHED_BRIEF if words <= _BRIEF else _UNFINISHED
    return has_story and words <= longest and last_words_unfinished(inspection.texts[last]) < unfinished


def _ends(candidates: tuple[int, ...], is_behind: Callable[[int], bool]) -> Iterator[int]:
    """The last of some paragraphs, and those before it as long as what comes behind them stands behind a story."""
    for i in candidates[: -_BEHIND - 1 : -1]:
        yield i
        if not is_behind(i):
            return


def _last_of_story(story: Sequence[int], is_behind: Callable[[int], bool]) -> int:
    """How many of the story's paragraphs are left without the credits, footers and links behind it; at least one."""
    count = len(story)
    while count > max(1, len(story) - _BEHIND) and is_behind(story[count - 1]):
        count -= 1
    return count


def _what_goes_on(texts: Sequence[str], last: int, is_behind: Callable[[int], bool]) -> tuple[int, ...]:
    """The paragraphs that go on with the sentence of one: behind it, or behind a link, one begins in its middle.

    Some extractors break the lines at each link, and the words of one are then a line of their own.

    >>> lines = ["A demo for the maker's", "Project Harbour", "series is promising.", "read more"]
    >>> _what_goes_on(lines, 0, lambda i: i == 3)
    (1, 2)
    """
    end = last
    for i in range(last + 1, len(texts)):
        if _begins_inside(texts[i]) and not is_behind(i):
            end = i
        elif i > end + 1:
            break
    return tuple(range(last + 1, end + 1))


def _begins_inside(text: str) -> bool:
    """Whether a line begins in the middle of a sentence: with a small letter, or a mark that closes something."""
    first = text.lstrip()[:1]
    return first in _MIDDLE or (first.islower() and not text.lstrip().startswith(("http", "www.")))


def _ending(text: str) -> str:
    """The last words of a text, at most 40 characters of them.

    >>> _ending("Divers freed the propeller by the evening, in water that was as cold as the")
    '…in water that was as cold as the'
    """
    text = " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())
    if len(text) <= _SHOWN:
        return text
    first_word, _, rest = text[-_SHOWN:].partition(" ")
    return f"…{rest or first_word}"


def _declared_incomplete(inspection: Inspection) -> tuple[float, str] | None:
    if not inspection.article.partial:
        return None
    return 1.0, "the publisher declares the copy incomplete"


def _fewer_words_than_declared(inspection: Inspection, thresholds: TruncatedThresholds) -> tuple[float, str] | None:
    declared = inspection.article.declared_words
    if not declared or not inspection.texts or inspection.total_words >= thresholds.truncated_share * declared:
        return None
    missing = 1 - inspection.total_words / declared
    return round(missing, 4), f"the publisher declares {declared} words, and {inspection.total_words} arrived"


def _unfinished(
    inspection: Inspection, story: tuple[int, ...], thresholds: TruncatedThresholds, is_behind: Callable[[int], bool]
) -> tuple[float, str] | None:
    """Whether the last paragraph of the story breaks off; a short line that stands twice in it does not."""
    story = story[: _last_of_story(story, is_behind)] if story else story
    if not story or inspection.article.text.rstrip().endswith(_END_OF_TEXT):
        return None
    if not is_ended(inspection.texts[story[-1]].strip(UNSEEN)):
        story += _what_goes_on(inspection.texts, story[-1], is_behind)
    if inspection.repetition.similarity[story[-1]] == 1.0 and inspection.words[story[-1]] < PROSE:
        return None
    end = fragment([inspection.texts[i] for i in story], [inspection.words[i] for i in story])
    if end is None or (chance := probability(end)) < thresholds.truncated_probability:
        return None
    if _is_item(inspection, story) or data_pieces(inspection.texts[story[-1]]).found:
        return None
    text = inspection.texts[story[-1]].strip(UNSEEN)
    return round(chance, 4), f"paragraph {story[-1] + 1} breaks off in mid-sentence: “{_ending(text)}”"


def _is_item(inspection: Inspection, story: Sequence[int]) -> bool:
    """Whether the last paragraph of a story is an item of a list, or a short line of facts: a date, a price, a number.

    Either ends without a mark; its last word may end a sentence. An item with another behind it was not cut.
    """
    texts, i = inspection.texts, story[-1]
    last = texts[i]
    if _BULLET.match(last):
        if any(map(_BULLET.match, texts[i + 1 : i + 2])):
            return True
        if i and _BULLET.match(texts[i - 1]) and last_words_unfinished(last) < _UNFINISHED_ITEM:
            return True
    has_facts = inspection.words[i] < PROSE and any(map(str.isdigit, last)) and last[-1] not in ",-–—("
    return has_facts and len(story) > 1 and last_words_unfinished(last) < _UNFINISHED


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="ends mid-sentence, with “…”, “[+N chars]” or, where it is short, a link to its rest; declared incomplete, "
    "or far below a declared word count",
    check=check,
    thresholds=TruncatedThresholds,
)
