"""Feeds that are not well-formed, mended."""

from __future__ import annotations

import pytest

from monitor.articles.formats.feed_repair import readable_feed


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("<rss><title>A & B</title></rss>", "<rss><title>A &amp; B</title></rss>"),
        ("<rss><title>A&nbsp;B</title></rss>", "<rss><title>A\xa0B</title></rss>"),
        ("<rss><title>A\x0bB</title></rss>", "<rss><title>A B</title></rss>"),
        ("<rss><![CDATA[A & B]]> & C</rss>", "<rss><![CDATA[A & B]]> &amp; C</rss>"),
        (
            "<rss><dc:date>1</dc:date></rss>",
            '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:date>1</dc:date></rss>',
        ),
    ],
)
def test_what_feeds_get_wrong_is_mended(broken: str, mended: str) -> None:
    assert readable_feed(broken) == mended


def test_a_sound_feed_is_left_as_it_is() -> None:
    sound = "<rss><title>A &amp; B</title></rss>"
    assert readable_feed(sound) == sound


def test_long_broken_feed_is_read_as_far_as_possible() -> None:
    broken = "<rss><a>x</b>" + "<a>x</a>" * 200_000
    assert readable_feed(broken).startswith("<rss><a>x")
