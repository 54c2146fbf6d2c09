"""Feeds, sound and broken."""

from __future__ import annotations

import pytest

from tests.articles.formats.reading import of_record, seconds_of_record


def rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Lantern</title>{items}</channel></rss>".encode()


def test_an_item_without_text_is_named_and_the_rest_is_read() -> None:
    items = "<item><title>1</title></item><item><description>x</description></item>"
    assert of_record(rss(items)) == ["empty", "x"]


def test_a_feed_that_ends_in_the_middle_loses_its_last_entry_alone() -> None:
    items = "<item><description>x</description></item>" * 3
    assert of_record(rss(items)[:-40]) == ["x", "x", "not_xml"]
    assert of_record(rss(items)[: -len("</channel></rss>")]) == ["x", "x", "x", "not_xml"]


def test_relative_links_and_scripts_are_left_to_the_drawing() -> None:
    items = "<item><description>&lt;p&gt;x &lt;script&gt;y&lt;/script&gt;z&lt;/p&gt;</description></item>"
    assert of_record(rss(items)) == ["x z"]


def test_an_address_is_never_opened() -> None:
    assert of_record(b"file:///etc/passwd", "application/rss+xml") == ["not_xml"]


@pytest.mark.parametrize(
    "piece",
    [
        "<", "&", "<item>", "<item><title>x", "<![CDATA[", "<!--", "<?", "&amp;", "<a>", "&lt;", "]]>", "<x:y>",
    ],
)  # fmt: skip
def test_hostile_feeds_take_seconds_at_most(piece: str) -> None:
    for size in (900_000, 3_000_000):
        body = piece * (size // len(piece))
        assert seconds_of_record(rss(body)) < 15
        assert seconds_of_record(rss(f"<item><description>{body}")) < 15


def test_entities_are_not_expanded() -> None:
    defined = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f"<!DOCTYPE rss [<!ENTITY e0 'x'>{defined}<!ENTITY f SYSTEM 'file:///etc/passwd'>]>".encode()
    (text,) = of_record(bomb + rss("<item><description>a &e11; &f; b</description></item>"))
    assert len(text) < 100
    assert "root" not in text
