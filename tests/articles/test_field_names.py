"""Names of fields, folded and looked up."""

from __future__ import annotations

from monitor.articles.field_names import NAMES, at, fold, folded, value_under


def test_names_are_told_apart_by_their_letters_alone() -> None:
    assert fold({"PublishedAt": 1, "word-count": 2, "_id": 3}) == {"publishedat": 1, "wordcount": 2, "_id": 3}
    assert fold({"Body": 1, "body": 2})["body"] == fold({"body": 2, "Body": 1})["body"] == 2


def test_a_long_name_is_left_as_it_is() -> None:
    assert fold({"A" * 100: 1}) == {"A" * 100: 1}


def test_no_two_names_of_a_field_are_the_same() -> None:
    for field, names in NAMES.items():
        assert len({folded(name) for name in names}) == len(names), field


def test_a_dot_leads_into_an_object() -> None:
    assert value_under({"links": {"Permalink": 1}}, "links.permalink") == 1
    assert value_under({"links": "x"}, "links.permalink") is None


def test_a_path_leads_through_objects_and_lists() -> None:
    assert at({"a": [{"b": 1}]}, "a.0.b") == 1
    assert at({"a": "text"}, "a.0") is None
    assert at({"a": []}, "a.99999999") is None
