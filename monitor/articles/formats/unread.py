"""Kinds of data that are known and not read: each is refused by its name, with what to do."""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.articles.beginning import Beginning
from monitor.articles.charset import mark_of
from monitor.articles.errors import Reason, Undecodable


class Unread(NamedTuple):
    """A kind: how a message calls it, what to do, how it begins, its content types and endings of a name."""

    title: str
    advice: str
    begins: re.Pattern[bytes]
    content_types: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


_TEXT = "send its text, for instance as JSON with the field content"
_UNPACK = "unpack it, and give the files within"
_EXPORT = "export it as JSON Lines, CSV or Parquet"


def _at(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


#: Magic numbers, as file(1) knows them; the first that fits is named.
KINDS = (
    Unread("PDF", _TEXT, _at(rb"\s*%PDF-"), ("application/pdf",), (".pdf",)),
    Unread("PostScript", _TEXT, _at(rb"%!PS"), ("application/postscript",), (".ps", ".eps")),
    Unread(
        "a Word document", _TEXT, _at(rb"PK\x03\x04.{0,4000}word/"),
        ("application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (".docx", ".doc"),
    ),
    Unread(
        "a spreadsheet", "export it as CSV", _at(rb"PK\x03\x04.{0,4000}xl/"),
        ("application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (".xlsx", ".xls", ".ods"),
    ),
    Unread("an EPUB", _TEXT, _at(rb"PK\x03\x04.{0,100}application/epub"), ("application/epub+zip",), (".epub",)),
    Unread("an OpenDocument text", _TEXT, _at(rb"PK\x03\x04.{0,100}application/vnd\.oasis"), (), (".odt",)),
    Unread("a zip archive", _UNPACK, _at(rb"PK(?:\x03\x04|\x05\x06)"), ("application/zip",), (".zip",)),
    Unread("a tar archive", _UNPACK, _at(rb".{257}ustar"), ("application/x-tar",), (".tar", ".tgz")),
    Unread("a 7z archive", _UNPACK, _at(rb"7z\xbc\xaf\x27\x1c"), ("application/x-7z-compressed",), (".7z",)),
    Unread("a RAR archive", _UNPACK, _at(rb"Rar!\x1a\x07"), ("application/vnd.rar",), (".rar",)),
    Unread("an Office document", _TEXT, _at(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    Unread("RTF", _TEXT, _at(rb"\s*\{\\rtf"), ("application/rtf", "text/rtf"), (".rtf",)),
    Unread("a PNG image", "send the article's text", _at(rb"\x89PNG\r\n"), ("image/png",), (".png",)),
    Unread("a JPEG image", "send the article's text", _at(rb"\xff\xd8\xff"), ("image/jpeg",), (".jpg", ".jpeg")),
    Unread("a GIF image", "send the article's text", _at(rb"GIF8[79]a"), ("image/gif",), (".gif",)),
    Unread("a WebP image", "send the article's text", _at(rb"RIFF.{4}WEBP"), ("image/webp",), (".webp",)),
    Unread("a TIFF image", "send the article's text", _at(rb"II\*\x00|MM\x00\*"), ("image/tiff",), (".tif", ".tiff")),
    Unread("audio or video", "send the article's text", _at(rb".{4}ftyp|ID3|OggS|RIFF.{4}(?:WAVE|AVI )|\x1aE\xdf\xa3")),
    Unread("Arrow", _EXPORT, _at(rb"ARROW1"), ("application/vnd.apache.arrow.file",), (".arrow", ".feather")),
    Unread("Avro", _EXPORT, _at(rb"Obj\x01"), ("application/avro", "avro/binary"), (".avro",)),
    Unread("ORC", _EXPORT, _at(rb"ORC\x11|ORC\x0a"), (), (".orc",)),
    Unread("an SQLite database", _EXPORT, _at(rb"SQLite format 3\x00"), (), (".sqlite", ".db")),
    Unread("MessagePack", "send JSON", _at(rb"\Z\A."), ("application/msgpack", "application/x-msgpack"), (".msgpack",)),
    Unread("Protocol Buffers", "send JSON", _at(rb"\Z\A."), ("application/x-protobuf",), (".pb",)),
    Unread(
        "a record framed for Confluent's schema registry", "send JSON without a schema's id before it: "
        "JsonConverter, or value.converter.schemas.enable=false", _at(rb"\x00.{4}\s*[{\[\"]"),
    ),
)  # fmt: skip
#: Kinds of text, told by how they usually begin: text that is declared to be plain is not one of them.
KINDS_OF_TEXT = (
    Unread(
        "an e-mail", _TEXT,
        _at(
            rb"\s*(?:From \S+@\S+ [^\n]+\n|"
            rb"(?:[A-Z][A-Za-z-]{1,40}: [^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?"
            rb"(?:MIME-Version|Message-ID|Received|Delivered-To|Return-Path):)"
        ),
        ("message/rfc822", "application/mbox"), (".eml", ".mbox", ".msg"),
    ),
    Unread(
        "a wire message of ANPA 1312 or IPTC 7901", "send the story as JSON, NITF or NewsML",
        _at(rb"[\x00\x16\s]*\x01|\x16\x16|ZCZC\s"), (), (".anpa", ".iptc"),
    ),
    Unread("YAML", "send JSON", _at(rb"(?:%YAML [^\n]*\n)?---[ \t]*\r?\n\s*(?:- )?[A-Za-z_][\w-]*:(?:\s|\Z)"),
        ("application/yaml", "text/yaml", "application/x-yaml"), (".yaml", ".yml")),
    Unread("YAML", "send JSON", _at(rb"(?:[a-z_][a-z_0-9]*: [^\n]*\n){2,}[a-z_][a-z_0-9]*: ?[|>\"'\w-]")),
    Unread("TOML", "send JSON", _at(rb"\Z\A."), ("application/toml",), (".toml",)),
    Unread("base64", "decode it first", _at(rb"(?:[A-Za-z0-9+/]{60,80}\r?\n){2,}|[A-Za-z0-9+/]{200,}={0,2}\s*\Z")),
)  # fmt: skip
#: Families of content types of which no member is read.
_FAMILIES = ("image/", "audio/", "video/", "font/", "model/", "multipart/")
#: Bytes that no text has.
_BINARY = re.compile(rb"[\x00\x02-\x07\x0e-\x15\x17-\x1a\x1c\x1d\x1f]")


def unread_by_content(beginning: Beginning, kinds: tuple[Unread, ...] = KINDS) -> Undecodable | None:
    """The refusal of data that begins as one of those kinds does, else ``None``."""
    for kind in kinds:
        if kind.begins.match(beginning.value):
            return refused(kind.title, kind.advice)
    return None


def unread_by_type(content_type: str) -> Undecodable | None:
    """The refusal of what a content type declares, else ``None``."""
    for kind in (*KINDS, *KINDS_OF_TEXT):
        if content_type in kind.content_types:
            return refused(kind.title, kind.advice)
    if content_type.startswith(_FAMILIES):
        return refused(content_type[:60], "send the article's text")
    return None


def unread_by_name(name: str) -> Undecodable | None:
    """The refusal of what a file's name ends in, else ``None``."""
    for kind in (*KINDS, *KINDS_OF_TEXT):
        if kind.endings and name.endswith(kind.endings):
            return refused(kind.title, kind.advice)
    return None


def unknown_binary(beginning: Beginning) -> Undecodable | None:
    """The refusal of data that is no text in UTF-8 or with a byte order mark, else ``None``."""
    if mark_of(beginning.value) is None and _BINARY.search(beginning.value[:4_096]):
        return Undecodable(
            Reason.UNKNOWN_FORMAT, "binary data of a kind that is not known; docs/formats.md lists what is read"
        )
    return None


def unknown_xml(name: str) -> Undecodable:
    """The refusal of XML whose root element no format has."""
    return Undecodable(
        Reason.UNKNOWN_FORMAT,
        f"XML with the root <{name[:60]}> is not read; send RSS, Atom, NewsML, NITF or HTML, or set --input",
    )


def refused(title: str, advice: str) -> Undecodable:
    """The error of a kind that is known and not read."""
    return Undecodable(Reason.UNREAD_FORMAT, f"{title} is not read; {advice}")
