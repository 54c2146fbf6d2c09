"""Bytes as UTF-8 and as JSON: lenient where feeds are not sound, and clear where it is no JSON."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.articles.errors import Reason, Undecodable
from monitor.articles.jsontext import parse_json, utf8


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "one\ttwo\n"}', {"a": "one\ttwo\n"}),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
    ids=["sound", "byte order mark", "control characters", "lone surrogate", "name twice"],
)
def test_json_of_feeds_is_read(value: bytes, expected: Any) -> None:
    assert parse_json(value) == expected


@pytest.mark.parametrize(
    ("value", "reason", "message"),
    [
        (b" \n", Reason.EMPTY, "the record is empty"),
        (b"{broken", Reason.NOT_JSON, "not JSON: .* at character 1"),
        (b'{"a": "\xff"}', Reason.NOT_UTF8, "not UTF-8: byte 7 is 0xff; convert it"),
        (b"[" * 200_000, Reason.TOO_DEEP, "nested too deep"),
    ],
)
def test_bytes_that_are_no_json_say_why(value: bytes, reason: Reason, message: str) -> None:
    with pytest.raises(Undecodable, match=message) as raised:
        parse_json(value)
    assert raised.value.reason is reason


def test_byte_order_mark_is_no_text() -> None:
    assert utf8(b"\xef\xbb\xbfcaf\xc3\xa9") == "café"
