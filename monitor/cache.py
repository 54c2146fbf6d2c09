"""Where a person's computer keeps unpacked models between two calls of the command line or the library."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/syndication-monitor``, else ``~/.cache/syndication-monitor``; it need not exist."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base or "~/.cache").expanduser() / "syndication-monitor"
