"""The phrases of ``phrases.json``, in many languages."""

from __future__ import annotations

import pytest

from monitor.scoring.boilerplate.phrases import phrase_features, phrases
from monitor.scoring.text.text import Text


def features(*lines: str) -> dict[str, list[float]]:
    table, names, _ = phrase_features(Text.of_lines(lines))
    assert table.shape == (len(lines), len(names))
    return {name: column.tolist() for name, column in zip(names, table.T, strict=True)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Photo: Ida Brandt", "caption"),
        ("Lesen Sie auch: Der Hafen wird tiefer", "more"),
        ("À lire aussi : le port s’agrandit", "more"),
        ("関連記事 港の拡張", "more"),
        (">> यह भी पढ़ें: पुल बंद", "more"),
        ("Suscríbete: el boletín del puerto", "call"),
        ("Suscríbete a nuestro boletín", "notice"),
        ("Inscrivez-vous maintenant", "call"),
        ("Все права защищены", "legal"),
        ("댓글", "share"),
        ("Pressekontakt: Ida Brandt, 0555 0144", "release"),
        ("Safe Harbor Statement: plans may change.", "release"),
    ],
)
def test_phrases_are_found_in_any_language(text: str, kind: str) -> None:
    rows = features("The council voted on Tuesday to rebuild the wall.", text)
    assert rows[f"begins {kind}"][1] > 0
    assert rows[f"says {kind}"][1] > 0
    assert rows[f"says {kind}"][0] == 0


def test_the_longest_phrase_at_the_start_counts() -> None:
    assert features("Read more: ten beaches")["begins more"] == [2]


def test_a_phrase_ends_with_its_paragraph() -> None:
    assert features("Read", "more")["says more"] == [0, 0]


def test_words_of_no_phrase_are_counted_in_none() -> None:
    lines = [" ".join(f"q{i}zx{i * i}" for i in range(k, k + 2_000)) for k in range(0, 40_000, 2_000)]
    assert not phrase_features(Text.of_lines(lines)).table.any()


def test_formulas_of_notices_are_counted() -> None:
    rows = features("The ferry sails.", "We use cookies. All rights reserved.", "They have no use for cookies.")
    assert rows["times notice"] == [0, 2, 0]


def test_formulas_that_overlap_count_once() -> None:
    lines = ["Die Stadt übernimmt keine Haftung für Räder.", "Ohne Gewähr. Wir verwenden Cookies.", "Der Hafen."]
    assert phrase_features(Text.of_lines(lines)).formulas.tolist() == [1, 2, 0]


def test_each_kind_of_phrase_has_a_bit() -> None:
    assert 0 < len(phrases().kinds) <= 8
