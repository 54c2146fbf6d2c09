"""Dead letters keep the record whole and say why."""

from __future__ import annotations

from monitor.streaming.deadletters.letter import (
    Letter,
    Refused,
    dead_letter,
    marker_headers,
    put_back_headers,
    read_letter,
    replayed_offset,
    without_value,
)
from monitor.streaming.engine.records import Headers, InputRecord, Output


def letter(value: bytes | None) -> Output:
    record = InputRecord("articles", 3, 42, 1.5, b"k", value, (("ce_type", b"x"),))
    error = ValueError("no\ud800 JSON " + "x" * 1000)
    return dead_letter("articles.dead", record, Refused("not_json", "decode", error))


def test_names_follow_kafka_connect_and_the_record_is_kept() -> None:
    stored = letter(b"{")
    assert (stored.topic, stored.key, stored.value, stored.timestamp) == ("articles.dead", b"k", b"{", None)
    headers = dict(stored.headers)
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


def read_back(output: Output) -> Letter:
    return read_letter(InputRecord("articles.dead", 1, 9, 60.0, output.key, output.value, output.headers))


def test_what_was_written_is_read_back() -> None:
    read = read_back(letter(b"{"))
    assert (read.partition, read.offset, read.failed_at) == (1, 9, 60.0)
    assert (read.topic, read.source_partition, read.source_offset) == ("articles", 3, 42)
    assert (read.reason, read.key, read.value, read.headers) == ("not_json", b"k", b"{", (("ce_type", b"x"),))
    assert read.message.startswith("no? JSON x")
    assert (read.left_out, read.replays) == (None, 0)
    smaller = without_value(letter(b"x" * 9))
    assert smaller is not None
    assert read_back(smaller)[9:12] == (None, (("ce_type", b"x"),), 9)


def test_record_goes_back_with_its_headers_and_number_of_replays() -> None:
    own: Headers = (("monitor.reason", b"mine"), ("__connect.errors.topic", b"elsewhere"), ("a", b"1"), ("a", b"2"))
    for times in (1, 2, 3):
        record = InputRecord("articles", 0, 7, None, None, b"{", own)
        stored = dead_letter("articles.dead", record, Refused("not_json", "decode", ValueError("no JSON")))
        read = read_back(stored)
        assert (read.topic, read.reason, read.replays) == ("articles", "not_json", times - 1)
        own = put_back_headers(read)
        assert own[:4] == (
            ("monitor.reason", b"mine"),
            ("__connect.errors.topic", b"elsewhere"),
            ("a", b"1"),
            ("a", b"2"),
        )
        assert own[4:] == (("monitor.replays", str(times).encode()),)


def test_a_record_that_is_no_dead_letter_of_ours_is_read_too() -> None:
    read = read_letter(
        InputRecord("articles.dead", 0, 1, None, None, None, (("x", b"\xff"), ("monitor.replays", b"many")))
    )
    assert (read.topic, read.source_offset, read.reason, read.replays) == ("", None, "unknown", 0)
    assert replayed_offset(read.headers) is None


def test_a_marker_names_its_letter() -> None:
    assert replayed_offset(marker_headers(read_back(letter(b"{")))) == 9
    assert replayed_offset(letter(b"{").headers) is None
    assert replayed_offset((("monitor.replayed", b"\xff"),)) is None
