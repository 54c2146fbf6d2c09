"""Tables."""

from __future__ import annotations

from monitor.articles.decode import Decoder
from monitor.articles.size_limits import SizeLimits
from tests.articles.formats.reading import of_file


def test_cells_may_hold_lines_and_separators() -> None:
    assert of_file(b'id,content\r\n1,"x, y\r\nz"\r\n2,w\r\n') == ["x, y\r\nz", "w"]


def test_a_column_may_be_named_in_the_settings() -> None:
    assert of_file(b"a,b\n1,x\n", "f.csv") == ["no_body"]
    assert of_file(b"a,b\n1,x\n", "f.csv", Decoder({"body": "b"})) == ["x"]


def test_damage_is_named() -> None:
    assert of_file(b"id,content\n1,x,y\n2,z\n", "f.csv") == ["not_a_table", "z"]
    assert of_file(b"id,content\n1,caf\xe9\n", "f.csv") == ["not_utf8"]
    small = Decoder(limits=SizeLimits(record_bytes=1000))
    assert of_file(b'id,content\n1,x\n2,"' + b"y,\n" * 1000, "f.csv", small) == ["x", "not_a_table"]


def test_prose_with_commas_is_no_table() -> None:
    assert of_file(b"Title, content, and more\nThe ferry, the quay\n") == [
        "Title, content, and more\nThe ferry, the quay\n"
    ]


def test_a_hundred_thousand_rows_are_read_one_by_one() -> None:
    assert len(of_file(b"id,content\n" + b"1,x\n" * 100_000)) == 100_000
