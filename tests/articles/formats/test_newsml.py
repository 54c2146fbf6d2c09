"""NewsML 1."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.articles.decode import Decoder
from tests.articles.formats.reading import of_record


def item(content: str, media: str = "Text") -> str:
    data = f"<MediaType FormalName='{media}'/><DataContent>{content}</DataContent>"
    return f"<NewsItem><ContentItem>{data}</ContentItem></NewsItem>"


def test_each_item_with_a_text_is_an_article() -> None:
    value = f"<NewsML>{item('x')}{item('', 'Photo')}{item('<p>y</p><p>z</p>')}</NewsML>"
    assert of_record(value.encode()) == ["x", "y\nz"]


def test_a_picture_alone_is_refused() -> None:
    assert of_record(f"<NewsML>{item('data', 'Photo')}</NewsML>".encode()) == ["no_body"]


def test_a_date_in_basic_form_is_read() -> None:
    first = item("x").replace("<NewsItem>", "<NewsItem><FirstCreated>20260203T040506+0100</FirstCreated>")
    article = Decoder().decode(f"<NewsML>{first}</NewsML>".encode())
    assert article.published_at == datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC)
