"""What comes of a document: a text or a reason for each of its articles."""

from __future__ import annotations

import io
import time

from monitor.articles.decode import Decoder
from monitor.articles.errors import Undecodable
from monitor.articles.size_limits import SizeLimits


def of_file(value: bytes, name: str = "f", decoder: Decoder | None = None) -> list[str]:
    """The text or the reason of each article of a file."""
    items = (decoder or Decoder()).articles_of_file(name, io.BytesIO(value))
    return [str(i.article.reason) if isinstance(i.article, Undecodable) else i.article.text for i in items]


def of_record(value: bytes, content_type: str = "", longest: int = SizeLimits().record_bytes) -> list[str]:
    """The text or the reason of each article of a record."""
    items = Decoder(limits=SizeLimits(record_bytes=longest)).articles(
        value, headers=[("content-type", content_type.encode())]
    )
    return [str(i.article.reason) if isinstance(i.article, Undecodable) else i.article.text for i in items]


def seconds_of_record(value: bytes, content_type: str = "") -> float:
    """The CPU that a record takes."""
    begin = time.process_time()
    of_record(value, content_type)
    return time.process_time() - begin
