"""The features of paragraphs, on texts written for it."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.boilerplate.features import describe
from monitor.scoring.boilerplate.phrases import phrases
from monitor.scoring.boilerplate.reading import read


def features(texts: list[str]) -> dict[str, list[float]]:
    nothing = np.zeros(len(texts), np.float32)
    table, names, _ = describe(read(texts), nothing, nothing)
    assert table.shape == (len(texts), len(names))
    assert len(set(names)) == len(names)
    return {name: column.tolist() for name, column in zip(names, table.T, strict=True)}


def test_a_pull_quote_stands_elsewhere() -> None:
    found = features(
        [
            "“We have waited long enough for this wall,” said Maren Holt on Tuesday.",
            "The council will meet again in the spring to vote on it.",
            "We have waited long enough for this wall",
        ]
    )
    assert found["stands earlier"] == [0, 0, 1]
    assert found["stands elsewhere"][1] == 0
    assert 0 < found["stands later"][0] < 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Photo: Ida Brandt", "caption"),
        ("Lesen Sie auch: Der Hafen wird tiefer", "more"),
        ("À lire aussi : le port s’agrandit", "more"),
        ("関連記事 港の拡張", "more"),
        ("Suscríbete a nuestro boletín", "call"),
        ("Все права защищены", "legal"),
        ("댓글", "share"),
    ],
)
def test_phrases_are_found_in_any_language(text: str, kind: str) -> None:
    found = features(["The council voted on Tuesday to rebuild the wall.", text])
    assert found[f"begins {kind}"][1] > 0
    assert found[f"says {kind}"][1] > 0
    assert found[f"says {kind}"][0] == 0


def test_the_longest_phrase_at_the_start_counts() -> None:
    # "read more" is known, and "read more" begins with no phrase of one word.
    assert features(["Read more: ten beaches"])["begins more"] == [2]


def test_a_phrase_ends_with_its_paragraph() -> None:
    found = features(["Read", "more"])
    assert found["says more"] == [0, 0]


def test_words_of_no_phrase_are_taken_for_none() -> None:
    found = features([" ".join(f"q{i}zx{i * i}" for i in range(k, k + 2_000)) for k in range(0, 40_000, 2_000)])
    assert {name: max(found[name]) for name in found if name.startswith(("says", "begins"))} == {
        f"{what} {kind}": 0 for what in ("says", "begins") for kind in phrases().kinds
    }


def test_each_kind_of_phrase_has_a_bit() -> None:
    assert 0 < len(phrases().kinds) < 8  # and one for notices


@pytest.mark.parametrize("texts", [[""], ["a"], ["a b"], ["a b c"], ["", "…", "日本"], ["x"] * 3])
def test_short_articles_have_features(texts: list[str]) -> None:
    assert np.isfinite(np.array(list(features(texts).values()))).all()


def test_a_formula_of_a_notice_marks_its_paragraph_alone() -> None:
    texts = ["The ferry sails at noon.", "We use cookies.", "They have no use for cookies.", "Tous droits réservés"]
    nothing = np.zeros(len(texts), np.float32)
    assert describe(read(texts), nothing, nothing).notice.tolist() == [False, True, False, True]
