"""Dead letters keep the record whole and say why."""

from __future__ import annotations

from monitor.streaming.deadletters import dead_letter, without_value
from monitor.streaming.deliveries import Output


def letter(value: bytes | None) -> Output:
    return dead_letter(
        "articles.dead",
        source=("articles", 3, 42),
        key=b"k",
        value=value,
        headers=(("ce_type", b"x"),),
        timestamp=1.5,
        reason="not_json",
        stage="decode",
        error=ValueError("no\ud800 JSON " + "x" * 1000),
    )


def test_names_follow_kafka_connect_and_the_record_is_kept() -> None:
    made = letter(b"{")
    assert (made.topic, made.key, made.value, made.timestamp) == ("articles.dead", b"k", b"{", None)
    headers = dict(made.headers)
    assert headers["ce_type"] == b"x"
    assert headers["__connect.errors.topic"] == b"articles"
    assert headers["__connect.errors.partition"] == b"3"
    assert headers["__connect.errors.offset"] == b"42"
    assert headers["__connect.errors.stage"] == b"decode"
    assert headers["__connect.errors.exception.class.name"] == b"ValueError"
    assert headers["__connect.errors.exception.message"].startswith(b"no? JSON x")
    assert len(headers["__connect.errors.exception.message"]) == 500
    assert headers["monitor.reason"] == b"not_json"
    assert headers["monitor.timestamp"] == b"1500"


def test_a_value_left_out_leaves_its_size() -> None:
    smaller = without_value(letter(b"x" * 9))
    assert smaller is not None
    assert smaller.value is None
    assert smaller.headers[-1] == ("monitor.value.bytes", b"9")
    assert without_value(smaller) is None
