"""HTML pages: their text, and what JSON-LD and meta elements say of the article."""

from __future__ import annotations

import pytest

from monitor.articles.beginning import Beginning
from monitor.articles.formats.html_page import recognises
from tests.articles.formats.made_up import only_article

JSON_LD = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry returns", '
    '"datePublished": "2026-03-05", "publisher": {"name": "Lantern"}}</script>'
)


def test_article_of_a_page_has_what_its_json_ld_says() -> None:
    article = only_article(
        f"<!doctype html><html lang='en'><head><title>Ferry | Lantern</title>{JSON_LD}</head>"
        "<body><p>The ferry is back.</p></body></html>"
    )
    assert (article.title, article.source, article.language) == ("Ferry returns", "Lantern", "en")
    assert "The ferry is back." in article.text


def test_broken_json_ld_costs_no_article() -> None:
    page = "<!doctype html><html><head><title>Ferry</title><script type='application/ld+json'>{broken</script></head>"
    assert only_article(f"{page}<body><p>The ferry is back.</p></body></html>").title == "Ferry"


def test_address_of_the_page_names_the_source() -> None:
    page = (
        "<html><head><link rel='canonical' href='https://www.lantern.example/1'>"
        "<meta property='og:site_name' content='The Lantern'></head><body><p>The ferry is back.</p></body></html>"
    )
    article = only_article(page)
    assert (article.url, article.source) == ("https://www.lantern.example/1", "lantern.example")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><html>", True),
        ("<p>The ferry</p>", True),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", True),
        ("<?xml version='1.0'?><rss>", False),
        ("<nitf>", False),
        ("The ferry <b>is</b> back.", False),
    ],
)
def test_page_is_told_by_its_first_element(text: str, expected: bool) -> None:
    assert recognises(Beginning.of(text.encode(), None)) is expected
