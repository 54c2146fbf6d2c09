"""The pages to measure on: a file of one's own, or the articles of the demo."""

from __future__ import annotations

import gzip
from html import escape
from importlib.resources import files
from pathlib import Path

import msgspec

from bench.speed.contestants import Page

#: What a publisher's page has around the text, so that what reads HTML has something to leave out.
_TEMPLATE = (
    "<!DOCTYPE html><html lang='en'><head><title>{title}</title><meta charset='utf-8'></head><body>"
    "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li></ul></nav></header>"
    "<main><article><h1>{title}</h1>{paragraphs}</article></main><footer><p>Contact</p></footer></body></html>"
)


def pages(data: Path | None, most: int) -> list[Page]:
    """At most ``most`` pages, evenly chosen, each as text and as HTML made from it.

    ``data`` is JSON Lines, also gzip: articles, or documents with ``container``, the lines of a page.
    """
    lines = _lines(data)
    step = max(len(lines) // most, 1)
    return [_page(msgspec.json.decode(line)) for line in lines[::step][:most]]


def records(data: Path | None, most: int) -> list[bytes]:
    """The same pages as records of the topic ``articles``."""
    return [
        msgspec.json.encode({"id": f"page-{number}", "source": f"source-{number % 20}", "content": page.text})
        for number, page in enumerate(pages(data, most))
    ]


def _lines(data: Path | None) -> list[bytes]:
    if data is None:
        return files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    with gzip.open(data) if data.suffix == ".gz" else data.open("rb") as file:
        return [line for line in file if line.strip()]


def _page(record: dict[str, object]) -> Page:
    container = record.get("container")
    lines = container if isinstance(container, list) else str(record.get("content") or record.get("text")).split("\n")
    title = escape(str(record.get("title") or "Title"))
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    return Page("\n".join(lines), _TEMPLATE.format(title=title, paragraphs=paragraphs))
