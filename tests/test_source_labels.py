"""Which sources get a label, which lose it, and which spellings are one source."""

from __future__ import annotations

import itertools

import pytest

from monitor.source_labels import CANDIDATES, OTHER, SourceLabels


def test_first_sources_get_labels_and_the_rest_are_other() -> None:
    labels = SourceLabels(2)
    assert [labels.label(s) for s in ("a", "b", "c", "a")] == ["a", "b", "other", "a"]


def test_an_allow_list_is_the_only_source_of_labels() -> None:
    labels = SourceLabels(50, ["b"])
    assert [labels.label(s) for s in ("a", "b")] == ["other", "b"]


def test_an_allow_list_gives_the_spelling() -> None:
    labels = SourceLabels(50, ["Le Mondé"])
    assert labels.label("LE MONDE\N{COMBINING ACUTE ACCENT}") == "Le Mondé"


@pytest.mark.parametrize(
    "spelling",
    [
        "REUTERS",
        "reuters",
        "Reuters\N{ZERO WIDTH SPACE}",
        "\N{SOFT HYPHEN}Reuters",
        "\N{RIGHT-TO-LEFT OVERRIDE}Reuters",
    ],
)
def test_spellings_that_look_the_same_are_one_source(spelling: str) -> None:
    labels = SourceLabels(50)
    assert labels.label("Reuters") == labels.label(spelling) == "Reuters"


def test_letters_of_another_alphabet_are_another_source() -> None:
    labels = SourceLabels(50)
    assert labels.label("Reuters") != labels.label("R\N{CYRILLIC SMALL LETTER IE}uters")


def test_junk_sources_after_a_start_lose_their_labels() -> None:
    released: list[str] = []
    labels = SourceLabels(50, release=released.append)
    junk = [f"junk {number}" for number in range(50)]
    assert [labels.label(name) for name in junk] == junk
    given = [labels.label(f"Daily {number % 50}") for number in range(50 * 4)]
    assert given[:50] == [OTHER] * 50
    assert given[-50:] == [f"Daily {number}" for number in range(50)]
    assert sorted(released) == sorted(junk)


def test_sources_of_one_article_take_no_label_from_steady_ones() -> None:
    released: list[str] = []
    labels = SourceLabels(10, release=released.append)
    steady = [f"Daily {number}" for number in range(10)]
    for name in steady * 2:
        labels.label(name)
    for number in range(20_000):
        labels.label(steady[number % 10])
        assert labels.label(f"junk {number}") == OTHER
    assert released == []
    assert [labels.label(name) for name in steady] == steady


def test_late_source_with_many_articles_gets_a_label() -> None:
    labels = SourceLabels(3)
    for name in ("a", "b", "c"):
        for _ in range(10):
            labels.label(name)
    given = [
        label
        for number in range(10 * CANDIDATES)
        if (label := labels.label("late" if number % 3 == 0 else f"junk {number}")) != OTHER
    ]
    assert set(given) == {"late"}


def test_two_sources_of_like_volume_change_places_seldom() -> None:
    released: list[str] = []
    labels = SourceLabels(1, release=released.append)
    for name in itertools.islice(itertools.cycle("ab"), 10_000):
        labels.label(name)
    assert released == []


def test_a_source_named_other_cannot_take_the_series_of_all_others() -> None:
    released: list[str] = []
    labels = SourceLabels(1, release=released.append)
    assert labels.label("Other") == OTHER
    assert [labels.label(name) for name in ("a", *"bbbb")][-1] == "b"
    assert released == ["a"]


def test_label_holds_no_mention_that_a_chat_would_notify() -> None:
    labels = SourceLabels(50)
    for name in ("<!channel>", "<@U123>", "<https://evil.example|Reuters>"):
        assert not {"<", ">"} & set(labels.label(name))
