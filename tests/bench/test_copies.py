"""Copies of pages: the labels go with the lines."""

from __future__ import annotations

import numpy as np

from bench import copies

PAGE = {
    "container": [
        "Wall to be raised.",
        "Photo: Ida Brandt.",
        "The council voted on Tuesday to raise the old wall again.",
    ],
    "container_content": [1, 0, 1],
    "sure": [1, 1, 0],
}


def test_one_line_keeps_the_labels_of_its_pieces() -> None:
    copy = copies.one_line(PAGE)
    assert copy["container"] == PAGE["container"]
    assert copy["container_content"] == [1, 0, 1]
    assert copy["sure"] == [1, 1, 0]
    assert copy["share"] == [1, 0, 1]
    assert copies.read(copy).same_line.tolist() == [True, True]


def test_a_line_apart_keeps_its_line_break() -> None:
    long = "The council voted on Tuesday. " + " ".join(["The tide came in."] * 60)
    lines = ["Wall to be raised.", "Photo: Ida Brandt.", long]
    copy = copies.one_line(PAGE | {"container": lines}, apart=1)
    assert copy["container"][:2] == lines[:2]
    assert copies.read(copy).same_line.tolist()[:2] == [False, True]


def test_lines_are_joined_only_with_their_kind() -> None:
    for seed in range(20):
        copy = copies.relined(PAGE, np.random.default_rng(seed))
        assert [line for line, content in zip(copy["container"], copy["container_content"], strict=True) if not content]
        assert not any("Brandt" in line and "council" in line for line in copy["container"])


def test_a_story_that_uses_formulas_stays_story() -> None:
    page = PAGE | {"container": ["word " * 20] * 3, "sure": [1, 1, 1]}
    copy = copies.using_formulas(page, ["we use cookies"], np.random.default_rng(1))
    assert copy["container_content"] == [1, 0, 1]
    assert sum("we use cookies" in line for line in copy["container"]) >= 1
    assert "we use cookies" not in copy["container"][1]


def test_lines_put_in_are_boilerplate() -> None:
    copy = copies.interrupted(PAGE, {"more": ["read also"]}, ["Ten beaches"], np.random.default_rng(3))
    added = [
        content
        for line, content in zip(copy["container"], copy["container_content"], strict=True)
        if "read also" in line.lower()
    ]
    assert added
    assert not any(added)


def test_a_script_has_one_word_for_one_word() -> None:
    copy = copies.in_script(PAGE | {"container": ["wall wall", "x", "y"]}, np.random.default_rng(0))
    first = copy["container"][0].split()
    assert len(set(first)) == 1 or len(first) == 1
    assert copy["container_content"] == PAGE["container_content"]
