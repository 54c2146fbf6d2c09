"""The folder of unpacked models."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cache import cache_folder


@pytest.mark.parametrize(("base", "expected"), [("/data/cache", "/data/cache"), ("", "~/.cache"), (None, "~/.cache")])
def test_cache_is_where_the_desktop_says(monkeypatch: pytest.MonkeyPatch, base: str | None, expected: str) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if base is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", base)
    assert cache_folder() == Path(expected).expanduser() / "syndication-monitor"
