"""The contract of a format: how it is told, and how its articles are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from monitor.articles.beginning import Beginning
from monitor.articles.document import Document
from monitor.articles.errors import Undecodable
from monitor.articles.fields import Entry


class Nested(NamedTuple):
    """A document within a document: an event's data, a page in an archive. Its own format is told as any other's."""

    place: str
    value: bytes
    content_type: str
    envelope: dict[str, Any]
    name: str = ""


class Failed(NamedTuple):
    """One article of a document that cannot be read; those after it may be."""

    place: str
    error: Undecodable


Part = Entry | Nested | Failed


class Format(NamedTuple):
    """One format.

    ``name`` is what ``--input`` takes, ``title`` what a message calls it. ``read`` gives the articles of
    a document, one by one; it raises :class:`Undecodable` where nothing more can be read, and holds no
    more than one record may have. ``recognises`` tells the format by a document's beginning, with
    certainty: what merely might be of the format is not recognised. ``content_types`` and ``endings``
    (of a file's name) name it where the beginning tells nothing. A format with ``only_files`` holds
    more than one record may: it is refused elsewhere.
    """

    name: str
    title: str
    read: Callable[[Document], Iterator[Part]]
    recognises: Callable[[Beginning], bool]
    content_types: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    only_files: bool = False
