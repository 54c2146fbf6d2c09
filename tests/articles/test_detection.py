"""Which format a document has; what is none is refused."""

from __future__ import annotations

import io
from typing import Any

import pytest

from monitor.articles.detection import format_of
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats import FORMATS, NAMES
from monitor.articles.size_limits import SizeLimits


def detected(value: bytes, *, file: bool = True, **known: Any) -> str:
    return format_of(Document(io.BytesIO(value), SizeLimits(), is_file=file, **known)).name


@pytest.mark.parametrize(
    ("value", "known", "name"),
    [
        (b"<rss>", {"content_type": "text/html"}, "feed"),
        (b"<rss>", {"content_type": "text/plain"}, "feed"),
        (b"<p>x</p>", {"content_type": "text/plain"}, "text"),
        (b"The ferry", {"content_type": "text/html"}, "html"),
        (b"id,content\n", {"content_type": "text/plain"}, "text"),
        (b'{"a": 1}', {"content_type": "application/octet-stream"}, "json"),
        (b"x,y\n", {"name": "a.csv"}, "csv"),
        (b"a: b\n", {"name": "a.txt"}, "text"),
        (b"The ferry", {}, "text"),
    ],
)
def test_content_type_then_content_then_name(value: bytes, known: dict[str, Any], name: str) -> None:
    assert detected(value, **known) == name


def test_what_is_said_outright_is_believed() -> None:
    document = Document(io.BytesIO(b"<rss>"), SizeLimits(), is_file=True)
    assert format_of(document, "text").name == "text"


@pytest.mark.parametrize("name", NAMES)
def test_a_format_for_files_is_refused_in_a_record(name: str) -> None:
    document = Document(io.BytesIO(b"x"), SizeLimits())
    if not next(f for f in FORMATS if f.name == name).only_files:
        assert format_of(document, name).name == name
        return
    with pytest.raises(Undecodable, match="monitor feed") as caught:
        format_of(document, name)
    assert caught.value.reason is Reason.UNREAD_FORMAT


@pytest.mark.parametrize("value", [b"The ferry", b"<urlset>", b"\x02\x03"])
def test_what_is_not_known_is_refused_in_a_record(value: bytes) -> None:
    with pytest.raises(Undecodable) as caught:
        detected(value, file=False)
    assert caught.value.reason is Reason.UNKNOWN_FORMAT


def test_no_two_formats_share_a_content_type_or_an_ending() -> None:
    for names in ([n for f in FORMATS for n in f.content_types], [n for f in FORMATS for n in f.endings]):
        assert len(names) == len(set(names))
