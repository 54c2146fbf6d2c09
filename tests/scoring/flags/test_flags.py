"""The list of flags: the codes that are promised, and that one line makes a flag known everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from monitor.articles.article import Article
from monitor.cli import documents
from monitor.metrics import Metrics
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.score import Scorer
from monitor.scoring.thresholds import Thresholds, whole_number
from monitor.scoring.verdict import Flag
from monitor.settings import Settings
from tests.scoring.flags.made_up import NOW


@dataclass(frozen=True, kw_only=True)
class ShoutingThresholds(Thresholds):
    """A threshold of the flag that only this test has."""

    shouting_marks: int = whole_number(3, "exclamation marks in a text", "from which it shouts", least=1)


def shouts(inspection: Inspection, thresholds: ShoutingThresholds) -> Iterator[Flag]:
    marks = inspection.article.text.count("!")
    if marks >= thresholds.shouting_marks:
        yield Flag("shouting", 1.0, f"{marks} exclamation marks")


SHOUTING = FlagKind(
    code="shouting", bad=True, when="{shouting_marks} exclamation marks", check=shouts, thresholds=ShoutingThresholds
)


@pytest.fixture
def with_shouting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file and a line in FLAGS would do: the names that the package makes of that list."""
    kinds = (*flags.FLAGS, SHOUTING)
    together = flags.thresholds_class(kinds)
    monkeypatch.setattr(flags, "FLAGS", kinds)
    monkeypatch.setattr(flags, "AllThresholds", together)
    for module in (flags, documents):
        monkeypatch.setattr(module, "THRESHOLDS", {threshold.name: threshold for threshold in fields(together)})
        monkeypatch.setattr(module, "CODES", tuple(kind.code for kind in kinds))
    monkeypatch.setattr(documents, "FLAGS", kinds)


def test_codes_are_the_promised_ones() -> None:
    assert (*flags.CODES, *flags.PROMISED) == (
        "repeated_body", "repeated_paragraphs", "boilerplate_heavy", "truncated", "mojibake", "markup", "thin",
        "withdrawn", "language_mismatch", "copy", "stale", "headline_changed", "shortened",
    )  # fmt: skip
    assert [kind.code for kind in flags.FLAGS if not kind.bad] == ["language_mismatch"]


def test_each_flag_stands_in_the_file_of_its_code_with_a_test() -> None:
    for kind in flags.FLAGS:
        assert kind.check.__module__ == f"monitor.scoring.flags.{kind.code}"
        assert Path(__file__).with_name(f"test_{kind.code}.py").exists()


@pytest.mark.usefixtures("with_shouting")
def test_listed_flag_can_be_set_for_all_sources_and_for_one() -> None:
    settings = Settings(thresholds={"shouting_marks": 2}, sources={"Loud": {"shouting_marks": 9}})
    scorer = Scorer(Model.load(), settings.thresholds_for, kinds=flags.FLAGS)
    for source, is_flagged in (("Daily", True), ("Loud", False)):
        verdict = scorer.score(Article(id="1", text="Ferry back! At last! " * 3, source=source), NOW)
        assert ("shouting" in [flag.code for flag in verdict.flags]) == is_flagged
    with pytest.raises(ValueError, match="shouting_marks must be at least 1, not 0"):
        Settings(thresholds={"shouting_marks": 0})


@pytest.mark.usefixtures("with_shouting")
def test_listed_flag_is_documented_and_in_the_schema() -> None:
    assert "| `shouting` | 3 exclamation marks | yes |" in documents.flags_table()
    assert "shouting" in documents.schema()["$defs"]["Flag"]["properties"]["code"]["enum"]


def test_only_flags_that_are_raised_have_series() -> None:
    metrics = Metrics()
    metrics.begin_source("Daily", flags.CODES)
    codes = {sample.labels["code"] for family in metrics.flags.collect() for sample in family.samples}
    assert codes == set(flags.CODES)
