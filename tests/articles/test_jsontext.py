"""JSON, fast where it is sound, lenient where feeds are not."""

from __future__ import annotations

import pytest

from monitor.articles.errors import Reason, Undecodable
from monitor.articles.jsontext import parse_json


def test_what_python_takes_is_taken() -> None:
    assert parse_json(b'{"a": 1, "a": 2, "b": "\x01"}') == {"a": 2, "b": "\x01"}
    assert parse_json(b"\xef\xbb\xbf[1e999]") == [float("inf")]


@pytest.mark.parametrize(
    ("value", "reason"),
    [(b" ", Reason.EMPTY), (b"{", Reason.NOT_JSON), (b'"\xff"', Reason.NOT_UTF8), (b"[" * 200_000, Reason.TOO_DEEP)],
)
def test_what_is_not_json_says_why(value: bytes, reason: Reason) -> None:
    with pytest.raises(Undecodable) as caught:
        parse_json(value)
    assert caught.value.reason is reason
