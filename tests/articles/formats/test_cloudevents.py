"""CloudEvents: the article within, and what the envelope says of it."""

from __future__ import annotations

import base64
import json

import pytest

from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats.cloudevents import attributes_in_headers, data_of, is_event
from tests.articles.formats.made_up import only_article

EVENT = {"specversion": "1.0", "id": "e-1", "source": "urn:wire", "time": "2026-03-05T06:07:08Z"}


def test_article_has_the_attributes_of_its_event() -> None:
    article = only_article(json.dumps(EVENT | {"data": {"content": "The ferry is back."}}))
    assert (article.id, article.source, article.text) == ("e-1", "urn:wire", "The ferry is back.")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-03-05T06:07:08+00:00"


def test_own_fields_of_an_article_come_before_those_of_its_event() -> None:
    data = {"id": "a-1", "source": "Lantern", "content": "The ferry is back."}
    article = only_article(json.dumps(EVENT | {"data": data}))
    assert (article.id, article.source) == ("a-1", "Lantern")


def test_data_is_unpacked_from_base64() -> None:
    event = EVENT | {"data_base64": base64.b64encode(b'{"content": "x"}').decode(), "datacontenttype": "text/json"}
    nested = data_of(event, "line 1", {})
    assert (nested.value, nested.content_type, nested.place) == (b'{"content": "x"}', "text/json", "line 1")
    with pytest.raises(Undecodable) as raised:
        data_of(EVENT | {"data_base64": "***"}, "", {})
    assert raised.value.reason is Reason.BODY_TYPE


@pytest.mark.parametrize(
    ("data", "content_type"),
    [("The ferry is back.", "text/plain"), ('{"content": "x"}', "application/json"), ("<p>The ferry</p>", "")],
)
def test_type_of_undeclared_data_is_told_by_its_shape(data: str, content_type: str) -> None:
    assert data_of(EVENT | {"data": data}, "", {}).content_type == content_type


def test_event_needs_a_version_and_data() -> None:
    assert is_event(EVENT | {"data": {}})
    assert not is_event(EVENT)
    assert not is_event({"data": {}})


def test_headers_of_a_binary_event_name_the_article() -> None:
    headers = {"ce_specversion": "1.0", "ce_id": "e-1", "ce_source": "urn:wire"}
    assert attributes_in_headers(headers) == {"id": "e-1", "source": "urn:wire", "published_at": None}
    assert attributes_in_headers({"content-type": "text/plain"}) == {}
