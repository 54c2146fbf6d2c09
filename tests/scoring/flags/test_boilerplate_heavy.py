"""boilerplate_heavy: the share of words, and the paragraph that is shown."""

from __future__ import annotations

from monitor.scoring.flags.boilerplate_heavy import FLAG
from tests.scoring.flags.made_up import inspection, raised

TEXT = "The ferry sails again today.\nRead more about ferries and harbours in our weekly letter for subscribers"


def test_message_shows_the_longest_paragraph_of_boilerplate() -> None:
    flag = raised(FLAG, inspection(TEXT, boilerplate=(0.1, 0.9)))
    assert flag is not None
    assert flag.message == (
        "12 of 17 words, in 1 of 2 paragraphs, are not part of the story; the longest is paragraph 2: "
        "“Read more about ferries and harbours in our weekly letter f…”"
    )


def test_share_below_the_threshold_is_not_flagged() -> None:
    copy = inspection(TEXT, boilerplate=(0.1, 0.9))
    assert raised(FLAG, copy, boilerplate_heavy=0.8) is None
    assert raised(FLAG, inspection(TEXT, boilerplate=(0.1, 0.49))) is None


def test_copy_without_boilerplate_is_not_flagged_at_threshold_zero() -> None:
    assert raised(FLAG, inspection(TEXT), boilerplate_heavy=0) is None
