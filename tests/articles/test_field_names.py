"""How a field is looked up: names without case and signs, dotted paths, paths that a user sets."""

from __future__ import annotations

import pytest

from monitor.articles.field_names import BODY, BODY_HTML, BODY_LAST, NAMES, at, fold, folded, paths_of, value_under


@pytest.mark.parametrize("name", ["published_at", "publishedAt", "PUBLISHED-AT", "Published_At"])
def test_name_is_known_in_any_case(name: str) -> None:
    assert value_under(fold({name: "2026"}), "published_at") == "2026"


def test_dot_leads_into_an_object() -> None:
    assert value_under(fold({"Thread": {"Site": "lantern.example"}}), "thread.site") == "lantern.example"
    assert value_under(fold({"thread": "x"}), "thread.site") is None


def test_small_letters_win_where_two_names_become_one() -> None:
    assert fold({"Title": "A", "title": "B"}) == {"title": "B"}
    assert fold({"title": "B", "Title": "A"}) == {"title": "B"}


def test_path_counts_into_lists() -> None:
    value = {"a": [{"b": "One."}]}
    assert at(value, "a.0.b") == "One."
    assert at(value, "a.1.b") is None
    assert at(value, "a.²") is None
    assert at(value, "a.b") is None


def test_set_paths_are_none_one_or_several() -> None:
    assert list(paths_of({}, "body")) == []
    assert list(paths_of({"body": "a.b"}, "body")) == ["a.b"]
    assert list(paths_of({"body": ["a", "b"]}, "body")) == ["a", "b"]


def test_no_field_has_one_name_twice() -> None:
    for names in (*NAMES.values(), (*BODY, *BODY_HTML, *BODY_LAST)):
        assert len({folded(name) for name in names}) == len(names)
