"""NewsML-G2, as agencies write it."""

from __future__ import annotations

import pytest

from tests.articles.formats.reading import of_record, seconds_of_record


def message(*contents: str) -> bytes:
    items = "".join(f"<newsItem guid='{n}'><contentSet>{c}</contentSet></newsItem>" for n, c in enumerate(contents))
    return f"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'>{items}</newsMessage>".encode()


def test_the_head_and_the_header_of_xhtml_are_no_text() -> None:
    html = "<html><head><title>no</title></head><body><header><p>no</p></header><p>x</p></body></html>"
    assert of_record(message(f"<inlineXML>{html}</inlineXML>")) == ["x"]


def test_data_of_sports_is_no_text() -> None:
    assert of_record(message("<inlineXML><sports-content><team>A</team></sports-content></inlineXML>")) == ["empty"]


def test_an_item_without_text_is_named_among_others() -> None:
    assert of_record(message("<inlineData>x</inlineData>", "<inlineXML><p/></inlineXML>")) == ["x", "empty"]


def test_broken_xml_is_named() -> None:
    assert of_record(message("<inlineData>x</inlineData>")[:-5]) == ["not_xml"]


@pytest.mark.parametrize(
    "piece", ["<newsItem/>", "<newsItem><contentSet><inlineXML><p>x</p></inlineXML></contentSet></newsItem>", "<p>"]
)
def test_many_elements_take_seconds_at_most(piece: str) -> None:
    assert seconds_of_record(message(piece * (3_000_000 // len(piece)))) < 15
