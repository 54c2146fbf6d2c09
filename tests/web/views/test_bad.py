"""The first page, drawn from what is kept."""

from __future__ import annotations

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.health.awaited import Health
from monitor.web.kept.board import Board
from monitor.web.kept.counts import Slice
from monitor.web.views.bad import BadPage, Chart, Filter
from monitor.web.views.status import Surveyor


class Walked(Metrics):
    """Metrics whose series of sources must not be read."""

    def __init__(self) -> None:
        super().__init__()
        for metric in (self.articles, self.flags, self.repetition, self.boilerplate, self.last_article):
            metric.collect = self.read  # type: ignore[method-assign, assignment]

    def read(self) -> None:
        raise AssertionError("the page reads the series of all sources")


def test_first_page_reads_no_series_of_sources() -> None:
    board = Board(Settings())
    page = BadPage(board, Surveyor(board, Walked(), Health(), works=True))
    assert b"no partitions assigned yet" in page.html(Filter())


def test_chart_is_as_high_as_the_busiest_slice() -> None:
    chart = Chart.of([Slice(0, 10, 5), Slice(120, 0, 0), Slice(240, 20, 0)])
    assert [(bar.x, bar.height, bar.bad) for bar in chart.bars] == [(0, 50, 25), (40, 100, 0)]
    assert chart.words == "30 articles in the last hour, 5 of them bad; at most 20 in two minutes"
    assert Chart.of([]).bars == ()


def test_filter_ignores_what_is_no_period() -> None:
    assert Filter.of({"hours": "9; drop", "source": " a "}) == Filter(source="a")
    assert Filter(source="a", hours="1").query(source="") == "?hours=1"
    assert Filter(hours="1").selection(7200.0).since == 3600.0
