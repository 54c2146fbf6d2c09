"""The last hour, in all and by source."""

from __future__ import annotations

from monitor.web.kept.counts import SLICE_SECONDS, SLICES, Counts

NOW = 1_000_000 * SLICE_SECONDS + 60.0
CODES = ("thin", "markup")


def counts(sources: int = 10) -> Counts:
    return Counts(CODES, sources, lambda: NOW)


def test_an_hour_counts_articles_bad_ones_and_codes() -> None:
    made = counts()
    made.add("Lantern", ["thin"], True, NOW - 30)
    made.add("lantern", [], False, NOW)
    made.add("Harbour", ["markup", "unheard_of"], True, NOW - 600)
    made.add("Harbour", ["markup"], True, NOW - 3700)
    hour = made.hour(NOW)
    assert (hour.articles, hour.bad, dict(hour.codes)) == (3, 2, {"thin": 1, "markup": 1})
    assert made.of_source("LANTERN", NOW)[1:3] == (2, 1)
    assert made.of_source("nobody", NOW)[1:3] == (0, 0)
    assert made.total == 4


def test_what_is_older_than_an_hour_is_left_out_even_if_nothing_comes() -> None:
    made = counts()
    made.add("Lantern", ["thin"], True, NOW)
    assert made.hour(NOW + 3000).bad == 1
    assert made.hour(NOW + 3700).bad == 0
    assert made.worst(NOW + 3700, 5) == []
    assert [s.bad for s in made.slices(NOW + 3700)] == [0] * SLICES


def test_slices_are_in_order_and_of_one_source_where_asked() -> None:
    made = counts()
    made.add("Lantern", ["thin"], True, NOW - SLICE_SECONDS)
    made.add("Harbour", [], False, NOW)
    assert [(s.articles, s.bad) for s in made.slices(NOW)][-2:] == [(1, 1), (1, 0)]
    assert [s.articles for s in made.slices(NOW, "Harbour")][-2:] == [0, 1]
    assert sum(s.articles for s in made.slices(NOW, "nobody")) == 0


def test_worst_source_is_the_one_of_which_that_is_surest() -> None:
    made = counts()
    made.add("One of one", ["thin"], True, NOW)
    for number in range(10):
        made.add("Nine of ten", ["markup"] if number else [], number > 0, NOW)
        made.add("Good", [], False, NOW)
    assert [each.source for each in made.worst(NOW, 5)] == ["Nine of ten", "One of one"]
    assert made.worst(NOW, 1)[0].codes == (("markup", 9),)


def test_more_sources_than_fit_drop_the_longest_silent() -> None:
    made = counts(sources=2)
    made.add("a", ["thin"], True, NOW - 20)
    made.add("b", ["thin"], True, NOW - 30)
    made.add("c", [], False, NOW)
    assert made.of_source("b", NOW).articles == 0
    assert made.of_source("a", NOW).articles == 1
    assert made.hour(NOW).articles == 3, "what all sent is counted whole"


def test_clock_of_a_scorer_that_is_ahead_ends_no_hour() -> None:
    made = counts()
    made.add("Lantern", [], False, NOW + 1_000_000)
    made.add("Lantern", [], False, NOW)
    assert made.hour(NOW).articles == 2
