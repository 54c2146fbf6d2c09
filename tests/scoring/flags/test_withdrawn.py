"""withdrawn: what the publisher declares."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.scoring.flags.withdrawn import FLAG
from tests.scoring.flags.made_up import NOW, inspection, raised


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_declared_status_is_named(status: str) -> None:
    flag = raised(FLAG, inspection("A story.", status=status))
    assert flag is not None
    assert flag.message == f"the publisher declares the copy {status}"


@pytest.mark.parametrize("expires", [NOW, NOW - timedelta(days=1), datetime(2026, 3, 5, 6, 6)])  # noqa: DTZ001
def test_expired_copy_is_withdrawn(expires: datetime) -> None:
    flag = raised(FLAG, inspection("A story.", expires=expires))
    assert flag is not None
    assert flag.message.startswith("the publisher declares that the copy expired at 2026-03-0")


def test_usable_copy_is_not_flagged() -> None:
    assert raised(FLAG, inspection("A story.", status="usable", expires=NOW + timedelta(minutes=1))) is None
