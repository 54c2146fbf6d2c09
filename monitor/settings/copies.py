"""How long and how large the window is in which copies are linked."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CopySettings(BaseModel):
    """How long and how large the window is in which copies are linked."""

    copies_window_hours: float = Field(
        72.0,
        gt=0,
        description="hours for which an article is remembered to link later copies to it; its oldest sixth is dropped "
        "at once. articles.fingerprints must be kept for longer (fingerprint_retention_days)",
    )
    copies_window_megabytes: int = Field(
        1500,
        ge=10,
        description="size of the window of copies, in one worker, in MB; above it the oldest sixth is dropped early. A "
        "million articles take about 400 MB",
    )
    copies_fresh_hours: float = Field(
        72.0, ge=0, description="hours between the publications of two copies, above which the later one is stale"
    )
    fingerprint_retention_days: float = Field(
        4.0,
        gt=0,
        description="days for which fingerprints are kept, set when their topic is made; longer than the window, which "
        "is read from them after a restart",
    )
