"""CSV and TSV: a row is an article under the names of the first row."""

from __future__ import annotations

import pytest

from monitor.articles.article import Article
from monitor.articles.beginning import Beginning
from monitor.articles.errors import Reason
from monitor.articles.formats.tables import DELIMITERS, recognises
from tests.articles.formats.made_up import read, texts


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_each_row_is_an_article(delimiter: str) -> None:
    rows = (("id", "title", "text"), ("a", "Ferry", "The ferry is back."), ("b", "Divers", "Divers freed it."))
    articles = read("\n".join(delimiter.join(row) for row in rows), "a.csv")
    assert all(isinstance(article, Article) for article in articles)
    assert [(article.id, article.title, article.text) for article in articles if isinstance(article, Article)] == [
        *rows[1:]
    ]


def test_cell_in_quotes_may_have_several_lines() -> None:
    assert texts('id,text\na,"The ferry, it seems,\nis back."\n', "a.csv") == ["The ferry, it seems,\nis back."]


def test_row_with_too_many_cells_is_named_and_the_next_is_read() -> None:
    assert texts("id,text\na,The ferry,is back\nb,Divers freed it.", "a.csv") == ["not_a_table", "Divers freed it."]


def test_table_without_a_column_of_text_is_refused() -> None:
    assert read("id,prose\na,The ferry is back.", "a.csv") == [Reason.NO_BODY]
    assert texts("id,prose\na,The ferry is back.", "a.csv", fields={"body": "prose"}) == ["The ferry is back."]


@pytest.mark.parametrize(
    ("line", "expected"), [("id,title,text", True), ("Well, the text, said the ferry man", False), ("text", False)]
)
def test_table_is_told_by_names_of_columns(line: str, expected: bool) -> None:
    assert recognises(Beginning.of(f"{line}\n".encode(), None)) is expected
