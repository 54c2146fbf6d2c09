"""The series of open incidents: the same for every worker, bounded, those that broke together as one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec

from monitor.metrics import Metrics
from monitor.scoring.sources.incident import Incident, Kind, incident_id
from monitor.streaming.open_incidents import MANY_SOURCES, OpenIncidents

NOW = datetime(2026, 3, 5, 6, 7, tzinfo=UTC)


def incident(
    source: str, *, score: float = 1.0, hours: float = 0.0, code: str = "thin", kind: Kind = "share"
) -> Incident:
    since = NOW - timedelta(hours=hours)
    return Incident(
        id=incident_id(source, kind, code, since.timestamp()), source=source, key=source.casefold(), kind=kind,
        code=code, since=since, opened=since, updated=since, score=score,
    )  # fmt: skip


def shown(*incidents: Incident, limit: int = 200, metrics: Metrics | None = None) -> Metrics:
    metrics = metrics or Metrics()

    async def take() -> None:
        board = OpenIncidents(metrics, limit, lambda: NOW)
        for each in incidents:
            board.take(each.record_key.encode(), each.encode())
        board.show()

    asyncio.run(take())
    return metrics


def series(metrics: Metrics) -> dict[tuple[str, str, str], float]:
    return {
        (sample.labels["source"], sample.labels["code"], sample.labels["kind"]): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == "monitor_incident"
    }


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_open_incident_is_a_series_and_its_begin_another() -> None:
    metrics = shown(incident("Daily", hours=3))
    assert series(metrics) == {("Daily", "thin", "share"): 1}
    labels = {"source": "Daily", "code": "thin", "kind": "share"}
    assert (
        value(metrics, "monitor_incident_since_timestamp_seconds", **labels) == (NOW - timedelta(hours=3)).timestamp()
    )
    assert value(metrics, "monitor_incidents_open", kind="share") == 1


def test_closed_and_muted_incidents_have_no_series() -> None:
    closed = msgspec.structs.replace(incident("Daily"), open=False)
    muted = msgspec.structs.replace(incident("Evening"), muted_until=NOW + timedelta(hours=1))
    over = msgspec.structs.replace(incident("Morning"), muted_until=NOW)
    metrics = shown(incident("Daily"), closed, muted, over)
    assert series(metrics) == {("Morning", "thin", "share"): 1}
    assert value(metrics, "monitor_incidents_open", kind="share") == 2


def test_only_the_worst_are_series_and_the_rest_are_counted() -> None:
    metrics = shown(*(incident(f"Source {n}", score=n, hours=3 * n) for n in range(30)), limit=3)
    assert set(series(metrics)) == {(f"Source {n}", "thin", "share") for n in (27, 28, 29)}
    assert value(metrics, "monitor_incidents_beyond") == 27


def test_sources_that_break_together_are_one_series() -> None:
    metrics = shown(*(incident(f"Source {n}", hours=n / 100) for n in range(40)), incident("Alone", code="markup"))
    assert set(series(metrics)) == {(MANY_SOURCES, "thin", "share"), ("Alone", "markup", "share")}
    assert value(metrics, "monitor_incidents_beyond") == 0


def test_ten_incidents_over_a_day_are_not_together() -> None:
    assert len(series(shown(*(incident(f"Source {n}", hours=n) for n in range(10))))) == 10


def test_record_that_does_not_decode_is_left_out() -> None:
    async def take() -> None:
        board = OpenIncidents(metrics, 10, lambda: NOW)
        board.take(b"share/thin/daily", incident("Daily").encode())
        board.take(b"share/thin/daily", b"damaged")
        board.take(b"share/thin/other", None)
        board.show()

    metrics = Metrics()
    asyncio.run(take())
    assert series(metrics) == {}


def test_two_thousand_incidents_are_shown_once() -> None:
    """At a worker's start all that are open come at once."""

    async def take() -> None:
        board = OpenIncidents(metrics, 200, lambda: NOW)
        for n in range(2000):
            each = incident(f"Source {n}", score=n, hours=3 * n)
            board.take(each.record_key.encode(), each.encode())
        await asyncio.sleep(1.2)

    metrics = Metrics()
    asyncio.run(take())
    assert len(series(metrics)) == 200
