"""What changes between today's verdicts and those under other thresholds."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from monitor.evaluation.backtest import BAD, EXAMPLES, Backtest, Pair
from monitor.scoring.verdict import Flag, Verdict

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GOOD = Verdict(
    id="a", source="Daily", url=None, title=None, published_at=None, scored_at=NOW, version="0", language="en",
    words=100, repetition=0, boilerplate=0, bad=False, flags=(), paragraphs=(),
)  # fmt: skip


def flagged(code: str, bad: bool = True) -> Verdict:
    return msgspec.structs.replace(GOOD, bad=bad, flags=(Flag(code, 0.5, "why"),))


def test_flags_that_come_and_go_are_counted_by_code_and_source() -> None:
    result = Backtest()
    result.add(Pair(GOOD, flagged("thin"), "one"))
    result.add(Pair(flagged("truncated"), flagged("thin"), "two"))
    result.add(Pair(flagged("truncated"), GOOD, "three"))
    result.add(Pair(GOOD, GOOD, "four"))
    thin, truncated, bad = (result.by_code[code] for code in ("thin", "truncated", BAD))
    assert result.articles == 4
    assert (thin.today, thin.other, thin.added, thin.removed, thin.more) == (0, 2, 2, 0, ["one", "two"])
    assert (truncated.today, truncated.other, truncated.fewer) == (2, 0, ["two", "three"])
    assert (bad.today, bad.other, bad.more, bad.fewer) == (2, 2, ["one"], ["three"])
    assert result.by_source.keys() == {"Daily"}


def test_a_flag_that_only_informs_makes_no_source_worse() -> None:
    result = Backtest()
    result.add(Pair(GOOD, flagged("language_mismatch", bad=False), "one"))
    assert result.by_code["language_mismatch"].added == 1
    assert not result.by_source


def test_examples_are_few_and_counts_are_whole() -> None:
    result = Backtest()
    for number in range(20):
        result.add(Pair(GOOD, flagged("thin"), str(number)))
    assert (result.by_code["thin"].added, len(result.by_code["thin"].more)) == (20, EXAMPLES)
