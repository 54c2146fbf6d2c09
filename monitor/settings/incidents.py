"""Incidents: how closely sources are watched, and how many are told."""

from __future__ import annotations

from pydantic import BaseModel, Field

from monitor.scoring.sources.incidents import FALSE_A_YEAR


class IncidentSettings(BaseModel):
    """Incidents: how closely sources are watched, and how many are told."""

    incident_false_alarms: float = Field(
        FALSE_A_YEAR,
        gt=0,
        le=1,
        description="incidents of one source and kind that may open by chance in a year; fewer are told later",
    )
    incident_labels: int = Field(
        200,
        ge=0,
        description="open incidents that are series in the metrics, those first of which the most articles are "
        "affected; the topic sources.incidents holds them all",
    )
