"""Some of the inputs that ``make fuzz`` makes a million of."""

from __future__ import annotations

from bench.fuzz import Fuzzer


def test_inputs_give_sound_verdicts_or_reasons() -> None:
    fuzzer = Fuzzer("test")
    assert [finding for number in range(1_000) if (finding := fuzzer.run(number))] == []
    assert fuzzer.outcomes["scored"] > 300
    assert fuzzer.outcomes.total() - fuzzer.outcomes["records of files"] == 1_000
