"""JSON in each of its shapes."""

from __future__ import annotations

import pytest

from tests.articles.formats.reading import of_file, of_record, seconds_of_record

ONE, TWO = b'{"content": "x"}', b'{"content": "y"}'


@pytest.mark.parametrize(
    "value",
    [
        ONE + b"\n" + TWO, b"\x1e" + ONE + b"\n\x1e" + TWO + b"\n", b"[" + ONE + b"," + TWO + b"]",
        b'{"content":\n"x"}\n{"content":\n"y"}', b'{"content":\n"x"},\n{"content":\n"y"},\n',
    ],
)  # fmt: skip
def test_several_texts_are_read_in_files_and_records(value: bytes) -> None:
    assert of_file(value) == of_record(value) == ["x", "y"]


def test_damage_is_named_and_the_rest_is_read() -> None:
    assert of_record(ONE + b"\n{bad\n" + TWO) == ["x", "not_json", "y"]
    assert of_record(b'{"content":\n"x"}\n{"content":') == ["x", "not_json"]
    assert of_record(b"\x1e" + ONE + b"\n\x1e{bad\n\x1e" + TWO) == ["x", "not_json", "y"]


@pytest.mark.parametrize("piece", [b"\x1e{", b'{"content":\n"x"}\n', b'{"a":\n[{', b"{\n", b"{},", b"[", b'{"data":'])
def test_hostile_json_takes_little_time(piece: bytes) -> None:
    assert seconds_of_record(b"[" * (piece == b"{},") + piece * (1_000_000 // len(piece))) < 15
