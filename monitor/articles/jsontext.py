"""Bytes read as UTF-8 and as JSON: fast where they are sound, lenient where feeds are not."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from monitor.articles.errors import Reason, Undecodable


def utf8(value: bytes) -> str:
    """Text of bytes, a byte order mark left out.

    Raises:
        Undecodable: they are not UTF-8; the message says where.
    """
    try:
        return value.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Undecodable(
            Reason.NOT_UTF8, f"not UTF-8: byte {error.start} is 0x{value[error.start]:02x}; convert it to UTF-8 first"
        ) from error


def parse_json(value: bytes) -> Any:
    """What a JSON text holds; of a name that stands twice in an object the last.

    Lone surrogates, control characters in strings, ``NaN`` and numbers of any size are taken as
    Python's own parser takes them.

    Raises:
        Undecodable: it is empty, not UTF-8, not JSON, or nested too deep.
    """
    if not value.strip():
        raise Undecodable(Reason.EMPTY, "the record is empty")
    try:
        return msgspec.json.decode(value)
    except RecursionError as error:
        raise Undecodable(Reason.TOO_DEEP, "JSON nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lenient(utf8(value))


def _lenient(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise Undecodable(Reason.TOO_DEEP, "JSON nested too deep") from error
    except ValueError as error:
        where = (
            f"{error.msg.removesuffix(' at')} at character {error.pos}"
            if isinstance(error, json.JSONDecodeError)
            else str(error)[:100]
        )
        raise Undecodable(Reason.NOT_JSON, f"not JSON: {where}") from error
