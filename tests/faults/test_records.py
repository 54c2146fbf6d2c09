"""Poison and tombstones at every share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.ledger import Ledger, Row
from tests.kafka.worker import Supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Start = Callable[..., Supervised]
Tell = Callable[[Row], None]


@pytest.mark.parametrize(("share", "count"), [(0.001, 10_000), (0.3, 10_000)])
def test_poison(ledger: Ledger, start: Start, tell: Tell, share: float, count: int) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(count, poison=share)
    ledger.wait(180)
    row = ledger.row(f"{100 * share:g} % poison")
    tell(row)
    assert abs(row.dead - share * count) < 0.05 * count
    assert row.twice == 0
    assert worker.exits == []


def test_tombstones(ledger: Ledger, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(5000, poison=0.0, tombstones=0.2)
    ledger.wait(120)
    row = ledger.row("20 % tombstones")
    tell(row)
    assert row.verdicts + row.dead == row.sent
    assert row.twice == 0
    assert worker.exits == []
