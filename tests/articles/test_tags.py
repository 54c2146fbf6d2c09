"""The tags of HTML and the text between them."""

from __future__ import annotations

import pytest

from monitor.articles.tags import Tag, tokens, unescaped


def names(html: str) -> list[str]:
    """Texts as they stand; tags by name, an end tag with a slash."""
    return [token if isinstance(token, str) else ("/" if token.end else "<") + token.name for token in tokens(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<P class=a>One &amp; two</p>", ["<p", "One & two", "/p"]),
        ("One <!-- <b> --> two", ["One ", " two"]),
        ("<script>if (a < b) '</p>'</script>x", ["<script", "if (a < b) '</p>'", "/script", "x"]),
        ("<title>A &amp; B</title>", ["<title", "A & B", "/title"]),
        ('<a title="x > y">z', ["<a", "z"]),
        ("1 < 2", ["1 < 2"]),
        ("<!doctype html><p>One", ["<p", "One"]),
    ],
)
def test_tags_and_texts_come_in_order(html: str, expected: list[str]) -> None:
    tokens_of_html = names(html)
    assert [token for token in tokens_of_html if token.startswith(("<", "/"))] == [
        token for token in expected if token.startswith(("<", "/"))
    ]
    assert "".join(tokens_of_html) == "".join(expected)


def test_first_of_two_attributes_counts() -> None:
    (tag,) = tokens("<a HREF='x' href=y title=\"a &amp; b\" hidden>")
    assert isinstance(tag, Tag)
    assert tag.attributes() == {"href": "x", "title": "a & b", "hidden": ""}


def test_tag_may_close_itself() -> None:
    assert [tag.closed for tag in tokens("<br/><br /><a href=x/><p>") if isinstance(tag, Tag)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [("caf&eacute;", "café"), ("&#233;", "é"), ("&#99999999;", "\ufffd"), ("a & b", "a & b")]
)
def test_reference_becomes_its_character(text: str, expected: str) -> None:
    assert unescaped(text) == expected
