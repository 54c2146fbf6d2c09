"""Text of bytes by mark, declaration and as UTF-8."""

from __future__ import annotations

import pytest

from monitor.articles.charset import as_utf8, declared_charset, text_of
from monitor.articles.errors import Reason, Undecodable


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_comes_before_what_is_declared(encoding: str) -> None:
    assert text_of("é".encode(encoding), "koi8-r") == "é"
    assert as_utf8("é".encode(encoding)) == "é".encode()


def test_a_declared_charset_is_read() -> None:
    assert text_of("Паром".encode("koi8-r"), "KOI8-R") == "Паром"
    assert text_of(b"\x93quay\x94", "iso-8859-1") == "“quay”", "as browsers read it"


def test_utf8_that_is_declared_latin_1_is_utf8() -> None:
    assert text_of("Décès".encode(), "iso-8859-1") == "Décès"
    assert text_of("Décès".encode("latin-1"), "iso-8859-1") == "Décès"


@pytest.mark.parametrize(
    ("value", "charset", "message"),
    [
        (b"caf\xe9", None, "declare its charset"),
        (b"x", "klingon", "not known"),
        (b"x", "base64", "not known"),
        (b"\xff\xfea", None, "UTF-16"),
        (b"\xff", "utf-8", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why(value: bytes, charset: str | None, message: str) -> None:
    with pytest.raises(Undecodable, match=message) as caught:
        text_of(value, charset)
    assert caught.value.reason is Reason.NOT_UTF8


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b"<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"),
        (b"<html><meta charset=gbk>", "gbk"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=big5'>", "big5"),
        (b"charset=gbk", None),
        (b"<p>" + b" " * 5000 + b"<meta charset=gbk>", None),
    ],
)
def test_a_charset_declared_within_is_found(head: bytes, charset: str | None) -> None:
    assert declared_charset(head) == charset
