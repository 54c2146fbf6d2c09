"""Parquet."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as parquet

from monitor.articles.decode import Decoder
from tests.articles.formats.reading import of_file, of_record


def file(table: dict[str, list[object]]) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pa.table(table), stream)
    return stream.getvalue()


def test_each_row_is_an_article() -> None:
    assert of_file(file({"id": ["1", "2"], "text": ["x", None], "date": [datetime(2026, 2, 3, tzinfo=UTC), None]})) == [
        "x",
        "no_body",
    ]


def test_a_file_without_a_text_is_refused_with_its_columns() -> None:
    (item,) = Decoder().articles_of_file("f", io.BytesIO(file({"a": ["x"]})))
    assert "columns (a)" in str(item.article)


def test_damage_and_pipes_are_named() -> None:
    assert of_file(file({"text": ["x"]})[:-6]) == ["unreadable"]
    assert of_record(file({"text": ["x"]})) == ["unread_format"]
    assert of_file(b"PAR1") == ["unreadable"]
