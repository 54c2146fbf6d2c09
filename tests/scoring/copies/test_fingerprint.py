"""The fingerprint: what is read of an article, and what does not decode."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from monitor.articles.article import Article
from monitor.scoring.copies.fingerprint import Fingerprint, Unreadable, provenance
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import Flag, ParagraphVerdict, Verdict
from tests.scoring.copies.made_up import fingerprint, story

AT = datetime(2026, 1, 1, tzinfo=UTC)


def verdict(text: Text, boilerplate: list[float], **fields: object) -> Verdict:
    made = Verdict(
        id="a", source="Morning", url=None, title=None, published_at=AT, scored_at=AT, version="0", language="en",
        words=80, repetition=0, boilerplate=0, bad=False, flags=(),
        paragraphs=tuple(
            ParagraphVerdict(*place, None, None, p) for place, p in zip(text.paragraphs, boilerplate, strict=True)
        ),
    )  # fmt: skip
    return msgspec.structs.replace(made, **fields)


def test_boilerplate_is_left_out() -> None:
    text = Text.of_lines([*story(1), *story(2)])
    article = Article(id="a", text=text.raw)
    made = Fingerprint.of_verdict(verdict(text, [0.1] * 4 + [0.9] * 4), article, text)
    assert made.rows == fingerprint("a", story(1)).rows
    assert made.words == 80


def test_withdrawn_is_told() -> None:
    text = Text.of_lines(story(1))
    flagged = verdict(text, [0.1] * 4, flags=(Flag("withdrawn", 1.0, ""),))
    assert Fingerprint.of_verdict(flagged, Article(id="a", text=text.raw), text).withdrawn


def test_record_is_read_as_it_was_written() -> None:
    made = fingerprint("a", story(1), url="https://m.example/a", published_at=AT)
    assert Fingerprint.decode(made.encode()) == made


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\x91" * 100_000,
        msgspec.msgpack.encode({"id": "a", "source": "b", "rows": b"123"}),
        msgspec.msgpack.encode({"id": "a", "source": "b", "rows": b"12345678" * 1000}),
        msgspec.msgpack.encode({"id": "a", "source": "b", "level": 99}),
    ],
)
def test_other_bytes_are_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        Fingerprint.decode(data)


@pytest.mark.parametrize(
    ("text", "source", "url", "expected"),
    [
        ("LONDON (Reuters) - The ferry left.", "Morning", None, "Reuters"),
        ("The ferry (built 1950) left.", "Morning", None, None),
        ("The ferry left.", "morning.example", "https://www.evening.example/a", "evening.example"),
        ("The ferry left.", "morning.example", "https://news.morning.example/a", None),
        ("The ferry left.", "Morning", "https://evening.example/a", None),
        ("The ferry left.", "[bad", "http://[bad", None),
    ],
)
def test_provenance_is_the_agency_or_another_host(text: str, source: str, url: str | None, expected: str) -> None:
    assert provenance(verdict(Text.read(""), [], source=source, url=url), text) == expected
