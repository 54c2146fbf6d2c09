"""Whether the last words of a text may end a sentence."""

from __future__ import annotations

import pytest

from monitor.scoring.flags.fragment import last_words_unfinished
from monitor.scoring.flags.sentence_end import buckets, features


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("The mayor said that the", "The mayor said so on Monday"),
        ("Die Stadt sperrt die Brücke und", "Die Stadt sperrt die Brücke am Montag"),
        ("La ville a fermé le pont de", "La ville a fermé le pont lundi"),
    ],
)
def test_word_that_ends_no_sentence_is_likelier_unfinished(cut: str, whole: str) -> None:
    assert last_words_unfinished(cut) > 0 > last_words_unfinished(whole)


def test_mark_behind_the_last_word_says_nothing() -> None:
    assert last_words_unfinished("Time will tell…") == last_words_unfinished("Time will tell")


def test_text_without_words_has_no_features() -> None:
    assert list(features("   ")) == []
    assert buckets("") == []
