"""The error of decoding: one line, bounded."""

from __future__ import annotations

from monitor.articles.errors import LONGEST, Reason, Undecodable, place


def test_a_message_is_one_bounded_line() -> None:
    error = Undecodable(Reason.EMPTY, "a\n\x1b" + "b" * 1000)
    assert str(error).startswith("a\ufffd\ufffdb")
    assert len(str(error)) == LONGEST


def test_a_place_names_no_text() -> None:
    try:
        raise ValueError("secret text")
    except ValueError as error:
        assert place(error).startswith("ValueError < test_errors.py:")
        assert "secret" not in place(error)
