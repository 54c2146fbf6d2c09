"""Whether a text is HTML by its shape."""

from __future__ import annotations

import time

import pytest

from monitor.articles.html_shape import looks_like_html, unescaped_html


@pytest.mark.parametrize(
    "html",
    [
        "<p>One</p>", "<img src=a><p>One</p>", "<a href=x>One</a><div>Two</div>", "<span>One</span>",
        "One<p>Two</p><p>Three</p>", "One<p>Two</p>", "One<br>Two<br>", "<br>One<br/>Two",
    ],
)  # fmt: skip
def test_html_of_any_beginning_is_html(html: str) -> None:
    assert looks_like_html(html)


@pytest.mark.parametrize(
    "text",
    [
        "One", "", "a < b > c", "<p>One", "One <b>two</b> three</p>", "text <p>with</p> tags",
        "<b>QUAY</b> - The ferry sails.", "One\n<p>Two</p>\nThree\n<p>Four</p>", "One<br>Two\nThree<br>Four",
        "&lt;p&gt;One&lt;/p&gt;",
    ],
)  # fmt: skip
def test_plain_text_with_stray_tags_is_not_html(text: str) -> None:
    assert not looks_like_html(text)


def test_only_text_that_is_escaped_throughout_is_unescaped() -> None:
    assert unescaped_html("&lt;p&gt;A &amp;amp; B&lt;/p&gt;") == "<p>A &amp; B</p>"
    assert unescaped_html("The tag &lt;p&gt; begins a paragraph") is None
    assert unescaped_html("&lt;p&gt;One&lt;/p&gt; <b>two</b>") is None


@pytest.mark.parametrize("piece", ["<p>", "</p>", "<p ", "<br", "&lt;p", "x\n<", "<a ", "One<p>x</p>"])
def test_a_megabyte_of_anything_takes_little_time(piece: str) -> None:
    begin = time.process_time()
    looks_like_html(piece * (1_000_000 // len(piece)))
    looks_like_html("x" + piece * (1_000_000 // len(piece)))
    assert time.process_time() - begin < 3
