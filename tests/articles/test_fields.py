"""The fields of an article, from an object and from what its record says."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.articles.article import Article
from monitor.articles.body import Body
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import Entry, article_of, source_in
from monitor.articles.size_limits import SizeLimits


def article(fields: dict[str, Any], envelope: dict[str, Any] | None = None, **paths: str) -> Article:
    return article_of(Entry("", {"content": "One.", **fields}), envelope or {}, paths, SizeLimits())


def test_own_fields_come_before_those_of_the_record() -> None:
    envelope = {"id": "k", "source": "urn:wire", "published_at": "2026-03-05"}
    outer = article({}, envelope)
    assert (outer.id, outer.source) == ("k", "urn:wire")
    assert outer.published_at is not None
    own = article({"id": "a", "source": "Lantern", "published": "2025-01-01"}, envelope)
    assert own.published_at is not None
    assert (own.id, own.source, own.published_at.year) == ("a", "Lantern", 2025)


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"source": "Lantern", "url": "https://quay.example/1"}, "Lantern"),
        ({"source": "https://quay.example/feed", "url": "https://www.lantern.example/1"}, "lantern.example"),
        ({"source": "https://quay.example/feed"}, "quay.example"),
        ({}, "unknown"),
    ],
)
def test_source_is_a_name_before_a_host(fields: dict[str, Any], source: str) -> None:
    assert article(fields).source == source
    assert (source_in(fields, {}) or "unknown") == source


def test_path_that_is_set_is_tried_first() -> None:
    assert article({"title": "A", "deep": {"title": "B"}}, title="deep.title").title == "B"


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"pubstatus": "Cancelled"}, "status", "canceled"),
        ({"pubstatus": "embargoed"}, "status", "withheld"),
        ({"pubstatus": "odd"}, "status", None),
        ({"representationType": "incomplete"}, "partial", True),
        ({"isAccessibleForFree": "False"}, "free", False),
        ({"wordCount": "7"}, "declared_words", 7),
        ({"language": "pt_BR"}, "language", "pt-BR"),
    ],
)
def test_field_is_read_as_its_kind(fields: dict[str, Any], name: str, expected: object) -> None:
    assert getattr(article(fields), name) == expected


def test_article_without_an_id_is_told_by_its_content() -> None:
    assert article({}).id == article({}).id != article({"content": "Two."}).id
    of_text = article_of(Entry("", {}, None, Body("One.", html=False)), {}, {}, SizeLimits())
    assert of_text.id != article_of(Entry("", {}, None, Body("Two.", html=False)), {}, {}, SizeLimits()).id


def test_escaped_html_is_drawn_as_html_is() -> None:
    assert article({"content": "&lt;p&gt;One&lt;/p&gt;"}).text == article({"content": "<p>One</p>"}).text == "One"


def test_text_above_the_limit_is_refused() -> None:
    entry = Entry("", {"content": "x" * 11})
    with pytest.raises(Undecodable, match="max_text_characters = 10") as raised:
        article_of(entry, {}, {}, SizeLimits(text_characters=10))
    assert raised.value.reason is Reason.TEXT_TOO_LARGE
