"""The pages by their addresses, asked without a browser."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest

from monitor.settings import Settings
from monitor.streaming.place import place_text
from monitor.web.render import is_link
from monitor.web.server import Served, serve
from tests.web.hostile import HOSTILE
from tests.web.site import Site, raw, status

STORY = "The harbour board met on Tuesday to settle the winter timetable of the island ferry, and rose late."
BODY = "\n".join(f"{n}. {STORY}" for n in range(1, 9))


def post_form(site: Site, text: bytes, file: bytes = b"") -> tuple[int, str]:
    """Send the form of /try as a browser does."""
    parts = (
        b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + text + b"\r\n"
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + file + b"\r\n--B--\r\n"
    )
    return site.ask("/try", parts, "multipart/form-data; boundary=B")


def test_bad_copy_leads_to_its_article_and_to_the_paragraph(site: Site) -> None:
    place = site.topics.article(id="a", source="Lantern", title="Ferry", content=f"{BODY}\n{BODY}")
    first = site.ask("/")[1]
    assert f'href="/article/{place_text(place)}"' in first
    assert "100\N{NO-BREAK SPACE}%</b> bad: 1 copy" in first
    code, article = site.ask(f"/article/{place_text(place)}")
    assert code == 200
    assert '<a href="#p9">paragraphs 9-16 repeat 1-8' in article
    assert 'class="note" href="#p1">= 1 (100' in article
    assert "[sources.Lantern]\nrepeated_body_paragraphs = 3" in article
    as_json = json.loads(site.ask(f"/article/{place_text(place)}.json")[1])
    assert as_json["verdict"]["paragraphs"][8]["repeats"] == 0
    assert as_json["text"] == f"{BODY}\n{BODY}"
    assert as_json["published"] is True


def test_filter_is_a_query_and_goes_along_to_the_next_article(site: Site) -> None:
    places = [place_text(site.topics.article(id=str(n), source="A & B", content=f"Few {n}.")) for n in range(3)]
    site.topics.article(id="x", source="Other", content="Few.")
    asked = urlencode({"source": "a & b"})
    page = site.ask(f"/?{asked}")[1]
    assert "Other</bdi></a></p>" not in page
    assert f'href="/article/{places[2]}?{asked.replace("&", "&amp;")}"' in page
    article = site.ask(f"/article/{places[1]}?{asked}")[1]
    assert f'rel="prev" href="/article/{places[2]}?{asked}"' in article
    assert f'rel="next" href="/article/{places[0]}?{asked}"' in article
    assert [v["id"] for v in json.loads(site.ask(f"/index.json?{asked}")[1])["bad"]] == ["2", "1", "0"]


def test_filter_that_matches_nothing_says_so(site: Site) -> None:
    site.topics.article(id="a", source="Lantern", content="Few.")
    for asked in (
        "source=nobody",
        "code=nonsense",
        "text=" + "z" * 5000,
        "source=" + quote("\ud83d" * 3, errors="ignore"),
    ):
        code, page = site.ask(f"/?{asked}")
        assert code == 200
        assert ("None of the 1 bad copies that are kept fits" in page) is not asked.endswith("source=")
    assert site.ask("/?hours=nonsense")[1].count('class="card"') == 1


def test_copies_alike_within_a_minute_are_one_card(site: Site) -> None:
    for number in range(16):
        site.topics.article(id=str(number), source="Lantern", title=f"Title {number}", content=f"Few {number}.")
    page = site.ask("/")[1]
    assert page.count('class="card"') == 1
    assert "15 more like this within a minute" in page
    assert "and 1 more" in page


def test_corrected_article_says_so_and_leaves_the_list(site: Site) -> None:
    bad = site.topics.article(id="a", source="Lantern", content="Few.")
    good = site.topics.article(id="a", source="Lantern", content=BODY)
    assert 'class="card"' not in site.ask("/")[1]
    page = site.ask(f"/article/{place_text(bad)}")[1]
    assert f'Corrected.</strong> A later copy of this article is good: <a href="/article/{place_text(good)}"' in page
    assert "This is a good copy." in site.ask(f"/article/{place_text(good)}")[1]


def test_article_that_is_not_among_the_bad_is_scored_anew(site: Site) -> None:
    place = site.topics.article(id="a", source="Lantern", content=BODY)
    page = site.ask(f"/article/{place_text(place)}")[1]
    assert "Scored just now" in page


def test_article_that_is_no_longer_kept_is_named(site: Site) -> None:
    place = site.topics.article(id="a", source="Lantern", content="Few.")
    site.topics.delete(place)
    assert site.ask(f"/article/{place_text(place)}") == (
        404,
        "articles-0@0 is no longer kept by Kafka, or never was an article\n",
    )
    letter = site.topics.send(b"{broken")
    assert "holds no article that can be read" in site.ask(f"/article/{place_text(letter)}")[1]
    for nonsense in ("x", "articles-0@" + "9" * 30, "articles-0@1.99", "../etc", "%00", "a" * 4000):
        assert site.ask(f"/article/{quote(nonsense)}")[0] == 404


def test_kafka_that_is_away_is_said(site: Site) -> None:
    place = site.topics.article(id="a", source="Lantern", content="Few.")
    site.topics.away = True
    assert site.ask(f"/article/{place_text(place)}") == (503, "Kafka does not give it; try again\n")
    assert site.ask("/")[0] == 200


def test_article_is_found_by_its_id(site: Site) -> None:
    place = site.topics.article(id="a/b?", source="Lantern", title="T", content="Few.")
    assert "<h1>" in site.ask("/article?" + urlencode({"id": "a/b?"}))[1]
    assert site.ask("/article?id=nothing")[0] == 404
    assert site.ask("/article?id=" + "x" * 4_000)[0] == 404
    assert place.offset == 0


def test_news_counts_what_came_since(site: Site) -> None:
    site.topics.article(id="a", source="Lantern", content="Few.")
    assert json.loads(site.ask("/news.json?arrived=0")[1]) == {"new": 1, "incidents": 0}
    assert json.loads(site.ask("/news.json?arrived=1")[1])["new"] == 0
    assert json.loads(site.ask("/news.json?arrived=x")[1])["new"] == 1


def test_hostile_articles_are_shown_escaped(site: Site) -> None:
    places = [site.topics.article(**fields) for fields in HOSTILE]
    for address in ("/", *(f"/article/{place_text(place)}" for place in places)):
        code, page = site.ask(address)
        assert code == 200, address
        assert "window.ran=1</script>" not in page
        assert "javascript:" not in page.replace(RUN_SHOWN, "")
        assert page.count("<script>") == 1, "the pages' own"
        assert "\u202e" not in page
    assert "می\u200cخواهم" in site.ask("/")[1]


RUN_SHOWN = "javascript:window"


@pytest.mark.parametrize(
    "url",
    [
        "https://name@host.example/",
        "https://name:password@host.example/",
        "https://www.example.org\\@host.example/",
        "http:///host.example",
        "https://",
        "https://[",
        "//host.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        None,
    ],
)
def test_address_that_hides_its_host_is_no_link(url: str | None) -> None:
    assert not is_link(url)


def test_kept_copies_of_a_megabyte_hold_no_text(site: Site) -> None:
    body = "Few words. " * 90_000
    for number in range(3):
        site.topics.article(id=str(number), source="Large", content=f"{number} {body}")
    kept = site.board.bad.latest()
    assert len(kept) == 3
    assert not any(
        isinstance(value, str) and len(value) > 3_000 for copy in kept for value in copy.verdict.__struct_fields__
    )
    assert len(json.dumps([repr(copy) for copy in kept])) < 3 * 10_000


def test_what_is_pasted_is_scored_and_not_kept(site: Site) -> None:
    code, page = post_form(site, f"{BODY}\n{BODY}".encode())
    assert code == 200
    assert "paragraphs 9-16 repeat 1-8" in page
    assert "a good copy" in page, "the examples"
    assert post_form(site, json.dumps({"title": "<b>", "content": BODY}).encode())[1].count("This is a good copy") == 1
    assert "This is a good copy" in post_form(site, b"", BODY.encode())[1]
    assert site.board.bad.latest() == []


def test_paste_that_is_no_article_is_refused_with_the_reason(site: Site) -> None:
    binary = b"%PDF-1.4 \xff\xd8" + b"\x00\x01\x02\xff\xfe" * 50
    for text, file in ((b"", b""), (b"   \r\n", b""), (b"{broken", b""), (b"", binary), (b"", b"\x89PNG\r\n\x1a\n")):
        code, page = post_form(site, text, file)
        assert code == 422, (text, file)
        assert "Not an article that can be scored" in page
        assert "<form" in page
    assert post_form(site, binary)[0] == 400, "no browser sends such a text"


def test_paste_of_ten_megabytes_is_refused_as_too_large(site: Site) -> None:
    assert post_form(site, b"word " * 2_000_000)[0] == 413
    assert site.ask("/healthz")[0] == 200


def test_paste_of_a_million_newlines_or_scripts_is_answered(site: Site) -> None:
    assert post_form(site, b"\n" * 1_000_000 + b"End of it.")[0] in (200, 422)
    code, page = post_form(site, b"<script>window.ran=1</script>\nThe text \xe2\x80\xae is over.")
    assert code in (200, 422)
    assert page.count("<script>") == 1


def test_form_that_another_site_sends_is_refused(site: Site) -> None:
    head = f"POST /try HTTP/1.1\r\nHost: {site.address}\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n"
    assert status(raw(site.address, f"{head}Origin: http://evil.example\r\n\r\nx".encode())) == 403
    assert status(raw(site.address, f"{head}Origin: null\r\n\r\nx".encode())) == 403
    assert status(raw(site.address, f"{head}Origin: http://{site.address}\r\n\r\nx".encode())) == 422


def test_what_is_refused_is_a_page_for_a_browser(site: Site) -> None:
    head = f"GET /nowhere HTTP/1.1\r\nHost: {site.address}\r\n"
    answer = raw(site.address, f"{head}Accept: text/html\r\n\r\n".encode()).decode()
    assert status(answer.encode()) == 404
    assert "<h1>Nothing here</h1>" in answer
    assert "script-src 'sha256-" in answer
    assert "<h1>" not in raw(site.address, f"{head}\r\n".encode()).decode()


def test_process_without_pages_serves_the_rest() -> None:
    site = Site()
    served = Served(site.metrics, site.health, site.held)
    with serve(Settings(web="127.0.0.1:0", pages=False), served) as site.address:
        assert site.ask("/metrics")[0] == 200
        assert site.ask("/score", b'{"content": "Few."}')[0] == 200
        assert site.ask("/") == (404, "404: Not Found")
