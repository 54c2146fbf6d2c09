"""The figures made of sums, on examples worked out by hand."""

from __future__ import annotations

import pytest

from monitor.evaluation import judge
from monitor.evaluation.figures import Judged, Line, curve, lines
from tests.evaluation.test_judge import container


def figures(judged: list[Judged]) -> dict[tuple[str, str, str, str], Line]:
    return {(line.subject, line.set, line.language, line.figure): line for line in lines(judged)}


def test_boilerplate_by_hand() -> None:
    lines_by_name = figures([Judged("s", "en", {"boilerplate words": judge.boilerplate(container())})])

    def value(name: str) -> float | None:
        return lines_by_name["boilerplate words", "s", "all", name].value

    assert value("precision") == pytest.approx(2 / 3)  # 2 of the 3 words called
    assert value("recall") == pytest.approx(2 / 5)
    assert value("F1") == pytest.approx(2 * 2 / (3 + 5))
    assert value("ratio MAE") == pytest.approx(0.2)  # 3 of 10 called, 5 of 10 are
    # Each paragraph is alone in its bin: |0.05 - 0|, |0.45 - 1|, |0.95 - 1|, |0.65 - 0|, over 4.
    assert value("ECE") == pytest.approx((0.05 + 0.55 + 0.05 + 0.65) / 4)


def test_the_threshold_against_precision_and_recall() -> None:
    points = {point.threshold: point for point in curve([Judged("s", "en", {}, container())])["s"]}
    assert (points[0.0].precision, points[0.0].recall) == (0.5, 1.0)
    assert points[0.4][1:] == pytest.approx((5 / 6, 1.0))
    assert points[0.9][1:] == pytest.approx((1.0, 2 / 5))
    assert max(points) == 0.94


def test_a_defect_that_no_copy_has_gets_no_precision() -> None:
    row = {"right": 0.0, "missed": 0.0, "wrong on clean bodies": 0.0, "wrong on other copies": 2.0}
    lines_by_name = figures([Judged("s", "en", {"defect: mojibake": row})])
    assert lines_by_name["defect: mojibake", "s", "all", "precision among all copies"].value is None


def test_language_has_own_figures_from_twenty_documents() -> None:
    def documents(language: str, count: int) -> list[Judged]:
        return [
            Judged("s", language, {"CPU ms a verdict": {"milliseconds": 2.0, "verdicts": 1.0}}) for _ in range(count)
        ]

    language_lines = lines([*documents("en", 20), *documents("de", 19), *documents("fr", 30)])
    assert [(line.language, line.documents) for line in language_lines] == [("all", 69), ("en", 20), ("fr", 30)]
