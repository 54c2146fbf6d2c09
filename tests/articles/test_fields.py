"""Fields of an article, from the entry and what stands around it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.articles.article import Article
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import Entry, Paths, article_of, source_in
from monitor.articles.size_limits import SizeLimits

LIMITS = SizeLimits()


def article(fields: dict[str, Any], paths: Paths | None = None, **envelope: Any) -> Article:
    return article_of(Entry("", {"content": "x"} | fields), envelope, paths or {}, LIMITS)


def test_a_path_list_serves_two_producers() -> None:
    paths = {"source": ("meta.outlet", "feed.name")}
    assert article({"meta": {"outlet": "A"}}, paths).source == "A"
    assert article({"feed": {"name": "B"}}, paths).source == "B"
    assert article({"publisher": "C"}, paths).source == "C"


def test_a_value_that_is_none_of_its_kind_leaves_the_next_name() -> None:
    result = article(
        {"published_at": "yesterday-ish", "date": "2026-02-03", "url": "urn:x", "link": "https://a.example/"}
    )
    assert result.published_at == datetime(2026, 2, 3, tzinfo=UTC)
    assert result.url == "https://a.example/"


def test_an_address_is_no_source_but_its_host_is() -> None:
    assert article({"source": "https://www.a.example/1"}).source == "a.example"
    assert article({"source": "https://www.a.example/1", "source-hostname": "The A"}).source == "The A"
    assert source_in({"publisher": {"@id": "https://a.example/#publisher"}}, {}) == "a.example"


def test_the_envelope_stands_in_for_what_is_missing() -> None:
    result = article({}, id="e", source="S", published_at="2026-02-03", arrived_at=0)
    assert (result.id, result.source) == ("e", "S")
    assert result.arrived_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert article({"id": "own"}, id="e").id == "own"


def test_escaped_html_is_drawn() -> None:
    assert article({"content": "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;"}).text == "One\nTwo"


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(Undecodable) as caught:
        article_of(Entry("", {"content": "xx"}), {}, {}, SizeLimits(text_characters=1))
    assert caught.value.reason is Reason.TEXT_TOO_LARGE
