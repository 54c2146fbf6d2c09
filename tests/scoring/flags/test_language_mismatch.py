"""language_mismatch: declared one language, written in another."""

from __future__ import annotations

import pytest

from monitor.scoring.flags.language_mismatch import FLAG
from monitor.scoring.language import Detection
from tests.scoring.flags.made_up import inspection, raised

TEXT = "word " * 60
GERMAN = Detection("de", 0.99)


def test_both_languages_are_named() -> None:
    flag = raised(FLAG, inspection(TEXT, language="en-GB", detected=GERMAN))
    assert flag is not None
    assert flag.message == "the publisher declares the language “en-GB”, but the text is written in “de”"
    assert not FLAG.bad


@pytest.mark.parametrize("declared", [None, "", "de", "de-AT", "DE_ch", "deu", "ger", "nds", "und", "mul", "German"])
def test_same_alike_or_no_language_is_not_flagged(declared: str | None) -> None:
    assert raised(FLAG, inspection(TEXT, language=declared, detected=GERMAN)) is None


def test_short_text_or_unsure_detection_is_not_flagged() -> None:
    assert raised(FLAG, inspection(TEXT, language="en", detected=Detection("de", 0.9))) is None
    assert raised(FLAG, inspection(TEXT, language="en", detected=GERMAN), language_words=61) is None
    assert raised(FLAG, inspection(TEXT, language="en")) is None
