"""Text of bytes: byte order mark, declared charset, UTF-8, in this order."""

from __future__ import annotations

import pytest

from monitor.articles.charset import as_utf8, declared_charset, mark_of, text_of
from monitor.articles.errors import Reason, Undecodable


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
@pytest.mark.parametrize("charset", [None, "iso-8859-1"])
def test_byte_order_mark_comes_before_the_declared_charset(encoding: str, charset: str | None) -> None:
    value = "café".encode(encoding)
    assert text_of(value, charset) == "café"
    assert as_utf8(value, charset) == "café".encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"<?xml version='1.0' encoding='ISO-8859-1'?>", "ISO-8859-1"),
        (b'<html><meta charset="gbk">', "gbk"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        (b"<p>charset=gbk", None),
    ],
)
def test_document_declares_its_charset(value: bytes, expected: str | None) -> None:
    assert declared_charset(value) == expected


def test_latin_1_is_read_as_browsers_read_it() -> None:
    assert text_of(b"\x93One\x94 caf\xe9", "iso-8859-1") == "“One” café"
    assert text_of("“One” café".encode(), "iso-8859-1") == "“One” café", "sound UTF-8 is not Latin-1"


@pytest.mark.parametrize("charset", ["nonsense", "base64", "zip", ""])
def test_unknown_charset_is_refused_or_ignored(charset: str) -> None:
    if not charset:
        assert text_of(b"One", charset) == "One"
        return
    with pytest.raises(Undecodable, match="declare the right one") as raised:
        text_of(b"One", charset)
    assert raised.value.reason is Reason.NOT_UTF8


def test_byte_that_is_not_of_the_charset_is_named() -> None:
    with pytest.raises(Undecodable, match="not UTF-8: byte 3 is 0xe9; declare its charset"):
        text_of(b"caf\xe9")


def test_sound_utf8_is_not_copied() -> None:
    value = "café".encode()
    assert as_utf8(value) is value
    assert mark_of(value) is None
