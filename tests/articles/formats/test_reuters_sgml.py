"""Reuters' SGML."""

from __future__ import annotations

from monitor.articles.decode import Decoder
from monitor.articles.size_limits import SizeLimits
from tests.articles.formats.reading import of_file


def test_each_article_is_read_and_a_brief_is_named() -> None:
    value = b"<REUTERS NEWID='1'>\n<BODY>A &lt;AB> x\n</BODY>\n</REUTERS>\n<REUTERS>\n<TITLE>T</TITLE>\n</REUTERS>\n"
    assert of_file(value) == ["A <AB> x", "no_body"]


def test_an_article_that_never_ends_is_named() -> None:
    assert of_file(b"<REUTERS>\n<BODY>x</BODY>\n</REUTERS>\n<REUTERS>\n<BODY>y") == ["x", "unreadable"]


def test_an_article_that_is_too_long_is_not_held() -> None:
    small = Decoder(limits=SizeLimits(record_bytes=1000))
    value = b"<REUTERS>\n" + b"x\n" * 5000 + b"</REUTERS>\n<REUTERS>\n<BODY>y</BODY>\n</REUTERS>"
    assert of_file(value, decoder=small) == ["record_too_large", "y"]
