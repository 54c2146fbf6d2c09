"""XML with its dangers off."""

from __future__ import annotations

import io

import pytest

from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats.xml_text import Element, as_html, attribute, parsed, text_of_first
from monitor.articles.size_limits import SizeLimits


def root(xml: str) -> Element:
    return parsed(Document(io.BytesIO(xml.encode()), SizeLimits()))


def test_elements_are_found_in_any_namespace() -> None:
    element = root("<a xmlns='x'><b:c xmlns:b='y' d='1'>t<e/>u</b:c></a>")
    assert text_of_first(element, "z", "c") == "tu"
    assert attribute(next(element.iter("{*}c")), "d") == "1"


def test_html_is_made_of_local_names() -> None:
    assert as_html(root("<n:a xmlns:n='x'>t &lt;<n:hl2 class='k'>u</n:hl2>v</n:a>")) == 't &lt;<h2 class="k">u</h2>v'


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<a>", Reason.NOT_XML), ("<a></b>", Reason.NOT_XML), ("<a>" * 1000 + "</a>" * 1000, Reason.NOT_XML),
        ("<a>" + "<b/>" * 100_001 + "</a>", Reason.TOO_MANY_TAGS),
    ],
)  # fmt: skip
def test_what_is_broken_too_deep_or_too_much_is_refused(xml: str, reason: Reason) -> None:
    with pytest.raises(Undecodable) as caught:
        root(xml)
    assert caught.value.reason is reason


def test_external_entities_are_not_loaded() -> None:
    element = root("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>t&x;</a>")
    assert "root:" not in "".join(str(text) for text in element.itertext())
