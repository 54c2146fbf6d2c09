"""Names, addresses, hosts and language codes."""

from __future__ import annotations

import pytest

from monitor.articles.names import address, host, identifier, language, replace_surrogates, source_name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Reuters\u200b", "Reuters"),
        ("\u202eReuters", "Reuters"),
        ("Cafe\u0301", "Café"),
        ({"@type": "Organization", "name": "Lantern"}, "Lantern"),
        ("https://www.lantern.example/#publisher", "lantern.example"),
        ({"@id": "https://www.lantern.example/#publisher"}, "lantern.example"),
        ("#publisher", None),
        ("\u200b", None),
        ("urn:wire", "urn:wire"),
        (5, "5"),
        (None, None),
    ],
)
def test_a_source_is_a_name_without_what_cannot_be_seen(value: object, name: str | None) -> None:
    assert source_name(value) == name


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("eng", "en"), ("deu", "de"), ("ger", "de"), ("en_GB", "en-GB"), ("EN", "EN"), ("zh-Hant-TW", "zh-Hant-TW"),
        ("iw", "he"), ("english", None), ("", None), ("e", None), ({"name": "fr"}, "fr"), ("gsw", "gsw"),
    ],
)  # fmt: skip
def test_a_language_is_a_code_of_today(value: object, code: str | None) -> None:
    assert language(value) == code


def test_only_addresses_of_the_web_are_addresses() -> None:
    assert address(" https://a.example/1 ") == "https://a.example/1"
    assert address("javascript:alert(1)") is None
    assert address("https://a.example/" + "x" * 3000) is None


def test_a_host_is_without_www() -> None:
    assert host("https://www.a.example:80/x") == "a.example"
    assert host("https://[::1") is None


def test_a_long_id_is_hashed() -> None:
    assert identifier("a", b"x") == "a"
    assert len(identifier("a" * 600, b"x")) == 32
    assert identifier(None, b"x") == identifier(None, b"x") != identifier(None, b"y")


def test_each_lone_surrogate_is_replaced() -> None:
    assert replace_surrogates("a\ud83d\udc00b") == "a\ufffd\ufffdb"
