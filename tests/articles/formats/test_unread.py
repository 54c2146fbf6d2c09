"""Kinds that are known and not read: told by content, type or name, each with what to do."""

from __future__ import annotations

import pytest

from monitor.articles.beginning import Beginning
from monitor.articles.errors import Reason
from monitor.articles.formats import unread


def beginning(value: bytes) -> Beginning:
    return Beginning.of(value, None)


@pytest.mark.parametrize(
    ("value", "title"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04" + b"\0" * 20 + b"word/document.xml", "a Word document"),
        (b"PK\x03\x04" + b"\0" * 20 + b"other.txt", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x00\x00\x00\x00\x07{}", "a record framed for Confluent's schema registry"),
    ],
)
def test_kind_is_told_by_its_first_bytes(value: bytes, title: str) -> None:
    error = unread.unread_by_content(beginning(value))
    assert error is not None
    assert error.reason is Reason.UNREAD_FORMAT
    assert str(error).startswith(f"{title} is not read; ")


@pytest.mark.parametrize("value", [b"The ferry is back.", b'{"content": "x"}', b"<p>The ferry</p>", b""])
def test_text_is_of_no_unread_kind(value: bytes) -> None:
    assert unread.unread_by_content(beginning(value), unread.KINDS) is None
    assert unread.unread_by_content(beginning(value), unread.KINDS_OF_TEXT) is None
    assert unread.unknown_binary(beginning(value)) is None


@pytest.mark.parametrize(
    ("value", "title"),
    [
        (b"From: a@lantern.example\nSubject: x\nMIME-Version: 1.0\n", "an e-mail"),
        (b"---\ntitle: Ferry\n", "YAML"),
        (b"A" * 400, "base64"),
    ],
)
def test_kind_of_text_is_told_by_its_first_lines(value: bytes, title: str) -> None:
    assert str(unread.unread_by_content(beginning(value), unread.KINDS_OF_TEXT)).startswith(title)


def test_type_and_name_tell_a_kind_too() -> None:
    assert "PDF" in str(unread.unread_by_type("application/pdf"))
    assert "image/x-icon" in str(unread.unread_by_type("image/x-icon"))
    assert unread.unread_by_type("text/plain") is None
    assert "a spreadsheet" in str(unread.unread_by_name("a.xlsx"))
    assert unread.unread_by_name("a.json") is None


def test_unknown_binary_and_xml_are_refused() -> None:
    error = unread.unknown_binary(beginning(b"\x00\x01\x02"))
    assert error is not None
    assert error.reason is Reason.UNKNOWN_FORMAT
    assert "<opml>" in str(unread.unknown_xml("opml"))


def test_no_type_or_ending_belongs_to_two_kinds() -> None:
    kinds = (*unread.KINDS, *unread.KINDS_OF_TEXT)
    for names in ([t for kind in kinds for t in kind.content_types], [e for kind in kinds for e in kind.endings]):
        assert len(names) == len(set(names))
