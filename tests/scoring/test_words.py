"""Words: between blanks, and by the character where a script has no blanks."""

from __future__ import annotations

import pytest

from monitor.scoring.words import count, counts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("The ferry’s back – at last | really", 6),
        ("我们来了。", 4),
        ("我们 use Kafka，对", 5),
        ("ไทย", 3),
        ("カタカナ", 4),
        ("한국어 문장", 2),
        ("नाव चली।", 2),
        ("--- * ---", 0),
    ],
)
def test_count(text: str, expected: int) -> None:
    assert count(text) == expected


def test_counts_are_those_of_each() -> None:
    texts = ["one two", "我们", "", "a – b"]
    assert counts(texts) == [count(text) for text in texts]
