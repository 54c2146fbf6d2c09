"""The article of a graph, and its source."""

from __future__ import annotations

from monitor.articles.formats.schema_org import article_among, article_of_graph

ARTICLE = {"@type": "NewsArticle", "headline": "H", "articleBody": "x"}


def test_a_reference_is_followed_also_from_a_list_and_a_text() -> None:
    site = {"@id": "#site", "name": "Lantern"}
    for publisher in ({"@id": "#site"}, [{"@id": "#site"}], "#site"):
        article = article_of_graph({"@graph": [site, ARTICLE | {"publisher": publisher}]})
        assert article
        assert article["publisher"] == site


def test_the_article_is_chosen_by_its_type_before_its_names() -> None:
    page = {"@type": "WebPage", "headline": "no", "datePublished": "no"}
    news = {"@type": ["Thing", "NewsArticle"], "headline": "H"}
    assert article_among([page, {"@type": "ItemPage", "mainEntity": news}]) == news
    assert article_among([{"@type": "Organization"}]) is None


def test_a_circle_ends() -> None:
    nodes = [{"@id": f"#{n}", "isPartOf": {"@id": f"#{(n + 1) % 5}"}, "@type": "WebPage"} for n in range(5)]
    assert article_of_graph({"@graph": [*nodes, ARTICLE | {"isPartOf": {"@id": "#0"}}]})


def test_a_huge_graph_is_looked_at_in_part() -> None:
    assert article_of_graph({"@graph": [{}] * 100_000 + [ARTICLE]}) is None
