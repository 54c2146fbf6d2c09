"""CloudEvents, and what is within them."""

from __future__ import annotations

import base64
import gzip
import json

from tests.articles.formats.reading import of_record


def event(data: object, **attributes: object) -> dict[str, object]:
    return {"specversion": "1.0", "id": "e", "source": "s", "data": data} | attributes


def test_the_data_is_told_as_any_document_is() -> None:
    rss = "<rss><channel><item><description>x</description></item></channel></rss>"
    for data, kind in ((rss, "application/rss+xml"), (rss, None), ({"content": "x"}, None), ("x", "text/plain")):
        assert of_record(json.dumps(event(data, datacontenttype=kind)).encode()) == ["x"]


def test_packed_data_in_base64_is_unpacked() -> None:
    packed = base64.b64encode(gzip.compress(b'{"content": "x"}')).decode()
    assert of_record(json.dumps(event(None, data_base64=packed)).encode()) == ["x"]


def test_a_batch_with_a_broken_event() -> None:
    assert of_record(json.dumps([event({"content": "x"}), event(None, data_base64="?")]).encode()) == ["x", "body_type"]


def test_events_within_events_end() -> None:
    value: object = {"content": "x"}
    for _ in range(50):
        value = event(value)
    assert of_record(json.dumps(value).encode()) == ["too_deep"]
