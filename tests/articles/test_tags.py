"""HTML cut into tags and text."""

from __future__ import annotations

from monitor.articles.tags import Tag, tokens, unescaped


def test_tags_and_text_come_in_order_and_comments_do_not() -> None:
    assert list(tokens("a<p class=x>b &amp; c</p><!-- d -->e")) == [
        "a",
        Tag("p", False, " class=x"),
        "b & c",
        Tag("p", True, ""),
        "e",
    ]


def test_the_content_of_a_script_is_one_text() -> None:
    assert list(tokens("<script>if (a<b) '</p>'</script>"))[1] == "if (a<b) '</p>'"


def test_attributes_are_read_in_each_form() -> None:
    (tag,) = tokens("<a HREF='x' b=\"y\" c=z d href=no>")
    assert isinstance(tag, Tag)
    assert tag.attributes() == {"href": "x", "b": "y", "c": "z", "d": ""}


def test_a_reference_for_no_character_is_replaced() -> None:
    assert unescaped("&#99999999999;&eacute;") == "\ufffdé"
