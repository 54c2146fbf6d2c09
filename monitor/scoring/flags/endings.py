"""Endings: what may stand behind the last sentence of a story, so that its end can be told from a cut.

Credits, end marks, contact lines, and links to the rest of the text. Their words stand in ``endings.json`` by language,
which is meant to be added to; what links to the rest, ``continue`` and ``more``, as regular expressions in small
letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import msgspec

from monitor.scoring.alternatives import by_first_letter
from monitor.scoring.boilerplate.footers import is_footer
from monitor.scoring.text.sentences import CLOSERS, STOPS
from monitor.scoring.text.text import count_words

#: Characters that are not seen: a text does not end with them.
UNSEEN = "".join(map(chr, range(33))) + "\x7f\xa0\u200b\u200e\u200f\ufeff"
#: An ellipsis in any of the ways in which it arrives, alone and in brackets.
ELLIPSIS = r"(?:…+|(?<!\.)\.{3,4}(?!\.)|&hellip;|&#8230;|&#x2026;)"
_BRACKETED = r"[\[(（【]\s?(?:…+|\.{2,4}|&hellip;|&#8230;|&#x2026;)\s?[\])）】]"
#: What feeds count where they cut; the words of a text are counted at the end of whole ones too.
_COUNTED = r"\[\s?(?:\+\s?\d{1,7}\s?(?:chars?|characters|words)|\d{1,7}\s?(?:chars?|characters))\s?\]"
#: Signs around a link.
_BEFORE, _BEHIND = r"[\[(（【<*_\s]*+", r"[\s→»›>▶►➔➜⟶⇒*_.…:|\])）】]*+"
#: What every such mark holds one of: looked for first, which takes a tenth of the time of the pattern.
_SIGNS = ("…", "..", "[", "(", "（", "【", "&")
#: Characters at the end of a text in which such a mark is looked for.
_LOOKED_AT = 160
#: Characters and words that a credit has at most; characters of what signs a text in small letters: "kas".
_CREDIT_LENGTH, _CREDIT_WORDS, _SIGNATURE = 100, 14, 4
#: Brackets that a credit may stand in.
_CLOSING = {
    "(": ")",
    "[": "]",
    "（": "）",
    "【": "】",
    "［": "］",
    "〔": "〕",
    "〈": "〉",
    "<": ">",
    "/": "/",
    "{": "}",
}
_END_MARK = re.compile(
    r"(?:完|了|终|終|終わり|おわり|끝|(?i:the end|ends?|fin|ende|fine|koniec|konec)|-+ ?30 ?-+|#{1,5}"
    r"|[■▲◆●♦□▪◼∎⬛*]{1,5})"
)
#: What a credit begins with behind a full stop: a dash, an equals sign, a sign of rights.
_LEADS = frozenset("-–—−/=＝©®@#|■◆●▲□▪•*＊→☎✉")
#: An agency's capitals, alone or with who wrote it: "EFE", "dpa/jk", "ATS/jfe".
_AGENCY = re.compile(r"[^\W\d_]{2,8}(?: ?[/-] ?\w{2,5})*+|\w{2,5}(?:[/-]\w{1,5})++")
_ADDRESS = re.compile(
    r"\S@\S|(?<!\w)[@#]\w|https?:|www\.|\w\.(?:com|org|net|de|fr|uk|co|ru|jp|example)\b"
    r"|\d{3}[\d ()/\-–·・]{3,}\d|\d\d(?:[ .]\d\d){3}|\d{1,2}[:h]\d\d\b|\d\s?(?:pm|am|uhr)\b",
    re.IGNORECASE,
)
#: Of these an address has one: looked for first, in a tenth of the time.
_ADDRESS_SIGN = re.compile(r"[@#:\d]|\.(?:(?=\S)|(?<=[wW]\.))")
_LABEL = re.compile(r"(?:[^\W\d_]++ ?){1,4} ?[:：|=／] ?(?=\S)")
#: A person's name: words with a capital each.
_NAME = re.compile(r"(?:(?!\d)(?=\w)[^\Wa-zß-öø-ÿа-яё]\w*\.? ?){1,4}")
_BETWEEN_CREDITS = re.compile(r"[,;|] ")
_SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}+")


class Words(NamedTuple):
    """What ``endings.json`` holds, as patterns."""

    mark: re.Pattern[str]
    """At the end of a text: that it was cut here."""
    link: re.Pattern[str]
    """A line of its own that links to the rest of the text, or to more."""
    rest: re.Pattern[str]
    """At the end of a text, alone or behind a sentence: a link that says that the text goes on elsewhere."""
    agencies: frozenset[str]
    """Names of agencies in small letters, as some newswires write them."""
    author: re.Pattern[str]
    """What a sentence about the author begins with."""
    credit: re.Pattern[str]
    """What a credit begins with, and behind it no letter."""
    unspaced_credit: re.Pattern[str]
    """What a credit begins or ends with in scripts without blanks between words, and in Korean."""


@cache
def words() -> Words:
    """What ``endings.json`` holds, read once."""
    file = resources.files("monitor.scoring.flags").joinpath("endings.json")
    kinds = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])
    rest = _link(pattern for listed in kinds["continue"].values() for pattern in listed)
    more = _any(phrase for listed in kinds["more"].values() for phrase in listed)
    link = _link(pattern for kind in ("continue", "more") for listed in kinds[kind].values() for pattern in listed)
    unspaced = ("zh", "ja", "ko", "th")
    unspaced_credits = _any(word for language in unspaced for word in kinds["credit"][language])
    spaced = (word for language, listed in kinds["credit"].items() if language not in unspaced for word in listed)
    return Words(
        mark=re.compile(rf"{_COUNTED}\Z|{_BRACKETED}(?:{link})?\Z|{ELLIPSIS}\s*{link}\Z"),
        link=re.compile(link),
        # "(more…)" is what a blog's software writes where its author has cut.
        rest=re.compile(
            rf"(?:\A|[{re.escape(STOPS + CLOSERS)}]\s*+)(?:{rest}|[\[(（](?:{more})\s?(?:…|\.\.\.)[\])）])\Z"
        ),
        agencies=frozenset(kinds["agency"]["small"]),
        author=re.compile(_any(phrase for listed in kinds["author"].values() for phrase in listed), re.IGNORECASE),
        credit=re.compile(rf"(?:{_any(spaced)})(?!\w)", re.IGNORECASE),
        unspaced_credit=re.compile(rf"\W*(?:{unspaced_credits})|.*(?:{unspaced_credits})\W*\Z", re.DOTALL),
    )


def _link(patterns: Iterable[str]) -> str:
    """A pattern of links that say one of some patterns, with the signs around it.

    One of several words may name the story behind it, or the site: "Continue reading Ferry sails again".
    """
    listed = sorted(set(patterns), key=len, reverse=True)
    several, single = (by_first_letter(p for p in listed if (" " in p) is spaced) for spaced in (True, False))
    return rf"{_BEFORE}(?:(?:{several})(?:\s(?:[^.!?。…\n]|\.(?=\w)){{1,80}})?|{single}){_BEHIND}"


def _any(phrases: Iterable[str]) -> str:
    """A pattern of any of some phrases, the longest first."""
    return by_first_letter(re.escape(phrase) for phrase in sorted(set(phrases), key=len, reverse=True))


def left_off_mark(text: str) -> str | None:
    """The mark that a feed leaves at the end of a text where it cuts, or None; a bare ellipsis is none.

    >>> left_off_mark("The ferry was out of service on Mon… [+2311 chars]")
    '[+2311 chars]'
    >>> left_off_mark("Divers freed it by the evening [...]")
    '[...]'
    >>> left_off_mark("Taucher befreiten die Schraube am… Weiterlesen »")
    '… Weiterlesen »'
    >>> left_off_mark("It sails again from Tuesday [photo]")
    """
    end = text[-_LOOKED_AT:]
    match = words().mark.search(_small(end)) if any(sign in end for sign in _SIGNS) else None
    return end[match.start() :] if match else None


def rest_elsewhere(text: str) -> str | None:
    """The link at the end of a text that says where it goes on, or None; one that may lead to another text is none.

    >>> rest_elsewhere("Divers freed it by the evening. Continue reading →")
    'Continue reading →'
    >>> rest_elsewhere("Divers freed it by the evening. More about ferries")
    """
    end = text[-_LOOKED_AT:]
    match = words().rest.search(_small(end))
    return end[match.start() :].lstrip(STOPS + CLOSERS + UNSEEN) if match else None


def _small(text: str) -> str:
    """A text in small letters, of the same length: they are searched in a third of the time of any letters."""
    return text.replace("İ", "i").lower()


@lru_cache(maxsize=64)  # truncated and thin ask it of the same paragraphs
def is_behind_story(paragraph: str) -> bool:
    """Whether a paragraph of its own stands behind a story: a footer, a credit, an address, a link to the rest.

    >>> [is_behind_story(line) for line in ("Editing by Maren Holt", "责任编辑：周文", "(kas/dpa)", "Read more »")]
    [True, True, True, True]
    >>> is_behind_story("By the evening divers had freed the propeller, in water as cold as the")
    False
    """
    text = paragraph.strip(UNSEEN)
    if len(text) > 4 * _CREDIT_LENGTH:
        return False
    return is_link(text) or is_footer(text) or is_credit(text, alone=True)


def is_link(paragraph: str) -> bool:
    """Whether a paragraph is nothing but a link to the rest of the text.

    >>> is_link("Continue reading →"), is_link("[mehr]"), is_link("More people came.")
    (True, True, False)
    """
    return len(paragraph) <= _LOOKED_AT and words().link.fullmatch(_small(paragraph)) is not None


def is_credit(rest: str, *, alone: bool = False) -> bool:
    """Whether what stands behind the last full stop of a text is a credit, an end mark or an address.

    ``alone``: it is a paragraph of its own, which may be a heading or a sentence without its end as well, so that
    small letters and capitals alone say nothing.

    >>> [is_credit(rest) for rest in ("--(kas)", "（记者 周文）", "新华社发", "dpa/jk", "– Reuters", "完")]
    [True, True, True, True, True, True]
    >>> [is_credit(rest) for rest in ("The ferry sails again from", "(The ferry, which", "市长在新闻发布会上表示")]
    [False, False, False]
    """
    rest = rest.strip(UNSEEN).lstrip(CLOSERS + " ")
    if not rest or len(rest) > _CREDIT_LENGTH:
        return not rest
    if _CLOSING.get(rest.lstrip("-–—=")[:1]) == rest[-1] or _END_MARK.fullmatch(rest):
        return True
    known = words()
    if known.author.match(rest):
        return True
    if len(rest) <= _CREDIT_LENGTH // 4 and known.unspaced_credit.match(rest) is not None:
        return True
    has_address = _ADDRESS_SIGN.search(rest) is not None and _ADDRESS.search(rest) is not None
    if alone:
        is_like_credit = (rest[0] in "–—" and _names(rest[1:])) or has_address or _is_labelled(rest)
    else:
        is_signature = len(rest) <= _SIGNATURE and rest.islower()
        is_agency = _AGENCY.fullmatch(rest) is not None and (rest.isupper() or "/" in rest)
        is_like_credit = rest[0] in _LEADS or is_signature or is_agency or has_address
    if not is_like_credit:
        match = known.credit.match(rest)
        is_like_credit = match is not None and _names(rest[match.end() :])
    if not is_like_credit:
        # An agency, and behind a comma who took the picture: "Maren Holt, Reuters".
        parts = _BETWEEN_CREDITS.split(rest)
        if len(parts) == 1:
            return False
        are_credits = [is_credit(part, alone=alone) for part in parts]
        return any(are_credits) and all(
            is_one or _NAME.fullmatch(part) for is_one, part in zip(are_credits, parts, strict=True)
        )
    # Counting the words takes longer than all that.
    return bool(count_words([rest])[0] <= _CREDIT_WORDS)


def _names(rest: str) -> bool:
    """Whether words are names and figures rather than a sentence: at most half of them are small, or a label ends."""
    if rest.lstrip()[:1] in (":", "：", ""):
        return True
    found = _SMALL_WORD.findall(rest)
    agencies = words().agencies
    small: int = sum(word[0] != word[0].upper() and word not in agencies for word in found)
    return 2 * small <= len(found)


def _is_labelled(line: str) -> bool:
    """Whether a line gives names or figures under a label: "Haber: Ayşe Yılmaz", "Next ferry: 6.40, Lower Quay"."""
    match = _LABEL.match(line)
    return match is not None and line[-1] not in "…," and _names(line[match.end() :])
