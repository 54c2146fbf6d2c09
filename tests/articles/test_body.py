"""Where the body stands, and in which form."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.articles.body import Body, body_of, has_body, text_in
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import fold


def body(fields: dict[str, Any], paths: dict[str, Any] | None = None) -> Body:
    return body_of(fold(fields), fields, paths)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"body": [{"type": "p", "value": "one"}, {"type": "p", "value": "two"}]}, "one\n\ntwo"),
        ({"text": ["one", "two"]}, "one\n\ntwo"),
        ({"content": [{"type": "text/plain", "value": "one"}, {"type": "text/html", "value": "<p>one</p>"}]}, "one"),
        ({"body": [{"role": "caption", "value": "no"}, {"role": "main", "value": "one"}]}, "one"),
        ({"content": {"rendered": "one"}}, "one"),
        ({"Maintext": "one"}, "one"),
        ({"body_main": "one"}, "one"),
        ({"article": "one"}, "one"),
        ({"content": "", "body": "one"}, "one"),
    ],
)
def test_the_text_is_found_in_each_shape(fields: dict[str, Any], text: str) -> None:
    assert body(fields).text == text
    assert has_body(fold(fields), fields)


def test_paths_are_tried_in_order_and_then_the_built_in_names() -> None:
    paths = {"body": ("a.b", "c")}
    assert body({"a": {"b": "one"}, "c": "two", "content": "three"}, paths).text == "one"
    assert body({"c": "two", "content": "three"}, paths).text == "two"
    assert body({"content": "three"}, paths).text == "three"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"content": 5}, Reason.BODY_TYPE), ({"content": " "}, Reason.EMPTY), ({"article": {"x": 1}}, Reason.NO_BODY)],
)
def test_what_holds_no_text_says_why(fields: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(Undecodable) as caught:
        body(fields)
    assert caught.value.reason is reason


def test_lists_within_lists_end() -> None:
    deep: Any = "x"
    for _ in range(1000):
        deep = [deep]
    assert text_in(deep) is None
