"""The TLS of every client of aiokafka: certificates that are renewed on disk are used without a restart."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path
from typing import Any

from monitor.settings import Settings

log = logging.getLogger(__name__)


class RenewedContext(ssl.SSLContext):
    """Verifies the chain and the host's name; reads its files again before a connection where they have changed.

    Connections that stand keep what they began with. An authority that is gone from its file is trusted until the
    process ends, since OpenSSL can only add one.
    """

    _settings: Settings
    _read: dict[Path, tuple[int, int]]

    @classmethod
    def of_settings(cls, settings: Settings) -> RenewedContext:
        """The context of ``ssl_ca_file``, ``ssl_cert_file``, ``ssl_key_file`` and ``ssl_key_password``.

        Raises:
            ssl.SSLError, OSError: a file is not there, or holds no certificate, or no key that fits it.
        """
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context._settings = settings
        if not settings.ssl_ca_file:
            context.load_default_certs()
        context._load()
        return context

    def _load(self) -> None:
        stamps = self._stamps()
        self._load_into(self)
        self._read = stamps

    def _load_into(self, context: ssl.SSLContext) -> None:
        settings = self._settings
        if settings.ssl_ca_file:
            context.load_verify_locations(settings.ssl_ca_file)
        if settings.ssl_cert_file:
            # Without a password OpenSSL would ask for it at the terminal, and hang there.
            password = settings.secret("ssl_key_password") or ""
            context.load_cert_chain(settings.ssl_cert_file, settings.ssl_key_file, password)

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        """What tells that a file has changed: Kubernetes puts another one in its place, others write into it."""
        settings = self._settings
        files = [file for file in (settings.ssl_ca_file, settings.ssl_cert_file, settings.ssl_key_file) if file]
        return {file: ((found := file.stat()).st_mtime_ns, found.st_ino) for file in files}

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """As of any context; asyncio calls it for each connection."""
        try:
            if self._stamps() != self._read:
                # One that is not whole yet, or whose key is still the old one, must not take the place of the last.
                self._load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
                self._load()
                log.info("the certificates have changed and were read again: %s", ", ".join(map(str, self._read)))
        except (ssl.SSLError, OSError) as error:
            log.warning("the certificates have changed and cannot be read, so the old ones are used on: %s", error)
        return super().wrap_bio(*args, **kwargs)
