"""The pages of sources, incidents, copies and dead letters, asked without a browser."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from monitor.scoring.copies.record import Place
from monitor.settings import Settings
from monitor.streaming.place import place_text
from monitor.web.render import source_path
from tests.scoring.sources.made_up import story
from tests.web.hostile import HOSTILE
from tests.web.site import Site

STORY = [f"Paragraph {n}: the harbour board met on day {n} to settle the winter timetable." for n in range(6)]
FOOTER = "Follow the Lantern on every network that there is, and write to us about what you saw today."


def lantern(site: Site, number: int) -> Place:
    """An article of a source that always ends with the same line."""
    text = "\n".join(story(number))
    return site.topics.article(id=f"l{number}", source="Lantern", content=f"{text}\n{FOOTER}")


def test_page_of_a_source_has_all_that_is_known_of_it(site: Site) -> None:
    places = [lantern(site, number) for number in range(1, 7)]
    site.topics.learn("Lantern", *places)
    site.topics.article(id="few", source="LANTERN", title="Few words", content="Few.")
    site.topics.incident("Lantern")
    site.topics.incident("Other")
    code, page = site.ask("/sources/lantern")
    assert code == 200
    assert "<h1><bdi>LANTERN</bdi></h1>" in page, "as its last bad copy spells it"
    assert "7 articles, 1 bad" in page
    assert "Few words" in page
    assert page.count('class="incident"') == 1
    assert FOOTER in page
    assert "All are the defaults." in page
    as_json = json.loads(site.ask("/sources/lantern.json")[1])
    assert as_json["known"]["examples"][-1]["text"] == FOOTER
    assert as_json["hour"]["bad"] == 1
    assert as_json["thresholds"]["thin_words"] == Settings().thresholds["thin_words"]


def test_source_that_nobody_knows_is_a_page_too(site: Site) -> None:
    for name in ("nobody", "a/b", "..", "x.json", "é 👩 &?#%", "s" * 4_000):
        code, page = site.ask(source_path(name))
        assert code == 200, name
        assert "Nothing has come from a source of this name" in page
    assert site.ask("/sources/" + "s" * 9_000)[0] == 400, "longer than any address may be"


def test_sources_are_listed_by_their_bad_share(site: Site) -> None:
    for fields in HOSTILE:
        site.topics.article(**fields)
    code, page = site.ask("/sources")
    assert code == 200
    assert "<script>window" not in page
    names = [each["source"] for each in json.loads(site.ask("/sources.json")[1])]
    assert "Twice" in names
    assert all(site.ask(source_path(name))[0] == 200 for name in names)


def test_incidents_are_listed_until_they_are_closed(site: Site) -> None:
    site.topics.incident("Lantern", before=0.02, now=0.41)
    place = site.topics.article(id="a", source="Lantern", content="Few.")
    example = {"id": "a", "topic": place.topic, "partition": 0, "offset": place.offset}
    site.topics.incident("Harbour", kind="silence", code="", before=12.0, articles=1, examples=(example,))
    page = site.ask("/incidents")[1]
    assert page.count('class="incident"') == 2
    assert "41\N{NO-BREAK SPACE}% of its articles are flagged, 33 of 80; usually 2.0\N{NO-BREAK SPACE}%." in page
    assert "1 article came where 12 are usual." in page
    assert f'href="/article/{place_text(place)}"' in page
    assert site.ask("/")[1].count('class="incident"') == 2
    site.topics.incident("Lantern", open=False, closed=site.topics.now, ending="healed")
    as_json = json.loads(site.ask("/incidents.json?")[1])
    assert [each["source"] for each in as_json["open"]] == ["Harbour"]
    assert [each["ending"] for each in as_json["closed"]] == ["healed"]


def test_dead_letters_tell_the_reason_and_the_command(site: Site) -> None:
    site.topics.send(b"{broken <script>window.ran=1</script>")
    site.topics.send(json.dumps({"source": "Lantern", "content": 7}).encode())
    page = site.ask("/dead")[1]
    assert page.count('class="card"') == 2
    assert page.count("<script>") == 1
    assert "monitor deadletters replay\n" in page or "monitor deadletters replay</pre>" in page
    page = site.ask("/dead?reason=not_json")[1]
    assert page.count('class="card"') == 1
    assert "monitor deadletters replay --reason not_json" in page
    assert "None with the reason nonsense" in site.ask("/dead?reason=nonsense")[1]
    assert json.loads(site.ask("/dead.json")[1])["reasons"] == {"body_type": 1, "not_json": 1}


def test_letter_that_was_put_back_is_marked(site: Site) -> None:
    site.topics.send(b"{broken")
    site.topics.append("articles.dead", None, None, (("monitor.replayed", b"0"),))
    assert "put back" in site.ask("/dead")[1]
    assert json.loads(site.ask("/dead.json")[1])["reasons"] == {}


def copied(site: Site) -> tuple[Place, Place]:
    """A story, and a copy of it that changed a word, left two paragraphs out and added one."""
    changed = [STORY[0].replace("settle", "agree on"), *STORY[1:4], "Added by the copyist at home."]
    earlier = site.topics.article(id="e", source="Reuters", content="\n".join(STORY))
    later = site.topics.article(id="c", source="Copyist", content="\n".join(changed))
    site.topics.copy(earlier, later, ("e", "c"), ("Reuters", "Copyist"))
    return earlier, later


def test_story_shows_who_carried_it_and_what_differs(site: Site) -> None:
    earlier, later = copied(site)
    assert "2 outlets, 2 copies" in site.ask("/copies")[1]
    for place in (earlier, later):
        code, page = site.ask(f"/copies/{place_text(place)}")
        assert code == 200
        assert "30 min later · copy · by way of Reuters" in page
        assert "<del> settle</del>" in page
        assert "<ins> agree on</ins>" in page
        assert page.count('<tr class="missing">') == 2
        assert page.count('<tr class="added">') == 1
    assert "90\N{NO-BREAK SPACE}% of the story of" in site.ask(f"/article/{place_text(later)}")[1]
    story = json.loads(site.ask(f"/copies/{place_text(later)}.json")[1])
    assert story["copies"][0]["article"]["id"] == "c"
    assert json.loads(site.ask("/copies.json")[1])[0]["outlets"] == 2


def test_story_without_its_text_says_so(site: Site) -> None:
    earlier, later = copied(site)
    site.topics.delete(earlier)
    assert "One of the two texts is no longer kept." in site.ask(f"/copies/{place_text(later)}")[1]
    for nonsense in ("x", "articles-0@99", "../x"):
        assert site.ask(f"/copies/{quote(nonsense)}")[0] == 404


@pytest.mark.parametrize("path", ["/", "/incidents", "/sources", "/copies", "/dead", "/try"])
def test_page_of_nothing_says_that_there_is_nothing(site: Site, path: str) -> None:
    code, page = site.ask(path)
    assert code == 200
    assert 'class="empty"' in page or path in ("/try", "/sources")
