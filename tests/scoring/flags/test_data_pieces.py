"""Pieces of data in a text, and prose that only looks like them."""

from __future__ import annotations

import pytest

from monitor.scoring.flags.data_pieces import data_pieces


@pytest.mark.parametrize(
    "text",
    [
        'self.__next_f.push([1,"7:[]"])',
        'var gallery = {"images": []};',
        "data:image/png;base64,iVBORw0KGgo=",
        "{{Infobox ship|name=Ida}}",
        '[su_button url="https://quay.example"]Tickets[/su_button]',
        "Dear *|FNAME|*,",
        "let total = {};",
        "iVBORw0KGgoAAAANSUhEUgAAAAE1+Zk3QmFzZTY0" * 3,
    ],
)
def test_piece_that_nobody_writes_by_hand_counts_three_times(text: str) -> None:
    assert data_pieces(text).weight >= 3


@pytest.mark.parametrize(
    "text",
    [
        "“[The ferry] is back,” he said [sic].",
        "The set {1, 2, 3}; a line that read var total = 0 was to blame.",
        "Editors write [[double brackets]] around a word.",
        "The checksum was 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 + 1.",
        "The path is C:\\users\\new.",
        "The outlet x = (a shop) closed.",
        " ".join(["iVBORw0KGgoAAAANSUhEUgAAAAE1+Zk3QmFzZTY0"] * 3),
    ],
)
def test_prose_that_looks_like_data_is_none(text: str) -> None:
    assert data_pieces(text).weight == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"The ferry is back.\nShe sails again.", [r"\n"]),
        (r"The ferry is back.\n\tshe sails again.", [r"\n\t"]),
        (r"It is kept at C:\north, and at C:\next.", []),
    ],
)
def test_line_break_kept_as_code_is_found_only_behind_text(text: str, found: list[str]) -> None:
    assert data_pieces(text).found == found
