"""The beginning of a document: its root element, behind what may stand before it."""

from __future__ import annotations

import pytest

from monitor.articles.beginning import Beginning, Root


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<p class='a'>One", Root("p", " class='a'", is_xml=False)),
        ("\ufeff \n<RSS version='2.0'>", Root("rss", " version='2.0'", is_xml=False)),
        ("<?xml version='1.0'?><!-- > --><!DOCTYPE nitf [<!ENTITY a 'b'>]><nitf>", Root("nitf", "", is_xml=True)),
        ("<n:newsItem xmlns:n='urn:n'>", Root("newsitem", " xmlns:n='urn:n'", is_xml=True)),
        ("<a title='x > y'>", Root("a", " title='x > y'", is_xml=False)),
        ("One < two", None),
        ("<<", None),
    ],
)
def test_root_element_is_found_behind_a_declaration(text: str, root: Root | None) -> None:
    assert Beginning.of(text.encode(), None).root == root


def test_document_type_is_named_in_small_letters() -> None:
    assert Beginning.of(b"<!DOCTYPE HTML><html>", None).doctype == "html"
    assert Beginning.of(b"<html>", None).doctype == ""


@pytest.mark.parametrize(("encoding", "charset"), [("utf-16", None), ("cp1252", "cp1252"), ("utf-8", "nonsense")])
def test_text_is_read_by_mark_or_charset(encoding: str, charset: str | None) -> None:
    assert Beginning.of("<p>One".encode(encoding), charset).text == "<p>One"


def test_last_character_may_be_cut() -> None:
    assert Beginning.of("<p>é".encode()[:-1], None).text == "<p>\ufffd"
