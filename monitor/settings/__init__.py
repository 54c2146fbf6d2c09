"""Every setting, its default, its unit and the reason for its value: a file beside this one for each part.

A setting comes from a flag, else from ``MONITOR_…`` in the environment, else from the settings file,
else from its default.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

from pydantic import SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from monitor.settings.copies import CopySettings
from monitor.settings.engine import EngineSettings
from monitor.settings.incidents import IncidentSettings
from monitor.settings.kafka import KafkaSettings
from monitor.settings.log import LogSettings
from monitor.settings.scoring import ScoringSettings
from monitor.settings.web import WebSettings

#: Names the settings file, in place of monitor.toml in the working directory.
CONFIG_VARIABLE = "MONITOR_CONFIG"


def config_file() -> Path:
    """The settings file, which need not exist."""
    return Path(os.environ.get(CONFIG_VARIABLE) or "monitor.toml")


#: How alike two names are that one is taken for the other misspelt, 0 to 1 (difflib).
CLOSE = 0.88


# Settings are printed in the order of the bases from the last to the first.
class Settings(
    ScoringSettings,
    IncidentSettings,
    CopySettings,
    EngineSettings,
    LogSettings,
    WebSettings,
    KafkaSettings,
    BaseSettings,
):
    """What is in force. ``Settings(group="x")`` takes the flag's value first, then looks further."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flag over environment over file over default."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

    @model_validator(mode="before")
    @classmethod
    def _environment_is_spelt_right(cls, given: dict[str, Any]) -> dict[str, Any]:
        """A name close to a setting's is a mistake; others are not ours, as those that Kubernetes sets."""
        known = [f"MONITOR_{name.upper()}" for name in cls.model_fields]
        for name in os.environ:
            spelt = name.upper().partition("__")[0]
            if spelt.startswith("MONITOR_") and spelt not in known:
                close = difflib.get_close_matches(spelt, known, 1, CLOSE)
                if close:
                    raise ValueError(f"{name} in the environment is no setting; {close[0]} is meant, or unset it")
        return given

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        read = {}
        for name in SECRETS:
            path = given.get(f"{name}_file")
            if not path:
                continue
            if given.get(name):
                raise ValueError(f"{name} and {name}_file are both set; set one of them")
            try:
                # An editor may begin a file with a byte order mark; utf-8-sig leaves it out.
                secret = Path(path).read_text("utf-8-sig").rstrip("\r\n")
                read[name] = secret.strip() if name == "web_token" else secret
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{name}_file: {path} cannot be read: {error}") from error
        return given | read

    def secret(self, name: str) -> str | None:
        """The text of a secret (see :data:`SECRETS`); ``None`` where it is not set."""
        secret: SecretStr | None = getattr(self, name)
        return secret.get_secret_value() if secret is not None else None


#: Each is hidden wherever settings are shown, and has a setting beside it, NAME_file, that names a file
#: which holds it. None is ever a flag: a command line can be read by everyone on the machine.
SECRETS = tuple(name for name, setting in Settings.model_fields.items() if setting.annotation == SecretStr | None)
