"""The feed: what was sent before an error is waited for and counted. On the embedded broker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaException

from monitor.demo.broker import embedded_broker
from monitor.demo.feed import feed
from tests.kafka.reading import read_all


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with embedded_broker(["whole", "too-large", "damaged"]) as address:
        yield address


def test_counts_what_the_broker_has(address: str) -> None:
    assert feed(address, "whole", [b"%d" % n for n in range(50)]) == 50


def test_a_value_that_is_too_large_keeps_what_was_before_it(address: str) -> None:
    with pytest.raises(KafkaException) as caught:
        feed(address, "too-large", [b"1", b"2", b"x" * 8_000_001, b"3"])
    assert caught.value.__notes__ == ["2 records before it are on too-large"]
    assert sorted(r.value or b"" for r in read_all(address, "too-large")) == [b"1", b"2"]


def test_an_error_of_reading_keeps_what_was_before_it(address: str) -> None:
    def values() -> Iterator[bytes]:
        yield from (b"1", b"2", b"3")
        raise EOFError("the file ends early")

    with pytest.raises(EOFError) as caught:
        feed(address, "damaged", values())
    assert caught.value.__notes__ == ["3 records before it are on damaged"]
    assert sorted(r.value or b"" for r in read_all(address, "damaged")) == [b"1", b"2", b"3"]
