"""A server at a port of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from monitor.settings import Settings
from monitor.web.server import serve
from tests.conftest import without
from tests.web.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    with serve(
        Settings(web="127.0.0.1:0"), running.metrics, running.health, running.recent, running.held
    ) as running.address:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    path = shutil.which("chromium") or without("no chromium; Debian's package chromium has it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()
