"""Characters: to which class each belongs, and the form in which it is compared.

Both are made from Unicode's categories, names and compatibility decompositions. The few marks whose role
no category tells are named in :data:`MARKS`.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: Classes of characters. Those that words are made of lie together, from LOWER to DIGIT.
(
    OTHER,
    SPACE,
    LOWER,
    UPPER,
    CASELESS,
    UNSPACED,
    DIGIT,
    MARK,
    INVISIBLE,
    FULL_STOP,
    STOP,
    COMMA,
    COLON,
    QUOTE,
    BRACKET,
    SEPARATOR,
    DASH,
    HYPHEN,
    SLASH,
    AT,
    SIGN,
    CURRENCY,
    ELLIPSIS,
    APOSTROPHE,
) = range(24)
CLASSES = 24

#: Marks by the role they have in a text; each stands once.
MARKS: dict[int, str] = {
    FULL_STOP: ".",
    # What ends a sentence whatever follows, in every script that has such a mark.
    STOP: (
        "!?"
        "\N{DOUBLE EXCLAMATION MARK}\N{DOUBLE QUESTION MARK}\N{QUESTION EXCLAMATION MARK}\N{EXCLAMATION QUESTION MARK}"
        "\N{INTERROBANG}\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}\N{FULLWIDTH FULL STOP}"
        "\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}"
        "\N{ARMENIAN FULL STOP}"
        "\N{DEVANAGARI DANDA}\N{DEVANAGARI DOUBLE DANDA}\N{TIBETAN MARK SHAD}\N{TIBETAN MARK NYIS SHAD}"
        "\N{MYANMAR SIGN SECTION}\N{KHMER SIGN KHAN}\N{KHMER SIGN BARIYOOSAN}"
        "\N{ETHIOPIC FULL STOP}\N{ETHIOPIC QUESTION MARK}\N{ETHIOPIC PARAGRAPH SEPARATOR}\N{MONGOLIAN FULL STOP}"
        "\N{OL CHIKI PUNCTUATION MUCAAD}\N{MEETEI MAYEK CHEIKHEI}\N{SINHALA PUNCTUATION KUNDDALIYA}"
    ),
    COMMA: (
        ",;"
        "\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}\N{IDEOGRAPHIC COMMA}\N{HALFWIDTH IDEOGRAPHIC COMMA}"
        "\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}"
        "\N{ARMENIAN COMMA}\N{ETHIOPIC COMMA}\N{ETHIOPIC SEMICOLON}\N{MYANMAR SIGN LITTLE SECTION}"
    ),
    COLON: ":\N{FULLWIDTH COLON}\N{ETHIOPIC COLON}\N{KHMER SIGN CAMNUC PII KUUH}",
    QUOTE: (
        '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}'
        "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
        "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
        "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}"
        "\N{LEFT WHITE CORNER BRACKET}\N{RIGHT WHITE CORNER BRACKET}\N{FULLWIDTH QUOTATION MARK}"
        "\N{HALFWIDTH LEFT CORNER BRACKET}\N{HALFWIDTH RIGHT CORNER BRACKET}"
        "\N{REVERSED DOUBLE PRIME QUOTATION MARK}\N{DOUBLE PRIME QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
    ),
    BRACKET: (
        "()[]{}<>"
        "\N{FULLWIDTH LEFT PARENTHESIS}\N{FULLWIDTH RIGHT PARENTHESIS}\N{FULLWIDTH LEFT SQUARE BRACKET}"
        "\N{FULLWIDTH RIGHT SQUARE BRACKET}\N{LEFT BLACK LENTICULAR BRACKET}\N{RIGHT BLACK LENTICULAR BRACKET}"
        "\N{LEFT TORTOISE SHELL BRACKET}\N{RIGHT TORTOISE SHELL BRACKET}"
        "\N{LEFT DOUBLE ANGLE BRACKET}\N{RIGHT DOUBLE ANGLE BRACKET}\N{LEFT ANGLE BRACKET}\N{RIGHT ANGLE BRACKET}"
    ),
    SEPARATOR: (
        "|*^+"
        "\N{BULLET}\N{MIDDLE DOT}\N{KATAKANA MIDDLE DOT}\N{HALFWIDTH KATAKANA MIDDLE DOT}\N{TRIANGULAR BULLET}"
        "\N{HYPHENATION POINT}\N{BLACK RIGHT-POINTING TRIANGLE}\N{BLACK RIGHT-POINTING SMALL TRIANGLE}"
        "\N{BLACK RIGHT-POINTING POINTER}\N{RIGHTWARDS ARROW}\N{RIGHTWARDS DOUBLE ARROW}\N{BLACK CIRCLE}"
        "\N{BLACK SQUARE}\N{BLACK SMALL SQUARE}\N{BLACK DIAMOND}\N{BLACK STAR}\N{WHITE STAR}\N{CHECK MARK}"
        "\N{HEAVY CHECK MARK}\N{FULLWIDTH VERTICAL LINE}\N{BROKEN BAR}\N{BLACK DOWN-POINTING TRIANGLE}"
        "\N{BLACK UP-POINTING TRIANGLE}"
    ),
    DASH: (
        "\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{FIGURE DASH}\N{TWO-EM DASH}\N{THREE-EM DASH}\N{MINUS SIGN}"
        "\N{WAVE DASH}\N{FULLWIDTH TILDE}"
    ),
    HYPHEN: (
        "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FULLWIDTH HYPHEN-MINUS}\N{ARMENIAN HYPHEN}\N{HEBREW PUNCTUATION MAQAF}"
    ),
    SLASH: "/\\_=~&#%\N{FULLWIDTH SOLIDUS}\N{FRACTION SLASH}",
    AT: "@\N{FULLWIDTH COMMERCIAL AT}",
    SIGN: "\N{COPYRIGHT SIGN}\N{REGISTERED SIGN}\N{TRADE MARK SIGN}\N{SOUND RECORDING COPYRIGHT}",
    ELLIPSIS: "\N{HORIZONTAL ELLIPSIS}\N{MIDLINE HORIZONTAL ELLIPSIS}\N{TWO DOT LEADER}",
    APOSTROPHE: (
        "'`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}"
        "\N{ACUTE ACCENT}\N{MODIFIER LETTER APOSTROPHE}\N{MODIFIER LETTER TURNED COMMA}\N{FULLWIDTH APOSTROPHE}"
        "\N{HEBREW PUNCTUATION GERESH}\N{HEBREW PUNCTUATION GERSHAYIM}"
    ),
}

#: Scripts written without blanks between words, by the first word of a character's name: each of their
#: characters counts as a word. Hangul is not among them: Korean is written with blanks.
UNSPACED_SCRIPTS = ("THAI", "LAO", "KHMER", "MYANMAR", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO")
_UNSPACED_NAMES = (
    "CJK UNIFIED",
    "CJK COMPATIBILITY IDEOGRAPH",
    "CJK RADICAL",
    "KANGXI RADICAL",
    "HALFWIDTH KATAKANA",
    "HENTAIGANA",
    "IDEOGRAPHIC ITERATION MARK",
    "IDEOGRAPHIC CLOSING MARK",
    "IDEOGRAPHIC NUMBER ZERO",
    "VERTICAL IDEOGRAPHIC ITERATION MARK",
)

#: Letters that keyboards of one language write for those of another: compared as one.
_SAME_LETTER = {
    "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
}
#: Not of the category for what is not seen, and yet no part of a word: it may stand or be left out.
_OPTIONAL = frozenset(
    "\N{ARABIC TATWEEL}\N{COMBINING GRAPHEME JOINER}\N{NKO LAJANYALAN}"
    "\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
    # Thai and Lao AM are compared without the circle that others write as a character of its own.
    "\N{THAI CHARACTER NIKHAHIT}\N{LAO NIGGAHITA}"
)
#: Canonical combining classes of the vowel points of Hebrew, Arabic and Syriac, which may be left out.
_POINTS = range(10, 37)

#: Code points that the tables hold. Beyond lie ideographs up to :data:`IDEOGRAPHS_END`, and signs that are not seen.
TABLED = 0x20000
IDEOGRAPHS_END = 0x40000
#: Blocks whose characters are all of one class and their own form, or none: passed over, which takes half of the time.
_BLOCKS = (
    (range(0x3400, 0x4DC0), UNSPACED),  # ideographs, extension A
    (range(0x4E00, 0xA000), UNSPACED),  # ideographs
    (range(0xAC00, 0xD7A4), CASELESS),  # syllables of Hangul
    (range(0xD800, 0xF900), OTHER),  # surrogates, private use
    (range(0x17000, 0x18D00), CASELESS),  # Tangut, Khitan
)


class Tables(NamedTuple):
    """For each code point below :data:`TABLED` its class, and its form.

    A form is a small letter or a digit; one of :data:`TABLED` or above stands for several, which begin in
    ``expansions`` at what it has above that and end with 0.
    """

    classes: NDArray[np.uint8]
    forms: NDArray[np.uint32]
    expansions: NDArray[np.uint32]


@cache
def tables() -> Tables:
    """The tables, made once a process from ``unicodedata`` (0.05 s)."""
    classes = np.full(TABLED, OTHER, np.uint8)
    forms = np.arange(TABLED, dtype=np.uint32)
    expansions: list[int] = []
    named = {ord(mark): number for number, marks in MARKS.items() for mark in marks}
    for block, number in _BLOCKS:
        classes[block.start : block.stop] = number
    stops = [0, *(block.stop for block, _ in _BLOCKS)]
    starts = [*(block.start for block, _ in _BLOCKS), TABLED]
    for code in chain.from_iterable(map(range, stops, starts)):
        character = chr(code)
        category = unicodedata.category(character)
        if category in ("Cn", "Co", "Cs"):
            continue
        number = named[code] if code in named else _class_of(character, category)
        classes[code] = number
        if LOWER <= number <= MARK:
            spelled = compared_form(character) if _has_other_form(character) else character
            if len(spelled) == 1:
                forms[code] = ord(spelled)
            else:
                forms[code] = TABLED + len(expansions)
                expansions += [*map(ord, spelled), 0]
    return Tables(classes, forms, np.array(expansions, np.uint32))


def _class_of(character: str, category: str) -> int:
    if category == "Cf" or character in _OPTIONAL:
        return INVISIBLE
    if category[0] == "Z" or character.isspace():
        return SPACE
    if category == "Nd":
        return DIGIT
    if category[0] in "LMN" and is_unspaced(character):
        return UNSPACED
    if category == "Mn":
        optional = unicodedata.combining(character) in _POINTS or unicodedata.name(character).startswith("HEBREW")
        return INVISIBLE if optional else MARK
    if category[0] == "M":
        return MARK
    by_category = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Lm": CASELESS, "Lo": CASELESS, "Sc": CURRENCY}
    return by_category.get(category, DIGIT if category[0] == "N" else OTHER)


def _has_other_form(character: str) -> bool:
    """A quick look, since two of three characters are their own form."""
    return bool(
        unicodedata.decomposition(character)
        or character in _SAME_LETTER
        or unicodedata.category(character) == "Nd"
        or character.casefold() != character
    )


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that is written without blanks between words.

    >>> [is_unspaced(character) for character in "桥ไខက한a"]
    [True, True, True, True, False, False]
    """
    if 0x20000 <= ord(character) < IDEOGRAPHS_END:
        return True
    name = unicodedata.name(character, "")
    return name.split(" ", 1)[0] in UNSPACED_SCRIPTS or name.startswith(_UNSPACED_NAMES)


def compared_form(character: str) -> str:
    """The letters and digits that stand for a character where texts are compared; itself where it has none.

    >>> [compared_form(character) for character in "ÉＡ１٣ﬁßیﾎ"]
    ['é', 'a', '1', '3', 'fi', 'ss', 'ي', 'ホ']
    """
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", character).casefold())
    kept = "".join(_SAME_LETTER.get(letter, letter) for letter in plain if letter.isalnum() or letter == character)
    return kept or character
