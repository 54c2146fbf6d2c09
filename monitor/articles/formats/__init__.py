"""The formats that are read: one file each, and a line here."""

from __future__ import annotations

from monitor.articles.formats import (
    feeds,
    html_page,
    json_documents,
    newsml,
    newsml_g2,
    nitf,
    parquet,
    plain_text,
    reuters_sgml,
    tables,
    warc,
)
from monitor.articles.formats.format import Format

#: In the order in which a document is held against them.
FORMATS: tuple[Format, ...] = (
    json_documents.FORMAT,
    warc.FORMAT,
    parquet.FORMAT,
    feeds.FORMAT,
    newsml_g2.FORMAT,
    newsml.FORMAT,
    nitf.FORMAT,
    reuters_sgml.FORMAT,
    html_page.FORMAT,
    tables.FORMAT,
    plain_text.FORMAT,
)
NAMES: tuple[str, ...] = tuple(format_.name for format_ in FORMATS)
