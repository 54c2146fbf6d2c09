"""The quick look for mojibake passes over nothing that ftfy finds."""

from __future__ import annotations

from ftfy.badness import badness

from monitor.scoring.flags.mojibake import _BEYOND, suspect_words
from monitor.scoring.text.text import code_points

LETTERS = [chr(code) for code in range(0xDF, 0x492)]


def test_pairs_of_letters_that_are_skipped_hold_no_mojibake() -> None:
    passed = 0
    for first in LETTERS:
        pairs = [pair for second in LETTERS if not suspect_words(pair := first + second, code_points(pair))]
        passed += len(pairs)
        text = "\n".join(f"a{pair}a\nA{pair} \n. {pair}A\n{pair}" for pair in pairs)
        assert badness(text) == 0
        assert not _BEYOND.search(text)
    assert passed > 150_000


def test_pairs_of_wrong_encodings_are_not_passed_over() -> None:
    for letter in "äéœßñž€“”–ы":
        for encoding in ("cp1252", "latin-1", "mac-roman", "cp1251", "cp1253", "cp1257"):
            wrong = letter.encode().decode(encoding, "replace")
            assert suspect_words(wrong, code_points(wrong)), wrong
