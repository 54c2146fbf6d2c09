"""What a page says of its article."""

from __future__ import annotations

import pytest

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from tests.articles.formats.reading import of_record, seconds_of_record


def article(html: str) -> Article:
    return Decoder().decode(html.encode())


def test_open_graph_names_what_nothing_else_does() -> None:
    page = "<html><head><meta property='og:site_name' content='Lantern'></head><body><p>x</p></body></html>"
    assert article(page).source == "Lantern"


def test_the_host_comes_before_open_graph() -> None:
    link = "<link rel=canonical href='https://www.a.example/1'>"
    page = f"<html><head>{link}<meta property='og:site_name' content='L'></head>"
    assert article(page + "<body><p>x</p></body></html>").source == "a.example"


@pytest.mark.parametrize("piece", ["<p>a", "<p>", "<a>", "<!---->", "<", "<script>", "<meta property=og:x content=y>"])
def test_five_megabytes_of_tags_take_a_second(piece: str) -> None:
    value = b"<html>" + piece.encode() * (4_900_000 // len(piece))
    # A second on a machine of its own (asked); more in poor company.
    assert seconds_of_record(value, "text/html") < 5


def test_too_many_tags_are_refused() -> None:
    assert of_record(b"<p>a" * 200_000) == ["too_many_tags"]
