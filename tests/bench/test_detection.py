"""The page of figures, made of a small evaluation."""

from __future__ import annotations

from pathlib import Path

from bench.detection import BEGIN, END, Evaluation, page, write
from monitor.evaluation.figures import Line


def line(subject: str, figure: str, value: float | None = 0.5, name: str = "pages") -> Line:
    return Line(subject, name, "all", figure, value, low=value, high=value, documents=30)


EVALUATION = Evaluation(
    "a note",
    [
        line("boilerplate words", "F1"),
        line("false alarms: thin", "share", 0.01),
        line("repeated words", "recall"),
        line("repeated words: block_twice", "recall", name="all"),
        line("defect: markup", "recall", 0.9),
        line("defect: markup", "precision", 0.8),
        line("defect: thin", "recall", None),
    ],
)


def test_each_figure_stands_in_its_table() -> None:
    text = page(EVALUATION, "Version 1")
    assert "| set | articles | thin |\n| --- | --- | --- |\n| pages | 30 | 1.00 % (1.00–1.00) |" in text
    assert "| `block_twice` | 30 | – | 0.500 (0.500–0.500) | – | – | – |" in text
    assert "| pages | 0.900, 0.800 | – |" in text


def test_what_stood_between_the_marks_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"before\n{BEGIN}old\n{END}after\n")
    write("new", file)
    assert file.read_text() == f"before\n{BEGIN}new\n\n{END}after\n"
