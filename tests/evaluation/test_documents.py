"""Documents of which the truth is known, from lines of JSON."""

from __future__ import annotations

import json

import pytest

from monitor.evaluation.documents import Document, Unusable, read_document


def test_a_page() -> None:
    row = {
        "id": "a", "set": "made-up", "body": "One.", "container": ["One.", "Advertisement"],
        "container_content": [1, 0], "page": ["Menu", "One."], "page_content": [0, 1], "url": "https://a.example",
    }  # fmt: skip
    assert read_document(json.dumps(row).encode(), "file") == Document(
        "made-up", "a", "One.", ("One.", "Advertisement"), (True, False), ("Menu",)
    )


def test_a_text_alone_is_of_the_files_set() -> None:
    assert read_document(b'{"id": 7, "text": "One."}', "reuters") == Document("reuters", "7", "One.")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{broken", "not a document"),
        (b"[1]", "not a document"),
        (b"\xff", "not a document"),
        (b"[" * 100_000, "not a document"),
        (b'{"id": "a", "body": " "}', "no text under body or text"),
        (b'{"id": "a", "body": "x", "container": ["x"], "container_content": []}', "not one label a line"),
    ],
)
def test_what_is_none_is_said(line: bytes, message: str) -> None:
    with pytest.raises(Unusable, match=message):
        read_document(line, "file")
