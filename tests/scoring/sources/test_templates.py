"""Templates: what is learned from a source's distinct articles, and what is not."""

from __future__ import annotations

from monitor.scoring.sources.marks import LINE, read_marks
from monitor.scoring.sources.templates import MOST
from monitor.scoring.text.text import Text
from tests.scoring.sources.made_up import NOTICE, are_templates, learned, sighting, story


def test_line_is_a_template_from_its_third_article_on() -> None:
    articles = [sighting(str(i), [*story(i), NOTICE]) for i in range(4)]
    assert are_templates(learned(*articles[:2]), NOTICE) == [False]
    assert are_templates(learned(*articles[:3]), NOTICE, *story(1)) == [True, False, False, False, False]


def test_masked_line_is_a_template_whatever_its_names() -> None:
    names = ("Anna Berg", "Tom Young", "Li Wei")
    articles = [sighting(str(i), [*story(i), f"This was written by {names[i]} for our paper"]) for i in range(3)]
    assert are_templates(learned(*articles), "This was written by Paul Stone for our paper") == [True]


def test_article_sent_often_counts_once() -> None:
    again = [sighting("1", [*story(1), NOTICE])] * 10_000
    source = learned(*again)
    assert source.articles == 1
    assert are_templates(source, NOTICE) == [False]


def test_story_in_five_versions_counts_once() -> None:
    versions = [[*story(1, paragraphs=12)[i:], f"Version {i} adds a paragraph{i} of its own here."] for i in range(5)]
    source = learned(*(sighting(str(i), version) for i, version in enumerate(versions)))
    assert source.articles == 1
    assert not any(are_templates(source, *story(1, paragraphs=12)))


def test_shortened_version_of_a_story_counts_once() -> None:
    source = learned(sighting("1", story(1, paragraphs=30)), sighting("2", story(1, paragraphs=10)))
    assert source.articles == 1


def test_head_of_a_weekly_column_is_a_template() -> None:
    head = "Every Friday our gardener answers the questions that readers sent to her."
    articles = [sighting(str(i), [head, *story(i)], title="The gardener answers") for i in range(3)]
    assert are_templates(learned(*articles), head) == [True]


def test_template_fades_after_a_redesign() -> None:
    before = [sighting(f"old {i}", [*story(i), NOTICE]) for i in range(3)]
    after = [sighting(f"new {i}", story(i)) for i in range(10, 150)]
    assert are_templates(learned(*before, *after), NOTICE) == [False]


def test_where_a_line_stands_beside_the_story_is_learned() -> None:
    source = learned(sighting("1", ["The daily letter", *story(1), "Middle of it", *story(2), "Share this"]))
    marks = read_marks(Text.of_lines(["The daily letter", "Middle of it", "Share this"])).written[:, LINE]
    first, middle, last = source.counts.look_up(marks)[1].tolist()
    assert first < -2
    assert abs(middle) < 0.1
    assert last > 2


def test_marks_of_a_source_are_bounded() -> None:
    source = learned(*(sighting(str(i), story(i, paragraphs=400)) for i in range(8)))
    assert len(source.counts.marks) <= MOST


def test_article_without_words_teaches_nothing_and_breaks_nothing() -> None:
    source = learned(sighting("1", []), sighting("2", ["* * *"]))
    assert are_templates(source, "* * *", "Read more") == [False, False]


def test_order_of_marks_does_not_hang_on_the_order_of_articles() -> None:
    articles = [sighting(str(i), [*story(i), NOTICE]) for i in range(3)]
    assert are_templates(learned(*articles), NOTICE) == are_templates(learned(*articles[::-1]), NOTICE) == [True]
