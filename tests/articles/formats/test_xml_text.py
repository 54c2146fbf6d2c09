"""XML: parsed with its dangers off, searched by local names, drawn as HTML."""

from __future__ import annotations

import io

import pytest

from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats import xml_text
from monitor.articles.size_limits import SizeLimits


def parsed(text: str) -> xml_text.Element:
    return xml_text.parsed(Document(io.BytesIO(text.encode()), SizeLimits()))


def test_elements_are_found_by_their_local_names() -> None:
    root = parsed("<a xmlns:n='urn:n'><n:title>Ferry</n:title><title>Second</title></a>")
    assert xml_text.text_of_first(root, "title") == "Ferry"
    assert [xml_text.local_name(element) for element in xml_text.all_named(root, "title")] == ["title", "title"]
    assert xml_text.first_named(root, "nothing") is None


def test_body_of_the_trade_becomes_html() -> None:
    html = xml_text.as_html(parsed("<block><hl2>Ferry</hl2><p>It is &lt;back&gt;.</p></block>"))
    assert "<h2>Ferry</h2>" in html
    assert "<p>It is &lt;back&gt;.</p>" in html


def test_references_that_only_html_has_are_read() -> None:
    assert xml_text.all_text(parsed("<p>caf&eacute;&nbsp;Ida</p>")) == "café\xa0Ida"


def test_entities_of_a_document_are_not_expanded() -> None:
    root = parsed('<!DOCTYPE p [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><p>one &b; two</p>')
    assert "xxx" not in xml_text.all_text(root)


def test_text_that_is_no_xml_is_refused() -> None:
    with pytest.raises(Undecodable) as raised:
        parsed("no element")
    assert raised.value.reason is Reason.NOT_XML
