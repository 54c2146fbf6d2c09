"""The settings of Kafka: one way to reach it, and names that Kafka takes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitor.settings import Settings

CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"sasl_username": "u"}, "security_protocol is PLAINTEXT, which sends none; set it to SASL_SSL"),
    ({"security_protocol": "SSL", "sasl_username": "u"}, "set it to SASL_SSL"),
    ({"security_protocol": "SASL_SSL", "sasl_username": "u"}, "needs sasl_mechanism, sasl_password as well"),
    ({"ssl_ca_file": __file__}, "security_protocol is PLAINTEXT, which is not encrypted; set it to SSL"),
    ({"security_protocol": "SSL", "ssl_key_file": __file__}, "set ssl_cert_file as well"),
    ({"sasl_password": "p", "sasl_password_file": __file__}, "are both set; set one of them"),
    ({"web_token_file": "nowhere"}, "web_token_file: nowhere cannot be read"),
    ({"security_protocol": "SSL", "ssl_ca_file": "nowhere"}, "does not point to a file"),
    ({"security_protocol": "ssl"}, "Input should be 'PLAINTEXT', 'SSL'"),
]


@pytest.mark.parametrize(("given", "expected"), CONTRADICTIONS)
def test_settings_that_contradict_each_other_say_what_to_set(given: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(**given)
    assert expected in str(error.value)


def test_secured_connection_needs_no_more_than_its_own_settings() -> None:
    sasl: dict[str, Any] = {"sasl_mechanism": "PLAIN", "sasl_username": "u", "sasl_password": "p"}
    assert Settings(security_protocol="SASL_PLAINTEXT", **sasl).secret("sasl_password") == "p"
    assert Settings(security_protocol="SSL").ssl_ca_file is None


@pytest.mark.parametrize("prefix", ["news ", "news/", "néws."])
def test_prefix_that_no_topic_can_have_is_refused(prefix: str) -> None:
    with pytest.raises(ValidationError, match="topic_prefix"):
        Settings(topic_prefix=prefix)
