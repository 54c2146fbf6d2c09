"""The page and the HTTP interface: where they are served, and to whom."""

from __future__ import annotations

import re

from pydantic import BaseModel, Field, FilePath, SecretStr, field_validator


class WebSettings(BaseModel):
    """The page and the HTTP interface: where they are served, and to whom."""

    web: str = Field(
        "127.0.0.1:8080",
        pattern=r"^(\S+|\[\S+\]):\d{1,5}$",
        description="address at which the pages and /metrics are served, HOST:PORT",
    )
    pages: bool = Field(
        True,
        description="whether a worker shows the pages; false where monitor pages shows them, since each worker with "
        "pages reads what all of them write",
    )
    web_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="token that the pages and POST /score ask for, as a bearer token or as the password in a browser; "
        "needed where web is not an address of this machine alone; MONITOR_WEB_TOKEN. Make one with: "
        "openssl rand -hex 32",
    )
    web_token_file: FilePath | None = Field(
        None, description="file that holds the token of the pages and POST /score, instead of web_token"
    )
    web_scores_per_second: float = Field(
        5.0,
        gt=0,
        description="requests of POST /score that are answered in a second, twice as many in a burst; the rest get "
        "status 429",
    )

    @field_validator("web_token")
    @classmethod
    def _token_can_be_sent(cls, token: SecretStr | None) -> SecretStr | None:
        """A header cannot hold a control character, and a client may drop blanks at its ends."""
        if token is not None and not re.fullmatch(r"[^\s\x00-\x1f\x7f-\x9f\ufeff]+", token.get_secret_value()):
            raise ValueError(
                "holds a blank, a line's end, a control character or a byte order mark, which no client could send; "
                "make one with: openssl rand -hex 32"
            )
        return token
