"""The settings of the page: the address it is served at, and the token that it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.settings import Settings

TOKEN = "0123456789abcdef"  # noqa: S105 - of tests alone


@pytest.mark.parametrize("address", ["127.0.0.1:0", "[::1]:8080", "localhost:8080"])
def test_address_is_a_host_and_a_port(address: str) -> None:
    assert Settings(web=address).web == address


@pytest.mark.parametrize("address", ["8080", "localhost", "localhost:", "a host:8080", "localhost:123456"])
def test_address_without_host_or_port_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="web"):
        Settings(web=address)


@pytest.mark.parametrize(
    "content",
    [TOKEN, f"{TOKEN}\n", f"{TOKEN} \r\n", f"\ufeff{TOKEN}\r\n", f" {TOKEN}\t\n\n"],
    ids=["plain", "line", "blank", "byte order mark", "blanks around"],
)
def test_token_file_of_any_editor_is_read(tmp_path: Path, content: str) -> None:
    file = tmp_path / "token"
    file.write_text(content, "utf-8")
    assert Settings(web_token_file=file).secret("web_token") == TOKEN


@pytest.mark.parametrize("wrong", ["\r", "\n", "\x00", "\ufeff", " ", "\t", "\x1b", "\u2028"])
@pytest.mark.parametrize("form", ["{1}{0}", "{0}{1}", "01234567{1}89abcdef"])
def test_token_that_no_client_can_send_is_refused_with_what_to_do(form: str, wrong: str) -> None:
    with pytest.raises(ValidationError, match=r"web_token\s.*which no client could send; make one with: openssl"):
        Settings(web_token=form.format(TOKEN, wrong))


def test_token_that_is_too_short_is_refused_without_printing_it() -> None:
    with pytest.raises(ValidationError, match="at least 16") as raised:
        Settings(web_token=TOKEN[:15])
    assert "web_token" in str(raised.value)
