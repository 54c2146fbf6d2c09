"""The cut: what is taken away, what is left, and that nothing else is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.article import Article
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.cut import SURE, Clean, CleanArticle, clean
from monitor.scoring.score import Scorer
from monitor.scoring.text import paragraphs
from monitor.scoring.verdict import ParagraphVerdict

#: What is said of one paragraph: which earlier one it repeats, and its probability.
Said = tuple[int | None, float]


def verdicts(text: str, said: list[Said]) -> list[ParagraphVerdict]:
    return [
        ParagraphVerdict(start, end, repeats, None if repeats is None else 1.0, probability)
        for (start, end), (repeats, probability) in zip(paragraphs.split(text), said, strict=True)
    ]


def put_back(text: str, cleaned: Clean) -> str:
    """The text that was cut, made of what is left and of the pieces that were taken from ``text``."""
    result, kept = "", cleaned.text
    for cut in cleaned.cut:
        stays = cut.start - len(result)
        result, kept = result + kept[:stays] + text[cut.start : cut.end], kept[stays:]
    return result + kept


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("A\n\nB\n\nA\n", [(None, 0), (None, 0), (0, 0)], "A\n\nB\n"),
        ("Menu\n\nA\n\nB", [(None, 1), (None, 0), (None, 0)], "A\n\nB"),
        ("A\r\nMenu\r\nB\r\n", [(None, 0), (None, 1), (None, 0)], "A\r\nB\r\n"),
        ("It rained. Click here. Nobody came.", [(None, 0), (None, 1), (None, 0)], "It rained. Nobody came."),
        ("A\nB", [(None, 0.9), (None, 0.9)], "A\nB"),
    ],
    ids=["repeat at the end", "menu above", "menu within", "sentences on a line", "just below the threshold"],
)
def test_what_is_cut_goes_with_the_end_of_its_line(text: str, said: list[Said], left: str) -> None:
    assert clean(text, verdicts(text, said), 0.95).text == left


def test_table_of_nothing_but_boilerplate_stays() -> None:
    text = "Rain 3\nWind 4\nWind 4"
    said: list[Said] = [(None, 0.99), (None, 0.99), (1, 0.99)]
    assert clean(text, verdicts(text, said)).text == "Rain 3\nWind 4"


def test_storys_paragraph_stays_where_the_pull_quote_before_it_is_cut() -> None:
    text = "Nobody came, she said.\nIt rained.\nNobody came, she said.\nNobody came, she said."
    cleaned = clean(text, verdicts(text, [(None, 0.99), (None, 0.1), (0, 0.1), (2, 0.1)]))
    assert cleaned.text == "It rained.\nNobody came, she said."
    assert [cut.reason for cut in cleaned.cut] == ["boilerplate", "repeats"]


def test_empty_text_stays_empty() -> None:
    assert clean("", ()) == Clean("", ())
    assert clean(" \n", ()) == Clean(" \n", ())


@given(st.text(st.sampled_from("ab. \n\r\u2028é漢"), max_size=60), st.data())
def test_what_was_cut_can_be_put_back(text: str, data: st.DataObject) -> None:
    said: list[Said] = []
    for index in range(len(paragraphs.split(text))):
        earlier = st.none() | st.integers(0, index - 1) if index else st.none()
        said.append((data.draw(earlier), data.draw(st.sampled_from((0.1, 0.99)))))
    cleaned = clean(text, verdicts(text, said))
    assert put_back(text, cleaned) == text
    assert bool(cleaned.text.strip()) == bool(text.strip())


def test_body_that_stands_twice_is_cut_once() -> None:
    body = "The board met on Tuesday about the ferry.\nThree captains spoke against it.\nA vote follows in May."
    thresholds = flags.thresholds()
    article = Article(id="a", text=f"{body}\n{body}\n", title="Ferry", url="https://lantern.example/1")
    verdict = Scorer(Model.load(), lambda _: thresholds).score(article, datetime(2026, 1, 1, tzinfo=UTC))
    cleaned = CleanArticle.of_verdict(article, verdict, SURE)
    assert cleaned.text == f"{body}\n"
    assert [cut.reason for cut in cleaned.cut] == ["repeats"] * 3
    assert (cleaned.bad, cleaned.codes) == (True, tuple(flag.code for flag in verdict.flags))
    assert msgspec.json.decode(cleaned.to_json())["url"] == article.url
    assert "origin" not in cleaned.to_json()
