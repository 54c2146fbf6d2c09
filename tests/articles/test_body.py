"""The body of an article in an object: which text is taken, and whether it is HTML."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.articles.body import DEEPEST, Body, body_of, count, has_body, text_in
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import fold


def body(fields: dict[str, Any], **paths: str) -> Body:
    return body_of(fold(fields), fields, paths)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"content": "One.", "text": "Two."}, Body("One.", html=False)),
        ({"content": " ", "text": "Two."}, Body("Two.", html=False)),
        ({"body": "<p>One.</p>"}, Body("<p>One.</p>", html=True)),
        ({"content_html": "One &amp; two."}, Body("One &amp; two.", html=True)),
        ({"content": {"rendered": "One."}}, Body("One.", html=False)),
        ({"body_main": "One."}, Body("One.", html=False)),
        ({"article": {"name": "One."}, "html": "Two."}, Body("Two.", html=True)),
    ],
)
def test_first_name_that_holds_text_wins(fields: dict[str, Any], expected: Body) -> None:
    assert body(fields) == expected


def test_path_that_is_set_comes_before_the_names() -> None:
    assert body({"content": "One.", "a": {"b": "Two."}}, body="a.b").text == "Two."
    assert body({"content": "One."}, body="a.b").text == "One."


def test_story_is_taken_of_several_bodies_with_its_words() -> None:
    caption = {"role": "caption", "contentType": "text/plain", "value": "A ferry."}
    html = {"role": "main", "contentType": "text/html", "value": "<p>One.</p>"}
    plain = {"role": "main", "contentType": "text/plain", "value": "One.", "wordCount": "1"}
    assert body({"bodies": [caption, html, plain]}) == Body("One.", html=False, words=1)
    assert body({"bodies": [caption]}).text == "A ferry."


def test_blocks_are_joined_and_alternatives_are_not() -> None:
    assert text_in([{"text": "One."}, {"image": 1}, "Two."]) == "One.\n\nTwo."
    assert text_in([{"type": "text/plain", "value": "One."}, {"type": "text/html", "value": "<p>One."}]) == "One."
    assert text_in([{"role": "summary", "value": "Short."}, {"role": "main", "value": "One."}]) == "One."
    assert text_in([]) is None


def test_nesting_is_followed_to_a_bounded_depth() -> None:
    value: Any = "One."
    for _ in range(DEEPEST):
        value = [value]
    assert text_in(value) == "One."
    assert text_in([value]) is None


@pytest.mark.parametrize(
    ("fields", "reason", "message"),
    [
        ({"content": 3}, Reason.BODY_TYPE, "type int"),
        ({"content": ""}, Reason.EMPTY, "the text is empty"),
        ({"title": "One"}, Reason.NO_BODY, "no text under content, body"),
    ],
)
def test_missing_body_says_why_and_what_to_do(fields: dict[str, Any], reason: Reason, message: str) -> None:
    with pytest.raises(Undecodable, match=message) as raised:
        body(fields)
    assert raised.value.reason is reason
    assert not has_body(fold(fields), fields)


@pytest.mark.parametrize(
    ("value", "expected"), [(7, 7), ("7", 7), (True, None), (0, None), (-1, None), ("²", None), ("1" * 9, None)]
)
def test_declared_words_are_a_plain_number(value: object, expected: int | None) -> None:
    assert count(value) == expected
