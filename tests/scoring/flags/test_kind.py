"""What a flag is made of: its line in the documentation has the defaults of its thresholds."""

from __future__ import annotations

import string
from dataclasses import dataclass, fields
from typing import Any

import pytest

from monitor.scoring.flags import FLAGS
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.thresholds import Thresholds, whole_number


@dataclass(frozen=True, kw_only=True)
class LongThresholds(Thresholds):
    """A threshold of the flag that only this test has."""

    long_words: int = whole_number(900, "words", "above which an article is long", least=1)


def test_documentation_has_the_defaults_of_the_thresholds() -> None:
    kind = FlagKind(
        code="long",
        bad=False,
        when="more than {long_words} words",
        check=lambda *_: iter(()),
        thresholds=LongThresholds,
    )
    assert kind.documentation == "more than 900 words"


@pytest.mark.parametrize("kind", FLAGS, ids=lambda kind: kind.code)
def test_documentation_names_thresholds_that_the_flag_has(kind: FlagKind[Any]) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(kind.when) if name}
    assert named <= {threshold.name for threshold in fields(kind.thresholds)}
    assert "{" not in kind.documentation
