"""truncated: its reasons in the order in which they count, and their messages."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.scoring.flags.truncated import FLAG
from tests.scoring.flags.made_up import inspection, raised

STORY = "The ferry between Lower Quay and the island of Brenn was out of service on Monday.\nIt sails again."


@pytest.mark.parametrize(
    ("text", "declared", "message"),
    [
        (f"{STORY} Divers freed it by… [+2311 chars]", {}, "paragraph 2 ends with “[+2311 chars]”"),
        (STORY, {"partial": True}, "the publisher declares the copy incomplete"),
        ("", {"partial": True}, "the publisher declares the copy incomplete"),
        (STORY, {"declared_words": 742}, "the publisher declares 742 words, and 19 arrived"),
        (
            f"{STORY}\nDivers freed the propeller by the evening, in water that was as cold as the",
            {},
            "paragraph 3 breaks off in mid-sentence: “…in water that was as cold as the”",
        ),
    ],
)
def test_message_names_the_reason(text: str, declared: dict[str, Any], message: str) -> None:
    flag = raised(FLAG, inspection(text, **declared))
    assert flag is not None
    assert flag.message == message


def test_whole_story_is_not_flagged() -> None:
    assert raised(FLAG, inspection(STORY)) is None
    assert raised(FLAG, inspection(STORY, declared_words=20)) is None
    assert raised(FLAG, inspection("")) is None


def test_declared_words_count_from_the_threshold() -> None:
    copy = inspection(STORY, declared_words=20)
    assert raised(FLAG, copy, truncated_share=0.96) is not None
