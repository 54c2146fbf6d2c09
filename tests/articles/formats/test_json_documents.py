"""JSON in its forms: one text, lines, sequences, one text after the other."""

from __future__ import annotations

import io

import pytest

from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason
from monitor.articles.formats import json_documents
from tests.articles.formats.made_up import read, texts

FIRST, SECOND = '{"content": "The ferry is back."}', '{"content": "Divers freed it."}'
BOTH = ["The ferry is back.", "Divers freed it."]


@pytest.mark.parametrize(
    "document",
    [
        f"[{FIRST}, {SECOND}]",
        f"{FIRST}\n{SECOND}\n",
        f"{FIRST}\r\n\r\n{SECOND}",
        f"\x1e{FIRST}\n\x1e{SECOND}\n",
        f"{FIRST}{SECOND}",
        f"{FIRST},\n  {SECOND}",
        FIRST.replace(", ", ",\n") + "\n" + SECOND,
    ],
    ids=["list", "lines", "blank lines", "sequence", "joined", "commas", "over several lines"],
)
def test_articles_are_read_from_each_form(document: str) -> None:
    assert texts(document) == BOTH


def test_damaged_line_does_not_end_the_reading() -> None:
    assert texts(f"{FIRST}\n{{broken\n{SECOND}\n") == [BOTH[0], "not_json", BOTH[1]]


def test_articles_before_broken_json_are_read() -> None:
    assert texts(f'{FIRST}{SECOND}{{"content": ') == [*BOTH, "not_json"]


def test_line_and_list_that_are_too_long_are_refused() -> None:
    limits = Decoder().limits
    long = '{"content": "' + "x" * limits.record_bytes + '"}'
    assert texts(f"{FIRST}\n{long}\n{SECOND}", "a.jsonl") == [BOTH[0], "record_too_large", BOTH[1]]
    assert read(f"[{FIRST},\n{long}]", "a.json") == [Reason.RECORD_TOO_LARGE]


def test_lines_go_as_they_are_only_where_each_is_a_record() -> None:
    def lines(document: str) -> list[bytes] | None:
        given = json_documents.lines_as_they_are(Decoder().document_of_file("", io.BytesIO(document.encode())))
        return None if given is None else list(given)

    assert lines(f"{FIRST}\n{{broken\n") == [FIRST.encode() + b"\n", b"{broken\n"]
    assert lines(f"[{FIRST}]") is None
    assert lines(f"\x1e{FIRST}\n") is None
