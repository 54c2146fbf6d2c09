"""schema.org: the article among the nodes of a graph, and the source that it refers to."""

from __future__ import annotations

from monitor.articles.formats.schema_org import MOST_NODES, article_among, article_of_graph

ARTICLE = {"@type": "NewsArticle", "headline": "Ferry", "publisher": {"@id": "#lantern"}}
SOURCE = {"@type": "NewsMediaOrganization", "@id": "#lantern", "name": "Lantern"}


def test_reference_to_the_publisher_is_replaced_by_its_node() -> None:
    assert article_among([SOURCE, ARTICLE]) == ARTICLE | {"publisher": SOURCE}
    assert article_of_graph({"@graph": [ARTICLE, SOURCE]}) == ARTICLE | {"publisher": SOURCE}


def test_source_of_an_article_on_a_page_is_that_of_the_site() -> None:
    page = {"@type": "WebPage", "@id": "#page", "name": "Ferry", "isPartOf": {"@id": "#lantern"}}
    article = {"@type": "Article", "headline": "Ferry", "isPartOf": {"@id": "#page"}}
    assert article_among([page, SOURCE, article]) == article | {"isPartOf": SOURCE}


def test_node_with_a_body_comes_before_one_with_a_headline() -> None:
    with_body = {"@type": "CreativeWork", "articleBody": "The ferry is back."}
    assert article_among([ARTICLE, with_body]) == with_body


def test_circle_of_references_ends() -> None:
    article = {"@type": "Article", "headline": "Ferry", "@id": "#a", "publisher": {"@id": "#a"}}
    found = article_among([article])
    assert found is not None
    assert found["publisher"] == article


def test_graph_without_an_article_gives_none() -> None:
    assert article_of_graph({"@graph": [SOURCE]}) is None
    assert article_of_graph({"headline": "Ferry"}) is None
    assert article_among(["text", None, *[SOURCE] * MOST_NODES, ARTICLE]) is None
