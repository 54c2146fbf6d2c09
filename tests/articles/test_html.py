"""Text drawn from HTML, and what the markup says of each line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.errors import Undecodable
from monitor.articles.html import draw, looks_like_html


def test_a_line_for_each_block_element() -> None:
    text, marks = draw(
        "<p>Hello <b>big</b> <a href=x>world</a></p><script>no</script><!-- no -->"
        "<ul class='Related'><li><a>One</a><li>Two</ul>tail &amp; end<br>next"
    )
    assert text == "Hello big world\nOne\nTwo\ntail & end\nnext"
    assert [text[m.start : m.end] for m in marks] == text.split("\n")
    assert [round(m.links, 2) for m in marks] == [0.38, 1, 0, 0, 0]
    assert marks[1].context == ("related", "li")


def test_of_a_document_the_one_article_is_drawn() -> None:
    assert draw("<body><nav>Menu</nav><article><p>A</p></article><p>B</p></body>")[0] == "A"
    assert draw("<body><article>A</article><article>B</article></body>")[0] == "A\nB"


def test_shape() -> None:
    assert looks_like_html("  <div class=x><p>a</p></div>")
    assert not looks_like_html("<p>unclosed")
    assert not looks_like_html("text <p>with</p> tags")


@given(st.text(alphabet="<>/abpdiv \"'=&;!-\n", max_size=300))
def test_any_text_gives_lines_that_the_marks_cover(html: str) -> None:
    text, marks = draw(html)
    assert [text[m.start : m.end] for m in marks] == (text.split("\n") if text else [])


@pytest.mark.parametrize(
    "hostile", ["<div>" * 4999, "<p>x" * 100_000, "<a href=" * 50_000, "<" * 1_000_000, "<b><i>" * 50_000]
)
def test_hostile_html_takes_less_than_two_seconds(hostile: str) -> None:
    begin = time.process_time()
    looks_like_html(hostile)
    draw(hostile)
    assert time.process_time() - begin < 2


def test_deeper_nesting_is_refused() -> None:
    with pytest.raises(Undecodable):
        draw("<div>" * 100_000)
