"""Figures of an evaluation as tables and as a plot."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from monitor.cli.printing import evaluation_tables
from monitor.evaluation.figures import Line, Point
from tests.conftest import without


def line(subject: str, figure: str, value: float | None, *, name: str = "wire") -> Line:
    low, high = (None, None) if value is None else (value - 0.1, value + 0.1)
    return Line(subject, name, "all", figure, value, low, high, 20)


@pytest.mark.parametrize(
    ("subject", "figure", "expected"),
    [
        ("repeated words", "F1", "0.500 [0.400 0.600]"),
        ("boilerplate words", "ratio error", "0.5000 [0.4000 0.6000]"),
        ("false alarms: thin", "share", "50.00% [40.00% 60.00%]"),
    ],
)
def test_figure_has_its_interval_in_brackets(subject: str, figure: str, expected: str) -> None:
    assert evaluation_tables.cell(line(subject, figure, 0.5)) == expected
    assert evaluation_tables.cell(line(subject, figure, None)) == "-"


def test_each_subject_is_a_table_and_false_alarms_share_one(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [
        line("repeated words", "precision", 0.9),
        line("repeated words", "recall", 0.8),
        line("false alarms: thin", "share", 0.25),
        line("false alarms: markup", "share", 0.5, name="web\x1b[31m"),
    ]
    evaluation_tables.show(figures, "[note]")
    out = capsys.readouterr().out
    assert out.count("false alarms on clean bodies") == out.count("repeated words") == 1
    for expected in ("precision", "0.900 [0.800 1.000]", "0.800 [0.700 0.900]", "thin", "markup", "[note]"):
        assert expected in out
    assert "\x1b" not in out


def test_plot_has_a_panel_a_set(tmp_path: Path) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        without("matplotlib")
    curves = {name: [Point(0.0, 0.5, 1.0), Point(0.5, 0.9, 0.6)] for name in ("wire", "pages")}
    evaluation_tables.plot(curves, tmp_path / "plot.svg")
    drawn = (tmp_path / "plot.svg").read_text()
    assert "wire" in drawn
    assert "pages" in drawn
