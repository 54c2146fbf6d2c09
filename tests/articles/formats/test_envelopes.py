"""Envelopes of JSON."""

from __future__ import annotations

import json

from monitor.articles.decode import Decoder
from tests.articles.formats.reading import of_file, of_record


def test_a_path_to_the_articles_is_followed() -> None:
    value = json.dumps({"result": {"stories": [{"content": "x"}, {"content": "y"}]}, "content": "no"}).encode()
    assert of_file(value, decoder=Decoder(items_path="result.stories")) == ["x", "y"]
    assert of_file(value, decoder=Decoder(items_path="nowhere")) == ["no_body"]


def test_an_article_with_a_text_is_not_opened() -> None:
    assert of_record(json.dumps({"content": "x", "items": [{"content": "y"}]}).encode()) == ["x"]


def test_envelopes_within_envelopes_are_opened_so_deep() -> None:
    value: object = {"content": "x"}
    for _ in range(3):
        value = {"data": value}
    assert of_record(json.dumps(value).encode()) == ["x"]
    for _ in range(100):
        value = {"data": value}
    assert of_record(json.dumps(value).encode()) == ["no_body"]


def test_an_item_that_is_no_object_is_named() -> None:
    assert of_record(b'{"articles": [{"content": "x"}, 5, null]}') == ["x", "not_an_object", "not_an_object"]


def test_a_hundred_thousand_items_are_read_in_bounded_time() -> None:
    value = b"[" + b'{"content":"x"},' * 100_000 + b"{}]"
    assert len(of_file(value)) == 100_001
    assert len(of_record(value)) == 10_001


def test_a_path_to_the_text_comes_before_envelopes() -> None:
    value = b'{"article": {"full": {"text": "The ferry sails again."}}, "id": "ferry-1"}'
    for path in ("article.full.text", ["nowhere", "article.full.text"]):
        article = Decoder({"body": path}).decode(value)
        assert (article.id, article.text) == ("ferry-1", "The ferry sails again.")
