"""The boilerplate model: its figures on texts written for it, its limits, and any input."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.articles.article import Markup
from monitor.scoring.boilerplate.model import Calibration, Model, is_untrained, markup_odds, table_rows
from monitor.scoring.text.text import Text

STORY = [
    "The town council voted on Tuesday to rebuild the old harbour wall, ending a dispute of ten years.",
    "“We have waited long enough,” said Maren Holt, who runs the ferry office on the quay.",
    "The work is expected to cost 4.2 million. Engineers will first drive piles along the northern side.",
    "Opponents said the council had ignored a cheaper plan, drawn up by students of the technical college.",
    "The first boats will have to move to the southern basin in March, according to the harbour master.",
]
WASTE = [
    "Sign up for our newsletter",
    "Read more: Ten beaches you should visit this summer",
    "Follow us on Facebook and Twitter",
    "© 2024 Harbour Media. All rights reserved.",
    "Share this article",
]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load()


def probabilities(model: Model, lines: list[str]) -> list[float]:
    return model.probabilities(Text.of_lines(lines))


def test_a_story_is_told_from_what_stands_below_it(model: Model) -> None:
    values = probabilities(model, [*STORY, *WASTE])
    assert max(values[: len(STORY)]) < 0.5
    assert min(values[len(STORY) :]) >= 0.5


def test_markup_raises_and_never_lowers(model: Model) -> None:
    plain = probabilities(model, STORY)
    inside = Markup(0, 10, 0.0, ("div", "related-posts"))
    marked = model.probabilities(Text.of_lines(STORY), markup=[None, inside, *[None] * (len(STORY) - 2)])
    assert marked[1] > plain[1]
    assert marked[0] == plain[0]
    assert markup_odds(Markup(0, 40, 1.0, ())) > markup_odds(Markup(0, 40, 0.6, ())) > 0
    assert markup_odds(Markup(0, 40, 0.4, ("p",))) == 0
    assert markup_odds(Markup(0, 5000, 1.0, ("p",))) == 0


def test_markup_of_another_length_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="1 markups for 5 paragraphs"):
        model.probabilities(Text.of_lines(STORY), markup=[None])


def test_a_model_reads_what_it_wrote(model: Model) -> None:
    again = Model.from_bytes(model.to_bytes())
    assert probabilities(again, STORY + WASTE) == probabilities(model, STORY + WASTE)
    assert len(model.to_bytes()) <= 1_000_000


def test_rows_of_a_table_are_known_by_their_neighbours() -> None:
    lines = ["Harbour | News | Sport | 10:00", "Player | Pts | Ast", "Holt | 3 | 1 | 2", "Vance | 9 | 0 | 1", "| | | |"]
    assert table_rows(Text.of_lines(lines)).tolist() == [False, False, True, True, False]
    assert table_rows(Text.of_lines([])).tolist() == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ไทย", True),
        ("हिन्दी", True),
        ("ខ្មែរ", True),
        ("日本語", False),
        ("Harbour", False),
        ("Харбор", False),
        ("", False),
    ],
)
def test_scripts_without_training_are_known(line: str, expected: bool) -> None:
    assert is_untrained(Text.of_lines([line])) == expected


def test_several_formulas_of_notices_count(model: Model) -> None:
    one, two = [*STORY, "The port gives no warranty of any kind."], [*STORY, "We use cookies. All rights reserved."]
    assert probabilities(model, two)[-1] >= 0.5 > probabilities(model, one)[-1]


def test_formulas_in_quotation_marks_do_not_count(model: Model) -> None:
    own = [*STORY, "We use cookies. All rights reserved."]
    quoted = [*STORY, "The sign says “We use cookies” and “All rights reserved”, and nobody knows why it says so."]
    assert probabilities(model, own)[-1] >= 0.5 > probabilities(model, quoted)[-1]


def test_footer_among_the_last_needs_no_formula(model: Model) -> None:
    footer = "Příspěvek Loď zase pluje pochází z Přístavní listy."
    assert probabilities(model, [*STORY, footer])[-1] >= 0.5
    assert probabilities(model, [footer, *STORY, *STORY])[0] < 0.5


def test_calibration_moves_then_stretches_each_side() -> None:
    log_odds = Calibration(1.0, 2.0, 0.5).apply(np.array([-3, -1, 1], np.float32))
    assert log_odds.tolist() == [-4, 0, 1]


def test_what_arrived_on_one_line_has_a_calibration_of_its_own(model: Model) -> None:
    moved = model._replace(calibration_of_pieces=Calibration(100.0, 1.0, 1.0))
    assert min(moved.probabilities(Text.read(" ".join(STORY)))) > 0.5
    assert max(moved.probabilities(Text.read("\n".join(STORY)))) < 0.5


def test_a_model_without_a_part_is_refused(model: Model) -> None:
    file = io.BytesIO()
    np.savez_compressed(file, weights=model.linear.weights)
    with pytest.raises(ValueError, match=r"without article, biases, .*: train it again"):
        Model.from_bytes(file.getvalue())


@pytest.mark.parametrize("texts", [[], [""], ["", " ", "\n"], ["…"], ["\ud800"], ["🙂" * 5], ["日本語。", "ไทย"]])
def test_odd_paragraphs_have_probabilities(model: Model, texts: list[str]) -> None:
    values = probabilities(model, texts)
    assert len(values) == len(texts)
    assert all(0 <= p <= 1 for p in values)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(st.characters(), max_size=80), max_size=12))
def test_any_strings_give_the_same_probabilities_twice(texts: list[str]) -> None:
    model = Model.load()
    values = probabilities(model, texts)
    assert len(values) == len(texts)
    assert all(0 <= p <= 1 for p in values)
    assert values == probabilities(model, texts)


@pytest.mark.parametrize(
    "texts",
    [["word " * 20] * 10_000, ["x" * 1_000_000], ["a " * 500_000], ["日" * 1_000_000], ["a"] * 10_000],
    ids=["paragraphs", "one word", "one paragraph", "ideographs", "short"],
)
def test_long_input_takes_linear_time(model: Model, texts: list[Any]) -> None:
    started = time.process_time()
    probabilities(model, texts)
    assert time.process_time() - started < 4
