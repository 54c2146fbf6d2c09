"""The features of paragraphs, on texts written for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata

import numpy as np
import pytest

from monitor.scoring.boilerplate.features import Feature, describe
from monitor.scoring.boilerplate.phrases import phrase_features
from monitor.scoring.boilerplate.topic import RARITY_BITS, Topic
from monitor.scoring.text.text import Text


def table(lines: list[str]) -> np.ndarray:
    text = Text.of_lines(lines)
    return features(text)


def features(text: Text) -> np.ndarray:
    no_wording = np.empty((len(text), 0), np.float32)
    return describe(text, no_wording, phrase_features(text).table, np.ones(1 << RARITY_BITS, np.float32))


def column(lines: list[str], feature: Feature) -> list[float]:
    values: list[float] = table(lines)[:, feature].tolist()
    return values


def test_the_features_are_numbered_without_a_gap() -> None:
    assert [int(feature) for feature in Feature] == list(range(len(Feature)))


def test_a_pull_quote_stands_elsewhere() -> None:
    lines = [
        "“We have waited long enough for this wall,” said Maren Holt on Tuesday.",
        "The council will meet again in the spring to vote on it.",
        "We have waited long enough for this wall",
    ]
    assert column(lines, Feature.STANDS_EARLIER) == [0, 0, 1]
    assert column(lines, Feature.STANDS_ELSEWHERE)[1] == 0
    assert 0 < column(lines, Feature.STANDS_LATER)[0] < 1


def test_paragraphs_of_the_same_words_are_counted() -> None:
    assert column(["Share this", "Wall", "share this!", "Share"], Feature.SAME) == [2, 1, 2, 1]


def test_places_are_counted_from_running_text() -> None:
    long = "word " * 20
    lines = ["a", long, "b", "c", long, "d"]
    assert column(lines, Feature.BEFORE_FIRST_LONG) == [1, 0, 0, 0, 0, 0]
    assert column(lines, Feature.AFTER_LAST_LONG) == [0, 0, 0, 0, 0, 1]
    assert column(lines, Feature.SINCE_LONG) == [1, 0, 1, 2, 0, 1]
    assert column(lines, Feature.UNTIL_LONG) == [1, 0, 2, 1, 0, 1]


def test_pieces_of_a_line_know_it() -> None:
    text = Text.read("It rained.\n" + "The tide came in over the wall. " * 40)
    table = features(text)
    assert table[:3, Feature.SAME_LINE_BEFORE].tolist() == [0, 0, 1]
    assert table[:3, Feature.SAME_LINE_AFTER].tolist() == [0, 1, 1]


def test_a_topic_is_told_from_the_words_around() -> None:
    lines = ["harbour wall " + "tide " * 20, "the wall of the harbour", "ten beaches", "beaches"]
    table = features(Text.of_lines(lines))[:, len(Feature) : len(Feature) + len(Topic)]
    assert table[:, Topic.IN_LONG].tolist() == [0, 0.5, 0, 0]
    assert table[:, Topic.EARLIER].tolist() == [0, 0.5, 0, 1]
    assert table[:, Topic.IN_NEAR_ABOVE].tolist() == [0, 0.5, 0, 1]
    assert table[2, Topic.IN_NEAR_BELOW] == table[2, Topic.LATER] == 0.5
    assert table[0, Topic.RARITY] == 1


def test_fullwidth_marks_count_as_marks() -> None:
    lines = ["他说：“好！”（周二）"]
    assert column(lines, Feature.COLONS)[0] > 0
    assert column(lines, Feature.STOPS)[0] > 0
    assert column(lines, Feature.ENDS_BRACKET) == [1]


@pytest.mark.parametrize("lines", [["Café à la plage, là-bas.", "Après l’été"], ["مَدِينَة كبيرة"], ["がぎぐ パピプ。"]])
def test_the_features_are_the_same_in_any_unicode_form(lines: list[str]) -> None:
    decomposed = [unicodedata.normalize("NFD", line) for line in lines]
    assert np.array_equal(table(lines), table(decomposed))


@pytest.mark.parametrize("lines", [[""], ["a"], ["a b"], ["a b c"], ["", "…", "日本"], ["x"] * 3])
def test_short_articles_have_features(lines: list[str]) -> None:
    assert np.isfinite(table(lines)).all()


UNCOMPILED = """
import json, sys
import numpy as np
from monitor.scoring.boilerplate.features import describe
from monitor.scoring.boilerplate.ngrams import ngrams, wording, BUCKET_BITS
from monitor.scoring.boilerplate.phrases import phrase_features
from monitor.scoring.boilerplate.topic import RARITY_BITS
from monitor.scoring.text.text import Text

text = Text.of_lines(json.loads(sys.stdin.read()))
grams = ngrams(text)
weights = (np.arange(4 << BUCKET_BITS) % 251).astype(np.int8).reshape(-1, 4)
worded = wording(weights, np.full(4, 0.01), np.full(4, -1.0), *grams)
rarity = (np.arange(1 << RARITY_BITS) % 9).astype(np.float32)
table = describe(text, worded, phrase_features(text).table, rarity)
print(json.dumps([grams.buckets.tolist(), table.astype(np.float64).round(4).tolist()]))
"""


def test_plain_python_gives_the_same() -> None:
    lines = [
        "The council voted on Tuesday to rebuild the old harbour wall, ending a dispute of 10 years.",
        "“We have waited long enough,” said Maren Holt. We use cookies.",
        "我们来了。 ไทย ខ្មែរ Fußgänger",
        "Read more: the old harbour wall",
        "",
    ]
    results = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", UNCOMPILED],
            input=json.dumps(lines),
            env=os.environ | {"NUMBA_DISABLE_JIT": switch},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for switch in ("0", "1")
    ]
    assert len(results[0]) > 1000
    assert results[0] == results[1]
