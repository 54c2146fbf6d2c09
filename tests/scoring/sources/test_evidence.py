"""Evidence of a source's past: none for a new source, and what a known line adds."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.sources import evidence
from monitor.scoring.sources.marks import read_marks
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.sources.weighing import weights
from monitor.scoring.text.text import Text
from tests.scoring.sources.made_up import NOTICE, learned, sighting, story, word


def test_new_source_is_judged_by_the_model_alone() -> None:
    marks = read_marks(Text.of_lines([*story(1), NOTICE]))
    model_odds = np.array([-3.0, -2.0, -1.0, 0.5, 1.0])
    assert evidence.log_odds(SourceTemplates(), marks, model_odds).tolist() == model_odds.tolist()


def test_known_line_becomes_boilerplate_against_the_model() -> None:
    source = learned(*(sighting(str(i), [*story(i), NOTICE]) for i in range(6)))
    marks = read_marks(Text.of_lines([*story(9), NOTICE]))
    odds = evidence.log_odds(source, marks, np.full(5, -2.0))
    assert odds[-1] > 0
    assert (odds[:4] < 0).all()


def test_weights_are_of_this_evidence() -> None:
    assert weights(evidence.NAMES).sum.shape == (len(evidence.PIECES),)
    assert weights(evidence.NAMES).low.shape == (len(evidence.NAMES),)
    with pytest.raises(ValueError, match="not of this version's evidence"):
        weights(evidence.NAMES[1:])


def test_new_lines_are_likelier_boilerplate_behind_a_line_that_ends_the_story() -> None:
    shares = ["Share this", "More from the harbour"]
    model_odds = np.array([-3.0] * 4 + [1.0] * 2 + [-0.5] * 3)
    marks = read_marks(Text.of_lines([*story(8), *shares, *teasers(8)]))
    odds = []
    for goes_on in (False, True):
        below = [story(100 + i, paragraphs=3) if goes_on else teasers(i) for i in range(8)]
        taught = [-3.0] * 4 + [1.0] * 2 + [-3.0 if goes_on else -0.5] * 3
        past = learned(*(sighting(str(i), [*story(i), *shares, *lines], odds=taught) for i, lines in enumerate(below)))
        odds.append(evidence.log_odds(past, marks, model_odds))
    ended, went_on = odds
    assert (ended[6:] > went_on[6:] + 0.5).all()
    assert (ended[:4] < 0).all()


def teasers(i: int) -> list[str]:
    """Headlines that come once."""
    return [f"{word(900 + 9 * i + k)} {word(500 + 7 * i + k)} {word(700 + 5 * i + k)} opens" for k in range(3)]


def test_article_without_paragraphs_has_no_evidence() -> None:
    source = learned(sighting("1", [*story(1), NOTICE]))
    assert evidence.gather(source, read_marks(Text.of_lines([])), np.zeros(0)).shape == (0, len(evidence.NAMES))


def test_evidence_is_finite_for_any_log_odds() -> None:
    source = learned(*(sighting(str(i), [*story(i), NOTICE]) for i in range(3)))
    marks = read_marks(Text.of_lines([NOTICE, "* * *", *story(1)]))
    assert np.isfinite(evidence.gather(source, marks, np.array([99.0, -99.0, 0, 0, 0, 0]))).all()
