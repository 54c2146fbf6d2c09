"""The log."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class LogSettings(BaseModel):
    """The log: its form and its least level."""

    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        description="form of the log: json, one object a line; text, for people; auto, text on a terminal and else "
        "json",
    )
    log_level: str = Field(
        "INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="least level of what is logged: DEBUG, INFO, WARNING or ERROR",
    )
