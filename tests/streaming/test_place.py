"""Where an article lies, as a text."""

from __future__ import annotations

import pytest

from monitor.scoring.copies.record import Place
from monitor.streaming.place import place_in, place_text, read_place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("articles", 3, 12345), "articles-3@12345"),
        (Place("new.articles-2", 0, 0, 7), "new.articles-2-0@0.7"),
    ],
)
def test_place_is_read_as_it_was_written(place: Place, text: str) -> None:
    assert place_text(place) == text
    assert read_place(text) == place
    assert place_in((("other", b"x"), ("monitor.place", text.encode()))) == place


@pytest.mark.parametrize("text", ["", "articles", "articles-3", "articles-3@", "a/b-1@2", "a-1@2.", "a-٣@2", "a-1@2\n"])
def test_other_texts_name_no_place(text: str) -> None:
    assert read_place(text) is None
    assert place_in((("monitor.place", text.encode()),)) is None
