"""The settings of scoring: which fields can be placed, and what turns records into articles."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from monitor.articles.errors import Undecodable
from monitor.articles.field_names import NAMES
from monitor.settings import Settings
from monitor.settings.scoring import FIELDS


def test_each_field_that_is_looked_for_can_be_placed() -> None:
    assert set(FIELDS) == {"body", *NAMES}


def test_decoder_has_the_paths_and_limits_in_force() -> None:
    settings = Settings(fields={"body": "a.b"}, max_record_bytes=100, max_text_characters=20)
    decoder = settings.decoder()
    assert decoder.decode(b'{"a": {"b": "The ferry is back."}}').text == "The ferry is back."
    with pytest.raises(Undecodable):
        decoder.decode(b'{"a": {"b": "' + b"x" * 21 + b'"}}')
    with pytest.raises(Undecodable):
        decoder.decode(b'{"a": {"b": "x"}}' + b" " * 100)


def test_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match=r"input\s.*no such format; there are .*json"):
        Settings(input="docx")
