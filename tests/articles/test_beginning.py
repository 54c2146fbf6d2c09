"""The root element and what stands before it."""

from __future__ import annotations

import time

import pytest

from monitor.articles.beginning import Beginning


@pytest.mark.parametrize(
    ("head", "name", "is_xml"),
    [
        (b"<rss version='2.0'>", "rss", False),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- a > b -->\n<!DOCTYPE nitf [<!ENTITY a '>'>]><nitf>", "nitf", True),
        (b"<n:newsItem xmlns:n='x'>", "newsitem", True),
        (b"<a title='1 > 0'>", "a", False),
        ("<p>é</p>".encode("utf-16"), "p", False),
    ],
)
def test_root_is_found_behind_what_precedes_it(head: bytes, name: str, is_xml: bool) -> None:
    root = Beginning.of(head, None).root
    assert root is not None
    assert (root.name, root.is_xml) == (name, is_xml)


@pytest.mark.parametrize("head", [b"text", b"", b"<3 this", b"< p>", b"{", b"\x00\xff"])
def test_no_root_is_found_in_anything_else(head: bytes) -> None:
    assert Beginning.of(head, None).root is None


@pytest.mark.parametrize("piece", ["<!--", "<!DOCTYPE a [", "<?", "<", "<a b='", " "])
def test_hostile_beginnings_take_no_time(piece: str) -> None:
    begin = time.process_time()
    Beginning.of(piece.encode() * 20_000, None)
    assert time.process_time() - begin < 2
