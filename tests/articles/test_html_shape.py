"""Whether a text is HTML by its shape."""

from __future__ import annotations

import pytest

from monitor.articles.html_shape import looks_like_html, unescaped_html


@pytest.mark.parametrize(
    "text",
    [
        "<p>One.</p><p>Two.</p>",
        "  <!-- a --><div>One.</div>",
        "<!DOCTYPE html><html><body>One.</body></html>",
        "<img src='a.jpg'><p>One.</p>",
        "<b>One.</b>",
        "<em>One.</em><br>Two.<br/>Three.",
        "One.<br>Two.<br>Three.",
        "One.<p>Two.</p><p>Three.</p>",
    ],
)
def test_html_is_told_by_its_elements(text: str) -> None:
    assert looks_like_html(text)


@pytest.mark.parametrize(
    "text",
    ["One.", "One < two", "One <b>two</b> three", "<p>One.", "One.\nTwo <p>three</p>\nfour.", "One.<br>Two."],
)
def test_text_with_a_stray_tag_is_no_html(text: str) -> None:
    assert not looks_like_html(text)


def test_escaped_tags_are_html_only_where_nothing_else_is() -> None:
    assert unescaped_html("&lt;p&gt;One &amp;amp; two&lt;/p&gt;") == "<p>One &amp; two</p>"
    assert unescaped_html("The tag &lt;p&gt; begins a paragraph.") is None
    assert unescaped_html("&lt;p&gt;One <b>two</b>&lt;/p&gt;") is None
