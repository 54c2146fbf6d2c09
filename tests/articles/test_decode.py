"""Records of every format and every kind of damage."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.article import Article
from monitor.articles.decode import decode
from monitor.articles.errors import Reason, Undecodable

CASES = json.loads((Path(__file__).parent.parent / "cases" / "articles.json").read_text())


def reason_of(value: bytes | None, **options: Any) -> Reason:
    with pytest.raises(Undecodable) as caught:
        decode(value, **options)
    assert len(str(caught.value)) < 300
    return caught.value.reason


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, Any]) -> None:
    value = case["text"].encode() if "text" in case else json.dumps(case["value"]).encode()
    headers = [(name, text.encode()) for name, text in case.get("headers", {}).items()]
    if "reason" in case:
        assert reason_of(value, headers=headers, fields=case.get("fields")) == case["reason"]
        return
    article = decode(value, headers=headers, fields=case.get("fields"))
    for name, expected in case["expected"].items():
        found = getattr(article, name)
        assert (found.isoformat() if isinstance(found, datetime) else found) == expected


def test_damage_that_has_no_json() -> None:
    assert reason_of(None) is Reason.TOMBSTONE
    assert reason_of(b'{"content": "\xff"}') is Reason.NOT_UTF8
    assert reason_of(b"x" * 6_000_000) is Reason.RECORD_TOO_LARGE
    assert reason_of(b"[" * 200_000) is Reason.TOO_DEEP
    assert reason_of(b'{"a":' * 100_000) is Reason.TOO_DEEP
    assert reason_of(b'{"content": "' + b"x" * 1_048_577 + b'"}') is Reason.TEXT_TOO_LARGE


def test_a_line_of_a_megabyte_is_an_article() -> None:
    assert len(decode(b'{"content": "' + b"x" * 1_000_000 + b'"}').text) == 1_000_000


def test_names_have_bounded_lengths_and_ids_stay_apart() -> None:
    def article(letter: str) -> Article:
        return decode(json.dumps({"id": "i" * 5000 + letter, "source": "s" * 4000, "content": "B"}).encode())

    assert len(article("a").source) == 200
    assert len(article("a").id) == 32
    assert article("a").id != article("b").id
    assert article("a").id == article("a").id


def test_the_key_names_an_article_without_an_id() -> None:
    assert decode(b'{"content": "B"}', key=b"k").id == "k"
    assert decode(b'{"content": "B"}').id == decode(b'{"content": "B"}').id != decode(b'{"content": "C"}').id


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["id", "content", "body", "bodies", "content_html", "source", "published_at", "language", "headlines", "data",
     "specversion", "wordCount", "expires", "url", "isAccessibleForFree"]
)  # fmt: skip


@given(st.dictionaries(names, values))
def test_any_object_is_an_article_or_says_why_not(found: dict[str, Any]) -> None:
    try:
        article = decode(json.dumps(found).encode())
    except Undecodable as error:
        assert error.reason in Reason
    else:
        assert article.text.strip()
        assert article.id
        assert article.source
        assert len(article.source) <= 200
        article.text.encode()
        article.id.encode()


@given(st.binary(), st.binary(max_size=20), st.sampled_from([b"", b"text/html", b"text/plain", b"application/json"]))
def test_any_bytes_are_an_article_or_say_why_not(value: bytes, key: bytes, content_type: bytes) -> None:
    try:
        decode(value, key=key, headers=[("Content-Type", content_type)]).text.encode()
    except Undecodable as error:
        assert error.reason in Reason
