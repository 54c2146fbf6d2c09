"""Text drawn from HTML, and what the markup says of each line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.articles.html import draw, page
from monitor.articles.html_shape import looks_like_html


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


MEGABYTE = 1_000_000

#: A megabyte of each shape that has made parsers slow: depth, attributes, formatting left open, quotes
#: and comments that never end, end tags of nothing.
HOSTILE = {
    "nested": "<div>" * (MEGABYTE // 5),
    "nested under stray end tags": "<div></x>" * (MEGABYTE // 9),
    "nested, with classes": "<div class=a>" * (MEGABYTE // 13),
    "custom elements": "<b-x>" * (MEGABYTE // 5),
    "unclosed paragraphs": "<p>x" * (MEGABYTE // 4),
    "unclosed links": "<a>" * (MEGABYTE // 3),
    "unclosed tags": "<a href=" * (MEGABYTE // 8),
    "only openers": "<" * MEGABYTE,
    "formatting left open": "<p>" + "".join(f"<b x={i}>" for i in range(20_000)) + "</p>" + "<p>x</p>" * 60_000,
    "attributes of one tag": "<div " + " ".join(f"a{i}=1" for i in range(MEGABYTE // 8)) + ">x",
    "one long class": '<p class="' + "a " * (MEGABYTE // 2) + '">x',
    "quotes that never close": "<a x='<a x=\"" * (MEGABYTE // 12),
    "equals signs": "<a " + "= " * (MEGABYTE // 2),
    "comments that never close": "<!-- --" * (MEGABYTE // 7),
    "scripts that never close": "<script></scrip" * (MEGABYTE // 15),
    "titles that never close": "<title><title " * (MEGABYTE // 14),
    "ampersands": "&" * MEGABYTE,
    "a reference of a million digits": "<p>&#" + "1" * MEGABYTE,
    "end tags of nothing": "<div class=x>" * 99 + "</span>" * (MEGABYTE // 7),
    "items under depth": "<ul><li>" * 50 + "<b class=x>" * 50 + "<li></li>" * (MEGABYTE // 9),
    "tables in tables": "<table><tr><td>" * (MEGABYTE // 15),
    "preformatted line breaks": "<pre>" + "\n" * MEGABYTE,
    "end tags cut short": "<p>" + "</p " * (MEGABYTE // 4),
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_megabyte_of_hostile_html_takes_seconds_at_most(shape: str) -> None:
    begin = time.process_time()
    looks_like_html(HOSTILE[shape])
    draw(HOSTILE[shape])
    page(HOSTILE[shape])
    # On a machine of 2020 at most 2 s, in poor company 4.5; whatever grows with a square takes minutes.
    assert time.process_time() - begin < 15


def test_text_below_any_depth_is_drawn_with_a_bounded_context() -> None:
    text, marks = draw("<div class=deep>" * 100_000 + "found")
    assert text == "found"
    assert len(marks[0].context) <= 12


def test_what_no_reader_sees_is_left_out() -> None:
    unseen = "<head><title>T</title></head><style>p{}</style><script>if (a<b) '</p>'</script><template>t</template>"
    assert draw(unseen + "<noscript>n</noscript><svg><text>s</text></svg><p hidden>h</p><p>Seen</p>")[0] == "Seen"


def test_tags_that_are_left_open_are_closed_by_what_follows() -> None:
    text, marks = draw(
        "<p class=lead>One<p>Two<ul class=rel><li class=x>A<li>B</ul><h2>H</h2><a href=1>L<a href=2>M</a> t"
    )
    assert text == "One\nTwo\nA\nB\nH\nLM t"
    assert [m.context for m in marks] == [("lead",), (), ("rel", "li", "x"), ("rel", "li"), ("h2",), ()]
    assert marks[-1].links == pytest.approx(2 / 3)


def test_a_link_that_is_closed_out_of_order_ends() -> None:
    assert [m.links for m in draw("<p><a href=x><b>One</a></b></p><p>Two</p>")[1]] == [1, 0]


def test_preformatted_text_keeps_its_lines() -> None:
    assert draw("<pre>One\nTwo\n\nThree</pre>")[0] == "One\nTwo\nThree"


def test_entities_and_signs_that_are_no_tags() -> None:
    assert draw("<p>a &lt;b&gt; &amp;amp; &eacute;&#8364;&#x41;&#xD800;&#99999999999; 1 < 2 & 3 > 2</p>")[0] == (
        "a <b> &amp; é€A\ufffd\ufffd 1 < 2 & 3 > 2"
    )


def test_what_a_document_says_of_itself() -> None:
    about = page(
        "<!doctype html><html lang=fr><head><title>\n A &amp; B </title><link rel=icon href=x>"
        "<link href='https://a.example/1?x=1&amp;y=2' rel='canonical'>"
        '<script type="application/ld+json">{"a": "</p>"}</script></head><body><title>no</title>'
    )
    assert about == ("A & B", None, "fr", "https://a.example/1?x=1&y=2", ('{"a": "</p>"}',), {})


WORDS = st.sampled_from(["word ", "A &amp; B ", "&eacute;", "\n", ", and", "1 < 2 "])
INLINE = st.recursive(
    WORDS,
    lambda inner: (
        st.builds(
            "<{0}>{1}</{0}>".format, st.sampled_from(["b", "em", "span"]), st.lists(inner, max_size=3).map("".join)
        )
        | st.sampled_from(["<br>", "<img src=x alt='a>b'>", "<!-- <p> -->", "<script>'<p>'</script>"])
    ),
    max_leaves=6,
)
PARAGRAPH = st.builds(
    "<p class='a b'>{}{}".format, st.lists(INLINE, max_size=4).map("".join), st.sampled_from(["</p>", ""])
)
BLOCK = st.recursive(
    PARAGRAPH,
    lambda inner: st.builds(
        "<{0} id=i>{1}</{0}>".format,
        st.sampled_from(["div", "section", "aside", "figure", "nav", "blockquote"]),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=8,
)


@given(st.lists(BLOCK, max_size=4).map("".join))
def test_it_reads_sound_html_as_a_parser_does(html: str) -> None:
    """selectolax (lexbor) builds the tree of the HTML standard: the words and their order are the same."""
    tree = LexborHTMLParser(f"<!doctype html><body>{html}")
    for script in tree.css("script"):
        script.decompose()
    assert tree.body is not None
    assert "".join(draw(html)[0].split()) == "".join(tree.body.text().split())


def test_entities_of_a_document_type_expand_to_nothing() -> None:
    defined = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE html [<!ENTITY e0 "word ">{defined}]><p>before &e11; after &amp; more</p>'
    text, _ = draw(bomb)
    assert "before" in text
    assert "after & more" in text
    assert len(text) <= len(bomb)
    begin = time.process_time()
    draw("<div><span class=a>&amp;&e11;" * 30_000)
    assert time.process_time() - begin < 5
