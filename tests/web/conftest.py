"""A server at a port of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from monitor.settings import Settings
from monitor.web import scoring
from monitor.web.server import serve
from tests.conftest import without
from tests.web.site import Site
from tests.web.topics import scorer


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    # One model for all sites: loading it takes a second.
    monkeypatch.setattr(scoring, "Scorer", lambda *_: scorer())
    running = Site()
    with serve(Settings(web="127.0.0.1:0"), running.served) as running.address:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window.

    While it is open an event loop runs in this process, so that asyncio.run fails: it is closed before the next file.
    """
    path = shutil.which("chromium") or without("no chromium; Debian's package chromium has it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()
