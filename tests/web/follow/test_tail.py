"""Following topics, and single records, on the embedded broker."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from confluent_kafka import Producer

from monitor.demo.broker import embedded_broker
from monitor.scoring.copies.record import Place
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.kept_articles import article_of
from monitor.web.follow import tail
from monitor.web.follow.fetch import Away, Records
from monitor.web.follow.tail import Followed, Tail


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def send(broker: str, topic: str, *values: bytes, partition: int = 0) -> None:
    producer = Producer({"bootstrap.servers": broker})
    for value in values:
        producer.produce(topic, value, b"k", partition, headers={"monitor.place": b"articles-0@1"})
    assert producer.flush(10) == 0


def test_last_records_are_read_then_what_comes_and_topics_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "LOOK_SECONDS", 0.5)
    taken: list[InputRecord] = []

    def take(record: InputRecord) -> None:
        taken.append(record)
        if record.value == b"defect":
            raise ValueError("cannot be shown")

    with embedded_broker(["flagged", "articles"]) as broker:
        send(broker, "flagged", *(b"%d" % n for n in range(20)))
        # Twelve before the end over the embedded broker's four partitions are three of each.
        followed = [Followed("flagged", take, 12), Followed("whole", take, None)]
        tail_ = Tail(Settings(bootstrap_servers=broker), followed, ["articles"])
        with tail_.running():
            wait_for(lambda: tail_.state.caught_up)
            assert [record.value for record in taken] == [b"17", b"18", b"19"]
            assert taken[0].headers == (("monitor.place", b"articles-0@1"),)
            send(broker, "flagged", b"defect", b"live")
            wait_for(lambda: taken[-1].value == b"live")
            assert tail_.state.partitions == 4
            assert time.time() - (tail_.state.answered_at or 0) < 10
            send(broker, "whole", b"from the begin")
            wait_for(lambda: taken[-1].value == b"from the begin")
            wait_for(lambda: tail_.state.problems == ())


def test_pages_wait_for_a_kafka_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "ANSWER_SECONDS", 0.5)
    tail_ = Tail(Settings(bootstrap_servers="127.0.0.1:1"), [Followed("flagged", print, 5)], [])
    with tail_.running():
        time.sleep(1.5)
        assert tail_.state.answered_at is None


def test_one_record_is_given_where_it_lies_and_no_other() -> None:
    with embedded_broker(["articles", "secret"]) as broker:
        send(broker, "articles", b'{"content": "One."}', b'{"content": "Two."}')
        send(broker, "secret", b"x")
        settings = Settings(bootstrap_servers=broker)
        records = Records(settings, ["articles"])
        try:
            second = records.record(Place("articles", 0, 1))
            assert second is not None
            article = article_of(second, 0, settings)
            assert article is not None
            assert article.text == "Two."
            assert article_of(second, 7, settings) is None
            assert records.record(Place("articles", 0, 0)) is not None
            assert records.record(Place("articles", 0, 2)) is None
            assert records.record(Place("articles", 99, 0)) is None
            assert records.record(Place("secret", 0, 0)) is None, "only topics of articles may be asked for"
        finally:
            records.close()


def test_record_of_a_kafka_that_is_away_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.follow.fetch.SECONDS", 0.5)
    records = Records(Settings(bootstrap_servers="127.0.0.1:1"), ["articles"])
    with pytest.raises(Away, match="articles-0@1"):
        records.record(Place("articles", 0, 1))
    records.close()
