"""The names under which feeds keep the fields of an article, and how one is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

#: Names of fields, the first that holds something wins; matched without case, ``_`` and ``-``, so that
#: ``published_at`` stands for ``publishedAt`` too. A dot leads into an object. Each is a name of ninjs 1 to 3,
#: schema.org, JSON Feed, Media Cloud, a news API, a crawler (trafilatura, news-please, fundus), or one that
#: home-made pipelines agree on.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "uri", "guid", "uuid", "_id", "@id", "url", "link"),
    "url": (
        "url", "link", "uri", "canonical_url", "web_url", "permalink", "source_url", "links.permalink",
        "mainEntityOfPage", "source",
    ),
    "title": (
        "title", "headline", "headline_main", "article_title", "web_title", "headlines", "name",
    ),
    "source": (
        "source", "publisher", "provider", "source_name", "name_source", "site_name", "source_hostname", "site",
        "outlet", "thread.site", "feed_title", "canonical_domain", "source_domain", "domain", "clean_url", "hostname",
        "isPartOf", "copyright_holder",
    ),
    "published_at": (
        "published_at", "published", "pub_date", "publication_date", "publish_date", "published_date",
        "date_published", "date_publish", "publishing_date", "web_publication_date", "date_time_pub",
        "content_created", "first_created", "version_created", "date_time", "date_gmt", "date", "created_at",
        "seen_date", "timestamp",
    ),
    "language": ("language", "lang", "in_language", "original_language"),
    "words": ("word_count", "words"),
    "status": ("pub_status", "status"),
    "expires": ("expires", "expires_at"),
    "representation": ("representation_type",),
    "free": ("is_accessible_for_free",),
}  # fmt: skip
#: Names of the body, the first that holds text wins; a name's text may be HTML by its shape.
BODY = (
    "content", "body", "text", "text_content", "body_text", "article_body", "content_text", "maintext", "plaintext",
    "full_text", "article_text", "fields.body_text", "fields.body",
)  # fmt: skip
#: Names of a body that declare HTML.
BODY_HTML = ("content_html", "content_encoded", "body_xhtml", "body_html", "body_html5", "html")
#: Names of a body that other things have as well: they come last.
BODY_LAST = ("content_elements", "document", "article")


#: No name of a field is longer; a longer one is left as it is.
LONGEST_NAME = 64


@lru_cache(4096)
def folded(name: str) -> str:
    """A name without case, ``_`` and ``-``, a leading ``_`` kept.

    >>> folded("publishedAt"), folded("published_at"), folded("_id")
    ('publishedat', 'publishedat', '_id')
    """
    name = name.lower()
    return name[:1] + name[1:].replace("_", "").replace("-", "")


def fold(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The object under its folded names; of names that become one, that which is written lower-case."""
    names: dict[str, Any] = {}
    for name, value in fields.items():
        key = folded(name) if len(name) <= LONGEST_NAME else name
        if key not in names or name.islower():
            names[key] = value
    return names


def value_under(names: Mapping[str, Any], name: str) -> Any:
    """What stands under a name in a folded object; a dot leads into an object. ``None`` where nothing does."""
    first, _, rest = name.partition(".")
    value = names.get(folded(first))
    while rest and isinstance(value, dict):
        first, _, rest = rest.partition(".")
        value = fold(value).get(folded(first))
    return None if rest else value


def at(value: Any, path: str) -> Any:
    """What stands at a dotted path, numbers counting into lists; ``None`` where nothing does."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 7:
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def paths_of(fields: Mapping[str, str | Sequence[str]], name: str) -> Sequence[str]:
    """The paths that a user has set for a field: none, one or several."""
    paths = fields.get(name, ())
    return (paths,) if isinstance(paths, str) else paths
