"""Parquet: a row each, read by pyarrow a group of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.articles.beginning import Beginning
from monitor.articles.body import has_body
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import fold
from monitor.articles.fields import Entry
from monitor.articles.formats.format import Format, Part

#: Rows that are held at once.
_ROWS = 100


def read(document: Document) -> Iterator[Part]:
    """The articles of a table, a row each."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise Undecodable(
            Reason.NOT_INSTALLED,
            "Parquet, for which the package pyarrow is missing; pip install 'syndication-monitor[parquet]'",
        ) from error
    if document.file is None or not document.file.seekable():
        raise Undecodable(Reason.UNREAD_FORMAT, "Parquet is read from its end: name the file, unpacked; do not pipe it")
    document.file.seek(0)
    try:
        table = parquet.ParquetFile(document.file)
        names = table.schema_arrow.names
        if not has_body(fold(dict.fromkeys(names, "x")), {}) and not document.body_paths:
            shown = ", ".join(name[:30] for name in names[:8])
            raise Undecodable(
                Reason.NO_BODY,
                f"none of the columns ({shown}) is known to hold the text; name it in monitor.toml ([fields] body)",
            )
        number = 0
        for batch in table.iter_batches(_ROWS):
            for row in batch.to_pylist():
                number += 1
                yield Entry(f"row {number}", {name: _plain(value) for name, value in row.items()})
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Undecodable(Reason.UNREADABLE, f"the Parquet file is damaged: {error}") from error


def recognises(beginning: Beginning) -> bool:
    """By its first bytes."""
    return beginning.value.startswith(b"PAR1")


def _plain(value: object) -> object:
    """A cell as JSON would have it: dates as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


FORMAT = Format(
    "parquet",
    "Parquet",
    read,
    recognises,
    content_types=("application/vnd.apache.parquet",),
    endings=(".parquet", ".pq"),
    only_files=True,
)
