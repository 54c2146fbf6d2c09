"""Headlines: what is the same one with a name added, and what is another."""

from __future__ import annotations

import pytest

from monitor.scoring.copies.headlines import is_changed


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (None, "Ferry sails", False),
        ("Ferry sails", "", False),
        ("Ferry sails", "FERRY  SAILS!", False),
        ("Ferry sails at last", "UPDATE 1-Ferry sails at last", False),
        ("Ferry", "Ferry sinks", True),
        ("Ferry sails at last", "Ferry sails", True),
        ("轮渡今天起航", "轮渡今天停航", True),
    ],
)
def test_changed_headline_has_other_words(earlier: str | None, later: str | None, expected: bool) -> None:
    assert is_changed(earlier, later) is expected
