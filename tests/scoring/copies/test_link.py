"""Links: what is a copy of what, in whatever order and state the articles come."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.scoring.copies.made_up import BEGIN, at, fingerprint, link, linker, pairs, story


def test_later_article_is_a_copy_of_the_earlier_one() -> None:
    first = fingerprint("a", story(1), title="Ferry sails", published_at=at(-2))
    second = fingerprint("b", story(1), "Evening", title="Old ferry is back", published_at=at(0))
    (copy,) = link(linker(), first, second)
    assert (copy.kind, copy.article.id, copy.earlier.id) == ("copy", "b", "a")
    assert (copy.earlier.source, copy.earlier.place.topic, copy.age_seconds) == ("Morning", "articles", 7200)
    assert (copy.comparison.similarity, copy.comparison.coverage, copy.comparison.added) == (1, 1, 0)
    assert [flag.code for flag in copy.flags] == ["copy", "headline_changed"]
    assert (copy.reach.copies, copy.reach.outlets, copy.reach.last_at) == (2, 2, at(0))


def test_abridged_copy_meets_its_long_story_both_ways() -> None:
    whole, part = fingerprint("a", story(1, 40)), fingerprint("b", story(1, 10), "Evening")
    (copy,) = link(linker(), whole, part)
    assert copy.comparison.coverage < 0.4
    assert copy.comparison.added == pytest.approx(0, abs=0.1)
    assert [flag.code for flag in copy.flags] == ["copy", "shortened"]
    (copy,) = link(linker(), part, whole)
    assert copy.comparison.added > 0.6


def test_merged_stories_are_copies_of_both() -> None:
    merged = fingerprint("c", [*story(1, 10), *story(2, 8)], "Night")
    *_, copy = link(linker(), fingerprint("a", story(1, 10)), fingerprint("b", story(2, 8), "Evening"), merged)
    assert copy.article.id == "c"
    assert {copy.earlier.id, *(other.earlier.id for other in copy.others)} == {"a", "b"}


def test_no_chain_is_followed() -> None:
    lines = story(1, 36)
    first, second, third = lines[:18], lines[6:24], lines[12:30]
    copies = link(linker(), fingerprint("a", first), fingerprint("b", second, "B"), fingerprint("c", third, "C"))
    assert pairs(copies) == [("b", "a"), ("c", "b")]


BOND = (
    "{} is issuing a {} mln Australian dlr eurobond due {} 1990 paying {} pct and priced at {}, lead manager {} said. "
    "The non-callable bond is available in denominations of 1,000 Australian dlrs and will be listed in Luxembourg."
)
DIVIDEND = "Qtly div {} cts vs {} cts prior. Pay April {}. Record March 23."


def test_briefs_of_one_form_about_different_things_are_no_copies() -> None:
    first = fingerprint("a", [BOND.format("Lantern Finance", "50", "July 5", "14-3/4", "101-3/8", "Quay Brothers")])
    other = fingerprint(
        "b", [BOND.format("The Western Harbour Bank", "75", "May 6", "14-1/2", "101-1/4", "Pier and Co")]
    )
    assert link(linker(), first, other) == []
    lantern = fingerprint("a", [DIVIDEND.format(20, 20, 15)], title="LANTERN OATS CO REGULAR DIVIDEND")
    harbour = fingerprint("b", [DIVIDEND.format(20, 20, 15)], title="HARBOUR CHEMICAL INC <HBR> REGULAR PAYOUT")
    assert link(linker(), lantern, harbour) == []


def test_brief_that_is_sent_again_or_completed_is_an_update() -> None:
    first = fingerprint("a", [DIVIDEND.format(20, 20, 15)], title="LANTERN OATS CO REGULAR DIVIDEND")
    again = fingerprint("b", [DIVIDEND.format(20, 20, 15)], title="LANTERN OATS SETS PAYOUT")
    assert pairs(link(linker(), first, again)) == [("b", "a")]
    terms = ("50", "July 5", "14-3/4", "101-3/8", "Quay Brothers")
    bond = fingerprint("a", [BOND.format("Lantern Finance", *terms)])
    completed = fingerprint(
        "b", [BOND.format("Lantern Finance", *terms), "Payment is due on July 2. Fees are two pct."]
    )
    assert pairs(link(linker(), bond, completed)) == [("b", "a")]


def test_same_source_is_no_copy_but_an_update_or_a_resend() -> None:
    changed = [*story(1, 10), *story(2, 2)]
    first, resent, update = fingerprint("a", story(1, 10)), fingerprint("b", story(1, 10)), fingerprint("c", changed)
    copies = link(linker(), first, resent, update)
    assert [copy.kind for copy in copies] == ["resend", "update"]
    assert not any(flag.code == "copy" for copy in copies for flag in copy.flags)
    assert copies[-1].reach.outlets == 1


def test_report_with_other_figures_is_no_copy() -> None:
    def report(number: int) -> list[str]:
        return [
            f"The index of the harbour exchange rose by {number} points to {3000 + number} at the close on Monday, and "
            f"the turnover of all the houses was {number * 7} million crowns after {number * 3} the day before"
        ]

    assert link(linker(), fingerprint("a", report(12)), fingerprint("b", report(45), "Evening")) == []
    assert len(link(linker(), fingerprint("a", report(12)), fingerprint("b", report(12), "Evening"))) == 1


def test_earlier_copy_that_arrives_later_is_told_under_the_same_key() -> None:
    linked = linker()
    second = fingerprint("b", story(1), "Evening", published_at=at(-1))
    third = fingerprint("c", story(1), "Night", published_at=at(-0.5))
    assert pairs(link(linked, second, third)) == [("c", "b")]
    late = fingerprint("a", story(1), published_at=at(-3))
    copies = link(linked, late)
    assert pairs(copies) == [("b", "a"), ("c", "a")]
    assert copies[-1].reach.outlets == 3
    assert [copy.age_seconds for copy in copies] == [7200, 9000]
    assert pairs(link(linked, fingerprint("d", story(1), "Noon", published_at=at(-1)))) == [("d", "a")]


def test_stale_copy_is_flagged_by_publication() -> None:
    old = fingerprint("a", story(1), published_at=at(0) - timedelta(days=42))
    (copy,) = link(linker(), old, fingerprint("b", story(1), "Evening", published_at=at(0)))
    assert [flag.message for flag in copy.flags if flag.code == "stale"] == [
        "the story was published 42 days before, at Morning"
    ]


@pytest.mark.parametrize("hours", [2000, -3_000_000])
def test_publication_that_cannot_be_is_the_arrival(hours: float) -> None:
    copies = link(linker(), fingerprint("a", story(1), published_at=at(hours)), fingerprint("b", story(1), "B"))
    assert (pairs(copies), copies[0].age_seconds) == ([("b", "a")], 0)


def test_withdrawn_article_leaves_the_window() -> None:
    linked = linker()
    first = fingerprint("a", story(1))
    link(linked, first, fingerprint("b", story(1), "Evening"))
    assert linked.link(msgspec.structs.replace(first, withdrawn=True), BEGIN).withdrawn == 1
    assert pairs(link(linked, fingerprint("c", story(1), "Night"))) == [("c", "b")]
    assert linked.withdraw("b", "Evening", BEGIN) == 1
    assert linked.withdraw("b", "Evening", BEGIN) == 0
    assert pairs(link(linked, fingerprint("d", story(1), "Noon"))) == [("d", "c")]


def test_redelivery_changes_nothing() -> None:
    linked = linker()
    prints = [fingerprint("a", story(1)), fingerprint("b", story(1), "Evening")]
    link(linked, *prints)
    assert all(linked.link(each, BEGIN).repeated for each in prints)
    assert linked.window.articles == 2


def test_newer_version_of_an_article_takes_its_place() -> None:
    linked = linker()
    first = fingerprint("a", story(1))
    link(linked, first, fingerprint("b", story(2), "Evening"))
    newer = fingerprint("a", story(2), offset=99)
    assert pairs(link(linked, newer)) == [("a", "b")]
    assert link(linked, fingerprint("c", story(1), "Night")) == []


def test_one_id_of_two_sources_is_two_articles() -> None:
    (copy,) = link(linker(), fingerprint("1", story(1)), fingerprint("1", story(1), "Evening", offset=4))
    assert (copy.article.source, copy.earlier.source) == ("Evening", "Morning")


def test_two_sources_that_mirror_each_other_make_one_link_a_story() -> None:
    linked = linker()
    copies = []
    for number in range(100):
        sources = ("Morning", "Evening") if number % 2 else ("Evening", "Morning")
        for source in sources:
            copies += link(linked, fingerprint(f"{source} {number}", story(number), source))
    assert len(copies) == 100
    assert all(copy.article.id.split()[1] == copy.earlier.id.split()[1] for copy in copies)


def test_thousands_of_copies_name_the_first_also_when_it_comes_last() -> None:
    linked = linker()
    one = fingerprint("0", story(1))
    for number in range(4_200):
        copies = link(linked, msgspec.structs.replace(one, id=str(number), source=f"S{number}", offset=number))
        assert pairs(copies) == ([(str(number), "0")] if number else [])
    assert copies[0].reach.copies == copies[0].reach.outlets == 4_200
    late = msgspec.structs.replace(one, id="late", source="Late", offset=5_000, published_at=at(-5))
    assert len(link(linked, late)) > 100
    last = msgspec.structs.replace(one, id="last", source="Last", offset=5_001)
    assert pairs(link(linked, last)) == [("last", "late")]


@pytest.mark.parametrize("lines", [[], ["Four words are here."], ["word " * 1000], ["--- *"]])
def test_tiny_stories_are_no_copies(lines: list[str]) -> None:
    assert link(linker(), fingerprint("a", lines), fingerprint("b", lines, "Evening")) == []


def test_earlier_copy_beyond_the_window_is_forgotten() -> None:
    linked = linker(hours=72)
    link(linked, fingerprint("a", story(1)))
    link(linked, fingerprint("x", story(5)), hours=90)
    assert link(linked, fingerprint("b", story(1), "Evening"), hours=90) == []
