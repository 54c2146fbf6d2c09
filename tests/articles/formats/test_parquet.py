"""Parquet: a row is an article."""

from __future__ import annotations

import io
from typing import Any

import pytest

from monitor.articles.errors import Reason
from tests.articles.formats.made_up import read, texts

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402


def table(**columns: list[Any]) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def test_each_row_is_an_article() -> None:
    assert texts(table(id=["a", "b"], text=["The ferry is back.", "Divers freed it."])) == [
        "The ferry is back.",
        "Divers freed it.",
    ]


def test_column_of_the_text_is_known_or_set() -> None:
    document = table(story=["The ferry is back."], other=["x"])
    assert texts(document, fields={"body": "story"}) == ["The ferry is back."]
    unknown = table(prose=["The ferry is back."])
    assert read(unknown) == [Reason.NO_BODY]
    assert texts(unknown, fields={"body": "prose"}) == ["The ferry is back."]


def test_damaged_file_is_refused() -> None:
    assert read(table(text=["The ferry is back."])[:-10]) == [Reason.UNREADABLE]
