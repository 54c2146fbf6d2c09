"""Records of every format and every kind of damage."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import BODY, BODY_HTML, NAMES
from monitor.articles.names import CONTROL
from monitor.articles.printable import printable

CASES = json.loads((Path(__file__).parent.parent / "cases" / "articles.json").read_text())


def written(case: dict[str, Any]) -> bytes:
    """The record of a case: its text, or its value as JSON."""
    return case["text"].encode() if "text" in case else json.dumps(case["value"]).encode()


def decode(value: bytes | None, fields: dict[str, str] | None = None, **options: Any) -> Article:
    return Decoder(fields or {}).decode(value, **options)


def reason_of(value: bytes | None, **options: Any) -> Reason:
    with pytest.raises(Undecodable) as caught:
        decode(value, **options)
    assert len(str(caught.value)) < 300
    return caught.value.reason


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, Any]) -> None:
    value = written(case)
    headers = [(name, text.encode()) for name, text in case.get("headers", {}).items()]
    if "reason" in case:
        assert reason_of(value, headers=headers, fields=case.get("fields")) == case["reason"]
        return
    article = decode(value, headers=headers, fields=case.get("fields"))
    for name, expected in case["expected"].items():
        field = getattr(article, name)
        assert (field.isoformat() if isinstance(field, datetime) else field) == expected


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


def check(article: Article) -> None:
    """What the contract says of every article."""
    assert article.text.strip()
    assert 0 < len(article.id) <= 512
    assert 0 < len(article.source) <= 200
    assert len(article.title or "") <= 2000
    assert article.url is None or article.url.lower().startswith(("http://", "https://"))
    for name in (article.id, article.source, article.title or "", article.url or "", article.language or ""):
        name.encode()
        assert not CONTROL.search(name)
    for when in (article.published_at, article.expires):
        assert when is None or when.utcoffset() == timedelta(0)
    article.text.encode()
    assert all(article.text[mark.start : mark.end].strip() for mark in article.markup)
    msgspec.json.encode(article)


def decoded(value: bytes, **options: Any) -> Article | Reason:
    """The article, checked, or the reason; decoding twice gives the same."""
    try:
        article = decode(value, **options)
    except Undecodable as error:
        assert len(str(error)) < 300
        assert str(error) == printable(str(error))
        return error.reason
    check(article)
    assert decode(value, **options) == article
    return article


DATES = st.datetimes().map(str) | st.text(alphabet="0123456789-:TZ+ .GMTJanEST,/", max_size=30)
HTML = st.text(alphabet="<>/apdiv \"'=&;!-\n#x", max_size=60).map(lambda text: f"<p>{text}</p>")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | DATES | HTML,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "name", "role", "rendered", "contentType", "@type"]) | st.text(max_size=8),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
ENVELOPE = ["bodies", "headlines", "specversion", "data", "data_base64", "datacontenttype", "@graph", "time"]
ALIASES = sorted({name for aliases in NAMES.values() for name in aliases})
names = st.sampled_from([*ALIASES, *BODY, *BODY_HTML, *ENVELOPE])
objects = st.dictionaries(names, values, max_size=8)
CONTENT_TYPES = st.sampled_from(
    ["", "text/html", "text/plain", "application/json", "application/cloudevents+json", "application/xhtml+xml"]
)


@given(objects, st.dictionaries(st.sampled_from(["id", "body", "title", "published_at"]), st.text(max_size=12)))
def test_any_object_is_an_article_or_says_why_not(fields_of_record: dict[str, Any], fields: dict[str, str]) -> None:
    decoded(json.dumps(fields_of_record).encode(), fields=fields)


@given(objects, CONTENT_TYPES)
def test_any_event_is_an_article_or_says_why_not(fields_of_record: dict[str, Any], content_type: str) -> None:
    event = {"specversion": "1.0", "id": "e", "source": "/s", "datacontenttype": content_type}
    plain = decoded(json.dumps(event | {"data": fields_of_record}).encode())
    packed = base64.b64encode(json.dumps(fields_of_record).encode()).decode()
    if not content_type.startswith(("text/", "application/xhtml")) and "specversion" not in fields_of_record:
        again = decoded(json.dumps(event | {"data_base64": packed}).encode())
        assert getattr(plain, "text", plain) == getattr(again, "text", again)


@given(st.binary(), st.binary(max_size=20), CONTENT_TYPES)
def test_any_bytes_are_an_article_or_say_why_not(value: bytes, key: bytes, content_type: str) -> None:
    decoded(value, key=key, headers=[("Content-Type", content_type.encode())])


@given(
    st.sampled_from([written(case) for case in CASES]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 4), st.binary(max_size=4)), max_size=5),
    CONTENT_TYPES,
)
def test_any_damage_to_a_record_is_an_article_or_says_why_not(
    value: bytes, damage: list[tuple[int, int, bytes]], content_type: str
) -> None:
    for place, drop, put in damage:
        value = value[:place] + put + value[place + drop :]
    decoded(value, headers=[("ce_id", value[:30]), ("content-type", content_type.encode())])


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (b'{"id": 1, "source": {"name": " Lantern\\n"}}', "Lantern"),
        (b'{"feed": {"name": "Quay"}, "source": "Lantern"}', "Quay"),
        (b'{"url": "https://www.lantern.example/1"}', "lantern.example"),
        (b'{"specversion": "1.0", "source": "urn:wire", "data": {"source": "Lantern"}}', "Lantern"),
        (b'{"specversion": "1.0", "source": "urn:wire", "data": {}}', "urn:wire"),
        (b'{"id": 1}', None),
        (b"[1]", None),
        (b"{", None),
        (b"\xff", None),
        (None, None),
    ],
)
def test_source_of_a_record_that_is_no_article_is_known(value: bytes | None, source: str | None) -> None:
    fields = {"source": "feed.name"} if value and b"feed" in value else {}
    assert Decoder(fields).source_of(value) == source


def test_the_source_in_the_headers_of_an_event() -> None:
    assert (
        Decoder().source_of(b"{", [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"urn:wire")])
        == "urn:wire"
    )
