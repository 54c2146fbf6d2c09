"""The records that a file becomes on a topic."""

from __future__ import annotations

import io
import json

import pytest

from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.records import records_of
from monitor.articles.size_limits import SizeLimits


def values(name: str, value: bytes) -> list[object]:
    return [
        record.value if isinstance(record.value, bytes) else record.value.reason
        for record in records_of(name, io.BytesIO(value), Decoder(limits=SizeLimits(record_bytes=200)))
    ]


def test_lines_go_as_they_are_damaged_ones_too() -> None:
    lines = b'{"content": "x"}\n{broken\n\n{"content": "' + b"z" * 300 + b'"}\n{"id": 1 }\r\n'
    assert values("f.jsonl", lines) == [b'{"content": "x"}', b"{broken", Reason.RECORD_TOO_LARGE, b'{"id": 1 }']


def test_items_of_a_list_go_one_by_one() -> None:
    sent = values("f.json", b'[{"id": "1", "content": "x"}, {"id": "2"}, 5]')
    assert [json.loads(value) for value in sent[:2] if isinstance(value, bytes)] == [
        {"id": "1", "content": "x"},
        {"id": "2"},
    ]
    assert sent[2] is Reason.NOT_AN_OBJECT


def test_an_event_goes_as_an_event() -> None:
    batch = [{"specversion": "1.0", "id": f"e{n}", "source": "s", "data": {"content": "x"}} for n in (1, 2)]
    for value in values("f", json.dumps(batch).encode()):
        assert isinstance(value, bytes)
        assert Decoder().decode(value).source == "s"


def test_what_is_not_read_is_refused() -> None:
    with pytest.raises(Undecodable, match="PDF"):
        values("f", b"%PDF-1.7")
