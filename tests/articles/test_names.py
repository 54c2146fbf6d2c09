"""Ids, sources, titles, addresses and languages: on one line, bounded, never trusted."""

from __future__ import annotations

import pytest

from monitor.articles.names import (
    LONGEST_ID,
    LONGEST_SOURCE,
    LONGEST_URL,
    address,
    clean,
    host,
    identifier,
    language,
    replace_surrogates,
    source_name,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" Ferry\r\nreturns\x00 ", "Ferry returns"),
        ({"name": "Lantern"}, "Lantern"),
        ([{"rendered": "Ferry"}, "other"], "Ferry"),
        (17, "17"),
        (True, None),
        ("\x1b\x9b", None),
        ([], None),
        ("x" * 3_000, "x" * 2_000),
    ],
)
def test_name_is_one_line_without_control_characters(value: object, expected: str | None) -> None:
    assert clean(value) == expected


def test_source_is_composed_and_has_no_invisible_characters() -> None:
    assert source_name("Cafe\u0301\u200b") == "Café"
    assert source_name("\u200b\u200b") is None
    assert source_name("#publisher") is None
    assert len(source_name("é" * 999) or "") == LONGEST_SOURCE


def test_id_that_is_too_long_is_hashed() -> None:
    assert identifier("a" * LONGEST_ID, b"") == "a" * LONGEST_ID
    long, other = identifier("a" * 513, b""), identifier("a" * 512 + "b", b"")
    assert long != other
    assert len(long) == len(other) == 32
    assert identifier(None, b"record") == identifier(None, b"record")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://lantern.example/1", "https://lantern.example/1"),
        ("HTTP://lantern.example", "HTTP://lantern.example"),
        ("javascript:alert(1)", None),
        ("https://lantern.example/" + "x" * LONGEST_URL, None),
    ],
)
def test_address_is_of_the_web(value: str, expected: str | None) -> None:
    assert address(value) == expected


def test_host_has_no_www() -> None:
    assert host("https://www.lantern.example:8080/a") == "lantern.example"
    assert host("https://[broken/") is None
    assert host(None) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("eng", "en"), ("pt_BR", "pt-BR"), ("iw", "he"), ("zh-Hans-CN", "zh-Hans-CN"), ("english", None), ("", None)],
)
def test_language_is_a_code(value: str, expected: str | None) -> None:
    assert language(value) == expected


def test_surrogate_is_replaced_one_for_one() -> None:
    assert replace_surrogates("a\ud800b") == "a\ufffdb"
