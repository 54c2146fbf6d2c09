"""The one error of decoding: it carries a reason code, bounded, and a message for a person."""

from __future__ import annotations

import traceback
from enum import StrEnum

from monitor.articles.printable import printable

#: Characters of a message: it goes into logs, headers and onto terminals.
LONGEST = 290


class Reason(StrEnum):
    """Why a record is not an article. The value of the label ``reason`` and of a dead letter's header."""

    TOMBSTONE = "tombstone"
    RECORD_TOO_LARGE = "record_too_large"
    TEXT_TOO_LARGE = "text_too_large"
    TOO_MANY_TAGS = "too_many_tags"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_DEEP = "too_deep"
    NO_BODY = "no_body"
    BODY_TYPE = "body_type"
    EMPTY = "empty"
    BAD_GZIP = "bad_gzip"  # bzip2, xz and zstd as well
    UNKNOWN_FORMAT = "unknown_format"
    UNREAD_FORMAT = "unread_format"
    NOT_INSTALLED = "not_installed"
    NOT_XML = "not_xml"
    NOT_A_TABLE = "not_a_table"
    SEVERAL_ARTICLES = "several_articles"
    UNREADABLE = "unreadable"


class Undecodable(Exception):
    """This record is not an article; ``reason`` says why in one word, the message what to do.

    The message is one line of at most :data:`LONGEST` characters, without control characters.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(printable(message[:LONGEST]))
        self.reason = reason


def place(error: BaseException) -> str:
    """The type of an error that nobody expected, and where it arose, innermost first.

    For the log instead of its message, which may hold text of the article.
    """
    frames = reversed(traceback.extract_tb(error.__traceback__))
    lines = (f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    return " < ".join([type(error).__name__, *lines])
