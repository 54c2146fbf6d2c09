"""NewsML 1: the text of each item, and what its envelope says."""

from __future__ import annotations

import pytest

from monitor.articles.errors import Reason
from monitor.articles.formats.newsml import _date
from tests.articles.formats.made_up import only_article, read, texts


def item(content: str, media: str = "Text") -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:1</PublicIdentifier></NewsIdentifier>"
        "</Identification><NewsManagement><FirstCreated>20260305T060708Z</FirstCreated><Status FormalName='Usable'/>"
        "</NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry</HeadLine></NewsLines><AdministrativeMetadata>"
        "<Provider><Party FormalName='Lantern'/></Provider></AdministrativeMetadata><ContentItem>"
        f"<MediaType FormalName='{media}'/><DataContent>{content}</DataContent></ContentItem>"
        "</NewsComponent></NewsItem>"
    )


def test_item_is_an_article_with_its_envelope() -> None:
    story = "<nitf><body><body.content><p>It is back.</p></body.content></body></nitf>"
    article = only_article(f"<NewsML>{item(story)}</NewsML>")
    assert (article.id, article.title, article.source, article.status) == ("urn:1", "Ferry", "Lantern", "usable")
    assert article.text == "It is back."
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-03-05T06:07:08+00:00"


def test_picture_beside_a_text_is_left_out() -> None:
    document = f"<NewsML>{item('The ferry is back.')}{item('a.jpg', 'Photo')}{item('Divers freed it.')}</NewsML>"
    assert texts(document) == ["The ferry is back.", "Divers freed it."]
    assert read(f"<NewsML>{item('a.jpg', 'Photo')}</NewsML>") == [Reason.NO_BODY]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260305T060708+0100", "2026-03-05T06:07:08+0100"),
        ("20260305T0607", "2026-03-05T06:07:00"),
        ("20260305", "2026-03-05"),
        ("2026-03-05T06:07:08Z", "2026-03-05T06:07:08Z"),
        (None, None),
    ],
)
def test_basic_date_becomes_an_extended_one(text: str | None, expected: str | None) -> None:
    assert _date(text) == expected
