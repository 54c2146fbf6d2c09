"""Text of bytes: by their byte order mark, else by the charset that is declared, else UTF-8. None is guessed."""

from __future__ import annotations

import codecs
import re

from monitor.articles.errors import Reason, Undecodable

#: Byte order marks; that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: A charset is declared within so many bytes of a document's beginning (the HTML standard looks at 1,024).
DECLARED_WITHIN = 4_096
_XML = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
#: What declares Latin-1 or ASCII is written in Windows-1252, as browsers read it (WHATWG's table of encodings).
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}

#: Declared for much that is UTF-8: text in these that is sound UTF-8 by chance, with a letter beyond ASCII, is none.
_ONE_BYTE = ("cp1252", "iso8859-15")


def mark_of(value: bytes) -> str | None:
    """The encoding that a byte order mark says; ``None`` without one."""
    return next((encoding for mark, encoding in MARKS if value.startswith(mark)), None)


def declared_charset(value: bytes) -> str | None:
    """The charset that an XML declaration or an HTML ``meta`` element names near the beginning; else ``None``."""
    beginning = value[:DECLARED_WITHIN]
    declared = _XML.match(beginning.lstrip()) or _META.search(beginning)
    return declared[1].decode("ascii") if declared else None


def text_of(value: bytes, charset: str | None = None) -> str:
    """The text of bytes, without a byte order mark.

    Args:
        charset: what a header or the document declares; a byte order mark comes before it, and UTF-8 before a
            declared Latin-1 that is sound UTF-8.

    Raises:
        Undecodable: the charset is none that is known, or the bytes are not written in it.
    """
    encoding = mark_of(value) or (_encoding(charset) if charset else "utf-8")
    if encoding in _ONE_BYTE and not value.isascii() and _is_utf8(value):
        encoding = "utf-8"
    try:
        return value.decode(encoding)
    except UnicodeDecodeError as error:
        shown = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
        advice = "declare its charset, or convert it to UTF-8" if shown == "utf-8" else "declare the right charset"
        raise Undecodable(
            Reason.NOT_UTF8,
            f"not {shown.upper()}: byte {error.start} is 0x{value[error.start]:02x}; {advice}",
        ) from error
    except UnicodeError as error:
        raise Undecodable(Reason.NOT_UTF8, f"not {encoding.upper()}: {error}; declare the right charset") from error


def as_utf8(value: bytes, charset: str | None = None) -> bytes:
    """The bytes in UTF-8 without a byte order mark; raises as :func:`text_of`. Sound UTF-8 is not copied."""
    mark = mark_of(value)
    if mark == "utf-8-sig":
        return value[len(codecs.BOM_UTF8) :]
    if mark is None and (charset is None or _encoding(charset) == "utf-8"):
        return value
    return text_of(value, charset).encode("utf-8", "replace")


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encoding(charset: str) -> str:
    """Python's name of a charset.

    Raises:
        Undecodable: it is no charset that is known.
    """
    try:
        codec = codecs.lookup(charset.strip().strip("\"'"))
        "".encode(codec.name)  # Refuses what is no encoding of text, such as zip and base64.
    except (LookupError, ValueError) as error:
        raise Undecodable(
            Reason.NOT_UTF8, f"the charset {charset[:40]!r} is not known; declare the right one, or convert to UTF-8"
        ) from error
    return _AS_BROWSERS.get(codec.name, codec.name)
