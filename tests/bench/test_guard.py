"""The guard against slower verdicts: what it calls slower, and how it reads callgrind."""

from __future__ import annotations

from pathlib import Path

from bench.guard import _collected, problems


def test_a_tenth_more_is_a_problem_and_less_is_none() -> None:
    stored = {"instructions": 1000.0}
    assert problems({"instructions": 1100}, stored) == []
    assert problems({"instructions": 900}, stored) == []
    assert problems({"instructions": 1101}, stored) == ["instructions: 1,101.0, more than 110% of the stored 1,000.0"]


def test_a_figure_of_another_environment_is_no_problem() -> None:
    assert problems({"instructions, CPython 3.14": 10**9}, {"instructions": 1000.0}) == []


def test_count_is_read_from_callgrinds_file(tmp_path: Path) -> None:
    (tmp_path / "1").write_text("version: 1\nevents: Ir\nfn=(1) main\n0 5\nsummary: 3811137093\n")
    assert _collected(tmp_path / "1") == 3811137093
