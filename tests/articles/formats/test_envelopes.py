"""JSON that wraps articles: what is opened, and what the envelope adds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.articles.article import Article
from monitor.articles.errors import Reason
from monitor.articles.formats.envelopes import ENVELOPES
from tests.articles.formats.made_up import only_article, read, texts

ARTICLE = {"content": "The ferry is back."}


@pytest.mark.parametrize("path", ENVELOPES)
def test_articles_are_found_under_each_known_path(path: str) -> None:
    inner: Any = ARTICLE
    for name in reversed(path.split(".")):
        inner = {name: inner}
    assert texts(json.dumps(inner)) == ["The ferry is back."]


def test_path_that_is_set_comes_before_the_known_ones() -> None:
    document = json.dumps({"articles": [{"content": "Other."}], "mine": {"here": [ARTICLE]}})
    assert texts(document, items_path="mine.here") == ["The ferry is back."]
    assert read(document, items_path="mine.nothing") == [Reason.NO_BODY]


def test_item_that_is_no_article_does_not_hide_the_next() -> None:
    assert texts(json.dumps([ARTICLE, 3, ARTICLE])) == ["The ferry is back.", "not_an_object", "The ferry is back."]
    assert read("[]") == [Reason.EMPTY]


def test_lists_within_lists_are_opened_to_a_bounded_depth() -> None:
    assert texts(json.dumps([[ARTICLE, ARTICLE]])) == ["The ferry is back."] * 2
    document: Any = ARTICLE
    for _ in range(9):
        document = [document]
    assert read(json.dumps(document)) == [Reason.TOO_DEEP]


def test_search_hit_has_its_id() -> None:
    assert only_article(json.dumps({"hits": {"hits": [{"_id": "h-1", "_source": ARTICLE}]}})).id == "h-1"


def test_json_feed_names_the_source_and_language_of_its_items() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Lantern", "language": "en", "items": [ARTICLE]}
    article = only_article(json.dumps(feed))
    assert (article.source, article.language) == ("Lantern", "en")


def test_deletion_in_a_change_event_is_a_tombstone() -> None:
    assert read(json.dumps({"op": "d", "before": ARTICLE, "after": None})) == [Reason.TOMBSTONE]
    (article,) = read(json.dumps({"op": "u", "before": None, "after": ARTICLE}))
    assert isinstance(article, Article)
